// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests for certain slots: a range, a row, an alignment; and what several
 * interrupts have in common.
 */
#include <linux/cpumask.h>

#include "suite.h"

static struct msi_map maps[CORE_SLOTS];

static int ask(struct core_test *t, const struct device_msi_req *req,
	       unsigned int min, unsigned int max)
{
	memset(maps, 0, sizeof(maps));
	return device_msi_alloc_irqs(t->dom, t->dev, req, min, max, NULL, maps);
}

/* The interrupts of the last request have these slots, one after the other */
static int check_row(struct core_test *t, unsigned int first, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		EXPECT(maps[i].index == first + i);
		EXPECT(device_msi_virq(t->dom, first + i) == maps[i].virq);
		EXPECT(core_slot(t, first + i)->ready);
	}
	return 0;
}

static int take(struct core_test *t, const unsigned int *slots, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		EXPECT(core_alloc(t, slots[i]).index == slots[i]);
	return 0;
}

#define TAKE(t, ...)						\
	do {							\
		static const unsigned int _slots[] = { __VA_ARGS__ };	\
								\
		TRY(take(t, _slots, ARRAY_SIZE(_slots)));	\
	} while (0)

static int case_empty_request_is_for_any_slot(struct core_test *t)
{
	static const struct device_msi_req any;
	unsigned int i;

	for (i = 0; i < 3; i++)
		EXPECT(device_msi_alloc_irq(t->dom, t->dev, &any).index == i);
	EXPECT(ask(t, &any, 4, 4) == 4);
	return check_row(t, 3, 4);
}

static int case_range_bounds_the_slots(struct core_test *t)
{
	struct device_msi_req req = { .slots = { .first = 4, .nr = 6 } };

	EXPECT(device_msi_alloc_irq(t->dom, t->dev, &req).index == 4);
	TAKE(t, 7);
	EXPECT(ask(t, &req, 5, 6) == -ENOSPC);
	EXPECT(core_count(t) == 2 && t->store->nr_ready == 2);
	EXPECT(ask(t, &req, 1, 6) == 4);
	EXPECT(maps[0].index == 5 && maps[1].index == 6);
	EXPECT(maps[2].index == 8 && maps[3].index == 9);
	EXPECT(device_msi_alloc_irq(t->dom, t->dev, &req).index == -ENOSPC);
	EXPECT(ask(t, &req, 1, 1) == -ENOSPC);
	EXPECT(core_alloc(t, ANY_SLOT).index == 0);
	return 0;
}

/* As many as the range has slots, however many may be */
static int case_range_clips_the_request(struct core_test *t)
{
	struct device_msi_req req = {
		.slots = { .first = CORE_SLOTS - 3, .nr = 3 },
	};

	EXPECT(ask(t, &req, 1, UINT_MAX) == 3);
	TRY(check_row(t, CORE_SLOTS - 3, 3));
	EXPECT(core_count(t) == 3);
	return 0;
}

static int case_one_slot_that_is_in_use(struct core_test *t)
{
	struct device_msi_req req = { .slots = DEVICE_MSI_SLOT(5) };

	TAKE(t, 5);
	EXPECT(device_msi_alloc_irq(t->dom, t->dev, &req).index == -EBUSY);
	EXPECT(ask(t, &req, 1, 4) == -EBUSY);
	req.contiguous = true;
	EXPECT(ask(t, &req, 1, 4) == -EBUSY);
	EXPECT(core_count(t) == 1);
	return 0;
}

static int case_row_is_the_lowest_that_is_long_enough(struct core_test *t)
{
	static const struct device_msi_req row = { .contiguous = true };

	TAKE(t, 2, 8);
	EXPECT(ask(t, &row, 5, 5) == 5);
	TRY(check_row(t, 3, 5));
	EXPECT(ask(t, &row, 2, 2) == 2);
	return check_row(t, 0, 2);
}

static int case_row_is_the_longest_if_none_is_long_enough(struct core_test *t)
{
	static const struct device_msi_req row = { .contiguous = true };

	TAKE(t, 3, 9, 15);
	EXPECT(ask(t, &row, 6, 8) == -ENOSPC);
	EXPECT(core_count(t) == 3 && t->store->nr_ready == 3);
	EXPECT(ask(t, &row, 2, 8) == 5);
	TRY(check_row(t, 4, 5));
	EXPECT(ask(t, &row, 2, 8) == 5);
	TRY(check_row(t, 10, 5));
	EXPECT(ask(t, &row, 2, 8) == 3);
	TRY(check_row(t, 0, 3));
	EXPECT(ask(t, &row, 1, 8) == -ENOSPC);
	return 0;
}

