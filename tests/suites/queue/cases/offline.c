// SPDX-License-Identifier: GPL-2.0-only
/*
 * A CPU goes offline while interrupts are on it: they have left, and the device
 * knows, before the CPU is dead.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>

#include "suite.h"

#define LEAVERS	8U

static struct msi_map maps[LEAVERS];

void queue_watch_dying(struct fake_device *fake,
		       const struct ims_queue_entry *entries,
		       unsigned int nr)
{
	struct queue_dying *dying = fake->data;

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
	struct queue_dying dying = {};
	int line = 0;

	TRY(on_one_cpu(t, &dying.cpu, true));
	if (!dying.cpu)
		return 0;
	t->fake->data = &dying;
	t->fake->watch = queue_watch_dying;
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
	struct queue_dying dying = {};
	int line = 0;

	TRY(on_one_cpu(t, &dying.cpu, true));
	if (!dying.cpu)
		return 0;
	t->fake->data = &dying;
	t->fake->watch = queue_watch_dying;
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
	struct queue_dying dying = {};
	int line = 0;

	TRY(on_one_cpu(t, &dying.cpu, true));
	if (!dying.cpu)
		return 0;
	t->fake->data = &dying;
	t->fake->watch = queue_watch_dying;
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
	struct queue_dying dying = {};
	unsigned int i;
	int line = 0;

	TRY(on_one_cpu(t, &dying.cpu, true));
	if (!dying.cpu)
		return 0;
	t->fake->data = &dying;
	t->fake->watch = queue_watch_dying;
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

/**
 * struct follower - Who must hear of a move
 * @notify:	the driver's, of the kernel
 * @notified:	how often it was told
 * @cpus:	of the handler's thread when it last ran
 * @runs:	how often that was
 */
static struct follower {
	struct irq_affinity_notify	notify;
	atomic_t			notified;
	struct cpumask			cpus;
	atomic_t			runs;
} follower;

static void follower_notify(struct irq_affinity_notify *notify,
			    const cpumask_t *mask)
{
	atomic_inc(&follower.notified);
}

static void follower_release(struct kref *ref)
{
}

static irqreturn_t follower_thread(int irq, void *data)
{
	cpumask_copy(&follower.cpus, current->cpus_ptr);
	atomic_inc(&follower.runs);
	return IRQ_HANDLED;
}

/* The thread follows its interrupt, when it next runs */
static bool thread_follows(int virq)
{
	int before = atomic_read(&follower.runs);

	queue_fire(virq);
	return SOON(atomic_read(&follower.runs) != before) &&
	       cpumask_equal(&follower.cpus, cpumask_of(queue_cpu_of(virq)));
}

static int follow(struct queue_test *t, int virq, int cpu)
{
	int line = 0;

	TRY(queue_move_to(t, virq, cpu));
	EXPECT(SOON(thread_follows(virq)));
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(!irq_set_affinity_notifier(virq, &follower.notify));
	queue_wait_moved(t, virq);
	if (!remove_cpu(cpu)) {
		if (queue_cpu_of(virq) == cpu || !thread_follows(virq))
			line = __LINE__;
		EXPECT(!add_cpu(cpu));
	} else {
		line = __LINE__;
	}
	if (!line && t->moves && !SOON(atomic_read(&follower.notified)))
		line = __LINE__;
	irq_set_affinity_notifier(virq, NULL);
	return line;
}

/* As after a write to smp_affinity: the handler's thread, and who asked to hear */
static int case_leaving_is_a_move_like_any(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, ANY_SLOT);
	int cpu = queue_other_cpu(), line;

	EXPECT(map.index >= 0);
	if (!cpu)
		return 0;
	memset(&follower, 0, sizeof(follower));
	follower.notify.notify = follower_notify;
	follower.notify.release = follower_release;
	EXPECT(!request_threaded_irq(map.virq, NULL, follower_thread,
				     IRQF_ONESHOT, "ims-queue-test", t));
	line = follow(t, map.virq, cpu);
	free_irq(map.virq, t);
	return line;
}

/* Below the core's callbacks: those have had their turn when this refuses */
#define REFUSES_FIRST	CPUHP_AP_PERF_POWERPC_HV_GPCI_ONLINE

static int refuse_to_go(unsigned int cpu)
{
	return -EBUSY;
}

/* The CPU stays, but who left it did so for nothing */
int queue_offline_is_rolled_back(int cpu)
{
	int ret;

	EXPECT(!cpuhp_setup_state_nocalls(REFUSES_FIRST, "ims-queue-test:online",
					  NULL, refuse_to_go));
	ret = remove_cpu(cpu);
	cpuhp_remove_state_nocalls(REFUSES_FIRST);
	if (!ret)
		add_cpu(cpu);
	EXPECT(ret == -EBUSY);
	return 0;
}

static int case_irqs_leave_again_after_a_roll_back(struct queue_test *t)
{
	struct queue_dying dying = {};
	int line = 0;

	TRY(on_one_cpu(t, &dying.cpu, true));
	if (!dying.cpu)
		return 0;
	TRY(queue_offline_is_rolled_back(dying.cpu));
	TRY(all_live_elsewhere(t, t->moves ? dying.cpu : -1));
	TRY(queue_move_to(t, maps[0].virq, dying.cpu));
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(queue_fires(t, maps[0].virq));
	t->fake->data = &dying;
	t->fake->watch = queue_watch_dying;
	EXPECT(!remove_cpu(dying.cpu));
	if (dying.without)
		line = __LINE__;
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
	CASE(leaving_is_a_move_like_any),
	CASE(irqs_leave_again_after_a_roll_back),
	{}
};
