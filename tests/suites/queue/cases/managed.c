// SPDX-License-Identifier: GPL-2.0-only
/*
 * A CPU goes offline while managed interrupts are on it, which the kernel keeps to
 * their CPUs.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>

#include "suite.h"

static struct msi_map maps[2];

/* Managed, with two CPUs or more that can go; NULL if there is none */
static struct msi_map *managed_with_cpus(struct queue_test *t)
{
	struct irq_affinity affd = {};
	const struct cpumask *mask;
	int i, nr;

	nr = device_msi_alloc_irqs(t->dom, t->dev, NULL, ARRAY_SIZE(maps),
				   ARRAY_SIZE(maps), &affd, maps);
	for (i = 0; i < nr; i++) {
		mask = irq_data_get_affinity_mask(irq_get_irq_data(maps[i].virq));
		if (cpumask_weight(mask) > 1 && !cpumask_test_cpu(0, mask) &&
		    cpumask_subset(mask, cpu_online_mask))
			return &maps[i];
	}
	return NULL;
}

/*
 * Moved twice before it has arrived the parent would not know the first CPU any more;
 * the parent does not notice, of a managed one.
 */
static int leave_again(struct queue_test *t, struct msi_map map, bool arrive)
{
	struct queue_dying dying = { .cpu = queue_cpu_of(map.virq) };
	int before = atomic_read(&t->handled), line = 0;

	TRY(queue_offline_is_rolled_back(dying.cpu));
	EXPECT(queue_cpu_of(map.virq) != dying.cpu);
	EXPECT(queue_live(t, map));
	if (arrive)
		EXPECT(queue_fires(t, map.virq));
	else	/* it is raised, so that its move ends */
		EXPECT(SOON(atomic_read(&t->handled) != before));

	dying.cpu = queue_cpu_of(map.virq);
	t->fake->data = &dying;
	t->fake->watch = queue_watch_dying;
	EXPECT(!remove_cpu(dying.cpu));
	t->fake->watch = NULL;
	if (dying.without || !dying.with)
		line = __LINE__;
	if (!line && (queue_cpu_of(map.virq) == dying.cpu ||
		      !queue_live(t, map) || !queue_fires(t, map.virq)))
		line = __LINE__;
	EXPECT(!add_cpu(dying.cpu));
	return line;
}

static int case_managed_irqs_leave_again_after_a_roll_back(struct queue_test *t)
{
	struct msi_map *map = managed_with_cpus(t);

	if (!map || !t->moves)
		return 0;
	EXPECT(!queue_request(t, map->virq));
	TRY(leave_again(t, *map, true));
	return leave_again(t, *map, false);
}

/* isolcpus=managed_irq: also where the isolated CPU is the first of those that are left */
static int case_managed_irqs_leave_for_no_isolated_cpu(struct queue_test *t)
{
	struct msi_map *map = managed_with_cpus(t);
	int left, now;

	EXPECT(map);
	EXPECT(cpumask_test_cpu(queue_isolated,
				irq_data_get_affinity_mask(irq_get_irq_data(map->virq))));
	EXPECT(!queue_request(t, map->virq));
	EXPECT(!device_msi_synchronize(t->dom));
	left = queue_cpu_of(map->virq);
	EXPECT(left != queue_isolated);
	EXPECT(!remove_cpu(left));
	now = queue_cpu_of(map->virq);
	EXPECT(!add_cpu(left));
	EXPECT(now != left && now != queue_isolated);
	EXPECT(SOON(queue_live(t, *map)));
	EXPECT(queue_fires(t, map->virq));
	return 0;
}

const struct queue_case queue_managed_cases[] = {
	CASE(managed_irqs_leave_again_after_a_roll_back),
	CASE(managed_irqs_leave_for_no_isolated_cpu, .group = QUEUE_ISOLATED),
	{}
};