static int case_row_in_an_empty_store(struct core_test *t)
{
	static const struct device_msi_req row = { .contiguous = true };

	EXPECT(ask(t, &row, 5, 5) == 5);
	return check_row(t, 0, 5);
}

static int case_row_stays_in_its_range(struct core_test *t)
{
	struct device_msi_req req = {
		.slots = { .first = 3, .nr = 6 },
		.contiguous = true,
	};

	TAKE(t, 5);
	EXPECT(ask(t, &req, 4, 6) == -ENOSPC);
	EXPECT(ask(t, &req, 1, 6) == 3);
	TRY(check_row(t, 6, 3));
	EXPECT(ask(t, &req, 1, 6) == 2);
	TRY(check_row(t, 3, 2));
	EXPECT(ask(t, &req, 1, 6) == -ENOSPC);
	return 0;
}

static int case_row_begins_at_its_alignment(struct core_test *t)
{
	struct device_msi_req req = { .contiguous = true, .align = 4 };

	TAKE(t, 0, 9);
	EXPECT(ask(t, &req, 3, 3) == 3);
	TRY(check_row(t, 4, 3));
	EXPECT(ask(t, &req, 4, 5) == 4);
	TRY(check_row(t, 12, 4));
	EXPECT(ask(t, &req, 1, 4) == 1);
	TRY(check_row(t, 8, 1));
	EXPECT(ask(t, &req, 1, 1) == -ENOSPC);
	EXPECT(core_alloc(t, ANY_SLOT).index == 1);
	return 0;
}

/* The range need not begin at the alignment, and the alignment may be beyond */
static int case_single_slot_at_an_alignment(struct core_test *t)
{
	struct device_msi_req req = {
		.slots = { .first = 1, .nr = CORE_SLOTS - 1 },
		.align = 8,
	};

	EXPECT(device_msi_alloc_irq(t->dom, t->dev, &req).index == 8);
	EXPECT(device_msi_alloc_irq(t->dom, t->dev, &req).index == -ENOSPC);
	req.align = 1U << 31;
	EXPECT(device_msi_alloc_irq(t->dom, t->dev, &req).index == -ENOSPC);
	req.slots.nr = 0;
	EXPECT(device_msi_alloc_irq(t->dom, t->dev, &req).index == 0);
	EXPECT(core_count(t) == 2);
	return 0;
}

static int case_row_has_no_slot_that_is_set_aside(struct core_test *t)
{
	static const struct device_msi_range aside = { .first = 4, .nr = 2 };
	struct device_msi_info info = {
		.ops = &test_bare_ops, .nr_slots = CORE_SLOTS,
		.reserved = &aside, .nr_reserved = 1,
	};
	struct device_msi_req row = { .contiguous = true };
	struct device_msi_domain *dom;
	int nr;

	info.store = t->store;
	dom = device_msi_create_domain(t->dev, &info);
	EXPECT(!IS_ERR(dom));
	nr = device_msi_alloc_irqs(dom, t->dev, &row, 5, 5, NULL, maps);
	device_msi_release_domain(dom);
	EXPECT(nr == 5 && maps[0].index == 6 && maps[4].index == 10);
	return 0;
}

/* What the store has no room for is the end of the row */
static int case_row_of_a_store_with_room_for_fewer(struct core_test *t)
{
	static const struct device_msi_req row = { .contiguous = true };

	TAKE(t, 1);
	t->store->alloc_at_most = 3;
	EXPECT(ask(t, &row, 4, 6) == -ENOSPC);
	EXPECT(ask(t, &row, 2, 6) == 3);
	TRY(check_row(t, 2, 3));
	t->store->alloc_at_most = UINT_MAX;
	EXPECT(ask(t, &row, 11, 11) == 11);
	return check_row(t, 5, 11);
}

