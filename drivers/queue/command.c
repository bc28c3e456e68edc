// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a queue store tells its device. What the kernel wants of a slot is written
 * down in any context and changed as often as it likes; a command tells the
 * device the latest, as a whole. Until the device has it, the old message must
 * be and is as good: see docs/queue.md.
 */
#include "queue.h"

#include <linux/delay.h>
#include <linux/device.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "../layout.h"

/* A slot is tried so often, with pauses of 1, 2, 4, ... ms between */
#define IMS_QUEUE_TRIES		6

/* After so many failures in a row nothing is tried any more: the device is dead */
#define IMS_QUEUE_FAILURES	64

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

/* Has the device something else than what is wanted? */
static bool ims_queue_differs(const struct ims_queue *queue,
			      const struct ims_queue_slot *slot)
{
	struct ims_queue_words wanted = ims_queue_wanted(queue, slot);

	return !slot->known || memcmp(&wanted, &slot->sent, sizeof(wanted));
}

/*
 * Under queue->lock: can the device send what is wanted only? Of a slot that is
 * given up that is known only if the device took the mask.
 */
bool ims_queue_settled(const struct ims_queue *queue,
		       const struct ims_queue_slot *slot)
{
	return slot->given_up ? slot->known : !ims_queue_differs(queue, slot);
}

/* Under queue->lock: have the next command take it along, if there is a need */
bool ims_queue_enlist(struct ims_queue *queue, struct ims_queue_slot *slot)
{
	bool needed = !slot->given_up && ims_queue_differs(queue, slot);

	lockdep_assert_held(&queue->lock);

	if (!needed)
		list_del_init(&slot->node);
	else if (list_empty(&slot->node))
		list_add_tail(&slot->node, &queue->changed);
	return needed;
}

/* Under queue->lock, in any context: something is wanted of the slot */
void ims_queue_change(struct ims_queue *queue, struct ims_queue_slot *slot)
{
	if (ims_queue_enlist(queue, slot) && !queue->held)
		queue_work(system_freezable_wq, &queue->work);
}

/* Under queue->lock, before the slot is freed */
void ims_queue_forget(struct ims_queue *queue, struct ims_queue_slot *slot)
{
	lockdep_assert_held(&queue->lock);

	list_del_init(&slot->node);
	/* Without a slot to be restored, the next to be allocated is a new try */
	if (slot->given_up && !--queue->stats.quarantined)
		queue->failures = 0;
}

/* Under queue->lock: the next slot for a command that has @nr; NULL if it is complete */
static struct ims_queue_slot *ims_queue_next(struct ims_queue *queue,
					     unsigned int nr)
{
	struct ims_queue_slot *slot;

	if (nr == queue->info.max_batch || (nr && queue->slots[nr - 1]->failed))
		return NULL;
	slot = list_first_entry_or_null(&queue->changed, struct ims_queue_slot,
					node);
	if (slot && nr && (slot->failed || slot->round == queue->round))
		return NULL;
	return slot;
}

/*
 * Choose for one command. One that has failed goes alone, so that it does not
 * take others with it. The lock is released now and then; a slot that was chosen and
 * changes meanwhile goes with the next command. Return: how many.
 */
