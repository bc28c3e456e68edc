// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupts of a device, as a set: how it is allocated and freed, and how
 * one of them is found.
 */
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "internals.h"

/* struct ims_2020_desc by the number of its interrupt; readers use RCU */
static DEFINE_XARRAY(ims_2020_irqs);

static struct ims_2020_set *
ims_2020_set_new(struct ims_2020_domain *domain, struct device *dev,
		 unsigned int nr)
{
	struct ims_2020_set *set;

	set = kvzalloc(struct_size(set, descs, nr), GFP_KERNEL);
	if (!set)
		return NULL;
	refcount_set(&set->ref, 1);
	refcount_inc(&domain->ref);
	set->domain = domain;
	set->dev = get_device(dev);
	set->block = IMS_2020_NO_BLOCK;
	set->nr = nr;
	return set;
}

/* The number of a freed interrupt may be another set's by now: spare it */
static void ims_2020_unnumber(struct ims_2020_set *set)
{
	struct ims_2020_desc *desc;
	unsigned int i;

	for (i = 0; i < set->nr; i++) {
		desc = &set->descs[i];
		xa_lock(&ims_2020_irqs);
		if (desc->irq && xa_load(&ims_2020_irqs, desc->irq) == desc)
			__xa_erase(&ims_2020_irqs, desc->irq);
		xa_unlock(&ims_2020_irqs);
		cond_resched();
	}
}

/* May be the last reference to the device: without a lock */
void ims_2020_set_put(struct ims_2020_set *set)
{
	if (!refcount_dec_and_test(&set->ref))
		return;
	ims_2020_unnumber(set);
	if (set->block != IMS_2020_NO_BLOCK)
		xa_erase(&set->domain->blocks, set->block);
	kvfree(set->shadows);
	put_device(set->dev);
	ims_2020_domain_put(set->domain);
	kvfree_rcu(set, rcu);
}

static int ims_2020_number(struct ims_2020_set *set, const struct msi_map *maps)
{
	struct ims_2020_desc *desc;
	unsigned int i;
	int ret;

	for (i = 0; i < set->nr; i++) {
		desc = &set->descs[i];
		desc->left = set->nr - 1 - i;
		desc->set = set;
		desc->device_msi.hwirq = maps[i].index;
		ret = xa_err(xa_store(&ims_2020_irqs, maps[i].virq, desc,
				      GFP_KERNEL));
		if (ret)
			return ret;
		desc->irq = maps[i].virq;
		cond_resched();
	}
	return 0;
}

/* An array has the slot numbers that are free, a queue those of the device */
static int ims_2020_alloc_maps(struct ims_2020_set *set, struct msi_map *maps)
{
	struct device_msi_domain *msi = set->domain->msi;
	struct device_msi_req req = { .slots.nr = 1 };
	unsigned int i;
	int ret;

	if (!set->domain->is_queue) {
		ret = device_msi_alloc_irqs(msi, set->dev, NULL, set->nr,
					    set->nr, NULL, maps);
		return min(ret, 0);
	}
	for (i = 0; i < set->nr; i++) {
		req.slots.first = set->block << IMS_2020_INDEX_BITS | i;
		maps[i] = device_msi_alloc_irq(msi, set->dev, &req);
		if (maps[i].index < 0) {
			device_msi_free_irqs(msi, set->dev);
			return maps[i].index;
		}
		cond_resched();
	}
	return 0;
}

static int ims_2020_alloc(struct ims_2020_set *set)
{
	struct msi_map *maps;
	int ret = 0;

	if (set->domain->is_queue)
		ret = ims_2020_get_shadows(set);
	if (ret)
		return ret;
	maps = kvcalloc(set->nr, sizeof(*maps), GFP_KERNEL);
	if (!maps)
		return -ENOMEM;
	ret = ims_2020_alloc_maps(set, maps);
	if (ret)
		goto out;
	ret = ims_2020_number(set, maps);
	if (ret)
		device_msi_free_irqs(set->domain->msi, set->dev);
	else	/* If the domain was removed meanwhile, they went with it */
		ret = ims_2020_publish(set);
out:
	kvfree(maps);
	return ret;
}

