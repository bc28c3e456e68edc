// SPDX-License-Identifier: GPL-2.0-only
/*
 * What hung on a struct device in 2020: its irq_domain, and a descriptor for
 * each of its interrupts. Here it is in a table, for the kernel's own struct
 * device has no room, or takes what is there for its own.
 */
#include <linux/device.h>
#include <linux/hashtable.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "internals.h"

/**
 * struct ims_2020_device - What hung on a struct device
 * @node:	in ims_2020_devices
 * @dev:	the device
 * @assigned:	what dev_set_msi_domain() has set
 * @owner:	the domain of its interrupts, NULL if it has none
 * @block:	of that domain's slot numbers, if it is a queue
 * @nr:		how many interrupts it has
 * @descs:	they
 */
struct ims_2020_device {
	struct hlist_node	node;
	struct device		*dev;
	struct irq_domain	*assigned;
	struct ims_2020_domain	*owner;
	int			block;
	unsigned int		nr;
	struct ims_2020_desc	*descs;
};

/* Readers, which may be in any context, use RCU */
static DEFINE_HASHTABLE(ims_2020_devices, 8);

/* With the lock, or under RCU */
static struct ims_2020_device *ims_2020_device_find(const struct device *dev)
{
	struct ims_2020_device *entry;

	hash_for_each_possible_rcu(ims_2020_devices, entry, node,
				   (unsigned long)dev,
				   lockdep_is_held(&ims_2020_lock))
		if (entry->dev == dev)
			return entry;
	return NULL;
}

static struct ims_2020_device *ims_2020_device_get(struct device *dev)
{
	struct ims_2020_device *entry = ims_2020_device_find(dev);

	if (entry)
		return entry;
	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return NULL;
	entry->dev = dev;
	hash_add_rcu(ims_2020_devices, &entry->node, (unsigned long)dev);
	return entry;
}

/* Nothing hangs on it any more */
static void ims_2020_device_put(struct ims_2020_device *entry)
{
	if (entry->assigned || entry->owner)
		return;
	hash_del_rcu(&entry->node);
	synchronize_rcu();
	kfree(entry);
}

/**
 * ims_2020_set_domain() - dev_set_msi_domain()
 * @dev:	a device
 * @domain:	a handle, or an irq_domain of the kernel's, which it then gets
 *
 * Context: Process context, may sleep.
 */
void ims_2020_set_domain(struct device *dev, struct irq_domain *domain)
{
	struct ims_2020_device *entry;

	mutex_lock(&ims_2020_lock);
	entry = ims_2020_device_find(dev);
	if (domain && ims_2020_domain_find(domain)) {
		entry = ims_2020_device_get(dev);
		if (entry)
			entry->assigned = domain;
		else
			dev_err(dev, "IMS: no memory to note the MSI domain\n");
	} else {
		if (!entry || !entry->assigned)
			dev_set_msi_domain(dev, domain);
		if (entry) {
			entry->assigned = NULL;
			ims_2020_device_put(entry);
		}
	}
	mutex_unlock(&ims_2020_lock);
}
EXPORT_SYMBOL_GPL(ims_2020_set_domain);

/**
 * ims_2020_get_domain() - dev_get_msi_domain()
 * @dev:	a device
 *
 * Context: Any.
 * Return: what was set; else what the kernel has set, or NULL.
 */
struct irq_domain *ims_2020_get_domain(const struct device *dev)
{
	struct irq_domain *domain = NULL;
	struct ims_2020_device *entry;

	rcu_read_lock();
	entry = ims_2020_device_find(dev);
	if (entry)
		domain = entry->assigned;
	rcu_read_unlock();
	return domain ?: dev_get_msi_domain(dev);
}
EXPORT_SYMBOL_GPL(ims_2020_get_domain);

/* The domain goes */
void ims_2020_forget(struct irq_domain *domain)
{
	struct ims_2020_device *entry;
	struct hlist_node *next;
	int bucket;

	lockdep_assert_held(&ims_2020_lock);
	hash_for_each_safe(ims_2020_devices, bucket, next, entry, node) {
		if (entry->assigned == domain)
			entry->assigned = NULL;
		ims_2020_device_put(entry);
	}
}

