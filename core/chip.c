// SPDX-License-Identifier: GPL-2.0-only
/*
 * The irq_chip: what the kernel asks of one interrupt, translated into the store's
 * operations on one slot. chip_deferred.c has what differs for deferred stores.
 *
 * Delivery never touches the store: the flow handler calls the parent's ack or eoi, and
 * the driver's handler.
 */
#include "internals.h"
#include "offline.h"

#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "../compat/compat.h"

/**
 * device_msi_chip_mask() - Mask an interrupt, whatever the state of its slot
 * @d:		our irq_data of the interrupt
 *
 * The irq_mask callback of stores without chip_mask(). device_msi_mask_by() calls it
 * when the store must not write to the slot by itself.
 *
 * Context: The descriptor's raw lock held, interrupts off.
 */
void device_msi_chip_mask(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);

	device_msi_ops_for(irq)->mask(&irq->desc);
}
EXPORT_SYMBOL_GPL(device_msi_chip_mask);

/**
 * device_msi_chip_unmask() - Unmask an interrupt, if its slot may send
 * @d:		our irq_data of the interrupt
 *
 * The irq_unmask callback of stores without chip_unmask(). device_msi_unmask_by()
 * calls it when the store must not write to the slot by itself.
 *
 * Context: The descriptor's raw lock held, interrupts off.
 */
void device_msi_chip_unmask(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);

	if (unlikely(device_msi_must_not_send(irq)))
		return;
	device_msi_unmask_slot(device_msi_ops_for(irq), irq);
}
EXPORT_SYMBOL_GPL(device_msi_chip_unmask);

/*
 * Called by free_irq(), and for a managed interrupt whose last CPU goes offline. The
 * kernel deactivates the interrupt next, which clears the slot. A slot that cannot be
 * reached may still send after that, so have the kernel omit deactivation: the
 * interrupt keeps its vector until it is freed.
 */
static void device_msi_shutdown(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct device_msi_domain *dom = device_msi_domain_of(d);
	const struct device_msi_ops *ops = device_msi_ops_for(irq);

	if (dom->deferred) {
		/*
		 * A commit must come between this and deactivation, see
		 * bus_sync_unlock() in docs/store.md.
		 */
		device_msi_clear_slot(ops, irq);
		irq->caller = current->pid;
		irq->stopping = true;
	} else {
		ops->mask(&irq->desc);
	}
	if (irq->stale && !irq->orphaned && !dom->emptied) {
		device_msi_clear_slot(ops, irq);
		irqd_clr_activated(d);
	}
}

/*
 * Raise an interrupt in software. Every parent does so, but not all return that they have.
 * The kernel raises an interrupt once more by itself if the return value says that nobody has.
 */
static int device_msi_retrigger(struct irq_data *d)
{
	irq_chip_retrigger_hierarchy(d);
	return 1;
}

/* Not inlined, so that device_msi_move() needs no stack frame */
static noinline int device_msi_record_and_move(struct irq_data *d,
					       const struct cpumask *mask,
					       bool force)
{
	device_msi_record_cpu(irq_data_get_irq_chip_data(d));
	return irq_chip_set_affinity_parent(d, mask, force);
}

/*
 * The irq_set_affinity callback where the message is fixed: the parent moves the
 * interrupt, and the slot does not change. Both calls are tail calls, which cost a
 * jump.
 */
static int device_msi_move(struct irq_data *d, const struct cpumask *mask,
			   bool force)
{
	const struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);

	if (irq->activated && !device_msi_cpu_recorded(irq))
		return device_msi_record_and_move(d, mask, force);
	return irq_chip_set_affinity_parent(d, mask, force);
}

/*
 * The irq_set_affinity callback where the message may change. With interrupt remapping it
 * does not (IRQ_SET_MASK_OK_DONE).
 * Without it the kernel masks the interrupt before it calls (IRQCHIP_MOVE_DEFERRED,
 * or the default before that flag existed), except that of a deferred store, which
 * needs no mask. The slot is written only if the message did change: irq_startup()
 * calls this with the CPU that activation has chosen a moment ago.
 */
