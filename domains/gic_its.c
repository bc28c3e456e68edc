// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Interrupt Translation Service (ITS) of a GICv3 or GICv4. A message is the address
 * of the ITS and an event number. The ITS looks it up in the table of the device that
 * sends it, so that a device can reach only its own entries. Behind an SMMU the ITS
 * driver maps that address for the device, and composes what the device has to write.
 *
 * A device's table is made when the kernel first prepares the device, for MSI-X or for
 * us. It never grows, and it takes an interrupt of the GIC (LPI) for each of its entries
 * at once.
 */
#include <linux/errno.h>
#include <linux/irqdomain.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../compat/compat.h"
#include "domains.h"
#include "msi_parent.h"

/*
 * Since Linux 6.11 it is an MSI parent, which devices point to. Before, they point to the
 * PCI/MSI domain above it, which has a chip of its own name. A domain's name comes from
 * the firmware and says nothing.
 */
static bool device_msi_gic_its_match(const struct irq_domain *parent,
				     const struct irq_domain *found)
{
	const struct msi_domain_info *info = found->host_data;

	if (parent == found)
		return device_msi_parent_has_prefix(found, "ITS-");
	return found->bus_token == DOMAIN_BUS_PCI_MSI &&
	       irq_domain_is_msi((struct irq_domain *)found) &&
	       info->chip->name && !strcmp(info->chip->name, "ITS-MSI");
}

static bool device_msi_gic_its_isolated(const struct irq_domain *parent)
{
	return compat_irq_domain_isolated(parent);
}

#ifdef COMPAT_HAVE_MSI_PARENT
/*
 * Only the parent's operation is wanted, which knows the number that the device has on its
 * bus, through bridges and the tables of the firmware. It reads nothing of the domain but
 * its parent and, before Linux 6.16, its size.
 */
static int device_msi_gic_its_prepare_child(struct irq_domain *its,
					    struct device *dev, unsigned int nr,
					    msi_alloc_info_t *arg)
{
	struct device_msi_child wanted;
	struct irq_domain *child;
	int ret = -EOPNOTSUPP;

	child = kzalloc(sizeof(*child), GFP_KERNEL);
	if (!child)
		return -ENOMEM;
	child->name = "IMS";
	child->parent = its;
	child->fwnode = its->fwnode;
	child->host_data = &wanted.info;
	if (device_msi_ask_parent(its, dev, DOMAIN_BUS_PCI_DEVICE_MSIX, nr,
				  &wanted) && wanted.ops.msi_prepare)
		ret = wanted.ops.msi_prepare(child, dev, nr, arg);
	kfree(child);
	return ret;
}
#else
static int device_msi_gic_its_prepare_child(struct irq_domain *its,
					    struct device *dev, unsigned int nr,
					    msi_alloc_info_t *arg)
{
	return -EOPNOTSUPP;
}
#endif

static int device_msi_gic_its_prepare_once(const struct device_msi_parent *parent,
					   struct device *dev, unsigned int nr,
					   msi_alloc_info_t *arg)
{
	struct irq_domain *found = parent->found;
	struct msi_domain_info *info = found->host_data;

	memset(arg, 0, sizeof(*arg));
	if (found == parent->domain)
		return device_msi_gic_its_prepare_child(found, dev, nr, arg);
	return info->ops->msi_prepare(found, dev, nr, arg);
}

/*
 * The table is to have room for the device's MSI-X, too, which may come later. The ITS
 * driver takes the second call for that of another device with the same number, and then
 * keeps table and LPIs until the next boot. Otherwise it frees them with the last
 * interrupt or, since Linux 6.16, with the kernel's MSI-X domain, while we still have
 * them. The next driver of the device gets the same table.
 */
static int device_msi_gic_its_prepare(struct device_msi_parent *parent,
				      struct device *dev, unsigned int nr)
{
	int msix = pci_msix_vec_count(to_pci_dev(dev));
	msi_alloc_info_t *arg;
	int ret;

	arg = kzalloc(sizeof(*arg), GFP_KERNEL);
	if (!arg)
		return -ENOMEM;
	nr += max(msix, 0);
	ret = device_msi_gic_its_prepare_once(parent, dev, nr, arg);
	if (!ret)
		ret = device_msi_gic_its_prepare_once(parent, dev, nr, arg);
	if (ret)
		kfree(arg);
	else
		parent->prepared = arg;
	return ret;
}

static void device_msi_gic_its_unprepare(struct device_msi_parent *parent)
{
	kfree(parent->prepared);
	parent->prepared = NULL;
}

static int device_msi_gic_its_alloc(const struct device_msi_parent *parent,
				    struct irq_domain *domain,
				    unsigned int virq, unsigned int nr,
				    struct msi_desc *desc)
{
	msi_alloc_info_t arg = *(const msi_alloc_info_t *)parent->prepared;

	arg.desc = desc;
	return irq_domain_alloc_irqs_parent(domain, virq, nr, &arg);
}

/* An LPI is taken when it is allocated, and needs nothing more when it is requested */
static unsigned int device_msi_gic_its_requested(void)
{
	return UINT_MAX;
}

static const char device_msi_gic_its_full[] = {
	"the device's table in the ITS is full, which MSI-X uses too. It was made when the device was first prepared since boot: create the store before MSI-X is enabled, say in nr_expected how many interrupts it will have, and reboot; or the GIC has no LPI left"
};

const struct device_msi_parent_ops device_msi_gic_its_ops = {
	.name		= "GICv3 ITS",
	.match		= device_msi_gic_its_match,
	.prepare	= device_msi_gic_its_prepare,
	.unprepare	= device_msi_gic_its_unprepare,
	.alloc		= device_msi_gic_its_alloc,
	.isolated	= device_msi_gic_its_isolated,
	.eoi		= irq_chip_eoi_parent,
	.unmask_parent	= true,
	.fixed_message	= true,
	.max_irqs	= 65536,	/* as many as the store may have slots */
	.max_requested	= device_msi_gic_its_requested,
	.full		= device_msi_gic_its_full,
};
