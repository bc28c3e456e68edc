// SPDX-License-Identifier: GPL-2.0-only
/*
 * Consumers: the devices that interrupts belong to, how many each may have, and what
 * becomes of the interrupts of a consumer that is unregistered or whose driver unbinds.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/rhashtable.h>
#include <linux/sched.h>
#include <linux/slab.h>

static const struct rhashtable_params device_msi_consumer_params = {
	.head_offset		= offsetof(struct device_msi_consumer, hash),
	.key_offset		= offsetof(struct device_msi_consumer, dev),
	.key_len		= sizeof(struct device *),
	.automatic_shrinking	= true,
};

struct device_msi_consumer *
device_msi_consumer_find(struct device_msi_domain *dom, struct device *dev)
{
	lockdep_assert_held(&dom->lock);

	if (dev == dom->dev)
		return dom->own;
	return rhashtable_lookup_fast(&dom->consumers, &dev,
				      device_msi_consumer_params);
}

/* Find or create the record of a consumer. Return: NULL for want of memory */
struct device_msi_consumer *
device_msi_consumer_get(struct device_msi_domain *dom, struct device *dev)
{
	struct device_msi_consumer *owner = device_msi_consumer_find(dom, dev);

	if (owner)
		return owner;

	owner = kzalloc(sizeof(*owner), GFP_KERNEL);
	if (!owner)
		return NULL;
	owner->dom = dom;
	owner->dev = dev;
	INIT_LIST_HEAD(&owner->irqs);
	INIT_LIST_HEAD(&owner->quarantine);
	if (rhashtable_insert_fast(&dom->consumers, &owner->hash,
				   device_msi_consumer_params)) {
		kfree(owner);
		return NULL;
	}
	get_device(dev);
	list_add_tail(&owner->node, &dom->owners);
	return owner;
}

/*
 * Does the record hold a reference to its device? Not with a devres entry: the devres
 * entries of a device without a driver are released with the last reference, which
 * would be ours. A quota holds one: it must outlive the binding of a driver.
 */
static bool device_msi_consumer_holds(const struct device_msi_consumer *owner)
{
	return !owner->managed || owner->has_quota;
}

static void device_msi_consumer_set(struct device_msi_consumer *owner,
				    bool managed, bool has_quota)
{
	bool held = device_msi_consumer_holds(owner);

	owner->managed = managed;
	owner->has_quota = has_quota;
	if (!held && device_msi_consumer_holds(owner))
		get_device(owner->dev);
	else if (held && !device_msi_consumer_holds(owner))
		put_device(owner->dev);
}

/* Remove a record; the caller does not use it after that, see device_msi_unlock() */
static void device_msi_consumer_remove(struct device_msi_consumer *owner)
{
	rhashtable_remove_fast(&owner->dom->consumers, &owner->hash,
			       device_msi_consumer_params);
	list_move(&owner->node, &owner->dom->idle);
}

/* Free removed records, without the domain's lock: see struct device_msi_domain */
void device_msi_consumers_free(struct list_head *idle)
{
	struct device_msi_consumer *owner, *next;

	list_for_each_entry_safe(owner, next, idle, node) {
		if (device_msi_consumer_holds(owner))
			put_device(owner->dev);
		kfree_rcu(owner, rcu);
		cond_resched();
	}
}

/* Remove the record of a consumer with neither interrupts, quota nor devres entry */
void device_msi_consumer_remove_idle(struct device_msi_consumer *owner)
{
	if (!owner->nr_irqs && !owner->has_quota && !owner->managed &&
	    owner != owner->dom->own)
		device_msi_consumer_remove(owner);
}

/* Return: 0, or -ENOMEM */
int device_msi_consumers_init(struct device_msi_domain *dom)
{
	int ret;

	INIT_LIST_HEAD(&dom->owners);
	INIT_LIST_HEAD(&dom->idle);
	ret = rhashtable_init(&dom->consumers, &device_msi_consumer_params);
	if (ret)
		return ret;
	mutex_lock(&dom->lock);
	dom->own = device_msi_consumer_get(dom, dom->dev);
	mutex_unlock(&dom->lock);
	if (dom->own)
		return 0;
	rhashtable_destroy(&dom->consumers);
	return -ENOMEM;
}

/* Free all records of a domain that ends, without interrupts and without its lock */
void device_msi_consumers_exit(struct device_msi_domain *dom)
{
	struct device_msi_consumer *owner, *next;

	device_msi_lock(dom);
	list_for_each_entry_safe(owner, next, &dom->owners, node) {
		device_msi_consumer_remove(owner);
		cond_resched();
	}
	device_msi_unlock(dom);
	rhashtable_destroy(&dom->consumers);
}

