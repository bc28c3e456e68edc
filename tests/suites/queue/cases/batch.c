// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which slots go with one command, and which go alone.
 */
#include "suite.h"

#define BATCH_COMMANDS	8U

/**
 * struct batches - What was in each command
 * @nr:		how many commands there were
 * @size:	how many slots in each
 * @first:	the first of them
 * @enable:	an interrupt to be enabled during the first
 */
struct batches {
	unsigned int	nr;
	unsigned int	size[BATCH_COMMANDS];
	unsigned int	first[BATCH_COMMANDS];
	int		enable;
};

static struct batches batches;

static void watch_batches(struct fake_device *fake,
			  const struct ims_queue_entry *entries,
			  unsigned int nr)
{
	if (batches.enable)
		enable_irq(batches.enable);
	batches.enable = 0;
	if (batches.nr == BATCH_COMMANDS)
		return;
	batches.size[batches.nr] = nr;
	batches.first[batches.nr++] = entries[0].index;
}

/* Requested, but not enabled, so that no command has its message */
static struct msi_map alloc_disabled(struct queue_test *t, unsigned int index)
{
	struct msi_map map = queue_alloc(t, index);
	int ret;

	if (map.index < 0)
		return map;
	irq_set_status_flags(map.virq, IRQ_NOAUTOEN);
	ret = queue_request(t, map.virq);
	if (ret)
		map.index = ret;
	return map;
}

static void watch_failure(struct queue_test *t, struct msi_map other)
{
	memset(&batches, 0, sizeof(batches));
	batches.enable = other.virq;
	fake_fail(t->fake, 1, 1, -EIO);
	t->fake->watch = watch_batches;
}

static int were(unsigned int nr, unsigned int first, unsigned int second,
		unsigned int third)
{
	EXPECT(batches.nr == nr);
	EXPECT(batches.size[0] == 1 && batches.first[0] == first);
	EXPECT(batches.size[1] == 1 && batches.first[1] == second);
	EXPECT(batches.size[2] == 1 && batches.first[2] == third);
	return 0;
}

/*
 * free_irq() waits for the one that has failed, so that it is the first again; and
 * the worker does not meddle before ims_queue_end().
 */
static int case_slot_that_failed_takes_none_along(struct queue_test *t)
{
	struct msi_map bad = queue_alloc_requested(t, 3);
	struct msi_map other = alloc_disabled(t, 4);

	EXPECT(bad.index == 3 && other.index == 4);
	EXPECT(!ims_queue_begin(t->dom));
	watch_failure(t, other);
	queue_release(t, bad.virq);
	EXPECT(!ims_queue_end(t->dom));
	EXPECT(fake_silent(t->fake, 3) && queue_live(t, other));
	return were(3, 3, 3, 4);
}

/* Only the worker commits, so that the one that has failed is behind */
static int case_slot_that_failed_is_not_taken_along(struct queue_test *t)
{
	struct msi_map bad = alloc_disabled(t, 3), other = alloc_disabled(t, 4);

	EXPECT(bad.index == 3 && other.index == 4);
	watch_failure(t, other);
	enable_irq(bad.virq);
	EXPECT(SOON(queue_live(t, bad) && queue_live(t, other)));
	return were(3, 3, 4, 3);
}

/* Once it has worked it is as good as any */
static int case_failures_are_forgotten(struct queue_test *t)
{
	struct msi_map bad = alloc_disabled(t, 3), other = alloc_disabled(t, 4);

	EXPECT(bad.index == 3 && other.index == 4);
	fake_fail(t->fake, 1, 1, -EIO);
	enable_irq(bad.virq);
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(t->fake->failed == 1);
	queue_release(t, bad.virq);
	EXPECT(!queue_request(t, bad.virq));
	EXPECT(!ims_queue_begin(t->dom));
	enable_irq(other.virq);
	enable_irq(bad.virq);
	memset(&batches, 0, sizeof(batches));
	t->fake->watch = watch_batches;
	EXPECT(!ims_queue_end(t->dom));
	EXPECT(queue_live(t, bad) && queue_live(t, other));
	EXPECT(batches.nr == 1 && batches.size[0] == 2);
	return 0;
}

#define MANY	100U	/* the store lets interrupts in after 64 */

static int case_one_command_takes_many_slots(struct queue_test *t)
{
	struct msi_map maps[MANY];
	unsigned int i;

	for (i = 0; i < MANY; i++) {
		maps[i] = alloc_disabled(t, i);
		EXPECT(maps[i].index == i);
	}
	EXPECT(!ims_queue_begin(t->dom));
	for (i = 0; i < MANY; i++)
		enable_irq(maps[i].virq);
	memset(&batches, 0, sizeof(batches));
	t->fake->watch = watch_batches;
	EXPECT(!ims_queue_end(t->dom));
	EXPECT(batches.nr == 1 && batches.size[0] == MANY);
	for (i = 0; i < MANY; i++)
		EXPECT(queue_live(t, maps[i]));
	return 0;
}

const struct queue_case queue_batch_cases[] = {
	CASE(one_command_takes_many_slots, .max_batch = 128),
	CASE(slot_that_failed_takes_none_along, .max_batch = 8),
	CASE(slot_that_failed_is_not_taken_along, .max_batch = 8),
	CASE(failures_are_forgotten, .max_batch = 8),
	{}
};
