// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who owns which slot. A number belongs to whoever has its entry in dom->irqs:
 * the entry is there before the kernel hears of the interrupt, and goes after
 * kernel and store have let go of the slot, so that a number is never handed
 * out with a slot that could still fire.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/xarray.h>

/* The slots that a request may have */
static struct device_msi_range
device_msi_usable(const struct device_msi_domain *dom,
		  const struct device_msi_req *req)
{
	struct device_msi_range all = { .nr = dom->info.nr_slots };

	return req->slots.nr ? req->slots : all;
}

static int device_msi_refuse_index(struct device_msi_domain *dom,
				   unsigned int index)
{
	dev_err_ratelimited(dom->dev,
			    "slot %u is in use or set aside\n",
			    index);
	return -EBUSY;
}

static int device_msi_refuse_full(struct device_msi_domain *dom)
{
	dev_err_ratelimited(dom->dev,
			    "all %u slots of the store are in use; free one first\n",
			    dom->info.nr_slots);
	return -ENOSPC;
}

/* None of those that may be used is free. Return: an errno */
static int device_msi_none_free(struct device_msi_domain *dom,
				const struct device_msi_req *req)
{
	struct device_msi_range range = device_msi_usable(dom, req);

	if (req->slots.nr == 1)
		return device_msi_refuse_index(dom, range.first);
	if (!req->slots.nr && req->align <= 1)
		return device_msi_refuse_full(dom);
	dev_err_ratelimited(dom->dev,
			    "of slots %u to %u none is free%s; free one first\n",
			    range.first, range.first + range.nr - 1,
			    req->align > 1 ? " at a multiple of the alignment" : "");
	return -ENOSPC;
}

/* The lowest free number of those that may be used; O(log n) */
static int device_msi_alloc_number(struct device_msi_domain *dom,
				   const struct device_msi_range *range,
				   struct device_msi_desc *desc)
{
	struct xa_limit limit = {
		.min = range->first,
		.max = range->first + range->nr - 1,
	};

	return xa_alloc(&dom->irqs, &desc->index, device_msi_desc_irq(desc),
			limit, GFP_KERNEL);
}

/* Return: the first slot of @at to @last that is in use or set aside, or @last + 1 */
static unsigned long device_msi_next_used(struct device_msi_domain *dom,
					  unsigned long at, unsigned long last)
{
	XA_STATE(xas, &dom->irqs, at);
	void *entry;

	rcu_read_lock();
	entry = xas_find(&xas, last);
	rcu_read_unlock();
	return entry ? xas.xa_index : last + 1;
}

/* Return: the first slot of @at to @last that is free, or @last + 1 */
static unsigned long device_msi_next_free(struct device_msi_domain *dom,
					  unsigned long at, unsigned long last)
{
	XA_STATE(xas, &dom->irqs, at);

	rcu_read_lock();
	xas_find_marked(&xas, last, XA_FREE_MARK);
	rcu_read_unlock();
	return xas.xa_node == XAS_RESTART ? last + 1 : xas.xa_index;
}

/*
 * The lowest row of @nr free slots, or else the longest; .nr is 0 if there is none. Each
 * row that is looked at takes O(log n), and a request may have to look at all.
 */
static struct device_msi_range
device_msi_find_row(struct device_msi_domain *dom,
		    const struct device_msi_req *req, unsigned int nr)
{
	struct device_msi_range range = device_msi_usable(dom, req);
	unsigned long last = (unsigned long)range.first + range.nr - 1;
	unsigned long align = max(req->align, 1U);
	struct device_msi_range found = {};
	unsigned long at = range.first, end;

	while (found.nr < nr) {
		at = device_msi_next_free(dom, at, last);
		at = round_up(at, align);
		if (at > last)
			break;
		end = device_msi_next_used(dom, at, last);
		if (end - at > found.nr) {
			found.first = at;
			found.nr = min_t(unsigned long, end - at, nr);
		}
		at = end + 1;
		cond_resched();
	}
	return found;
}

/* One after the other, wherever. Return: how many have a number, or an errno */
static int device_msi_alloc_numbers(struct device_msi_domain *dom,
				    const struct device_msi_req *req,
				    struct device_msi_desc **descs, unsigned int nr)
{
	struct device_msi_range range = device_msi_usable(dom, req);
	unsigned int i;
	int ret;