/**
 * struct device_msi_devres - Frees a consumer's interrupts with the consumer's driver
 * @dom:	the domain, which may be removed earlier; referenced
 */
struct device_msi_devres {
	struct device_msi_domain *dom;
};

/*
 * A consumer is unregistered, or its driver unbinds, while some of its interrupts are
 * requested or in quarantine. From now on they belong to the domain's own device, which
 * is charged for them, and are freed with the domain at the latest.
 */
static void device_msi_consumer_orphan(struct device_msi_consumer *owner)
{
	struct device_msi_domain *dom = owner->dom;
	struct device_msi_consumer *heir = dom->own;
	struct device_msi_irq *irq;

	if (owner == heir) {
		device_msi_consumer_set(owner, false, false);
		return;
	}
	list_for_each_entry(irq, &owner->irqs, node) {
		irq->desc.consumer = dom->dev;
		WRITE_ONCE(irq->owner, heir);
		cond_resched();
	}
	device_msi_commit(dom, NULL);	/* no commit uses the old consumer any more */

	list_splice_tail_init(&owner->irqs, &heir->irqs);
	device_msi_transfer_quarantined(owner, heir);
	heir->nr_irqs += owner->nr_irqs;
	device_msi_consumer_remove(owner);
}

/* Called by devres when the consumer's driver unbinds, or the consumer is unregistered */
static void device_msi_devres_release(struct device *dev, void *res)
{
	struct device_msi_devres *devres = res;
	struct device_msi_domain *dom = devres->dom;
	struct device_msi_consumer *owner;

	device_msi_lock(dom);
	owner = dom->removed ? NULL : device_msi_consumer_find(dom, dev);
	if (owner) {
		if (device_msi_free_or_warn(owner))
			device_msi_consumer_orphan(owner);
		else if (owner->has_quota || owner == dom->own)
			device_msi_consumer_set(owner, false, owner->has_quota);
		else if (owner->nr_irqs)	/* some are in quarantine */
			device_msi_consumer_orphan(owner);
		else
			device_msi_consumer_remove(owner);
	}
	device_msi_unlock(dom);
	device_msi_put(dom);
	module_put(THIS_MODULE);
}

/* Free the interrupts with the consumer's driver. Return: 0, or -ENOMEM */
int device_msi_consumer_manage(struct device_msi_consumer *owner)
{
	struct device_msi_devres *res;

	if (owner->managed)
		return 0;

	res = devres_alloc(device_msi_devres_release, sizeof(*res), GFP_KERNEL);
	if (!res)
		return -ENOMEM;
	__module_get(THIS_MODULE);
	kref_get(&owner->dom->ref);
	res->dom = owner->dom;
	devres_add(owner->dev, res);
	device_msi_consumer_set(owner, true, owner->has_quota);
	return 0;
}

/**
 * device_msi_set_quota() - Limit how many interrupts a consumer may have
 * @dom:	the domain
 * @consumer:	the consumer; or NULL for every one that has no quota of its own
 * @quota:	most interrupts that it may have at a time, 0 to refuse it any, or
 *		%DEVICE_MSI_NO_QUOTA, which is the default
 *
 * Interrupts that a consumer has beyond its quota are not freed. A consumer with a
 * quota of its own is referenced until the quota is lifted or the domain is removed.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: 0; -EINVAL for a wrong argument, -ENODEV if the domain was removed, or
 * -ENOMEM.
 */
int device_msi_set_quota(struct device_msi_domain *dom,
			 struct device *consumer, unsigned int quota)
{
	struct device_msi_consumer *owner;
	int ret;

	if (consumer) {
		ret = device_msi_check_pointer(consumer, "consumer", _RET_IP_);
		if (ret)
			return ret;
	}
	/*
	 * A reference that a lifted quota drops, with the lock held, must not be the
	 * last.
	 */
	get_device(consumer);
	ret = device_msi_enter(dom);
	if (ret)
		goto out;

	if (!consumer) {
		dom->quota = quota;
	} else {
		owner = device_msi_consumer_get(dom, consumer);
		if (owner) {
			owner->quota = quota;
			device_msi_consumer_set(owner, owner->managed,
						quota != DEVICE_MSI_NO_QUOTA);
			device_msi_consumer_remove_idle(owner);
		} else {
			ret = -ENOMEM;
		}
	}
	device_msi_exit(dom);
out:
	put_device(consumer);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_set_quota);
