// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a queue store commits changes: by commands of the device. What the kernel
 * wants of a slot is recorded in any context and may change many times before a
 * command carries the latest state of the whole slot. Until the device acknowledges
 * that command, the old message must still lead to the interrupt: see docs/queue.md.
 */
#include "queue.h"

#include <linux/delay.h>
#include <linux/device.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "../layout.h"

/* Commands that a slot may fail in before it is quarantined; 1, 2, 4, ... ms between */
#define IMS_QUEUE_TRIES		6

/* Commands in a row, of any slots, that fail before the device is considered dead */
#define IMS_QUEUE_FAILURES	64

/* The words that the device should hold for a slot, as the kernel wants it now */
static struct ims_queue_words ims_queue_wanted(const struct ims_queue *queue,
					       const struct ims_queue_slot *slot)
{
	struct ims_queue_words words = {
		.ctrl = ims_layout_fresh(&queue->layout, slot->ctrl),
	};

	if (slot->send) {
		words.msg = slot->msg;
		words.ctrl = ims_layout_mask(&queue->layout, slot->ctrl, false);
	}
	return words;
}

/* Does the device hold other words than the wanted ones, or may it? */
static bool ims_queue_differs(const struct ims_queue *queue,
			      const struct ims_queue_slot *slot)
{
	struct ims_queue_words wanted = ims_queue_wanted(queue, slot);

	return !slot->known || memcmp(&wanted, &slot->sent, sizeof(wanted));
}

/**
 * ims_queue_is_acknowledged_locked() - Can the device send no stale message?
 * @queue:	the store, its lock held
 * @slot:	the slot
 *
 * Return: true if the device holds the wanted words; of a slot in quarantine, if the
 * device has acknowledged the mask.
 */
bool ims_queue_is_acknowledged_locked(const struct ims_queue *queue,
				      const struct ims_queue_slot *slot)
{
	return slot->quarantined ? slot->known :
				   !ims_queue_differs(queue, slot);
}

/**
 * ims_queue_enlist() - Have the next command carry a slot, if the device needs it
 * @queue:	the store, its lock held
 * @slot:	the slot; removed from the list if the device needs no command for it
 *
 * Return: true if the slot is in the list.
 */
bool ims_queue_enlist(struct ims_queue *queue, struct ims_queue_slot *slot)
{
	bool needed = !slot->quarantined && ims_queue_differs(queue, slot);

	lockdep_assert_held(&queue->lock);

	if (!needed)
		list_del_init(&slot->node);
	else if (list_empty(&slot->node))
		list_add_tail(&slot->node, &queue->changed);
	return needed;
}

/**
 * ims_queue_change() - Have a change of a slot committed soon
 * @queue:	the store, its lock held
 * @slot:	the slot, whose wanted state has changed
 *
 * Context: Any.
 */
void ims_queue_change(struct ims_queue *queue, struct ims_queue_slot *slot)
{
	if (ims_queue_enlist(queue, slot) && !queue->held)
		queue_work(system_freezable_wq, &queue->work);
}

/**
 * ims_queue_forget() - Remove a slot from all that the store knows of it
 * @queue:	the store, its lock held
 * @slot:	the slot, which is freed next
 */
void ims_queue_forget(struct ims_queue *queue, struct ims_queue_slot *slot)
{
	lockdep_assert_held(&queue->lock);

	list_del_init(&slot->node);
	/*
	 * If no slot in quarantine remains, none will be restored, which is what
	 * resets the count of failures: the next allocation tries the device again.
	 */
	if (slot->quarantined && !--queue->stats.quarantined)
		queue->failures = 0;
}

/* Under queue->lock: the slot to add to a command of @nr slots; NULL to send it as is */
static struct ims_queue_slot *ims_queue_next(struct ims_queue *queue,
					     unsigned int nr)
{
	struct ims_queue_slot *slot;

	if (nr == queue->info.max_batch || (nr && queue->slots[nr - 1]->failed))
		return NULL;
	slot = list_first_entry_or_null(&queue->changed, struct ims_queue_slot,
					node);
	if (slot && nr && (slot->failed || slot->round == queue->round ||
			   slot->connected != queue->command))
		return NULL;
	return slot;
}

/*
 * Choose the slots of one command, or some that are not connected and need none. A slot
 * whose last command failed gets a command of its own, so that a bad slot does not fail
 * the others. The lock is released now and then; a chosen slot that changes meanwhile
 * gets into the next command, too.
 * Return: how many slots were chosen.
 */
