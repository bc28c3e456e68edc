// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many interrupts at a time.
 */
#include <linux/bitmap.h>

#include "suite.h"

#define MANY	(4 * CORE_SLOTS)

static int bulk(struct core_test *t, unsigned int min, unsigned int max,
		struct msi_map *maps)
{
	return device_msi_alloc_irqs(t->dom, t->dev, NULL, min, max, NULL, maps);
}

/* Each is there, once */
static int check_maps(struct core_test *t, const struct msi_map *maps,
		      unsigned int nr)
{
	DECLARE_BITMAP(seen, MANY);
	unsigned int i;

	bitmap_zero(seen, MANY);
	for (i = 0; i < nr; i++) {
		EXPECT(maps[i].index >= 0 && maps[i].index < MANY);
		EXPECT(!__test_and_set_bit(maps[i].index, seen));
		EXPECT(maps[i].virq > 0);
		EXPECT(device_msi_virq(t->dom, maps[i].index) == maps[i].virq);
		EXPECT(core_slot(t, maps[i].index)->ready);
	}
	return 0;
}

static int case_whole_store_in_one_request(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];

	EXPECT(bulk(t, CORE_SLOTS, CORE_SLOTS, maps) == CORE_SLOTS);
	TRY(check_maps(t, maps, CORE_SLOTS));
	EXPECT(test_store_calls(t->store, TEST_ALLOC) == 1);
	EXPECT(test_store_last_nr(t->store, TEST_ALLOC) == CORE_SLOTS);
	EXPECT(core_alloc(t, ANY_SLOT).index == -ENOSPC);
	return 0;
}

static int case_all_or_nothing_gives_nothing(struct core_test *t)
{
	struct msi_map maps[MANY];

	EXPECT(bulk(t, CORE_SLOTS + 1, CORE_SLOTS + 1, maps) == -ENOSPC);
	EXPECT(bulk(t, MANY, MANY, maps) == -ENOSPC);
	EXPECT(!t->store->nr_ready);
	EXPECT(core_alloc(t, 4).index == 4);
	EXPECT(bulk(t, CORE_SLOTS, CORE_SLOTS, maps) == -ENOSPC);
	EXPECT(core_count(t) == 1);
	EXPECT(t->store->nr_ready == 1);
	EXPECT(bulk(t, CORE_SLOTS - 1, CORE_SLOTS - 1, maps) == CORE_SLOTS - 1);
	return check_maps(t, maps, CORE_SLOTS - 1);
}

static int case_more_than_the_store_has_is_clipped(struct core_test *t)
{
	struct msi_map maps[MANY];

	EXPECT(bulk(t, 1, MANY, maps) == CORE_SLOTS);
	TRY(check_maps(t, maps, CORE_SLOTS));
	EXPECT(core_count(t) == CORE_SLOTS);
	return 0;
}

static int case_as_many_as_are_free(struct core_test *t)
{
	static const unsigned int taken[] = { 0, 3, 7, 8, 15 };
	const unsigned int nr_free = CORE_SLOTS - ARRAY_SIZE(taken);
	struct msi_map maps[CORE_SLOTS];
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(taken); i++)
		EXPECT(core_alloc_for(t, core_part(t, 0), taken[i]).virq > 0);
	EXPECT(bulk(t, nr_free + 1, CORE_SLOTS, maps) == -ENOSPC);
	EXPECT(core_count(t) == ARRAY_SIZE(taken));
	EXPECT(bulk(t, 2, CORE_SLOTS, maps) == nr_free);
	TRY(check_maps(t, maps, nr_free));
	for (i = 0; i < nr_free; i++)
		for (j = 0; j < ARRAY_SIZE(taken); j++)
			EXPECT(maps[i].index != taken[j]);
	EXPECT(bulk(t, 1, 1, maps) == -ENOSPC);
	return 0;
}

static int case_no_more_than_max(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];

	EXPECT(bulk(t, 1, 5, maps) == 5);
	TRY(check_maps(t, maps, 5));
	EXPECT(bulk(t, 5, 6, maps + 5) == 6);
	TRY(check_maps(t, maps, 11));
	EXPECT(core_count(t) == 11);
	return 0;
}

static int case_store_with_room_for_fewer(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];

	t->store->alloc_at_most = 6;
	EXPECT(bulk(t, 4, CORE_SLOTS, maps) == 6);
	TRY(check_maps(t, maps, 6));
	EXPECT(t->store->nr_ready == 6);
	EXPECT(core_count(t) == 6);
	/* The numbers that the store did not take are free again */
	t->store->alloc_at_most = UINT_MAX;
	EXPECT(bulk(t, 10, 10, maps + 6) == 10);
	return check_maps(t, maps, CORE_SLOTS);
}

