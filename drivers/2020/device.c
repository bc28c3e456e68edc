// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the patches of 2020 kept in struct device: its irq_domain, and a descriptor for
 * each of its interrupts. Here a table keeps it, because the struct device of a stock
 * kernel has no such members, or uses them for its own MSI.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/irqdomain.h>
#include <linux/module.h>
#include <linux/rhashtable.h>
#include <linux/sched.h>
#include <linux/slab.h>

/**
 * struct ims_2020_device - What the table keeps for a struct device
 * @node:	in ims_2020_devices
 * @rcu:	frees the entry after a grace period
 * @dev:	the device
 * @assigned:	the domain that dev_set_msi_domain() has set, or NULL
 * @of_domain:	in assigned->devices
 * @set:	the interrupts of the device, or NULL; owns a reference
 * @descs:	the descriptors of @set; NULL until all its interrupts are allocated
 */
struct ims_2020_device {
	struct rhash_head	node;
	struct rcu_head		rcu;
	struct device		*dev;
	struct ims_2020_domain	*assigned;
	struct list_head	of_domain;
	struct ims_2020_set	*set;
	struct ims_2020_desc	*descs;
};

/* Readers, in any context, use RCU; the lock serialises changes of the table */
static struct rhashtable ims_2020_devices;
static DEFINE_MUTEX(ims_2020_lock);

static const struct rhashtable_params ims_2020_devices_params = {
	.head_offset		= offsetof(struct ims_2020_device, node),
	.key_offset		= offsetof(struct ims_2020_device, dev),
	.key_len		= sizeof(struct device *),
	.automatic_shrinking	= true,
};

int ims_2020_devices_init(void)
{
	return rhashtable_init(&ims_2020_devices, &ims_2020_devices_params);
}

void ims_2020_devices_exit(void)
{
	rhashtable_destroy(&ims_2020_devices);
}

/* The caller holds the lock or is an RCU reader */
static struct ims_2020_device *ims_2020_device_find(const struct device *dev)
{
	return rhashtable_lookup_fast(&ims_2020_devices, &dev,
				      ims_2020_devices_params);
}

/* Find the entry of a device, or add one */
static struct ims_2020_device *ims_2020_device_get(struct device *dev)
{
	struct ims_2020_device *entry = ims_2020_device_find(dev);

	if (entry)
		return entry;
	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return NULL;
	entry->dev = dev;
	if (!rhashtable_insert_fast(&ims_2020_devices, &entry->node,
				    ims_2020_devices_params))
		return entry;
	kfree(entry);
	return NULL;
}

/* Remove the entry of a device that has neither a domain nor interrupts any more */
static void ims_2020_device_drop_idle(struct ims_2020_device *entry)
{
	if (entry->assigned || entry->set)
		return;
	rhashtable_remove_fast(&ims_2020_devices, &entry->node,
			       ims_2020_devices_params);
	kfree_rcu(entry, rcu);
}

static void ims_2020_device_assign(struct ims_2020_device *entry,
				   struct ims_2020_domain *domain)
{
	if (entry->assigned)
		list_del(&entry->of_domain);
	WRITE_ONCE(entry->assigned, domain);
	if (domain)
		list_add(&entry->of_domain, &domain->devices);
}

/* Remove our domain from a device. Return: true if the device had one */
static bool ims_2020_unassign(struct device *dev)
{
	struct ims_2020_device *entry;
	bool had = false;

	mutex_lock(&ims_2020_lock);
	entry = ims_2020_device_find(dev);
	if (entry) {
		had = entry->assigned;
		ims_2020_device_assign(entry, NULL);
		ims_2020_device_drop_idle(entry);
	}
	mutex_unlock(&ims_2020_lock);
	return had;
}

static void ims_2020_device_release(struct device *dev, void *res)
{
	ims_2020_unassign(dev);
	module_put(THIS_MODULE);
}

/*
 * In 2020 the domain went with the struct device, without a call. A devres entry does
 * that here. A device that is not yet bound to a driver must have no devres entries: the
 * kernel would refuse to probe it.
 */
