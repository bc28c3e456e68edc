// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deferred stores: what the kernel wants of a slot is effective only after a commit
 * that the device acknowledges, which takes time and may fail.
 */
#include "internals.h"
#include "offline.h"

#include <linux/device.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

/**
 * device_msi_commit() - Commit pending changes, and wait for the device
 * @dom:	the domain, its lock held
 * @desc:	one slot, or NULL for all
 *
 * Return: 0, also while the device cannot be reached, when device_msi_restore()
 * commits later; or an error of the store: it is unknown what the device holds.
 */
int device_msi_commit(struct device_msi_domain *dom, struct device_msi_desc *desc)
{
	lockdep_assert_held(&dom->lock);

	if (!dom->deferred || !dom->ops->sync || !device_msi_reachable(dom))
		return 0;
	return dom->ops->sync(dom->info.store, desc);
}

/**
 * device_msi_synchronize() - Wait until all changes are effective in the device
 * @dom:	the domain
 *
 * For drivers with a queue store: each change before the call, whoever made it, is
 * effective when the call returns, such as an affinity, or an enable_irq() after
 * request_irq() with IRQF_NO_AUTOEN. In an array store a change is effective at once.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: 0; -EINVAL for a wrong argument, -ENODEV if the domain was removed, or -EIO
 * if the device did not acknowledge a slot, which is in the log.
 */
int device_msi_synchronize(struct device_msi_domain *dom)
{
	int ret;

	ret = device_msi_enter(dom);
	if (ret)
		return ret;
	if (device_msi_moves_masked(dom))	/* moves go on after a commit */
		device_msi_resend_all(dom);
	ret = device_msi_commit(dom, NULL);
	device_msi_exit(dom);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_synchronize);

/**
 * device_msi_synchronize_irq() - Wait until a slot is effective in the device
 * @dom:	the domain
 * @consumer:	the device that was given at allocation
 * @index:	slot number
 *
 * As device_msi_synchronize(), of one interrupt: that others are in quarantine is no
 * error here. After request_irq() it says whether the device has the message.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: 0; -EINVAL for a wrong argument; -ENODEV if the domain was removed; -ENOENT if
 * the slot is not allocated; -EPERM if it is another consumer's; or -EIO if the device
 * did not acknowledge the slot, which is in the log.
 */
int device_msi_synchronize_irq(struct device_msi_domain *dom,
			       struct device *consumer, unsigned int index)
{
	struct device_msi_irq *irq;
	int ret;

	ret = device_msi_enter_for(dom, consumer);
	if (ret)
		return ret;
	irq = device_msi_irq_at(dom, index);
	if (!irq)
		ret = -ENOENT;
	else if (irq->owner->dev != consumer)
		ret = -EPERM;
	else
		ret = device_msi_commit(dom, &irq->desc);
	device_msi_exit_for(dom, consumer);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_synchronize_irq);

/**
 * device_msi_call_store() - Call a function of the store under the domain's lock
 * @dom:	the domain
 * @owner:	THIS_MODULE of the store: it must be that store's domain
 * @call:	the function
 * @data:	handed to @call
 *
 * For functions that a store exports to drivers.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: what @call returns; -EINVAL for a wrong argument or the domain of another
 * store, or -ENODEV if the domain was removed.
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
	device_msi_exit(dom);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_call_store);

/**
 * device_msi_call_slot() - Call a function of the store for one slot
 * @dom:	the domain
 * @owner:	THIS_MODULE of the store: it must be that store's domain
 * @index:	number of an allocated slot
 * @call:	the function; called under the descriptor's raw lock, interrupts off,
 *		as the operations are that change a slot
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
				    "slot %u has no interrupt; allocate it first\n",
				    index);
		ret = -ENOENT;
	} else {
		desc = irq_data_to_desc(irq->data);
		raw_spin_lock_irqsave(&desc->lock, flags);
		ret = call(&irq->desc, data);
		raw_spin_unlock_irqrestore(&desc->lock, flags);
	}
	device_msi_exit(dom);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_call_slot);

/*
 * Note an interrupt that is to be raised. If not @soon, no work is queued for it: its
 * commit has failed, and device_msi_restore() is to come.
 */
