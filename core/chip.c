// SPDX-License-Identifier: GPL-2.0-only
/*
 * The irq_chip: what the kernel asks of one interrupt, turned into what the store
 * does to one slot.
 *
 * On delivery the store is never touched: handle_edge_irq() calls the parent's
 * ack through irq_chip_ack_parent() and the driver's handler.
 */
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "../compat/compat.h"
#include "internals.h"

static const struct device_msi_ops *device_msi_ops(struct irq_data *d)
{
	return device_msi_domain_of(d)->ops;
}

static void device_msi_mask(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);

	device_msi_ops(d)->mask(&irq->desc);
}

static void device_msi_unmask(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);

	if (unlikely(device_msi_must_not_send(irq)))
		return;
	device_msi_let_send(irq);
}

/* What came in while it was masked arrives, by the device or by us */
static void device_msi_raise_missed(const struct device_msi_ops *ops,
				    struct device_msi_irq *irq)
{
	if (ops->take_missed && ops->take_missed(&irq->desc))
		irq_chip_retrigger_hierarchy(irq->data);
}

void device_msi_let_send(struct device_msi_irq *irq)
{
	const struct device_msi_ops *ops = device_msi_ops(irq->data);

	ops->unmask(&irq->desc);
	device_msi_raise_missed(ops, irq);
}

void device_msi_write(const struct device_msi_ops *ops,
		      struct device_msi_irq *irq, const struct msi_msg *msg)
{
	const struct device_msi_listener *listener =
		&device_msi_domain_of(irq->data)->info.listener;
	bool changed = memcmp(msg, &irq->msg, sizeof(*msg));

	irq->msg = *msg;
	ops->write_msg(&irq->desc, msg);
	if (listener->msg_changed && changed)
		listener->msg_changed(listener->data, irq->desc.consumer,
				      irq->desc.index, msg);
}

/*
 * Masked and without a message: nothing that the device does with this slot
 * can reach a CPU.
 */
void device_msi_clear_slot(const struct device_msi_ops *ops,
			   struct device_msi_irq *irq)
{
	static const struct msi_msg none;

	ops->mask(&irq->desc);
	device_msi_write(ops, irq, &none);
}

int device_msi_make_msg(struct device_msi_domain *dom,
			struct device_msi_irq *irq, struct irq_data *d,
			struct msi_msg *msg)
{
	int ret = device_msi_parent_msg(&dom->parent, &dom->msi, d, msg);

	if (!ret && dom->ops->check_msg)
		ret = dom->ops->check_msg(&irq->desc, msg);
	if (ret)
		dev_err_ratelimited(dom->dev,
				    "device MSI: slot %u stays masked, no message could be made for irq %u: %pe; free and request it again\n",
				    irq->desc.index, d->irq, ERR_PTR(ret));
	return ret;
}

/*
 * Of a deferred store. The device may have the old message for some time: not
 * to a CPU that goes offline, and if it was for one that is gone, look after it.
 */
static int device_msi_set_affinity_parent(struct irq_data *d,
					  const struct cpumask *mask, bool force)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	bool late;
	int ret;

	mask = device_msi_staying_cpus(mask);
	if (!cpumask_intersects(mask, cpu_online_mask))
		return -ENODEV;
	late = !cpumask_subset(irq_data_get_effective_affinity_mask(d),
			       cpu_online_mask);
	ret = irq_chip_set_affinity_parent(d, mask, force);
	if (ret >= 0 && late)
		device_msi_raise_later(irq);
	return ret;
}

/**
 * device_msi_set_affinity() - Move an interrupt inside its parent
 * @d:		its data
 * @mask:	where to
 * @force:	as the kernel gives it
 *
 * With interrupt remapping the message stays as it is (IRQ_SET_MASK_OK_DONE).
 * Without, the kernel has masked us before it calls (IRQCHIP_MOVE_DEFERRED, or
 * the default before that flag existed), but for a deferred store, which needs
 * no mask. The message goes out only if it did change: startup calls this with
 * the CPU that activation has chosen a moment ago.
 *
 * Context: The descriptor's raw lock held, interrupts off.
 * Return: as irq_chip.irq_set_affinity(); -ENODEV if no CPU is there to stay.
 */
