// SPDX-License-Identifier: GPL-2.0-only
/*
 * Quarantine: interrupts that were freed while it is unknown whether the device still
 * sends their messages. Slot, irq and vector are withheld from everybody until the
 * device acknowledges, and the owner is charged for them until then: a consumer gains
 * nothing by making its own teardown fail.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/list.h>
#include <linux/sched.h>

/**
 * device_msi_quarantine() - Put an interrupt in quarantine
 * @irq:	the interrupt, which the device may still send
 */
void device_msi_quarantine(struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;

	dev_err_ratelimited(dom->dev,
			    "slot %u: device did not acknowledge the free; withheld until device_msi_restore() succeeds\n",
			    irq->desc.index);
	irq->quarantined = true;
	irq->desc.consumer = dom->dev;	/* the consumer may be gone before the slot is free */
	list_move_tail(&irq->node, &irq->owner->quarantine);
}

/* Free what the device does not send any more; with @force, free all */
static void device_msi_free_quarantined_of(struct device_msi_consumer *owner, bool force)
{
	struct device_msi_domain *dom = owner->dom;
	struct device_msi_irq *irq, *next;
	struct device_msi_desc *desc;

	list_for_each_entry_safe(irq, next, &owner->quarantine, node) {
		cond_resched();
		if (!device_msi_stop(irq)) {
			if (!force)
				continue;
			dev_err_ratelimited(dom->dev,
					    "slot %u may still hold a message; reset the device before it may master the bus again\n",
					    irq->desc.index);
		}
		desc = &irq->desc;
		device_msi_dispose(dom, &desc, 1);
		device_msi_uncharge(owner, 1);
	}
}

/**
 * device_msi_free_quarantined() - Free interrupts that the device does not send any more
 * @dom:	the domain
 * @force:	the domain ends: free the others as well
 */
void device_msi_free_quarantined(struct device_msi_domain *dom, bool force)
{
	struct device_msi_consumer *owner, *next;

	lockdep_assert_held(&dom->lock);

	list_for_each_entry_safe(owner, next, &dom->owners, node) {
		cond_resched();
		if (list_empty(&owner->quarantine))
			continue;
		device_msi_free_quarantined_of(owner, force);
		if (!dom->removed)
			device_msi_consumer_remove_idle(owner);
	}
}

/**
 * device_msi_transfer_quarantined() - Charge another consumer for interrupts in quarantine
 * @owner:	the consumer that was charged for them, and whose record is freed next
 * @heir:	the consumer that is charged from now on
 */
void device_msi_transfer_quarantined(struct device_msi_consumer *owner,
				     struct device_msi_consumer *heir)
{
	struct device_msi_irq *irq;

	lockdep_assert_held(&owner->dom->lock);

	list_for_each_entry(irq, &owner->quarantine, node) {
		WRITE_ONCE(irq->owner, heir);
		cond_resched();
	}
	list_splice_tail_init(&owner->quarantine, &heir->quarantine);
}
