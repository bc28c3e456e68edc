// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts that end without the domain's lock, and are freed later with it: those
 * whose mapping a driver has disposed of by itself, and those whose free_irq()
 * follows the release of their domain.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/irq.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

/*
 * Our own workqueue: a work may free a domain after its driver and its store are
 * unloaded, so this module waits for the work when it is unloaded itself.
 */
struct workqueue_struct *device_msi_wq;

/* Mark in dom->irqs: a driver has disposed of the mapping, or is doing so */
#define DEVICE_MSI_DISPOSED	XA_MARK_2

int device_msi_collect_init(void)
{
	device_msi_wq = alloc_workqueue("device_msi", WQ_UNBOUND, 0);
	return device_msi_wq ? 0 : -ENOMEM;
}

/* Waits for a work that has dropped its references and has not returned yet */
void device_msi_collect_exit(void)
{
	destroy_workqueue(device_msi_wq);
}

/* Context: Process context. The caller knows that the domain exists. */
void device_msi_collect_soon(struct device_msi_domain *dom)
{
	kref_get(&dom->ref);
	if (!queue_work(device_msi_wq, &dom->collect_work))
		device_msi_put(dom);
}

/**
 * device_msi_irq_was_disposed() - A driver has called irq_dispose_mapping() by itself
 * @irq:	the interrupt, whose irq the kernel is about to free
 *
 * Stops and deactivates it; device_msi_collect_disposed() does the rest.
 *
 * Context: Process context, in the kernel's irq_domain lock: the domain's lock, which
 * is taken before it, cannot be taken.
 */
void device_msi_irq_was_disposed(struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;

	dev_err(dom->dev,
		"slot %u: its driver disposed of irq %u by irq_dispose_mapping(); use device_msi_free_irq()\n",
		irq->desc.index, irq->data->irq);
	WARN_ON_ONCE(1);
	if (!device_msi_stop(irq))
		dev_err(dom->dev,
			"slot %u may still send its message, though its irq was disposed of; reset the device\n",
			irq->desc.index);
	device_msi_deactivate(irq);
	xa_set_mark(&dom->irqs, irq->desc.index, DEVICE_MSI_DISPOSED);
}

/* Free interrupts whose mapping, and so whose irq, drivers have disposed of */
void device_msi_collect_disposed(struct device_msi_domain *dom)
{
	struct device_msi_consumer *owner;
	struct device_msi_desc *desc;
	struct device_msi_irq *irq;
	unsigned long index;

	lockdep_assert_held(&dom->lock);
	if (likely(!READ_ONCE(dom->disposed)))
		return;

	WRITE_ONCE(dom->disposed, false);
	smp_mb();	/* an interrupt that is not seen below sets the flag again */
	xa_for_each_marked(&dom->irqs, index, irq, DEVICE_MSI_DISPOSED) {
		cond_resched();
		if (!irq->disposed)	/* device_msi_domain_free() is still at work */
			continue;
		xa_clear_mark(&dom->irqs, index, DEVICE_MSI_DISPOSED);
		irq->data = NULL;
		if (irq->quarantined)
			continue;
		owner = irq->owner;
		desc = &irq->desc;
		device_msi_batch_free(&desc, 1);
		if (!dom->removed)
			device_msi_consumer_remove_idle(owner);
	}
}

/*
 * Free the interrupts whose free_irq() followed the release of their domain. The
 * kernel calls device_msi_release_resources() with the descriptor's request_mutex held and
 * still uses the interrupt then: wait until the kernel has unlocked it.
 */
static void device_msi_collect_released(struct device_msi_domain *dom)
{
	struct device_msi_desc *desc;
	struct device_msi_irq *irq;
	struct irq_desc *kernels;
	unsigned long index;

	xa_for_each(&dom->irqs, index, irq) {
		cond_resched();
		if (!irq->data || device_msi_irq_requested(irq))
			continue;
		kernels = irq_data_to_desc(irq->data);
		mutex_lock(&kernels->request_mutex);
		mutex_unlock(&kernels->request_mutex);
		desc = &irq->desc;
		device_msi_batch_free(&desc, 1);
	}
}

/* Frees what is due, and ends a released domain with its last interrupt */
void device_msi_collect_work(struct work_struct *work)
{
	struct device_msi_domain *dom =
		container_of(work, struct device_msi_domain, collect_work);
	bool ends = false;

	device_msi_lock(dom);
	if (dom->released) {
		device_msi_collect_released(dom);
		ends = !dom->nr_irqs;
		if (ends)
			dom->released = false;	/* the domain ends once */
	}
	device_msi_unlock(dom);
	if (ends)
		device_msi_domain_end(dom);
	device_msi_put(dom);
}
