// SPDX-License-Identifier: GPL-2.0-only
/*
 * How interrupts come and go, one or many at a time. A request passes stations,
 * each of which may do fewer than it was asked; the rest goes back through
 * device_msi_batch_free(), which undoes whatever an interrupt has reached.
 */
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "../compat/compat.h"
#include "internals.h"

static struct kmem_cache *device_msi_irq_cache;

int device_msi_irq_cache_init(void)
{
	device_msi_irq_cache = KMEM_CACHE(device_msi_irq, 0);
	return device_msi_irq_cache ? 0 : -ENOMEM;
}

void device_msi_irq_cache_exit(void)
{
	kmem_cache_destroy(device_msi_irq_cache);
}

static struct device_msi_desc *
device_msi_irq_create(struct device_msi_consumer *owner,
		      const struct device_msi_req *req)
{
	struct device_msi_domain *dom = owner->dom;
	struct device_msi_irq *irq;

	irq = kmem_cache_alloc_node(device_msi_irq_cache,
				    GFP_KERNEL | __GFP_ZERO,
				    dev_to_node(owner->dev));
	if (!irq)
		return NULL;

	irq->owner = owner;
	list_add_tail(&irq->node, &owner->irqs);
	irq->desc.store = dom->info.store;
	irq->desc.consumer = owner->dev;
	irq->desc.index = req->index;
	irq->desc.sideband = req->sideband;
	return &irq->desc;
}

static void device_msi_irq_destroy(struct device_msi_irq *irq)
{
	list_del(&irq->node);
	kmem_cache_free(device_msi_irq_cache, irq);
}

/* Have the kernel allocate the interrupt through our irq_domain */
static int device_msi_map(struct device_msi_domain *dom,
			  struct device_msi_irq *irq,
			  const struct irq_affinity_desc *affinity)
{
	struct irq_fwspec fwspec = {
		.fwnode		= dom->fwnode,
		.param_count	= 1,
		.param		= { irq->desc.index },
	};
	int virq;

	dom->alloc_error = 0;
	virq = compat_irq_domain_alloc(dom->domain, &fwspec,
				       dev_to_node(irq->desc.consumer),
				       affinity);
	if (virq > 0)
		return 0;
	irq->data = NULL;	/* whatever it had become */
	return dom->alloc_error ?: virq;
}

/*
 * Can the slot no longer send? Without an interrupt it never could, and with one
 * it was shut down by free_irq(), at which the device of a deferred store may
 * have failed.
 */
static bool device_msi_silent(struct device_msi_irq *irq)
{
	return !irq->data || !device_msi_sync(irq->owner->dom, &irq->desc);
}

/* In the order that makes reuse of the slot safe: kernel, store, number */
static void device_msi_unmap(struct device_msi_irq *irq)
{
	static const struct device_msi_sideband none;

	/* Deactivated, the slot was masked and cleared, or had no message yet */
	if (irq->data)
		irq_dispose_mapping(irq->data->irq);
	if (irq->in_store &&
	    irq->desc.sideband.type != DEVICE_MSI_SIDEBAND_NONE &&
	    device_msi_put_sideband(irq, none))
		dev_err(irq->owner->dom->dev,
			"device MSI: the store keeps the sideband of slot %u; the next owner gets it\n",
			irq->desc.index);
}

static void device_msi_release_all(struct device_msi_domain *dom,
				   struct device_msi_desc **descs,
				   unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		device_msi_unmap(device_msi_desc_irq(descs[i]));
	device_msi_give_slots(dom, descs, nr);
	for (i = 0; i < nr; i++)
		device_msi_irq_destroy(device_msi_desc_irq(descs[i]));
}

/*
 * The device may still send this message: slot, interrupt and what that has of
 * the parent are nobody else's until it is known that it does not.
 */
static void device_msi_quarantine(struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;

	dev_err_ratelimited(dom->dev,
			    "device MSI: slot %u is freed, but the device has not taken that: it stays out of use until device_msi_restore() succeeds\n",
			    irq->desc.index);
	irq->owner->nr_irqs--;
	irq->owner = &dom->quarantine;
	irq->owner->nr_irqs++;
	irq->desc.consumer = dom->dev;
	list_move_tail(&irq->node, &dom->quarantine.irqs);
}

/**
 * device_msi_leave_quarantine() - Free what the device does not send any more
 * @dom:	the domain
 * @force:	it goes: free the others as well
 */
void device_msi_leave_quarantine(struct device_msi_domain *dom, bool force)
{
	struct device_msi_irq *irq, *next;
	struct device_msi_desc *desc;

	lockdep_assert_held(&dom->lock);

	list_for_each_entry_safe(irq, next, &dom->quarantine.irqs, node) {
		if (!device_msi_silent(irq)) {
			if (!force)
				continue;
			dev_err_ratelimited(dom->dev,
					    "device MSI: slot %u may still hold a message; reset the device before it may master the bus again\n",
					    irq->desc.index);
		}
		desc = &irq->desc;
		device_msi_release_all(dom, &desc, 1);
		device_msi_uncharge(&dom->quarantine, 1);
	}
}

