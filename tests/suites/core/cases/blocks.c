// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts that the parent allocates in blocks, as VT-d does. From outside that is
 * seen by those that are mapped and that nobody has. On parents without blocks there
 * must be none.
 */
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#ifdef CONFIG_X86
#include <asm/hw_irq.h>
#endif

#include "suite.h"

#define SLOTS		64U
#define BLOCK		16U

static unsigned int find_unused(void)
{
	unsigned int irq;

	for (irq = 1; irq < 1024; irq++)
		if (test_is_unused(irq))
			return irq;
	return 0;
}

/* Only parents of x86 have blocks */
static bool same_vector(struct irq_data *a, struct irq_data *b)
{
#ifdef CONFIG_X86
	return irqd_cfg(a)->vector == irqd_cfg(b)->vector;
#else
	return true;
#endif
}

/* An IMSIC has a CPU for each interrupt from its allocation on, which may be any */
static bool same_cpus(struct core_test *t, struct irq_data *a, struct irq_data *b)
{
	const struct cpumask *cpus = irq_data_get_effective_affinity_mask(a);

	if (core_parent_is(t, "IMSIC"))
		return cpumask_weight(cpus) == 1 &&
		       cpumask_subset(cpus, irq_data_get_affinity_mask(a));
	return cpumask_equal(cpus, irq_data_get_effective_affinity_mask(b));
}

/* What a new interrupt is; @fresh was never requested */
static bool is_as_new(struct core_test *t, unsigned int virq, unsigned int fresh)
{
	struct irq_data *d = irq_get_irq_data(virq);
	struct irq_data *f = irq_get_irq_data(fresh);
	struct irq_desc *desc;

	if (!d || !f)
		return false;
	desc = irq_data_to_desc(d);
	return !irqd_affinity_was_set(d) && !irqd_is_activated(d) &&
	       same_vector(d, f) && same_cpus(t, d, f) &&
	       !desc->tot_count && desc->depth == 1 &&
	       desc->status_use_accessors ==
			irq_data_to_desc(f)->status_use_accessors;
}

static int bulk(struct core_test *t, unsigned int nr, struct msi_map *maps)
{
	return device_msi_alloc_irqs(t->dom, t->dev, NULL, nr, nr, NULL, maps);
}

/* One at a time: never more unused than used, and each has a message of its own */
static int blocks_grow_with_the_domain(struct core_test *t)
{
	bool blocks = core_has_blocks(t);
	struct msi_map maps[SLOTS];
	unsigned int i, j, unused;

	EXPECT(!core_count_unused());
	for (i = 0; i < SLOTS; i++) {
		maps[i] = core_alloc(t, ANY_SLOT);
		EXPECT(maps[i].index == i);
		EXPECT(irq_get_irq_data(maps[i].virq)->hwirq == i);
		unused = core_count_unused();
		EXPECT(unused <= i && unused < BLOCK);
		if (!blocks)
			EXPECT(!unused);
		if (i == 0)
			EXPECT(!unused);
		if (blocks && i == 1)
			EXPECT(unused == 1);
		if (blocks && i == BLOCK)
			EXPECT(unused == BLOCK - 2);
	}
	for (i = 0; i < SLOTS; i++) {
		EXPECT(!core_request(t, maps[i].virq));
		EXPECT(test_slot_live(t->store, i));
		if (irq_get_irq_data(maps[i].virq)->domain->parent->parent)
			for (j = 0; j < i; j++)
				EXPECT(memcmp(&core_slot(t, i)->msg,
					      &core_slot(t, j)->msg,
					      sizeof(struct msi_msg)));
	}
	return 0;
}

/* A whole number of blocks, and for the rest smaller ones: none is unused */
static int bulk_leaves_none_unused(struct core_test *t)
{
	static const unsigned int sizes[] = { 16, 20, 21, 31, 3, 1 };
	struct msi_map maps[SLOTS];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		EXPECT(bulk(t, sizes[i], maps) == sizes[i]);
		EXPECT(!core_count_unused());
		EXPECT(!device_msi_free_irqs(t->dom, t->dev));
		EXPECT(!core_count_unused());
	}
	return 0;
}

