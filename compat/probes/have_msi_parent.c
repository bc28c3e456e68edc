// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v6.2, "genirq/msi: Provide struct msi_parent_ops"
 * Why: an interrupt parent is recognised by the prefix that it gives to the domains
 *      below it, and says how a device is prepared
 * Halves: a parent that does not use it yet is found as before
 */
#include <linux/irqdomain.h>
#include <linux/msi.h>

static bool __maybe_unused probe(struct irq_domain *d, struct device *dev,
				 struct msi_domain_info *info)
{
	return irq_domain_is_msi_parent(d) && d->msi_parent_ops->prefix &&
	       d->msi_parent_ops->init_dev_msi_info(dev, d, d, info);
}
