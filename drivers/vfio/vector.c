// SPDX-License-Identifier: GPL-2.0-only
/*
 * One virtual vector: an eventfd, and behind it an interrupt of the store or a driver that
 * signals it.
 *
 * The slot outlives the eventfd: a user that changes eventfds all the time, as a virtual
 * machine does that masks its vectors, has its slots until it disables all of them.
 */
#include "vfio.h"

#include <linux/device.h>
#include <linux/eventfd.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/slab.h>

#include "../../compat/vfio.h"

/* The eventfd is there until free_irq() has returned, or another one has been seen */
static irqreturn_t ims_vector_handle(int irq, void *data)
{
	const struct ims_vector *v = data;

	compat_eventfd_signal(READ_ONCE(v->trigger));
	return IRQ_HANDLED;
}

/**
 * ims_vector_signal() - Signal a vector as if the device had sent its message
 * @v:		the vector. If it is masked, it is signalled when it is unmasked; without
 *		an eventfd, not at all, as of a device whose vector is disabled.
 *
 * Context: Any but NMI; on PREEMPT_RT not in hard interrupts.
 */
void ims_vector_signal(struct ims_vector *v)
{
	unsigned long flags;

	spin_lock_irqsave(&v->lock, flags);
	if (v->masked)
		v->pending = !!v->trigger;
	else if (v->trigger)
		compat_eventfd_signal(v->trigger);
	spin_unlock_irqrestore(&v->lock, flags);
}

/* Return: the eventfd of before, which may still be signalled */
static struct eventfd_ctx *ims_vector_exchange(struct ims_vector *v,
					       struct eventfd_ctx *trigger)
{
	struct eventfd_ctx *old = v->trigger;

	spin_lock_irq(&v->lock);
	WRITE_ONCE(v->trigger, trigger);
	v->pending &= !!trigger;
	spin_unlock_irq(&v->lock);
	return old;
}

static int ims_vector_get_slot(struct ims_vfio *iv, unsigned int vector)
{
	struct ims_vector *v = &iv->vectors[vector];
	struct device_msi_req req = { .sideband = v->sideband };
	const struct ims_vfio_ops *ops = iv->info.ops;
	struct msi_map map;
	int ret = 0;

	map = device_msi_alloc_irq(iv->info.dom, iv->info.consumer, &req);
	if (map.index < 0)
		return map.index;
	/* Masked is to mean that the device does not send, not that nobody looks */
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	if (ops && ops->assign)
		ret = ops->assign(iv->info.priv, vector, map.index);
	if (ret)
		device_msi_free_irq(iv->info.dom, iv->info.consumer, map);
	else
		v->map = map;
	return ret;
}

static void ims_vector_put_slot(struct ims_vfio *iv, unsigned int vector)
{
	struct ims_vector *v = &iv->vectors[vector];
	const struct ims_vfio_ops *ops = iv->info.ops;

	if (!v->map.virq)
		return;
	if (ops && ops->unassign)
		ops->unassign(iv->info.priv, vector, v->map.index);
	device_msi_free_irq(iv->info.dom, iv->info.consumer, v->map);
	v->map.virq = 0;
}

static int ims_vector_request(struct ims_vfio *iv, unsigned int vector)
{
	struct ims_vector *v = &iv->vectors[vector];
	int ret;

	v->name = kasprintf(GFP_KERNEL_ACCOUNT, "ims-vfio[%u](%s)", vector,
			    dev_name(iv->info.consumer));
	if (!v->name)
		return -ENOMEM;
	irq_modify_status(v->map.virq, IRQ_NOAUTOEN,
			  v->masked ? IRQ_NOAUTOEN : 0);
	ret = request_irq(v->map.virq, ims_vector_handle, 0, v->name, v);
	if (ret) {
		kfree(v->name);
		return ret;
	}
	ims_bypass_begin(v);
	return 0;
}

/**
 * ims_vector_start() - Give a vector that has no eventfd the one in @next
 * @iv:		the vectors, their lock held
 * @vector:	which
 *
 * Return: 0; the error of device_msi_alloc_irq(), of the driver's assign(), or of
 * request_irq(). Then the vector is as it was, and @next is still the caller's.
 */
