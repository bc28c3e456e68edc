// SPDX-License-Identifier: GPL-2.0-only
/*
 * A queue store tells its driver of slots that it has given up. The driver wants
 * to reset its device then and to restore the domain, so it is told where no
 * lock is held.
 */
#include "queue.h"

#include <linux/device.h>
#include <linux/sched.h>
#include <linux/slab.h>

/**
 * struct ims_queue_loss - A slot that was given up
 * @node:	in queue->lost
 * @entry:	the slot, its consumer referenced
 * @error:	of the last command
 */
struct ims_queue_loss {
	struct list_head	node;
	struct ims_queue_entry	entry;
	int			error;
};

void ims_queue_lose(struct ims_queue *queue, const struct ims_queue_slot *slot,
		    int error)
{
	struct ims_queue_loss *loss;

	if (!queue->info.ops->quarantined || queue->abandoned)
		return;
	/* Small, and may sleep: such an allocation does not fail */
	loss = kzalloc(sizeof(*loss), GFP_KERNEL | __GFP_NOFAIL);
	loss->entry = ims_queue_entry(slot);
	loss->entry.shadow = NULL;	/* may be given back by then */
	/* It may be on its way out, which is why this slot is freed */
	if (!kobject_get_unless_zero(&loss->entry.consumer->kobj))
		loss->entry.consumer = get_device(queue->dev);
	loss->error = error;
	raw_spin_lock_irq(&queue->lock);
	list_add_tail(&loss->node, &queue->lost);
	raw_spin_unlock_irq(&queue->lock);
	queue_work(system_freezable_wq, &queue->lost_work);
}

static struct ims_queue_loss *ims_queue_next_loss(struct ims_queue *queue)
{
	struct ims_queue_loss *loss;

	raw_spin_lock_irq(&queue->lock);
	loss = list_first_entry_or_null(&queue->lost, struct ims_queue_loss,
					node);
	if (loss)
		list_del(&loss->node);
	raw_spin_unlock_irq(&queue->lock);
	return loss;
}

static void ims_queue_free_loss(struct ims_queue_loss *loss)
{
	put_device(loss->entry.consumer);
	kfree(loss);
}

void ims_queue_lost_work(struct work_struct *work)
{
	struct ims_queue *queue = container_of(work, struct ims_queue,
					       lost_work);
	struct ims_queue_loss *loss;

	while ((loss = ims_queue_next_loss(queue))) {
		queue->info.ops->quarantined(queue->info.priv, &loss->entry,
					     loss->error);
		ims_queue_free_loss(loss);
		cond_resched();
	}
}

/* The domain is gone: nobody wants to know any more */
void ims_queue_drop_lost(struct ims_queue *queue)
{
	struct ims_queue_loss *loss;

	cancel_work_sync(&queue->lost_work);
	while ((loss = ims_queue_next_loss(queue))) {
		ims_queue_free_loss(loss);
		cond_resched();
	}
}