int device_msi_set_affinity(struct irq_data *d, const struct cpumask *mask,
			    bool force)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct device_msi_domain *dom = device_msi_domain_of(d);
	struct msi_msg msg;
	bool silenced;
	int ret, err;

	if (device_msi_moves_late(dom))
		ret = device_msi_set_affinity_parent(d, mask, force);
	else
		ret = irq_chip_set_affinity_parent(d, mask, force);
	if (ret < 0 || ret == IRQ_SET_MASK_OK_DONE || READ_ONCE(dom->removed))
		return ret;

	silenced = irq->no_msg;
	err = device_msi_make_msg(dom, irq, d, &msg);
	irq->no_msg = !!err;
	if (err) {
		device_msi_clear_slot(dom->ops, irq);
		return err;
	}
	if (memcmp(&msg, &irq->msg, sizeof(msg)))
		device_msi_write(dom->ops, irq, &msg);
	if (!device_msi_may_send(irq))
		return ret;
	if (silenced)
		device_msi_let_send(irq);
	else
		device_msi_raise_missed(dom->ops, irq);
	return ret;
}

/*
 * Of a deferred store: free_irq(). The device must know before deactivation
 * takes the message's meaning away; between the two the kernel calls
 * device_msi_bus_sync_unlock().
 */
static void device_msi_shutdown(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);

	irq->desc.caller = current->pid;
	device_msi_clear_slot(device_msi_ops(d), irq);
}

/*
 * The end of request_irq() and free_irq(), which may sleep, but also that of
 * disable_irq_nosync() and others, which may not. So it counts for the task only
 * that is in one of the former, and not for an interrupt on its top.
 */
static void device_msi_bus_sync_unlock(struct irq_data *d)
{
	const struct device_msi_ops *ops = READ_ONCE(device_msi_domain_of(d)->ops);
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;

	if (!in_task() || READ_ONCE(irq->desc.caller) != current->pid)
		return;
	WRITE_ONCE(irq->desc.caller, 0);
	if (!ops->bus_sync_unlock || !ops->bus_sync_unlock(&irq->desc))
		return;
	/*
	 * The device may send the message of an interrupt that is shut down. Have
	 * the kernel leave out deactivation: what the message leads to, such as
	 * the vector, stays ours until it is freed.
	 */
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (!irqd_is_started(d))
		irqd_clr_activated(d);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/*
 * Of a deferred store: the kernel wants the interrupt raised, such as what came in
 * while it was disabled. If it moved meanwhile, the old vector must not end
 * before the device has the new message, which an interrupt on the new would do.
 */
static int device_msi_retrigger(struct irq_data *d)
{
	device_msi_raise_later(irq_data_get_irq_chip_data(d));
	return 1;
}

/* Of a deferred store: did the device take what free_irq() has told it? */
static bool device_msi_is_silent(struct device_msi_domain *dom,
				 struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	const struct device_msi_ops *ops = dom->info.ops;
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;
	bool silent;

	raw_spin_lock_irqsave(&desc->lock, flags);
	silent = ops->settled(&irq->desc);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return silent || !ops->sync(dom->info.store, &irq->desc);
}

/*
 * request_irq() begins, in process context. The last moment to refuse: a
 * managed interrupt is activated where nothing can fail any more.
 */
static int device_msi_request(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct device_msi_domain *dom = device_msi_domain_of(d);
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;
	bool lacks_pasid;

	if (device_msi_deferred(dom) && !device_msi_is_silent(dom, d)) {
		dev_err(dom->dev,
			"device MSI: slot %u is in quarantine and cannot be requested; call device_msi_restore()\n",
			irq->desc.index);
		return -EIO;
	}

	raw_spin_lock_irqsave(&desc->lock, flags);
	lacks_pasid = device_msi_lacks_pasid(dom, &irq->desc.sideband);
	WRITE_ONCE(irq->requested, !lacks_pasid);
	irq->activated = false;
	irq->desc.caller = current->pid;
	irq->resend = false;
	raw_spin_unlock_irqrestore(&desc->lock, flags);

	if (lacks_pasid) {
		dev_err(dom->dev,
			"device MSI: slot %u requested without a PASID; call device_msi_set_pasid() first\n",
			irq->desc.index);
		return -EINVAL;
	}
	device_msi_sysfs_request(d);
	return 0;
}

/*
 * free_irq() ends: it is deactivated, and its handler is gone. Or request_irq()
 * failed: then say what the kernel does not. A managed interrupt is activated
 * only when one of its CPUs is online.
 */
static void device_msi_release(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);

	if (!irq->activated && !irqd_affinity_is_managed(d))
		dev_err_ratelimited(device_msi_domain_of(d)->dev,
				    "device MSI: slot %u: irq %u got no vector of a CPU; request fewer at a time, or allow more CPUs\n",
				    irq->desc.index, d->irq);
	device_msi_sysfs_release(d);
	WRITE_ONCE(irq->desc.caller, 0);
	WRITE_ONCE(irq->requested, false);
}