static bool ims_2020_device_watch(struct device *dev)
{
	void *res;

	if (dev->bus && !dev->driver)
		return true;
	if (devres_find(dev, ims_2020_device_release, NULL, NULL))
		return true;
	res = devres_alloc(ims_2020_device_release, 0, GFP_KERNEL);
	if (!res)
		return false;
	__module_get(THIS_MODULE);
	devres_add(dev, res);
	return true;
}

/* Set one of our domains for a device */
static void ims_2020_assign(struct device *dev, struct ims_2020_domain *domain)
{
	struct ims_2020_device *entry = NULL;

	mutex_lock(&ims_2020_lock);
	/* Read under the lock: ims_2020_forget() comes after a later removal */
	if (!domain->removed && ims_2020_device_watch(dev))
		entry = ims_2020_device_get(dev);
	if (entry)
		ims_2020_device_assign(entry, domain);
	mutex_unlock(&ims_2020_lock);
	if (!entry)
		dev_err(dev, "no MSI domain is set: %s\n",
			domain->removed ? "it was removed" : "no memory");
}

/**
 * ims_2020_set_domain() - dev_set_msi_domain()
 * @dev:	a device
 * @domain:	a handle; or an irq_domain of the kernel's, which is set in the struct
 *		device; or NULL to remove our domain from the device, or, if it has
 *		none of ours, the kernel's
 *
 * Context: Process context, may sleep.
 */
void ims_2020_set_domain(struct device *dev, struct irq_domain *domain)
{
	struct ims_2020_domain *ours = NULL;

	if (domain)
		ours = ims_2020_domain_get(domain);
	if (ours) {
		ims_2020_assign(dev, ours);
		ims_2020_domain_put(ours);
	} else if (!ims_2020_unassign(dev) || domain) {
		dev_set_msi_domain(dev, domain);
	}
}
EXPORT_SYMBOL_GPL(ims_2020_set_domain);

/**
 * ims_2020_get_domain() - dev_get_msi_domain()
 * @dev:	a device
 *
 * Context: Any.
 * Return: the handle that was set; else the irq_domain of the kernel's, or NULL.
 */
struct irq_domain *ims_2020_get_domain(const struct device *dev)
{
	struct ims_2020_domain *domain = NULL;
	struct ims_2020_device *entry;

	rcu_read_lock();
	entry = ims_2020_device_find(dev);
	if (entry)
		domain = READ_ONCE(entry->assigned);
	rcu_read_unlock();
	return domain ? (struct irq_domain *)domain : dev_get_msi_domain(dev);
}
EXPORT_SYMBOL_GPL(ims_2020_get_domain);

/*
 * Make a set, whose interrupts are allocated next, that of its device. The device's
 * entry references the set from then on.
 */
int ims_2020_claim(struct ims_2020_set *set)
{
	struct ims_2020_device *entry;
	unsigned int others = 0;
	int ret = 0;

	mutex_lock(&ims_2020_lock);
	entry = ims_2020_device_get(set->dev);
	if (!entry) {
		ret = -ENOMEM;
	} else if (entry->set) {
		others = entry->set->nr;
		ret = -EBUSY;
	} else {
		refcount_inc(&set->ref);
		entry->set = set;
		list_add(&set->node, &set->domain->sets);
	}
	mutex_unlock(&ims_2020_lock);
	if (others)
		dev_err(set->dev, "msi_domain_alloc_irqs() is called a second time; free the %u interrupts of the first call before\n",
			others);
	return ret;
}

/* Under the lock. Return: true if the caller must put the reference of the entry */
static bool ims_2020_unclaim_locked(struct ims_2020_set *set)
{
	struct ims_2020_device *entry = ims_2020_device_find(set->dev);

	if (!entry || entry->set != set)
		return false;
	WRITE_ONCE(entry->descs, NULL);
	entry->set = NULL;
	list_del(&set->node);
	ims_2020_device_drop_idle(entry);
	return true;
}