static unsigned int ims_queue_choose(struct ims_queue *queue)
{
	struct ims_queue_slot *slot;
	unsigned int nr = 0;

	raw_spin_lock_irq(&queue->lock);
	queue->round++;
	while ((slot = ims_queue_next(queue, nr))) {
		list_del_init(&slot->node);
		queue->command = slot->connected;
		slot->sending = ims_queue_wanted(queue, slot);
		slot->round = queue->round;
		slot->known = false;
		slot->under_way = true;
		queue->slots[nr] = slot;
		queue->entries[nr++] = ims_queue_entry(slot);
		if (nr % IMS_QUEUE_STRETCH)
			continue;
		raw_spin_unlock_irq(&queue->lock);
		cond_resched();
		raw_spin_lock_irq(&queue->lock);
	}
	raw_spin_unlock_irq(&queue->lock);
	return nr;
}

static void ims_queue_write_shadow(const struct ims_layout *layout,
				   const struct ims_queue_slot *slot)
{
	const struct ims_queue_words *words = &slot->sending;
	void *shadow = slot->shadow;

	/*
	 * A device that reads shadows by itself is not to send half a message: it sees the
	 * mask bit before the new words, and these before the slot is unmasked. A device
	 * that reads them on a command sees them all, as ops->sync() has a barrier before it
	 * gives the command.
	 */
	ims_layout_put(layout, shadow, layout->ctrl,
		       ims_layout_mask(layout, words->ctrl, true));
	dma_wmb();
	ims_layout_put(layout, shadow, layout->address_lo,
		       words->msg.address_lo);
	if (ims_layout_has_word(layout->address_hi))
		ims_layout_put(layout, shadow, layout->address_hi,
			       words->msg.address_hi);
	ims_layout_put(layout, shadow, layout->data, words->msg.data);
	dma_wmb();
	ims_layout_put(layout, shadow, layout->ctrl, words->ctrl);
}

/* Write the shadows of the chosen slots, and have a command carry them if they are connected */
static int ims_queue_issue(struct ims_queue *queue, unsigned int nr)
{
	const struct ims_queue_ops *ops = queue->info.ops;
	void *priv = queue->info.priv;
	unsigned int i;
	int ret = 0;

	if (ops->lock)
		ops->lock(priv);
	for (i = 0; i < nr; i++)
		ims_queue_write_shadow(&queue->layout, queue->slots[i]);
	if (queue->command)
		ret = ops->sync(priv, queue->entries, nr);
	if (ops->unlock)
		ops->unlock(priv);
	if (!queue->command)
		return 0;

	raw_spin_lock_irq(&queue->lock);
	queue->stats.commands++;
	queue->stats.failed += !!ret;
	queue->stats.slots += ret ? 0 : nr;
	queue->failures = ret ? queue->failures + 1 : 0;
	raw_spin_unlock_irq(&queue->lock);
	return ret;
}

/*
 * A command of a slot has returned @error. A slot that was restored since the command
 * began is sent again, because the device has been reset and lost what it acknowledged.
 * Return: true if the slot has just entered quarantine, or is in it.
 */
static bool ims_queue_complete(struct ims_queue *queue,
			       struct ims_queue_slot *slot, int error)
{
	raw_spin_lock_irq(&queue->lock);
	if (slot->under_way && !error) {
		slot->sent = slot->sending;
		slot->known = true;
		slot->failed = 0;
	} else if (slot->under_way) {
		slot->failed++;
		slot->quarantined = slot->failed == IMS_QUEUE_TRIES ||
				    error == -ENODEV ||
				    queue->failures >= IMS_QUEUE_FAILURES;
		queue->stats.quarantined += slot->quarantined;
	}
	slot->under_way = false;
	ims_queue_enlist(queue, slot);
	raw_spin_unlock_irq(&queue->lock);
	return slot->quarantined;
}

/*
 * The device may hold any of the words that failed commands carried for this slot: send
 * one that masks and empties it. Return: true if the device acknowledged the mask.
 */
static bool ims_queue_send_mask(struct ims_queue *queue,
				struct ims_queue_slot *slot)
{
	int ret;

	memset(&slot->sending.msg, 0, sizeof(slot->sending.msg));
	slot->sending.ctrl = ims_layout_fresh(&queue->layout,
					      slot->sending.ctrl);
	queue->slots[0] = slot;
	queue->entries[0] = ims_queue_entry(slot);
	ret = ims_queue_issue(queue, 1);

	raw_spin_lock_irq(&queue->lock);
	if (!ret && slot->quarantined) {
		slot->sent = slot->sending;
		slot->known = true;
	}
	raw_spin_unlock_irq(&queue->lock);
	return !ret;
}

static void ims_queue_quarantine(struct ims_queue *queue,
				 struct ims_queue_slot *slot, int error)
{
	bool masked = false;

