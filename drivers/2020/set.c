// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupts of one device are a set, which lives as long as somebody has a
 * reference. A table finds the set of an interrupt by the interrupt's number.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>

/* struct ims_2020_desc by interrupt number; readers use RCU */
static DEFINE_XARRAY(ims_2020_irqs);

struct ims_2020_set *ims_2020_set_new(struct ims_2020_domain *domain,
				      struct device *dev, unsigned int nr)
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

/* Remove a set's interrupts from the table, but for numbers that another set has by now */
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

/* No lock may be held: the set may have the last reference to its device */
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

/* Fill in the descriptors of a set, and add them to the table */
int ims_2020_number(struct ims_2020_set *set, const struct msi_map *maps)
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

/*
 * Return: the set of an interrupt, referenced, with its slot in @hwirq; NULL if there is
 * none, or if the set is being freed: the number may be somebody else's by now.
 */
struct ims_2020_set *ims_2020_find_irq(unsigned int irq, unsigned int *hwirq)
{
	struct ims_2020_set *set = NULL;
	struct ims_2020_desc *desc;

	rcu_read_lock();
	desc = xa_load(&ims_2020_irqs, irq);
	if (desc && !READ_ONCE(desc->set->freeing) &&
	    !READ_ONCE(desc->set->domain->removed) &&
	    refcount_inc_not_zero(&desc->set->ref)) {
		set = desc->set;
		*hwirq = desc->device_msi.hwirq;
	}
	rcu_read_unlock();
	return set;
}
