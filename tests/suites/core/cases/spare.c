// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spares: which freed interrupts are kept, who gets them, and who cannot. Slots and
 * errors are the same with them and without.
 */
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/irqdomain.h>

#include "suite.h"

#define DEFAULT_SPARES	64
#define DEFAULT_SECONDS	10

static bool are_spares(const struct msi_map *maps, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (!test_is_spare(maps[i].virq))
			return false;
	return true;
}

static int reuse(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 3), again;

	EXPECT(map.index == 3);
	core_release(t, map.virq);
	EXPECT(!core_free(t, map));
	EXPECT(test_is_spare(map.virq));
	EXPECT(!core_count(t) && !t->store->nr_ready);
	EXPECT(device_msi_virq(t->dom, 3) == -ENOENT);

	again = core_alloc_requested(t, 3);
	EXPECT(again.index == 3 && again.virq == map.virq);
	EXPECT(!test_is_spare(map.virq));
	return 0;
}

static int case_freed_irq_serves_the_next_of_its_slot(struct core_test *t)
{
	return core_with_spares(t, DEFAULT_SPARES, reuse);
}

static int nothing_is_kept(struct core_test *t)
{
	struct msi_map maps[4];

	TRY(core_fill(t, maps, 4));
	EXPECT(!core_free(t, maps[0]));
	EXPECT(!device_msi_free_irqs(t->dom, t->dev));
	EXPECT(!irq_get_irq_data(maps[0].virq) && !irq_get_irq_data(maps[3].virq));
	return 0;
}

static int case_without_spares_none_is_kept(struct core_test *t)
{
	return core_with_spares(t, 0, nothing_is_kept);
}

/* For whoever is not its owner the number is one that does not exist */
static int number_is_nobodys(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 3);

	EXPECT(map.index == 3);
	EXPECT(!core_free(t, map));
	EXPECT(test_is_spare(map.virq));
	EXPECT(core_request(t, map.virq) == -EINVAL);
	EXPECT(core_free(t, map) == -EINVAL);
	irq_set_affinity(map.virq, cpumask_of(0));
	EXPECT(test_slot_silent(t->store, 3));
	EXPECT(core_alloc_requested(t, 3).virq == map.virq);
	return 0;
}

static int case_number_of_a_spare_is_nobodys(struct core_test *t)
{
	return core_with_spares(t, DEFAULT_SPARES, number_is_nobodys);
}

/* Slots are chosen as ever, the lowest first; so the highest spares go */
static int lowest_are_kept(struct core_test *t)
{
	struct msi_map maps[4];
	int i;

	TRY(core_fill(t, maps, 4));
	for (i = 3; i >= 0; i--)
		EXPECT(!core_free(t, maps[i]));
	EXPECT(are_spares(maps, 2));
	EXPECT(!test_is_spare(maps[2].virq) && !test_has_irq(maps[2].virq));
	EXPECT(!test_is_spare(maps[3].virq) && !test_has_irq(maps[3].virq));
	EXPECT(core_alloc(t, ANY_SLOT).virq == maps[0].virq);
	EXPECT(core_alloc(t, ANY_SLOT).virq == maps[1].virq);
	return 0;
}

static int case_of_too_many_spares_the_lowest_are_kept(struct core_test *t)
{
	return core_with_spares(t, 2, lowest_are_kept);
}

/* Without a look at them the next call would have to make all of them again */
static int bulk_is_kept(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS], again[CORE_SLOTS];
	unsigned int i;

	TRY(core_fill(t, maps, CORE_SLOTS));
	EXPECT(!device_msi_free_irqs(t->dom, t->dev));
	EXPECT(are_spares(maps, CORE_SLOTS));
	EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, CORE_SLOTS,
				     CORE_SLOTS, NULL, again) == CORE_SLOTS);
	for (i = 0; i < CORE_SLOTS; i++)
		EXPECT(again[i].virq == maps[i].virq);
	return 0;
}

static int case_call_leaves_as_many_spares_as_it_frees(struct core_test *t)
{
	return core_with_spares(t, 2, bulk_is_kept);
}

