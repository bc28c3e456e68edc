// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_2020.ko: the interface of the IMS patches of 2020 and 2021, for drivers
 * that were written for them, on the stores of today. docs/porting.md says what
 * differs; a new driver has no use for this.
 *
 * Here are the domains: what looks like a struct irq_domain to the driver is a
 * struct ims_2020_domain.
 */
#include <linux/device.h>
#include <linux/irqdomain.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "internals.h"

#define IMS_2020_LAYOUT							\
	.stride		= sizeof(struct ims_2020_slot),			\
	.address_lo	= offsetof(struct ims_2020_slot, address_lo),	\
	.address_hi	= offsetof(struct ims_2020_slot, address_hi),	\
	.data		= offsetof(struct ims_2020_slot, data),		\
	.ctrl		= offsetof(struct ims_2020_slot, ctrl),		\
	.mask_bit	= BIT(0),					\
	.access		= 4

static const struct ims_layout ims_2020_ones_unmask = {
	IMS_2020_LAYOUT,
	.mask		= IMS_MASK_CLEAR,
};

static const struct ims_layout ims_2020_ones_mask = {
	IMS_2020_LAYOUT,
	.mask		= IMS_MASK_SET,
	.raw		= GENMASK(31, 3),
};

DEFINE_MUTEX(ims_2020_lock);	/* domains, and what devices have */
static LIST_HEAD(ims_2020_domains);

struct ims_2020_domain *ims_2020_domain_find(struct irq_domain *domain)
{
	struct ims_2020_domain *ours;

	lockdep_assert_held(&ims_2020_lock);
	list_for_each_entry(ours, &ims_2020_domains, node)
		if ((struct irq_domain *)ours == domain)
			return ours;
	return NULL;
}

/**
 * struct ims_2020_shadow - A slot of a queue
 * @slot:	what the store writes, and the driver shall take
 * @theirs:	the driver's own shadow of it
 */
struct ims_2020_shadow {
	struct ims_2020_slot	slot;
	struct ims_2020_slot	*theirs;
};

static void *ims_2020_get_shadow(void *priv, struct device *consumer,
				 unsigned int index)
{
	struct ims_2020_domain *domain = priv;
	struct ims_2020_shadow *shadow;

	shadow = kzalloc(sizeof(*shadow), GFP_KERNEL);
	if (!shadow)
		return ERR_PTR(-ENOMEM);
	shadow->theirs = domain->queue.queue_get_shadow(consumer, index %
							IMS_2020_MAX_IRQS);
	if (!shadow->theirs) {
		kfree(shadow);
		return ERR_PTR(-ENOSPC);
	}
	return &shadow->slot;
}

static void ims_2020_put_shadow(void *priv,
				const struct ims_queue_entry *entry)
{
	kfree(container_of(entry->shadow, struct ims_2020_shadow, slot));
}

/* The driver's shadow changes between its lock and its unlock only, as then */
static int ims_2020_sync(void *priv, const struct ims_queue_entry *entries,
			 unsigned int nr)
{
	struct ims_2020_domain *domain = priv;
	struct ims_2020_shadow *shadow;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		shadow = container_of(entries[i].shadow,
				      struct ims_2020_shadow, slot);
		domain->queue.queue_lock(shadow->theirs);
		*shadow->theirs = shadow->slot;
		domain->queue.queue_sync_unlock(shadow->theirs);
	}
	return 0;
}

static const struct ims_queue_ops ims_2020_queue_ops = {
	.get_shadow	= ims_2020_get_shadow,
	.put_shadow	= ims_2020_put_shadow,
	.sync		= ims_2020_sync,
};

/* They returned NULL for any error; the log says which */
static struct irq_domain *ims_2020_publish(struct ims_2020_domain *domain,
					   struct device_msi_domain *msi)
{
	if (IS_ERR(msi)) {
		kfree(domain);
		return NULL;
	}
	domain->msi = msi;
	mutex_lock(&ims_2020_lock);
	list_add(&domain->node, &ims_2020_domains);
	mutex_unlock(&ims_2020_lock);
	return (struct irq_domain *)domain;
}