	for (i = 0; i < nr; i++) {
		cond_resched();
		ret = device_msi_alloc_number(dom, &range, descs[i]);
		if (!ret)
			continue;
		if (i)
			return i;
		return ret == -EBUSY ? device_msi_none_free(dom, req) : ret;
	}
	return nr;
}

/* In a row. Return: how many have a number, or an errno */
static int device_msi_number_row(struct device_msi_domain *dom,
				 const struct device_msi_req *req,
				 struct device_msi_desc **descs, unsigned int nr)
{
	struct device_msi_range row = device_msi_find_row(dom, req, nr);
	unsigned int i;
	int ret;

	if (!row.nr)
		return device_msi_none_free(dom, req);
	for (i = 0; i < row.nr; i++) {
		cond_resched();
		descs[i]->index = row.first + i;
		ret = xa_insert(&dom->irqs, descs[i]->index,
				device_msi_desc_irq(descs[i]), GFP_KERNEL);
		if (ret)
			return i ?: ret;
	}
	return row.nr;
}

/* Enter what the store has chosen, if it makes sense */
static int device_msi_insert_chosen(struct device_msi_domain *dom,
				    struct device_msi_desc *desc,
				    unsigned int wanted)
{
	int ret;

	if (desc->index < dom->info.nr_slots &&
	    (wanted == DEVICE_MSI_NO_SLOT || wanted == desc->index)) {
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
static int device_msi_prepare_slots(struct device_msi_consumer *owner,
				    struct device_msi_desc **descs, unsigned int nr)
{
	const struct device_msi_ops *ops = owner->dom->info.ops;
	unsigned int i;
	int ret = nr;

	if (ops->msi_alloc_store)
		ret = ops->msi_alloc_store(owner->dev, descs, nr);
	if (ret < 0)
		dev_err_ratelimited(owner->dom->dev,
				    "the store has no slot: %pe\n",
				    ERR_PTR(ret));
	if (ret == 0)
		return device_msi_refuse_full(owner->dom);
	if (WARN_ON_ONCE(ret > (int)nr))
		ret = nr;
	for (i = 0; ret > 0 && i < ret; i++) {
		device_msi_desc_irq(descs[i])->in_store = true;
		cond_resched();
	}
	return ret;
}

static int device_msi_alloc_chosen(struct device_msi_consumer *owner,
				   struct device_msi_desc **descs,
				   unsigned int nr)
{
	struct device_msi_domain *dom = owner->dom;
	unsigned int wanted = descs[0]->index;
	unsigned int i;
	int ready, ret;

	if (wanted != DEVICE_MSI_NO_SLOT && xa_load(&dom->irqs, wanted))
		return device_msi_refuse_index(dom, wanted);

	ready = device_msi_prepare_slots(owner, descs, nr);
	for (i = 0; ready > 0 && i < ready; i++) {
		cond_resched();
		ret = device_msi_insert_chosen(dom, descs[i], wanted);
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
				"%u slots from %u set aside, but the store has slots 0 to %u\n",
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
 * device_msi_alloc_slots() - Give each of some new interrupts its slot, ready
 * @owner:	the consumer
 * @req:	which slots they may have
 * @descs:	the interrupts
 * @nr:		how many
 *
 * Return: how many have one, from the first on, or a negative errno, which but
 * for -ENOMEM is in the log. In either case device_msi_free_slots() is due for
 * all @nr.
 */
int device_msi_alloc_slots(struct device_msi_consumer *owner,
			   const struct device_msi_req *req,
			   struct device_msi_desc **descs, unsigned int nr)
{
	struct device_msi_domain *dom = owner->dom;
	int ret;

	lockdep_assert_held(&dom->lock);

	if (dom->info.flags & DEVICE_MSI_STORE_CHOOSES)
		return device_msi_alloc_chosen(owner, descs, nr);

	if (req->contiguous || req->align > 1)
		ret = device_msi_number_row(dom, req, descs, nr);
	else
		ret = device_msi_alloc_numbers(dom, req, descs, nr);
	return ret > 0 ? device_msi_prepare_slots(owner, descs, ret) : ret;
}

/**
 * device_msi_free_slots() - Take the slots of some interrupts back
 * @dom:	the domain
 * @descs:	the interrupts, of one consumer; the kernel knows them no more
 * @nr:		how many
 *
 * First the store lets go of the slots, then their numbers become free.
 */
void device_msi_free_slots(struct device_msi_domain *dom,
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
