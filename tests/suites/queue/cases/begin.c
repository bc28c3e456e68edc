// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_queue_begin() and ims_queue_end(): fewer commands for many changes.
 */
#include <linux/workqueue.h>

#include "suite.h"

static struct msi_map maps[QUEUE_SLOTS];

static int start_many(struct queue_test *t, unsigned int nr)
{
	unsigned int i;

	EXPECT(!ims_queue_begin(t->dom));
	EXPECT(!queue_alloc_many(t, maps, nr));
	for (i = 0; i < nr; i++)
		EXPECT(!queue_request(t, maps[i].virq));
	EXPECT(!ims_queue_end(t->dom));
	EXPECT(queue_commands(t) <= nr / 16 + 2);
	for (i = 0; i < nr; i++)
		EXPECT(queue_live(t, maps[i]));
	return 0;
}

static int case_start_of_64_is_6_commands(struct queue_test *t)
{
	return start_many(t, 64);
}

static int case_start_of_256_is_18_commands(struct queue_test *t)
{
	return start_many(t, 256);
}

static int case_request_does_not_wait_till_the_end(struct queue_test *t)
{
	struct msi_map map, next;

	EXPECT(!ims_queue_begin(t->dom));
	EXPECT(!ims_queue_begin(t->dom));
	map = queue_alloc(t, 0);
	next = queue_alloc(t, 1);
	fake_forget(t->fake);
	EXPECT(!queue_request(t, map.virq));
	EXPECT(!queue_request(t, next.virq));
	EXPECT(!ims_queue_end(t->dom));
	test_give_it_time();
	EXPECT(!queue_commands(t));
	EXPECT(fake_silent(t->fake, 0) && fake_silent(t->fake, 1));
	EXPECT(!ims_queue_end(t->dom));
	EXPECT(queue_commands(t) == 1);
	EXPECT(queue_live(t, map) && queue_live(t, next));
	return 0;
}

static int case_end_without_a_change_is_no_command(struct queue_test *t)
{
	EXPECT(queue_alloc_requested(t, 0).index == 0);
	fake_forget(t->fake);
	EXPECT(!ims_queue_begin(t->dom));
	EXPECT(!ims_queue_end(t->dom));
	EXPECT(!queue_commands(t));
	return 0;
}

/* Its vector may be somebody else's by the end */
static int case_free_irq_does_not_wait_for_the_end(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	EXPECT(!ims_queue_begin(t->dom));
	fake_forget(t->fake);
	queue_release(t, map.virq);
	EXPECT(queue_commands(t) == 1 && fake_silent(t->fake, 0));
	EXPECT(!queue_free(t, map));
	EXPECT(!ims_queue_end(t->dom));
	EXPECT(queue_commands(t) == 1);
	return 0;
}

/* The device never hears of what came and went */
static int case_request_that_is_freed_before_the_end(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 0);

	EXPECT(map.index == 0);
	EXPECT(!ims_queue_begin(t->dom));
	fake_forget(t->fake);
	EXPECT(!queue_request(t, map.virq));
	queue_release(t, map.virq);
	EXPECT(!ims_queue_end(t->dom));
	EXPECT(!queue_commands(t) && fake_silent(t->fake, 0));
	return 0;
}

static int case_moves_wait_for_the_end(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);
	int cpu = queue_other_cpu();

	EXPECT(map.index == 0);
	TRY(queue_move_to(t, map.virq, 0));
	EXPECT(queue_fires(t, map.virq));
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(!ims_queue_begin(t->dom));
	fake_forget(t->fake);
	TRY(queue_move_to(t, map.virq, cpu));
	test_give_it_time();
	if (!t->masked_moves)	/* where the parent waits for the device, nothing else does */
		EXPECT(!queue_commands(t));
	EXPECT(!ims_queue_end(t->dom));
	EXPECT(queue_commands(t) == t->per_move && queue_live(t, map));
	return 0;
}

static struct fake_device *held;

static void let_held_go(struct work_struct *work)
{
	fake_let_go(held);
}

/* Else the one that sends it would send what changes next, too */
static int case_begin_waits_for_a_command_in_flight(struct queue_test *t)
{
	static DECLARE_DELAYED_WORK(later, let_held_go);
	unsigned int i;
	bool waited;

	EXPECT(!queue_alloc_many(t, maps, 2));
	for (i = 0; i < 2; i++) {
		irq_set_status_flags(maps[i].virq, IRQ_NOAUTOEN);
		EXPECT(!queue_request(t, maps[i].virq));
	}
	fake_forget(t->fake);
	fake_hold(t->fake);
	enable_irq(maps[0].virq);
	EXPECT(fake_wait_held(t->fake));
	held = t->fake;
	schedule_delayed_work(&later, msecs_to_jiffies(50));
	EXPECT(!ims_queue_begin(t->dom));
	waited = queue_live(t, maps[0]);
	flush_delayed_work(&later);
	EXPECT(waited);
	enable_irq(maps[1].virq);
	test_give_it_time();
	EXPECT(queue_commands(t) == 1);
	EXPECT(!ims_queue_end(t->dom));
	EXPECT(queue_commands(t) == 2 && queue_live(t, maps[1]));
	return 0;
}

static int case_synchronize_does_not_wait_for_the_end(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 0);

	EXPECT(map.index == 0);
	EXPECT(!ims_queue_begin(t->dom));
	EXPECT(!queue_request(t, map.virq));
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(queue_live(t, map));
	EXPECT(!ims_queue_end(t->dom));
	return 0;
}

static int case_end_says_that_the_device_failed(struct queue_test *t)
{
	unsigned int i;

	EXPECT(!queue_alloc_many(t, maps, 8));
	fake_slot(t->fake, 3)->error = -EIO;
	EXPECT(!ims_queue_begin(t->dom));
	for (i = 0; i < 8; i++)
		EXPECT(!queue_request(t, maps[i].virq));
	EXPECT(ims_queue_end(t->dom) == -EIO);
	EXPECT(queue_quarantined(t) == 1);
	for (i = 0; i < 8; i++)
		EXPECT(queue_live(t, maps[i]) == (maps[i].index != 3));
	fake_slot(t->fake, 3)->error = 0;
	EXPECT(!device_msi_restore(t->dom));
	for (i = 0; i < 8; i++)
		EXPECT(queue_live(t, maps[i]));
	EXPECT(!ims_queue_begin(t->dom));
	EXPECT(!ims_queue_end(t->dom));
	return 0;
}

#define BATCHED(_name)	CASE(_name, .max_batch = 32)

const struct queue_case queue_begin_cases[] = {
	BATCHED(start_of_64_is_6_commands),
	BATCHED(start_of_256_is_18_commands),
	BATCHED(request_does_not_wait_till_the_end),
	BATCHED(end_without_a_change_is_no_command),
	BATCHED(free_irq_does_not_wait_for_the_end),
	BATCHED(request_that_is_freed_before_the_end),
	BATCHED(moves_wait_for_the_end),
	BATCHED(begin_waits_for_a_command_in_flight),
	BATCHED(synchronize_does_not_wait_for_the_end),
	BATCHED(end_says_that_the_device_failed),
	{}
};