/* The interrupts of a set are allocated: let the driver find them, if the domain exists */
int ims_2020_publish(struct ims_2020_set *set)
{
	struct ims_2020_device *entry;
	int ret = -ENODEV;

	mutex_lock(&ims_2020_lock);
	entry = ims_2020_device_find(set->dev);
	if (!set->domain->removed && !WARN_ON_ONCE(!entry)) {
		/* Pairs with ims_2020_first_desc() */
		smp_store_release(&entry->descs, set->descs);
		ret = 0;
	}
	mutex_unlock(&ims_2020_lock);
	return ret;
}

/* The allocation of a set has failed: remove it from its device */
void ims_2020_unclaim(struct ims_2020_set *set)
{
	bool unclaimed;

	mutex_lock(&ims_2020_lock);
	unclaimed = ims_2020_unclaim_locked(set);
	mutex_unlock(&ims_2020_lock);
	if (unclaimed)
		ims_2020_set_put(set);
}

/*
 * Keep others from freeing or finding the interrupts of a device, until
 * ims_2020_end_free(). Return: the set, referenced; NULL if the device has none, or if
 * another call is freeing it.
 */
struct ims_2020_set *ims_2020_begin_free(struct ims_2020_domain *domain,
					 struct device *dev)
{
	struct ims_2020_set *set = NULL;
	struct ims_2020_device *entry;

	mutex_lock(&ims_2020_lock);
	entry = ims_2020_device_find(dev);
	if (entry && entry->descs && !entry->set->freeing &&
	    !WARN_ON_ONCE(entry->set->domain != domain)) {
		set = entry->set;
		refcount_inc(&set->ref);
		WRITE_ONCE(set->freeing, true);
	}
	mutex_unlock(&ims_2020_lock);
	return set;
}

void ims_2020_end_free(struct ims_2020_set *set, bool freed)
{
	bool unclaimed = false;

	mutex_lock(&ims_2020_lock);
	if (freed)
		unclaimed = ims_2020_unclaim_locked(set);
	else
		WRITE_ONCE(set->freeing, false);
	mutex_unlock(&ims_2020_lock);
	if (unclaimed)
		ims_2020_set_put(set);
	ims_2020_set_put(set);
}

/*
 * The domain and its interrupts were removed: remove both from the entries of all
 * devices. A set may have the last reference to its device, whose release() must not be
 * called with the lock held.
 */
void ims_2020_forget(struct ims_2020_domain *domain)
{
	struct ims_2020_device *entry, *next_entry;
	struct ims_2020_set *set, *next;
	LIST_HEAD(unclaimed);

	mutex_lock(&ims_2020_lock);
	list_for_each_entry_safe(entry, next_entry, &domain->devices,
				 of_domain) {
		ims_2020_device_assign(entry, NULL);
		ims_2020_device_drop_idle(entry);
		cond_resched();
	}
	list_for_each_entry_safe(set, next, &domain->sets, node) {
		cond_resched();
		/* A set that is being allocated is removed by ims_2020_unclaim() */
		if (!ims_2020_device_find(set->dev)->descs)
			continue;
		ims_2020_unclaim_locked(set);
		list_add(&set->node, &unclaimed);
	}
	mutex_unlock(&ims_2020_lock);

	list_for_each_entry_safe(set, next, &unclaimed, node)
		ims_2020_set_put(set);
}

/**
 * ims_2020_first_desc() - first_msi_entry()
 * @dev:	the device that the interrupts were allocated for
 *
 * Context: Any. The descriptor is valid until the interrupts are freed.
 * Return: the first descriptor, from which ims_2020_next_desc() leads to the others; or
 * NULL.
 */
struct ims_2020_desc *ims_2020_first_desc(const struct device *dev)
{
	struct ims_2020_desc *descs = NULL;
	struct ims_2020_device *entry;

	rcu_read_lock();
	entry = ims_2020_device_find(dev);
	if (entry) {
		/* Pairs with ims_2020_publish() */
		descs = smp_load_acquire(&entry->descs);
	}
	rcu_read_unlock();
	return descs;
}
EXPORT_SYMBOL_GPL(ims_2020_first_desc);