/* A spare is charged to nobody, and has no slot: another consumer takes both */
static int is_free(struct core_test *t)
{
	struct msi_map map;

	device_msi_set_quota(t->dom, t->dev, 1);
	map = core_alloc(t, 3);
	EXPECT(map.index == 3);
	EXPECT(core_alloc(t, 4).index == -EDQUOT);
	EXPECT(!core_free(t, map));
	EXPECT(core_alloc_for(t, core_part(t, 0), 3).virq == map.virq);
	EXPECT(core_alloc(t, 3).index == -EBUSY);
	EXPECT(core_alloc(t, 4).index == 4);
	return 0;
}

static int case_spare_is_charged_to_nobody(struct core_test *t)
{
	return core_with_spares(t, DEFAULT_SPARES, is_free);
}

/* The kernel must know at allocation whose affinity it manages */
static int not_for_managed(struct core_test *t)
{
	struct irq_affinity_desc affinity = { .is_managed = 1 };
	struct device_msi_req req = {
		.slots = DEVICE_MSI_SLOT(3),
		.affinity = &affinity,
	};
	struct msi_map map = core_alloc(t, 3);

	EXPECT(map.index == 3);
	EXPECT(!core_free(t, map));
	cpumask_copy(&affinity.mask, cpumask_of(1));
	map = device_msi_alloc_irq(t->dom, t->dev, &req);
	if (map.index == -EOPNOTSUPP)
		return 0;	/* this kernel has none */
	EXPECT(map.index == 3);
	EXPECT(irqd_affinity_is_managed(irq_get_irq_data(map.virq)));
	EXPECT(!core_free(t, map));
	EXPECT(!irq_get_irq_data(map.virq));
	return 0;
}

static int case_managed_irq_is_no_spare(struct core_test *t)
{
	return core_with_spares(t, DEFAULT_SPARES, not_for_managed);
}

static bool gone_in_time(int virq)
{
	unsigned int i;

	for (i = 0; i < 6000 && irq_get_irq_data(virq); i++)
		msleep(20);
	return !irq_get_irq_data(virq);
}

static int go_when_memory_is_short(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 3);

	EXPECT(map.index == 3);
	EXPECT(!core_set_parameter("spare_seconds", 3600));
	EXPECT(!core_free(t, map));
	EXPECT(test_is_spare(map.virq));
	EXPECT(!core_shell("echo 2 >/proc/sys/vm/drop_caches"));
	EXPECT(gone_in_time(map.virq));
	EXPECT(!core_set_parameter("spare_seconds", DEFAULT_SECONDS));
	EXPECT(core_alloc(t, 3).index == 3);
	return 0;
}

/* The time that was set while there were spares, and one that is set without any */
static int go_in_the_time_of_today(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 3);

	EXPECT(map.index == 3);
	EXPECT(!core_free(t, map));
	EXPECT(test_is_spare(map.virq));
	EXPECT(!core_set_parameter("spare_seconds", 3600));
	map = core_alloc(t, 3);
	EXPECT(!core_set_parameter("spare_seconds", 1));
	EXPECT(!core_free(t, map));
	EXPECT(gone_in_time(map.virq));
	EXPECT(!core_set_parameter("spare_seconds", DEFAULT_SECONDS));
	return 0;
}

static int case_spares_go_in_the_time_of_today(struct core_test *t)
{
	return core_with_spares(t, DEFAULT_SPARES, go_in_the_time_of_today);
}

static int case_spares_go_when_memory_is_short(struct core_test *t)
{
	return core_with_spares(t, DEFAULT_SPARES, go_when_memory_is_short);
}