/* An array has the slot numbers that are free, a queue those of the device */
static int ims_2020_alloc_maps(struct ims_2020_device *entry,
			       struct device *dev, struct msi_map *maps,
			       unsigned int nr)
{
	struct device_msi_domain *msi = entry->owner->msi;
	struct device_msi_req req = {};
	unsigned int i;
	int ret;

	if (!entry->owner->is_queue) {
		ret = device_msi_alloc_irqs(msi, dev, nr, nr, 0, NULL, maps);
		return min(ret, 0);
	}
	for (i = 0; i < nr; i++) {
		req.index = entry->block << IMS_2020_INDEX_BITS | i;
		maps[i] = device_msi_alloc_irq(msi, dev, &req);
		if (maps[i].index < 0) {
			device_msi_free_irqs(msi, dev);
			return maps[i].index;
		}
	}
	return 0;
}

static void ims_2020_set_descs(struct ims_2020_device *entry,
			       struct ims_2020_desc *descs,
			       const struct msi_map *maps, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		descs[i].irq = maps[i].virq;
		descs[i].left = nr - 1 - i;
		descs[i].device_msi.hwirq = maps[i].index;
	}
	entry->nr = nr;
	/* Pairs with ims_2020_first_desc() */
	smp_store_release(&entry->descs, descs);
}

/* Whom the interrupts of a device come from, and with which numbers */
static int ims_2020_own(struct ims_2020_device *entry, struct device *dev,
			struct ims_2020_domain *domain)
{
	if (entry->owner) {
		dev_err(dev, "IMS: msi_domain_alloc_irqs() a second time; free the %u of the first before\n",
			entry->nr);
		return -EBUSY;
	}
	if (domain->is_queue) {
		entry->block = ida_alloc_max(&domain->blocks,
					     IMS_2020_MAX_BLOCK, GFP_KERNEL);
		if (entry->block < 0)
			return entry->block;
	}
	entry->owner = domain;
	return 0;
}

static void ims_2020_disown(struct ims_2020_device *entry)
{
	if (entry->owner->is_queue)
		ida_free(&entry->owner->blocks, entry->block);
	entry->owner = NULL;
}

static int ims_2020_alloc_locked(struct ims_2020_domain *domain,
				 struct device *dev, struct msi_map *maps,
				 struct ims_2020_desc *descs, unsigned int nr)
{
	struct ims_2020_device *entry;
	int ret;

	entry = ims_2020_device_get(dev);
	if (!entry)
		return -ENOMEM;
	ret = ims_2020_own(entry, dev, domain);
	if (ret)
		goto out;
	ret = ims_2020_alloc_maps(entry, dev, maps, nr);
	if (ret)
		ims_2020_disown(entry);
	else
		ims_2020_set_descs(entry, descs, maps, nr);
out:
	ims_2020_device_put(entry);
	return ret;
}

/**
 * ims_2020_alloc_irqs() - msi_domain_alloc_irqs()
 * @domain:	a handle
 * @dev:	whom they are for: the function or a part of it
 * @nvec:	how many, 1 to 65536
 *
 * Context: Process context, may sleep.
 * Return: 0; -EINVAL for a wrong argument; -EBUSY if @dev has some already;
 * -ENOMEM, also without a domain; or as device_msi_alloc_irqs().
 */