/* Freed, an interrupt keeps neither vector nor slot, while others of its block live */
static int block_goes_with_the_last_of_it(struct core_test *t)
{
	bool blocks = core_has_blocks(t);
	struct msi_map maps[BLOCK + 1], again[BLOCK];
	unsigned int i, fresh;

	EXPECT(bulk(t, BLOCK, maps) == BLOCK);
	maps[BLOCK] = core_alloc_for(t, core_part(t, 0), SLOTS - 1);
	fresh = maps[BLOCK].virq;
	for (i = 0; i < BLOCK; i++) {
		EXPECT(!core_request(t, maps[i].virq));
		if (i != 5)
			core_release(t, maps[i].virq);
	}
	for (i = 0; i < BLOCK; i++) {
		if (i == 5)
			continue;
		EXPECT(!core_free(t, maps[i]));
		EXPECT(test_slot_silent(t->store, maps[i].index));
		EXPECT(test_is_unused(maps[i].virq) == blocks);
		if (!blocks)
			continue;
		EXPECT(!irqd_is_activated(irq_get_irq_data(maps[i].virq)));
		EXPECT(same_vector(irq_get_irq_data(maps[i].virq),
				   irq_get_irq_data(fresh)));
	}
	EXPECT(test_slot_live(t->store, maps[5].index));

	/* They serve again, as new ones */
	EXPECT(bulk(t, BLOCK - 1, again) == BLOCK - 1);
	for (i = 0; i < BLOCK - 1; i++) {
		EXPECT(is_as_new(t, again[i].virq, fresh));
		if (blocks)
			EXPECT(again[i].virq >= maps[0].virq &&
			       again[i].virq < maps[0].virq + BLOCK);
		EXPECT(again[i].virq != maps[5].virq);
		EXPECT(!core_request(t, again[i].virq));
		core_release(t, again[i].virq);
		EXPECT(!core_free(t, again[i]));
	}
	core_release(t, maps[5].virq);
	EXPECT(!core_free(t, maps[5]));
	for (i = 0; i < BLOCK; i++)
		EXPECT(!test_is_unused(maps[i].virq));
	EXPECT(device_msi_virq(t->dom, SLOTS - 1) == fresh);
	return 0;
}

/* What a driver or a user has done to an interrupt is not the next owner's */
static int changed_interrupt_is_not_given_out(struct core_test *t)
{
	struct msi_map maps[BLOCK], again[BLOCK], fresh;
	struct irq_desc *desc;
	unsigned int i;

	EXPECT(bulk(t, BLOCK, maps) == BLOCK);
	fresh = core_alloc_for(t, core_part(t, 0), SLOTS - 1);
	EXPECT(fresh.index == SLOTS - 1);
	for (i = 0; i < BLOCK - 2; i++) {
		desc = irq_data_to_desc(irq_get_irq_data(maps[i].virq));
		if (i % 3 == 0)
			EXPECT(!irq_set_handler_data(maps[i].virq, t));
		else if (i % 3 == 1)
			irq_set_status_flags(maps[i].virq, IRQ_NO_BALANCING);
		else
			EXPECT(!irq_set_affinity(maps[i].virq, cpumask_of(0)));
		EXPECT(!core_free(t, maps[i]));
	}
	/* This one has counted something, which goes */
	desc = irq_data_to_desc(irq_get_irq_data(maps[BLOCK - 2].virq));
	desc->tot_count = 3;
	EXPECT(!core_free(t, maps[BLOCK - 2]));
	EXPECT(bulk(t, BLOCK - 1, again) == BLOCK - 1);
	for (i = 0; i < BLOCK - 1; i++) {
		EXPECT(is_as_new(t, again[i].virq, fresh.virq));
		EXPECT(!irq_get_handler_data(again[i].virq));
	}
	return 0;
}

/* Who guesses the number of an unused interrupt does no harm */
static int unused_interrupt_is_nobodys(struct core_test *t)
{
	struct msi_map maps[8];
	unsigned int unused, i;

	TRY(core_fill(t, maps, 4));
	unused = find_unused();
	if (!unused)
		return core_has_blocks(t) ? __LINE__ : 0;
	EXPECT(core_request(t, unused) == -EINVAL);
	disable_irq(unused);
	enable_irq(unused);
	EXPECT(irq_get_irq_data(unused) && test_is_unused(unused));
	irq_set_affinity(unused, cpumask_of(0));
	for (i = 4; i < 8; i++) {
		maps[i] = core_alloc(t, ANY_SLOT);
		EXPECT(maps[i].index == i);
		EXPECT(is_as_new(t, maps[i].virq, maps[0].virq));
	}
	return 0;
}

/* Each has vectors of its own from the beginning, which an unused one may not have */
static int managed_interrupts_are_single(struct core_test *t)
{
	unsigned int cpus = min(num_possible_cpus(), BLOCK);
	struct irq_affinity affd = {};
	struct msi_map maps[BLOCK];
	unsigned int i;
	int nr;

	nr = device_msi_alloc_irqs(t->dom, t->dev, NULL, cpus, cpus, &affd,
				   maps);
	if (nr == -EOPNOTSUPP)
		return 0;
	EXPECT(nr == cpus);
	EXPECT(!core_count_unused());
	EXPECT(!core_free(t, maps[0]));
	EXPECT(!irq_get_irq_data(maps[0].virq));
	for (i = 1; i < nr; i++)
		EXPECT(irqd_affinity_is_managed(irq_get_irq_data(maps[i].virq)));
	return 0;
}

