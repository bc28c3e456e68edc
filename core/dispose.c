// SPDX-License-Identifier: GPL-2.0-only
/*
 * How interrupts end. Whoever started one, by request_irq() or otherwise: its slot
 * is masked, emptied and, in a deferred store, acknowledged by the device; then it
 * is deactivated, the CPUs that may just be handling it are waited for, and only
 * then kernel, store and slot number get it back, in this order.
 */
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "internals.h"

/* Of a deferred store: is it certain that the device does not send the message? */
static bool device_msi_acknowledged(struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;
	const struct device_msi_ops *ops = dom->ops;
	unsigned long flags;
	bool settled;

	if (!dom->deferred || !ops->sync)
		return true;
	local_irq_save(flags);
	settled = ops->settled(&irq->desc);
	local_irq_restore(flags);
	if (settled || !device_msi_reachable(dom))
		return settled;
	return !ops->sync(dom->info.store, &irq->desc);
}

/**
 * device_msi_stop() - Have the device stop sending an interrupt
 * @irq:	the interrupt
 *
 * Masks and empties the slot if the interrupt is activated. That of a device that
 * cannot be reached is done by device_msi_restore().
 *
 * Context: Process context, may sleep.
 * Return: true if the device cannot send a stale message.
 */
bool device_msi_stop(struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;
	struct irq_desc *desc;
	unsigned long flags;
	bool stale;

	if (!irq->data)
		return !irq->disposed || device_msi_acknowledged(irq);

	desc = irq_data_to_desc(irq->data);
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (irq->activated)
		device_msi_clear_slot(device_msi_ops_for(irq), irq);
	stale = irq->stale;
	raw_spin_unlock_irqrestore(&desc->lock, flags);

	if (irq->orphaned || dom->emptied || device_msi_device_gone(dom->dev))
		return true;
	return !stale && device_msi_acknowledged(irq);
}

/**
 * device_msi_deactivate() - Have the parents take back what makes a message work
 * @irq:	the interrupt; the device does not send it any more
 */
void device_msi_deactivate(struct device_msi_irq *irq)
{
	struct irq_desc *desc;
	unsigned long flags;

	if (!irq->data)
		return;
	desc = irq_data_to_desc(irq->data);
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (irq->activated) {
		device_msi_note_cpu(irq);
		device_msi_parent_deactivate(irq->data);
		irqd_clr_activated(irq->data);
		irq->activated = false;
	}
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

static void device_msi_nothing(void *unused)
{
}

/*
 * A CPU that has fetched an interrupt's descriptor by its vector, and has not begun
 * to handle it, is not waited for by free_irq(): a virtual CPU may stay there for
 * long. It would handle a descriptor that is no longer an interrupt's ("unexpected
 * IRQ trap"). Such a CPU has its interrupts off, so one that answers has passed. The
 * other CPUs are not asked: they may be isolated.
 */
static void device_msi_wait_for_cpus(struct device_msi_domain *dom,
				     struct device_msi_desc **descs,
				     unsigned int nr)
{
	const struct device_msi_irq *irq;
	unsigned int i, k, cpu;

	lockdep_assert_held(&dom->lock);	/* it protects the mask */
	cpumask_clear(dom->asked);
	for (i = 0; i < nr; i++) {
		irq = device_msi_desc_irq(descs[i]);
		for (k = 0; irq->data && k < ARRAY_SIZE(irq->cpus); k++) {
			cpu = irq->cpus[k];
			if (cpu < nr_cpu_ids)
				cpumask_set_cpu(cpu, dom->asked);
			else if (cpu != DEVICE_MSI_NO_CPU)
				cpumask_setall(dom->asked);	/* unknown */
		}
		cond_resched();
	}
	on_each_cpu_mask(dom->asked, device_msi_nothing, NULL, true);
}

/* It may stay in a block of the parent's, for somebody else */
static void device_msi_give_irq_back(struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;

	dom->freed.data = irq->data;
	WRITE_ONCE(dom->freed.virq, irq->data->irq);
	device_msi_parent_dispose(&dom->parent, irq->data,
				  device_msi_renew(dom, irq->data));
	WRITE_ONCE(dom->freed.virq, 0);
}

static void device_msi_unmap(struct device_msi_irq *irq)
{
	static const struct device_msi_sideband none;
	struct device_msi_domain *dom = irq->owner->dom;

	device_msi_forget_resend(irq);
	irq->mapped = false;
	if (irq->data && !device_msi_spare_keep(dom, irq->data))
		device_msi_give_irq_back(irq);
	irq->data = NULL;
	if (irq->in_store && !irq->stale &&
	    irq->desc.sideband.has &&
	    device_msi_put_sideband(irq, none))
		dev_err_ratelimited(dom->dev,
				    "device MSI: the store keeps the sideband of slot %u; the next owner gets it\n",
				    irq->desc.index);
}

/**
 * device_msi_dispose() - Give back interrupts that the device does not send
 * @dom:	the domain, its lock held
 * @descs:	the interrupts, of one consumer
 * @nr:		how many
 */
void device_msi_dispose(struct device_msi_domain *dom,
			struct device_msi_desc **descs, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		device_msi_deactivate(device_msi_desc_irq(descs[i]));
		cond_resched();
	}
	device_msi_wait_for_cpus(dom, descs, nr);
	for (i = 0; i < nr; i++) {
		device_msi_unmap(device_msi_desc_irq(descs[i]));
		cond_resched();
	}
	device_msi_give_slots(dom, descs, nr);
	for (i = 0; i < nr; i++) {
		device_msi_irq_destroy(device_msi_desc_irq(descs[i]));
		cond_resched();
	}
}

/**
 * device_msi_batch_free() - Free interrupts, or what was made of them
 * @descs:	the interrupts, of one consumer; reordered
 * @nr:		how many
 */
void device_msi_batch_free(struct device_msi_desc **descs, unsigned int nr)
{
	struct device_msi_consumer *owner;
	struct device_msi_irq *irq;
	unsigned int i, silent = 0;

	if (!nr)
		return;
	owner = device_msi_desc_irq(descs[0])->owner;
	for (i = 0; i < nr; i++) {
		irq = device_msi_desc_irq(descs[i]);
		if (device_msi_stop(irq))
			descs[silent++] = &irq->desc;
		else
			device_msi_quarantine(irq);
		cond_resched();
	}
	device_msi_dispose(owner->dom, descs, silent);
	device_msi_uncharge(owner, silent);
}
