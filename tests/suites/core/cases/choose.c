// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stores that choose the slots themselves, rightly and wrongly.
 */
#include "suite.h"

static int case_choice_of_the_store_is_the_slot(struct core_test *t)
{
	unsigned int i;

	for (i = 0; i < CORE_SLOTS; i += 3) {
		EXPECT(core_alloc(t, ANY_SLOT).index == i);
		EXPECT(device_msi_virq(t->dom, i) > 0);
	}
	EXPECT(core_alloc(t, ANY_SLOT).index == 1);
	EXPECT(core_count(t) == 7);
	return 0;
}

static int case_chosen_slots_need_not_be_contiguous(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];
	unsigned int i;

	EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, 6, 6, NULL, maps) ==
	       6);
	EXPECT(test_store_calls(t->store, TEST_ALLOC) == 1);
	for (i = 0; i < 6; i++) {
		EXPECT(maps[i].index == 3 * i);
		EXPECT(device_msi_virq(t->dom, 3 * i) == maps[i].virq);
		EXPECT(irq_get_irq_data(maps[i].virq)->hwirq == 3 * i);
		EXPECT(!core_request(t, maps[i].virq));
		EXPECT(test_slot_live(t->store, 3 * i));
	}
	return 0;
}

static int case_choosing_store_can_be_full(struct core_test *t)
{
	struct msi_map maps[2 * CORE_SLOTS];

	EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, 1, 2 * CORE_SLOTS,
				     NULL, maps) == CORE_SLOTS);
	EXPECT(core_alloc(t, ANY_SLOT).index == -ENOSPC);
	EXPECT(!core_free(t, maps[2]));
	EXPECT(core_alloc(t, ANY_SLOT).index == maps[2].index);
	EXPECT(!device_msi_free_irqs(t->dom, t->dev));
	EXPECT(!t->store->nr_ready);
	t->store->alloc_at_most = 5;
	EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, 6, 8, NULL, maps) ==
	       -ENOSPC);
	EXPECT(!t->store->nr_ready && !core_count(t));
	return 0;
}

/* A driver that must have one slot tells it to a choosing store too */
static int case_choosing_store_keeps_a_given_index(struct core_test *t)
{
	EXPECT(core_alloc(t, 4).index == 4);
	EXPECT(core_alloc(t, 4).index == -EBUSY);
	EXPECT(core_alloc(t, ANY_SLOT).index == 0);
	return 0;
}

static int case_failing_choice_leaves_nothing(struct core_test *t)
{
	struct msi_map maps[4];

	t->store->alloc_error = -ENODATA;
	EXPECT(core_alloc(t, ANY_SLOT).index == -ENODATA);
	EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, 1, 4, NULL, maps) ==
	       -ENODATA);
	t->store->alloc_error = 0;
	EXPECT(!core_count(t));
	EXPECT(core_alloc(t, ANY_SLOT).index == 0);
	return 0;
}

/* One at a time, and as the second of a bulk whose first is right */
static int wrong_choice(struct core_test *t, enum test_choice choice)
{
	struct msi_map first = core_alloc_requested(t, ANY_SLOT);
	struct msi_map maps[4];

	EXPECT(first.index == 0);
	t->store->choice = choice;
	if (choice != TEST_CHOOSE_TWICE)
		EXPECT(core_alloc(t, ANY_SLOT).index == -EINVAL);
	EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, 2, 4, NULL, maps) ==
	       -EINVAL);
	EXPECT(t->store->nr_ready == 1 && core_count(t) == 1);
	EXPECT(device_msi_virq(t->dom, 0) == first.virq);
	EXPECT(test_slot_live(t->store, 0));
	t->store->choice = TEST_CHOOSE_SPARSE;
	EXPECT(core_alloc(t, ANY_SLOT).index == 3);
	core_release(t, first.virq);
	EXPECT(!core_free(t, first));
	return 0;
}

static int case_store_that_chooses_a_slot_in_use(struct core_test *t)
{
	return wrong_choice(t, TEST_CHOOSE_IN_USE);
}

static int case_store_that_chooses_a_slot_twice(struct core_test *t)
{
	return wrong_choice(t, TEST_CHOOSE_TWICE);
}

static int case_store_that_chooses_out_of_range(struct core_test *t)
{
	return wrong_choice(t, TEST_CHOOSE_BEYOND);
}

static int case_store_that_does_not_choose(struct core_test *t)
{
	return wrong_choice(t, TEST_CHOOSE_NOTHING);
}

#define CHOOSES(_name, ...) \
	CASE(_name, .flags = DEVICE_MSI_STORE_CHOOSES, ## __VA_ARGS__)

const struct core_case core_choose_cases[] = {
	CHOOSES(choice_of_the_store_is_the_slot),
	CHOOSES(chosen_slots_need_not_be_contiguous),
	CHOOSES(choosing_store_can_be_full),
	CHOOSES(choosing_store_keeps_a_given_index),
	CHOOSES(failing_choice_leaves_nothing),
	CHOOSES(store_that_chooses_a_slot_in_use, .group = CORE_MISUSE),
	CHOOSES(store_that_chooses_a_slot_twice, .group = CORE_MISUSE),
	CHOOSES(store_that_chooses_out_of_range, .group = CORE_MISUSE),
	CHOOSES(store_that_does_not_choose, .group = CORE_MISUSE),
	{}
};
