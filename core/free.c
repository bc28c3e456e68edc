// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls with which a driver finds and frees its interrupts.
 */
#include "internals.h"

#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/sched.h>

/* At most this many interrupts are freed with one call of the store */
#define DEVICE_MSI_FREE_BATCH	64

/*
 * Is the interrupt between the beginning of request_irq() and the end of free_irq()?
 * The kernel has an action for only a part of that time. It also has one for a
 * chained handler, which is not requested.
 */
bool device_msi_irq_requested(const struct device_msi_irq *irq)
{
	return READ_ONCE(irq->requested) ||
	       irq_desc_has_action(irq_data_to_desc(irq->data));
}

static int device_msi_free_one(struct device_msi_domain *dom,
			       struct device *consumer, struct msi_map map)
{
	struct device_msi_consumer *owner;
	struct device_msi_desc *desc;
	struct device_msi_irq *irq;

	irq = map.index < 0 ? NULL : device_msi_irq_at(dom, map.index);
	if (!irq) {
		dev_err(dom->dev,
			"slot %d, freed with irq %d, is not allocated; freed twice?\n",
			map.index, map.virq);
		return -EINVAL;
	}
	if (irq->data->irq != map.virq) {
		dev_err(dom->dev,
			"slot %d has irq %u, not %d; free what was allocated, freed twice?\n",
			map.index, irq->data->irq, map.virq);
		return -EINVAL;
	}
	owner = irq->owner;
	if (owner->dev != consumer) {
		dev_err(dom->dev,
			"slot %d belongs to %s, %s must not free it\n",
			map.index, dev_name(owner->dev), dev_name(consumer));
		return -EPERM;
	}
	if (device_msi_irq_requested(irq)) {
		dev_err(dom->dev,
			"slot %u not freed, irq %u is requested; call free_irq() first\n",
			irq->desc.index, irq->data->irq);
		WARN_ON_ONCE(1);
		return -EBUSY;
	}

	desc = &irq->desc;
	device_msi_batch_free(&desc, 1);
	device_msi_consumer_remove_idle(owner);
	return 0;
}

/**
 * device_msi_free_irq() - Free one interrupt
 * @dom:	the domain
 * @consumer:	the device that the interrupt was allocated for
 * @map:	what device_msi_alloc_irq() returned
 *
 * The caller has called free_irq() before.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: 0; -EINVAL for a wrong argument or if @map is not an interrupt of this
 * domain; -ENODEV if the domain was removed; -EPERM if the interrupt belongs to
 * another consumer; -EBUSY, with a warning, if it is still requested, and not freed.
 */
int device_msi_free_irq(struct device_msi_domain *dom, struct device *consumer,
			struct msi_map map)
{
	int ret;

	ret = device_msi_enter_for(dom, consumer);
	if (ret)
		return ret;
	ret = device_msi_free_one(dom, consumer, map);
	device_msi_exit_for(dom, consumer);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_free_irq);

/*
 * Free the interrupts of a consumer that are not requested. Return: how many are
 * requested.
 */
unsigned int device_msi_free_consumer(struct device_msi_consumer *owner)
{
	struct device_msi_desc *descs[DEVICE_MSI_FREE_BATCH];
	struct device_msi_irq *irq, *next;
	unsigned int nr = 0, busy = 0;

	lockdep_assert_held(&owner->dom->lock);

	device_msi_spare_raise_limit(owner->dom, owner->nr_irqs);
	list_for_each_entry_safe(irq, next, &owner->irqs, node) {
		cond_resched();
		if (device_msi_irq_requested(irq)) {
			busy++;
			continue;
		}
		if (nr == DEVICE_MSI_FREE_BATCH) {
			device_msi_batch_free(descs, nr);
			nr = 0;
		}
		descs[nr++] = &irq->desc;
	}
	device_msi_batch_free(descs, nr);
	return busy;
}

/*
 * Free the interrupts of a consumer, and warn of those that are requested: a mistake
 * of the driver. Return: 0, or -EBUSY if there are any.
 */
int device_msi_free_or_warn(struct device_msi_consumer *owner)
{
	unsigned int busy = device_msi_free_consumer(owner);

	if (!busy)
		return 0;
	dev_err(owner->dom->dev,
		"%u interrupts of %s not freed, they are requested; call free_irq() first\n",
		busy, dev_name(owner->dev));
	WARN_ON_ONCE(1);
	return -EBUSY;
}

/**
 * device_msi_free_irqs() - Free all interrupts of one consumer
 * @dom:	the domain
 * @consumer:	the device that the interrupts were allocated for
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: 0, also when there were none; -EINVAL for a wrong argument; -ENODEV if the
 * domain was removed; -EBUSY, with a warning, if any is still requested, and not
 * freed.
 */
int device_msi_free_irqs(struct device_msi_domain *dom, struct device *consumer)
{
	struct device_msi_consumer *owner;
	int ret;

	ret = device_msi_enter_for(dom, consumer);
	if (ret)
		return ret;

	owner = device_msi_consumer_find(dom, consumer);
	if (owner) {
		ret = device_msi_free_or_warn(owner);
		device_msi_consumer_remove_idle(owner);
	}
	device_msi_exit_for(dom, consumer);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_free_irqs);

/**
 * device_msi_virq() - Look up the irq of a slot
 * @dom:	the domain
 * @index:	slot number
 *
 * Context: Process context, may sleep. Takes the domain's lock. The caller
 * keeps the interrupt from being freed while it uses the result.
 * Return: the irq; -EINVAL for a wrong argument, -ENODEV if the domain was
 * removed, or -ENOENT if the slot has no interrupt.
 */
int device_msi_virq(struct device_msi_domain *dom, unsigned int index)
{
	struct device_msi_irq *irq;
	int ret;

	ret = device_msi_enter(dom);
	if (ret)
		return ret;
	irq = device_msi_irq_at(dom, index);
	ret = irq ? irq->data->irq : -ENOENT;
	device_msi_exit(dom);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_virq);

/**
 * device_msi_get_affinity() - Ask which CPUs an interrupt can have
 * @dom:	the domain
 * @index:	slot number
 *
 * For drivers that map queues to CPUs, such as blk-mq's. irq_get_affinity_mask() of the
 * kernel returns the current affinity instead, which the administrator or irqbalance may
 * change if it is not managed.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: the CPUs of a managed affinity; or all possible CPUs, if the affinity is not
 * managed. The mask is constant and valid until the interrupt is freed. NULL if the slot
 * has no interrupt, for a wrong argument, or if the domain was removed.
 */
const struct cpumask *device_msi_get_affinity(struct device_msi_domain *dom,
					      unsigned int index)
{
	const struct cpumask *cpus = NULL;
	struct device_msi_irq *irq;

	if (device_msi_enter(dom))
		return NULL;
	irq = device_msi_irq_at(dom, index);
	if (irq)
		cpus = irqd_affinity_is_managed(irq->data) ?
		       irq_data_get_affinity_mask(irq->data) :
		       cpu_possible_mask;
	device_msi_exit(dom);
	return cpus;
}
EXPORT_SYMBOL_GPL(device_msi_get_affinity);
