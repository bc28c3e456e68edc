// SPDX-License-Identifier: GPL-2.0-only
/*
 * State follows activation, not request_irq(): whoever started an interrupt, its slot
 * has a message while it is activated only, and none when it is disposed of.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>

#include "suite.h"

static void demultiplex(struct irq_desc *desc)
{
}

static int alloc_chained(struct core_test *t, struct msi_map *map)
{
	*map = core_alloc(t, 3);
	EXPECT(map->index == 3);
	irq_set_chained_handler_and_data(map->virq, demultiplex, t);
	return 0;
}

/* genirq masks when the handler goes, and does not deactivate */
static int case_chained_handler_leaves_no_message(struct core_test *t)
{
	struct msi_map map, again;

	TRY(alloc_chained(t, &map));
	EXPECT(test_slot_live(t->store, 3));
	irq_set_chained_handler_and_data(map.virq, NULL, NULL);
	EXPECT(core_slot(t, 3)->masked);
	EXPECT(!core_free(t, map));
	EXPECT(test_slot_silent(t->store, 3));
	again = core_alloc_requested(t, 3);
	EXPECT(again.index == 3);
	return 0;
}

static int case_domain_goes_after_a_chained_handler(struct core_test *t)
{
	struct msi_map map;

	TRY(alloc_chained(t, &map));
	irq_set_chained_handler_and_data(map.virq, NULL, NULL);
	EXPECT(!device_msi_remove_domain(t->dom));
	t->dom = NULL;
	EXPECT(test_slot_silent(t->store, 3));
	return 0;
}

/* The kernel warns that it could not be started; the device may not send it */
static int case_chained_handler_needs_its_pasid(struct core_test *t)
{
	struct msi_map map;

	TRY(alloc_chained(t, &map));
	EXPECT(test_slot_silent(t->store, 3));
	irq_set_chained_handler_and_data(map.virq, NULL, NULL);
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 3, 1));
	irq_set_chained_handler_and_data(map.virq, demultiplex, t);
	EXPECT(test_slot_live(t->store, 3));
	irq_set_chained_handler_and_data(map.virq, NULL, NULL);
	EXPECT(!core_free(t, map));
	EXPECT(test_slot_silent(t->store, 3));
	return 0;
}

/* A slot without a message is never unmasked: the device would write to address 0 */
static int case_enabled_before_it_is_requested(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 3);

	EXPECT(map.index == 3);
	enable_irq(map.virq);
	EXPECT(test_slot_silent(t->store, 3));
	EXPECT(!core_request(t, map.virq));
	EXPECT(test_slot_live(t->store, 3));
	core_release(t, map.virq);
	EXPECT(!core_free(t, map));
	return 0;
}

/* Can the domain's file in debugfs be read? */
static bool debugfs_shows(int virq)
{
	return !core_shell("grep -q slots: /sys/kernel/debug/device_msi/%s",
			   irq_get_chip(virq)->name);
}

/* A common idiom of drivers: the slot comes back all the same */
static int case_mapping_disposed_of_by_the_driver(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 3), other = core_alloc(t, 4);

	EXPECT(map.index == 3 && other.index == 4);
	EXPECT(debugfs_shows(other.virq));
	irq_dispose_mapping(map.virq);
	EXPECT(debugfs_shows(other.virq));
	EXPECT(device_msi_virq(t->dom, 3) == -ENOENT);
	EXPECT(core_free(t, map) == -EINVAL);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!device_msi_verify(t->dom, true));
	EXPECT(core_count(t) == 1 && t->store->nr_ready == 1);
	EXPECT(core_alloc(t, 3).index == 3);
	irq_dispose_mapping(other.virq);
	return 0;
}

static int case_chained_mapping_disposed_of_by_the_driver(struct core_test *t)
{
	struct msi_map map;

	TRY(alloc_chained(t, &map));
	irq_set_chained_handler_and_data(map.virq, NULL, NULL);
	irq_dispose_mapping(map.virq);
	EXPECT(test_slot_silent(t->store, 3));
	EXPECT(core_alloc(t, 3).index == 3);
	return 0;
}

