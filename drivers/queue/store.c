// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations of a queue store that the core calls. They record what the kernel
 * wants of a slot; command.c commits it, at once or soon.
 */
#include "queue.h"

#include <linux/device.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "../layout.h"

/* Room for a driver whose read_back() copies a slot, but whose layout has no stride */
#define IMS_QUEUE_MIN_COPY	64U

static void ims_queue_write_msg(struct device_msi_desc *desc,
				const struct msi_msg *msg)
{
	struct ims_queue_slot *slot = ims_queue_slot(desc);
	struct ims_queue *queue = desc->store;
	unsigned long flags;

	raw_spin_lock_irqsave(&queue->lock, flags);
	slot->msg = *msg;
	if (ims_msg_is_empty(msg))
		slot->send = false;
	ims_queue_change(queue, slot);
	raw_spin_unlock_irqrestore(&queue->lock, flags);
}

/*
 * The kernel masks in atomic context and often for a short time, when a command would
 * come too late. So the device may still send: the kernel marks the interrupt pending
 * and handles it after enable_irq(). An empty message is what stops the device.
 */
static void ims_queue_mask(struct device_msi_desc *desc)
{
}

static void ims_queue_unmask(struct device_msi_desc *desc)
{
	struct ims_queue_slot *slot = ims_queue_slot(desc);
	struct ims_queue *queue = desc->store;
	unsigned long flags;

	raw_spin_lock_irqsave(&queue->lock, flags);
	slot->send = !ims_msg_is_empty(&slot->msg);
	ims_queue_change(queue, slot);
	raw_spin_unlock_irqrestore(&queue->lock, flags);
}

static int ims_queue_set_sideband(struct device_msi_desc *desc)
{
	struct ims_queue_slot *slot = ims_queue_slot(desc);
	struct ims_queue *queue = desc->store;
	unsigned long flags;
	int ret;

	raw_spin_lock_irqsave(&queue->lock, flags);
	ret = ims_layout_sideband(&queue->layout, &desc->sideband, &slot->ctrl);
	if (!ret)
		ims_queue_change(queue, slot);
	raw_spin_unlock_irqrestore(&queue->lock, flags);
	return ret;
}

/* The device was reset: what it holds is unknown, and it may accept commands again */
static int ims_queue_restore(struct device_msi_desc *desc,
			     const struct msi_msg *msg)
{
	struct ims_queue_slot *slot = ims_queue_slot(desc);
	struct ims_queue *queue = desc->store;
	unsigned long flags;

	raw_spin_lock_irqsave(&queue->lock, flags);
	if (slot->quarantined)
		queue->stats.quarantined--;
	slot->quarantined = false;
	slot->under_way = false;
	slot->failed = 0;
	slot->known = false;
	slot->msg = *msg;
	slot->send = false;
	/* Reset once per restore: commands of the worker may fail during it */
	if (!queue->restoring)
		queue->failures = 0;
	queue->restoring = true;
	ims_queue_change(queue, slot);
	raw_spin_unlock_irqrestore(&queue->lock, flags);
	return 0;
}

static int ims_queue_sync(void *store, struct device_msi_desc *desc)
{
	struct ims_queue *queue = store;

	if (desc)
		return ims_queue_commit(queue, ims_queue_slot(desc));

	raw_spin_lock_irq(&queue->lock);
	queue->restoring = false;
	raw_spin_unlock_irq(&queue->lock);
	return ims_queue_commit_all(queue);
}

static bool ims_queue_is_acknowledged(struct device_msi_desc *desc)
{
	struct ims_queue *queue = desc->store;
	unsigned long flags;
	bool acknowledged;

	raw_spin_lock_irqsave(&queue->lock, flags);
	acknowledged = ims_queue_is_acknowledged_locked(queue,
							ims_queue_slot(desc));
	raw_spin_unlock_irqrestore(&queue->lock, flags);
	return acknowledged;
}

/*
 * Called at the end of request_irq() and, in free_irq(), before deactivation. A slot
 * that must stop sending is committed now; one that may send can wait for
 * ims_queue_end().
 */
static int ims_queue_bus_sync_unlock(struct device_msi_desc *desc)
{
	struct ims_queue_slot *slot = ims_queue_slot(desc);
	struct ims_queue *queue = desc->store;
	bool wait;

	raw_spin_lock_irq(&queue->lock);
	wait = !queue->held || !slot->send;
	raw_spin_unlock_irq(&queue->lock);
	return wait ? ims_queue_commit(queue, slot) : 0;
}

