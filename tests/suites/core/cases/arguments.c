// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arguments that a driver may well get wrong: an errno, and nothing changes.
 * sideband.c and bulk.c have theirs; misuse.c what provokes a warning.
 */
#include "suite.h"

static int case_no_such_slot_to_allocate(struct core_test *t)
{
	static const unsigned int wrong[] = {
		CORE_SLOTS, CORE_SLOTS + 1, DEVICE_MSI_MAX_SLOTS, INT_MAX,
		(unsigned int)INT_MAX + 1, ANY_SLOT - 1,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT(core_alloc(t, wrong[i]).index == -EINVAL);
	EXPECT(!test_store_calls(t->store, TEST_ALLOC));
	return 0;
}

static int free_wrong(struct core_test *t, int index, int virq)
{
	struct msi_map map = { .index = index, .virq = virq };

	return core_free(t, map);
}

static int case_free_takes_only_what_was_allocated(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 3);

	EXPECT(map.index == 3);
	EXPECT(free_wrong(t, 3, map.virq + 1) == -EINVAL);
	EXPECT(free_wrong(t, 3, 0) == -EINVAL);
	EXPECT(free_wrong(t, 3, -1) == -EINVAL);
	EXPECT(free_wrong(t, 4, map.virq) == -EINVAL);
	EXPECT(free_wrong(t, CORE_SLOTS, map.virq) == -EINVAL);
	EXPECT(free_wrong(t, INT_MAX, map.virq) == -EINVAL);
	EXPECT(free_wrong(t, INT_MIN, map.virq) == -EINVAL);
	EXPECT(free_wrong(t, -ENOSPC, 0) == -EINVAL);
	EXPECT(device_msi_virq(t->dom, 3) == map.virq);
	EXPECT(!test_store_calls(t->store, TEST_FREE));
	return 0;
}

static int case_second_free_is_an_error(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 3), again;

	EXPECT(map.index == 3);
	EXPECT(!core_free(t, map));
	EXPECT(core_free(t, map) == -EINVAL);
	again = core_alloc(t, 3);
	EXPECT(again.index == 3);
	if (again.virq != map.virq)
		EXPECT(core_free(t, map) == -EINVAL);
	EXPECT(device_msi_virq(t->dom, 3) == again.virq);
	EXPECT(test_store_calls(t->store, TEST_FREE) == 1);
	return 0;
}

static int case_virq_of_no_interrupt(struct core_test *t)
{
	static const unsigned int none[] = {
		0, CORE_SLOTS - 1, CORE_SLOTS, INT_MAX, UINT_MAX,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(none); i++)
		EXPECT(device_msi_virq(t->dom, none[i]) == -ENOENT);
	return 0;
}

static int case_quota_of_a_stranger_is_no_error(struct core_test *t)
{
	EXPECT(!device_msi_set_quota(t->dom, core_part(t, 2), 0));
	EXPECT(!device_msi_set_quota(t->dom, core_part(t, 2),
				     DEVICE_MSI_NO_QUOTA));
	EXPECT(!device_msi_set_quota(t->dom, NULL, DEVICE_MSI_NO_QUOTA));
	EXPECT(!device_msi_set_quota(t->dom, NULL, DEVICE_MSI_NO_QUOTA - 1));
	EXPECT(core_alloc(t, 0).index == 0);
	return 0;
}

static int case_empty_domain_has_nothing_to_restore(struct core_test *t)
{
	test_store_reset(t->store, 0xa5);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!device_msi_verify(t->dom, false));
	EXPECT(!device_msi_verify(t->dom, true));
	EXPECT(!test_store_calls(t->store, TEST_RESTORE));
	return 0;
}

const struct core_case core_arguments_cases[] = {
	CASE(no_such_slot_to_allocate),
	CASE(free_takes_only_what_was_allocated),
	CASE(second_free_is_an_error),
	CASE(virq_of_no_interrupt),
	CASE(quota_of_a_stranger_is_no_error),
	CASE(empty_domain_has_nothing_to_restore),
	{}
};
