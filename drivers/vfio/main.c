// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_vfio.ko: interrupts of a store for users. Here: the vectors of a VFIO device from
 * its registration to its end, and what its driver asks about them.
 */
#include "vfio.h"

#include <linux/bitmap.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

static bool allow_unsafe_interrupts;
module_param(allow_unsafe_interrupts, bool, 0644);
MODULE_PARM_DESC(allow_unsafe_interrupts,
		 "Hand interrupts to users where nothing keeps their DMA from raising any interrupt of the machine (default: N)");

/* As many as MSI-X can have */
#define IMS_VFIO_MAX_VECTORS	2048U

/*
 * A message is a write of the device. Without remapping, or an ITS, any write to that
 * address raises any interrupt, and a user's DMA can be such a write. VFIO asks the same of
 * a whole device, but not of a part of one.
 */
static int ims_vfio_check_isolation(const struct ims_vfio_info *info)
{
	if (device_msi_is_isolated(info->dom))
		return 0;
	if (READ_ONCE(allow_unsafe_interrupts)) {
		dev_warn_ratelimited(info->consumer, "its user can raise any interrupt of this machine: interrupts are not isolated, and allow_unsafe_interrupts is set\n");
		return 0;
	}
	dev_err_ratelimited(info->consumer, "interrupts are not isolated here, so that a user could raise any interrupt of this machine; use interrupt remapping, or ims_vfio.allow_unsafe_interrupts=1 if all users are trusted\n");
	return -EPERM;
}

static int ims_vfio_check(const struct ims_vfio_info *info)
{
	if (WARN_ON_ONCE(!info || IS_ERR_OR_NULL(info->dom) ||
			 IS_ERR_OR_NULL(info->consumer))) {
		pr_err("no vectors: the domain or the consumer is NULL or an error\n");
		return -EINVAL;
	}
	if (!info->nr_vectors || info->nr_vectors > IMS_VFIO_MAX_VECTORS) {
		dev_err(info->consumer, "%u vectors; as MSI-X it has 1 to %u\n",
			info->nr_vectors, IMS_VFIO_MAX_VECTORS);
		return -EINVAL;
	}
	return ims_vfio_check_isolation(info);
}

/**
 * ims_vfio_init() - Make the vectors of a VFIO device
 * @info:	what they are; copied
 *
 * Call it before the VFIO device is registered, with a domain that exists until
 * ims_vfio_exit(). No vector has a slot before a user gives it an eventfd.
 *
 * Context: Process context, may sleep.
 * Return: the vectors, or an ERR_PTR: -EINVAL if @info makes no sense; -EPERM if
 * interrupts are not isolated, and the administrator has not allowed that; -ENOMEM.
 */
struct ims_vfio *ims_vfio_init(const struct ims_vfio_info *info)
{
	struct ims_vfio *iv;
	unsigned int i;
	int ret;

	ret = ims_vfio_check(info);
	if (ret)
		return ERR_PTR(ret);
	iv = kzalloc(sizeof(*iv), GFP_KERNEL);
	if (!iv)
		return ERR_PTR(-ENOMEM);
	iv->vectors = kvcalloc(info->nr_vectors, sizeof(*iv->vectors),
			       GFP_KERNEL);
	if (!iv->vectors) {
		kfree(iv);
		return ERR_PTR(-ENOMEM);
	}
	iv->info = *info;
	mutex_init(&iv->lock);
	for (i = 0; i < info->nr_vectors; i++) {
		spin_lock_init(&iv->vectors[i].lock);
		iv->vectors[i].emulated = info->emulated &&
					  test_bit(i, info->emulated);
	}
	get_device(info->consumer);
	return iv;
}
EXPORT_SYMBOL_GPL(ims_vfio_init);

/**
 * ims_vfio_exit() - Free the vectors of a VFIO device
 * @iv:		the vectors, or NULL or an ERR_PTR, for which nothing is done
 *
 * Call it after the VFIO device is unregistered, which waits for its users.
 *
 * Context: Process context, may sleep.
 */
void ims_vfio_exit(struct ims_vfio *iv)
{
	if (IS_ERR_OR_NULL(iv))
		return;
	ims_vfio_close(iv);
	put_device(iv->info.consumer);
	kvfree(iv->vectors);
	kfree(iv);
}
EXPORT_SYMBOL_GPL(ims_vfio_exit);

static struct ims_vector *ims_vfio_vector(struct ims_vfio *iv,
					  unsigned int vector)
{
	return vector < iv->info.nr_vectors ? &iv->vectors[vector] : NULL;
}

/**
 * ims_vfio_signal() - Signal a vector as if the device had sent its message
 * @iv:		the vectors
 * @vector:	which; of those with a slot as of those that are emulated
 *
 * Context: Any but NMI; on PREEMPT_RT not in hard interrupts.
 * Return: 0, or -EINVAL if there is no such vector.
 */