/* The machine's budget and a quota count what is allocated, and nothing else */
static int case_unused_interrupts_are_charged_to_nobody(struct core_test *t)
{
	struct msi_map maps[BLOCK];
	unsigned int i;

	EXPECT(!device_msi_set_quota(t->dom, t->dev, BLOCK));
	EXPECT(bulk(t, BLOCK, maps) == BLOCK);
	EXPECT(core_alloc(t, ANY_SLOT).index == -EDQUOT);
	for (i = 1; i < BLOCK; i++)
		EXPECT(!core_free(t, maps[i]));
	EXPECT(bulk(t, BLOCK, maps) == -EDQUOT);
	EXPECT(bulk(t, BLOCK - 1, maps + 1) == BLOCK - 1);
	EXPECT(core_alloc(t, ANY_SLOT).index == -EDQUOT);
	return 0;
}

/* A mistake that would have the parent free all interrupts of the block */
static int first_of_a_block_disposed_of_by_the_driver(struct core_test *t)
{
	struct msi_map maps[4], more[4];
	unsigned int i;

	EXPECT(bulk(t, 4, maps) == 4);
	EXPECT(!core_request(t, maps[1].virq));
	irq_dispose_mapping(maps[0].virq);
	irq_dispose_mapping(maps[2].virq);
	EXPECT(test_slot_live(t->store, maps[1].index));
	EXPECT(bulk(t, 4, more) == 4);
	for (i = 0; i < 4; i++) {
		EXPECT(!core_request(t, more[i].virq));
		EXPECT(test_slot_live(t->store, more[i].index));
		if (irq_get_irq_data(more[i].virq)->domain->parent->parent)
			EXPECT(memcmp(&core_slot(t, more[i].index)->msg,
				      &core_slot(t, maps[1].index)->msg,
				      sizeof(struct msi_msg)));
		core_release(t, more[i].virq);
	}
	EXPECT(!core_free(t, maps[3]));
	EXPECT(core_alloc(t, ANY_SLOT).index >= 0);
	core_release(t, maps[1].virq);
	EXPECT(!device_msi_free_irqs(t->dom, t->dev));
	for (i = 0; i < 4; i++)
		EXPECT(!test_is_unused(maps[i].virq));
	EXPECT(!core_count(t) && !core_count_unused());
	return 0;
}

/* Freed twice, by a driver that disposes of the mapping, too */
static int unused_one_disposed_of_by_a_driver(struct core_test *t)
{
	struct msi_map maps[8];
	unsigned int unused, i;

	TRY(core_fill(t, maps, 4));
	unused = find_unused();
	if (!unused)
		return 0;
	irq_dispose_mapping(unused);
	for (i = 4; i < 8; i++) {
		maps[i] = core_alloc(t, ANY_SLOT);
		EXPECT(maps[i].index >= 0);
		EXPECT(!core_request(t, maps[i].virq));
		EXPECT(test_slot_live(t->store, maps[i].index));
	}
	return 0;
}

/* Spares would stand in for them */
#define ALONE(_name)							\
	static int case_ ## _name(struct core_test *t)			\
	{								\
		return core_with_spares(t, 0, _name);			\
	}

ALONE(blocks_grow_with_the_domain)
ALONE(bulk_leaves_none_unused)
ALONE(block_goes_with_the_last_of_it)
ALONE(changed_interrupt_is_not_given_out)
ALONE(unused_interrupt_is_nobodys)
ALONE(managed_interrupts_are_single)
ALONE(first_of_a_block_disposed_of_by_the_driver)
ALONE(unused_one_disposed_of_by_a_driver)

#define BLOCKS(_name) CASE(_name, .nr_slots = SLOTS)

const struct core_case core_block_cases[] = {
	BLOCKS(blocks_grow_with_the_domain),
	BLOCKS(bulk_leaves_none_unused),
	BLOCKS(block_goes_with_the_last_of_it),
	BLOCKS(changed_interrupt_is_not_given_out),
	BLOCKS(unused_interrupt_is_nobodys),
	BLOCKS(managed_interrupts_are_single),
	BLOCKS(unused_interrupts_are_charged_to_nobody),
	CASE(first_of_a_block_disposed_of_by_the_driver, .group = CORE_MISUSE,
	     .nr_slots = SLOTS),
	CASE(unused_one_disposed_of_by_a_driver, .group = CORE_MISUSE,
	     .nr_slots = SLOTS),
	{}
};
