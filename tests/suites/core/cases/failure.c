// SPDX-License-Identifier: GPL-2.0-only
/*
 * A store that fails at every point: nothing is left behind, what was there
 * before is untouched, and the next request works.
 */
#include "suite.h"

static int nothing_but(struct core_test *t, unsigned int nr)
{
	EXPECT(core_count(t) == nr);
	EXPECT(t->store->nr_ready == nr);
	EXPECT(test_count_irqs(test_failslab) == nr);
	return 0;
}

static int case_error_of_the_store_comes_through(struct core_test *t)
{
	static const int errors[] = { -EIO, -ENOMEM, -EBUSY, -ENODEV, -ENOSPC };
	struct msi_map maps[4];
	unsigned int i;

	EXPECT(core_alloc_requested(t, 0).index == 0);
	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		t->store->alloc_error = errors[i];
		EXPECT(core_alloc(t, ANY_SLOT).index == errors[i]);
		EXPECT(core_alloc(t, 9).index == errors[i]);
		EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, 1, 4, NULL,
					     maps) == errors[i]);
		TRY(nothing_but(t, 1));
	}
	EXPECT(!test_store_calls(t->store, TEST_FREE));
	t->store->alloc_error = 0;
	EXPECT(core_alloc(t, 9).index == 9);
	EXPECT(test_slot_live(t->store, 0));
	return 0;
}

static int case_kth_call_of_the_store_fails(struct core_test *t)
{
	unsigned int k, i, index;

	t->store->alloc_error = -EIO;
	for (k = 1; k <= CORE_SLOTS; k++) {
		test_store_forget(t->store);
		t->store->alloc_error_call = k;
		for (i = 0; i < CORE_SLOTS; i++) {
			index = (i * 7) % CORE_SLOTS;
			EXPECT(core_alloc(t, index).index ==
			       (i == k - 1 ? -EIO : (int)index));
		}
		TRY(nothing_but(t, CORE_SLOTS - 1));
		EXPECT(core_alloc(t, ANY_SLOT).index ==
		       ((k - 1) * 7) % CORE_SLOTS);
		EXPECT(!device_msi_free_irqs(t->dom, t->dev));
		TRY(nothing_but(t, 0));
	}
	return 0;
}

static int case_store_that_makes_none_ready_is_full(struct core_test *t)
{
	t->store->alloc_at_most = 0;
	EXPECT(core_alloc(t, ANY_SLOT).index == -ENOSPC);
	EXPECT(core_alloc(t, 3).index == -ENOSPC);
	TRY(nothing_but(t, 0));
	EXPECT(!test_store_calls(t->store, TEST_FREE));
	t->store->alloc_at_most = UINT_MAX;
	EXPECT(core_alloc(t, 3).index == 3);
	return 0;
}

static int case_refused_sideband_undoes_the_allocation(struct core_test *t)
{
	struct device_msi_req req = {
		.slots = DEVICE_MSI_SLOT(6),
		.sideband = { .has = DEVICE_MSI_SIDEBAND_RAW, .raw = 77 },
	};

	EXPECT(core_alloc_requested(t, 5).index == 5);
	t->store->sideband_error = -ERANGE;
	EXPECT(device_msi_alloc_irq(t->dom, t->dev, &req).index == -ERANGE);
	TRY(nothing_but(t, 1));
	EXPECT(test_store_calls(t->store, TEST_FREE) == 1);
	EXPECT(!core_slot(t, 6)->sideband.has);
	t->store->sideband_error = 0;
	EXPECT(device_msi_alloc_irq(t->dom, t->dev, &req).index == 6);
	EXPECT(test_slot_live(t->store, 5));
	return 0;
}

/*
 * A managed affinity is refused by kernels that export no allocation with one, and no
 * slot or interrupt stays allocated then. On the others the allocation succeeds.
 */
static int case_refused_affinity_undoes_the_allocation(struct core_test *t)
{
	static struct irq_affinity_desc affinity;
	struct device_msi_req req = {
		.slots = DEVICE_MSI_SLOT(6),
		.affinity = &affinity,
		.sideband = { .has = DEVICE_MSI_SIDEBAND_RAW, .raw = 77 },
	};
	struct msi_map map;

	cpumask_copy(&affinity.mask, cpumask_of(0));
	affinity.is_managed = 1;
	map = device_msi_alloc_irq(t->dom, t->dev, &req);
	if (map.index == -EOPNOTSUPP) {
		TRY(nothing_but(t, 0));
		EXPECT(!core_slot(t, 6)->sideband.has);
		EXPECT(core_alloc(t, 6).index == 6);
		return 0;
	}
	EXPECT(map.index == 6);
	return nothing_but(t, 1);
}

/* The core undoes in the order in which a store can follow */
static int case_free_clears_the_sideband_before_the_store(struct core_test *t)
{
	static const enum test_op order[] = {
		TEST_ALLOC, TEST_SIDEBAND, TEST_WRITE, TEST_UNMASK, TEST_MASK,
		TEST_WRITE, TEST_SIDEBAND, TEST_FREE,
	};
	struct device_msi_req req = {
		.slots = DEVICE_MSI_SLOT(2),
		.sideband = { .has = DEVICE_MSI_SIDEBAND_RAW, .raw = 1 },
	};
	struct msi_map map = device_msi_alloc_irq(t->dom, t->dev, &req);

	EXPECT(map.index == 2);
	EXPECT(!core_request(t, map.virq));
	core_release(t, map.virq);
	EXPECT(!core_free(t, map));
	EXPECT(test_store_saw(t->store, 2, order, ARRAY_SIZE(order)));
	return 0;
}

const struct core_case core_failure_cases[] = {
	CASE(error_of_the_store_comes_through),
	CASE(kth_call_of_the_store_fails),
	CASE(store_that_makes_none_ready_is_full),
	CASE(refused_sideband_undoes_the_allocation),
	CASE(refused_affinity_undoes_the_allocation),
	CASE(free_clears_the_sideband_before_the_store),
	{}
};