int ims_vector_start(struct ims_vfio *iv, unsigned int vector)
{
	struct ims_vector *v = &iv->vectors[vector];
	int ret = 0;

	v->fresh = !v->emulated && !v->map.virq;
	ims_vector_exchange(v, v->next);
	if (v->fresh)
		ret = ims_vector_get_slot(iv, vector);
	if (!v->emulated && !ret) {
		ret = ims_vector_request(iv, vector);
		if (ret && v->fresh)
			ims_vector_put_slot(iv, vector);
	}
	if (ret) {
		ims_vector_exchange(v, NULL);
		return ret;
	}
	v->next = NULL;
	v->changed = true;
	return 0;
}

/**
 * ims_vector_synchronize() - Wait until the device has a vector's message
 * @iv:		the vectors, their lock held
 * @vector:	which
 *
 * Return: 0, also if it has none; or -EIO if the device did not acknowledge it
 */
int ims_vector_synchronize(struct ims_vfio *iv, unsigned int vector)
{
	const struct ims_vector *v = &iv->vectors[vector];

	if (v->emulated || !v->trigger)
		return 0;
	return device_msi_synchronize_irq(iv->info.dom, iv->info.consumer,
					  v->map.index);
}

/**
 * ims_vector_stop() - Remove a vector's eventfd
 * @v:		the vector, which may have none; it keeps its slot
 *
 * Context: Process context, the lock of the vectors held. Waits for the handler.
 */
void ims_vector_stop(struct ims_vector *v)
{
	if (!v->trigger)
		return;
	if (!v->emulated) {
		ims_bypass_end(v);
		free_irq(v->map.virq, v);
		kfree(v->name);
	}
	eventfd_ctx_put(ims_vector_exchange(v, NULL));
}

/**
 * ims_vector_undo() - Have a vector as it was before ims_vector_start()
 * @iv:		the vectors, their lock held
 * @vector:	which
 */
void ims_vector_undo(struct ims_vfio *iv, unsigned int vector)
{
	struct ims_vector *v = &iv->vectors[vector];

	if (!v->changed)
		return;
	v->changed = false;
	ims_vector_stop(v);
	if (v->fresh)
		ims_vector_put_slot(iv, vector);
}

/**
 * ims_vector_change() - Give a vector that has an eventfd the one in @next, or none
 * @iv:		the vectors, their lock held
 * @vector:	which
 *
 * It cannot fail: the interrupt stays requested, and the store is not accessed.
 */
void ims_vector_change(struct ims_vfio *iv, unsigned int vector)
{
	struct ims_vector *v = &iv->vectors[vector];
	struct eventfd_ctx *old;

	if (!v->next) {
		ims_vector_stop(v);
		return;
	}
	if (!v->emulated)
		ims_bypass_end(v);
	old = ims_vector_exchange(v, v->next);
	v->next = NULL;
	if (!v->emulated) {
		synchronize_irq(v->map.virq);
		ims_bypass_begin(v);
	}
	eventfd_ctx_put(old);
}

/**
 * ims_vector_drop() - Have a vector as it was in the beginning
 * @iv:		the vectors, their lock held
 * @vector:	which
 */
void ims_vector_drop(struct ims_vfio *iv, unsigned int vector)
{
	struct ims_vector *v = &iv->vectors[vector];

	ims_vector_stop(v);
	ims_vector_put_slot(iv, vector);
	v->masked = false;
}

/**
 * ims_vector_mask() - Mask or unmask a vector
 * @v:		the vector, the lock of the vectors held
 * @masked:	what it is to be, and is not yet: disable_irq() counts
 */
void ims_vector_mask(struct ims_vector *v, bool masked)
{
	bool pending;

	spin_lock_irq(&v->lock);
	v->masked = masked;
	pending = v->pending;
	v->pending = false;
	if (pending)	/* of before it was unmasked */
		compat_eventfd_signal(v->trigger);
	spin_unlock_irq(&v->lock);
	if (v->emulated || !v->trigger)
		return;
	if (masked)
		disable_irq(v->map.virq);
	else
		enable_irq(v->map.virq);
}
