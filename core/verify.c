// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checking that the device holds what it should. The kernel's copy, the shadow, is
 * right.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>

/* Of thousands of wrong slots a few are logged, and the others counted */
static DEFINE_RATELIMIT_STATE(device_msi_mismatches, DEFAULT_RATELIMIT_INTERVAL,
			      DEFAULT_RATELIMIT_BURST);

/* Read the shadow: what the device should hold now */
void device_msi_read_shadow(struct device_msi_irq *irq,
			    struct device_msi_slot *slot)
{
	struct irq_desc *desc = irq_data_to_desc(irq->data);
	unsigned long flags;

	memset(slot, 0, sizeof(*slot));
	raw_spin_lock_irqsave(&desc->lock, flags);
	slot->masked = !device_msi_may_send(irq);
	/* The device of a deferred store gets no message for a masked slot */
	if (!slot->masked || !irq->owner->dom->deferred)
		slot->msg = irq->msg;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

static bool device_msi_slots_differ(const struct device_msi_slot *a,
				    const struct device_msi_slot *b)
{
	return a->masked != b->masked || a->msg.address_lo != b->msg.address_lo ||
	       a->msg.address_hi != b->msg.address_hi || a->msg.data != b->msg.data;
}

/**
 * device_msi_compare() - Compare a slot with its shadow
 * @irq:	the slot's interrupt, for which the kernel has an irq
 * @commit:	have a deferred store commit first; if the device does not accept that,
 *		the slot is wrong
 * @now:	set to what the device holds, unless that cannot be read
 * @should:	set to what it should hold
 *
 * Reading a slot may sleep, and the interrupt may move meanwhile: then it is compared
 * again. A move also masks the slot for a moment, which the shadow does not show: so a
 * slot is wrong only if it differs twice.
 *
 * Context: Process context, may sleep; the domain's lock held, the store can be read
 * and accessed.
 * Return: 0; 1 if the slot is wrong; or an error of the store.
 */
int device_msi_compare(struct device_msi_irq *irq, bool commit,
		       struct device_msi_slot *now, struct device_msi_slot *should)
{
	const struct device_msi_ops *ops = irq->owner->dom->ops;
	struct device_msi_slot before;
	unsigned int differed = 0;
	int ret;

	device_msi_read_shadow(irq, should);
	while (differed < 2) {
		before = *should;
		if (commit)
			device_msi_commit(irq->owner->dom, &irq->desc);
		ret = ops->read_slot(&irq->desc, now);
		if (ret)
			return ret;
		device_msi_read_shadow(irq, should);
		if (device_msi_slots_differ(&before, should))
			continue;
		if (!device_msi_slots_differ(now, should))
			return 0;
		differed++;
	}
	return 1;
}

/* Return: as device_msi_compare(), and what is wrong is in the log, or counted */
static int device_msi_verify_irq(struct device_msi_irq *irq,
				 unsigned int *hidden)
{
	struct device_msi_slot now = {}, after;
	int ret;

	ret = device_msi_compare(irq, true, &now, &after);
	if (ret <= 0)
		return ret;
	if (!__ratelimit(&device_msi_mismatches)) {
		(*hidden)++;
		return 1;
	}
	dev_warn(irq->owner->dom->dev,
		 "slot %u holds %08x%08x %08x%s, should be %08x%08x %08x%s\n",
		 irq->desc.index, now.msg.address_hi, now.msg.address_lo,
		 now.msg.data, now.masked ? " masked" : "",
		 after.msg.address_hi, after.msg.address_lo, after.msg.data,
		 after.masked ? " masked" : "");
	return 1;
}

static int device_msi_check_verifiable(struct device_msi_domain *dom, bool repair)
{
	const struct device_msi_ops *ops = dom->info.ops;

	if (!ops->read_slot || (repair && !ops->restore)) {
		dev_err_ratelimited(dom->dev,
				    "nothing verified, this store cannot be %s\n",
				    ops->read_slot ?
				    "restored; verify it without repair" : "read");
		return -EOPNOTSUPP;
	}
	if (!device_msi_reachable(dom)) {
		dev_err_ratelimited(dom->dev,
				    "nothing verified, the store is quiesced, or the device asleep or gone; call device_msi_restore() in D0 first\n");
		return -ENODEV;
	}
	return 0;
}

/**
 * device_msi_verify() - Compare the device's slots with what they should be
 * @dom:	the domain
 * @repair:	write the wrong ones again
 *
 * Compares the message and the mask of every allocated slot.
 *
 * Context: Process context, may sleep. Takes the domain's lock. Interrupts may fire
 * and move meanwhile.
 * Return: how many slots are, or were, wrong; the log has the first of them, and how
 * many more there are. -EINVAL for a wrong argument; -ENODEV if the domain was
 * removed or quiesced, or the device cannot be reached; -EOPNOTSUPP if the store
 * cannot be read, or cannot be restored and @repair is true; or the first error of
 * the store.
 */
int device_msi_verify(struct device_msi_domain *dom, bool repair)
{
	struct device_msi_irq *irq;
	unsigned long index;
	unsigned int hidden = 0;
	int wrong = 0, err = 0, ret;

	ret = device_msi_enter(dom);
	if (ret)
		return ret;

	err = device_msi_check_verifiable(dom, repair);
	if (err)
		goto out;
	xa_for_each(&dom->irqs, index, irq) {
		ret = irq->data ? device_msi_verify_irq(irq, &hidden) : 0;
		if (ret > 0) {
			wrong++;
			ret = repair ? device_msi_restore_irq(irq) : 0;
		}
		if (!err)
			err = ret;
		cond_resched();
	}
	if (hidden)
		dev_warn(dom->dev,
			 "%d slots do not hold what they should; %u of them are not in this log\n",
			 wrong, hidden);
	/* After an error the other slots are repaired all the same, and committed */
	if (repair && wrong) {
		ret = device_msi_commit(dom, NULL);
		if (!err)
			err = ret;
	}
out:
	device_msi_exit(dom);
	return err ?: wrong;
}
EXPORT_SYMBOL_GPL(device_msi_verify);
