// SPDX-License-Identifier: GPL-2.0-only
/*
 * Before the device is reset, sleeps, or the machine starts another kernel: no slot may
 * hold a message, and nobody may touch the store until it is restored.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

/* Mask and empty a slot, if @empty; irq->msg keeps its message for a restore */
static void device_msi_quiesce_irq(struct device_msi_irq *irq, bool empty)
{
	const struct device_msi_ops *ops = irq->owner->dom->ops;
	static const struct msi_msg none;
	struct irq_desc *desc;
	unsigned long flags;

	if (!irq->data)
		return;
	desc = irq_data_to_desc(irq->data);
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (empty) {
		ops->mask(&irq->desc);
		if (!device_msi_msg_is_empty(&irq->msg))
			ops->write_msg(&irq->desc, &none);
	}
	device_msi_set_stale(irq);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

static int device_msi_quiesce_all(struct device_msi_domain *dom)
{
	bool empty = device_msi_device_answers(dom->dev);
	struct device_msi_irq *irq;
	unsigned long index;
	int ret = 0;

	/* From now on the irq_chip callbacks change the shadow alone */
	WRITE_ONCE(dom->quiesced, true);
	xa_for_each(&dom->irqs, index, irq) {
		device_msi_quiesce_irq(irq, empty);
		cond_resched();
	}
	if (empty && dom->ops->sync)
		ret = dom->ops->sync(dom->info.store, NULL);
	dom->emptied = empty && !ret;
	return ret;
}

/**
 * device_msi_quiesce() - Mask and empty all slots, and stop accessing the store
 * @dom:	the domain
 *
 * Masks and empties every allocated slot, if the device can be accessed: it cannot
 * while it is asleep, nor in error_detected() while its link is frozen. From then on
 * interrupts may be requested, freed and moved as ever, but no slot is accessed and
 * none can be allocated, until device_msi_restore() writes to the device what the
 * kernel wants by then. An interrupt that is freed meanwhile goes into quarantine if
 * its slot could not be emptied. For reset_prepare(), error_detected(), suspend, and
 * shutdown(). A second call does nothing.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: 0; -EINVAL for a wrong argument; -ENODEV if the domain was removed;
 * -EOPNOTSUPP if the store cannot be restored; or an error of the store: the domain
 * is quiesced, but the device may hold messages.
 */
int device_msi_quiesce(struct device_msi_domain *dom)
{
	int ret;

	ret = device_msi_enter(dom);
	if (ret)
		return ret;

	if (!dom->info.ops->restore) {
		dev_err_ratelimited(dom->dev,
				    "this store cannot be restored, so it cannot be quiesced; remove the domain instead\n");
		ret = -EOPNOTSUPP;
	} else if (!dom->quiesced) {
		ret = device_msi_quiesce_all(dom);
		if (ret)
			dev_err_ratelimited(dom->dev,
					    "device did not acknowledge that its slots are empty: %pe; reset it before it may master the bus again\n",
					    ERR_PTR(ret));
	}
	device_msi_exit(dom);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_quiesce);
