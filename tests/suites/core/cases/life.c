// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of one slot: when it has a message, when it can send, and that its
 * number comes back only when it cannot.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>

#include "suite.h"

static int case_message_lives_while_requested(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 2);

	EXPECT(map.index == 2);
	EXPECT(test_slot_silent(t->store, 2));
	EXPECT(!core_request(t, map.virq));
	EXPECT(test_slot_live(t->store, 2));
	core_release(t, map.virq);
	EXPECT(test_slot_silent(t->store, 2));
	EXPECT(!t->store->live_writes);
	return 0;
}

static int case_neighbours_are_left_alone(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 7);
	unsigned int i;

	EXPECT(map.index == 7);
	for (i = 0; i < CORE_SLOTS; i++)
		EXPECT(i == 7 || test_slot_silent(t->store, i));
	return 0;
}

static int case_every_message_is_another(struct core_test *t)
{
	struct msi_map a = core_alloc_requested(t, 0);
	struct msi_map b = core_alloc_requested(t, 1);

	EXPECT(a.index == 0 && b.index == 1);
	EXPECT(memcmp(&core_slot(t, 0)->msg, &core_slot(t, 1)->msg,
		      sizeof(struct msi_msg)));
	return 0;
}

/* Written while it is masked, or the device could send half of it */
static int case_message_is_written_under_mask(struct core_test *t)
{
	static const enum test_op order[] = {
		TEST_ALLOC, TEST_WRITE, TEST_UNMASK, TEST_MASK, TEST_WRITE,
		TEST_FREE,
	};
	struct msi_map map = core_alloc_requested(t, 1);

	EXPECT(map.index == 1);
	core_release(t, map.virq);
	EXPECT(!core_free(t, map));
	EXPECT(test_store_saw(t->store, 1, order, ARRAY_SIZE(order)));
	EXPECT(test_store_calls(t->store, TEST_WRITE) >= 2);
	EXPECT(!t->store->live_writes);
	return 0;
}

static int case_disabled_is_masked_enabled_is_not(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 4);
	struct msi_msg msg;

	EXPECT(map.index == 4);
	msg = core_slot(t, 4)->msg;
	disable_irq(map.virq);
	EXPECT(core_slot(t, 4)->masked);
	EXPECT(!memcmp(&msg, &core_slot(t, 4)->msg, sizeof(msg)));
	enable_irq(map.virq);
	EXPECT(test_slot_live(t->store, 4));
	EXPECT(!memcmp(&msg, &core_slot(t, 4)->msg, sizeof(msg)));
	return 0;
}

static int case_disabled_when_requested_stays_masked(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 4);

	EXPECT(map.index == 4);
	irq_set_status_flags(map.virq, IRQ_NOAUTOEN);
	EXPECT(!core_request(t, map.virq));
	EXPECT(core_slot(t, 4)->masked);
	enable_irq(map.virq);
	EXPECT(test_slot_live(t->store, 4));
	return 0;
}

static int case_requested_again_lives_again(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 3);
	unsigned int i;

	EXPECT(map.index == 3);
	for (i = 0; i < 10; i++) {
		EXPECT(!core_request(t, map.virq));
		EXPECT(test_slot_live(t->store, 3));
		core_release(t, map.virq);
		EXPECT(test_slot_silent(t->store, 3));
	}
	return 0;
}

/* The store complains of a slot that it gets back, or has to give, unsilenced */
static int case_number_comes_back_with_a_silent_slot(struct core_test *t)
{
	struct msi_map map;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		map = core_alloc_requested(t, 3);
		EXPECT(map.index == 3);
		core_release(t, map.virq);
		EXPECT(!core_free(t, map));
		EXPECT(!test_has_irq(map.virq));
	}
	return 0;
}

struct free_work {
	struct work_struct work;
	struct core_test *t;
	struct msi_map map;
	int ret;
};

static void free_work_run(struct work_struct *work)
{
	struct free_work *w = container_of(work, struct free_work, work);

	w->ret = core_free(w->t, w->map);
}

/* Allocate the slot while the store is busy with freeing it */
static int alloc_during_free(struct core_test *t, unsigned int index)
{
	unsigned long end = jiffies + 20 * HZ;

	while (!test_store_calls(t->store, TEST_FREE)) {
		EXPECT(time_before(jiffies, end));
		usleep_range(100, 200);
	}
	return core_alloc(t, index).index;
}

static int case_number_is_taken_until_the_store_has_freed(struct core_test *t)
{
	struct free_work w = { .t = t };
	int got;

	w.map = core_alloc_requested(t, 3);
	EXPECT(w.map.index == 3);
	core_release(t, w.map.virq);
	t->store->delay_ms = 200;
	INIT_WORK_ONSTACK(&w.work, free_work_run);
	queue_work(core_workers, &w.work);
	got = alloc_during_free(t, 3);
	flush_work(&w.work);
	destroy_work_on_stack(&w.work);
	t->store->delay_ms = 0;
	EXPECT(!w.ret);
	/* Refused, or waited for: the store complains if neither */
	EXPECT(got == -EBUSY || got == 3);
	return 0;
}

const struct core_case core_life_cases[] = {
	CASE(message_lives_while_requested),
	CASE_DIRECT(message_lives_while_requested),
	CASE(neighbours_are_left_alone),
	CASE(every_message_is_another),
	CASE(message_is_written_under_mask),
	CASE_DIRECT(message_is_written_under_mask),
	CASE(disabled_is_masked_enabled_is_not),
	CASE_DIRECT(disabled_is_masked_enabled_is_not),
	CASE(disabled_when_requested_stays_masked),
	CASE_DIRECT(disabled_when_requested_stays_masked),
	CASE(requested_again_lives_again),
	CASE_DIRECT(requested_again_lives_again),
	CASE(number_comes_back_with_a_silent_slot),
	CASE(number_is_taken_until_the_store_has_freed),
	{}
};
