// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocating and freeing interrupts.
 *
 * A slot number belongs to whoever has its entry in dom->irqs. The entry is
 * there before the store and the kernel hear of the interrupt and goes after
 * both have let go of it, so that a number is never handed out with a slot
 * that could still fire.
 */
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/irqdomain.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "../compat/compat.h"
#include "internals.h"

bool device_msi_irq_requested(struct device_msi_irq *irq)
{
	struct irq_data *d = irq_get_irq_data(irq->virq);

	return d && irq_desc_has_action(irq_data_to_desc(d));
}

static struct device_msi_irq *device_msi_irq_create(struct device_msi_domain *dom,
						    struct device *consumer)
{
	struct device_msi_irq *irq;

	irq = kzalloc_node(sizeof(*irq), GFP_KERNEL, dev_to_node(consumer));
	if (!irq)
		return NULL;

	irq->domain = dom;
	irq->ops = dom->info.ops;
	irq->desc.store = dom->info.store;
	irq->desc.consumer = get_device(consumer);
	/* The parent takes the requester ID from here, not from the consumer */
	irq->msi.dev = dom->dev;
	irq->msi.nvec_used = 1;
	return irq;
}

static void device_msi_irq_destroy(struct device_msi_irq *irq)
{
	put_device(irq->desc.consumer);
	kfree(irq);
}

/* Take the requested slot number, or the lowest free one */
static int device_msi_take_index(struct device_msi_domain *dom,
				 struct device_msi_irq *irq, unsigned int index)
{
	u32 first = 0, last = dom->info.nr_slots - 1;
	int ret;

	lockdep_assert_held(&dom->lock);

	if (index != DEVICE_MSI_ANY_SLOT) {
		if (index > last) {
			dev_err(dom->dev,
				"device MSI: slot %u requested, but the store has slots 0 to %u\n",
				index, last);
			return -EINVAL;
		}
		first = index;
		last = index;
	}

	ret = xa_alloc(&dom->irqs, &irq->desc.index, irq,
		       XA_LIMIT(first, last), GFP_KERNEL);
	if (ret != -EBUSY)
		return ret;

	if (index != DEVICE_MSI_ANY_SLOT) {
		dev_err(dom->dev, "device MSI: slot %u is in use\n", index);
		return -EBUSY;
	}
	dev_err(dom->dev,
		"device MSI: all %u slots of the store are in use; free one first\n",
		dom->info.nr_slots);
	return -ENOSPC;
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

	virq = compat_irq_domain_alloc(dom->domain, &fwspec,
				       dev_to_node(irq->desc.consumer),
				       affinity);
	if (virq <= 0) {
		if (irq->error)
			virq = irq->error;
		dev_err(dom->dev,
			"device MSI: %s gave no interrupt for slot %u: %pe; %s\n",
			dom->parent.ops->name, irq->desc.index, ERR_PTR(virq),
			virq == -EOPNOTSUPP ?
			"this kernel exports no allocation with an affinity, request none" :
			"free interrupts that are not needed");
		return virq;
	}
	irq->virq = virq;
	irq->msi.irq = virq;
	return 0;
}

static int device_msi_alloc_locked(struct device_msi_domain *dom,
				   struct device_msi_irq *irq,
				   const struct device_msi_req *req)
{
	const struct device_msi_ops *ops = irq->ops;
	struct device_msi_desc *desc = &irq->desc;
	int ret;

	ret = device_msi_take_index(dom, irq, req->index);
	if (ret)
		return ret;

	if (ops->msi_alloc_store) {
		ret = ops->msi_alloc_store(desc->consumer, &desc, 1);
		if (ret)
			goto err_index;
	}

	ret = device_msi_map(dom, irq, req->affinity);
	if (ret)
		goto err_store;
	return 0;

err_store:
	if (ops->msi_free_store)
		ops->msi_free_store(desc->consumer, &desc, 1);
err_index:
	xa_erase(&dom->irqs, desc->index);
	return ret;
}

/**
 * device_msi_alloc_irq() - Allocate one interrupt
 * @dom:	the domain
 * @consumer:	device that the interrupt is for: the domain's device or a part
 *		of it. Referenced until the interrupt is freed.
 * @req:	what is wanted, or NULL for any slot and the default affinity
 *
 * The slot stays masked and empty, and on x86 no CPU vector is used, until
 * request_irq() on the returned irq.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: the slot number and the irq; or a negative errno in .index:
 * -EINVAL for a wrong argument, -EBUSY if the requested slot is in use,
 * -ENOSPC if the store or the parent is full, -EOPNOTSUPP if @req has an
 * affinity and the kernel exports no way to pass it, -ENOMEM, or the store's
 * own error. Each is in the kernel log, with the device's name.
 */