/* While another is needed again and again */
static int go_when_unused(struct core_test *t)
{
	struct msi_map map, unused;
	unsigned int i;

	EXPECT(!core_set_parameter("spare_seconds", 1));
	map = core_alloc(t, 3);
	unused = core_alloc(t, 4);
	EXPECT(map.index == 3 && unused.index == 4);
	EXPECT(!core_free(t, unused));
	for (i = 0; i < 6000 && test_is_spare(unused.virq); i++) {
		EXPECT(!core_free(t, map));
		msleep(20);
		map = core_alloc(t, 3);
		EXPECT(map.index == 3);
	}
	/* Its number may be another's by now */
	EXPECT(map.virq == unused.virq || gone_in_time(unused.virq));
	EXPECT(!core_free(t, map));
	EXPECT(gone_in_time(map.virq));
	EXPECT(!core_set_parameter("spare_seconds", DEFAULT_SECONDS));
	return 0;
}

static int case_spares_go_when_they_are_not_needed(struct core_test *t)
{
	return core_with_spares(t, DEFAULT_SPARES, go_when_unused);
}

/* A domain that is removed has the spares of others left alone, and takes its own */
static int go_with_the_domain(struct core_test *t)
{
	struct core_test *b = core_second(t, &test_full_ops, 0, CORE_SLOTS);
	struct msi_map map = core_alloc(t, 3), other;

	EXPECT(b && map.index == 3);
	other = core_alloc(b, 3);
	EXPECT(other.index == 3);
	EXPECT(!core_free(t, map) && !core_free(b, other));
	EXPECT(test_is_spare(map.virq) && test_is_spare(other.virq));
	EXPECT(!device_msi_remove_domain(t->dom));
	t->dom = NULL;
	EXPECT(!irq_get_irq_data(map.virq));
	EXPECT(core_alloc_requested(b, 3).virq == other.virq);
	return 0;
}

static int case_spares_go_with_their_domain(struct core_test *t)
{
	return core_with_spares(t, DEFAULT_SPARES, go_with_the_domain);
}

/* CPUs come and go; a spare has a vector on none of them */
static int cpus_come_and_go(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 3);

	EXPECT(map.index == 3);
	EXPECT(!irq_set_affinity(map.virq, cpumask_of(1)));
	EXPECT(!core_request(t, map.virq));
	core_release(t, map.virq);
	EXPECT(!core_free(t, map));
	EXPECT(test_is_spare(map.virq));
	EXPECT(!remove_cpu(1));
	EXPECT(test_is_spare(map.virq));
	EXPECT(core_alloc_requested(t, 3).virq == map.virq);
	EXPECT(!add_cpu(1));
	return 0;
}

static int case_spare_stays_while_cpus_come_and_go(struct core_test *t)
{
	return core_with_spares(t, DEFAULT_SPARES, cpus_come_and_go);
}

/* The kernel warns of the first; neither spoils the next interrupt of the slot */
static int stale_number(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 3), again;

	EXPECT(map.index == 3);
	EXPECT(!core_free(t, map));
	EXPECT(test_is_spare(map.virq));
	enable_irq(map.virq);
	EXPECT(test_slot_silent(t->store, 3));
	again = core_alloc_requested(t, 3);
	EXPECT(again.index == 3);
	core_release(t, again.virq);

	EXPECT(!core_free(t, again));
	EXPECT(test_is_spare(again.virq));
	irq_dispose_mapping(again.virq);
	EXPECT(!irq_get_irq_data(again.virq));
	EXPECT(core_alloc_requested(t, 3).index == 3);
	return 0;
}

static int case_number_that_is_used_after_its_free(struct core_test *t)
{
	return core_with_spares(t, DEFAULT_SPARES, stale_number);
}

const struct core_case core_spare_cases[] = {
	CASE(freed_irq_serves_the_next_of_its_slot),
	CASE(without_spares_none_is_kept),
	CASE(number_of_a_spare_is_nobodys),
	CASE(of_too_many_spares_the_lowest_are_kept),
	CASE(call_leaves_as_many_spares_as_it_frees),
	CASE(spare_is_charged_to_nobody),
	CASE(managed_irq_is_no_spare),
	CASE(spares_go_when_memory_is_short),
	CASE(spares_go_in_the_time_of_today),
	CASE(spares_go_when_they_are_not_needed),
	CASE(spares_go_with_their_domain),
	CASE(spare_stays_while_cpus_come_and_go),
	CASE(number_that_is_used_after_its_free, .group = CORE_MISUSE),
	{}
};
