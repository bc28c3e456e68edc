// SPDX-License-Identifier: GPL-2.0-only
/*
 * How an interrupt of a deferred store moves where the parent frees the old message at once,
 * and may give it to any other device's interrupt. Until a commit the device sends the old
 * message. So the slot is emptied first; when the device has acknowledged that, the parent
 * moves the interrupt; then the slot gets the new message, which a further commit makes
 * effective. What the device had to send meanwhile is perhaps lost, so the interrupt is
 * raised at the end.
 */
#include "internals.h"
#include "offline.h"

#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/irq.h>

/*
 * The device cannot send the interrupt: its parents are not activated, or it is not started,
 * and the device has acknowledged that.
 */
static bool device_msi_is_silent(struct device_msi_irq *irq)
{
	const struct device_msi_ops *ops;

	if (!irq->activated)
		return true;
	ops = device_msi_ops_for(irq);
	return !irqd_is_started(irq->data) && ops->acknowledged &&
	       ops->acknowledged(&irq->desc);
}

/*
 * Have the parent move an interrupt that the device cannot send, and write its message to
 * the slot, also if the parent refuses.
 */
static int device_msi_move_silent(struct device_msi_irq *irq,
				  const struct cpumask *mask, bool force)
{
	struct device_msi_domain *dom = irq->owner->dom;
	const struct device_msi_ops *ops;
	struct msi_msg msg;
	int ret, err;

	if (irq->activated)
		device_msi_record_cpu(irq);
	ret = device_msi_move_slowly(irq->data, mask, force);
	if (!irq->activated || irq->stopping)
		return ret;

	err = device_msi_compose_msg(dom, irq, irq->data, &msg);
	irq->no_msg = !!err;
	if (err)
		return err;
	ops = device_msi_ops_for(irq);
	device_msi_write(ops, irq, &msg);
	if (device_msi_may_send(irq))
		device_msi_unmask_slot(ops, irq);
	return ret;
}

/**
 * device_msi_complete_move() - Move an interrupt whose slot is empty in the device
 * @irq:	the interrupt, with a target
 *
 * Context: The descriptor's raw lock held, interrupts off.
 */
void device_msi_complete_move(struct device_msi_irq *irq)
{
	unsigned int target = irq->target;
	int ret;

	irq->target = DEVICE_MSI_NO_CPU;
	ret = device_msi_move_silent(irq, cpumask_of(target), false);
	/* The CPU may be offline or have no room by now. A lack of a message is in the log */
	if (ret < 0 && !irq->no_msg)
		ret = device_msi_move_silent(irq,
					     irq_data_get_affinity_mask(irq->data),
					     false);
	if (ret < 0 && !irq->no_msg)
		dev_warn_ratelimited(irq->owner->dom->dev,
				     "slot %u: irq %u did not move to CPU %u: %pe; set its affinity again\n",
				     irq->desc.index, irq->data->irq, target,
				     ERR_PTR(ret));
	device_msi_raise_after_commit(irq);
}

/* The irq_set_affinity callback. It chooses the CPU, as @mask is not there any more later */
static int device_msi_move_masked(struct irq_data *d, const struct cpumask *mask,
				  bool force)
{
	const struct cpumask *now = irq_data_get_effective_affinity_mask(d);
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct device_msi_domain *dom = device_msi_domain_of(d);
	unsigned int cpu;

	mask = device_msi_usable_cpus(mask);
	if (!cpumask_intersects(mask, cpu_online_mask))
		return -ENODEV;
	cpu = cpumask_first_and(mask, now);
	if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		cpu = cpumask_any_and_distribute(mask, cpu_online_mask);
	else if (irq->target == DEVICE_MSI_NO_CPU)
		return IRQ_SET_MASK_OK_DONE;	/* it is there */
	/* Without a CPU to move to, the parent just says whether the last move is complete */
	if (device_msi_parent_move(&dom->parent, d, cpu_none_mask, false) == -EBUSY)
		return -EBUSY;
	if (device_msi_is_silent(irq)) {
		irq->target = DEVICE_MSI_NO_CPU;
		return device_msi_move_silent(irq, mask, force);
	}
	irq->target = cpu;
	device_msi_clear_slot(device_msi_ops_for(irq), irq);
	device_msi_raise_after_commit(irq);
	return IRQ_SET_MASK_OK_DONE;
}

/* Called by the parent when it moves: device_msi_move_silent() composes the message */
static void device_msi_write_nothing(struct irq_data *d, struct msi_msg *msg)
{
}

void device_msi_masked_move_chip_init(struct device_msi_domain *dom)
{
	struct irq_chip *chip = &dom->chip;

	chip->irq_set_affinity = device_msi_move_masked;
	chip->irq_write_msi_msg = device_msi_write_nothing;
}
