// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where interrupts start, and managed spreading over the CPUs. Kernels that
 * export no allocation with an affinity refuse what is managed; the cases try first.
 */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/topology.h>

#include "suite.h"

static struct irq_affinity_desc hint;
static struct cpumask covered;

static struct msi_map alloc_on(struct core_test *t, struct device *consumer,
			       unsigned int index, const struct cpumask *mask,
			       bool managed)
{
	struct device_msi_req req = {
		.slots = test_slots(index),
		.affinity = &hint,
	};
	struct msi_map map;

	hint.is_managed = managed;
	cpumask_copy(&hint.mask, mask);
	map = device_msi_alloc_irq(t->dom, consumer, &req);
	cpumask_clear(&hint.mask);	/* it is the caller's, and may go now */
	return map;
}

static int spread(struct core_test *t, unsigned int min, unsigned int max,
		  struct irq_affinity *affd, struct msi_map *maps)
{
	struct irq_affinity all = {};

	return device_msi_alloc_irqs(t->dom, t->dev, NULL, min, max,
				     affd ?: &all, maps);
}

static bool can_manage(struct core_test *t)
{
	struct msi_map map = alloc_on(t, t->dev, CORE_SLOTS - 1, cpumask_of(0),
				      true);

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

static const struct cpumask *effective_of(int virq)
{
	return irq_data_get_effective_affinity_mask(irq_get_irq_data(virq));
}

static int case_hint_is_where_it_starts(struct core_test *t)
{
	struct msi_map map;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		if (cpu == CORE_SLOTS)
			break;
		map = alloc_on(t, t->dev, cpu, cpumask_of(cpu), false);
		EXPECT(map.index == cpu);
		EXPECT(!is_managed(map.virq));
		EXPECT(cpumask_equal(mask_of(map.virq), cpumask_of(cpu)));
		EXPECT(!core_request(t, map.virq));
		EXPECT(cpumask_equal(mask_of(map.virq), cpumask_of(cpu)));
		EXPECT(cpumask_equal(effective_of(map.virq), cpumask_of(cpu)));
		EXPECT(test_slot_live(t->store, cpu));
		EXPECT(!t->store->live_writes);
	}
	return 0;
}

/* As an affinity that somebody has written to /proc/irq */
static int case_hint_holds_for_the_next_request_too(struct core_test *t)
{
	unsigned int cpu = num_online_cpus() - 1;
	struct msi_map map;

	map = alloc_on(t, t->dev, 4, cpumask_of(cpu), false);
	EXPECT(map.index == 4);
	EXPECT(!core_request(t, map.virq));
	core_release(t, map.virq);
	EXPECT(cpumask_equal(mask_of(map.virq), cpumask_of(cpu)));
	EXPECT(!core_request(t, map.virq));
	EXPECT(cpumask_equal(mask_of(map.virq), cpumask_of(cpu)));
	EXPECT(cpumask_equal(effective_of(map.virq), cpumask_of(cpu)));
	return 0;
}

/* Said before anything is allocated, or undone: the store has it all back */
static int case_refused_affinity_leaves_nothing(struct core_test *t)
{
	struct msi_map maps[4];

	if (can_manage(t))
		return 0;
	EXPECT(alloc_on(t, t->dev, 3, cpumask_of(0), true).index == -EOPNOTSUPP);
	EXPECT(spread(t, 1, 4, NULL, maps) == -EOPNOTSUPP);
	EXPECT(!core_count(t) && !t->store->nr_ready);
	EXPECT(core_alloc(t, 3).index == 3);
	return 0;
}

static int case_spread_covers_every_cpu(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];
	unsigned int n = min(num_possible_cpus(), CORE_SLOTS), i;

	if (!can_manage(t))
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

	if (!can_manage(t) || cpus >= CORE_SLOTS)
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

	if (!can_manage(t))
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

	if (!can_manage(t))
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

	if (!can_manage(t))
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

	if (!can_manage(t))
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
 * interrupt, which here never comes. Either way the store hears nothing. The driver of
 * IMSICs has the new message written at once: to a slot that is masked.
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
	if (core_parent_is(t, "IMSIC")) {
		EXPECT(!t->store->live_writes && test_slot_live(t->store, 4));
		return 0;
	}
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

/**
 * struct asker - A thread that calls device MSI while sets are calculated
 * @work:	runs it
 * @t:		the case
 * @answered:	it has its answer
 * @calls:	how often sets were calculated
 * @in_time:	how often the answer came before calc_sets() ended
 */
static struct asker {
	struct work_struct	work;
	struct core_test	*t;
	struct completion	answered;
	unsigned int		calls;
	unsigned int		in_time;
} asker;

static void ask(struct work_struct *work)
{
	device_msi_virq(asker.t->dom, 0);
	complete(&asker.answered);
}

