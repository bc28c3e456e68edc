// SPDX-License-Identifier: GPL-2.0-only
/*
 * How interrupts end, whether request_irq() or something else had started them. The
 * slot is masked and emptied, and the device of a deferred store acknowledges that;
 * the interrupt is deactivated; the CPUs that may just be handling it are waited for.
 * Only then its irq, its slot in the store and the slot's number become free, in this
 * order.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/sched.h>
#include <linux/smp.h>

/* Has the device acknowledged the slot? That of an array store need not */
static bool device_msi_wait_acknowledged(struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;
	const struct device_msi_ops *ops = dom->ops;
	unsigned long flags;
	bool acknowledged;

	if (!dom->deferred || !ops->sync)
		return true;
	local_irq_save(flags);
	acknowledged = ops->acknowledged(&irq->desc);
	local_irq_restore(flags);
	if (acknowledged || !device_msi_reachable(dom))
		return acknowledged;
	return !ops->sync(dom->info.store, &irq->desc);
}

/**
 * device_msi_stop() - Have the device stop sending an interrupt
 * @irq:	the interrupt
 *
 * Masks and empties the slot if the interrupt is activated. If the device cannot be
 * reached, device_msi_restore() does that later.
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
		return !irq->disposed || device_msi_wait_acknowledged(irq);

	desc = irq_data_to_desc(irq->data);
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (irq->activated)
		device_msi_clear_slot(device_msi_ops_for(irq), irq);
	stale = irq->stale;
	raw_spin_unlock_irqrestore(&desc->lock, flags);

	if (irq->orphaned || dom->emptied || device_msi_device_gone(dom->dev))
		return true;
	return !stale && device_msi_wait_acknowledged(irq);
}

/**
 * device_msi_deactivate() - Have the parents free what the message leads to
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
		device_msi_record_cpu(irq);
		device_msi_parent_deactivate(&irq->owner->dom->parent,
					     irq->data);
		irqd_clr_activated(irq->data);
		irq->activated = false;
	}
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

static void device_msi_answer_call(void *unused)
{
}

/*
 * free_irq() does not wait for a CPU that has looked up the descriptor by its vector,
 * and has not begun to handle it: a virtual CPU may be preempted there for long. It
 * would go on to handle a descriptor that is freed ("unexpected IRQ trap"). It has
 * its interrupts off, so a CPU that answers a call is past that. Only CPUs that the
 * message targeted are called: others may be isolated.
 */
static void device_msi_wait_for_cpus(struct device_msi_domain *dom,
				     struct device_msi_desc **descs,
				     unsigned int nr)
{
	const struct device_msi_irq *irq;
	unsigned int i, k, cpu;

	lockdep_assert_held(&dom->lock);	/* protects dom->asked */
	cpumask_clear(dom->asked);
	for (i = 0; i < nr; i++) {
		irq = device_msi_desc_irq(descs[i]);
		for (k = 0; irq->data && k < ARRAY_SIZE(irq->cpus); k++) {
			cpu = irq->cpus[k];
			if (cpu < nr_cpu_ids)
				cpumask_set_cpu(cpu, dom->asked);
			else if (cpu != DEVICE_MSI_NO_CPU)
				cpumask_setall(dom->asked);	/* the parent named none */
		}
		cond_resched();
	}
	if (!cpumask_empty(dom->asked))
		on_each_cpu_mask(dom->asked, device_msi_answer_call, NULL, true);
}

/* Dispose of an irq, which a block of the parent's may keep for another allocation */
static void device_msi_dispose_irq(struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;

	dom->freed.data = irq->data;
	WRITE_ONCE(dom->freed.virq, irq->data->irq);
	device_msi_parent_dispose(&dom->parent, irq->data,
				  device_msi_renew(dom, irq->data));
	WRITE_ONCE(dom->freed.virq, 0);
}

/* Keep the irq as a spare or dispose of it, and clear the sideband of the slot */
static void device_msi_unmap(struct device_msi_irq *irq)
{
	static const struct device_msi_sideband none;
	struct device_msi_domain *dom = irq->owner->dom;

	device_msi_cancel_resend(irq);
	irq->mapped = false;
	if (irq->data && !device_msi_spare_keep(dom, irq->data))
		device_msi_dispose_irq(irq);
	irq->data = NULL;
	if (irq->in_store && !irq->stale &&
	    irq->desc.sideband.has &&
	    device_msi_write_sideband(irq, none))
		dev_err_ratelimited(dom->dev,
				    "slot %u: the store does not clear the sideband, and the next owner gets it; set_sideband() must accept DEVICE_MSI_SIDEBAND_NONE\n",
				    irq->desc.index);
}

/**
 * device_msi_dispose() - Free interrupts that the device does not send any more
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
	device_msi_free_slots(dom, descs, nr);
	for (i = 0; i < nr; i++) {
		device_msi_irq_destroy(device_msi_desc_irq(descs[i]));
		cond_resched();
	}
}

/**
 * device_msi_batch_free() - Free interrupts, also those that are only partly allocated
 * @descs:	the interrupts, of one consumer; reordered
 * @nr:		how many
 *
 * An interrupt that the device may still send goes into quarantine.
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
