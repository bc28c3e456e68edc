// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds a device's interrupt parent, and calls it. A new kind of parent is a file of its
 * own and a line in the table.
 */
#define dev_fmt(fmt)	"device MSI: " fmt

#include <linux/kernel.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <ims/device_msi.h>
#include <ims/provider.h>

#include "domains.h"

static const struct device_msi_parent_ops * const device_msi_parents[] = {
#ifdef CONFIG_X86
	&device_msi_intel_ir_ops,
	&device_msi_amd_ir_ops,
	&device_msi_x86_vector_ops,
#endif
#ifdef CONFIG_ARM64
	&device_msi_gic_its_ops,
#endif
#ifdef CONFIG_RISCV
	&device_msi_imsic_ops,
#endif
};

static const struct device_msi_parent_ops *
device_msi_parent_match(const struct irq_domain *d,
			const struct irq_domain *found)
{
	unsigned int i;

	for (i = 0; d && i < ARRAY_SIZE(device_msi_parents); i++)
		if (device_msi_parents[i]->match(d, found))
			return device_msi_parents[i];
	return NULL;
}

/*
 * The irq_domain that may be a parent we know. Since v6.2 a device points to the parent
 * itself. Before, it points to the PCI/MSI domain that all devices share: a child of the
 * parent, which has the parent compose. A host bridge driver may set a domain of its own
 * that composes by itself.
 */
static struct irq_domain *device_msi_candidate(struct irq_domain *d)
{
	const struct msi_domain_info *info;

	if (!d || d->bus_token != DOMAIN_BUS_PCI_MSI || !irq_domain_is_msi(d))
		return d;
	info = d->host_data;	/* of every MSI domain */
	return info->chip->irq_compose_msi_msg ? d : d->parent;
}

static const char device_msi_composed[] = {
	"its host bridge driver makes the messages, as on Hyper-V, and would not know ours; use MSI-X"
};

static const char device_msi_unknown_parent[] = {
	"its interrupt parent is not known to deliver messages from a store; use MSI-X, and report it with the output of lspci -v and dmesg if it should"
};

static const char *device_msi_domain_refusal(struct device *dev,
					     const struct device_msi_parent *parent)
{
	const struct irq_domain *d = parent->domain;
	const char *why_not = device_msi_bridge_refusal(dev, parent);

	if (why_not || parent->ops)
		return why_not;

	if (d && device_msi_parent_match(d->parent, d))
		return device_msi_composed;

	return device_msi_unknown_parent;
}

/*
 * In a guest, messages work if the driver says that the VMM emulates the device, or if a
 * provider translates them; else only if the administrator has allowed all devices.
 * Return: NULL, with @parent->provider referenced if there is one, or why not.
 */
static const char *
device_msi_choose_provider(struct device *dev, unsigned int flags,
			   struct device_msi_parent *parent)
{
	if (flags & DEVICE_MSI_VMM_EMULATES || !device_msi_in_guest())
		return NULL;
	parent->provider = device_msi_provider_get(dev);
	if (!parent->provider)
		return device_msi_guest_refusal();
	parent->isolated = parent->provider->isolated;
	return NULL;
}

/**
 * device_msi_parent_find() - Find the interrupt parent of a device
 * @dev:	the device whose identity the messages carry
 * @flags:	of struct device_msi_info
 * @parent:	filled in; the caller releases it with device_msi_parent_put()
 *
 * Return: 0, or -EOPNOTSUPP with the reason in @parent->why_not.
 */
int device_msi_parent_find(struct device *dev, unsigned int flags,
			   struct device_msi_parent *parent)
{
	struct irq_domain *d;

	*parent = (struct device_msi_parent) {
		.why_not = device_msi_platform_refusal(dev),
	};
	device_msi_blocks_init(&parent->blocks);
	if (parent->why_not)
		return -EOPNOTSUPP;

	parent->found = dev_get_msi_domain(dev);
	d = device_msi_candidate(parent->found);
	parent->domain = d;
	parent->ops = device_msi_parent_match(d, parent->found);
	parent->why_not = device_msi_domain_refusal(dev, parent);
	if (parent->why_not)
		return -EOPNOTSUPP;
	parent->isolated = parent->ops->isolated && parent->ops->isolated(d);

	parent->why_not = device_msi_choose_provider(dev, flags, parent);
	if (!parent->why_not)
		parent->why_not = device_msi_isolation_refusal(parent->isolated);
	if (!parent->why_not)
		return 0;
	device_msi_parent_put(parent);
	return -EOPNOTSUPP;
}

/**
 * device_msi_parent_prepare() - Have the parent make room for a device's interrupts
 * @parent:	the parent
 * @dev:	the device whose identity the messages carry
 * @nr:		how many interrupts there will be at a time
 *
 * Context: Process context, may sleep; before the first interrupt is allocated.
 * Return: 0, or a negative errno with the reason in the kernel log.
 */
int device_msi_parent_prepare(struct device_msi_parent *parent,
			      struct device *dev, unsigned int nr)
{
	int ret;

	if (!parent->ops->prepare)
		return 0;
	ret = parent->ops->prepare(parent, dev, nr);
	if (ret)
		dev_err(dev, "%s makes no room for %u interrupts of this device: %pe; use MSI-X, and report it with the output of lspci -v and dmesg\n",
			parent->ops->name, nr, ERR_PTR(ret));
	return ret;
}

void device_msi_parent_put(struct device_msi_parent *parent)
{
	if (parent->ops->unprepare)
		parent->ops->unprepare(parent);
	if (parent->provider)
		device_msi_provider_put(parent->provider);
}