static void one_set_and_a_question(struct irq_affinity *affd, unsigned int nr)
{
	affd->nr_sets = 1;
	affd->set_size[0] = nr;
	reinit_completion(&asker.answered);
	queue_work(core_workers, &asker.work);
	asker.calls++;
	if (wait_for_completion_timeout(&asker.answered, 20 * HZ))
		asker.in_time++;
}

/*
 * The driver's callback, and what the kernel spreads with, may wait for those who
 * wait for the domain's lock: also where there turns out to be room for fewer.
 */
static int case_sets_are_calculated_without_the_lock(struct core_test *t)
{
	struct irq_affinity affd = { .calc_sets = one_set_and_a_question };
	struct msi_map maps[CORE_SLOTS];
	int ret;

	if (!can_manage(t))
		return 0;
	asker = (struct asker) { .t = t };
	INIT_WORK(&asker.work, ask);
	init_completion(&asker.answered);
	t->store->alloc_at_most = 3;
	ret = spread(t, 2, 6, &affd, maps);
	flush_work(&asker.work);
	EXPECT(ret == 3);
	EXPECT(asker.calls == 2);
	EXPECT(asker.in_time == 2);
	return 0;
}

static void one_set_and_no_domain(struct irq_affinity *affd, unsigned int nr)
{
	affd->nr_sets = 1;
	affd->set_size[0] = nr;
	device_msi_release_domain(asker.t->dom);
}

static int case_domain_removed_while_sets_are_calculated(struct core_test *t)
{
	struct irq_affinity affd = { .calc_sets = one_set_and_no_domain };
	struct msi_map maps[CORE_SLOTS];
	int ret;

	if (!can_manage(t))
		return 0;
	asker = (struct asker) { .t = t };
	test_store_forget(t->store);
	ret = spread(t, 2, 6, &affd, maps);
	t->dom = NULL;
	EXPECT(ret == -ENODEV);
	EXPECT(!test_store_calls(t->store, TEST_ALLOC));
	return 0;
}

/* The last node that has CPUs: another than the first, if there is one */
static int last_node(void)
{
	int node, last = NUMA_NO_NODE;

	for_each_online_node(node)
		if (cpumask_intersects(cpumask_of_node(node), cpu_online_mask))
			last = node;
	return last;
}

static int case_irq_has_the_node_of_its_consumer(struct core_test *t)
{
	struct device *part = core_part(t, 0);
	struct msi_map maps[4], map;
	struct irq_data *d;
	int node = last_node();

	/* Where the parent has blocks, the next one is mapped already, elsewhere */
	TRY(core_fill(t, maps, 4));
	set_dev_node(part, node);
	map = core_alloc_for(t, part, 4);
	EXPECT(map.index == 4);
	d = irq_get_irq_data(map.virq);
	EXPECT(irq_data_get_node(d) == node);
	EXPECT(!core_request(t, map.virq));
	EXPECT(cpumask_subset(irq_data_get_effective_affinity_mask(d),
			      cpumask_of_node(node)));
	return 0;
}

/* Among the CPUs of the hint those of the consumer's node are the better ones */
static int case_hint_keeps_the_node_of_its_consumer(struct core_test *t)
{
	struct device *part = core_part(t, 0);
	int node = last_node();
	struct msi_map map;

	set_dev_node(part, node);
	map = alloc_on(t, part, 4, cpu_online_mask, false);
	EXPECT(map.index == 4);
	EXPECT(irq_data_get_node(irq_get_irq_data(map.virq)) == node);
	EXPECT(!core_request(t, map.virq));
	EXPECT(cpumask_subset(effective_of(map.virq), cpumask_of_node(node)));

	map = alloc_on(t, part, 5, cpumask_of(0), false);
	EXPECT(map.index == 5);
	EXPECT(!core_request(t, map.virq));
	EXPECT(cpumask_equal(effective_of(map.virq), cpumask_of(0)));
	return 0;
}

const struct core_case core_affinity_cases[] = {
	CASE(hint_is_where_it_starts),
	CASE(hint_holds_for_the_next_request_too),
	CASE(refused_affinity_leaves_nothing),
	CASE(spread_covers_every_cpu),
	CASE(spread_has_no_more_than_cpus),
	CASE(each_set_covers_every_cpu),
	CASE(more_apart_than_asked_for),
	CASE(pre_and_post_vectors_are_not_spread),
	CASE(spread_fits_what_the_store_has),
	CASE(move_does_not_touch_the_store),
	CASE(move_before_the_request_holds),
	CASE(sets_are_calculated_without_the_lock,
	     .keeps_memory = "a thread of its own asks"),
	CASE(domain_removed_while_sets_are_calculated,
	     .keeps_memory = "it removes the domain where that may not be reached"),
	CASE(irq_has_the_node_of_its_consumer),
	CASE(hint_keeps_the_node_of_its_consumer),
	{}
};
