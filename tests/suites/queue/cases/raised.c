// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts that are raised by software: by the kernel in enable_irq(), while no work
 * runs that could help, or after a restore; and by the cases themselves, which must not
 * free what is still on its way.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/pm.h>
#include <linux/sched.h>
#include <linux/suspend.h>

#include "suite.h"

/**
 * struct frozen - What is done while all processes and works are frozen
 * @t:		the case
 * @virq:	an interrupt whose device has its message
 * @canary:	a work like those of the core, which does not run
 * @ran:	it has run
 * @line:	what went wrong, or 0; -1 if nothing was frozen
 */
struct frozen {
	struct queue_test	*t;
	int			virq;
	struct work_struct	canary;
	bool			ran;
	int			line;
};

static void frozen_canary(struct work_struct *work)
{
	WRITE_ONCE(container_of(work, struct frozen, canary)->ran, true);
}

static int enabled_while_frozen(struct frozen *frozen)
{
	struct queue_test *t = frozen->t;
	int before = atomic_read(&t->handled);

	queue_work(system_freezable_wq, &frozen->canary);
	disable_irq(frozen->virq);
	queue_fire(frozen->virq);
	queue_wait_fired();
	EXPECT(atomic_read(&t->handled) == before);
	enable_irq(frozen->virq);
	EXPECT(SOON(atomic_read(&t->handled) != before));
	test_give_it_time();
	EXPECT(!READ_ONCE(frozen->ran));
	return 0;
}

/* The machine is about to sleep, and all is frozen: do it, and have it stay awake */
static int frozen_prepare(struct device *dev)
{
	struct frozen *frozen = dev_get_drvdata(dev);

	if (frozen->line < 0)
		frozen->line = enabled_while_frozen(frozen);
	return -EBUSY;
}

static const struct dev_pm_ops frozen_pm = {
	.prepare = frozen_prepare,
};

static int frozen_probe(struct platform_device *pdev)
{
	return 0;
}

static struct platform_driver frozen_driver = {
	.probe	= frozen_probe,
	.driver	= { .name = "ims-queue-frozen", .pm = &frozen_pm },
};

static int try_to_sleep(struct frozen *frozen)
{
	struct platform_device *pdev;
	int ret;

	pdev = platform_device_register_simple("ims-queue-frozen", -1, NULL, 0);
	EXPECT(!IS_ERR(pdev));
	platform_set_drvdata(pdev, frozen);
	ret = pdev->dev.driver ? pm_suspend(PM_SUSPEND_TO_IDLE) : -ENXIO;
	platform_device_unregister(pdev);
	EXPECT(ret == -EBUSY);
	return frozen->line < 0 ? __LINE__ : frozen->line;
}

/*
 * As when the device has restored its store and the machine has not thawed yet: the slot
 * has nothing outstanding, so no work is needed.
 */
static int case_enabling_waits_for_no_thaw(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 3);
	struct frozen frozen = { .t = t, .virq = map.virq, .line = -1 };
	int line;

	EXPECT(map.index == 3);
	if (!IS_ENABLED(CONFIG_SUSPEND))
		return 0;
	INIT_WORK_ONSTACK(&frozen.canary, frozen_canary);
	EXPECT(!platform_driver_register(&frozen_driver));
	line = try_to_sleep(&frozen);
	platform_driver_unregister(&frozen_driver);
	flush_work(&frozen.canary);
	destroy_work_on_stack(&frozen.canary);
	TRY(line);
	EXPECT(frozen.ran);
	return 0;
}

/*
 * Kept by the kernel while it was disabled, and moved meanwhile, but the device did not
 * acknowledge the new message: it is raised when the device has it at last.
 */
