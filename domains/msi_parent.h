/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MSI parents: an irq_domain that says by itself what the domains below it need. For the
 * files of this folder only.
 */
#ifndef _IMS_DOMAINS_MSI_PARENT_H
#define _IMS_DOMAINS_MSI_PARENT_H

#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>

bool device_msi_is_msi_parent(const struct irq_domain *d);
bool device_msi_parent_has_prefix(const struct irq_domain *d, const char *prefix);

/**
 * struct device_msi_child - What a device's own MSI domain would be made of
 * @chip:	its irq_chip, with the callbacks that the parent has set
 * @ops:	its operations, with those that the parent has set
 * @info:	its description, which has both
 */
struct device_msi_child {
	struct irq_chip		chip;
	struct msi_domain_ops	ops;
	struct msi_domain_info	info;
};

bool device_msi_ask_parent(struct irq_domain *parent, struct device *dev,
			   enum irq_domain_bus_token token, unsigned int nr,
			   struct device_msi_child *child);

#endif /* _IMS_DOMAINS_MSI_PARENT_H */
