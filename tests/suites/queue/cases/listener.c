// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that forwards messages elsewhere hears of each, once.
 */
#include "suite.h"

static bool told(struct queue_test *t, struct msi_map map, unsigned int changes)
{
	struct msi_msg msg = queue_parent_msg(map.virq);
	struct fake_slot *slot = fake_slot(t->fake, map.index);

	return slot->changes == changes &&
	       !memcmp(&slot->told, &msg, sizeof(msg));
}

static bool told_none(struct queue_test *t, struct msi_map map,
		      unsigned int changes)
{
	static const struct msi_msg none;
	struct fake_slot *slot = fake_slot(t->fake, map.index);

	return slot->changes == changes &&
	       !memcmp(&slot->told, &none, sizeof(none));
}

static int listen(struct queue_test *t, unsigned int index)
{
	struct msi_map map = queue_alloc(t, index);
	struct fake_slot *slot = fake_slot(t->fake, index);
	unsigned int n = slot->changes;

	EXPECT(map.index == index && told_none(t, map, n));
	EXPECT(!queue_request(t, map.virq));
	/* Activated, and perhaps moved to where it starts */
	EXPECT(slot->changes > n);
	n = slot->changes;
	EXPECT(told(t, map, n));
	disable_irq(map.virq);
	enable_irq(map.virq);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(told(t, map, n));

	TRY(queue_move_to(t, map.virq, 0));
	EXPECT(queue_fires(t, map.virq));
	n = slot->changes;
	TRY(queue_move_to(t, map.virq, queue_other_cpu()));
	if (t->masked_moves)	/* the new message may follow the move */
		EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(told(t, map, n + (queue_other_cpu() ? t->per_move : 0)));
	n = slot->changes;
	queue_release(t, map.virq);
	EXPECT(told_none(t, map, n + 1));
	EXPECT(!queue_free(t, map));
	EXPECT(told_none(t, map, n + 1));
	return 0;
}

static int case_listener_hears_of_each_change(struct queue_test *t)
{
	TRY(listen(t, 7));
	return listen(t, 7);
}

static int case_listener_hears_of_large_numbers(struct queue_test *t)
{
	return listen(t, 20000000);
}

/* It is told what the kernel wants; what the device has is another matter */
static int case_listener_does_not_wait_for_the_device(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);
	int cpu = queue_other_cpu();

	EXPECT(map.index == 0);
	if (!t->moves || !cpu)
		return 0;
	TRY(queue_move_to(t, map.virq, 0));
	EXPECT(queue_fires(t, map.virq));
	EXPECT(!device_msi_synchronize(t->dom));
	fake_hold(t->fake);
	TRY(queue_ask_to_move(t, map.virq, cpu));
	if (t->masked_moves)	/* the new message comes later, the slot is empty meanwhile */
		EXPECT(told_none(t, map, fake_slot(t->fake, 0)->changes) &&
		       !fake_silent(t->fake, 0));
	else
		EXPECT(told(t, map, fake_slot(t->fake, 0)->changes));
	EXPECT(!queue_live(t, map));
	fake_let_go(t->fake);
	EXPECT(SOON(queue_live(t, map)));
	return 0;
}

const struct queue_case queue_listener_cases[] = {
	CASE(listener_hears_of_each_change),
	CASE(listener_hears_of_large_numbers,
	     .nr_slots = DEVICE_MSI_NO_LIMIT),
	CASE(listener_does_not_wait_for_the_device),
	{}
};
