// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots that the device is not told of: before what they are for exists, or for good
 * because it reads shadows by itself; and slots that the device chooses.
 */
#include "suite.h"

/* Does the shadow have the interrupt's message, unmasked? */
static bool shadow_live(struct queue_test *t, struct msi_map map)
{
	const u32 *shadow = fake_slot(t->fake, map.index)->shadow;
	const struct ims_layout *layout = t->fake->layout;
	struct msi_msg msg = queue_parent_msg(map.virq);

	return !queue_msg_is_empty(&msg) &&
		fake_word(t->fake, shadow, layout->address_lo) == msg.address_lo &&
		fake_word(t->fake, shadow, layout->data) == msg.data &&
		!(fake_word(t->fake, shadow, layout->ctrl) & layout->mask_bit);
}

static bool shadow_silent(struct queue_test *t, struct msi_map map)
{
	const u32 *shadow = fake_slot(t->fake, map.index)->shadow;
	const struct ims_layout *layout = t->fake->layout;

	return !fake_word(t->fake, shadow, layout->address_lo) &&
		!fake_word(t->fake, shadow, layout->data) &&
		fake_word(t->fake, shadow, layout->ctrl) & layout->mask_bit;
}

static int case_slot_needs_no_command_until_it_is_connected(struct queue_test *t)
{
	struct msi_map map;

	t->fake->untold = true;
	map = queue_alloc(t, 3);
	EXPECT(map.index == 3 && shadow_silent(t, map));
	EXPECT(!queue_request(t, map.virq));
	EXPECT(shadow_live(t, map));
	EXPECT(!device_msi_verify(t->dom, false));
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(shadow_live(t, map));
	EXPECT(!queue_commands(t) && !fake_slot(t->fake, 3)->knows);

	t->fake->untold = false;
	EXPECT(!ims_queue_connect(t->dom, 3));
	EXPECT(queue_commands(t) == 1 && queue_live(t, map));
	EXPECT(queue_fires(t, map.virq));
	EXPECT(!ims_queue_connect(t->dom, 3));
	EXPECT(queue_commands(t) == 1);
	queue_release(t, map.virq);
	EXPECT(queue_commands(t) == 2 && fake_silent(t->fake, 3));
	EXPECT(!queue_free(t, map));
	EXPECT(queue_commands(t) == 2);
	return 0;
}

/* Its queue was destroyed, and another was made, while the interrupt stays requested */
static int case_disconnected_slot_is_told_nothing(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 3);
	struct msi_map other = queue_alloc_requested(t, 4);
	u64 before = queue_commands(t);

	EXPECT(map.index == 3 && other.index == 4);
	t->fake->untold = true;
	EXPECT(!ims_queue_disconnect(t->dom, 3));
	queue_release(t, map.virq);
	EXPECT(shadow_silent(t, map));
	EXPECT(!queue_request(t, map.virq));
	EXPECT(shadow_live(t, map) && queue_commands(t) == before);
	queue_release(t, other.virq);
	EXPECT(queue_commands(t) == before + 1);
	t->fake->untold = false;

	EXPECT(!ims_queue_connect(t->dom, 3));
	EXPECT(queue_commands(t) == before + 2 && queue_live(t, map));
	EXPECT(ims_queue_connect(t->dom, 5) == -ENOENT);
	EXPECT(ims_queue_disconnect(t->dom, 5) == -ENOENT);
	return 0;
}

static void see_slot_3(struct fake_device *fake,
		       const struct ims_queue_entry *entries, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (entries[i].index == 3)
			fake->data = NULL;
}

/* Of several that change at once only those are told that the device can be told of */
static int case_command_carries_no_disconnected_slot(struct queue_test *t)
{
	struct msi_map maps[8];
	unsigned int i;

	EXPECT(!queue_alloc_many(t, maps, 8));
	t->fake->untold = true;
	EXPECT(!ims_queue_disconnect(t->dom, 3));
	t->fake->data = t;
	t->fake->watch = see_slot_3;
	EXPECT(!ims_queue_begin(t->dom));
	for (i = 0; i < 8; i++)
		EXPECT(!queue_request(t, maps[i].virq));
	EXPECT(!ims_queue_end(t->dom));
	EXPECT(t->fake->data == t);
	for (i = 0; i < 8; i++)
		EXPECT(i == 3 ? shadow_live(t, maps[i]) : queue_live(t, maps[i]));
	EXPECT(!ims_queue_connect(t->dom, 3));
	EXPECT(!t->fake->data && queue_live(t, maps[3]));
	return 0;
}