static int device_msi_set_affinity(struct irq_data *d, const struct cpumask *mask,
				   bool force)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct device_msi_domain *dom = device_msi_domain_of(d);
	const struct device_msi_ops *ops;
	struct msi_msg msg;
	bool silenced;
	int ret, err;

	if (irq->activated)
		device_msi_record_cpu(irq);
	if (device_msi_moves_slowly(dom))
		ret = device_msi_move_slowly(d, mask, force);
	else
		ret = irq_chip_set_affinity_parent(d, mask, force);
	/* Activation makes the message: before, it would lead nowhere */
	if (ret < 0 || ret == IRQ_SET_MASK_OK_DONE || !irq->activated)
		return ret;

	silenced = irq->no_msg;
	ops = device_msi_ops_for(irq);
	err = device_msi_compose_msg(dom, irq, d, &msg);
	irq->no_msg = !!err;
	if (err) {
		device_msi_clear_slot(ops, irq);
		return err;
	}
	if (memcmp(&msg, &irq->msg, sizeof(msg)))
		device_msi_write(ops, irq, &msg);
	if (!device_msi_may_send(irq))
		return ret;
	if (silenced)
		device_msi_unmask_slot(ops, irq);
	else
		device_msi_raise_missed(ops, irq);
	return ret;
}

/*
 * The irq_write_msi_msg callback where the parent itself writes the new message of an
 * interrupt that it moves. It does so in any context, and the slot is perhaps not masked.
 * masked_move.c has that of deferred stores.
 */
static void device_msi_write_msi_msg(struct irq_data *d, struct msi_msg *composed)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct device_msi_domain *dom = device_msi_domain_of(d);
	const struct device_msi_ops *ops;
	struct msi_msg msg = *composed;
	int err;

	if (!irq->activated)	/* activation makes the message */
		return;
	ops = device_msi_ops_for(irq);
	err = device_msi_accept_msg(dom, irq, d, &msg, 0);
	irq->no_msg = !!err;
	if (err) {
		device_msi_clear_slot(ops, irq);
		return;
	}
	ops->mask(&irq->desc);
	device_msi_write(ops, irq, &msg);
	if (device_msi_may_send(irq))
		device_msi_unmask_slot(ops, irq);
}

static void device_msi_log_refusal(const struct device_msi_irq *irq, int error)
{
	struct device *dev = irq->owner->dom->dev;

	if (error == -ENODEV)
		dev_err_ratelimited(dev,
				    "slot %u requested, but its domain is removed; request before device_msi_remove_domain()\n",
				    irq->desc.index);
	else
		dev_err_ratelimited(dev,
				    "slot %u requested without a PASID; call device_msi_set_pasid() first\n",
				    irq->desc.index);
}

/*
 * Called at the start of request_irq(), in process context. What is to be refused is
 * refused here: a managed interrupt is activated by irq_startup(), which expects no
 * error.
 */
static int device_msi_request_resources(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct device_msi_domain *dom = device_msi_domain_of(d);
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;
	int ret = 0;

	if (dom->deferred && !device_msi_commit_for_request(irq)) {
		dev_err_ratelimited(dom->dev,
				    "slot %u is in quarantine and cannot be requested; call device_msi_restore()\n",
				    irq->desc.index);
		return -EIO;
	}

	raw_spin_lock_irqsave(&desc->lock, flags);
	WRITE_ONCE(irq->requested, true);
	smp_mb();	/* either device_msi_remove_domain() sees it, or this sees its flag */
	if (READ_ONCE(dom->removed))
		ret = -ENODEV;
	else if (device_msi_lacks_pasid(dom, &irq->desc.sideband))
		ret = -EINVAL;
	if (ret) {
		WRITE_ONCE(irq->requested, false);
	} else {
		/*
		 * The free_irq() before was not acknowledged, and did not deactivate.
		 */
		if (irq->activated && !irq->stale)
			device_msi_parent_deactivate(&dom->parent, d);
		irq->activated = false;
		irq->had_vector = false;
		irq->stopping = false;
		irq->caller = dom->deferred ? current->pid : 0;
		device_msi_cancel_resend(irq);
	}
	raw_spin_unlock_irqrestore(&desc->lock, flags);

	if (!ret)
		device_msi_sysfs_request(d);
	else
		device_msi_log_refusal(irq, ret);
	return ret;
}