/**
 * struct deaf - A CPU with its interrupts off
 * @work:	keeps it so
 * @most:	until it has looked so often whether @freed
 * @is_deaf:	it is
 * @freed:	an interrupt that it may have to handle was freed
 * @saw:	that was true while its interrupts were off
 */
struct deaf {
	struct work_struct	work;
	unsigned int		most;
	bool			is_deaf;
	bool			freed;
	bool			saw;
};

/* It spins: at each pause, as of udelay(), QEMU's arm64 has all other CPUs run first */
static void deaf_run(struct work_struct *work)
{
	struct deaf *deaf = container_of(work, struct deaf, work);
	unsigned int i;

	local_irq_disable();
	WRITE_ONCE(deaf->is_deaf, true);
	for (i = 0; i < deaf->most && !READ_ONCE(deaf->freed); i++)
		barrier();
	deaf->saw = READ_ONCE(deaf->freed);
	local_irq_enable();
}

/*
 * Free an interrupt while @cpu, which is not 0, has its interrupts off, or have it move to
 * CPU 0 before. We are not to run on @cpu, nor is the timer that wakes us. Return: @cpu was
 * not waited for.
 */
static bool freed_beside(struct core_test *t, struct msi_map map, int cpu,
			 unsigned int most, bool move)
{
	struct deaf deaf = { .most = most };

	INIT_WORK_ONSTACK(&deaf.work, deaf_run);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	core_release(t, map.virq);
	schedule_work_on(cpu, &deaf.work);
	while (!READ_ONCE(deaf.is_deaf))
		usleep_range(50, 100);
	if (move)
		irq_set_affinity(map.virq, cpumask_of(0));
	core_free(t, map);
	WRITE_ONCE(deaf.freed, true);
	flush_work(&deaf.work);
	destroy_work_on_stack(&deaf.work);
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	return deaf.saw;
}

/* One that was for @cpu, and may be under way to it */
static int free_beside(struct core_test *t, struct msi_map map, int cpu)
{
	EXPECT(!freed_beside(t, map, cpu, 100 * 1000 * 1000, false));
	return 0;
}

/*
 * A CPU with its interrupts off may have fetched the descriptor: it would handle what
 * is no longer an interrupt's ("unexpected IRQ trap").
 */
static int case_freeing_waits_for_the_cpu_that_handles_it(struct core_test *t)
{
	int cpu = cpumask_last(cpu_online_mask);
	struct msi_map map = core_alloc(t, 3);

	EXPECT(map.index == 3);
	if (!cpu)
		return 0;
	EXPECT(!irq_set_affinity(map.virq, cpumask_of(cpu)));
	EXPECT(!core_request(t, map.virq));
	return free_beside(t, map, cpu);
}

/* Isolated CPUs have nothing to do with an interrupt that is for others */
static int case_freeing_waits_for_no_other_cpu(struct core_test *t)
{
	int cpu = cpumask_last(cpu_online_mask);
	struct msi_map map = core_alloc(t, 3);

	EXPECT(map.index == 3);
	if (cpu < 2)
		return 0;
	EXPECT(!irq_set_affinity(map.virq, cpumask_of(0)));
	EXPECT(!core_request(t, map.virq));
	EXPECT(!irq_set_affinity(map.virq, cpumask_of(1)));
	EXPECT(freed_beside(t, map, cpu, 500 * 1000 * 1000, false));
	EXPECT(!core_count(t));
	return 0;
}

