// SPDX-License-Identifier: GPL-2.0-only
/*
 * The budget of the whole system, max_irqs of ims_core. The guest has set it to
 * what our parameter budget says: more than a store has slots, fewer than two.
 */
#include <linux/pci.h>

#include "suite.h"

/* Of the budget; no interrupt parent gives fewer */
static unsigned int left(struct core_test *t)
{
	return core_max_irqs(t);
}

static int case_budget_is_what_supported_says(struct core_test *t)
{
	struct msi_map map;

	EXPECT(core_budget > CORE_SLOTS && core_budget < 2 * CORE_SLOTS);
	EXPECT(left(t) == core_budget);
	map = core_alloc(t, 0);
	EXPECT(map.index == 0);
	EXPECT(left(t) == core_budget - 1);
	EXPECT(!core_free(t, map));
	EXPECT(left(t) == core_budget);
	return 0;
}

/* Use up the budget over two domains and all consumers */
static int use_up(struct core_test *t, struct core_test **second)
{
	struct msi_map maps[CORE_SLOTS];
	struct core_test *b = core_second(t, &test_full_ops, 0, CORE_SLOTS);
	unsigned int i;

	EXPECT(b);
	*second = b;
	TRY(core_fill(t, maps, CORE_SLOTS));
	for (i = 0; i < core_budget - CORE_SLOTS; i++)
		EXPECT(core_alloc_for(b, core_part(t, i % CORE_PARTS), i).index
		       == i);
	EXPECT(!left(t));
	return 0;
}

static int case_budget_holds_over_all_domains(struct core_test *t)
{
	struct msi_map maps[2];
	struct core_test *b;

	TRY(use_up(t, &b));
	EXPECT(core_alloc(b, ANY_SLOT).index == -EDQUOT);
	EXPECT(core_alloc_for(b, core_part(b, 0), CORE_SLOTS - 1).index ==
	       -EDQUOT);
	EXPECT(device_msi_alloc_irqs(b->dom, b->dev, NULL, 1, 2, NULL, maps) ==
	       -EDQUOT);
	EXPECT(core_count(t) + core_count(b) == core_budget);
	EXPECT(b->store->nr_ready == core_budget - CORE_SLOTS);
	return 0;
}

static int case_what_is_freed_anywhere_is_there_again(struct core_test *t)
{
	struct msi_map map = { .index = 3 };
	struct core_test *b;

	TRY(use_up(t, &b));
	map.virq = device_msi_virq(t->dom, 3);
	EXPECT(!core_free(t, map));
	EXPECT(core_alloc(b, CORE_SLOTS - 1).index == CORE_SLOTS - 1);
	EXPECT(core_alloc(b, CORE_SLOTS - 2).index == -EDQUOT);
	EXPECT(!device_msi_remove_domain(t->dom));
	t->dom = NULL;
	EXPECT(left(b) == CORE_SLOTS - 1);
	EXPECT(!device_msi_free_irqs(b->dom, core_part(b, 0)));
	EXPECT(left(b) > CORE_SLOTS - 1);
	return 0;
}

static int case_bulk_is_clipped_to_the_budget(struct core_test *t)
{
	struct core_test *b = core_second(t, &test_full_ops, 0, 4 * CORE_SLOTS);
	struct msi_map maps[4 * CORE_SLOTS];

	EXPECT(b);
	EXPECT(core_alloc(t, 0).index == 0);
	EXPECT(device_msi_alloc_irqs(b->dom, b->dev, NULL, core_budget,
				     core_budget, NULL, maps) == -EDQUOT);
	EXPECT(!b->store->nr_ready);
	EXPECT(left(t) == core_budget - 1);
	EXPECT(device_msi_alloc_irqs(b->dom, b->dev, NULL, 1, ARRAY_SIZE(maps),
				     NULL, maps) == core_budget - 1);
	EXPECT(!left(t));
	return 0;
}

static int case_failures_cost_no_budget(struct core_test *t)
{
	struct msi_map maps[4];
	unsigned int i;

	for (i = 0; i < 4; i++) {
		t->store->alloc_error = -EIO;
		EXPECT(core_alloc(t, ANY_SLOT).index == -EIO);
		EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, 1, 4, NULL,
					     maps) == -EIO);
		t->store->alloc_error = 0;
		t->store->alloc_at_most = 2;
		EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, 3, 4, NULL,
					     maps) == -ENOSPC);
		t->store->alloc_at_most = UINT_MAX;
		EXPECT(core_alloc(t, CORE_SLOTS).index == -EINVAL);
		EXPECT(left(t) == core_budget);
	}
	t->store->alloc_at_most = 2;
	EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, 1, 4, NULL, maps) ==
	       2);
	EXPECT(left(t) == core_budget - 2);
	return 0;
}

/* What is withheld because the device sleeps still takes an entry of the parent's */
static int case_what_is_withheld_is_not_there_again(struct core_test *t)
{
	struct pci_dev *pdev = to_pci_dev(t->dev);
	struct msi_map map = core_alloc_requested(t, 1);
	pci_power_t state = pdev->current_state;
	int line = 0;

	EXPECT(map.index == 1);
	pdev->current_state = PCI_D3hot;
	core_release(t, map.virq);
	if (core_free(t, map) || left(t) != core_budget - 1)
		line = __LINE__;
	pdev->current_state = state;
	TRY(line);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(left(t) == core_budget);
	return 0;
}

#define BUDGET(_name) CASE(_name, .group = CORE_BUDGET)

const struct core_case core_budget_cases[] = {
	BUDGET(budget_is_what_supported_says),
	BUDGET(budget_holds_over_all_domains),
	BUDGET(what_is_freed_anywhere_is_there_again),
	BUDGET(bulk_is_clipped_to_the_budget),
	BUDGET(failures_cost_no_budget),
	BUDGET(what_is_withheld_is_not_there_again),
	{}
};