/* Every second slot of a large store is in use */
static int case_row_in_a_store_of_holes(struct core_test *t)
{
	struct device_msi_req row = { .contiguous = true };
	struct msi_map last = {};
	unsigned int i;

	for (i = 0; i < t->store->nr_slots; i += 2)
		last = core_alloc(t, i);
	EXPECT(last.index == t->store->nr_slots - 2);
	EXPECT(ask(t, &row, 2, 3) == -ENOSPC);
	EXPECT(!core_free(t, last));
	EXPECT(ask(t, &row, 2, 4) == 3);
	return check_row(t, last.index - 1, 3);
}

static int case_several_have_one_sideband(struct core_test *t)
{
	struct device_msi_req req = {
		.sideband = { .has = DEVICE_MSI_SIDEBAND_PASID, .pasid = 42 },
	};
	unsigned int i;

	EXPECT(ask(t, &req, 5, 5) == 5);
	for (i = 0; i < 5; i++) {
		EXPECT(core_slot(t, i)->sideband.has == req.sideband.has);
		EXPECT(core_slot(t, i)->sideband.pasid == 42);
		EXPECT(core_slot(t, i)->asked.pasid == 42);
	}
	t->store->sideband_error = -ERANGE;
	EXPECT(ask(t, &req, 1, 5) == -ERANGE);
	EXPECT(core_count(t) == 5 && t->store->nr_ready == 5);
	req.sideband.pasid = DEVICE_MSI_PASID_MAX + 1;
	EXPECT(ask(t, &req, 1, 5) == -EINVAL);
	return 0;
}

static int case_several_start_on_one_cpu(struct core_test *t)
{
	static struct irq_affinity_desc last;
	struct device_msi_req req = { .affinity = &last };
	unsigned int i;

	cpumask_copy(&last.mask, cpumask_of(num_online_cpus() - 1));
	EXPECT(ask(t, &req, 3, 3) == 3);
	for (i = 0; i < 3; i++) {
		EXPECT(!core_request(t, maps[i].virq));
		EXPECT(cpumask_equal(irq_get_affinity_mask(maps[i].virq),
				     &last.mask));
		EXPECT(device_msi_get_affinity(t->dom, i) == cpu_possible_mask);
	}
	cpumask_clear(&last.mask);
	EXPECT(ask(t, &req, 1, 3) == -EINVAL);
	return 0;
}

/* Those that are spread have each CPU once, and what the kernel keeps them on is told */
static int case_spread_row_tells_its_cpus(struct core_test *t)
{
	struct device_msi_req req = {
		.slots = { .first = 2, .nr = 12 },
		.contiguous = true,
	};
	struct irq_affinity affd = { .pre_vectors = 1 };
	static struct cpumask seen;
	const struct cpumask *cpus;
	int i, nr;

	TAKE(t, 3);
	nr = device_msi_alloc_irqs(t->dom, t->dev, &req, 2, 5, &affd, maps);
	if (nr == -EOPNOTSUPP)
		return 0;
	EXPECT(nr == 1 + min(4U, num_possible_cpus()));
	TRY(check_row(t, 4, nr));
	EXPECT(device_msi_get_affinity(t->dom, 4) == cpu_possible_mask);
	cpumask_clear(&seen);
	for (i = 1; i < nr; i++) {
		cpus = device_msi_get_affinity(t->dom, maps[i].index);
		EXPECT(cpus && !cpumask_empty(cpus));
		EXPECT(!cpumask_intersects(&seen, cpus));
		cpumask_or(&seen, &seen, cpus);
	}
	EXPECT(cpumask_equal(&seen, cpu_possible_mask));
	/* Nor does it change when the interrupt starts */
	cpus = device_msi_get_affinity(t->dom, maps[1].index);
	cpumask_copy(&seen, cpus);
	EXPECT(!core_request(t, maps[1].virq));
	EXPECT(device_msi_get_affinity(t->dom, maps[1].index) == cpus);
	EXPECT(cpumask_equal(&seen, cpus));
	return 0;
}

static int case_no_interrupt_has_no_cpus(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 3);

	EXPECT(device_msi_get_affinity(t->dom, 3) == cpu_possible_mask);
	EXPECT(!device_msi_get_affinity(t->dom, 4));
	EXPECT(!device_msi_get_affinity(t->dom, UINT_MAX));
	EXPECT(!core_free(t, map));
	EXPECT(!device_msi_get_affinity(t->dom, 3));
	return 0;
}

