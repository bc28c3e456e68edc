// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where interrupts start, and managed spreading over the CPUs. Kernels that
 * export no way to pass an affinity refuse both; the cases try first.
 */
#include <linux/cpumask.h>

#include "suite.h"

static struct irq_affinity_desc hint;
static struct cpumask covered;

static struct msi_map alloc_on(struct core_test *t, unsigned int index,
			       unsigned int cpu)
{
	struct device_msi_req req = { .index = index, .affinity = &hint };

	memset(&hint, 0, sizeof(hint));
	cpumask_set_cpu(cpu, &hint.mask);
	return device_msi_alloc_irq(t->dom, t->dev, &req);
}

static int spread(struct core_test *t, unsigned int min, unsigned int max,
		  struct irq_affinity *affd, struct msi_map *maps)
{
	return device_msi_alloc_irqs(t->dom, t->dev, min, max,
				     DEVICE_MSI_AFFINITY, affd, maps);
}

static bool can_hint(struct core_test *t)
{
	struct msi_map map = alloc_on(t, CORE_SLOTS - 1, 0);

	if (map.index >= 0)
		core_free(t, map);
	return map.index != -EOPNOTSUPP;
}

static const struct cpumask *mask_of(int virq)
{
	return irq_data_get_affinity_mask(irq_get_irq_data(virq));
}

static bool is_managed(int virq)
{
	return irqd_affinity_is_managed(irq_get_irq_data(virq));
}

static int case_hint_is_where_it_starts(struct core_test *t)
{
	struct msi_map map;
	unsigned int cpu;

	if (!can_hint(t))
		return 0;
	for_each_online_cpu(cpu) {
		if (cpu == CORE_SLOTS)
			break;
		map = alloc_on(t, cpu, cpu);
		EXPECT(map.index == cpu);
		EXPECT(cpumask_equal(mask_of(map.virq), cpumask_of(cpu)));
		EXPECT(!core_request(t, map.virq));
		EXPECT(cpumask_equal(mask_of(map.virq), cpumask_of(cpu)));
		EXPECT(cpumask_equal(irq_data_get_effective_affinity_mask
				     (irq_get_irq_data(map.virq)),
				     cpumask_of(cpu)));
		EXPECT(test_slot_live(t->store, cpu));
	}
	return 0;
}

/* Said before anything is allocated, or undone: the store has it all back */
static int case_refused_affinity_leaves_nothing(struct core_test *t)
{
	struct msi_map maps[4];

	if (can_hint(t))
		return 0;
	EXPECT(alloc_on(t, 3, 0).index == -EOPNOTSUPP);
	EXPECT(spread(t, 1, 4, NULL, maps) == -EOPNOTSUPP);
	EXPECT(!core_count(t) && !t->store->nr_ready);
	EXPECT(core_alloc(t, 3).index == 3);
	return 0;
}

static int case_spread_covers_every_cpu(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];
	unsigned int n = min(num_possible_cpus(), CORE_SLOTS), i;

	if (!can_hint(t))
		return 0;
	EXPECT(spread(t, n, n, NULL, maps) == n);
	cpumask_clear(&covered);
	for (i = 0; i < n; i++) {
		EXPECT(is_managed(maps[i].virq));
		EXPECT(!cpumask_empty(mask_of(maps[i].virq)));
		EXPECT(!cpumask_intersects(&covered, mask_of(maps[i].virq)));
		cpumask_or(&covered, &covered, mask_of(maps[i].virq));
	}
	EXPECT(cpumask_equal(&covered, cpu_possible_mask));
	return 0;
}

static int case_spread_has_no_more_than_cpus(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];
	unsigned int cpus = num_possible_cpus(), i;

	if (!can_hint(t) || cpus >= CORE_SLOTS)
		return 0;
	EXPECT(spread(t, cpus + 1, CORE_SLOTS, NULL, maps) == -ENOSPC);
	EXPECT(!t->store->nr_ready);
	EXPECT(spread(t, 1, CORE_SLOTS, NULL, maps) == cpus);
	for (i = 0; i < cpus; i++) {
		EXPECT(cpumask_weight(mask_of(maps[i].virq)) == 1);
		EXPECT(!core_request(t, maps[i].virq));
		EXPECT(test_slot_live(t->store, maps[i].index));
	}
	return 0;
}

static void two_sets(struct irq_affinity *affd, unsigned int nr)
{
	affd->nr_sets = 2;
	affd->set_size[0] = nr / 2;
	affd->set_size[1] = nr - nr / 2;
}