static void ims_queue_get_words(const struct ims_layout *layout,
				const void *words, struct device_msi_slot *slot)
{
	slot->msg.address_lo = ims_layout_get(layout, words, layout->address_lo);
	if (ims_layout_has_word(layout->address_hi))
		slot->msg.address_hi = ims_layout_get(layout, words,
						      layout->address_hi);
	slot->msg.data = ims_layout_get(layout, words, layout->data);
	slot->ctrl = ims_layout_get(layout, words, layout->ctrl);
	slot->masked = ims_layout_is_masked(layout, slot->ctrl);
}

static int ims_queue_read_back(struct device_msi_desc *desc,
			       struct device_msi_slot *slot)
{
	struct ims_queue_entry entry = ims_queue_entry(ims_queue_slot(desc));
	struct ims_queue *queue = desc->store;
	const struct ims_layout *layout = &queue->layout;
	void *copy;
	int ret;

	copy = kvzalloc(max(layout->stride, IMS_QUEUE_MIN_COPY), GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	mutex_lock(&queue->commands);
	ret = queue->info.ops->read_back(queue->info.priv, &entry, copy);
	mutex_unlock(&queue->commands);
	if (!ret)
		ims_queue_get_words(layout, copy, slot);
	kvfree(copy);
	return ret;
}

/* Of a slot that no command carries, the shadow is what the device is to have */
static int ims_queue_read_slot(struct device_msi_desc *desc,
			       struct device_msi_slot *slot)
{
	const struct ims_queue_slot *own = ims_queue_slot(desc);
	struct ims_queue *queue = desc->store;

	if (own->connected)
		return ims_queue_read_back(desc, slot);
	mutex_lock(&queue->commands);
	ims_queue_get_words(&queue->layout, own->shadow, slot);
	mutex_unlock(&queue->commands);
	return 0;
}

static int ims_queue_check_msg(struct device_msi_desc *desc,
			       const struct msi_msg *msg)
{
	const struct ims_queue *queue = desc->store;

	if (!msg->address_hi || ims_layout_has_word(queue->layout.address_hi))
		return 0;
	dev_err_ratelimited(queue->dev,
			    "slot %u holds 32 bits of an address, the message goes to 0x%08x%08x; use interrupt remapping\n",
			    desc->index, msg->address_hi, msg->address_lo);
	return -EOPNOTSUPP;
}

static void ims_queue_put_slot(struct ims_queue *queue,
			       struct ims_queue_slot *slot)
{
	struct ims_queue_entry entry = ims_queue_entry(slot);

	/* Once the domain is removed the driver may unload, with its operations */
	if (!queue->abandoned && queue->info.ops->put_shadow)
		queue->info.ops->put_shadow(queue->info.priv, &entry);
	kfree(slot);
}

static int ims_queue_get_shadow(struct ims_queue *queue,
				struct ims_queue_slot *slot)
{
	const struct ims_layout *layout = &queue->layout;
	unsigned int index = slot->desc->index;
	void *shadow;

	/* The driver's operations are not called while a command is under way */
	mutex_lock(&queue->commands);
	shadow = queue->info.ops->get_shadow(queue->info.priv,
					     slot->desc->consumer, index);
	mutex_unlock(&queue->commands);
	if (IS_ERR(shadow)) {
		/* -ENOSPC: the caller decides whether fewer slots are an error */
		if (PTR_ERR(shadow) != -ENOSPC)
			dev_err_ratelimited(queue->dev,
					    "the driver has no shadow for slot %u: %pe\n",
					    index, shadow);
		return PTR_ERR(shadow);
	}
	if (!shadow || !IS_ALIGNED((unsigned long)shadow, IMS_WORD)) {
		dev_err(queue->dev,
			"the shadow of slot %u is %s; get_shadow() must return an aligned one or an ERR_PTR\n",
			index, shadow ? "not aligned to 4 bytes" : "NULL");
		return -EINVAL;
	}
	slot->shadow = shadow;
	slot->ctrl = ims_layout_fresh(layout, ims_layout_get(layout, shadow,
							     layout->ctrl));
	return 0;
}

/* Have the driver choose the slot of an interrupt that may have any */
static int ims_queue_choose_index(struct ims_queue *queue,
				  struct device_msi_desc *desc)
{
	int index;

	if (desc->index != DEVICE_MSI_NO_SLOT)
		return 0;
	mutex_lock(&queue->commands);
	index = queue->info.ops->choose_slot(queue->info.priv, desc->consumer);
	mutex_unlock(&queue->commands);
	if (index < 0)
		return index;
	desc->index = index;
	return 0;
}

static int ims_queue_add_slot(struct ims_queue *queue,
			      struct device_msi_desc *desc)
{
	struct ims_queue_slot *slot;
	int ret;

