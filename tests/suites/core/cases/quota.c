// SPDX-License-Identifier: GPL-2.0-only
/*
 * Quotas: one consumer cannot starve the rest.
 */
#include "suite.h"

static int alloc_for(struct core_test *t, struct device *consumer)
{
	return core_alloc_for(t, consumer, ANY_SLOT).index;
}

/* The consumer can have @nr more, and then hears that it is over quota */
static int has_room_for(struct core_test *t, struct device *consumer,
			unsigned int nr)
{
	while (nr--)
		EXPECT(alloc_for(t, consumer) >= 0);
	EXPECT(alloc_for(t, consumer) == -EDQUOT);
	return 0;
}

static int case_quota_of_a_consumer_is_its_own(struct core_test *t)
{
	struct device *part = core_part(t, 0);

	EXPECT(!device_msi_set_quota(t->dom, part, 3));
	TRY(has_room_for(t, part, 3));
	EXPECT(test_store_calls(t->store, TEST_ALLOC) == 3);
	EXPECT(alloc_for(t, core_part(t, 1)) >= 0);
	EXPECT(alloc_for(t, t->dev) >= 0);
	EXPECT(core_count(t) == 5);
	return 0;
}

static int case_freed_interrupts_count_no_more(struct core_test *t)
{
	struct device *part = core_part(t, 0);
	struct msi_map map;

	EXPECT(!device_msi_set_quota(t->dom, part, 2));
	map = core_alloc_for(t, part, 7);
	EXPECT(map.index == 7);
	TRY(has_room_for(t, part, 1));
	EXPECT(!device_msi_free_irq(t->dom, part, map));
	TRY(has_room_for(t, part, 1));
	EXPECT(!device_msi_free_irqs(t->dom, part));
	TRY(has_room_for(t, part, 2));
	return 0;
}

static int case_failed_allocations_do_not_count(struct core_test *t)
{
	struct device *part = core_part(t, 0);
	struct msi_map maps[4];
	unsigned int i;

	EXPECT(!device_msi_set_quota(t->dom, part, 2));
	EXPECT(core_alloc(t, 0).index == 0);
	for (i = 0; i < 5; i++) {
		t->store->alloc_error = -EIO;
		EXPECT(alloc_for(t, part) == -EIO);
		t->store->alloc_error = 0;
		EXPECT(core_alloc_for(t, part, 0).index == -EBUSY);
		t->store->alloc_at_most = 1;
		EXPECT(device_msi_alloc_irqs(t->dom, part, NULL, 2, 2, NULL,
					     maps) == -ENOSPC);
		t->store->alloc_at_most = UINT_MAX;
	}
	return has_room_for(t, part, 2);
}

static int case_default_quota_is_per_consumer(struct core_test *t)
{
	EXPECT(!device_msi_set_quota(t->dom, NULL, 2));
	TRY(has_room_for(t, core_part(t, 0), 2));
	TRY(has_room_for(t, core_part(t, 1), 2));
	return has_room_for(t, t->dev, 2);
}

static int case_own_quota_goes_before_the_default(struct core_test *t)
{
	EXPECT(!device_msi_set_quota(t->dom, core_part(t, 0), 4));
	EXPECT(!device_msi_set_quota(t->dom, NULL, 2));
	EXPECT(!device_msi_set_quota(t->dom, core_part(t, 1), 1));
	TRY(has_room_for(t, core_part(t, 0), 4));
	TRY(has_room_for(t, core_part(t, 1), 1));
	return has_room_for(t, core_part(t, 2), 2);
}

static int case_quota_of_none(struct core_test *t)
{
	EXPECT(!device_msi_set_quota(t->dom, core_part(t, 0), 0));
	TRY(has_room_for(t, core_part(t, 0), 0));
	EXPECT(!device_msi_set_quota(t->dom, NULL, 0));
	TRY(has_room_for(t, t->dev, 0));
	EXPECT(!core_count(t));
	return 0;
}

static int case_lowered_quota_takes_nothing_away(struct core_test *t)
{
	struct device *part = core_part(t, 0);
	struct msi_map map = core_alloc_for(t, part, 0);

	EXPECT(alloc_for(t, part) >= 0);
	EXPECT(alloc_for(t, part) >= 0);
	EXPECT(!device_msi_set_quota(t->dom, part, 1));
	EXPECT(core_count(t) == 3);
	EXPECT(alloc_for(t, part) == -EDQUOT);
	EXPECT(!device_msi_free_irq(t->dom, part, map));
	EXPECT(alloc_for(t, part) == -EDQUOT);
	EXPECT(!device_msi_free_irqs(t->dom, part));
	return has_room_for(t, part, 1);
}

