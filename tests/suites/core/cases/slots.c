// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of a test store, and what a device does with its slots by itself.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "doorbell.h"
#include "store.h"

static const struct msi_msg no_msg;

void test_slot_silence(struct test_slot *slot)
{
	memset(slot, 0, sizeof(*slot));
	slot->masked = true;
}

/* With a device's state at power on, which init() is there to end */
struct test_store *test_store_create(const struct device_msi_ops *ops,
				     unsigned int flags, unsigned int nr_slots)
{
	struct test_store *store;
	unsigned int i;

	store = kzalloc(sizeof(*store), GFP_KERNEL);
	if (!store)
		return NULL;
	/* A domain may be refused for its size: then there is nothing to hold */
	store->slots = vzalloc(max(nr_slots, 1U) * sizeof(*store->slots));
	if (!store->slots) {
		kfree(store);
		return NULL;
	}
	store->ops = ops;
	store->flags = flags;
	store->nr_slots = nr_slots;
	store->alloc_at_most = UINT_MAX;
	raw_spin_lock_init(&store->lock);
	if (ops->init)
		test_store_reset(store, 0x5a);
	else
		for (i = 0; i < nr_slots; i++)
			test_slot_silence(&store->slots[i]);
	return store;
}

void test_store_free(struct test_store *store)
{
	if (!store)
		return;
	vfree(store->slots);
	kfree(store);
}

bool test_slot_silent(const struct test_store *store, unsigned int index)
{
	const struct test_slot *slot = &store->slots[index];

	return slot->masked && !memcmp(&slot->msg, &no_msg, sizeof(no_msg));
}

bool test_slot_live(const struct test_store *store, unsigned int index)
{
	const struct test_slot *slot = &store->slots[index];

	return !slot->masked && test_is_doorbell(slot->msg.address_lo);
}

/* The device forgets one slot; what it holds then is @byte, over and over */
void test_slot_lose(struct test_store *store, unsigned int index, u8 byte,
		    bool masked)
{
	struct test_slot *slot = &store->slots[index];

	memset(&slot->msg, byte, sizeof(slot->msg));
	memset(&slot->sideband, 0, sizeof(slot->sideband));
	slot->masked = masked;
	slot->lost = true;
}

/* The device was reset, and wakes up with every slot unmasked */
void test_store_reset(struct test_store *store, u8 byte)
{
	unsigned int i;

	for (i = 0; i < store->nr_slots; i++)
		test_slot_lose(store, i, byte, false);
}
