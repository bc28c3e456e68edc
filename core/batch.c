// SPDX-License-Identifier: GPL-2.0-only
/*
 * How interrupts are made, one or many at a time. A request passes stations, each of
 * which may do fewer than it was asked; the rest goes back through
 * device_msi_batch_free(), which undoes whatever an interrupt has reached.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../compat/compat.h"

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
	INIT_LIST_HEAD(&irq->resend);
	irq->cpus[0] = DEVICE_MSI_NO_CPU;
	irq->cpus[1] = DEVICE_MSI_NO_CPU;
	irq->target = DEVICE_MSI_NO_CPU;
	irq->desc.store = dom->info.store;
	irq->desc.consumer = owner->dev;
	irq->desc.index = req->slots.nr == 1 ? req->slots.first :
					       DEVICE_MSI_NO_SLOT;
	irq->desc.sideband = req->sideband;
	return &irq->desc;
}

void device_msi_irq_destroy(struct device_msi_irq *irq)
{
	list_del(&irq->node);
	kmem_cache_free(device_msi_irq_cache, irq);
}

/* Have the kernel allocate it through our irq_domain. Return: its number, or an errno */
static int device_msi_map_new(struct device_msi_domain *dom,
			      struct device_msi_irq *irq,
			      const struct irq_affinity_desc *managed)
{
	struct irq_fwspec fwspec = {
		.fwnode		= dom->fwnode,
		.param_count	= 1,
		.param		= { irq->desc.index },
	};
	int virq;

	dom->alloc_error = 0;
	dom->mapping = irq;
	virq = compat_irq_domain_alloc(dom->domain,
				       READ_ONCE(dom->number_hint), &fwspec,
				       dev_to_node(irq->desc.consumer),
				       managed);
	dom->mapping = NULL;
	if (virq <= 0) {
		irq->data = NULL;	/* whatever it had become */
		return dom->alloc_error ?: virq;
	}
	if (!managed)
		device_msi_record_new(dom, irq->data);
	return virq;
}

/* No spare of any domain keeps a request from what there is */
static int device_msi_map_with_spares(struct device_msi_domain *dom,
				      struct device_msi_irq *irq,
				      const struct irq_affinity_desc *managed)
{
	int virq, moved;

	do {
		moved = device_msi_spares_changes();
		virq = device_msi_map_new(dom, irq, managed);
	} while ((virq == -ENOSPC || virq == -ENOMEM) &&
		 device_msi_spares_reclaim(moved));
	return virq;
}

/* Return: our level of an interrupt that is as a new one, or NULL */
static struct irq_data *device_msi_alloc_from_block(struct device_msi_domain *dom,
						    int node, unsigned int want)
{
	struct irq_data *d;
	bool fresh;

	for (;;) {
		d = device_msi_block_use_irq(&dom->parent, dom->domain, node, want,
					     &fresh);
		if (d && fresh)
			device_msi_record_new(dom, d);
		if (!d || fresh || device_msi_renew(dom, d))
			return d;
		device_msi_parent_dispose(&dom->parent, d, false);
	}
}

/*
 * Give an interrupt its irq: a spare, one of a block of the parent's, which knows no
 * managed affinity, or a new one. @want is how many at once would be of use. An
 * affinity that the kernel does not manage is a hint, which the interrupt gets when it
 * is there.
 */
static int device_msi_map(struct device_msi_domain *dom,
			  struct device_msi_irq *irq,
			  const struct irq_affinity_desc *affinity,
			  unsigned int want)
{
	bool hint = affinity && !affinity->is_managed;
	const struct irq_affinity_desc *managed = hint ? NULL : affinity;
	int virq, node = dev_to_node(irq->desc.consumer);
	struct irq_data *d;

	d = device_msi_spare_use(dom, irq->desc.index, node, managed);
	if (!d && !managed)
		d = device_msi_alloc_from_block(dom, node, want);
	if (d) {
		virq = d->irq;
		device_msi_attach(irq, d);
	} else {
		virq = device_msi_map_with_spares(dom, irq, managed);
	}
	irq->mapped = virq > 0;
	if (irq->mapped)
		return hint ? compat_irq_start_on(virq, &affinity->mask) : 0;
	return virq;
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
		cond_resched();
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

	if (!req->sideband.has)
		return nr;
	for (i = 0; i < nr && !ret; i++) {
		ret = device_msi_write_sideband(device_msi_desc_irq(descs[i]),
						req->sideband);
		cond_resched();
	}
	if (ret)
		dev_err_ratelimited(dom->dev, "slot %u: sideband refused: %pe\n",
				    descs[i - 1]->index, ERR_PTR(ret));
	return ret ?: nr;
}