	/* If the failed command was itself a mask, do not repeat it */
	if (!ims_msg_is_empty(&slot->sending.msg) && error != -ENODEV &&
	    queue->failures < IMS_QUEUE_FAILURES)
		masked = ims_queue_send_mask(queue, slot);
	dev_err_ratelimited(queue->dev,
			    "slot %u is in quarantine, %s: the device did not acknowledge it (%u tries): %pe; reset the device and call device_msi_restore()\n",
			    slot->desc->index,
			    masked ? "masked" : "what it sends is unknown",
			    slot->failed, ERR_PTR(error));
	ims_queue_add_report(queue, slot, error);
}

/* A slot's first failure; later commands of it are for this slot alone */
static void ims_queue_log_failure(struct ims_queue *queue, unsigned int nr,
				  int error)
{
	unsigned int index = queue->slots[0]->desc->index;

	if (nr == 1)
		dev_warn_ratelimited(queue->dev,
				     "slot %u: command failed: %pe; trying again\n",
				     index, ERR_PTR(error));
	else
		dev_warn_ratelimited(queue->dev,
				     "slot %u and %u others: command failed: %pe; trying again\n",
				     index, nr - 1, ERR_PTR(error));
}

/*
 * Send one command, and after a failure pause before the caller sends the next. Return:
 * false if no slot needs a command.
 */
static bool ims_queue_run_command(struct ims_queue *queue)
{
	unsigned int nr, failed, i;
	bool again = false;
	int ret = -EIO;

	lockdep_assert_held(&queue->commands);

	nr = ims_queue_choose(queue);
	if (!nr)
		return false;
	if (!queue->command || queue->failures < IMS_QUEUE_FAILURES)
		ret = ims_queue_issue(queue, nr);
	for (i = 0; i < nr; i++) {
		if (ims_queue_complete(queue, queue->slots[i], ret))
			ims_queue_quarantine(queue, queue->slots[i], ret);
		else if (ret)
			again = true;
		cond_resched();
	}
	if (!again)
		return true;
	failed = queue->slots[0]->failed;
	if (failed == 1)
		ims_queue_log_failure(queue, nr, ret);
	usleep_range(500 << failed, 1000 << failed);
	return true;
}

/*
 * Return: 0 if the device holds the wanted words of a slot; -EINPROGRESS if a command
 * has yet to carry them; -EIO if the slot is in quarantine and the device may hold others.
 */
static int ims_queue_commit_state(struct ims_queue *queue,
				  const struct ims_queue_slot *slot)
{
	int ret = -EINPROGRESS;

	raw_spin_lock_irq(&queue->lock);
	if (list_empty(&slot->node))
		ret = ims_queue_differs(queue, slot) ? -EIO : 0;
	raw_spin_unlock_irq(&queue->lock);
	return ret;
}

/* Have the next command carry a slot that waits for one */
static void ims_queue_move_to_front(struct ims_queue *queue,
				    struct ims_queue_slot *slot)
{
	raw_spin_lock_irq(&queue->lock);
	if (!list_empty(&slot->node))
		list_move(&slot->node, &queue->changed);
	raw_spin_unlock_irq(&queue->lock);
}

/**
 * ims_queue_commit() - Commit what is wanted of a slot, and wait for the device
 * @queue:	the store
 * @slot:	the slot
 *
 * The commands carry other slots that have changed, too.
 *
 * Return: 0, or -EIO if the slot is in quarantine and the device may hold other words.
 */
int ims_queue_commit(struct ims_queue *queue, struct ims_queue_slot *slot)
{
	int ret;

	mutex_lock(&queue->commands);
	while ((ret = ims_queue_commit_state(queue, slot)) == -EINPROGRESS) {
		ims_queue_move_to_front(queue, slot);
		ims_queue_run_command(queue);
		cond_resched();
	}
	mutex_unlock(&queue->commands);
	return ret;
}

/**
 * ims_queue_commit_all() - Commit what is wanted of all slots, and wait for the device
 * @queue:	the store
 *
 * Return: 0, or -EIO if a slot is in quarantine.
 */
int ims_queue_commit_all(struct ims_queue *queue)
{
	int ret;

	mutex_lock(&queue->commands);
	while (ims_queue_run_command(queue))
		cond_resched();
	ret = queue->stats.quarantined ? -EIO : 0;
	mutex_unlock(&queue->commands);
	return ret;
}

/*
 * Between ims_queue_begin() and ims_queue_end() the latter commits the changes. The
 * former waits for the mutex, so that no command of this work is sent after it.
 */
void ims_queue_commit_work(struct work_struct *work)
{
	struct ims_queue *queue = container_of(work, struct ims_queue, work);
	bool more;

	do {
		mutex_lock(&queue->commands);
		more = !READ_ONCE(queue->held) && ims_queue_run_command(queue);
		mutex_unlock(&queue->commands);
	} while (more);
}