/**
 * device_msi_parent_alloc() - Have the parent allocate one interrupt
 * @parent:	the parent
 * @msi:	identifies the device to the parent
 * @domain:	our child of the parent
 * @virq:	the interrupt
 *
 * Return: 0 or a negative errno; -ENOSPC if what @parent->ops->full names has run out.
 */
int device_msi_parent_alloc(const struct device_msi_parent *parent,
			    struct msi_desc *msi, struct irq_domain *domain,
			    unsigned int virq)
{
	const struct device_msi_provider *provider = parent->provider;
	int ret;

	ret = parent->ops->alloc(parent, domain, virq, 1, msi);
	if (ret || !provider || !provider->attach)
		return ret;
	ret = provider->attach(msi->dev, virq);
	if (ret) {
		dev_err_ratelimited(msi->dev, "%s refuses an interrupt: %pe\n",
				    provider->name, ERR_PTR(ret));
		irq_domain_free_irqs_parent(domain, virq, 1);
	}
	return ret;
}

/**
 * device_msi_parent_free() - Have the parent free one interrupt
 * @parent:	the parent
 * @msi:	identifies the device to the parent
 * @domain:	our child of the parent
 * @virq:	the interrupt
 */
void device_msi_parent_free(struct device_msi_parent *parent,
			    struct msi_desc *msi, struct irq_domain *domain,
			    unsigned int virq)
{
	if (parent->provider && parent->provider->detach)
		parent->provider->detach(msi->dev, virq);
	if (parent->ops->before_free)
		parent->ops->before_free(parent,
					 irq_domain_get_irq_data(domain, virq));
	if (device_msi_block_irq_freed(parent, domain, virq))
		irq_domain_free_irqs_parent(domain, virq, 1);
}

/**
 * device_msi_parent_enable() - Have the parent let an interrupt pass
 * @parent:	the parent
 * @d:		our level of the interrupt, activated in all levels above
 *
 * Context: The descriptor's raw lock held, interrupts off.
 */
void device_msi_parent_enable(const struct device_msi_parent *parent,
			      struct irq_data *d)
{
	if (parent->ops->unmask_parent)
		irq_chip_unmask_parent(d);
}

/**
 * device_msi_parent_disable() - Undo device_msi_parent_enable(), before deactivation
 * @parent:	the parent
 * @d:		our level of the interrupt
 *
 * Context: The descriptor's raw lock held, interrupts off.
 */
void device_msi_parent_disable(const struct device_msi_parent *parent,
			       struct irq_data *d)
{
	if (parent->ops->unmask_parent)
		irq_chip_mask_parent(d);
}

/**
 * device_msi_parent_deactivate() - Have all levels above ours deactivate an interrupt
 * @parent:	the parent
 * @d:		our level of the interrupt
 *
 * For an interrupt that free_irq() has not deactivated. irq_domain_deactivate_irq()
 * walks the levels like this, but it is not exported.
 *
 * Context: The descriptor's raw lock held, interrupts off.
 */
void device_msi_parent_deactivate(const struct device_msi_parent *parent,
				  struct irq_data *d)
{
	device_msi_parent_disable(parent, d);
	for (d = d->parent_data; d && d->domain; d = d->parent_data)
		if (d->domain->ops->deactivate)
			d->domain->ops->deactivate(d->domain, d);
}

/**
 * device_msi_parent_move() - Have the parent move an interrupt
 * @parent:	the parent
 * @d:		our level of the interrupt
 * @mask:	the CPUs to choose from
 * @force:	as the kernel passes it
 *
 * Context: The descriptor's raw lock held, interrupts off.
 * Return: as irq_chip.irq_set_affinity().
 */
int device_msi_parent_move(const struct device_msi_parent *parent,
			   struct irq_data *d, const struct cpumask *mask,
			   bool force)
{
	if (parent->set_affinity)
		return parent->set_affinity(d, mask, force);
	return irq_chip_set_affinity_parent(d, mask, force);
}

/**
 * device_msi_parent_msg() - Compose the message of an interrupt
 * @parent:	the parent
 * @d:		our level of the interrupt
 * @msg:	filled in
 *
 * The irq_domain closest to ours that can compose does so: that of the remapping
 * hardware rather than the vector domain behind it. irq_chip_compose_msi_msg() walks
 * the levels like this, but it is not exported.
 *
 * Context: The descriptor's raw lock held.
 * Return: 0, or -EOPNOTSUPP if nobody composes.
 */
int device_msi_parent_msg(const struct device_msi_parent *parent,
			  struct irq_data *d, struct msi_msg *msg)
{
	do {
		d = d->parent_data;
		if (!d)
			return -EOPNOTSUPP;
	} while (!d->chip || !d->chip->irq_compose_msi_msg);

	memset(msg, 0, sizeof(*msg));
	d->chip->irq_compose_msi_msg(d, msg);
	return 0;
}

/**
 * device_msi_parent_translate() - Turn a composed message into the one to store
 * @parent:	the parent
 * @msi:	identifies the device to the parent
 * @d:		our level of the interrupt
 * @msg:	changed, if there is a provider
 *
 * Context: The descriptor's raw lock held.
 * Return: 0, or the provider's error.
 */
int device_msi_parent_translate(const struct device_msi_parent *parent,
				struct msi_desc *msi, struct irq_data *d,
				struct msi_msg *msg)
{
	const struct device_msi_provider *provider = parent->provider;

	return provider ? provider->translate(msi->dev, d->irq, msg) : 0;
}