/* Such as one for reading and one for writing: each has every CPU */
static int case_each_set_covers_every_cpu(struct core_test *t)
{
	struct irq_affinity affd = { .pre_vectors = 1, .calc_sets = two_sets };
	unsigned int cpus = min(num_possible_cpus(), CORE_SLOTS / 2 - 1);
	struct msi_map maps[CORE_SLOTS];
	unsigned int set, i;

	if (!can_hint(t))
		return 0;
	EXPECT(spread(t, 1 + 2 * cpus, 1 + 2 * cpus, &affd, maps) ==
	       1 + 2 * cpus);
	EXPECT(!is_managed(maps[0].virq));
	for (set = 0; set < 2; set++) {
		cpumask_clear(&covered);
		for (i = 0; i < cpus; i++)
			cpumask_or(&covered, &covered,
				   mask_of(maps[1 + set * cpus + i].virq));
		EXPECT(cpumask_equal(&covered, cpu_possible_mask));
	}
	return 0;
}

static int case_more_apart_than_asked_for(struct core_test *t)
{
	struct irq_affinity affd = { .pre_vectors = 2, .post_vectors = 1 };
	struct irq_affinity wraps = { .pre_vectors = 2, .post_vectors = -1U };
	struct msi_map maps[CORE_SLOTS];

	if (!can_hint(t))
		return 0;
	EXPECT(spread(t, 2, CORE_SLOTS, &affd, maps) == -EINVAL);
	EXPECT(spread(t, 2, CORE_SLOTS, &wraps, maps) == -EINVAL);
	EXPECT(!t->store->nr_ready);
	return 0;
}

/* One before and two after are the driver's own, and go anywhere */
static int case_pre_and_post_vectors_are_not_spread(struct core_test *t)
{
	struct irq_affinity affd = { .pre_vectors = 1, .post_vectors = 2 };
	unsigned int n = min(num_possible_cpus() + 3, CORE_SLOTS), i;
	struct msi_map maps[CORE_SLOTS];

	if (!can_hint(t))
		return 0;
	EXPECT(spread(t, n, n, &affd, maps) == n);
	cpumask_clear(&covered);
	for (i = 0; i < n; i++) {
		if (i < 1 || i >= n - 2) {
			EXPECT(!is_managed(maps[i].virq));
			EXPECT(!cpumask_empty(mask_of(maps[i].virq)));
			continue;
		}
		EXPECT(is_managed(maps[i].virq));
		cpumask_or(&covered, &covered, mask_of(maps[i].virq));
	}
	EXPECT(cpumask_equal(&covered, cpu_possible_mask));
	return 0;
}

/* What is left after clipping is spread as if it had been asked for */
static int case_spread_fits_what_the_store_has(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];
	unsigned int i;

	if (!can_hint(t))
		return 0;
	t->store->alloc_at_most = 1;
	EXPECT(spread(t, 1, CORE_SLOTS, NULL, maps) == 1);
	EXPECT(is_managed(maps[0].virq));
	t->store->alloc_at_most = UINT_MAX;
	EXPECT(!core_free(t, maps[0]));
	for (i = 1; i < CORE_SLOTS; i++)
		EXPECT(core_alloc(t, i).index == i);
	EXPECT(spread(t, 1, CORE_SLOTS, NULL, maps) == 1);
	EXPECT(cpumask_equal(mask_of(maps[0].virq), cpu_possible_mask));
	return 0;
}

/*
 * With remapping a move changes no message. Without, it waits for the next
 * interrupt, which here never comes. Either way the store hears nothing.
 */
static int case_move_does_not_touch_the_store(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 4);
	struct msi_msg msg;
	unsigned int cpu;

	EXPECT(map.index == 4);
	msg = core_slot(t, 4)->msg;
	test_store_forget(t->store);
	for_each_online_cpu(cpu)
		EXPECT(!irq_set_affinity(map.virq, cpumask_of(cpu)));
	EXPECT(!t->store->nr_calls);
	EXPECT(!memcmp(&msg, &core_slot(t, 4)->msg, sizeof(msg)));
	return 0;
}

/* Allocated where it should be, before and after it is requested */
static int case_move_before_the_request_holds(struct core_test *t)
{
	unsigned int cpu = num_online_cpus() - 1;
	struct msi_map map = core_alloc(t, 4);

	EXPECT(map.index == 4);
	EXPECT(!irq_set_affinity(map.virq, cpumask_of(cpu)));
	EXPECT(!core_request(t, map.virq));
	EXPECT(test_slot_live(t->store, 4));
	EXPECT(!t->store->live_writes);
	EXPECT(cpumask_equal(mask_of(map.virq), cpumask_of(cpu)));
	return 0;
}

const struct core_case core_affinity_cases[] = {
	CASE(hint_is_where_it_starts),
	CASE(refused_affinity_leaves_nothing),
	CASE(spread_covers_every_cpu),
	CASE(spread_has_no_more_than_cpus),
	CASE(each_set_covers_every_cpu),
	CASE(more_apart_than_asked_for),
	CASE(pre_and_post_vectors_are_not_spread),
	CASE(spread_fits_what_the_store_has),
	CASE(move_does_not_touch_the_store),
	CASE(move_before_the_request_holds),
	{}
};
