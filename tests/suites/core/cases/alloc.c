// SPDX-License-Identifier: GPL-2.0-only
/*
 * One interrupt at a time.
 */
#include "suite.h"

static int case_any_gives_every_slot_once(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];
	unsigned int i;

	TRY(core_fill(t, maps, CORE_SLOTS));
	EXPECT(core_count(t) == CORE_SLOTS);
	for (i = 0; i < CORE_SLOTS; i++)
		EXPECT(irq_get_irq_data(maps[i].virq)->hwirq == maps[i].index);
	return 0;
}

static int case_no_request_means_any_slot(struct core_test *t)
{
	struct msi_map map = device_msi_alloc_irq(t->dom, t->dev, NULL);

	EXPECT(map.index >= 0 && map.index < CORE_SLOTS && map.virq > 0);
	EXPECT(!core_slot(t, map.index)->sideband.has);
	EXPECT(!test_store_calls(t->store, TEST_SIDEBAND));
	return 0;
}

static int case_slot_asked_for_is_slot_given(struct core_test *t)
{
	static const unsigned int order[] = { 7, 0, CORE_SLOTS - 1, 8 };
	struct msi_map map;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(order); i++) {
		test_store_forget(t->store);
		map = core_alloc(t, order[i]);
		EXPECT(map.index == order[i] && map.virq > 0);
		EXPECT(device_msi_virq(t->dom, order[i]) == map.virq);
		EXPECT(test_store_calls(t->store, TEST_ALLOC) == 1);
		EXPECT(test_store_last_nr(t->store, TEST_ALLOC) == 1);
		EXPECT(core_slot(t, order[i])->ready);
	}
	EXPECT(core_count(t) == ARRAY_SIZE(order));
	return 0;
}

static int case_slot_in_use_is_busy(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 5);

	EXPECT(map.index == 5);
	EXPECT(core_alloc(t, 5).index == -EBUSY);
	EXPECT(core_alloc_for(t, core_part(t, 0), 5).index == -EBUSY);
	EXPECT(test_store_calls(t->store, TEST_ALLOC) == 1);
	EXPECT(test_slot_live(t->store, 5));
	EXPECT(device_msi_virq(t->dom, 5) == map.virq);
	return 0;
}

static int case_any_goes_around_slots_in_use(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];
	unsigned int i;

	for (i = 0; i < CORE_SLOTS; i += 2)
		EXPECT(core_alloc(t, i).index == i);
	TRY(core_fill(t, maps, CORE_SLOTS / 2));
	for (i = 0; i < CORE_SLOTS / 2; i++)
		EXPECT(maps[i].index % 2 == 1);
	return 0;
}

static int case_full_store_has_room_after_a_free(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS], map;
	unsigned int i;

	TRY(core_fill(t, maps, CORE_SLOTS));
	for (i = 0; i < 3; i++) {
		EXPECT(core_alloc(t, ANY_SLOT).index == -ENOSPC);
		EXPECT(!core_free(t, maps[11]));
		map = core_alloc(t, ANY_SLOT);
		EXPECT(map.index == maps[11].index);
		maps[11] = map;
	}
	return 0;
}

/* 16 slots: a step that is odd comes to each of them */
static int free_in_order(struct core_test *t, unsigned int first,
			 unsigned int step)
{
	struct msi_map maps[CORE_SLOTS];
	unsigned int i, at;

	TRY(core_fill(t, maps, CORE_SLOTS));
	for (i = 0, at = first; i < CORE_SLOTS; i++) {
		EXPECT(!core_free(t, maps[at]));
		EXPECT(device_msi_virq(t->dom, maps[at].index) == -ENOENT);
		EXPECT(core_count(t) == CORE_SLOTS - 1 - i);
		at = (at + step) % CORE_SLOTS;
	}
	EXPECT(!t->store->nr_ready);
	return 0;
}

static int case_any_order_of_frees(struct core_test *t)
{
	static const struct { unsigned int first, step; } orders[] = {
		{ 0, 1 },		/* as allocated */
		{ 15, 15 },		/* last first */
		{ 7, 5 },
		{ 8, 9 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(orders); i++)
		TRY(free_in_order(t, orders[i].first, orders[i].step));
	return 0;
}

/* Far more cycles than slots: what leaks a number runs out of them */
static int case_cycles_wear_nothing_out(struct core_test *t)
{
	struct msi_map map;
	unsigned int i;

	for (i = 0; i < 20 * CORE_SLOTS; i++) {
		map = core_alloc(t, i % 3 ? ANY_SLOT : i % CORE_SLOTS);
		EXPECT(map.index >= 0);
		EXPECT(!core_free(t, map));
	}
	EXPECT(test_store_calls(t->store, TEST_ALLOC) == 20 * CORE_SLOTS);
	EXPECT(test_store_calls(t->store, TEST_FREE) == 20 * CORE_SLOTS);
	return 0;
}

/*
 * Allocate and request until something is full: on AMD-Vi its table may be
 * before the vectors are.
 */
static int request_until_full(struct core_test *t, bool *table_full)
{
	struct msi_map map;
	int ret = 0;

	*table_full = false;
	while (!ret) {
		map = core_alloc(t, ANY_SLOT);
		if (map.index == -ENOSPC) {
			*table_full = true;
			return 0;
		}
		EXPECT(map.index >= 0);
		ret = core_request(t, map.virq);
	}
	EXPECT(ret == -ENOSPC);
	EXPECT(test_slot_silent(t->store, map.index));
	EXPECT(!core_free(t, map));
	return 0;
}

static int lowest(const struct msi_map *maps, unsigned int nr)
{
	int virq = maps[0].virq;

	while (nr--)
		virq = min(virq, maps[nr].virq);
	return virq;
}

/* Whatever number comes next: those that were freed are not left behind */
static int case_irq_numbers_do_not_creep_up(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];
	unsigned int i, round;
	int first;

	TRY(core_fill(t, maps, CORE_SLOTS));
	first = lowest(maps, CORE_SLOTS);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < CORE_SLOTS; i++)
			EXPECT(!core_free(t, maps[i]));
		TRY(core_fill(t, maps, CORE_SLOTS));
		EXPECT(lowest(maps, CORE_SLOTS) <= first);
	}
	return 0;
}

static int case_vectors_run_out_and_come_back(struct core_test *t)
{
	struct device_msi_caps caps = {};
	bool table_full;
	unsigned int i;
	int last;

	EXPECT(!device_msi_supported(t->dev, 0, &caps));
	TRY(request_until_full(t, &table_full));
	if (t->nr_requested > caps.max_requested)
		snprintf(t->why, sizeof(t->why), "%u requested, %u said",
			 t->nr_requested, caps.max_requested);
	EXPECT(t->nr_requested > 50);
	for (i = 0; i < t->nr_requested; i++)
		EXPECT(test_slot_live(t->store, i));
	if (table_full)
		return 0;

	last = t->requested[0];
	core_release(t, last);
	EXPECT(!core_request(t, last));
	return 0;
}

const struct core_case core_alloc_cases[] = {
	CASE(any_gives_every_slot_once),
	CASE(no_request_means_any_slot),
	CASE(slot_asked_for_is_slot_given),
	CASE(slot_in_use_is_busy),
	CASE(any_goes_around_slots_in_use),
	CASE(full_store_has_room_after_a_free),
	CASE(any_order_of_frees),
	CASE(cycles_wear_nothing_out),
	CASE(irq_numbers_do_not_creep_up),
	CASE(vectors_run_out_and_come_back, .group = CORE_BIG,
	     .nr_slots = CORE_REQUESTED - 1),
	{}
};