struct msi_map device_msi_alloc_irq(struct device_msi_domain *dom,
				    struct device *consumer,
				    const struct device_msi_req *req)
{
	static const struct device_msi_req any = {
		.index = DEVICE_MSI_ANY_SLOT,
	};
	struct msi_map map = { .index = -EINVAL };
	struct device_msi_irq *irq;
	int ret;

	if (WARN_ON_ONCE(IS_ERR_OR_NULL(dom) || !consumer))
		return map;

	irq = device_msi_irq_create(dom, consumer);
	if (!irq) {
		map.index = -ENOMEM;
		return map;
	}

	mutex_lock(&dom->lock);
	ret = device_msi_alloc_locked(dom, irq, req ?: &any);
	mutex_unlock(&dom->lock);
	if (ret) {
		device_msi_irq_destroy(irq);
		map.index = ret;
		return map;
	}

	map.index = irq->desc.index;
	map.virq = irq->virq;
	return map;
}
EXPORT_SYMBOL_GPL(device_msi_alloc_irq);

/*
 * In the order that makes reuse safe: the kernel lets go of the interrupt (the
 * slot was masked and cleared when it was deactivated, or never had a message),
 * then the store, and last the number.
 */
void device_msi_free_locked(struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->domain;
	struct device_msi_desc *desc = &irq->desc;

	lockdep_assert_held(&dom->lock);

	irq_dispose_mapping(irq->virq);
	if (irq->ops->msi_free_store)
		irq->ops->msi_free_store(desc->consumer, &desc, 1);
	xa_erase(&dom->irqs, desc->index);
	device_msi_irq_destroy(irq);
}

static int device_msi_free_checked(struct device_msi_irq *irq)
{
	if (device_msi_irq_requested(irq)) {
		dev_err(irq->domain->dev,
			"device MSI: slot %u freed while irq %u is requested; call free_irq() first\n",
			irq->desc.index, irq->virq);
		WARN_ON_ONCE(1);
		return -EBUSY;
	}
	device_msi_free_locked(irq);
	return 0;
}

/**
 * device_msi_free_irq() - Free one interrupt
 * @dom:	the domain
 * @map:	what device_msi_alloc_irq() returned
 *
 * The caller has called free_irq() before.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: 0; -EINVAL if @map is not an interrupt of this domain; -EBUSY, with a
 * warning, if the interrupt is still requested: it then stays as it is.
 */
int device_msi_free_irq(struct device_msi_domain *dom, struct msi_map map)
{
	struct device_msi_irq *irq;
	int ret = -EINVAL;

	if (WARN_ON_ONCE(IS_ERR_OR_NULL(dom)))
		return -EINVAL;

	mutex_lock(&dom->lock);
	irq = map.index < 0 ? NULL : xa_load(&dom->irqs, map.index);
	if (irq && irq->virq == map.virq)
		ret = device_msi_free_checked(irq);
	else
		dev_err(dom->dev,
			"device MSI: slot %d with irq %d is not allocated; freed twice?\n",
			map.index, map.virq);
	mutex_unlock(&dom->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_free_irq);

/**
 * device_msi_free_irqs() - Free all interrupts of one consumer
 * @dom:	the domain
 * @consumer:	the device that was given at allocation
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: 0, also when there were none; -EINVAL for a wrong argument; -EBUSY,
 * with a warning, if any is still requested: those stay as they are.
 */
int device_msi_free_irqs(struct device_msi_domain *dom, struct device *consumer)
{
	struct device_msi_irq *irq;
	unsigned long index;
	int ret = 0;

	if (WARN_ON_ONCE(IS_ERR_OR_NULL(dom) || !consumer))
		return -EINVAL;

	mutex_lock(&dom->lock);
	xa_for_each(&dom->irqs, index, irq) {
		if (irq->desc.consumer == consumer &&
		    device_msi_free_checked(irq))
			ret = -EBUSY;
	}
	mutex_unlock(&dom->lock);
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
 * Return: the irq, -EINVAL for a wrong argument, or -ENOENT if the slot has no
 * interrupt.
 */
int device_msi_virq(struct device_msi_domain *dom, unsigned int index)
{
	struct device_msi_irq *irq;
	int ret;

	if (WARN_ON_ONCE(IS_ERR_OR_NULL(dom)))
		return -EINVAL;

	mutex_lock(&dom->lock);
	irq = xa_load(&dom->irqs, index);
	ret = irq ? irq->virq : -ENOENT;
	mutex_unlock(&dom->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_virq);
