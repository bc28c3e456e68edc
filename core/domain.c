// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a domain: from a store's description to a child of the device's
 * interrupt parent, and back.
 */
#include "internals.h"
#include "offline.h"
#include "show.h"

#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/xarray.h>

/* A domain with at most so many slots has a linear revmap, of at most 16 KiB */
#define DEVICE_MSI_LINEAR_SLOTS	2048U

/* Return: what is wrong with a store, which only a bug can cause; or NULL */
static const char *device_msi_wrong_store(const struct device_msi_info *info)
{
	const struct device_msi_ops *ops = info->ops;

	if (!ops || !ops->write_msg || !ops->mask || !ops->unmask)
		return "it lacks write_msg(), mask() or unmask()";
	if (info->flags & ~DEVICE_MSI_INFO_FLAGS)
		return "unknown flags";
	if (ops->sync && (!ops->acknowledged || !ops->bus_sync_unlock))
		return "sync() needs acknowledged() and bus_sync_unlock()";
	if (!ops->chip_mask != !ops->chip_unmask)
		return "chip_mask() and chip_unmask() go together";
	if (ops->chip_mask && (ops->sync || ops->test_clear_missed))
		return "chip_mask() goes without sync() and test_clear_missed()";
	if (info->flags & DEVICE_MSI_STORE_CHOOSES && !ops->msi_alloc_store)
		return "DEVICE_MSI_STORE_CHOOSES needs msi_alloc_store()";
	if (info->flags & DEVICE_MSI_NEEDS_PASID && !ops->set_sideband)
		return "DEVICE_MSI_NEEDS_PASID needs set_sideband()";
	/* A store that chooses its slots knows by itself which are set aside */
	if (info->flags & DEVICE_MSI_STORE_CHOOSES && info->nr_reserved)
		return "DEVICE_MSI_STORE_CHOOSES goes without reserved slots";
	return NULL;
}

static int device_msi_check_info(struct device *dev,
				 const struct device_msi_info *info)
{
	const char *wrong = device_msi_wrong_store(info);

	if (wrong) {
		dev_err(dev, "the store cannot be used: %s\n",
			wrong);
		WARN_ON_ONCE(1);
		return -EINVAL;
	}
	if (info->nr_slots == DEVICE_MSI_NO_LIMIT)
		return 0;
	if (!info->nr_slots || info->nr_slots > DEVICE_MSI_MAX_SLOTS) {
		dev_err(dev,
			"a store of %u slots; it must have 1 to %u\n",
			info->nr_slots, DEVICE_MSI_MAX_SLOTS);
		return -EINVAL;
	}
	return 0;
}

static int device_msi_check_args(struct device *dev,
				 const struct device_msi_info *info,
				 unsigned long caller)
{
	int ret;

	ret = device_msi_check_pointer(dev, "device", caller);
	if (!ret)
		ret = device_msi_check_pointer(info, "store", caller);
	if (!ret)
		ret = device_msi_check_context(caller);
	return ret ?: device_msi_check_info(dev, info);
}

/*
 * The kernel finds the irq of a slot in a linear revmap or in a tree. A tree costs
 * more time for each allocation and free, and more memory once some slots are
 * allocated. The linear revmap is allocated at once, so it is for at most as many
 * slots as MSI-X can have.
 */
static unsigned int device_msi_revmap_size(const struct device_msi_domain *dom)
{
	return dom->info.nr_slots <= DEVICE_MSI_LINEAR_SLOTS ?
	       dom->info.nr_slots : 0;
}

/* How many interrupts the parent makes room for beforehand, if it is one that does */
static unsigned int device_msi_expected(const struct device_msi_domain *dom)
{
	return dom->info.nr_expected ?:
	       min(dom->info.nr_slots, DEVICE_MSI_MAX_UNASKED);
}

/* Create the irq_domain below the parent; people and fwspecs find it by its name */
static int device_msi_create_irq_domain(struct device_msi_domain *dom)
{
	int ret = device_msi_create_name(dom);

	if (ret)
		return ret;

	dom->fwnode = irq_domain_alloc_named_fwnode(dom->chip.name);
	if (!dom->fwnode)
		goto err_name;

	dom->domain = irq_domain_create_hierarchy(dom->parent.domain, 0,
						  device_msi_revmap_size(dom),
						  dom->fwnode,
						  &device_msi_domain_ops, dom);
	if (!dom->domain)
		goto err_fwnode;
	return 0;

err_fwnode:
	irq_domain_free_fwnode(dom->fwnode);
err_name:
	device_msi_remove_name(dom);
	return -ENOMEM;
}

/*
 * The kernel ignores that its reverse map has no memory for an interrupt. A tree that got
 * none halfway keeps nodes without an entry: irq_domain_remove() would warn of them, and
 * lose them. A tree that has an entry is not touched: there the warning is right.
 */
static void device_msi_trim_revmap(struct irq_domain *domain)
{
	unsigned long first = 0;

	if (!xa_find(&domain->revmap_tree, &first, ULONG_MAX, XA_PRESENT))
		xa_destroy(&domain->revmap_tree);
}

static void device_msi_remove_irq_domain(struct device_msi_domain *dom)
{
	device_msi_blocks_exit(&dom->parent.blocks);
	device_msi_trim_revmap(dom->domain);
	irq_domain_remove(dom->domain);
	irq_domain_free_fwnode(dom->fwnode);
	device_msi_remove_name(dom);
}

/*
 * These masks may be too large for a stack, and are not in the domain with
 * CONFIG_CPUMASK_OFFSTACK. One that could not be allocated is NULL, which may be
 * freed.
 */