int ims_2020_alloc_irqs(struct irq_domain *domain, struct device *dev,
			int nvec)
{
	struct ims_2020_desc *descs = NULL;
	struct ims_2020_domain *ours;
	struct msi_map *maps = NULL;
	int ret = -EINVAL;

	if (WARN_ON_ONCE(!dev || nvec < 1 || nvec > IMS_2020_MAX_IRQS))
		return -EINVAL;
	/* dev_set_msi_domain() had no memory: it said so, but returns nothing */
	if (!domain)
		return -ENOMEM;
	mutex_lock(&ims_2020_lock);
	ours = ims_2020_domain_find(domain);
	if (WARN_ON_ONCE(!ours))
		goto out;

	ret = -ENOMEM;
	maps = kvcalloc(nvec, sizeof(*maps), GFP_KERNEL);
	descs = kvcalloc(nvec, sizeof(*descs), GFP_KERNEL);
	if (maps && descs)
		ret = ims_2020_alloc_locked(ours, dev, maps, descs, nvec);
	if (ret)
		kvfree(descs);
	kvfree(maps);
out:
	mutex_unlock(&ims_2020_lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_2020_alloc_irqs);

/**
 * ims_2020_free_irqs() - msi_domain_free_irqs()
 * @domain:	a handle
 * @dev:	whom they were for
 *
 * Context: Process context, may sleep. None is requested any more.
 */
void ims_2020_free_irqs(struct irq_domain *domain, struct device *dev)
{
	struct ims_2020_device *entry;
	struct ims_2020_desc *descs;

	mutex_lock(&ims_2020_lock);
	entry = ims_2020_device_find(dev);
	if (!entry || !entry->owner)
		goto out;
	if (WARN_ON_ONCE(entry->owner != ims_2020_domain_find(domain)))
		goto out;
	/* If it refuses, it has said why */
	if (device_msi_free_irqs(entry->owner->msi, dev))
		goto out;

	descs = entry->descs;
	WRITE_ONCE(entry->descs, NULL);
	ims_2020_disown(entry);
	synchronize_rcu();
	kvfree(descs);
	ims_2020_device_put(entry);
out:
	mutex_unlock(&ims_2020_lock);
}
EXPORT_SYMBOL_GPL(ims_2020_free_irqs);

/**
 * ims_2020_first_desc() - first_msi_entry()
 * @dev:	whom the interrupts are for
 *
 * Context: Any. What it returns is valid until the interrupts are freed.
 * Return: the first, the next of which is ims_2020_next_desc(); or NULL.
 */
struct ims_2020_desc *ims_2020_first_desc(const struct device *dev)
{
	struct ims_2020_desc *descs = NULL;
	struct ims_2020_device *entry;

	rcu_read_lock();
	entry = ims_2020_device_find(dev);
	if (entry) {
		/* Pairs with ims_2020_set_descs() */
		descs = smp_load_acquire(&entry->descs);
	}
	rcu_read_unlock();
	return descs;
}
EXPORT_SYMBOL_GPL(ims_2020_first_desc);

static struct ims_2020_desc *ims_2020_desc(const struct device *dev,
					   unsigned int nr)
{
	struct ims_2020_desc *first = ims_2020_first_desc(dev);

	if (WARN_ON_ONCE(!first || nr > first->left))
		return NULL;
	return first + nr;
}

/**
 * ims_2020_irq() - dev_msi_irq_vector()
 * @dev:	whom the interrupts are for
 * @nr:		which, from 0
 *
 * Context: Any.
 * Return: the number for request_irq(); or, with a warning, -EINVAL.
 */
int ims_2020_irq(const struct device *dev, unsigned int nr)
{
	struct ims_2020_desc *desc = ims_2020_desc(dev, nr);

	return desc ? desc->irq : -EINVAL;
}
EXPORT_SYMBOL_GPL(ims_2020_irq);

/**
 * ims_2020_hwirq() - dev_msi_hwirq()
 * @dev:	whom the interrupts are for
 * @nr:		which, from 0
 *
 * Context: Any.
 * Return: the slot's number; or, with a warning, -EINVAL.
 */
int ims_2020_hwirq(const struct device *dev, unsigned int nr)
{
	struct ims_2020_desc *desc = ims_2020_desc(dev, nr);

	return desc ? desc->device_msi.hwirq : -EINVAL;
}
EXPORT_SYMBOL_GPL(ims_2020_hwirq);

/* Whose interrupt is it, and which of its? */
static struct ims_2020_device *ims_2020_find_irq(unsigned int irq,
						 unsigned int *nr)
{
	struct ims_2020_device *entry;
	int bucket;

	lockdep_assert_held(&ims_2020_lock);
	hash_for_each(ims_2020_devices, bucket, entry, node) {
		if (!entry->descs)
			continue;
		for (*nr = 0; *nr < entry->nr; (*nr)++)
			if (entry->descs[*nr].irq == irq)
				return entry;
	}
	return NULL;
}

/**
 * ims_2020_set_auxdata() - irq_set_auxdata()
 * @irq:	the interrupt
 * @which:	0: bits 3 to 31 of ctrl
 * @value:	what they shall be
 *
 * Context: Process context, may sleep; its model could be called with
 * interrupts off.
 * Return: 0; -EINVAL for a wrong argument; -ENOENT for another's interrupt; or
 * as device_msi_set_sideband().
 */
int ims_2020_set_auxdata(unsigned int irq, unsigned int which, u64 value)
{
	struct device_msi_sideband raw = { .value = value };
	struct ims_2020_device *entry;
	int ret = -ENOENT;
	unsigned int nr;

	if (which || value & ~(u64)GENMASK(31, 3))
		return -EINVAL;
	if (value)
		raw.type = DEVICE_MSI_SIDEBAND_RAW;
	mutex_lock(&ims_2020_lock);
	entry = ims_2020_find_irq(irq, &nr);
	if (entry)
		ret = device_msi_set_sideband(entry->owner->msi, entry->dev,
					      entry->descs[nr].device_msi.hwirq,
					      raw);
	mutex_unlock(&ims_2020_lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_2020_set_auxdata);
