// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who owns which slot. A number belongs to whoever has its entry in dom->irqs:
 * the entry is there before the kernel hears of the interrupt, and goes after
 * kernel and store have let go of the slot, so that a number is never handed
 * out with a slot that could still fire.
 */
#include <linux/device.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "internals.h"

static int device_msi_index_in_use(struct device_msi_domain *dom,
				   unsigned int index)
{
	dev_err_ratelimited(dom->dev,
			    "device MSI: slot %u is in use or set aside\n",
			    index);
	return -EBUSY;
}

static int device_msi_slots_full(struct device_msi_domain *dom)
{
	dev_err_ratelimited(dom->dev,
			    "device MSI: all %u slots of the store are in use; free one first\n",
			    dom->info.nr_slots);
	return -ENOSPC;
}

/* The lowest free number, or the one that was asked for; O(log n) */
static int device_msi_number(struct device_msi_domain *dom,
			     struct device_msi_desc *desc)
{
	struct xa_limit limit = { .max = dom->info.nr_slots - 1 };

	if (desc->index != DEVICE_MSI_ANY_SLOT) {
		limit.min = desc->index;
		limit.max = desc->index;
	}
	return xa_alloc(&dom->irqs, &desc->index, device_msi_desc_irq(desc),
			limit, GFP_KERNEL);
}

/* The store's default allocator. Return: how many have a number, or an errno */
static int device_msi_number_all(struct device_msi_domain *dom,
				 struct device_msi_desc **descs, unsigned int nr)
{
	unsigned int i, index;
	int ret;

	for (i = 0; i < nr; i++) {
		cond_resched();
		index = descs[i]->index;
		ret = device_msi_number(dom, descs[i]);
		if (!ret)
			continue;
		if (i)
			return i;
		if (ret != -EBUSY)
			return ret;
		return index == DEVICE_MSI_ANY_SLOT ?
			device_msi_slots_full(dom) :
			device_msi_index_in_use(dom, index);
	}
	return nr;
}

/* Enter what the store has chosen, if it makes sense */
static int device_msi_enter_choice(struct device_msi_domain *dom,
				   struct device_msi_desc *desc,
				   unsigned int wanted)
{
	int ret;

	if (desc->index < dom->info.nr_slots &&
	    (wanted == DEVICE_MSI_ANY_SLOT || wanted == desc->index)) {
		ret = xa_insert(&dom->irqs, desc->index,
				device_msi_desc_irq(desc), GFP_KERNEL);
		if (ret != -EBUSY)
			return ret;
	}
	WARN_ONCE(1, "device MSI: %ps chose slot %u, which is in use, does not exist, or was not asked for\n",
		  dom->info.ops->msi_alloc_store, desc->index);
	return -EINVAL;
}

/* Have the store make the slots ready. Return: how many are, or an errno */
static int device_msi_ready(struct device_msi_consumer *owner,
			    struct device_msi_desc **descs, unsigned int nr)
{
	const struct device_msi_ops *ops = owner->dom->info.ops;
	unsigned int i;
	int ret = nr;

	if (ops->msi_alloc_store)
		ret = ops->msi_alloc_store(owner->dev, descs, nr);
	if (ret < 0)
		dev_err_ratelimited(owner->dom->dev,
				    "device MSI: the store has no slot: %pe\n",
				    ERR_PTR(ret));
	if (ret == 0)
		return device_msi_slots_full(owner->dom);
	if (WARN_ON_ONCE(ret > (int)nr))
		ret = nr;
	for (i = 0; ret > 0 && i < ret; i++) {
		device_msi_desc_irq(descs[i])->in_store = true;
		cond_resched();
	}
	return ret;
}

static int device_msi_take_chosen(struct device_msi_consumer *owner,
				  struct device_msi_desc **descs,
				  unsigned int nr)
{
	struct device_msi_domain *dom = owner->dom;
	unsigned int wanted = descs[0]->index;
	unsigned int i;
	int ready, ret;

	if (wanted != DEVICE_MSI_ANY_SLOT && xa_load(&dom->irqs, wanted))
		return device_msi_index_in_use(dom, wanted);

	ready = device_msi_ready(owner, descs, nr);
	for (i = 0; ready > 0 && i < ready; i++) {
		cond_resched();
		ret = device_msi_enter_choice(dom, descs[i], wanted);
		if (!ret)
			continue;
		/* Whose such slots are is unclear: do not give them back */
		while (ret == -EINVAL && ready-- > i)
			device_msi_desc_irq(descs[ready])->in_store = false;
		return ret;
	}
	return ready;
}