static int case_freeing_waits_for_the_cpu_it_moved_from(struct core_test *t)
{
	int cpu = cpumask_last(cpu_online_mask);
	struct msi_map map = core_alloc(t, 3);
	struct irq_data *d;

	EXPECT(map.index == 3);
	if (!cpu)
		return 0;
	d = irq_get_irq_data(map.virq);
	EXPECT(!irq_set_affinity(map.virq, cpumask_of(cpu)));
	EXPECT(!core_request(t, map.virq));
	EXPECT(!irq_set_affinity(map.virq, cpumask_of(0)));
	/* Without remapping the move waits for an interrupt: then it is still there */
	if (irqd_is_setaffinity_pending(d))
		return free_beside(t, map, cpu);
	EXPECT(cpumask_test_cpu(0, irq_data_get_effective_affinity_mask(d)));
	return free_beside(t, map, cpu);
}

/* Asked to move it to no CPU, the driver of IMSICs only says whether the last move is complete */
static bool is_moving(struct core_test *t, int virq)
{
	struct irq_data *d = irq_get_irq_data(virq);
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;
	int ret;

	if (!core_parent_is(t, "IMSIC"))
		return false;
	raw_spin_lock_irqsave(&desc->lock, flags);
	ret = irq_chip_set_affinity_parent(d, cpu_none_mask, false);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return ret == -EBUSY;
}

/*
 * On IMSICs the CPU that an interrupt moves off does a part of the move, and needs the
 * interrupt for it. This one was never requested, so that nothing else waits for that CPU;
 * and it has handler data, so that it is not kept as a spare.
 */
static int case_freeing_waits_for_a_move_under_way(struct core_test *t)
{
	int cpu = cpumask_last(cpu_online_mask);
	struct msi_map map = core_alloc(t, 3);
	unsigned int tries;
	bool early;

	EXPECT(map.index == 3);
	if (!cpu)
		return 0;
	EXPECT(!irq_set_affinity(map.virq, cpumask_of(cpu)));
	EXPECT(!irq_set_handler_data(map.virq, t));
	for (tries = 0; tries < 60 * 1000 && is_moving(t, map.virq); tries++)
		usleep_range(1000, 2000);
	early = freed_beside(t, map, cpu, 100 * 1000 * 1000, true);
	EXPECT(!core_count(t));
	EXPECT(!early || !core_parent_is(t, "IMSIC"));
	return 0;
}

#define MISUSE(_name, ...) CASE(_name, .group = CORE_MISUSE, ## __VA_ARGS__)

/*
 * Only of a free_irq() that the device has not acknowledged the kernel is to omit
 * deactivation. An interrupt that is requested, and not enabled yet, has not been
 * started either; enable_irq() warns if it is not activated.
 */
static int case_request_that_is_not_acknowledged_can_be_enabled(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 3);

	EXPECT(map.index == 3);
	irq_set_status_flags(map.virq, IRQ_NOAUTOEN);
	t->store->commit_error = -EIO;
	EXPECT(!core_request(t, map.virq));
	t->store->commit_error = 0;
	EXPECT(irqd_is_activated(irq_get_irq_data(map.virq)));
	EXPECT(core_slot(t, 3)->masked);
	enable_irq(map.virq);
	EXPECT(test_slot_live(t->store, 3));
	return 0;
}

const struct core_case core_activation_cases[] = {
	CASE(chained_handler_leaves_no_message),
	CASE_DIRECT(chained_handler_leaves_no_message),
	CASE(domain_goes_after_a_chained_handler),
	CASE(freeing_waits_for_the_cpu_that_handles_it),
	CASE(freeing_waits_for_the_cpu_it_moved_from),
	CASE(freeing_waits_for_no_other_cpu),
	CASE(freeing_waits_for_a_move_under_way),
	MISUSE(chained_handler_needs_its_pasid, .flags = DEVICE_MSI_NEEDS_PASID),
	MISUSE(enabled_before_it_is_requested),
	CASE_DIRECT(enabled_before_it_is_requested, .group = CORE_MISUSE),
	MISUSE(mapping_disposed_of_by_the_driver),
	MISUSE(chained_mapping_disposed_of_by_the_driver),
	CASE(request_that_is_not_acknowledged_can_be_enabled,
	     .ops = &test_deferred_ops),
	{}
};