static bool device_msi_alloc_masks(struct device_msi_domain *dom)
{
	return zalloc_cpumask_var(&dom->asked, GFP_KERNEL) &&
		zalloc_cpumask_var(&dom->fresh.cpus, GFP_KERNEL) &&
		zalloc_cpumask_var(&dom->fresh.effective, GFP_KERNEL);
}

static void device_msi_free_masks(struct device_msi_domain *dom)
{
	free_cpumask_var(dom->fresh.effective);
	free_cpumask_var(dom->fresh.cpus);
	free_cpumask_var(dom->asked);
}

/**
 * device_msi_create_domain() - Create the domain of a store
 * @dev:	the device whose identity the messages carry on the bus (on x86 a
 *		PCI function); referenced until the domain is removed
 * @info:	the store; copied, but @info->ops and @info->store must live
 *		until the store's destroy operation is called
 *
 * Context: Process context, may sleep.
 * Return: the domain, or an ERR_PTR: -EINVAL for a wrong argument, -EOPNOTSUPP
 * if interrupts from this store cannot be delivered here (the kernel log says
 * why and what to do), -ENODEV if the store's module is going away, -ENOMEM, or
 * the store's own error. The store's destroy operation is not called after an error.
 */
struct device_msi_domain *
device_msi_create_domain(struct device *dev, const struct device_msi_info *info)
{
	struct device_msi_domain *dom;
	int ret;

	ret = device_msi_check_args(dev, info, _RET_IP_);
	if (ret)
		return ERR_PTR(ret);

	dom = kzalloc(sizeof(*dom), GFP_KERNEL);
	if (!dom)
		return ERR_PTR(-ENOMEM);

	if (!device_msi_alloc_masks(dom)) {
		ret = -ENOMEM;
		goto err_masks;
	}
	ret = device_msi_parent_find(dev, info->flags, &dom->parent);
	if (ret) {
		dev_warn(dev, "%s\n", dom->parent.why_not);
		goto err_masks;
	}

	if (!try_module_get(info->ops->owner)) {
		ret = -ENODEV;
		goto err_parent;
	}

	kref_init(&dom->ref);
	dom->dev = get_device(dev);
	dom->info = *info;
	dom->ops = info->ops;
	dom->deferred = info->ops->sync;
	/* The parent takes the requester ID from here, not from a consumer */
	dom->msi.dev = dev;
	dom->msi.nvec_used = 1;
	mutex_init(&dom->lock);
	xa_init_flags(&dom->irqs, XA_FLAGS_ALLOC);
	device_msi_spares_init(dom);
	INIT_LIST_HEAD(&dom->resend);
	raw_spin_lock_init(&dom->resend_lock);
	device_msi_sysfs_init(dom);
	INIT_WORK(&dom->resend_work, device_msi_resend_work);
	INIT_WORK(&dom->collect_work, device_msi_collect_work);
	dom->quota = DEVICE_MSI_NO_QUOTA;
	device_msi_chip_init(dom);

	ret = device_msi_consumers_init(dom);
	if (ret)
		goto err_put;
	ret = device_msi_reserve_slots(dom, info);
	if (ret)
		goto err_consumers;
	if (info->ops->init) {
		ret = info->ops->init(dev, info->store, info->nr_slots);
		if (ret)
			goto err_consumers;
	}

	ret = device_msi_create_irq_domain(dom);
	if (ret)
		goto err_consumers;
	/*
	 * A parent that makes room for a device makes it once. Whoever comes first decides
	 * how much: this call, or the kernel for the device's MSI-X.
	 */
	ret = device_msi_parent_prepare(&dom->parent, dev,
					device_msi_expected(dom));
	if (ret)
		goto err_irq_domain;
	ret = device_msi_guard(dom);
	if (ret)
		goto err_irq_domain;
	ret = device_msi_publish(dom);
	if (ret)
		goto err_guard;

	device_msi_platform_prepare(dev);
	device_msi_debugfs_add(dom);
	device_msi_spares_begin(dom);
	device_msi_offline_add(dom);
	dev_info(dev, "%u slots, interrupts from %s (%s), %sisolated\n",
		 info->nr_slots, dom->parent.ops->name,
		 dom->parent.domain->name, dom->parent.isolated ? "" : "not ");
	return dom;

err_guard:
	device_msi_unguard(dom);
err_irq_domain:
	device_msi_remove_irq_domain(dom);
err_consumers:
	device_msi_consumers_exit(dom);
err_put:
	device_msi_unreserve_slots(dom);
	put_device(dom->dev);
	module_put(info->ops->owner);
err_parent:
	device_msi_parent_put(&dom->parent);
err_masks:
	device_msi_free_masks(dom);
	kfree(dom);
	return ERR_PTR(ret);
}
EXPORT_SYMBOL_GPL(device_msi_create_domain);

void device_msi_domain_destroy(struct kref *ref)
{
	struct device_msi_domain *dom =
		container_of(ref, struct device_msi_domain, ref);

	device_msi_parent_put(&dom->parent);
	put_device(dom->dev);
	device_msi_unreserve_slots(dom);
	device_msi_free_masks(dom);
	kfree_rcu(dom, rcu);
}

/**
 * device_msi_domain_end() - End a domain that has no interrupts
 * @dom:	the domain; its handle is retired, and no lock is held
 */
void device_msi_domain_end(struct device_msi_domain *dom)
{
	const struct device_msi_ops *ops = dom->info.ops;
	struct module *owner = ops->owner;	/* @ops may be part of the store */

	cancel_work_sync(&dom->resend_work);
	cancel_delayed_work_sync(&dom->sysfs_work);
	device_msi_consumers_exit(dom);
	device_msi_spares_end(dom);
	device_msi_remove_irq_domain(dom);
	if (ops->destroy)
		ops->destroy(dom->info.store);
	device_msi_put(dom);
	module_put(owner);
}
