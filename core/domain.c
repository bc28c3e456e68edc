// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a domain: from a store's description to a child of the device's
 * interrupt parent, and back.
 */
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "internals.h"

/* Return: what a store lacks, as only a bug can have it; or NULL */
static const char *device_msi_wrong_store(const struct device_msi_info *info)
{
	const struct device_msi_ops *ops = info->ops;

	if (!ops || !ops->write_msg || !ops->mask || !ops->unmask)
		return "it lacks write_msg(), mask() or unmask()";
	if (info->flags & ~DEVICE_MSI_INFO_FLAGS)
		return "unknown flags";
	if (ops->sync && (!ops->settled || !ops->bus_sync_unlock))
		return "sync() needs settled() and bus_sync_unlock()";
	if (info->flags & DEVICE_MSI_STORE_CHOOSES && !ops->msi_alloc_store)
		return "DEVICE_MSI_STORE_CHOOSES needs msi_alloc_store()";
	if (info->flags & DEVICE_MSI_NEEDS_PASID && !ops->set_sideband)
		return "DEVICE_MSI_NEEDS_PASID needs set_sideband()";
	/* Who chooses slots knows himself which are set aside */
	if (info->flags & DEVICE_MSI_STORE_CHOOSES && info->nr_reserved)
		return "DEVICE_MSI_STORE_CHOOSES goes without reserved slots";
	return NULL;
}

