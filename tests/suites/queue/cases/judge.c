// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device as a case sees it: made, told how to behave, and looked into.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "device.h"

struct fake_device *fake_create(struct device *dev,
				const struct ims_layout *layout,
				unsigned int max_batch)
{
	struct fake_device *fake = kzalloc(sizeof(*fake), GFP_KERNEL);

	if (!fake)
		return NULL;
	fake->dev = dev;
	fake->layout = layout;
	fake->max_batch = max_batch ?: 1;
	raw_spin_lock_init(&fake->lock);
	xa_init(&fake->slots);
	init_completion(&fake->gate);
	init_completion(&fake->entered);
	return fake;
}

void fake_free(struct fake_device *fake)
{
	struct fake_slot *slot;
	unsigned long index;

	xa_for_each(&fake->slots, index, slot)
		kfree(slot);
	xa_destroy(&fake->slots);
	kfree(fake);
}

/* In process context the slot is made, if there is none yet */
struct fake_slot *fake_slot(struct fake_device *fake, unsigned int index)
{
	struct fake_slot *slot = xa_load(&fake->slots, index);

	if (slot)
		return slot;
	slot = kzalloc(sizeof(*slot), GFP_KERNEL);
	if (!slot)
		return NULL;
	memset(slot->has, FAKE_GARBAGE, sizeof(slot->has));
	if (xa_err(xa_store(&fake->slots, index, slot, GFP_KERNEL))) {
		kfree(slot);
		return NULL;
	}
	return slot;
}

/* Count from here on, and fail no more */
void fake_forget(struct fake_device *fake)
{
	fake->commands = 0;
	fake->failed = 0;
	fake->fail_first = 0;
	fake->fail_last = 0;
	fake->error = 0;
}

/* Commands from here on fail: the first is number 1 */
void fake_fail(struct fake_device *fake, u64 first, u64 last, int error)
{
	fake_forget(fake);
	fake->error = error;
	fake->fail_first = first;
	fake->fail_last = last;
}

/* The next command is in flight until fake_let_go() */
void fake_hold(struct fake_device *fake)
{
	reinit_completion(&fake->gate);
	reinit_completion(&fake->entered);
	WRITE_ONCE(fake->held, true);
}

void fake_let_go(struct fake_device *fake)
{
	WRITE_ONCE(fake->held, false);
	complete_all(&fake->gate);
}

bool fake_wait_held(struct fake_device *fake)
{
	return wait_for_completion_timeout(&fake->entered, 60 * HZ);
}

/* What a reset may leave */
void fake_scramble(struct fake_device *fake, u8 byte)
{
	struct fake_slot *slot;
	unsigned long index;

	xa_for_each(&fake->slots, index, slot)
		memset(slot->has, byte, sizeof(slot->has));
}

u32 fake_word(const struct fake_device *fake, const u32 *words, u16 offset)
{
	u32 word = READ_ONCE(words[offset / 4]);

	return fake->layout->big_endian ? be32_to_cpu((__force __be32)word) :
					  le32_to_cpu((__force __le32)word);
}

/* ctrl without the mask bit */
u32 fake_ctrl(struct fake_device *fake, unsigned int index)
{
	struct fake_slot *slot = xa_load(&fake->slots, index);

	return fake_word(fake, slot->has, fake->layout->ctrl) &
	       ~fake->layout->mask_bit;
}

bool fake_masked(struct fake_device *fake, unsigned int index)
{
	struct fake_slot *slot = xa_load(&fake->slots, index);
	u32 bit;

	bit = fake_word(fake, slot->has, fake->layout->ctrl) & fake->layout->mask_bit;
	return fake->layout->mask == IMS_MASK_SET ? bit : !bit;
}

bool fake_has_msg(struct fake_device *fake, unsigned int index,
		  const struct msi_msg *msg)
{
	struct fake_slot *slot = xa_load(&fake->slots, index);
	const struct ims_layout *layout = fake->layout;

	if (layout->address_hi != IMS_NO_WORD &&
	    fake_word(fake, slot->has, layout->address_hi) != msg->address_hi)
		return false;
	return fake_word(fake, slot->has, layout->address_lo) == msg->address_lo &&
	       fake_word(fake, slot->has, layout->data) == msg->data;
}

/* Masked, and without any of a message or a sideband; its own bits it keeps */
bool fake_silent(struct fake_device *fake, unsigned int index)
{
	static const struct msi_msg none;

	return fake_masked(fake, index) && fake_has_msg(fake, index, &none) &&
	       fake_ctrl(fake, index) == fake->own;
}
