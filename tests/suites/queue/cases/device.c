// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device does when the store calls. Every operation first checks what
 * <ims/ims.h> promises a driver: a promise that is not kept is counted, and the
 * first one's text fails the case.
 */
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "device.h"

static void fake_violation(struct fake_device *fake, const char *where,
			   unsigned int index, const char *what)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&fake->lock, flags);
	if (!fake->violations++)
		snprintf(fake->violation, sizeof(fake->violation),
			 "%s of slot %u: %s", where, index, what);
	raw_spin_unlock_irqrestore(&fake->lock, flags);
}

static void fake_enter(struct fake_device *fake, const char *where,
		       unsigned int index)
{
	if (!in_task() || irqs_disabled())
		fake_violation(fake, where, index, "atomic context");
	if (atomic_inc_return(&fake->inside) != 1)
		fake_violation(fake, where, index, "two at a time");
}

static void fake_leave(struct fake_device *fake)
{
	atomic_dec(&fake->inside);
}

/* A slot that the store may talk of: as it was given out, and in use */
static struct fake_slot *fake_entry_slot(struct fake_device *fake,
					 const char *where,
					 const struct ims_queue_entry *entry)
{
	struct fake_slot *slot = xa_load(&fake->slots, entry->index);

	if (!slot || !slot->consumer) {
		fake_violation(fake, where, entry->index, "not in use");
		return NULL;
	}
	if (entry->shadow != slot->shadow)
		fake_violation(fake, where, entry->index, "wrong shadow");
	/* A slot that was freed in quarantine is the function's own */
	if (entry->consumer != slot->consumer && entry->consumer != fake->dev)
		fake_violation(fake, where, entry->index, "wrong consumer");
	return slot;
}

/* Garbage, but for the bits that are the device's own */
static void fake_fill_shadow(struct fake_device *fake, struct fake_slot *slot)
{
	const struct ims_layout *layout = fake->layout;
	u32 ctrl;

	memset(slot->shadow, FAKE_GARBAGE, sizeof(slot->shadow));
	ctrl = fake_word(fake, slot->shadow, layout->ctrl);
	ctrl = (ctrl & ~layout->preserve) | fake->own;
	slot->shadow[layout->ctrl / 4] = layout->big_endian ?
		(__force u32)cpu_to_be32(ctrl) : (__force u32)cpu_to_le32(ctrl);
}

static void *fake_get_shadow(void *priv, struct device *consumer,
			     unsigned int index)
{
	struct fake_device *fake = priv;
	struct fake_slot *slot;
	void *shadow;

	if (fake->get_error && fake->get_error_index == index)
		return ERR_PTR(fake->get_error);
	if (fake->get_shadow == FAKE_SHADOW_NULL)
		return NULL;
	fake_enter(fake, "get_shadow", index);
	slot = fake_slot(fake, index);
	shadow = slot ? slot->shadow : ERR_PTR(-ENOMEM);
	if (fake->get_shadow == FAKE_SHADOW_ODD) {
		shadow += 2;
	} else if (slot) {
		if (slot->consumer)
			fake_violation(fake, "get_shadow", index, "in use");
		slot->consumer = consumer;
		fake_fill_shadow(fake, slot);
		memcpy(slot->last, slot->shadow, sizeof(slot->last));
		fake->in_use++;
	}
	fake_leave(fake);
	return shadow;
}

static void fake_put_shadow(void *priv, const struct ims_queue_entry *entry)
{
	struct fake_device *fake = priv;
	struct fake_slot *slot;

	fake_enter(fake, "put_shadow", entry->index);
	slot = fake_entry_slot(fake, "put_shadow", entry);
	if (slot) {
		if (!queue_msg_is_empty(&slot->told))
			fake_violation(fake, "put_shadow", entry->index,
				       "the listener has a message");
		slot->consumer = NULL;
		fake->in_use--;
	}
	fake_leave(fake);
}

static int fake_choose_slot(void *priv, struct device *consumer)
{
	struct fake_device *fake = priv;
	struct fake_slot *slot;
	unsigned int i, index;

	fake_enter(fake, "choose_slot", 0);
	for (i = 0; i < FAKE_CHOICE; i++) {
		index = i * 3 % FAKE_CHOICE;
		slot = xa_load(&fake->slots, index);
		if (!slot || !slot->consumer)
			break;
	}
	fake_leave(fake);
	return i < FAKE_CHOICE ? index : -ENOSPC;
}