/*
 * Called at the end of free_irq(), when the interrupt is deactivated and has no
 * handler; and at the end of a request_irq() that failed. If it failed because
 * activation did, the kernel logs no reason. A managed interrupt whose CPUs are
 * offline is not activated, and that is no failure.
 */
static void device_msi_release_resources(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct device_msi_domain *dom = device_msi_domain_of(d);

	if (!irq->had_vector && !irqd_affinity_is_managed(d))
		dev_err_ratelimited(dom->dev,
				    "slot %u: irq %u got no vector of a CPU; request fewer at a time, or allow more CPUs\n",
				    irq->desc.index, d->irq);
	device_msi_sysfs_release(d);
	WRITE_ONCE(irq->caller, 0);
	WRITE_ONCE(irq->requested, false);
	if (READ_ONCE(dom->released))
		device_msi_collect_soon(dom);
}

/*
 * The store knows whether a message waits; the parent knows what happens behind the
 * message, such as an interrupt in service. The kernel's irq_chip_get_parent_state()
 * returns success if the parent does not know, so look for a parent that does.
 */
static int device_msi_get_state(struct irq_data *d,
				enum irqchip_irq_state which, bool *state)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	const struct device_msi_ops *ops;

	switch (which) {
	case IRQCHIP_STATE_PENDING:
		ops = device_msi_ops_for(irq);
		if (!ops->get_pending)
			break;
		*state = ops->get_pending(&irq->desc);
		return 0;
	case IRQCHIP_STATE_MASKED:
		*state = irqd_irq_masked(d) || device_msi_must_not_send(irq);
		return 0;
	default:
		break;
	}
	for (d = d->parent_data; d; d = d->parent_data)
		if (d->chip && d->chip->irq_get_irqchip_state)
			return d->chip->irq_get_irqchip_state(d, which, state);
	return -EOPNOTSUPP;
}

static int device_msi_set_state(struct irq_data *d,
				enum irqchip_irq_state which, bool state)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	const struct device_msi_ops *ops = device_msi_ops_for(irq);

	if (which == IRQCHIP_STATE_PENDING && ops->set_pending)
		return ops->set_pending(&irq->desc, state);
	for (d = d->parent_data; d; d = d->parent_data)
		if (d->chip && d->chip->irq_set_irqchip_state)
			return d->chip->irq_set_irqchip_state(d, which, state);
	return -EOPNOTSUPP;
}

/**
 * device_msi_chip_init() - Fill in the domain's irq_chip
 * @dom:	a domain with its parent and its store's operations
 *
 * The chip is per domain because /proc/interrupts shows its name, and because its
 * flags say how the parent moves interrupts.
 */
void device_msi_chip_init(struct device_msi_domain *dom)
{
	struct irq_chip *chip = &dom->chip;

	chip->irq_ack = dom->parent.ops->ack;
	chip->irq_eoi = dom->parent.ops->eoi;
	if (dom->parent.ops->parent_writes)
		chip->irq_write_msi_msg = device_msi_write_msi_msg;
	dom->direct.dev = dom->dev;
	chip->irq_mask = dom->ops->chip_mask ?: device_msi_chip_mask;
	chip->irq_unmask = dom->ops->chip_unmask ?: device_msi_chip_unmask;
	chip->irq_shutdown = device_msi_shutdown;
	chip->irq_retrigger = device_msi_retrigger;
	chip->irq_set_affinity = dom->parent.ops->fixed_message ?
				 device_msi_move : device_msi_set_affinity;
	/* With posted interrupts the parent delivers to a virtual CPU */
	chip->irq_set_vcpu_affinity = irq_chip_set_vcpu_affinity_parent;
	chip->irq_request_resources = device_msi_request_resources;
	chip->irq_release_resources = device_msi_release_resources;
	chip->irq_get_irqchip_state = device_msi_get_state;
	chip->irq_set_irqchip_state = device_msi_set_state;
	/* The flags that the kernel gives its own MSI-X, and those of the parent */
	chip->flags = IRQCHIP_SKIP_SET_WAKE | IRQCHIP_ONESHOT_SAFE |
		      dom->parent.ops->chip_flags;

	if (dom->deferred)
		device_msi_deferred_chip_init(dom);
}