	slot = kzalloc(sizeof(*slot), GFP_KERNEL);
	if (!slot)
		return -ENOMEM;
	slot->desc = desc;
	slot->connected = queue->info.carry == IMS_QUEUE_FROM_ALLOC;
	INIT_LIST_HEAD(&slot->node);
	ret = ims_queue_choose_index(queue, desc);
	if (!ret)
		ret = ims_queue_get_shadow(queue, slot);
	if (ret) {
		kfree(slot);
		return ret;
	}
	desc->slot_data = (unsigned long)slot;
	return 0;
}

static void ims_queue_free_store(struct device *consumer,
				 struct device_msi_desc **descs,
				 unsigned int nr)
{
	struct ims_queue *queue = descs[0]->store;
	unsigned int i;

	/* A command that is under way may carry one of these slots */
	mutex_lock(&queue->commands);
	for (i = 0; i < nr; i++) {
		raw_spin_lock_irq(&queue->lock);
		ims_queue_forget(queue, ims_queue_slot(descs[i]));
		raw_spin_unlock_irq(&queue->lock);
		ims_queue_put_slot(queue, ims_queue_slot(descs[i]));
		cond_resched();
	}
	mutex_unlock(&queue->commands);
}

/* Commit masked and empty slots, whatever the device holds for them */
static int ims_queue_silence(struct ims_queue *queue,
			     struct device_msi_desc **descs, unsigned int nr)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < nr; i++) {
		raw_spin_lock_irq(&queue->lock);
		ims_queue_enlist(queue, ims_queue_slot(descs[i]));
		raw_spin_unlock_irq(&queue->lock);
		cond_resched();
	}
	for (i = 0; i < nr && !ret; i++) {
		ret = ims_queue_commit(queue, ims_queue_slot(descs[i]));
		cond_resched();
	}
	return ret;
}

static int ims_queue_alloc_store(struct device *consumer,
				 struct device_msi_desc **descs,
				 unsigned int nr)
{
	struct ims_queue *queue = descs[0]->store;
	unsigned int done;
	int ret = 0;

	for (done = 0; done < nr; done++) {
		ret = ims_queue_add_slot(queue, descs[done]);
		if (ret)
			break;
		cond_resched();
	}
	/* The driver has shadows for the first @done slots only */
	if (ret == -ENOSPC && done)
		ret = 0;
	else if (ret == -ENOSPC && descs[0]->index == DEVICE_MSI_NO_SLOT)
		dev_err_ratelimited(queue->dev,
				    "choose_slot() has no free slot: %pe\n",
				    ERR_PTR(ret));
	else if (ret == -ENOSPC)
		dev_err_ratelimited(queue->dev,
				    "the driver has no shadow for slot %u, and for no more slots: %pe\n",
				    descs[0]->index, ERR_PTR(ret));
	if (!ret)
		ret = ims_queue_silence(queue, descs, done);
	if (!ret)
		return done;
	if (done)
		ims_queue_free_store(consumer, descs, done);
	return ret;
}

static void ims_queue_show(void *store, struct seq_file *m)
{
	const struct ims_queue *queue = store;

	seq_printf(m, "commands: %llu, %llu failed; slots committed: %llu; in quarantine: %u\n",
		   queue->stats.commands, queue->stats.failed,
		   queue->stats.slots, queue->stats.quarantined);
}

/*
 * The driver unbinds while interrupts are requested: commit the cleared slots, and do not
 * call the driver afterwards.
 */
static void ims_queue_abandon(void *store)
{
	struct ims_queue *queue = store;

	queue->abandoned = true;
	ims_queue_commit_all(queue);
	cancel_work_sync(&queue->work);
	ims_queue_drop_reports(queue);
}

void ims_queue_free(struct ims_queue *queue)
{
	kvfree(queue->entries);
	kvfree(queue->slots);
	kfree(queue);
}

static void ims_queue_destroy(void *store)
{
	struct ims_queue *queue = store;

	cancel_work_sync(&queue->work);
	ims_queue_drop_reports(queue);
	ims_queue_free(queue);
}

const struct device_msi_ops ims_queue_ops = {
	.owner		 = THIS_MODULE,
	.msi_alloc_store = ims_queue_alloc_store,
	.msi_free_store	 = ims_queue_free_store,
	.write_msg	 = ims_queue_write_msg,
	.mask		 = ims_queue_mask,
	.unmask		 = ims_queue_unmask,
	.set_sideband	 = ims_queue_set_sideband,
	.restore	 = ims_queue_restore,
	.read_slot	 = ims_queue_read_slot,
	.check_msg	 = ims_queue_check_msg,
	.sync		 = ims_queue_sync,
	.acknowledged	 = ims_queue_is_acknowledged,
	.bus_sync_unlock = ims_queue_bus_sync_unlock,
	.abandon	 = ims_queue_abandon,
	.show		 = ims_queue_show,
	.destroy	 = ims_queue_destroy,
};