/* A device that takes no command does not matter to a slot that needs none */
static int case_disconnected_slot_outlives_failures(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 3);

	EXPECT(map.index == 3);
	t->fake->untold = true;
	EXPECT(!ims_queue_disconnect(t->dom, 3));
	fake_fail(t->fake, 1, ~0ULL, -EIO);
	queue_release(t, map.virq);
	EXPECT(!queue_request(t, map.virq));
	EXPECT(shadow_live(t, map) && !queue_quarantined(t));
	EXPECT(ims_queue_connect(t->dom, 3) == -EIO);
	EXPECT(queue_quarantined(t) == 1);
	fake_forget(t->fake);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(queue_live(t, map));
	return 0;
}

static int case_device_reads_shadows_by_itself(struct queue_test *t)
{
	struct msi_map map;

	t->fake->untold = true;
	map = queue_alloc(t, 3);
	EXPECT(map.index == 3 && shadow_silent(t, map));
	EXPECT(!queue_request(t, map.virq));
	EXPECT(shadow_live(t, map) && queue_fires(t, map.virq));
	EXPECT(!ims_queue_connect(t->dom, 3));
	EXPECT(!device_msi_verify(t->dom, false));
	memset(fake_slot(t->fake, 3)->shadow, 0x5a, 16);
	memset(fake_slot(t->fake, 3)->last, 0x5a, 16);
	EXPECT(device_msi_verify(t->dom, true) == 1);
	EXPECT(shadow_live(t, map) && !device_msi_verify(t->dom, false));
	queue_release(t, map.virq);
	EXPECT(shadow_silent(t, map));
	EXPECT(!queue_free(t, map));
	return 0;
}

static int case_driver_chooses_slots(struct queue_test *t)
{
	struct msi_map maps[FAKE_CHOICE];
	unsigned int i;

	for (i = 0; i < 3; i++) {
		maps[i] = queue_alloc_requested(t, ANY_SLOT);
		EXPECT(maps[i].index == 3 * i);
	}
	EXPECT(queue_alloc(t, 6).index == -EBUSY);
	EXPECT(queue_alloc(t, 2).index == 2);
	queue_release(t, maps[1].virq);
	EXPECT(!queue_free(t, maps[1]));
	EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, 1, FAKE_CHOICE, NULL,
				     maps) == FAKE_CHOICE - 3);
	EXPECT(maps[0].index == 3);
	EXPECT(queue_alloc(t, ANY_SLOT).index == -ENOSPC);
	return 0;
}

/* A slot that was chosen and has no shadow is chosen again */
static int case_choice_without_a_shadow_is_free(struct queue_test *t)
{
	t->fake->get_error = -EIO;
	t->fake->get_error_index = 0;
	EXPECT(queue_alloc(t, ANY_SLOT).index == -EIO);
	t->fake->get_error = 0;
	EXPECT(queue_alloc(t, ANY_SLOT).index == 0);
	return 0;
}

const struct queue_case queue_connect_cases[] = {
	CASE(slot_needs_no_command_until_it_is_connected,
	     .flags = IMS_QUEUE_STARTS_DISCONNECTED),
	CASE(disconnected_slot_is_told_nothing),
	CASE(command_carries_no_disconnected_slot, .max_batch = 8),
	CASE(disconnected_slot_outlives_failures),
	CASE(device_reads_shadows_by_itself, .ops = &fake_reading_ops),
	CASE(driver_chooses_slots, .ops = &fake_choosing_ops),
	CASE(choice_without_a_shadow_is_free, .ops = &fake_choosing_ops),
	{}
};