static void device_msi_queue_resend(struct device_msi_irq *irq, bool soon)
{
	struct device_msi_domain *dom = irq->owner->dom;

	raw_spin_lock(&dom->resend_lock);
	if (list_empty(&irq->resend))
		list_add_tail(&irq->resend, &dom->resend);
	raw_spin_unlock(&dom->resend_lock);
	if (soon)
		queue_work(system_freezable_wq, &dom->resend_work);
}

/**
 * device_msi_raise_after_commit() - Raise an interrupt once the device has its message
 * @irq:	the interrupt
 *
 * Context: The descriptor's raw lock held, interrupts off.
 */
void device_msi_raise_after_commit(struct device_msi_irq *irq)
{
	device_msi_queue_resend(irq, true);
}

/* The interrupt is not to be raised or moved any more */
void device_msi_cancel_resend(struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;
	unsigned long flags;

	raw_spin_lock_irqsave(&dom->resend_lock, flags);
	list_del_init(&irq->resend);
	irq->target = DEVICE_MSI_NO_CPU;
	raw_spin_unlock_irqrestore(&dom->resend_lock, flags);
}

/* Remove the first interrupt from @due, or return NULL */
static struct device_msi_irq *device_msi_pop_resend(struct device_msi_domain *dom,
						    struct list_head *due)
{
	struct device_msi_irq *irq;

	raw_spin_lock_irq(&dom->resend_lock);
	irq = list_first_entry_or_null(due, struct device_msi_irq, resend);
	if (irq)
		list_del_init(&irq->resend);
	raw_spin_unlock_irq(&dom->resend_lock);
	return irq;
}

/*
 * Commit one slot alone, however many others have pending changes, and raise its
 * interrupt; or move it, if the device has an empty slot for that. If the slot was
 * changed again since the device acknowledged it, this is done later; if the commit
 * failed, after device_msi_restore().
 */
static void device_msi_resend(struct device_msi_irq *irq)
{
	const struct device_msi_ops *ops = irq->owner->dom->ops;
	struct irq_desc *desc = irq_data_to_desc(irq->data);
	unsigned long flags;
	int ret;

	ret = device_msi_commit(irq->owner->dom, &irq->desc);
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (irqd_is_started(irq->data) || irq->target != DEVICE_MSI_NO_CPU) {
		if (irq->stale || ret ||
		    (ops->acknowledged && !ops->acknowledged(&irq->desc)))
			device_msi_queue_resend(irq, !ret);
		else if (irq->target != DEVICE_MSI_NO_CPU)
			device_msi_complete_move(irq);
		else
			irq_chip_retrigger_hierarchy(irq->data);
	}
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/*
 * Raise the interrupts in dom->resend. Some were moved by the kernel from a CPU that
 * was offline already. Whether the device has sent to that CPU is unknown, so they
 * are raised once too often rather than once too few.
 */
static void device_msi_resend_due(struct device_msi_domain *dom)
{
	struct device_msi_irq *irq;
	LIST_HEAD(due);

	lockdep_assert_held(&dom->lock);
	if (dom->removed || !device_msi_reachable(dom))
		return;

	raw_spin_lock_irq(&dom->resend_lock);
	list_splice_init(&dom->resend, &due);
	raw_spin_unlock_irq(&dom->resend_lock);
	while ((irq = device_msi_pop_resend(dom, &due))) {
		if (irq->data)
			device_msi_resend(irq);
		cond_resched();
	}
}

/**
 * device_msi_resend_all() - Commit all slots, and raise the interrupts in dom->resend
 * @dom:	the domain, its lock held
 */
void device_msi_resend_all(struct device_msi_domain *dom)
{
	device_msi_commit(dom, NULL);
	device_msi_resend_due(dom);
	if (!device_msi_moves_masked(dom))
		return;
	/* What has moved by now */
	device_msi_commit(dom, NULL);
	device_msi_resend_due(dom);
}

void device_msi_resend_work(struct work_struct *work)
{
	struct device_msi_domain *dom =
		container_of(work, struct device_msi_domain, resend_work);

	device_msi_lock(dom);
	device_msi_resend_due(dom);
	device_msi_unlock(dom);
}