/* Shadows change between lock() and unlock() only, and those of a command only */
static void fake_check_shadows(struct fake_device *fake, const char *where)
{
	struct fake_slot *slot;
	unsigned long index;

	xa_for_each(&fake->slots, index, slot)
		if (slot->consumer &&
		    memcmp(slot->last, slot->shadow, sizeof(slot->last)))
			fake_violation(fake, where, index, "shadow changed");
}

static void fake_note_shadows(struct fake_device *fake)
{
	struct fake_slot *slot;
	unsigned long index;

	xa_for_each(&fake->slots, index, slot)
		memcpy(slot->last, slot->shadow, sizeof(slot->last));
}

static void fake_lock(void *priv)
{
	struct fake_device *fake = priv;
	void (*on_lock)(struct fake_device *fake) = fake->on_lock;

	fake_enter(fake, "lock", 0);
	fake->on_lock = NULL;
	if (on_lock)
		on_lock(fake);
	if (fake->locked)
		fake_violation(fake, "lock", 0, "locked already");
	fake_check_shadows(fake, "lock");
	fake->locked = true;
	fake_leave(fake);
}

static void fake_unlock(void *priv)
{
	struct fake_device *fake = priv;

	fake_enter(fake, "unlock", 0);
	if (!fake->locked)
		fake_violation(fake, "unlock", 0, "not locked");
	if (fake->no_command)
		fake_note_shadows(fake);
	fake_check_shadows(fake, "unlock");
	fake->locked = false;
	fake_leave(fake);
}

static int fake_command_error(struct fake_device *fake,
			      const struct ims_queue_entry *entries,
			      unsigned int nr)
{
	struct fake_slot *slot;
	unsigned int i;

	if (fake->commands >= fake->fail_first &&
	    fake->commands <= fake->fail_last)
		return fake->error;
	for (i = 0; i < nr; i++) {
		slot = xa_load(&fake->slots, entries[i].index);
		if (slot && slot->error)
			return slot->error;
	}
	return get_random_u32() % 100 < fake->fail_percent ? -EIO : 0;
}

static void fake_take(struct fake_device *fake,
		      const struct ims_queue_entry *entries, unsigned int nr,
		      bool take)
{
	struct fake_slot *slot;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		slot = fake_entry_slot(fake, "sync", &entries[i]);
		if (!slot)
			continue;
		memcpy(slot->last, slot->shadow, sizeof(slot->last));
		if (take) {
			memcpy(slot->has, slot->shadow, sizeof(slot->has));
			slot->knows = true;
		}
		if (slot->command == fake->total.commands)
			fake_violation(fake, "sync", entries[i].index, "twice");
		slot->command = fake->total.commands;
	}
}

static void fake_dawdle(struct fake_device *fake)
{
	if (fake->delay_ms)
		msleep(fake->delay_ms);
	else
		usleep_range(1, 20);	/* others come in between */
	if (!READ_ONCE(fake->held))
		return;
	complete(&fake->entered);
	if (!wait_for_completion_timeout(&fake->gate, 120 * HZ))
		fake_violation(fake, "sync", 0, "the gate stayed shut");
}

static int fake_sync_any(struct fake_device *fake,
			 const struct ims_queue_entry *entries, unsigned int nr)
{
	int ret;

	fake_enter(fake, "sync", entries[0].index);
	if (!nr || nr > fake->max_batch)
		fake_violation(fake, "sync", entries[0].index, "wrong number");
	fake->total.commands++;
	WRITE_ONCE(fake->commands, fake->commands + 1);
	if (fake->watch)
		fake->watch(fake, entries, nr);
	fake_dawdle(fake);
	ret = fake_command_error(fake, entries, nr);
	fake_take(fake, entries, nr, !ret || fake->takes_anyway);
	if (ret) {
		fake->total.failed++;
		fake->failed++;
	} else {
		fake->total.slots += nr;
	}
	fake_leave(fake);
	return ret;
}