/**
 * ims_2020_alloc_irqs() - msi_domain_alloc_irqs()
 * @domain:	a handle
 * @dev:	whom they are for: the function or a part of it
 * @nvec:	how many, 1 to 65536
 *
 * Of the driver's functions only queue_get_shadow() is called meanwhile, and
 * queue_lock() with queue_sync_unlock() if the shadow that it gave is not masked
 * and empty.
 *
 * Context: Process context, may sleep.
 * Return: 0; -EINVAL for a wrong argument; -EBUSY if @dev has some already;
 * -ENOMEM, also without a domain; -ENODEV if the domain was removed; or as
 * device_msi_alloc_irqs().
 */
int ims_2020_alloc_irqs(struct irq_domain *domain, struct device *dev,
			int nvec)
{
	struct ims_2020_domain *ours;
	struct ims_2020_set *set;
	int ret = -ENOMEM;

	if (WARN_ON_ONCE(!dev || nvec < 1 || nvec > IMS_2020_MAX_IRQS))
		return -EINVAL;
	/* dev_set_msi_domain() had no memory: it said so, but returns nothing */
	if (!domain)
		return -ENOMEM;
	ours = ims_2020_domain_get(domain);
	if (WARN_ON_ONCE(!ours))
		return -EINVAL;
	set = ims_2020_set_new(ours, dev, nvec);
	if (!set)
		goto out;
	ret = ims_2020_claim(set);
	if (!ret) {
		ret = ims_2020_alloc(set);
		if (ret)
			ims_2020_disown(set);
	}
	ims_2020_set_put(set);
out:
	ims_2020_domain_put(ours);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_2020_alloc_irqs);

/* All or nothing: the driver still has all of them after a refusal */
static bool ims_2020_any_requested(const struct ims_2020_set *set)
{
	unsigned int i, requested = 0;
	struct irq_data *data;

	for (i = 0; i < set->nr; i++) {
		data = irq_get_irq_data(set->descs[i].irq);
		if (data && irq_desc_has_action(irq_data_to_desc(data)))
			requested++;
		cond_resched();
	}
	if (!requested)
		return false;
	dev_err_ratelimited(set->dev,
			    "IMS: msi_domain_free_irqs() frees none of the %u interrupts, %u are requested; call free_irq() first\n",
			    set->nr, requested);
	return true;
}

/**
 * ims_2020_free_irqs() - msi_domain_free_irqs()
 * @domain:	a handle
 * @dev:	whom they were for
 *
 * Context: Process context, may sleep. None is requested any more; else none is
 * freed, which is in the kernel log.
 */
void ims_2020_free_irqs(struct irq_domain *domain, struct device *dev)
{
	struct ims_2020_domain *ours = ims_2020_domain_get(domain);
	struct ims_2020_set *set;
	bool freed = false;

	if (WARN_ON_ONCE(!ours))
		return;
	set = ims_2020_begin_free(ours, dev);
	if (!set)
		goto out;
	if (!ims_2020_any_requested(set))
		freed = device_msi_free_irqs(ours->msi, dev) != -EBUSY;
	if (freed && ours->is_queue)
		ims_2020_clear_shadows(set);
	ims_2020_end_free(set, freed);
out:
	ims_2020_domain_put(ours);
}
EXPORT_SYMBOL_GPL(ims_2020_free_irqs);

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

/*
 * The set of an interrupt, referenced, and which slot it has. An entry of a set
 * that is being freed says nothing: the number may be another's by now.
 */
static struct ims_2020_set *ims_2020_find_irq(unsigned int irq,
					      unsigned int *hwirq)
{
	struct ims_2020_set *set = NULL;
	struct ims_2020_desc *desc;

	rcu_read_lock();
	desc = xa_load(&ims_2020_irqs, irq);
	if (desc && !READ_ONCE(desc->set->going) &&
	    !READ_ONCE(desc->set->domain->removed) &&
	    refcount_inc_not_zero(&desc->set->ref)) {
		set = desc->set;
		*hwirq = desc->device_msi.hwirq;
	}
	rcu_read_unlock();
	return set;
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
	struct device_msi_sideband raw = { .raw = value };
	struct ims_2020_set *set;
	unsigned int hwirq;
	int ret;

	if (which || value & ~(u64)GENMASK(31, 3))
		return -EINVAL;
	if (value)
		raw.has = DEVICE_MSI_SIDEBAND_RAW;
	set = ims_2020_find_irq(irq, &hwirq);
	if (!set)
		return -ENOENT;
	ret = device_msi_set_sideband(set->domain->msi, set->dev, hwirq, raw);
	ims_2020_set_put(set);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_2020_set_auxdata);
