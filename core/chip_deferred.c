// SPDX-License-Identifier: GPL-2.0-only
/*
 * The irq_chip of a deferred store: callbacks that must not sleep change the shadow,
 * and those few that may sleep commit.
 */
#include "internals.h"
#include "offline.h"

#include <linux/device.h>
#include <linux/irq.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "../compat/compat.h"

/*
 * Called at the end of request_irq() and, in free_irq(), before deactivation: commit
 * pending changes. Both may sleep. Also called by disable_irq_nosync() and others,
 * which may not sleep: so commit only for the task that is in request_irq() or
 * free_irq(), and not in an interrupt on top of that task.
 */
static void device_msi_bus_sync_unlock(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct device_msi_domain *dom = device_msi_domain_of(d);
	const struct device_msi_ops *ops = READ_ONCE(dom->ops);
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;

	if (!in_task() || READ_ONCE(irq->caller) != current->pid)
		return;
	WRITE_ONCE(irq->caller, 0);
	if (!ops->bus_sync_unlock || !device_msi_reachable(dom) ||
	    !ops->bus_sync_unlock(&irq->desc))
		return;
	/*
	 * After free_irq(): the device may still send the message, so have the kernel
	 * omit deactivation. What the message leads to, such as the vector, is kept
	 * until the interrupt is freed. After request_irq() the kernel must know the
	 * interrupt as activated, also with IRQF_NO_AUTOEN, when it is not started
	 * either.
	 */
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (irq->stopping)
		irqd_clr_activated(d);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/*
 * Raise an interrupt in software, such as one that arrived while it was disabled. It
 * arrives at the new vector, upon which x86 frees the old one. So after a move, wait
 * until the device has the new message and does not send to the old vector any more.
 */
static int device_msi_retrigger_committed(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	const struct device_msi_ops *ops = device_msi_ops_for(irq);

	/* As device_msi_retrigger() of other stores */
	if (!irq->stale && (!ops->acknowledged || ops->acknowledged(&irq->desc)))
		irq_chip_retrigger_hierarchy(d);
	else
		device_msi_raise_after_commit(irq);
	return 1;
}

/**
 * device_msi_commit_for_request() - Check that an interrupt can be requested
 * @irq:	the interrupt
 *
 * Commits the slot if a change of it is not acknowledged yet.
 *
 * Context: Process context, may sleep.
 * Return: false if the device did not acknowledge that the slot is empty.
 */
bool device_msi_commit_for_request(struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;
	const struct device_msi_ops *ops = READ_ONCE(dom->ops);
	struct irq_desc *desc = irq_data_to_desc(irq->data);
	unsigned long flags;
	bool acknowledged;

	if (!ops->sync || !device_msi_reachable(dom))
		return true;
	raw_spin_lock_irqsave(&desc->lock, flags);
	acknowledged = ops->acknowledged(&irq->desc);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return acknowledged || !ops->sync(dom->info.store, &irq->desc);
}

void device_msi_deferred_chip_init(struct device_msi_domain *dom)
{
	struct irq_chip *chip = &dom->chip;

	chip->irq_bus_sync_unlock = device_msi_bus_sync_unlock;
	/*
	 * The device accepts a message as a whole, so a move needs no mask, in any
	 * context.
	 */
	chip->flags &= ~IRQCHIP_MOVE_DEFERRED;
	if (device_msi_moves_by_commit(dom))
		chip->irq_retrigger = device_msi_retrigger_committed;
	if (device_msi_moves_masked(dom))
		device_msi_masked_move_chip_init(dom);
}