/*
 * Whether a message waits is the store's to know; what happens behind the
 * message, such as an interrupt in service, the parent's. The kernel's
 * irq_chip_get_parent_state() reports success if the parent does not know.
 */
static int device_msi_get_state(struct irq_data *d,
				enum irqchip_irq_state which, bool *state)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);

	switch (which) {
	case IRQCHIP_STATE_PENDING:
		if (!device_msi_ops(d)->get_pending)
			break;
		*state = device_msi_ops(d)->get_pending(&irq->desc);
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

	if (which == IRQCHIP_STATE_PENDING && device_msi_ops(d)->set_pending)
		return device_msi_ops(d)->set_pending(&irq->desc, state);
	for (d = d->parent_data; d; d = d->parent_data)
		if (d->chip && d->chip->irq_set_irqchip_state)
			return d->chip->irq_set_irqchip_state(d, which, state);
	return -EOPNOTSUPP;
}

/**
 * device_msi_chip_init() - Fill in the domain's irq_chip
 * @dom:	a domain with its parent found and its name allocated
 *
 * The chip is per domain because /proc/interrupts shows its name, and because
 * the parent decides how interrupts move.
 */
void device_msi_chip_init(struct device_msi_domain *dom)
{
	struct irq_chip *chip = &dom->chip;

	chip->irq_ack = irq_chip_ack_parent;
	chip->irq_mask = device_msi_mask;
	chip->irq_unmask = device_msi_unmask;
	chip->irq_retrigger = irq_chip_retrigger_hierarchy;
	chip->irq_set_affinity = device_msi_set_affinity;
	/* Posted interrupts: the parent then sends to a virtual CPU */
	chip->irq_set_vcpu_affinity = irq_chip_set_vcpu_affinity_parent;
	chip->irq_request_resources = device_msi_request;
	chip->irq_release_resources = device_msi_release;
	chip->irq_get_irqchip_state = device_msi_get_state;
	chip->irq_set_irqchip_state = device_msi_set_state;
	/* The flags of MSI-X in the kernel, and what the parent adds */
	chip->flags = IRQCHIP_SKIP_SET_WAKE | IRQCHIP_ONESHOT_SAFE |
		      IRQCHIP_AFFINITY_PRE_STARTUP |
		      dom->parent.ops->chip_flags;

	if (dom->info.ops->bus_sync_unlock)
		chip->irq_bus_sync_unlock = device_msi_bus_sync_unlock;
	if (device_msi_deferred(dom)) {
		chip->irq_shutdown = device_msi_shutdown;
		/* It takes a message as a whole, so that any context will do */
		chip->flags &= ~IRQCHIP_MOVE_DEFERRED;
	}
	if (device_msi_moves_late(dom))
		chip->irq_retrigger = device_msi_retrigger;
}