/**
 * device_msi_batch_free() - Free interrupts, or what was made of them
 * @descs:	the interrupts, of one consumer; reordered
 * @nr:		how many
 */
void device_msi_batch_free(struct device_msi_desc **descs, unsigned int nr)
{
	struct device_msi_consumer *owner;
	struct device_msi_irq *irq;
	unsigned int i, silent = 0;

	if (!nr)
		return;
	owner = device_msi_desc_irq(descs[0])->owner;
	for (i = 0; i < nr; i++) {
		irq = device_msi_desc_irq(descs[i]);
		if (device_msi_silent(irq))
			descs[silent++] = &irq->desc;
		else
			device_msi_quarantine(irq);
	}
	device_msi_release_all(owner->dom, descs, silent);
	device_msi_uncharge(owner, silent);
}

static int device_msi_create_all(struct device_msi_consumer *owner,
				 const struct device_msi_req *req,
				 struct device_msi_desc **descs, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		descs[i] = device_msi_irq_create(owner, req);
		if (!descs[i]) {
			device_msi_uncharge(owner, nr - i);
			device_msi_batch_free(descs, i);
			return -ENOMEM;
		}
	}
	return 0;
}

/* Stations; each returns how many got through, or an errno for none */
static int device_msi_sideband_all(struct device_msi_domain *dom,
				   const struct device_msi_req *req,
				   struct device_msi_desc **descs,
				   unsigned int nr)
{
	unsigned int i;
	int ret = 0;

	if (req->sideband.type == DEVICE_MSI_SIDEBAND_NONE)
		return nr;
	for (i = 0; i < nr && !ret; i++)
		ret = device_msi_put_sideband(device_msi_desc_irq(descs[i]),
					      req->sideband);
	if (ret)
		dev_err(dom->dev, "device MSI: slot %u: sideband refused: %pe\n",
			descs[i - 1]->index, ERR_PTR(ret));
	return ret ?: nr;
}

/* The first and the last of a spread may be left to the system's default */
static const struct irq_affinity_desc *
device_msi_hint(const struct irq_affinity_desc *affinity, unsigned int i)
{
	if (!affinity || cpumask_empty(&affinity[i].mask))
		return NULL;
	return &affinity[i];
}

static int device_msi_map_all(struct device_msi_domain *dom,
			      const struct irq_affinity_desc *affinity,
			      struct device_msi_desc **descs,
			      unsigned int min, unsigned int nr)
{
	unsigned int i;
	int ret;

	for (i = 0; i < nr; i++) {
		ret = device_msi_map(dom, device_msi_desc_irq(descs[i]),
				     device_msi_hint(affinity, i));
		if (ret)
			break;
	}
	if (i >= min)
		return i;
	if (ret == -ENOSPC)
		dev_err_ratelimited(dom->dev,
				    "device MSI: %s has none after %u interrupts of this store: %s; free interrupts that are not needed\n",
				    dom->parent.ops->name,
				    dom->nr_irqs - nr + i,
				    dom->parent.ops->full);
	else
		dev_err_ratelimited(dom->dev,
				    "device MSI: %s gave no interrupt for slot %u: %pe\n",
				    dom->parent.ops->name, descs[i]->index,
				    ERR_PTR(ret));
	return ret;
}

/* Go on with what got through, if that is enough */
static int device_msi_settle(struct device_msi_domain *dom,
			     struct device_msi_desc **descs, unsigned int min,
			     int *nr, int got)
{
	unsigned int keep = got >= (int)min ? got : 0;

	device_msi_batch_free(descs + keep, *nr - keep);
	*nr = keep;
	if (keep)
		return 0;
	if (got < 0)
		return got;
	dev_err_ratelimited(dom->dev,
			    "device MSI: room for %d of at least %u interrupts in the store; free some\n",
			    got, min);
	return -ENOSPC;
}

/**
 * device_msi_batch_alloc() - Allocate interrupts for one consumer
 * @owner:	the consumer
 * @req:	what is wanted of each; a certain slot only if @max is 1
 * @affinity:	where each starts, or NULL
 * @descs:	room for @max interrupts
 * @min:	as many or none
 * @max:	as many at most
 *
 * Return: how many there are, or a negative errno; the reason is in the log.
 */
int device_msi_batch_alloc(struct device_msi_consumer *owner,
			   const struct device_msi_req *req,
			   const struct irq_affinity_desc *affinity,
			   struct device_msi_desc **descs,
			   unsigned int min, unsigned int max)
{
	struct device_msi_domain *dom = owner->dom;
	int nr, ret;

	lockdep_assert_held(&dom->lock);

	nr = device_msi_charge(owner, min, max);
	if (nr < 0)
		return nr;
	ret = device_msi_create_all(owner, req, descs, nr);
	if (ret)
		return ret;

	ret = device_msi_settle(dom, descs, min, &nr,
				device_msi_take_slots(owner, descs, nr));
	if (!ret)
		ret = device_msi_settle(dom, descs, min, &nr,
					device_msi_sideband_all(dom, req, descs,
								nr));
	if (!ret)
		ret = device_msi_settle(dom, descs, min, &nr,
					device_msi_map_all(dom, affinity, descs,
							   min, nr));
	return ret ?: nr;
}