static int fake_sync(void *priv, const struct ims_queue_entry *entries,
		     unsigned int nr)
{
	struct fake_device *fake = priv;

	if (!fake->locked)
		fake_violation(fake, "sync", entries[0].index, "not locked");
	return fake_sync_any(fake, entries, nr);
}

static int fake_bare_sync(void *priv, const struct ims_queue_entry *entries,
			  unsigned int nr)
{
	return fake_sync_any(priv, entries, nr);
}

/* Of a slot: what the layout says, or else its words */
static size_t fake_size(const struct ims_layout *layout)
{
	u16 last = max3(layout->address_lo, layout->data, layout->ctrl);

	if (layout->address_hi != IMS_NO_WORD)
		last = max(last, layout->address_hi);
	return layout->stride ?: last + 4;
}

static int fake_read_back(void *priv, const struct ims_queue_entry *entry,
			  void *copy)
{
	struct fake_device *fake = priv;
	const struct ims_layout *layout = fake->layout;
	struct fake_slot *slot;
	int ret;

	fake_enter(fake, "read_back", entry->index);
	slot = fake_entry_slot(fake, "read_back", entry);
	ret = !slot ? -ENXIO : slot->read_error ?: fake->read_error;
	/* As it is, whatever the store uses of it */
	if (ksize(copy) < fake_size(layout))
		fake_violation(fake, "read_back", entry->index, "no room");
	else if (!ret)
		memcpy(copy, slot->has, fake_size(layout));
	fake_leave(fake);
	return ret;
}

static void fake_quarantined(void *priv, const struct ims_queue_entry *entry,
			     int error)
{
	struct fake_device *fake = priv;

	if (!in_task() || irqs_disabled())
		fake_violation(fake, "quarantined", entry->index, "atomic");
	if (entry->shadow)
		fake_violation(fake, "quarantined", entry->index, "a shadow");
	fake->lost_index = entry->index;
	fake->lost_error = error;
	fake->lost_consumer = entry->consumer;
	if (fake->on_lost)
		fake->on_lost(fake);
	WRITE_ONCE(fake->lost, fake->lost + 1);
}

/* Under the descriptor's lock: a message that the slot has from now on */
void fake_msg_changed(void *data, struct device *consumer, unsigned int index,
		      const struct msi_msg *msg)
{
	struct fake_device *fake = data;
	struct fake_slot *slot = xa_load(&fake->slots, index);
	unsigned long flags;

	if (!irqs_disabled())
		fake_violation(fake, "msg_changed", index, "interrupts are on");
	if (!slot || !slot->consumer) {
		fake_violation(fake, "msg_changed", index, "not in use");
		return;
	}
	if (consumer != slot->consumer && consumer != fake->dev)
		fake_violation(fake, "msg_changed", index, "wrong consumer");
	if (!memcmp(&slot->told, msg, sizeof(*msg)))
		fake_violation(fake, "msg_changed", index, "no change");
	raw_spin_lock_irqsave(&fake->lock, flags);
	slot->told = *msg;
	slot->changes++;
	raw_spin_unlock_irqrestore(&fake->lock, flags);
}

const struct ims_queue_ops fake_ops = {
	.get_shadow	= fake_get_shadow,
	.put_shadow	= fake_put_shadow,
	.lock		= fake_lock,
	.unlock		= fake_unlock,
	.sync		= fake_sync,
	.read_back	= fake_read_back,
	.quarantined	= fake_quarantined,
};

const struct ims_queue_ops fake_bare_ops = {
	.get_shadow	= fake_get_shadow,
	.sync		= fake_bare_sync,
};

const struct ims_queue_ops fake_reading_ops = {
	.get_shadow	= fake_get_shadow,
	.put_shadow	= fake_put_shadow,
	.lock		= fake_lock,
	.unlock		= fake_unlock,
};

const struct ims_queue_ops fake_choosing_ops = {
	.choose_slot	= fake_choose_slot,
	.get_shadow	= fake_get_shadow,
	.put_shadow	= fake_put_shadow,
	.lock		= fake_lock,
	.unlock		= fake_unlock,
	.sync		= fake_sync,
	.read_back	= fake_read_back,
};
