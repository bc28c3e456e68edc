// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_2020.ko: the interface of the IMS patches of 2020 and 2021 on the stores of today,
 * for drivers that were written for those patches. docs/porting.md says what differs. A
 * new driver does not need this module.
 *
 * This file creates and removes domains.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/irqdomain.h>
#include <linux/module.h>
#include <linux/pci.h>

#define IMS_2020_LAYOUT							\
	.stride		= sizeof(struct ims_2020_slot),			\
	.address_lo	= offsetof(struct ims_2020_slot, address_lo),	\
	.address_hi	= offsetof(struct ims_2020_slot, address_hi),	\
	.data		= offsetof(struct ims_2020_slot, data),		\
	.ctrl		= offsetof(struct ims_2020_slot, ctrl),		\
	.mask_bit	= IMS_2020_MASK_BIT,				\
	.access		= 4

#define IMS_2020_ONES_UNMASK						\
	IMS_2020_LAYOUT,						\
	.mask		= IMS_MASK_CLEAR

#define IMS_2020_ONES_MASK						\
	IMS_2020_LAYOUT,						\
	.mask		= IMS_MASK_SET,					\
	.raw		= GENMASK(31, 3)

/* Drivers wrote to ctrl of an array, too, so the patches read it before each change */
static const struct ims_layout ims_2020_arrays[] = {
	{ IMS_2020_ONES_UNMASK, .reread_ctrl = true },
	{ IMS_2020_ONES_MASK, .reread_ctrl = true },
};

static const struct ims_layout ims_2020_queues[] = {
	{ IMS_2020_ONES_UNMASK },
	{ IMS_2020_ONES_MASK },
};

/* Return: a handle; NULL for any error, as in the patches: the log says which it is */
static struct irq_domain *ims_2020_domain_add(struct ims_2020_domain *domain,
					      struct device_msi_domain *msi)
{
	if (IS_ERR(msi)) {
		ims_2020_domain_put(domain);
		return NULL;
	}
	domain->msi = msi;
	return ims_2020_domain_publish(domain);
}

/**
 * ims_2020_create_array() - pci_ims_array_create_msi_irq_domain()
 * @pdev:	the function that has the array
 * @info:	the array; copied
 * @ones_mask:	a 1 in bit 0 of ctrl masks (2021); else it unmasks (2020)
 *
 * Context: Process context, may sleep.
 * Return: a handle for the functions of this module, which is no irq_domain that the
 * kernel knows; NULL for any error, which is in the kernel log.
 */
struct irq_domain *
ims_2020_create_array(struct pci_dev *pdev,
		      const struct ims_2020_array_info *info, bool ones_mask)
{
	struct ims_window window = {};
	struct ims_array_info store = {
		.layout		= &ims_2020_arrays[ones_mask],
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
	return ims_2020_domain_add(domain,
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
 * Return: a handle, or NULL, as ims_2020_create_array() returns it.
 */
struct irq_domain *
ims_2020_create_queue(struct pci_dev *pdev,
		      const struct ims_2020_queue_info *info, bool ones_mask)
{
	struct ims_queue_info store = {
		.ops		= &ims_2020_queue_ops,
		.layout		= &ims_2020_queues[ones_mask],
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
	return ims_2020_domain_add(domain,
				   ims_queue_create_domain(&pdev->dev, &store));
}
EXPORT_SYMBOL_GPL(ims_2020_create_queue);

/**
 * ims_2020_remove() - irq_domain_remove()
 * @domain:	a handle, or an irq_domain of the kernel's, which the kernel then removes
 *
 * Frees the interrupts that are still allocated. Afterwards no device has the domain or
 * its interrupts, and no function of the driver is called.
 *
 * Context: Process context, may sleep. The caller has called free_irq() before.
 */
void ims_2020_remove(struct irq_domain *domain)
{
	struct ims_2020_domain *ours = ims_2020_domain_retire(domain);

	if (!ours) {
		irq_domain_remove(domain);
		return;
	}
	/* From here on no interrupt is found by its number, which may be reused */
	WRITE_ONCE(ours->removed, true);
	/* The core logs it if interrupts are still requested */
	device_msi_release_domain(ours->msi);
	ims_2020_forget(ours);
	ims_2020_domain_put(ours);
}
EXPORT_SYMBOL_GPL(ims_2020_remove);

static int __init ims_2020_init(void)
{
	return ims_2020_devices_init();
}
module_init(ims_2020_init);

static void __exit ims_2020_exit(void)
{
	ims_2020_devices_exit();
}
module_exit(ims_2020_exit);

MODULE_DESCRIPTION("Interrupt Message Store: the interface of the patches of 2020");
MODULE_AUTHOR("ims maintainers");
MODULE_LICENSE("GPL");
MODULE_VERSION(IMS_VERSION);
