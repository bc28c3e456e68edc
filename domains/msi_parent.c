// SPDX-License-Identifier: GPL-2.0-only
/*
 * MSI parents: since Linux 6.2 a device may point to an irq_domain below which the kernel
 * creates one for the device. That parent has a prefix for the names of such domains, and
 * an operation that says what it needs of them.
 */
#include <linux/string.h>

#include "../compat/compat.h"
#include "msi_parent.h"

#ifdef COMPAT_HAVE_MSI_PARENT
bool device_msi_is_msi_parent(const struct irq_domain *d)
{
	return irq_domain_is_msi_parent((struct irq_domain *)d);
}

bool device_msi_parent_has_prefix(const struct irq_domain *d, const char *prefix)
{
	return device_msi_is_msi_parent(d) && d->msi_parent_ops->prefix &&
	       !strcmp(d->msi_parent_ops->prefix, prefix);
}

static void device_msi_no_message(struct irq_data *d, struct msi_msg *msg)
{
}

/**
 * device_msi_ask_parent() - Ask an MSI parent what a device's domain would need
 * @parent:	the MSI parent
 * @dev:	the device
 * @token:	what kind of domain it would be
 * @nr:		for how many interrupts
 * @child:	filled in
 *
 * Does what the kernel does when it creates such a domain, up to the point where the
 * domain would exist.
 *
 * Return: false if the parent refuses.
 */
bool device_msi_ask_parent(struct irq_domain *parent, struct device *dev,
			   enum irq_domain_bus_token token, unsigned int nr,
			   struct device_msi_child *child)
{
	*child = (struct device_msi_child) {
		.chip = {
			.name			= "IMS",
			.irq_write_msi_msg	= device_msi_no_message,
		},
		.info = {
			.bus_token	= token,
			.hwsize		= nr,
		},
	};
	child->info.ops = &child->ops;
	child->info.chip = &child->chip;
	return parent->msi_parent_ops->init_dev_msi_info(dev, parent, parent,
							 &child->info);
}
#else
bool device_msi_is_msi_parent(const struct irq_domain *d)
{
	return false;
}

bool device_msi_parent_has_prefix(const struct irq_domain *d, const char *prefix)
{
	return false;
}

bool device_msi_ask_parent(struct irq_domain *parent, struct device *dev,
			   enum irq_domain_bus_token token, unsigned int nr,
			   struct device_msi_child *child)
{
	return false;
}
#endif
