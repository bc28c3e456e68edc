// SPDX-License-Identifier: GPL-2.0-only
/*
 * A CPU goes offline while interrupts are on it: they have left, and the device
 * knows, before the CPU is dead.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>

#include "suite.h"

#define LEAVERS	8U

static struct msi_map maps[LEAVERS];

/**
 * struct dying - What commands see of a CPU
 * @cpu:	which
 * @with:	commands while it was online
 * @without:	later
 */
struct dying {
	int		cpu;
	unsigned int	with;
	unsigned int	without;
};

static void watch_the_dying(struct fake_device *fake,
			    const struct ims_queue_entry *entries,
			    unsigned int nr)
{
	struct dying *dying = fake->data;

	if (cpu_online(dying->cpu))
		dying->with++;
	else
		dying->without++;
}

/* Requested, and on a CPU that can go; 0 if there is none */
static int on_one_cpu(struct queue_test *t, int *cpu, bool arrive)
{
	unsigned int i;

	*cpu = queue_other_cpu();
	EXPECT(!queue_alloc_many(t, maps, LEAVERS));
	for (i = 0; i < LEAVERS; i++) {
		EXPECT(!queue_request(t, maps[i].virq));
		TRY(queue_move_to(t, maps[i].virq, 0));
		EXPECT(queue_fires(t, maps[i].virq));
		TRY(queue_move_to(t, maps[i].virq, *cpu));
	}
	EXPECT(!device_msi_synchronize(t->dom));
	for (i = 0; arrive && i < LEAVERS; i++)
		EXPECT(queue_fires(t, maps[i].virq));
	return 0;
}

static int all_live_elsewhere(struct queue_test *t, int cpu)
{
	unsigned int i;

	for (i = 0; i < LEAVERS; i++) {
		EXPECT(queue_cpu_of(maps[i].virq) != cpu);
		EXPECT(queue_live(t, maps[i]));
		EXPECT(queue_fires(t, maps[i].virq));
	}
	return 0;
}

static int leave_in_time(struct queue_test *t)
{
	struct dying dying = {};
	int line = 0;

	TRY(on_one_cpu(t, &dying.cpu, true));
	if (!dying.cpu)
		return 0;
	t->fake->data = &dying;
	t->fake->watch = watch_the_dying;
	EXPECT(!remove_cpu(dying.cpu));
	if (dying.without || !dying.with != !t->moves)
		line = __LINE__;
	if (!line)
		line = all_live_elsewhere(t, dying.cpu);
	EXPECT(!add_cpu(dying.cpu));
	TRY(line);
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(!queue_quarantined(t) && !t->fake->lost);
	/* It is as good as before */
	TRY(queue_move_to(t, maps[0].virq, dying.cpu));
	EXPECT(SOON(queue_live(t, maps[0])));
	EXPECT(queue_fires(t, maps[0].virq));
	return 0;
}

static int case_irqs_leave_before_their_cpu(struct queue_test *t)
{
	return leave_in_time(t);
}

static int case_irqs_leave_before_their_cpu_slowly(struct queue_test *t)
{
	t->fake->delay_ms = 100;
	return leave_in_time(t);
}

static int case_irqs_leave_with_a_failing_device(struct queue_test *t)
{
	struct dying dying = {};
	int line = 0;

	TRY(on_one_cpu(t, &dying.cpu, true));
	if (!dying.cpu)
		return 0;
	t->fake->data = &dying;
	t->fake->watch = watch_the_dying;
	fake_fail(t->fake, 1, 3, -EIO);
	EXPECT(!remove_cpu(dying.cpu));
	if (dying.without || t->fake->failed != (t->moves ? 3 : 0))
		line = __LINE__;
	if (!line)
		line = all_live_elsewhere(t, dying.cpu);
	EXPECT(!add_cpu(dying.cpu));
	TRY(line);
	EXPECT(!queue_quarantined(t));
	return 0;
}

/* The CPU goes all the same, and the slots are not forgotten */
static int case_device_that_fails_does_not_hold_the_cpu(struct queue_test *t)
{
	int cpu;

	TRY(on_one_cpu(t, &cpu, true));
	if (!cpu)
		return 0;
	fake_slot(t->fake, maps[2].index)->error = -EIO;
	EXPECT(!remove_cpu(cpu));
	EXPECT(!add_cpu(cpu));
	EXPECT(queue_quarantined(t) == t->moves);
	fake_slot(t->fake, maps[2].index)->error = 0;
	EXPECT(!device_msi_restore(t->dom));
	return all_live_elsewhere(t, cpu);
}

/*
 * Those that have not arrived since they came to the CPU cannot leave: their
 * former CPU still waits. The kernel moves them when the CPU is dead, and as the
 * device may have sent, they are raised.
 */
static int case_irqs_that_cannot_leave_are_raised(struct queue_test *t)
{
	int cpu, line = 0, before;
	unsigned int i;

	TRY(on_one_cpu(t, &cpu, false));
	if (!cpu || !t->moves)
		return 0;
	before = atomic_read(&t->handled);
	EXPECT(!remove_cpu(cpu));
	for (i = 0; i < LEAVERS && !line; i++)
		if (queue_cpu_of(maps[i].virq) == cpu ||
		    !SOON(queue_live(t, maps[i])))
			line = __LINE__;
	if (!line && !SOON(atomic_read(&t->handled) - before >= (int)LEAVERS))
		line = __LINE__;
	EXPECT(!add_cpu(cpu));
	return line;
}

/* While somebody gathers changes too */
static int case_irqs_leave_before_the_end(struct queue_test *t)
{
	struct dying dying = {};
	int line = 0;

	TRY(on_one_cpu(t, &dying.cpu, true));
	if (!dying.cpu)
		return 0;
	t->fake->data = &dying;
	t->fake->watch = watch_the_dying;
	EXPECT(!ims_queue_begin(t->dom));
	EXPECT(!remove_cpu(dying.cpu));
	if (dying.without)
		line = __LINE__;
	if (!line)
		line = all_live_elsewhere(t, dying.cpu);
	EXPECT(!ims_queue_end(t->dom));
	EXPECT(!add_cpu(dying.cpu));
	return line;
}

/* Disabled ones are the kernel's to keep, but the device must not go on */
static int case_disabled_irqs_leave_too(struct queue_test *t)
{
	struct dying dying = {};
	unsigned int i;
	int line = 0;

	TRY(on_one_cpu(t, &dying.cpu, true));
	if (!dying.cpu)
		return 0;
	t->fake->data = &dying;
	t->fake->watch = watch_the_dying;
	for (i = 0; i < LEAVERS; i++)
		disable_irq(maps[i].virq);
	EXPECT(!remove_cpu(dying.cpu));
	if (dying.without)
		line = __LINE__;
	for (i = 0; i < LEAVERS; i++)
		enable_irq(maps[i].virq);
	if (!line)
		line = all_live_elsewhere(t, dying.cpu);
	EXPECT(!add_cpu(dying.cpu));
	return line;
}

const struct queue_case queue_offline_cases[] = {
	CASE(irqs_leave_before_their_cpu),
	CASE(irqs_leave_before_their_cpu_slowly, .max_batch = 4),
	CASE(irqs_leave_with_a_failing_device, .max_batch = 4),
	CASE(device_that_fails_does_not_hold_the_cpu, .max_batch = 4),
	CASE(irqs_that_cannot_leave_are_raised),
	CASE(irqs_leave_before_the_end, .max_batch = 4),
	CASE(disabled_irqs_leave_too),
	{}
};