static int case_quota_can_be_lifted(struct core_test *t)
{
	struct device *part = core_part(t, 0);

	EXPECT(!device_msi_set_quota(t->dom, part, 1));
	TRY(has_room_for(t, part, 1));
	EXPECT(!device_msi_set_quota(t->dom, part, 3));
	TRY(has_room_for(t, part, 2));
	EXPECT(!device_msi_set_quota(t->dom, part, DEVICE_MSI_NO_QUOTA));
	while (core_count(t) < CORE_SLOTS)
		EXPECT(alloc_for(t, part) >= 0);
	EXPECT(alloc_for(t, part) == -ENOSPC);
	return 0;
}

static int case_bulk_is_clipped_to_the_quota(struct core_test *t)
{
	struct device *part = core_part(t, 0);
	struct msi_map maps[CORE_SLOTS];

	EXPECT(!device_msi_set_quota(t->dom, part, 5));
	EXPECT(device_msi_alloc_irqs(t->dom, part, NULL, 6, 8, NULL, maps) ==
	       -EDQUOT);
	EXPECT(!t->store->nr_ready);
	EXPECT(alloc_for(t, part) >= 0);
	EXPECT(device_msi_alloc_irqs(t->dom, part, NULL, 5, 5, NULL, maps) ==
	       -EDQUOT);
	EXPECT(device_msi_alloc_irqs(t->dom, part, NULL, 1, CORE_SLOTS, NULL,
				     maps) == 4);
	EXPECT(device_msi_alloc_irqs(t->dom, part, NULL, 1, 1, NULL, maps) ==
	       -EDQUOT);
	EXPECT(core_count(t) == 5);
	return 0;
}

static int case_quota_holds_for_the_managed_form(struct core_test *t)
{
	struct device *part = core_part(t, 0);
	struct msi_map maps[4];

	EXPECT(!device_msi_set_quota(t->dom, part, 3));
	EXPECT(devm_device_msi_alloc_irqs(t->dom, part, NULL, 1, 4, NULL, maps) ==
	       3);
	EXPECT(devm_device_msi_alloc_irq(t->dom, part, NULL).index == -EDQUOT);
	return 0;
}

static int case_quota_is_the_domains(struct core_test *t)
{
	struct core_test *b = core_second(t, &test_full_ops, 0, CORE_SLOTS);

	EXPECT(b);
	EXPECT(!device_msi_set_quota(t->dom, t->dev, 1));
	TRY(has_room_for(t, t->dev, 1));
	EXPECT(alloc_for(b, t->dev) >= 0);
	EXPECT(alloc_for(b, t->dev) >= 0);
	return 0;
}

/* So many lines would fit into the log twice, for ../guest/core to count */
#define FLOOD	300U

/* As a user may, whose driver allocates for him */
static int case_refusals_do_not_flood_the_log(struct core_test *t)
{
	struct msi_map maps[3];
	unsigned int i;

	EXPECT(!device_msi_set_quota(t->dom, t->dev, 13));
	TRY(has_room_for(t, t->dev, 13));
	for (i = 0; i < FLOOD; i++)
		EXPECT(alloc_for(t, t->dev) == -EDQUOT);
	EXPECT(!device_msi_set_quota(t->dom, t->dev, DEVICE_MSI_NO_QUOTA));
	EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, 1, 3, NULL, maps) ==
	       3);
	for (i = 0; i < FLOOD; i++)
		EXPECT(alloc_for(t, t->dev) == -ENOSPC);
	return 0;
}

const struct core_case core_quota_cases[] = {
	CASE(quota_of_a_consumer_is_its_own),
	CASE(freed_interrupts_count_no_more),
	CASE(failed_allocations_do_not_count),
	CASE(default_quota_is_per_consumer),
	CASE(own_quota_goes_before_the_default),
	CASE(quota_of_none),
	CASE(lowered_quota_takes_nothing_away),
	CASE(quota_can_be_lifted),
	CASE(bulk_is_clipped_to_the_quota),
	CASE(quota_holds_for_the_managed_form),
	CASE(quota_is_the_domains),
	CASE(refusals_do_not_flood_the_log,
	     .keeps_memory = "it is about the log"),
	{}
};
