// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_SET_IRQS, as <linux/vfio.h> describes it, for MSI-X. A call has all of its
 * effect, or an error and none.
 */
#include "vfio.h"

#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/export.h>
#include <linux/sched.h>
#include <linux/vfio.h>

static void ims_vfio_put_eventfds(struct ims_vfio *iv, unsigned int start,
				  unsigned int end)
{
	unsigned int i;

	for (i = start; i < end; i++) {
		if (iv->vectors[i].next)
			eventfd_ctx_put(iv->vectors[i].next);
		iv->vectors[i].next = NULL;
	}
}

static int ims_vfio_get_eventfds(struct ims_vfio *iv, unsigned int start,
				 unsigned int end, const s32 *fds)
{
	struct eventfd_ctx *next;
	unsigned int i;

	for (i = start; i < end; i++) {
		if (fds[i - start] < 0)
			continue;
		next = eventfd_ctx_fdget(fds[i - start]);
		if (IS_ERR(next)) {
			ims_vfio_put_eventfds(iv, start, i);
			return PTR_ERR(next);
		}
		iv->vectors[i].next = next;
	}
	return 0;
}

/*
 * Has the device the messages of the vectors that this call has changed? If it
 * fails in the middle of request_irq() or enable_irq(), they cannot say so.
 */
static int ims_vfio_synchronize(struct ims_vfio *iv, unsigned int start,
				unsigned int end)
{
	unsigned int i;
	int ret = 0;

	for (i = start; i < end && !ret; i++) {
		if (iv->vectors[i].changed)
			ret = ims_vector_synchronize(iv, i);
		cond_resched();
	}
	return ret;
}

/* Vectors that have no eventfd yet may fail to get what they need, and no others */
static int ims_vfio_start(struct ims_vfio *iv, unsigned int start,
			  unsigned int end)
{
	unsigned int i;
	int ret = 0;

	for (i = start; i < end && !ret; i++) {
		if (iv->vectors[i].next && !iv->vectors[i].trigger)
			ret = ims_vector_start(iv, i);
		cond_resched();
	}
	if (!ret)
		ret = ims_vfio_synchronize(iv, start, end);
	if (ret)
		for (i = start; i < end; i++)
			ims_vector_undo(iv, i);
	return ret;
}

static int ims_vfio_set_eventfds(struct ims_vfio *iv, unsigned int start,
				 unsigned int end, const s32 *fds)
{
	unsigned int i;
	int ret;

	ret = ims_vfio_get_eventfds(iv, start, end, fds);
	if (ret)
		return ret;
	ret = ims_vfio_start(iv, start, end);
	if (ret) {
		ims_vfio_put_eventfds(iv, start, end);
		return ret;
	}
	for (i = start; i < end; i++) {
		if (!iv->vectors[i].changed)
			ims_vector_change(iv, i);
		iv->vectors[i].changed = false;
		cond_resched();
	}
	return 0;
}

static void ims_vfio_drop_all(struct ims_vfio *iv)
{
	unsigned int i;

	for (i = 0; i < iv->info.nr_vectors; i++) {
		ims_vector_drop(iv, i);
		cond_resched();
	}
}

/* Of VFIO_IRQ_SET_DATA_NONE each vector in the range is meant, else those that are true */
static bool ims_vfio_is_meant(u32 flags, const u8 *bools, unsigned int i)
{
	return flags & VFIO_IRQ_SET_DATA_NONE || bools[i];
}

static int ims_vfio_trigger(struct ims_vfio *iv, u32 flags, unsigned int start,
			    unsigned int count, const void *data)
{
	unsigned int i;

	if (flags & VFIO_IRQ_SET_DATA_EVENTFD)
		return ims_vfio_set_eventfds(iv, start, start + count, data);
	if (!count) {
		ims_vfio_drop_all(iv);
		return 0;
	}
	for (i = 0; i < count; i++)
		if (ims_vfio_is_meant(flags, data, i))
			ims_vector_signal(&iv->vectors[start + i]);
	return 0;
}

/* A vector that the kernel would mask by itself, and an eventfd unmask, is none of MSI-X */
static int ims_vfio_mask(struct ims_vfio *iv, u32 flags, unsigned int start,
			 unsigned int count, const void *data, bool masked)
{
	struct ims_vector *v = &iv->vectors[start];
	unsigned int i;
	int ret = 0;

	if (flags & VFIO_IRQ_SET_DATA_EVENTFD)
		return -ENOTTY;
	for (i = 0; i < count; i++) {
		v[i].changed = v[i].masked != masked &&
			       ims_vfio_is_meant(flags, data, i);
		if (v[i].changed)
			ims_vector_mask(&v[i], masked);
	}
	if (!masked)
		ret = ims_vfio_synchronize(iv, start, start + count);
	for (i = 0; i < count; i++) {
		if (ret && v[i].changed)
			ims_vector_mask(&v[i], true);
		v[i].changed = false;
	}
	return ret;
}