static unsigned int ims_queue_choose(struct ims_queue *queue)
{
	struct ims_queue_slot *slot;
	unsigned int nr = 0;

	raw_spin_lock_irq(&queue->lock);
	queue->round++;
	while ((slot = ims_queue_next(queue, nr))) {
		list_del_init(&slot->node);
		slot->going = ims_queue_wanted(queue, slot);
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
	const struct ims_queue_words *words = &slot->going;
	void *shadow = slot->shadow;

	ims_layout_put(layout, shadow, layout->address_lo,
		       words->msg.address_lo);
	if (ims_layout_has_word(layout->address_hi))
		ims_layout_put(layout, shadow, layout->address_hi,
			       words->msg.address_hi);
	ims_layout_put(layout, shadow, layout->data, words->msg.data);
	ims_layout_put(layout, shadow, layout->ctrl, words->ctrl);
}

static int ims_queue_issue(struct ims_queue *queue, unsigned int nr)
{
	const struct ims_queue_ops *ops = queue->info.ops;
	void *priv = queue->info.priv;
	unsigned int i;
	int ret;

	if (ops->lock)
		ops->lock(priv);
	for (i = 0; i < nr; i++)
		ims_queue_write_shadow(&queue->layout, queue->slots[i]);
	ret = ops->sync(priv, queue->entries, nr);
	if (ops->unlock)
		ops->unlock(priv);

	raw_spin_lock_irq(&queue->lock);
	queue->stats.commands++;
	queue->stats.failed += !!ret;
	queue->stats.slots += ret ? 0 : nr;
	queue->failures = ret ? queue->failures + 1 : 0;
	raw_spin_unlock_irq(&queue->lock);
	return ret;
}

/*
 * A command is done. A slot that was restored meanwhile must be told again, for
 * the device has forgotten. Return: is the slot given up?
 */
static bool ims_queue_done(struct ims_queue *queue, struct ims_queue_slot *slot,
			   int error)
{
	raw_spin_lock_irq(&queue->lock);
	if (slot->under_way && !error) {
		slot->sent = slot->going;
		slot->known = true;
		slot->failed = 0;
	} else if (slot->under_way) {
		slot->failed++;
		slot->given_up = slot->failed == IMS_QUEUE_TRIES ||
				 error == -ENODEV ||
				 queue->failures >= IMS_QUEUE_FAILURES;
		queue->stats.quarantined += slot->given_up;
	}
	slot->under_way = false;
	ims_queue_enlist(queue, slot);
	raw_spin_unlock_irq(&queue->lock);
	return slot->given_up;
}

/* It may have any of what it was told. Return: did it take that it is masked? */
static bool ims_queue_mute(struct ims_queue *queue, struct ims_queue_slot *slot)
{
	int ret;

	memset(&slot->going.msg, 0, sizeof(slot->going.msg));
	slot->going.ctrl = ims_layout_fresh(&queue->layout, slot->going.ctrl);
	queue->slots[0] = slot;
	queue->entries[0] = ims_queue_entry(slot);
	ret = ims_queue_issue(queue, 1);

	raw_spin_lock_irq(&queue->lock);
	if (!ret && slot->given_up) {
		slot->sent = slot->going;
		slot->known = true;
	}
	raw_spin_unlock_irq(&queue->lock);
	return !ret;
}

static void ims_queue_give_up(struct ims_queue *queue,
			      struct ims_queue_slot *slot, int error)
{
	bool muted = false;

	/* What is true of a slot that shall not send anyway was tried already */
	if (!ims_msg_is_empty(&slot->going.msg) && error != -ENODEV &&
	    queue->failures < IMS_QUEUE_FAILURES)
		muted = ims_queue_mute(queue, slot);
	dev_err_ratelimited(queue->dev,
			    "slot %u is in quarantine, %s: the device did not acknowledge it (%u tries): %pe; reset the device and call device_msi_restore()\n",
			    slot->desc->index,
			    muted ? "masked" : "what it sends is unknown",
			    slot->failed, ERR_PTR(error));
	ims_queue_lose(queue, slot, error);
}

/* A slot that failed goes alone, so that it does not take others with it */
static void ims_queue_complain(struct ims_queue *queue, unsigned int nr,
			       int error)
{
	unsigned int failed = queue->slots[0]->failed;
	unsigned int index = queue->slots[0]->desc->index;

	if (failed == 1 && nr == 1)
		dev_warn_ratelimited(queue->dev,
				     "slot %u: %pe; trying again\n",
				     index, ERR_PTR(error));
	else if (failed == 1)
		dev_warn_ratelimited(queue->dev,
				     "slot %u and %u others: %pe; trying again\n",
				     index, nr - 1, ERR_PTR(error));
	usleep_range(500 << failed, 1000 << failed);
}

/* One command, and the pause after a failure. Return: was there any need? */
static bool ims_queue_command(struct ims_queue *queue)
{
	bool again = false;
	unsigned int nr, i;
	int ret = -EIO;

	lockdep_assert_held(&queue->commands);

	nr = ims_queue_choose(queue);
	if (!nr)
		return false;
	if (queue->failures < IMS_QUEUE_FAILURES)
		ret = ims_queue_issue(queue, nr);
	for (i = 0; i < nr; i++) {
		if (ims_queue_done(queue, queue->slots[i], ret))
			ims_queue_give_up(queue, queue->slots[i], ret);
		else if (ret)
			again = true;
		cond_resched();
	}
	if (again)
		ims_queue_complain(queue, nr, ret);
	return true;
}

/*
 * Is there nothing left to tell the device of this slot? If there is, it goes
 * first. Else @ret is -EIO if the device may send something else.
 */
static bool ims_queue_told(struct ims_queue *queue, struct ims_queue_slot *slot,
			   int *ret)
{
	bool told;

	raw_spin_lock_irq(&queue->lock);
	told = list_empty(&slot->node);
	if (!told)
		list_move(&slot->node, &queue->changed);
	else
		*ret = ims_queue_differs(queue, slot) ? -EIO : 0;
	raw_spin_unlock_irq(&queue->lock);
	return told;
}

/**
 * ims_queue_flush() - Have the device take what is wanted of a slot, and wait
 * @queue:	the store
 * @slot:	the slot
 *
 * Takes others along.
 *
 * Return: 0, or -EIO if the device has something else and the store has given up.
 */
int ims_queue_flush(struct ims_queue *queue, struct ims_queue_slot *slot)
{
	int ret;

	mutex_lock(&queue->commands);
	while (!ims_queue_told(queue, slot, &ret)) {
		ims_queue_command(queue);
		cond_resched();
	}
	mutex_unlock(&queue->commands);
	return ret;
}

/**
 * ims_queue_flush_all() - The same for all slots
 * @queue:	the store
 *
 * Return: 0, or -EIO if a slot is in quarantine.
 */
int ims_queue_flush_all(struct ims_queue *queue)
{
	int ret;

	mutex_lock(&queue->commands);
	while (ims_queue_command(queue))
		cond_resched();
	ret = queue->stats.quarantined ? -EIO : 0;
	mutex_unlock(&queue->commands);
	return ret;
}

/* While somebody gathers changes there is no hurry: ims_queue_end() commits them */
void ims_queue_work(struct work_struct *work)
{
	struct ims_queue *queue = container_of(work, struct ims_queue, work);
	bool held;

	raw_spin_lock_irq(&queue->lock);
	held = queue->held;
	raw_spin_unlock_irq(&queue->lock);
	if (!held)
		ims_queue_flush_all(queue);
}