static int kept_until(struct queue_test *t,
		      int (*restore)(struct queue_test *t))
{
	struct msi_map map = queue_alloc_requested(t, 3);
	int before, cpu = queue_other_cpu();

	EXPECT(map.index == 3);
	if (!t->moves || !cpu)
		return 0;
	TRY(queue_move_to(t, map.virq, 0));
	EXPECT(queue_fires(t, map.virq));
	EXPECT(!device_msi_synchronize(t->dom));

	disable_irq(map.virq);
	queue_fire(map.virq);
	queue_wait_fired();
	before = atomic_read(&t->handled);
	fake_slot(t->fake, 3)->error = -EIO;
	TRY(queue_ask_to_move(t, map.virq, cpu));
	EXPECT(device_msi_synchronize(t->dom) == -EIO);
	EXPECT(queue_quarantined(t) == 1);
	enable_irq(map.virq);
	msleep(100);	/* the work finds that it cannot be raised yet */
	EXPECT(atomic_read(&t->handled) == before);
	fake_slot(t->fake, 3)->error = 0;
	EXPECT(!restore(t));
	EXPECT(SOON(atomic_read(&t->handled) == before + 1));
	EXPECT(queue_live(t, map));
	return 0;
}

static int restore_all(struct queue_test *t)
{
	return device_msi_restore(t->dom);
}

static int restore_one(struct queue_test *t)
{
	return device_msi_restore_irqs(t->dom, t->dev);
}

static int case_kept_irq_comes_with_the_restore(struct queue_test *t)
{
	return kept_until(t, restore_all);
}

static int case_kept_irq_comes_with_its_consumers_restore(struct queue_test *t)
{
	return kept_until(t, restore_one);
}

/**
 * struct busy_cpu - A CPU with its interrupts off
 * @work:	keeps it so
 * @is_busy:	it is
 * @fired:	an interrupt is pending for it
 * @freed:	that interrupt was freed
 */
struct busy_cpu {
	struct work_struct	work;
	bool			is_busy;
	bool			fired;
	bool			freed;
};

/*
 * For long enough after the interrupt was fired that a free_irq() would be over. It spins:
 * at each pause, as of udelay(), QEMU's arm64 has all other CPUs run first.
 */
static void busy_run(struct work_struct *work)
{
	struct busy_cpu *busy = container_of(work, struct busy_cpu, work);
	unsigned int i;

	local_irq_disable();
	WRITE_ONCE(busy->is_busy, true);
	for (i = 0; i < 100 * 1000 * 1000 && !READ_ONCE(busy->freed); i++)
		if (!READ_ONCE(busy->fired))
			i = 0;
	local_irq_enable();
}

/* @cpu cannot take the interrupt before free_irq() begins */
static void fire_and_release(struct queue_test *t, int virq, int cpu)
{
	struct busy_cpu busy = {};

	INIT_WORK_ONSTACK(&busy.work, busy_run);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	schedule_work_on(cpu, &busy.work);
	while (!READ_ONCE(busy.is_busy))
		usleep_range(50, 100);
	queue_fire(virq);
	WRITE_ONCE(busy.fired, true);
	queue_release(t, virq);
	WRITE_ONCE(busy.freed, true);
	flush_work(&busy.work);
	destroy_work_on_stack(&busy.work);
	set_cpus_allowed_ptr(current, cpu_possible_mask);
}

/*
 * What queue_fire() fires nobody but the cases could stop: queue_release() waits for it.
 * Else it would come in at a vector that is nobody's.
 */
static int case_fired_irq_arrives_before_it_is_freed(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 3);
	int before, cpu = queue_other_cpu();

	EXPECT(map.index == 3);
	if (!cpu)
		return 0;
	TRY(queue_move_to(t, map.virq, cpu));
	EXPECT(queue_fires(t, map.virq));
	EXPECT(!device_msi_synchronize(t->dom));
	before = atomic_read(&t->handled);
	fire_and_release(t, map.virq, cpu);
	EXPECT(atomic_read(&t->handled) == before + 1);
	return 0;
}

const struct queue_case queue_raised_cases[] = {
	CASE(enabling_waits_for_no_thaw,
	     .keeps_memory = "the kernel tries to sleep in it"),
	CASE(kept_irq_comes_with_the_restore),
	CASE(kept_irq_comes_with_its_consumers_restore),
	CASE(fired_irq_arrives_before_it_is_freed),
	{}
};
