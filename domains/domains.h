/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt parents: which irq_domain a device's messages come from, and what
 * is particular about it. The only place that knows architectures.
 */
#ifndef _IMS_DOMAINS_H
#define _IMS_DOMAINS_H

#include <linux/irq.h>
#include <linux/irqdomain.h>

struct device;
struct msi_desc;
struct pci_dev;

/**
 * struct device_msi_parent_ops - One kind of interrupt parent
 * @name:	for the log and for people
 * @match:	is this irq_domain of this kind?
 * @alloc:	allocate one interrupt for @virq from the parent of @domain;
 *		@desc->dev is the device whose identity the message carries
 * @flow_handler: how such an interrupt is handled
 * @chip_flags:	irq_chip flags for the child, on top of the usual ones
 * @remapped:	the hardware translates the message
 * @isolated:	the hardware checks which device a message comes from
 * @fixed_message: a requested interrupt moves without a new message
 * @max_irqs:	most that can be allocated; others may share it
 * @max_requested: most that can be requested at a time, of all devices
 */
struct device_msi_parent_ops {
	const char *name;
	bool (*match)(const struct irq_domain *parent);
	int (*alloc)(struct irq_domain *domain, unsigned int virq,
		     struct msi_desc *desc);
	irq_flow_handler_t flow_handler;
	unsigned long chip_flags;
	bool remapped;
	bool isolated;
	bool fixed_message;
	unsigned int max_irqs;
	unsigned int (*max_requested)(void);
};

/**
 * struct device_msi_parent - The parent of one device
 * @ops:	its kind
 * @domain:	the irq_domain to be a child of
 * @why_not:	if there is none: a sentence with the reason and a way out
 */
struct device_msi_parent {
	const struct device_msi_parent_ops	*ops;
	struct irq_domain			*domain;
	const char				*why_not;
};

int device_msi_parent_find(struct device *dev, struct device_msi_parent *parent);

/* refuse.c: why no message from @dev would arrive, whatever the parent; or NULL */
const char *device_msi_platform_refusal(struct device *dev);

/* pci.c */
bool device_msi_pci_can_send(struct pci_dev *pdev);
void device_msi_platform_prepare(struct device *dev);

/* x86.c */
extern const struct device_msi_parent_ops device_msi_x86_vector_ops;
unsigned int device_msi_x86_vectors(void);
int device_msi_x86_alloc(struct irq_domain *domain, unsigned int virq,
			 struct msi_desc *desc);
bool device_msi_x86_remapped(const struct irq_domain *parent,
			     const char *prefix);

/* intel_ir.c, amd_ir.c */
extern const struct device_msi_parent_ops device_msi_intel_ir_ops;
extern const struct device_msi_parent_ops device_msi_amd_ir_ops;

#endif /* _IMS_DOMAINS_H */