/**
 * device_msi_reserve_slots() - Set slots aside for good
 * @dom:	a domain without interrupts
 * @info:	which
 *
 * Return: 0, or an errno, and the reason is in the log.
 */
int device_msi_reserve_slots(struct device_msi_domain *dom,
			     const struct device_msi_info *info)
{
	const struct device_msi_range *range;
	unsigned int i, index;
	int ret;

	for (i = 0; i < info->nr_reserved; i++) {
		range = &info->reserved[i];
		if (range->first >= info->nr_slots ||
		    range->nr > min(info->nr_slots - range->first,
				    DEVICE_MSI_MAX_SLOTS)) {
			dev_err(dom->dev,
				"device MSI: %u slots from %u set aside, but the store has slots 0 to %u\n",
				range->nr, range->first, info->nr_slots - 1);
			return -EINVAL;
		}
		for (index = range->first; index < range->first + range->nr;
		     index++) {
			ret = xa_reserve(&dom->irqs, index, GFP_KERNEL);
			if (ret)
				return ret;
			cond_resched();
		}
	}
	return 0;
}

/* As many are given back in one hold of the spinlock */
#define DEVICE_MSI_UNRESERVE_BATCH	64

/**
 * device_msi_unreserve_slots() - Give up the slots that were set aside
 * @dom:	a domain without interrupts; its last use of the numbers
 *
 * xa_destroy() would do it all with interrupts off.
 */
void device_msi_unreserve_slots(struct device_msi_domain *dom)
{
	XA_STATE(xas, &dom->irqs, 0);
	unsigned int nr = 0;
	void *entry;

	xas_lock(&xas);
	xas_for_each(&xas, entry, ULONG_MAX) {
		xas_store(&xas, NULL);
		if (++nr % DEVICE_MSI_UNRESERVE_BATCH)
			continue;
		xas_pause(&xas);
		xas_unlock(&xas);
		cond_resched();
		xas_lock(&xas);
	}
	xas_unlock(&xas);
	xa_destroy(&dom->irqs);
}

/**
 * device_msi_take_slots() - Give each of some new interrupts its slot, ready
 * @owner:	the consumer
 * @descs:	the interrupts; each asks for a slot, or for any
 * @nr:		how many
 *
 * Return: how many have one, from the first on, or a negative errno, which but
 * for -ENOMEM is in the log. In either case device_msi_give_slots() is due for
 * all @nr.
 */
int device_msi_take_slots(struct device_msi_consumer *owner,
			  struct device_msi_desc **descs, unsigned int nr)
{
	struct device_msi_domain *dom = owner->dom;
	int ret;

	lockdep_assert_held(&dom->lock);

	if (dom->info.flags & DEVICE_MSI_STORE_CHOOSES)
		return device_msi_take_chosen(owner, descs, nr);

	ret = device_msi_number_all(dom, descs, nr);
	return ret > 0 ? device_msi_ready(owner, descs, ret) : ret;
}

/**
 * device_msi_give_slots() - Take the slots of some interrupts back
 * @dom:	the domain
 * @descs:	the interrupts, of one consumer; the kernel knows them no more
 * @nr:		how many
 *
 * First the store lets go of the slots, then their numbers become free.
 */
void device_msi_give_slots(struct device_msi_domain *dom,
			   struct device_msi_desc **descs, unsigned int nr)
{
	const struct device_msi_ops *ops = dom->info.ops;
	unsigned int i, ready = 0;

	lockdep_assert_held(&dom->lock);

	while (ready < nr && device_msi_desc_irq(descs[ready])->in_store) {
		ready++;
		cond_resched();
	}
	if (ready && ops->msi_free_store)
		ops->msi_free_store(descs[0]->consumer, descs, ready);

	for (i = 0; i < nr; i++) {
		if (xa_load(&dom->irqs, descs[i]->index) ==
		    device_msi_desc_irq(descs[i]))
			xa_erase(&dom->irqs, descs[i]->index);
		cond_resched();
	}
}
