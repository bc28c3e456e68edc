// SPDX-License-Identifier: GPL-2.0-only
/*
 * A queue store reports the slots that it has quarantined to its driver. The driver
 * will want to reset the device and to restore the domain, so quarantined() is called
 * from a work item, without any lock held.
 */
#include "queue.h"

#include <linux/device.h>
#include <linux/sched.h>
#include <linux/slab.h>

/**
 * struct ims_queue_report - A slot that has entered quarantine
 * @node:	in queue->reports
 * @entry:	the slot, with a reference to its consumer
 * @error:	what the last command for the slot returned
 */
struct ims_queue_report {
	struct list_head	node;
	struct ims_queue_entry	entry;
	int			error;
};

/**
 * ims_queue_add_report() - Report a slot in quarantine to the driver, later
 * @queue:	the store
 * @slot:	the slot
 * @error:	what the last command for the slot returned
 *
 * Context: Process context, may sleep.
 */
void ims_queue_add_report(struct ims_queue *queue,
			  const struct ims_queue_slot *slot, int error)
{
	struct ims_queue_report *report;

	if (!queue->info.ops->quarantined || queue->abandoned)
		return;
	/* An allocation this small does not fail where it may sleep */
	report = kzalloc(sizeof(*report), GFP_KERNEL | __GFP_NOFAIL);
	report->entry = ims_queue_entry(slot);
	/* The driver may have got its shadow back before it hears of the slot */
	report->entry.shadow = NULL;
	/* The consumer may already be being released, which frees its interrupts */
	if (!kobject_get_unless_zero(&report->entry.consumer->kobj))
		report->entry.consumer = get_device(queue->dev);
	report->error = error;
	raw_spin_lock_irq(&queue->lock);
	list_add_tail(&report->node, &queue->reports);
	raw_spin_unlock_irq(&queue->lock);
	queue_work(system_freezable_wq, &queue->report_work);
}

static struct ims_queue_report *ims_queue_next_report(struct ims_queue *queue)
{
	struct ims_queue_report *report;

	raw_spin_lock_irq(&queue->lock);
	report = list_first_entry_or_null(&queue->reports,
					  struct ims_queue_report, node);
	if (report)
		list_del(&report->node);
	raw_spin_unlock_irq(&queue->lock);
	return report;
}

static void ims_queue_free_report(struct ims_queue_report *report)
{
	put_device(report->entry.consumer);
	kfree(report);
}

void ims_queue_report_work(struct work_struct *work)
{
	struct ims_queue *queue = container_of(work, struct ims_queue,
					       report_work);
	struct ims_queue_report *report;

	while ((report = ims_queue_next_report(queue))) {
		queue->info.ops->quarantined(queue->info.priv, &report->entry,
					     report->error);
		ims_queue_free_report(report);
		cond_resched();
	}
}

/* The driver removes its domain: free the reports that it has not been given */
void ims_queue_drop_reports(struct ims_queue *queue)
{
	struct ims_queue_report *report;

	cancel_work_sync(&queue->report_work);
	while ((report = ims_queue_next_report(queue))) {
		ims_queue_free_report(report);
		cond_resched();
	}
}
