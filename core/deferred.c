// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deferred stores: what the kernel wants of a slot is effective only after the
 * device has taken it, which takes time and may fail.
 */
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/workqueue.h>

#include "internals.h"

/**
 * device_msi_sync() - Have the device take what was changed, and wait
 * @dom:	the domain, its lock held
 * @desc:	one slot, or NULL for all
 *
 * Return: 0, or an error of the store: what the device holds is unknown.
 */
int device_msi_sync(struct device_msi_domain *dom, struct device_msi_desc *desc)
{
	lockdep_assert_held(&dom->lock);

	if (!device_msi_deferred(dom))
		return 0;
	return dom->info.ops->sync(dom->info.store, desc);
}

/**
 * device_msi_synchronize() - Wait until the device has what was changed
 * @dom:	the domain
 *
 * For a driver of a queue store: what was changed before the call, by whomever,
 * is effective when it returns, such as an enable_irq() after a request_irq()
 * with IRQF_NO_AUTOEN, or the affinity. A device in an array store always has
 * it.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: 0; -EINVAL for a wrong argument, -ENODEV if the domain was removed,
 * or -EIO if the device has failed to take a slot, which is in the log.
 */
int device_msi_synchronize(struct device_msi_domain *dom)
{
	int ret;

	ret = device_msi_enter(dom);
	if (ret)
		return ret;
	ret = device_msi_sync(dom, NULL);
	device_msi_leave(dom);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_synchronize);

/**
 * device_msi_call_store() - Have a store do something for its driver
 * @dom:	the domain
 * @owner:	THIS_MODULE of the store
 * @call:	what to do
 * @data:	handed to @call
 *
 * For the functions that a store offers for its own domains.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: what @call returns; -EINVAL for a wrong argument or the domain of
 * another store, or -ENODEV if the domain was removed.
 */
int device_msi_call_store(struct device_msi_domain *dom,
			  const struct module *owner,
			  int (*call)(void *store, void *data), void *data)
{
	int ret;

	ret = device_msi_enter(dom);
	if (ret)
		return ret;
	if (WARN_ON_ONCE(dom->info.ops->owner != owner))
		ret = -EINVAL;
	else
		ret = call(dom->info.store, data);
	device_msi_leave(dom);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_call_store);

/**
 * device_msi_call_slot() - Have a store do something with one slot
 * @dom:	the domain
 * @owner:	THIS_MODULE of the store: it must be that store's domain
 * @index:	number of an allocated slot
 * @call:	called under the descriptor's raw lock, interrupts off, as the
 *		operations are that change a slot
 * @data:	handed to @call
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: what @call returns; -EINVAL for a wrong argument; -ENODEV if the domain
 * was removed; or -ENOENT if the slot has no interrupt.
 */
int device_msi_call_slot(struct device_msi_domain *dom,
			 const struct module *owner, unsigned int index,
			 int (*call)(struct device_msi_desc *desc, void *data),
			 void *data)
{
	struct device_msi_irq *irq;
	struct irq_desc *desc;
	unsigned long flags;
	int ret;

	ret = device_msi_enter(dom);
	if (ret)
		return ret;
	irq = device_msi_irq_at(dom, index);
	if (WARN_ON_ONCE(dom->info.ops->owner != owner)) {
		ret = -EINVAL;
	} else if (!irq || !irq->data) {
		dev_err_ratelimited(dom->dev,
				    "device MSI: slot %u has no interrupt; allocate it first\n",
				    index);
		ret = -ENOENT;
	} else {
		desc = irq_data_to_desc(irq->data);
		raw_spin_lock_irqsave(&desc->lock, flags);
		ret = call(&irq->desc, data);
		raw_spin_unlock_irqrestore(&desc->lock, flags);
	}
	device_msi_leave(dom);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_call_slot);

/* Under the descriptor's raw lock */
void device_msi_raise_later(struct device_msi_irq *irq)
{
	irq->resend = true;
	queue_work(system_freezable_wq,
		   &device_msi_domain_of(irq->data)->resend_work);
}

/* Return: is it too early? It moved again since the device was told */
static bool device_msi_resend(struct device_msi_irq *irq)
{
	struct irq_desc *desc = irq_data_to_desc(irq->data);
	const struct device_msi_ops *ops = irq->owner->dom->info.ops;
	unsigned long flags;
	bool early = false;

	raw_spin_lock_irqsave(&desc->lock, flags);
	if (irq->resend && irqd_is_started(irq->data)) {
		early = !ops->settled(&irq->desc);
		if (!early)
			irq_chip_retrigger_hierarchy(irq->data);
	}
	irq->resend = early;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return early;
}

/**
 * device_msi_resend_all() - Raise what is to be raised
 * @dom:	the domain, its lock held
 *
 * An interrupt that the kernel has moved from a CPU that is gone already, to which
 * the device may have sent, is raised once too often rather than once too few.
 * One in quarantine waits until it is restored.
 */
void device_msi_resend_all(struct device_msi_domain *dom)
{
	struct device_msi_irq *irq;
	bool again = false;
	unsigned long index;
	int ret;

	ret = device_msi_sync(dom, NULL);
	xa_for_each(&dom->irqs, index, irq)
		if (irq->data && device_msi_resend(irq))
			again = true;
	if (again && !ret)
		queue_work(system_freezable_wq, &dom->resend_work);
}

void device_msi_resend_work(struct work_struct *work)
{
	struct device_msi_domain *dom =
		container_of(work, struct device_msi_domain, resend_work);

	mutex_lock(&dom->lock);
	if (!dom->removed)
		device_msi_resend_all(dom);
	mutex_unlock(&dom->lock);
}