int ims_vfio_signal(struct ims_vfio *iv, unsigned int vector)
{
	struct ims_vector *v = ims_vfio_vector(iv, vector);

	if (!v)
		return -EINVAL;
	ims_vector_signal(v);
	return 0;
}
EXPORT_SYMBOL_GPL(ims_vfio_signal);

/**
 * ims_vfio_set_emulated() - Have vectors that the driver signals, and no slot
 * @iv:		the vectors
 * @start:	the first of them
 * @count:	how many from @start on
 *
 * For drivers that do not know at ims_vfio_init() which these are. They stay so.
 *
 * Context: Process context, may sleep. Not from @ops of the vectors.
 * Return: 0; -EINVAL if there are no such vectors; -EBUSY if one of them has an eventfd or a
 * slot. Then all are as before.
 */
int ims_vfio_set_emulated(struct ims_vfio *iv, unsigned int start,
			  unsigned int count)
{
	unsigned int i;
	int ret = 0;

	if (start > iv->info.nr_vectors || count > iv->info.nr_vectors - start)
		return -EINVAL;
	mutex_lock(&iv->lock);
	for (i = start; i < start + count; i++)
		if (iv->vectors[i].trigger || iv->vectors[i].map.virq)
			ret = -EBUSY;
	for (i = start; i < start + count && !ret; i++)
		iv->vectors[i].emulated = true;
	mutex_unlock(&iv->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_vfio_set_emulated);

/**
 * ims_vfio_set_sideband() - Say what the slot of a vector has beside its message
 * @iv:		the vectors
 * @vector:	which
 * @sideband:	the PASID of the user, say; for the slot that the vector has, and for
 *		those that it gets before ims_vfio_close()
 *
 * Context: Process context, may sleep.
 * Return: 0; -EINVAL if there is no such vector, or it is emulated; or the error of
 * device_msi_set_sideband(), and then the vector has what it had before.
 */
int ims_vfio_set_sideband(struct ims_vfio *iv, unsigned int vector,
			  struct device_msi_sideband sideband)
{
	struct ims_vector *v = ims_vfio_vector(iv, vector);
	int ret = 0;

	if (!v)
		return -EINVAL;
	mutex_lock(&iv->lock);
	if (v->emulated)
		ret = -EINVAL;
	else if (v->map.virq)
		ret = device_msi_set_sideband(iv->info.dom, iv->info.consumer,
					      v->map.index, sideband);
	if (!ret)
		v->sideband = sideband;
	mutex_unlock(&iv->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_vfio_set_sideband);

static int ims_vfio_ask(struct ims_vfio *iv, unsigned int vector,
			struct msi_map *map)
{
	struct ims_vector *v = ims_vfio_vector(iv, vector);

	if (!v)
		return -EINVAL;
	mutex_lock(&iv->lock);
	*map = v->map;
	mutex_unlock(&iv->lock);
	return map->virq ? 0 : -ENOENT;
}

/**
 * ims_vfio_slot() - Which slot has a vector?
 * @iv:		the vectors
 * @vector:	which
 *
 * Context: Process context, may sleep. Not from @ops of the vectors.
 * Return: the number of the slot; -ENOENT if it has none; -EINVAL if there is no such vector.
 */
int ims_vfio_slot(struct ims_vfio *iv, unsigned int vector)
{
	struct msi_map map;

	return ims_vfio_ask(iv, vector, &map) ?: map.index;
}
EXPORT_SYMBOL_GPL(ims_vfio_slot);

/**
 * ims_vfio_virq() - Which interrupt has a vector?
 * @iv:		the vectors
 * @vector:	which
 *
 * Context: Process context, may sleep. Not from @ops of the vectors.
 * Return: the irq; -ENOENT if it has none; -EINVAL if there is no such vector.
 */
int ims_vfio_virq(struct ims_vfio *iv, unsigned int vector)
{
	struct msi_map map;

	return ims_vfio_ask(iv, vector, &map) ?: map.virq;
}
EXPORT_SYMBOL_GPL(ims_vfio_virq);

/**
 * ims_vfio_restore() - Write the slots of the vectors again
 * @iv:		the vectors
 *
 * For VFIO_DEVICE_RESET: this part of the device was reset, and has forgotten its slots.
 *
 * Context: Process context, may sleep.
 * Return: as device_msi_restore_irqs().
 */
int ims_vfio_restore(struct ims_vfio *iv)
{
	return device_msi_restore_irqs(iv->info.dom, iv->info.consumer);
}
EXPORT_SYMBOL_GPL(ims_vfio_restore);

MODULE_DESCRIPTION("Device MSI: interrupts for the users of VFIO devices");
MODULE_AUTHOR("ims maintainers");
MODULE_LICENSE("GPL");
MODULE_VERSION(IMS_VERSION);