static int refused(struct core_test *t, struct device_msi_req req)
{
	EXPECT(ask(t, &req, 2, 4) == -EINVAL);
	EXPECT(device_msi_alloc_irq(t->dom, t->dev, &req).index == -EINVAL);
	EXPECT(!test_store_calls(t->store, TEST_ALLOC));
	return 0;
}

static int case_request_that_makes_no_sense(struct core_test *t)
{
	static struct irq_affinity_desc hint;
	struct device_msi_req req = {};
	struct irq_affinity affd = {};
	unsigned int align;

	req.slots = (struct device_msi_range){ CORE_SLOTS, 2 };
	TRY(refused(t, req));
	req.slots = (struct device_msi_range){ CORE_SLOTS - 1, 2 };
	TRY(refused(t, req));
	req.slots = (struct device_msi_range){ 1, CORE_SLOTS };
	TRY(refused(t, req));
	req.slots = (struct device_msi_range){ 2, UINT_MAX };
	TRY(refused(t, req));
	req.slots = (struct device_msi_range){ UINT_MAX, 2 };
	TRY(refused(t, req));

	req.slots = (struct device_msi_range){};
	req.align = 4;
	EXPECT(ask(t, &req, 2, 4) == -EINVAL);
	req.contiguous = true;
	for (align = 3; align < 1U << 30; align = 2 * align + 1) {
		req.align = align;
		TRY(refused(t, req));
	}
	req.contiguous = false;
	req.align = 0;
	req.slots = (struct device_msi_range){ 4, 3 };
	EXPECT(ask(t, &req, 4, 4) == -EINVAL);
	cpumask_copy(&hint.mask, cpu_possible_mask);
	req.affinity = &hint;
	EXPECT(device_msi_alloc_irqs(t->dom, t->dev, &req, 1, 2, &affd, maps) ==
	       -EINVAL);
	EXPECT(!test_store_calls(t->store, TEST_ALLOC) && !core_count(t));
	return 0;
}

static int case_choosing_store_has_no_range(struct core_test *t)
{
	struct device_msi_req req = { .slots = { .first = 3, .nr = 4 } };

	EXPECT(ask(t, &req, 1, 2) == -EOPNOTSUPP);
	EXPECT(device_msi_alloc_irq(t->dom, t->dev, &req).index == -EOPNOTSUPP);
	req = (struct device_msi_req){ .contiguous = true };
	EXPECT(ask(t, &req, 1, 2) == -EOPNOTSUPP);
	req = (struct device_msi_req){ .align = 2 };
	EXPECT(device_msi_alloc_irq(t->dom, t->dev, &req).index == -EOPNOTSUPP);
	EXPECT(!test_store_calls(t->store, TEST_ALLOC));
	req = (struct device_msi_req){ .slots = DEVICE_MSI_SLOT(5), .align = 1 };
	EXPECT(ask(t, &req, 1, 2) == 1 && maps[0].index == 5);
	req = (struct device_msi_req){};
	EXPECT(ask(t, &req, 2, 2) == 2 && maps[1].index == 3);
	return 0;
}

const struct core_case core_row_cases[] = {
	CASE(empty_request_is_for_any_slot),
	CASE(range_bounds_the_slots),
	CASE(range_clips_the_request),
	CASE(one_slot_that_is_in_use),
	CASE(row_is_the_lowest_that_is_long_enough),
	CASE(row_is_the_longest_if_none_is_long_enough),
	CASE(row_in_an_empty_store),
	CASE(row_stays_in_its_range),
	CASE(row_begins_at_its_alignment),
	CASE(single_slot_at_an_alignment),
	CASE(row_has_no_slot_that_is_set_aside),
	CASE(row_of_a_store_with_room_for_fewer),
	CASE(row_in_a_store_of_holes, .nr_slots = 512),
	CASE(several_have_one_sideband),
	CASE(several_start_on_one_cpu),
	CASE(spread_row_tells_its_cpus),
	CASE(no_interrupt_has_no_cpus),
	CASE(request_that_makes_no_sense),
	CASE(choosing_store_has_no_range, .flags = DEVICE_MSI_STORE_CHOOSES),
	{}
};
