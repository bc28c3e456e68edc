// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding a device's interrupt parent. A new parent is a file of its own and a
 * line in the table.
 */
#include <linux/kernel.h>
#include <linux/device.h>
#include <linux/irqdomain.h>

#include "domains.h"

static const struct device_msi_parent_ops * const device_msi_parents[] = {
	&device_msi_intel_ir_ops,
	&device_msi_amd_ir_ops,
	&device_msi_x86_vector_ops,
};

static const char device_msi_unknown_parent[] = {
	"its interrupt parent is not known to deliver messages from a store; use MSI-X, and report it with the output of lspci -v and dmesg if it should"
};

/**
 * device_msi_parent_find() - Find the interrupt parent of a device
 * @dev:	the device whose identity the messages carry
 * @parent:	filled in
 *
 * Return: 0, or -EOPNOTSUPP with the reason in @parent->why_not.
 */
int device_msi_parent_find(struct device *dev, struct device_msi_parent *parent)
{
	struct irq_domain *d;
	unsigned int i;

	parent->why_not = device_msi_platform_refusal(dev);
	if (parent->why_not)
		return -EOPNOTSUPP;

	/*
	 * Since v6.2 a device points to the parent itself. Before, it points to
	 * the PCI/MSI domain that all devices share, a child of the parent.
	 */
	d = dev_get_msi_domain(dev);
	if (d && d->bus_token == DOMAIN_BUS_PCI_MSI)
		d = d->parent;

	for (i = 0; d && i < ARRAY_SIZE(device_msi_parents); i++) {
		if (device_msi_parents[i]->match(d)) {
			parent->ops = device_msi_parents[i];
			parent->domain = d;
			return 0;
		}
	}

	parent->why_not = device_msi_unknown_parent;
	return -EOPNOTSUPP;
}
