// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots that no command carries: before what uses them exists, or ever, because the device
 * reads shadows by itself; and slots that the device chooses.
 */
#include "suite.h"

/* Slots whose commands fail until the device is considered dead */
#define DEAD	12U

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

	t->fake->no_command = true;
	map = queue_alloc(t, 3);
	EXPECT(map.index == 3 && shadow_silent(t, map));
	EXPECT(!queue_request(t, map.virq));
	EXPECT(shadow_live(t, map));
	EXPECT(!device_msi_verify(t->dom, false));
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(shadow_live(t, map));
	EXPECT(!queue_commands(t) && !fake_slot(t->fake, 3)->knows);

	t->fake->no_command = false;
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

/* Its user was destroyed, and another was made, while the interrupt stays requested */
static int case_no_command_carries_a_disconnected_slot(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 3);
	struct msi_map other = queue_alloc_requested(t, 4);
	u64 before = queue_commands(t);

	EXPECT(map.index == 3 && other.index == 4);
	t->fake->no_command = true;
	EXPECT(!ims_queue_disconnect(t->dom, 3));
	queue_release(t, map.virq);
	EXPECT(shadow_silent(t, map));
	EXPECT(!queue_request(t, map.virq));
	EXPECT(shadow_live(t, map) && queue_commands(t) == before);
	queue_release(t, other.virq);
	EXPECT(queue_commands(t) == before + 1);
	t->fake->no_command = false;

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

/**
 * struct connecting - A slot is connected by a thread
 * @work:	does it
 * @t:		the case
 * @index:	the slot
 * @ret:	what came of it
 */
static struct connecting {
	struct work_struct	work;
	struct queue_test	*t;
	unsigned int		index;
	int			ret;
} connecting;

static void connect_work(struct work_struct *work)
{
	connecting.ret = ims_queue_connect(connecting.t->dom, connecting.index);
}

/* It waits for the shadow, which is being written, once it has connected the slot */
static void connect_meanwhile(struct fake_device *fake)
{
	queue_work(queue_workers, &connecting.work);
	msleep(200);
}

/* What was chosen before the slot was connected is no command */
static int case_slot_is_connected_while_its_shadow_is_written(struct queue_test *t)
{
	struct msi_map map;

	t->fake->no_command = true;
	map = queue_alloc(t, 3);
	EXPECT(map.index == 3);
	connecting = (struct connecting) { .t = t, .index = 3, .ret = -EINPROGRESS };
	INIT_WORK(&connecting.work, connect_work);
	t->fake->on_lock = connect_meanwhile;
	EXPECT(!queue_request(t, map.virq));
	flush_work(&connecting.work);
	EXPECT(!connecting.ret && queue_live(t, map));
	EXPECT(queue_commands(t) == 1);
	return 0;
}

/* Of several slots that change at once, the command carries those that are connected */
static int case_command_carries_connected_slots_only(struct queue_test *t)
{
	struct msi_map maps[8];
	unsigned int i;

	EXPECT(!queue_alloc_many(t, maps, 8));
	t->fake->no_command = true;
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

/* That the device accepts no command does not matter to a slot that no command carries */
static int case_disconnected_slot_outlives_failures(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0), maps[DEAD];
	unsigned int i;

	EXPECT(map.index == 0);
	EXPECT(!queue_alloc_many(t, maps, DEAD));
	t->fake->no_command = true;
	EXPECT(!ims_queue_disconnect(t->dom, 0));
	fake_fail(t->fake, 1, ~0ULL, -EIO);
	for (i = 0; i < DEAD; i++)
		EXPECT(!queue_request(t, maps[i].virq));
	EXPECT(queue_quarantined(t) == DEAD);
	queue_release(t, map.virq);
	EXPECT(!queue_request(t, map.virq));
	EXPECT(shadow_live(t, map) && queue_quarantined(t) == DEAD);
	EXPECT(ims_queue_connect(t->dom, 0) == -EIO);
	EXPECT(queue_quarantined(t) == DEAD + 1);
	fake_forget(t->fake);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(queue_live(t, map));
	return 0;
}

static int case_device_reads_shadows_by_itself(struct queue_test *t)
{
	struct msi_map map;

	t->fake->no_command = true;
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
	     .carry = IMS_QUEUE_FROM_CONNECT),
	CASE(slot_is_connected_while_its_shadow_is_written,
	     .carry = IMS_QUEUE_FROM_CONNECT),
	CASE(no_command_carries_a_disconnected_slot),
	CASE(command_carries_connected_slots_only, .max_batch = 8),
	CASE(disconnected_slot_outlives_failures),
	CASE(device_reads_shadows_by_itself, .ops = &fake_reading_ops,
	     .carry = IMS_QUEUE_NEVER),
	CASE(driver_chooses_slots, .ops = &fake_choosing_ops),
	CASE(choice_without_a_shadow_is_free, .ops = &fake_choosing_ops),
	{}
};