/* One kind of data, one action, vectors that there are; none at all only to disable them */
static bool ims_vfio_is_valid(const struct ims_vfio *iv, u32 flags,
			      unsigned int start, unsigned int count,
			      const void *data)
{
	u32 type = flags & VFIO_IRQ_SET_DATA_TYPE_MASK;
	u32 action = flags & VFIO_IRQ_SET_ACTION_TYPE_MASK;

	if (flags & ~(VFIO_IRQ_SET_DATA_TYPE_MASK | VFIO_IRQ_SET_ACTION_TYPE_MASK) ||
	    hweight32(type) != 1 || hweight32(action) != 1)
		return false;
	if (start > iv->info.nr_vectors || count > iv->info.nr_vectors - start)
		return false;
	if (!count)
		return type == VFIO_IRQ_SET_DATA_NONE &&
			action == VFIO_IRQ_SET_ACTION_TRIGGER;
	return data || type == VFIO_IRQ_SET_DATA_NONE;
}

/**
 * ims_vfio_set_irqs() - Do what VFIO_DEVICE_SET_IRQS asks for
 * @iv:		the vectors
 * @flags:	VFIO_IRQ_SET_DATA_... and VFIO_IRQ_SET_ACTION_..., one of each
 * @start:	the first vector that the call is about
 * @count:	how many vectors from @start on; 0: all are to be disabled
 * @data:	what follows that, in kernel memory: @count of s32 or u8, or NULL. The
 *		driver compares its size with argsz, for which VFIO has
 *		vfio_set_irqs_validate_and_prepare(), and answers for other indexes than
 *		that of MSI-X.
 *
 * As for a device's MSI-X: DATA_EVENTFD with ACTION_TRIGGER gives vectors an eventfd, or
 * with -1 none; a vector gets its slot with its first eventfd, at any time, and keeps it
 * until DATA_NONE with ACTION_TRIGGER and @count 0 disables all. DATA_NONE and DATA_BOOL
 * with ACTION_TRIGGER signal vectors as the device would. Beyond vfio-pci, ACTION_MASK and
 * ACTION_UNMASK work: what a vector was sent while it was masked comes afterwards, once.
 *
 * Context: Process context, that of the user, may sleep. Not from @ops of the vectors.
 * Return: 0; -EINVAL if the call makes no sense; -ENOTTY if an eventfd is to mask or
 * unmask; -EBADF or -EINVAL if an fd is no eventfd; -EIO if the device did not acknowledge
 * a message; or what device_msi_alloc_irq(), request_irq() or the driver's assign()
 * returns. In case of an error all vectors are as before.
 */
int ims_vfio_set_irqs(struct ims_vfio *iv, u32 flags, unsigned int start,
		      unsigned int count, const void *data)
{
	int ret;

	if (!ims_vfio_is_valid(iv, flags, start, count, data))
		return -EINVAL;
	mutex_lock(&iv->lock);
	switch (flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) {
	case VFIO_IRQ_SET_ACTION_TRIGGER:
		ret = ims_vfio_trigger(iv, flags, start, count, data);
		break;
	case VFIO_IRQ_SET_ACTION_MASK:
		ret = ims_vfio_mask(iv, flags, start, count, data, true);
		break;
	default:
		ret = ims_vfio_mask(iv, flags, start, count, data, false);
	}
	mutex_unlock(&iv->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_vfio_set_irqs);

/**
 * ims_vfio_irq_info() - Answer VFIO_DEVICE_GET_IRQ_INFO for the index of MSI-X
 * @iv:		the vectors
 * @info:	whose flags and count are set; the index is the driver's to look at
 *
 * Context: Any.
 */
void ims_vfio_irq_info(const struct ims_vfio *iv, struct vfio_irq_info *info)
{
	info->flags = VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE;
	info->count = iv->info.nr_vectors;
}
EXPORT_SYMBOL_GPL(ims_vfio_irq_info);

/**
 * ims_vfio_close() - Disable all vectors
 * @iv:		the vectors
 *
 * For close_device() of struct vfio_device_ops: whatever the user has not undone, no vector
 * has an eventfd or a slot afterwards. Nor has it a sideband: the next user, who may be
 * another process, gets one of his own, or none.
 *
 * Context: Process context, may sleep.
 */
void ims_vfio_close(struct ims_vfio *iv)
{
	unsigned int i;

	mutex_lock(&iv->lock);
	ims_vfio_drop_all(iv);
	for (i = 0; i < iv->info.nr_vectors; i++)
		iv->vectors[i].sideband = (struct device_msi_sideband){};
	mutex_unlock(&iv->lock);
}
EXPORT_SYMBOL_GPL(ims_vfio_close);