static int case_store_with_room_for_too_few(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];

	t->store->alloc_at_most = 3;
	EXPECT(bulk(t, 4, CORE_SLOTS, maps) == -ENOSPC);
	EXPECT(!t->store->nr_ready);
	EXPECT(test_store_calls(t->store, TEST_FREE) == 1);
	EXPECT(test_store_last_nr(t->store, TEST_FREE) == 3);
	t->store->alloc_at_most = 0;
	EXPECT(bulk(t, 1, CORE_SLOTS, maps) == -ENOSPC);
	EXPECT(!core_count(t));
	t->store->alloc_at_most = UINT_MAX;
	EXPECT(bulk(t, CORE_SLOTS, CORE_SLOTS, maps) == CORE_SLOTS);
	return 0;
}

static int case_bulk_on_a_bare_store(struct core_test *t)
{
	struct msi_map maps[MANY];
	unsigned int i;

	EXPECT(bulk(t, 1, MANY, maps) == CORE_SLOTS);
	for (i = 0; i < CORE_SLOTS; i++)
		EXPECT(device_msi_virq(t->dom, maps[i].index) == maps[i].virq);
	EXPECT(!device_msi_free_irqs(t->dom, t->dev));
	EXPECT(!core_count(t));
	return 0;
}

static int case_bulk_is_freed_one_by_one(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];
	unsigned int i;

	EXPECT(bulk(t, CORE_SLOTS, CORE_SLOTS, maps) == CORE_SLOTS);
	for (i = 0; i < CORE_SLOTS; i++)
		EXPECT(!core_free(t, maps[(i * 5) % CORE_SLOTS]));
	EXPECT(!t->store->nr_ready);
	EXPECT(test_store_calls(t->store, TEST_FREE) == CORE_SLOTS);
	return 0;
}

static int case_singles_are_freed_in_bulk(struct core_test *t)
{
	struct msi_map maps[MANY];

	TRY(core_fill(t, maps, MANY));
	EXPECT(!device_msi_free_irqs(t->dom, t->dev));
	EXPECT(!core_count(t) && !t->store->nr_ready);
	EXPECT(test_store_calls(t->store, TEST_FREE) == 1);
	EXPECT(test_store_last_nr(t->store, TEST_FREE) == MANY);
	return 0;
}

static int case_bulk_lives_like_singles(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];
	unsigned int i;

	EXPECT(bulk(t, CORE_SLOTS, CORE_SLOTS, maps) == CORE_SLOTS);
	for (i = 0; i < CORE_SLOTS; i++) {
		EXPECT(test_slot_silent(t->store, maps[i].index));
		EXPECT(!core_request(t, maps[i].virq));
		EXPECT(test_slot_live(t->store, maps[i].index));
		EXPECT(irq_get_irq_data(maps[i].virq)->hwirq == maps[i].index);
	}
	return 0;
}

static int case_bulk_with_wrong_arguments(struct core_test *t)
{
	struct msi_map maps[MANY];

	EXPECT(bulk(t, 0, 4, maps) == -EINVAL);
	EXPECT(bulk(t, 0, 0, maps) == -EINVAL);
	EXPECT(bulk(t, 5, 4, maps) == -EINVAL);
	EXPECT(bulk(t, UINT_MAX, 1, maps) == -EINVAL);
	EXPECT(!test_store_calls(t->store, TEST_ALLOC));
	return 0;
}

/* No memory is asked for by numbers that cannot be had */
static int case_bulk_of_absurd_numbers(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];

	EXPECT(bulk(t, UINT_MAX, UINT_MAX, maps) == -ENOSPC);
	EXPECT(bulk(t, INT_MAX, UINT_MAX, maps) == -ENOSPC);
	EXPECT(bulk(t, DEVICE_MSI_MAX_SLOTS + 1, UINT_MAX, maps) == -ENOSPC);
	EXPECT(!t->store->nr_ready);
	EXPECT(bulk(t, 1, UINT_MAX, maps) == CORE_SLOTS);
	return check_maps(t, maps, CORE_SLOTS);
}

const struct core_case core_bulk_cases[] = {
	CASE(whole_store_in_one_request),
	CASE(all_or_nothing_gives_nothing),
	CASE(more_than_the_store_has_is_clipped),
	CASE(as_many_as_are_free),
	CASE(no_more_than_max),
	CASE(store_with_room_for_fewer),
	CASE(store_with_room_for_too_few),
	CASE(bulk_on_a_bare_store, .ops = &test_bare_ops),
	CASE(bulk_is_freed_one_by_one),
	CASE(singles_are_freed_in_bulk, .nr_slots = MANY),
	CASE(bulk_lives_like_singles),
	CASE(bulk_with_wrong_arguments),
	CASE(bulk_of_absurd_numbers),
	{}
};