static int device_msi_check_info(struct device *dev,
				 const struct device_msi_info *info)
{
	const char *wrong = device_msi_wrong_store(info);

	if (wrong) {
		dev_err(dev, "device MSI: the store cannot be used: %s\n",
			wrong);
		WARN_ON_ONCE(1);
		return -EINVAL;
	}
	if (info->nr_slots == DEVICE_MSI_NO_LIMIT)
		return 0;
	if (!info->nr_slots || info->nr_slots > DEVICE_MSI_MAX_SLOTS) {
		dev_err(dev,
			"device MSI: a store of %u slots; it must have 1 to %u\n",
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

/* The irq_domain below the parent, with a name for people and for fwspecs */
static int device_msi_create_irq_domain(struct device_msi_domain *dom)
{
	int ret = device_msi_create_name(dom);

	if (ret)
		return ret;

	dom->fwnode = irq_domain_alloc_named_fwnode(dom->chip.name);
	if (!dom->fwnode)
		goto err_name;

	dom->domain = irq_domain_create_hierarchy(dom->parent.domain, 0, 0,
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

static void device_msi_remove_irq_domain(struct device_msi_domain *dom)
{
	irq_domain_remove(dom->domain);
	irq_domain_free_fwnode(dom->fwnode);
	device_msi_remove_name(dom);
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

	ret = device_msi_parent_find(dev, info->flags, &dom->parent);
	if (ret) {
		dev_warn(dev, "device MSI: %s\n", dom->parent.why_not);
		goto err_free;
	}

	if (!try_module_get(info->ops->owner)) {
		ret = -ENODEV;
		goto err_parent;
	}

	kref_init(&dom->ref);
	dom->dev = get_device(dev);
	dom->info = *info;
	dom->ops = info->ops;
	/* The parent takes the requester ID from here, not from a consumer */
	dom->msi.dev = dev;
	dom->msi.nvec_used = 1;
	mutex_init(&dom->lock);
	xa_init_flags(&dom->irqs, XA_FLAGS_ALLOC);
	hash_init(dom->consumers);
	dom->quarantine.dom = dom;
	INIT_LIST_HEAD(&dom->quarantine.irqs);
	INIT_WORK(&dom->sysfs_work, device_msi_sysfs_work);
	INIT_WORK(&dom->resend_work, device_msi_resend_work);
	dom->quota = DEVICE_MSI_NO_QUOTA;
	device_msi_chip_init(dom);

	ret = device_msi_reserve_slots(dom, info);
	if (ret)
		goto err_put;
	if (info->ops->init) {
		ret = info->ops->init(dev, info->store, info->nr_slots);
		if (ret)
			goto err_put;
	}

	ret = device_msi_create_irq_domain(dom);
	if (ret)
		goto err_put;

	device_msi_platform_prepare(dev);
	device_msi_debugfs_add(dom);
	device_msi_publish(dom);
	device_msi_offline_watch(dom);
	dev_info(dev, "device MSI: %u slots, interrupts from %s (%s), %sisolated\n",
		 info->nr_slots, dom->parent.ops->name,
		 dom->parent.domain->name, dom->parent.isolated ? "" : "not ");
	return dom;

err_put:
	xa_destroy(&dom->irqs);
	put_device(dom->dev);
	module_put(info->ops->owner);
err_parent:
	device_msi_parent_put(&dom->parent);
err_free:
	kfree(dom);
	return ERR_PTR(ret);
}
EXPORT_SYMBOL_GPL(device_msi_create_domain);

static void device_msi_dead_write(struct device_msi_desc *desc,
				  const struct msi_msg *msg)
{
}

static void device_msi_dead(struct device_msi_desc *desc)
{
}

static const struct device_msi_ops device_msi_dead_ops = {
	.write_msg	= device_msi_dead_write,
	.mask		= device_msi_dead,
	.unmask		= device_msi_dead,
};

/*
 * The driver goes, but somebody still holds this interrupt. The slot is
 * silenced and never touched again, for the device's memory goes with the
 * driver; what the kernel still points to stays. Under the descriptor's lock,
 * as the store's operations want it: what began before the domain's operations
 * were replaced by the dead ones is over then.
 */
static void device_msi_abandon(struct device_msi_irq *irq)
{
	struct irq_desc *desc;
	unsigned long flags;

	disable_irq_nosync(irq->data->irq);
	desc = irq_data_to_desc(irq->data);
	raw_spin_lock_irqsave(&desc->lock, flags);
	device_msi_clear_slot(irq->owner->dom->info.ops, irq);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/* Return: how many interrupts were still requested, and had to be abandoned */
static unsigned int device_msi_free_all(struct device_msi_domain *dom)
{
	struct device_msi_consumer *owner;
	struct device_msi_irq *irq;
	unsigned int abandoned = 0;
	unsigned int bucket;
	unsigned long index;

	mutex_lock(&dom->lock);
	WRITE_ONCE(dom->removed, true);
	hash_for_each(dom->consumers, bucket, owner, node)
		device_msi_free_consumer(owner);
	device_msi_leave_quarantine(dom, true);
	xa_for_each(&dom->irqs, index, irq) {
		WRITE_ONCE(dom->ops, &device_msi_dead_ops);
		device_msi_abandon(irq);
		abandoned++;
	}
	mutex_unlock(&dom->lock);

	/* Unlocked: a consumer's last reference may end in our devres release */
	if (!abandoned)
		device_msi_consumers_drop(dom);
	return abandoned;
}

void device_msi_domain_release(struct kref *ref)
{
	struct device_msi_domain *dom =
		container_of(ref, struct device_msi_domain, ref);

	device_msi_parent_put(&dom->parent);
	put_device(dom->dev);
	xa_destroy(&dom->irqs);
	kfree(dom);
}

/**
 * device_msi_remove_domain() - Remove a domain
 * @dom:	the domain, or NULL
 *
 * Frees the interrupts that are allocated and not requested. If any is still
 * requested the domain refuses to go: the slots of those are masked and
 * cleared, no slot is ever accessed again, and the domain, its interrupts and
 * its modules stay in memory until reboot, because the kernel still points to
 * them.
 *
 * Context: Process context, may sleep. A call that still uses @dom elsewhere is
 * waited for, a later one fails with -ENODEV.
 * Return: 0; with a warning -EINVAL for a wrong argument, -ENODEV if @dom was
 * removed before, or -EBUSY if an interrupt is still requested.
 */
int device_msi_remove_domain(struct device_msi_domain *dom)
{
	struct module *owner;
	unsigned int busy;
	int ret;

	if (!dom)
		return 0;
	ret = device_msi_check_pointer(dom, "domain", _RET_IP_);
	if (!ret)
		ret = device_msi_check_context(_RET_IP_);
	if (ret)
		return ret;
	if (!device_msi_retire(dom)) {
		pr_err_ratelimited("device MSI: %ps removes a domain that was removed\n",
				   (void *)_RET_IP_);
		WARN_ON_ONCE(1);
		return -ENODEV;
	}

	device_msi_debugfs_remove(dom);
	device_msi_offline_forget(dom);
	busy = device_msi_free_all(dom);
	cancel_work_sync(&dom->resend_work);
	if (busy && dom->info.ops->abandon)
		dom->info.ops->abandon(dom->info.store);
	if (busy) {
		dev_err(dom->dev,
			"device MSI: domain removed while %u interrupts are requested; call free_irq() first\n",
			busy);
		WARN_ON_ONCE(1);
		return -EBUSY;
	}

	owner = dom->info.ops->owner;
	cancel_work_sync(&dom->sysfs_work);
	device_msi_remove_irq_domain(dom);
	if (dom->info.ops->destroy)
		dom->info.ops->destroy(dom->info.store);
	device_msi_put(dom);
	module_put(owner);
	return 0;
}
EXPORT_SYMBOL_GPL(device_msi_remove_domain);
