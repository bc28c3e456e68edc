// SPDX-License-Identifier: GPL-2.0-only
/*
 * However many slots there are, nobody has the CPU for long: what goes through them
 * comes to a scheduling point every few slots.
 *
 * Each operation of the store asks for the scheduler, and counts how many calls it
 * takes until that has come. On a kernel that preempts (7.3) it always comes at once; on
 * one that does not (5.10, 6.1) it comes when it is called for.
 */
#include <linux/device.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/vmalloc.h>

#include "suite.h"

#define SOME		256U
#define MOST		DEVICE_MSI_MAX_SLOTS

/* Calls of operations; a slot is some of them */
#define FEW		8U

/* The call's value, if it came to scheduling points often enough. @t is the case's */
#define WATCHED(call)							\
	({								\
		int _ret;						\
									\
		test_store_watch(t->store);				\
		_ret = (call);						\
		EXPECT(core_say_stretch(t, #call) <= FEW);		\
		_ret;							\
	})

static unsigned int core_say_stretch(struct core_test *t, const char *call)
{
	unsigned int longest = test_store_longest(t->store);

	pr_info("ims_core_test: %u slots: %u calls, %llu cycles at most without a scheduling point: %s\n",
		t->store->nr_ready, longest, t->store->longest_cycles, call);
	return longest;
}

/* Every second slot is free, so that each is a range of free slots of its own */
static int free_every_second(struct core_test *t, const struct msi_map *maps,
			     unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i += 2) {
		EXPECT(!core_free(t, maps[i]));
		cond_resched();
	}
	return 0;
}

static int go_through(struct core_test *t, struct msi_map *maps,
		      unsigned int nr)
{
	int got;

	got = WATCHED(device_msi_alloc_irqs(t->dom, t->dev, NULL, 1, nr, NULL,
					    maps));
	EXPECT(got > 0);
	EXPECT(WATCHED(device_msi_verify(t->dom, false)) == 0);
	EXPECT(WATCHED(device_msi_restore(t->dom)) == 0);
	EXPECT(WATCHED(device_msi_restore_irqs(t->dom, t->dev)) == 0);
	EXPECT(WATCHED(device_msi_quiesce(t->dom)) == 0);
	EXPECT(WATCHED(device_msi_restore(t->dom)) == 0);
	test_store_reset(t->store, 0x5a);
	EXPECT(WATCHED(device_msi_verify(t->dom, true)) == got);
	TRY(free_every_second(t, maps, got));
	test_store_forget(t->store);
	EXPECT(WATCHED(device_msi_restore(t->dom)) == 0);
	EXPECT(test_store_calls(t->store, TEST_SILENCE) >= got / 2);
	EXPECT(WATCHED(device_msi_free_irqs(t->dom, t->dev)) == 0);
	return 0;
}

static int go_through_slots(struct core_test *t, unsigned int nr)
{
	struct msi_map *maps = vmalloc(nr * sizeof(*maps));
	int line;

	EXPECT(maps);
	line = go_through(t, maps, nr);
	vfree(maps);
	return line;
}

static int case_no_long_stretch_without_a_scheduling_point(struct core_test *t)
{
	return go_through_slots(t, SOME);
}

static int case_no_long_stretch_of_most_slots(struct core_test *t)
{
	return go_through_slots(t, MOST);
}

const struct core_case core_stretch_cases[] = {
	CASE(no_long_stretch_without_a_scheduling_point, .nr_slots = SOME,
	     .keeps_memory = "nothing of it depends on memory"),
	CASE(no_long_stretch_of_most_slots, .group = CORE_BIG,
	     .nr_slots = MOST),
	{}
};