static struct ims_2020_domain *ims_2020_domain_new(void)
{
	struct ims_2020_domain *domain;

	domain = kzalloc(sizeof(*domain), GFP_KERNEL);
	if (domain)
		ida_init(&domain->blocks);
	return domain;
}

/**
 * ims_2020_create_array() - pci_ims_array_create_msi_irq_domain()
 * @pdev:	the function that has the array
 * @info:	the array; copied
 * @ones_mask:	a one in bit 0 of ctrl masks (2021); else it unmasks (2020)
 *
 * Context: Process context, may sleep.
 * Return: a handle for the functions of this file, no irq_domain that the
 * kernel would know; NULL for any error, which is in the kernel log.
 */
struct irq_domain *
ims_2020_create_array(struct pci_dev *pdev,
		      const struct ims_2020_array_info *info, bool ones_mask)
{
	struct ims_window window = {};
	struct ims_array_info store = {
		.layout		= ones_mask ? &ims_2020_ones_mask :
					      &ims_2020_ones_unmask,
		.windows	= &window,
		.nr_windows	= 1,
	};
	struct ims_2020_domain *domain;

	if (WARN_ON_ONCE(!pdev || !info))
		return NULL;
	domain = ims_2020_domain_new();
	if (!domain)
		return NULL;
	window.base = info->slots;
	window.nr_slots = info->max_slots;
	window.size = (size_t)info->max_slots * sizeof(struct ims_2020_slot);
	return ims_2020_publish(domain,
				ims_array_create_domain(&pdev->dev, &store));
}
EXPORT_SYMBOL_GPL(ims_2020_create_array);

/**
 * ims_2020_create_queue() - pci_ims_queue_create_msi_irq_domain()
 * @pdev:	the function whose commands change the messages
 * @info:	the driver's functions; copied
 * @ones_mask:	as for ims_2020_create_array()
 *
 * Context: Process context, may sleep.
 * Return: as ims_2020_create_array()
 */
struct irq_domain *
ims_2020_create_queue(struct pci_dev *pdev,
		      const struct ims_2020_queue_info *info, bool ones_mask)
{
	struct ims_queue_info store = {
		.ops		= &ims_2020_queue_ops,
		.layout		= ones_mask ? &ims_2020_ones_mask :
					      &ims_2020_ones_unmask,
		.nr_slots	= DEVICE_MSI_NO_LIMIT,
	};
	struct ims_2020_domain *domain;

	if (WARN_ON_ONCE(!pdev || !info || !info->queue_lock ||
			 !info->queue_sync_unlock || !info->queue_get_shadow))
		return NULL;
	domain = ims_2020_domain_new();
	if (!domain)
		return NULL;
	domain->queue = *info;
	domain->is_queue = true;
	store.priv = domain;
	return ims_2020_publish(domain,
				ims_queue_create_domain(&pdev->dev, &store));
}
EXPORT_SYMBOL_GPL(ims_2020_create_queue);

/**
 * ims_2020_remove() - irq_domain_remove()
 * @domain:	a handle, or an irq_domain of the kernel's, which then goes
 *
 * Context: Process context, may sleep. The interrupts are freed before.
 */
void ims_2020_remove(struct irq_domain *domain)
{
	struct ims_2020_domain *ours;

	mutex_lock(&ims_2020_lock);
	ours = ims_2020_domain_find(domain);
	if (ours) {
		list_del(&ours->node);
		ims_2020_forget(domain);
	}
	mutex_unlock(&ims_2020_lock);

	if (!ours) {
		irq_domain_remove(domain);
		return;
	}
	/* If it refuses, it has said why, and needs the memory */
	if (!device_msi_remove_domain(ours->msi)) {
		ida_destroy(&ours->blocks);
		kfree(ours);
	}
}
EXPORT_SYMBOL_GPL(ims_2020_remove);

MODULE_DESCRIPTION("Interrupt Message Store: the interface of the patches of 2020");
MODULE_LICENSE("GPL");
MODULE_VERSION(IMS_VERSION);
