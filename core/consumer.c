// SPDX-License-Identifier: GPL-2.0-only
/*
 * Consumers: the devices that interrupts belong to, what each may have, and how
 * interrupts go when their consumer does.
 */
#include <linux/device.h>
#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "internals.h"

struct device_msi_consumer *
device_msi_consumer_find(struct device_msi_domain *dom, struct device *dev)
{
	struct device_msi_consumer *owner;

	lockdep_assert_held(&dom->lock);

	hash_for_each_possible(dom->consumers, owner, node, (unsigned long)dev)
		if (owner->dev == dev)
			return owner;
	return NULL;
}

/* Find or make the record of a consumer; NULL for want of memory */
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
	owner->dev = get_device(dev);
	INIT_LIST_HEAD(&owner->irqs);
	hash_add(dom->consumers, &owner->node, (unsigned long)dev);
	return owner;
}

/*
 * A device with a devres entry is not referenced: a device without driver gives
 * its devres back with its last reference, which ours would be. A quota has to
 * outlive the binding of a driver, so it is worth a reference.
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

/* The caller does not use @owner any more; see device_msi_unlock() */
static void device_msi_consumer_drop(struct device_msi_consumer *owner)
{
	hash_del(&owner->node);
	hlist_add_head(&owner->node, &owner->dom->idle);
}

/* Without the domain's lock */
void device_msi_consumers_put(struct hlist_head *idle)
{
	struct device_msi_consumer *owner;
	struct hlist_node *next;

	hlist_for_each_entry_safe(owner, next, idle, node) {
		if (device_msi_consumer_holds(owner))
			put_device(owner->dev);
		kfree(owner);
	}
}

/* Forget a consumer of which there is nothing to remember */
void device_msi_consumer_drop_idle(struct device_msi_consumer *owner)
{
	if (!owner->nr_irqs && !owner->has_quota && !owner->managed)
		device_msi_consumer_drop(owner);
}

/* The domain goes, and no interrupt is left */
void device_msi_consumers_drop(struct device_msi_domain *dom)
{
	struct device_msi_consumer *owner;
	struct hlist_node *next;
	unsigned int bucket;

	lockdep_assert_held(&dom->lock);

	hash_for_each_safe(dom->consumers, bucket, next, owner, node)
		device_msi_consumer_drop(owner);
}

/**
 * struct device_msi_devres - A consumer's promise to give back its interrupts
 * @dom:	the domain; referenced, it may be removed earlier
 */
struct device_msi_devres {
	struct device_msi_domain *dom;
};

/*
 * The consumer goes, and its driver has kept some interrupts requested, or some are in
 * quarantine: they are the domain's own device's from now on, which is charged for
 * them, and end with the domain.
 */
static void device_msi_consumer_orphan(struct device_msi_consumer *owner)
{
	struct device_msi_domain *dom = owner->dom;
	struct device_msi_consumer *heir;
	struct device_msi_irq *irq;

	hash_del(&owner->node);
	if (device_msi_consumer_holds(owner))
		put_device(owner->dev);	/* never the last: it is just released */
	owner->managed = false;
	owner->has_quota = false;
	owner->dev = get_device(dom->dev);
	list_for_each_entry(irq, &owner->irqs, node)
		irq->desc.consumer = dom->dev;
	device_msi_sync(dom, NULL);	/* nothing uses the old one any more */

	heir = device_msi_consumer_find(dom, dom->dev);
	if (!heir) {
		hash_add(dom->consumers, &owner->node, (unsigned long)dom->dev);
		return;
	}
	list_for_each_entry(irq, &owner->irqs, node)
		irq->owner = heir;
	list_splice_tail_init(&owner->irqs, &heir->irqs);
	device_msi_requarantine(owner, heir);
	heir->nr_irqs += owner->nr_irqs;
	hlist_add_head(&owner->node, &dom->idle);
}

/* The consumer's driver unbinds, or the consumer is gone */
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
		else if (owner->has_quota)
			device_msi_consumer_set(owner, false, true);
		else if (owner->nr_irqs)	/* in quarantine */
			device_msi_consumer_orphan(owner);
		else
			device_msi_consumer_drop(owner);
	}
	device_msi_unlock(dom);
	device_msi_put(dom);
	module_put(THIS_MODULE);
}

/* Have the interrupts go with the consumer */
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
 * @quota:	most interrupts it may have at a time, 0 to refuse it any, or
 *		%DEVICE_MSI_NO_QUOTA, which is the default
 *
 * What a consumer has beyond the quota stays. A consumer with a quota of its
 * own is referenced until that is lifted or the domain is removed.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: 0; -EINVAL for a wrong argument, -ENODEV if the domain was removed,
 * or -ENOMEM.
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
	/* A reference that this lifts must not be the last, with the lock held */
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
			device_msi_consumer_drop_idle(owner);
		} else {
			ret = -ENOMEM;
		}
	}
	device_msi_leave(dom);
out:
	put_device(consumer);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_set_quota);
