/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface of 2020 as ims_2020.ko exports it, under names that collide
 * neither with the kernel's nor with those of <ims/ims.h>. A driver includes
 * <linux/irqchip/irq-ims-msi.h>, which has the names of 2020.
 */
#ifndef _LINUX_IRQCHIP_IMS_2020_H
#define _LINUX_IRQCHIP_IMS_2020_H

#include <linux/compiler_types.h>
#include <linux/types.h>

struct device;
struct ims_2020_set;
struct irq_domain;
struct pci_dev;

/**
 * struct ims_2020_slot - One message, in an array or in a shadow
 * @address_lo:	lower half of the address
 * @address_hi:	upper half
 * @data:	the data
 * @ctrl:	bit 0 masks or unmasks
 */
struct ims_2020_slot {
	u32	address_lo;
	u32	address_hi;
	u32	data;
	u32	ctrl;
} __packed;

/**
 * struct ims_2020_array_info - A store that is an array in device memory
 * @slots:	the mapped array
 * @max_slots:	how many slots it has
 */
struct ims_2020_array_info {
	struct ims_2020_slot __iomem	*slots;
	unsigned int			max_slots;
};

/**
 * struct ims_2020_queue_info - A store behind device commands
 * @queue_lock:	a shadow is about to change
 * @queue_sync_unlock: it has changed: have the device take it
 * @queue_get_shadow: the shadow of a device's interrupt number so and so, or
 *		NULL
 */
struct ims_2020_queue_info {
	void (*queue_lock)(struct ims_2020_slot *shadow);
	void (*queue_sync_unlock)(struct ims_2020_slot *shadow);
	struct ims_2020_slot *(*queue_get_shadow)(struct device *dev,
						  unsigned int msi_index);
};

/**
 * struct ims_2020_desc - What a driver of 2020 looks at in a struct msi_desc
 * @irq:	for request_irq()
 * @left:	how many of the same device follow this one
 * @set:	the module's own: all of the same device
 * @device_msi:	the part for device MSI
 * @device_msi.hwirq: the slot's number
 */
struct ims_2020_desc {
	unsigned int	irq;
	unsigned int	left;
	struct ims_2020_set	*set;
	struct {
		unsigned int	hwirq;
	} device_msi;
};

/* Do ones mask (2021), or do they unmask (2020)? */
struct irq_domain *
ims_2020_create_array(struct pci_dev *pdev,
		      const struct ims_2020_array_info *info, bool ones_mask);
struct irq_domain *
ims_2020_create_queue(struct pci_dev *pdev,
		      const struct ims_2020_queue_info *info, bool ones_mask);
void ims_2020_remove(struct irq_domain *domain);

void ims_2020_set_domain(struct device *dev, struct irq_domain *domain);
struct irq_domain *ims_2020_get_domain(const struct device *dev);

int ims_2020_alloc_irqs(struct irq_domain *domain, struct device *dev,
			int nvec);
void ims_2020_free_irqs(struct irq_domain *domain, struct device *dev);

struct ims_2020_desc *ims_2020_first_desc(const struct device *dev);
int ims_2020_irq(const struct device *dev, unsigned int nr);
int ims_2020_hwirq(const struct device *dev, unsigned int nr);
int ims_2020_set_auxdata(unsigned int irq, unsigned int which, u64 value);

static inline struct ims_2020_desc *
ims_2020_next_desc(struct ims_2020_desc *desc)
{
	return desc->left ? desc + 1 : NULL;
}

#endif /* _LINUX_IRQCHIP_IMS_2020_H */
