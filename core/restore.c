// SPDX-License-Identifier: GPL-2.0-only
/*
 * When device and kernel may disagree: after a reset, error recovery or resume,
 * or when somebody wants to know. The kernel's copy, the shadow, is right.
 */
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "internals.h"

static int device_msi_restore_irq(struct device_msi_irq *irq)
{
	const struct device_msi_ops *ops = irq->owner->dom->ops;
	struct irq_desc *desc = irq_data_to_desc(irq->data);
	unsigned long flags;
	int ret = 0;

	raw_spin_lock_irqsave(&desc->lock, flags);
	ret = ops->restore(&irq->desc, &irq->msg);
	if (!ret && ops->set_sideband)
		ret = ops->set_sideband(&irq->desc);
	/* Without its sideband a message may reach the wrong address space */
	irq->held = !!ret;
	if (device_msi_may_send(irq))
		device_msi_let_send(irq);
	raw_spin_unlock_irqrestore(&desc->lock, flags);

	if (ret)
		dev_err_ratelimited(irq->owner->dom->dev,
				    "device MSI: slot %u stays masked, the store could not restore its message or its sideband: %pe; call device_msi_restore() when the device answers\n",
				    irq->desc.index, ERR_PTR(ret));
	return ret;
}

/*
 * After a reset a free slot may hold a message and be unmasked. Slots that are set
 * aside are among these ranges: the store knows them.
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

/**
 * device_msi_restore() - Write all slots again
 * @dom:	the domain
 *
 * For a driver whose device has lost its store, or may have: after a reset, in
 * error recovery, on resume. Call it when the device's memory can be accessed
 * again. Each allocated slot is masked first, then gets its message and its
 * sideband, and is unmasked if it was. What the kernel holds as pending stays
 * so; what waited in the device is up to the device. What a queue store had given
 * up is tried again.
 *
 * Context: Process context, may sleep. Takes the domain's lock. Interrupts may
 * fire and move meanwhile.
 * Return: 0; -EINVAL for a wrong argument; -ENODEV if the domain was removed;
 * -EOPNOTSUPP if the store cannot; or the first error of the store: that slot
 * stays masked, the others are restored.
 */
int device_msi_restore(struct device_msi_domain *dom)
{
	struct device_msi_irq *irq;
	unsigned long index;
	int err, ret;

	ret = device_msi_enter(dom);
	if (ret)
		return ret;

	if (!dom->info.ops->restore) {
		dev_err(dom->dev, "device MSI: this store cannot be restored; remove the domain before a reset\n");
		ret = -EOPNOTSUPP;
		goto out;
	}
	ret = device_msi_silence_free(dom);
	xa_for_each(&dom->irqs, index, irq) {
		err = device_msi_restore_irq(irq);
		if (!ret)
			ret = err;
		cond_resched();
	}
	err = device_msi_sync(dom, NULL);
	if (!ret)
		ret = err;
	device_msi_leave_quarantine(dom, false);
	if (device_msi_moves_late(dom))
		device_msi_resend_all(dom);
out:
	device_msi_leave(dom);
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_restore);

/* What the device should hold now */
static void device_msi_shadow(struct device_msi_irq *irq,
			      struct device_msi_slot *slot)
{
	struct irq_desc *desc = irq_data_to_desc(irq->data);
	unsigned long flags;

	memset(slot, 0, sizeof(*slot));
	raw_spin_lock_irqsave(&desc->lock, flags);
	slot->masked = !device_msi_may_send(irq);
	/* A deferred store tells the device no message of a masked slot */
	if (!slot->masked || !device_msi_deferred(irq->owner->dom))
		slot->msg = irq->msg;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/* Of thousands of wrong slots some are shown, and the others counted */
static DEFINE_RATELIMIT_STATE(device_msi_mismatches, DEFAULT_RATELIMIT_INTERVAL,
			      DEFAULT_RATELIMIT_BURST);

static bool device_msi_slots_differ(const struct device_msi_slot *a,
				    const struct device_msi_slot *b)
{
	return a->masked != b->masked ||
	       memcmp(&a->msg, &b->msg, sizeof(a->msg));
}

/*
 * Reading may sleep, and the interrupt may move meanwhile: then look again. A
 * move also masks for a moment without telling: look twice before complaining.
 * The device of a deferred store may not have been told yet; if it fails to take
 * that, the slot is wrong.
 * Return: 0, 1 if it differs, or the store's error.
 */
static int device_msi_irq_differs(struct device_msi_irq *irq,
				  unsigned int *hidden)
{
	const struct device_msi_ops *ops = irq->owner->dom->ops;
	struct device_msi_slot before, now = {}, after;
	unsigned int differed = 0;
	int ret;

	device_msi_shadow(irq, &after);
	while (differed < 2) {
		before = after;
		device_msi_sync(irq->owner->dom, &irq->desc);
		ret = ops->read_slot(&irq->desc, &now);
		if (ret)
			return ret;
		device_msi_shadow(irq, &after);
		if (device_msi_slots_differ(&before, &after))
			continue;
		if (!device_msi_slots_differ(&now, &after))
			return 0;
		differed++;
	}
	if (!__ratelimit(&device_msi_mismatches)) {
		(*hidden)++;
		return 1;
	}
	dev_warn(irq->owner->dom->dev,
		 "device MSI: slot %u holds %08x%08x %08x%s, should be %08x%08x %08x%s\n",
		 irq->desc.index, now.msg.address_hi, now.msg.address_lo,
		 now.msg.data, now.masked ? " masked" : "",
		 after.msg.address_hi, after.msg.address_lo, after.msg.data,
		 after.masked ? " masked" : "");
	return 1;
}

/**
 * device_msi_verify() - Compare the device's slots with what they should be
 * @dom:	the domain
 * @repair:	write the wrong ones again
 *
 * Looks at the message and the mask of every allocated slot.
 *
 * Context: Process context, may sleep. Takes the domain's lock. Interrupts may
 * fire and move meanwhile.
 * Return: how many slots are, or were, wrong, the first of them in the log, and how
 * many more; -EINVAL for a wrong argument; -ENODEV if the domain was removed;
 * -EOPNOTSUPP if the store cannot be read, or cannot be restored and @repair is
 * true; or the first error of the store.
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

	if (!dom->info.ops->read_slot || (repair && !dom->info.ops->restore)) {
		dev_err(dom->dev, "device MSI: this store cannot be %s\n",
			dom->info.ops->read_slot ? "restored" : "read");
		err = -EOPNOTSUPP;
		goto out;
	}
	xa_for_each(&dom->irqs, index, irq) {
		ret = device_msi_irq_differs(irq, &hidden);
		if (ret > 0) {
			wrong++;
			ret = repair ? device_msi_restore_irq(irq) : 0;
		}
		if (!err)
			err = ret;
	}
	if (hidden)
		dev_warn(dom->dev,
			 "device MSI: %d slots hold something else than they should; %u of them are not shown\n",
			 wrong, hidden);
	if (repair && wrong && !err)
		err = device_msi_sync(dom, NULL);
out:
	device_msi_leave(dom);
	return err ?: wrong;
}
EXPORT_SYMBOL_GPL(device_msi_verify);
