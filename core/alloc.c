// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls with which a driver allocates interrupts.
 */
#include "internals.h"

#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../compat/compat.h"

static const struct device_msi_req device_msi_any;

static struct msi_map device_msi_map_of(struct device_msi_desc *desc)
{
	return (struct msi_map) {
		.index	= desc->index,
		.virq	= device_msi_desc_irq(desc)->data->irq,
	};
}

/* Return: how many there are, @min to @max, or a negative errno */
static int device_msi_alloc_some(struct device_msi_domain *dom,
				 struct device *consumer, bool managed,
				 const struct device_msi_req *req,
				 const struct irq_affinity_desc *spread,
				 struct device_msi_desc **descs,
				 unsigned int min, unsigned int max)
{
	struct device_msi_consumer *owner;
	int ret;

	owner = device_msi_consumer_get(dom, consumer);
	if (!owner)
		return -ENOMEM;

	ret = managed ? device_msi_consumer_manage(owner) : 0;
	if (!ret)
		ret = device_msi_batch_alloc(owner, req, spread, descs, min,
					     max);
	device_msi_consumer_remove_idle(owner);
	return ret;
}

/* Inline, as is device_msi_alloc_bulk(): who calls it is named in the log */
static __always_inline struct msi_map
device_msi_alloc(struct device_msi_domain *dom, struct device *consumer,
		 const struct device_msi_req *req, bool managed)
{
	struct device_msi_desc *desc;
	struct msi_map map = {};

	req = req ?: &device_msi_any;
	map.index = device_msi_enter_for(dom, consumer);
	if (map.index)
		return map;

	map.index = device_msi_check_req(dom, req, 1);
	if (!map.index)
		map.index = device_msi_alloc_some(dom, consumer, managed, req,
						  NULL, &desc, 1, 1);
	if (map.index > 0)
		map = device_msi_map_of(desc);
	device_msi_exit_for(dom, consumer);
	return map;
}

/**
 * device_msi_alloc_irq() - Allocate one interrupt
 * @dom:	the domain
 * @consumer:	device that the interrupt is for: the domain's device or a part
 *		of it. Referenced until its last interrupt is freed.
 * @req:	what is wanted, or NULL for any slot and the default affinity. Used
 *		during the call only.
 *
 * The slot stays masked and empty, and on x86 no CPU vector is used, until
 * request_irq() on the returned irq; a managed affinity reserves one on each CPU.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: the slot number and the irq; or a negative errno in .index:
 * -EINVAL for a wrong argument, -ENODEV if the domain was removed, -EBUSY if @req
 * has one slot and that is in use, -ENOSPC if none of those that it allows is free,
 * or the parent is full, -EDQUOT if the consumer's quota or the machine's budget is
 * used up, -EOPNOTSUPP if @req has a managed affinity and the kernel exports no
 * allocation with one (before v5.16), a sideband and the store has none, or a range
 * or alignment and the store chooses its slots, -ENOMEM, or the store's own error.
 * Each but -ENOMEM is in the kernel log, with the device's name.
 */
struct msi_map device_msi_alloc_irq(struct device_msi_domain *dom,
				    struct device *consumer,
				    const struct device_msi_req *req)
{
	return device_msi_alloc(dom, consumer, req, false);
}
EXPORT_SYMBOL_GPL(device_msi_alloc_irq);

/**
 * devm_device_msi_alloc_irq() - device_msi_alloc_irq() that ends with @consumer
 * @dom:	the domain
 * @consumer:	device that the interrupt is for
 * @req:	what is wanted, or NULL for any slot and the default affinity
 *
 * When the consumer's driver is unbound, or the consumer is unregistered, all
 * interrupts that it has in @dom are freed, after what it acquired with devm_
 * functions later, such as devm_request_irq(). The domain may be removed before.
 * Call it from the consumer's own probe(), or for a consumer that will never
 * have a driver: one with devres cannot be bound.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: as device_msi_alloc_irq().
 */
struct msi_map devm_device_msi_alloc_irq(struct device_msi_domain *dom,
					 struct device *consumer,
					 const struct device_msi_req *req)
{
	return device_msi_alloc(dom, consumer, req, true);
}
EXPORT_SYMBOL_GPL(devm_device_msi_alloc_irq);

static void device_msi_free_some(struct device_msi_desc **descs,
				 unsigned int nr)
{
	struct device_msi_consumer *owner = device_msi_desc_irq(descs[0])->owner;

	device_msi_batch_free(descs, nr);
	device_msi_consumer_remove_idle(owner);
}

/*
 * Spread over the CPUs: again over fewer interrupts if there is no room. Each time
 * without the domain's lock, see device_msi_spread().
 */
