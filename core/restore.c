// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing the store again when the device may have forgotten it: after a reset, in
 * error recovery, or on resume. The kernel's copy, the shadow, is right.
 */
#include "internals.h"
#include "offline.h"

#include <linux/device.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

/* Write one slot again. Return: 0, or an error of the store, which is in the log */
int device_msi_restore_irq(struct device_msi_irq *irq)
{
	const struct device_msi_ops *ops = irq->owner->dom->ops;
	struct irq_desc *desc;
	unsigned long flags;
	int ret;

	if (irq->data) {
		desc = irq_data_to_desc(irq->data);
		raw_spin_lock_irqsave(&desc->lock, flags);
		ret = device_msi_restore_slot(irq);
		raw_spin_unlock_irqrestore(&desc->lock, flags);
	} else {	/* in quarantine, and a driver has disposed of its irq */
		local_irq_save(flags);
		ret = ops->restore(&irq->desc, &irq->msg);
		local_irq_restore(flags);
	}
	if (ret)
		dev_err_ratelimited(irq->owner->dom->dev,
				    "slot %u stays masked, its message or its sideband could not be restored: %pe; call device_msi_restore() when the device accepts them\n",
				    irq->desc.index, ERR_PTR(ret));
	return ret;
}

/*
 * Have the store mask and empty the slots that are not allocated: after a reset one
 * may hold a message and be unmasked. The ranges include slots that are set aside,
 * which the store knows.
 */
static int device_msi_silence_free(struct device_msi_domain *dom)
{
	const struct device_msi_ops *ops = dom->ops;
	struct device_msi_irq *irq;
	unsigned int first = 0;
	unsigned long index;
	int ret = 0;

	if (!ops->silence)
		return 0;
	xa_for_each(&dom->irqs, index, irq) {
		cond_resched();
		if (index > first)
			ret = ops->silence(dom->info.store, first, index - first);
		if (ret)
			return ret;
		first = index + 1;
	}
	if (first < dom->info.nr_slots)
		ret = ops->silence(dom->info.store, first,
				   dom->info.nr_slots - first);
	return ret;
}

/* After an error the other slots are restored all the same, and committed */
static int device_msi_restore_all(struct device_msi_domain *dom)
{
	struct device_msi_irq *irq;
	unsigned long index;
	int err, ret;

	ret = device_msi_silence_free(dom);
	xa_for_each(&dom->irqs, index, irq) {
		err = device_msi_restore_irq(irq);
		if (!ret)
			ret = err;
		cond_resched();
	}
	err = device_msi_commit(dom, NULL);
	return ret ?: err;
}

static int device_msi_check_restorable(struct device_msi_domain *dom)
{
	if (!dom->info.ops->restore) {
		dev_err_ratelimited(dom->dev,
				    "this store cannot be restored; remove the domain before a reset\n");
		return -EOPNOTSUPP;
	}
	if (!device_msi_device_reachable(dom->dev)) {
		dev_err_ratelimited(dom->dev,
				    "nothing restored, the device is asleep or gone; have it in D0 first\n");
		return -ENODEV;
	}
	return 0;
}

/**
 * device_msi_restore() - Write all slots again
 * @dom:	the domain
 *
 * For a driver whose device has forgotten its store, or may have: after a reset, in
 * error recovery, on resume; and to end device_msi_quiesce(). Call it when the
 * device's memory can be accessed again. Free slots are masked and emptied. Each
 * allocated slot is masked first, then gets its message and its sideband, and is
 * unmasked if it was. An interrupt that the kernel holds as pending remains so;
 * whether the device still holds one is up to the device. Interrupts in quarantine
 * are freed if the device acknowledges their slots now.
 *
 * Context: Process context, may sleep. Takes the domain's lock. Interrupts may fire
 * and move meanwhile.
 * Return: 0; -EINVAL for a wrong argument; -ENODEV if the domain was removed, or the
 * device cannot be reached; -EOPNOTSUPP if the store cannot be restored; or the first
 * error of the store: that slot stays masked, the others are restored.
 */
int device_msi_restore(struct device_msi_domain *dom)
{
	int ret;

	ret = device_msi_enter(dom);
	if (ret)
		return ret;

	ret = device_msi_check_restorable(dom);
	if (!ret) {
		/* An irq_chip callback restores its slot by itself if that is stale */
		WRITE_ONCE(dom->quiesced, false);
		dom->emptied = false;
		ret = device_msi_restore_all(dom);
		device_msi_free_quarantined(dom, false);
		if (device_msi_moves_by_commit(dom))
			device_msi_resend_all(dom);
	}
	device_msi_exit(dom);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_restore);

/**
 * device_msi_restore_irqs() - Write the slots of one consumer again
 * @dom:	the domain
 * @consumer:	the device that the interrupts were allocated for
 *
 * As device_msi_restore(), for a part of the device that was reset by itself.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: as device_msi_restore(), and -EBUSY while the domain is quiesced.
 */
int device_msi_restore_irqs(struct device_msi_domain *dom,
			    struct device *consumer)
{
	struct device_msi_consumer *owner;
	struct device_msi_irq *irq;
	int err, ret;

	ret = device_msi_enter_for(dom, consumer);
	if (ret)
		return ret;

	ret = device_msi_check_restorable(dom);
	if (!ret && dom->quiesced)
		ret = -EBUSY;
	owner = ret ? NULL : device_msi_consumer_find(dom, consumer);
	if (owner) {
		list_for_each_entry(irq, &owner->irqs, node) {
			err = device_msi_restore_irq(irq);
			if (!ret)
				ret = err;
			cond_resched();
		}
		err = device_msi_commit(dom, NULL);
		if (!ret)
			ret = err;
		if (device_msi_moves_by_commit(dom))
			device_msi_resend_all(dom);
	}
	device_msi_exit_for(dom, consumer);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_restore_irqs);