/* The first and the last of a spread may be left to the system's default */
static const struct irq_affinity_desc *
device_msi_affinity_hint(const struct device_msi_req *req,
			 const struct irq_affinity_desc *spread, unsigned int i)
{
	if (!spread)
		return req->affinity;
	return cpumask_empty(&spread[i].mask) ? NULL : &spread[i];
}

/*
 * How many interrupts at once would be of use, while a request of @nr has @left to
 * come? After a request for one more will follow: as many as there are already, so that
 * no more are unused than used, and the first few cost what single ones do. For several
 * beyond what they are only where that is little of all.
 */
static unsigned int device_msi_block_want(const struct device_msi_domain *dom,
					  unsigned int nr, unsigned int left)
{
	return nr == 1 ? dom->nr_irqs : max(left, dom->nr_irqs / 16);
}

static int device_msi_map_all(struct device_msi_domain *dom,
			      const struct device_msi_req *req,
			      const struct irq_affinity_desc *spread,
			      struct device_msi_desc **descs,
			      unsigned int min, unsigned int nr)
{
	unsigned int i;
	int ret;

	for (i = 0; i < nr; i++) {
		ret = device_msi_map(dom, device_msi_desc_irq(descs[i]),
				     device_msi_affinity_hint(req, spread, i),
				     device_msi_block_want(dom, nr, nr - i));
		if (ret)
			break;
		cond_resched();
	}
	if (i >= min)
		return i;
	if (ret == -ENOSPC)
		dev_err_ratelimited(dom->dev,
				    "%s has none after %u interrupts of this store: %s; free interrupts that are not needed\n",
				    dom->parent.ops->name,
				    dom->nr_irqs - nr + i,
				    dom->parent.ops->full);
	else
		dev_err_ratelimited(dom->dev,
				    "%s gave no interrupt for slot %u: %pe\n",
				    dom->parent.ops->name, descs[i]->index,
				    ERR_PTR(ret));
	return ret;
}

/* Go on with what got through, if that is enough */
static int device_msi_trim_batch(struct device_msi_domain *dom,
				 const struct device_msi_req *req,
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
			    "room for %d of at least %u interrupts in %s; free some\n",
			    got, min,
			    req->contiguous ? "a row of slots" :
			    req->slots.nr ? "these slots" : "the store");
	return -ENOSPC;
}

/* The store makes slots ready in the device */
static int device_msi_check_reachable(struct device_msi_domain *dom)
{
	if (dom->quiesced) {
		dev_err_ratelimited(dom->dev,
				    "no interrupt while the store is quiesced; call device_msi_restore() first\n");
		return -EBUSY;
	}
	if (!device_msi_reachable(dom)) {
		dev_err_ratelimited(dom->dev,
				    "no interrupt while the device is asleep or gone; have it in D0 first, as by pm_runtime_resume_and_get()\n");
		return -ENODEV;
	}
	return 0;
}

/**
 * device_msi_batch_alloc() - Allocate interrupts for one consumer
 * @owner:	the consumer
 * @req:	what is wanted of each, and of their slots
 * @spread:	where each starts, or NULL
 * @descs:	room for @max interrupts
 * @min:	as many or none
 * @max:	as many at most
 *
 * Return: how many there are, or a negative errno; the reason is in the log.
 */
int device_msi_batch_alloc(struct device_msi_consumer *owner,
			   const struct device_msi_req *req,
			   const struct irq_affinity_desc *spread,
			   struct device_msi_desc **descs,
			   unsigned int min, unsigned int max)
{
	struct device_msi_domain *dom = owner->dom;
	int nr, ret;

	lockdep_assert_held(&dom->lock);

	ret = device_msi_check_reachable(dom);
	if (ret)
		return ret;
	nr = device_msi_charge(owner, min, max);
	if (nr < 0)
		return nr;
	ret = device_msi_create_all(owner, req, descs, nr);
	if (ret)
		return ret;

	ret = device_msi_trim_batch(dom, req, descs, min, &nr,
				    device_msi_alloc_slots(owner, req, descs, nr));
	if (!ret)
		ret = device_msi_trim_batch(dom, req, descs, min, &nr,
					    device_msi_sideband_all(dom, req, descs,
								    nr));
	if (!ret)
		ret = device_msi_trim_batch(dom, req, descs, min, &nr,
					    device_msi_map_all(dom, req, spread,
							       descs, min, nr));
	return ret ?: nr;
}