static int device_msi_alloc_spread(struct device_msi_domain *dom,
				   struct device *consumer, bool managed,
				   const struct device_msi_req *req,
				   struct irq_affinity *affd,
				   struct device_msi_desc **descs,
				   unsigned int min, unsigned int max)
{
	struct irq_affinity_desc *spread;
	int nr = max, ret;

	spread = kvcalloc(max, sizeof(*spread), GFP_KERNEL);
	if (!spread)
		return -ENOMEM;
	for (;;) {
		device_msi_unlock(dom);
		nr = device_msi_spread(dom->dev, affd, min, nr, spread);
		ret = device_msi_relock(dom);
		if (!ret && nr < 0)
			ret = nr;
		if (ret)
			break;
		ret = device_msi_alloc_some(dom, consumer, managed, req, spread,
					    descs, min, nr);
		if (ret < 0 || ret == nr)
			break;
		device_msi_free_some(descs, ret);
		nr = ret;
	}
	kvfree(spread);
	return ret;
}

static int device_msi_alloc_many(struct device_msi_domain *dom,
				 struct device *consumer, bool managed,
				 const struct device_msi_req *req,
				 struct irq_affinity *affd,
				 struct device_msi_desc **descs,
				 unsigned int min, unsigned int max)
{
	if (!affd)
		return device_msi_alloc_some(dom, consumer, managed, req, NULL,
					     descs, min, max);

	/* No more than CPUs, unless the driver calculates the sets */
	if (!affd->calc_sets)
		max = min_t(u64, max, (u64)affd->pre_vectors +
			    affd->post_vectors + num_possible_cpus());
	return device_msi_alloc_spread(dom, consumer, managed, req, affd,
				       descs, min, max);
}

static __always_inline int
device_msi_alloc_bulk(struct device_msi_domain *dom, struct device *consumer,
		      const struct device_msi_req *req, unsigned int min,
		      unsigned int max, struct irq_affinity *affd, bool managed,
		      struct msi_map *maps)
{
	struct device_msi_desc **descs;
	int i, ret;

	req = req ?: &device_msi_any;
	ret = device_msi_check_pointer(maps, "map", _RET_IP_);
	if (!ret)
		ret = device_msi_enter_for(dom, consumer);
	if (ret)
		return ret;
	ret = device_msi_check_bulk(dom, req, min, &max, affd);
	if (ret)
		goto out;

	descs = kvcalloc(max, sizeof(*descs), GFP_KERNEL);
	if (!descs) {
		ret = -ENOMEM;
		goto out;
	}
	ret = device_msi_alloc_many(dom, consumer, managed, req, affd, descs,
				    min, max);
	for (i = 0; i < ret; i++) {
		maps[i] = device_msi_map_of(descs[i]);
		cond_resched();
	}
	kvfree(descs);
out:
	device_msi_exit_for(dom, consumer);
	return ret;
}

/**
 * device_msi_alloc_irqs() - Allocate several interrupts
 * @dom:	the domain
 * @consumer:	device that the interrupts are for, see device_msi_alloc_irq()
 * @req:	what is wanted of each, and of their slots; or NULL for any slots and
 *		the default affinity. Used during the call only.
 * @min:	as many or none, 1 to @max
 * @max:	as many at most; with @min == @max it is all or nothing
 * @affd:	how to spread them over the CPUs, all zero to spread all; or NULL not
 *		to. The kernel manages the affinity of those that are spread and
 *		shuts them down while their CPUs are offline; and there are no
 *		more than CPUs, apart from @affd's pre_vectors, post_vectors and
 *		calc_sets. Used during the call only; its sets are written.
 * @maps:	room for @max; filled with slot number and irq of each. The slots
 *		need not be contiguous, unless @req says so.
 *
 * The store hears of them at once, in one msi_alloc_store() call; if they are
 * spread and there is room for fewer, in one more for each try.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: how many there are, @min to @max; or a negative errno as from
 * device_msi_alloc_irq(), and there are none. -EINVAL if @req has fewer slots than
 * @min, -ENOSPC if they are not free, or not in a row as @req wants them.
 * -EOPNOTSUPP if @affd is given and the kernel exports no allocation with a managed
 * affinity (before v5.16).
 */
int device_msi_alloc_irqs(struct device_msi_domain *dom,
			  struct device *consumer,
			  const struct device_msi_req *req, unsigned int min,
			  unsigned int max, struct irq_affinity *affd,
			  struct msi_map *maps)
{
	return device_msi_alloc_bulk(dom, consumer, req, min, max, affd, false,
				     maps);
}
EXPORT_SYMBOL_GPL(device_msi_alloc_irqs);

/**
 * devm_device_msi_alloc_irqs() - device_msi_alloc_irqs() that ends with @consumer
 * @dom:	the domain
 * @consumer:	device that the interrupts are for
 * @req:	what is wanted, or NULL
 * @min:	as many or none, 1 to @max
 * @max:	as many at most
 * @affd:	how to spread them, or NULL
 * @maps:	room for @max
 *
 * They go with the consumer, see devm_device_msi_alloc_irq().
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: as device_msi_alloc_irqs().
 */
int devm_device_msi_alloc_irqs(struct device_msi_domain *dom,
			       struct device *consumer,
			       const struct device_msi_req *req,
			       unsigned int min, unsigned int max,
			       struct irq_affinity *affd, struct msi_map *maps)
{
	return device_msi_alloc_bulk(dom, consumer, req, min, max, affd, true,
				     maps);
}
EXPORT_SYMBOL_GPL(devm_device_msi_alloc_irqs);
