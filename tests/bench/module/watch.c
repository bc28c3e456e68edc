// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long others must wait for the CPU: a thread of the highest priority wakes every
 * 50 microseconds, which are 50 thousand instructions here, and notes how late it
 * runs. Where the kernel preempts voluntarily that is the longest stretch without a
 * scheduling point; where it preempts by itself, the longest with preemption off.
 */
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "suite.h"

#define PERIOD	50000U	/* nanoseconds, and instructions */
#define KNOWN	3000000U

static struct task_struct *watcher;
static u64 latest;

static int watch(void *unused)
{
	ktime_t wake;
	u64 start, took;

	while (!kthread_should_stop()) {
		start = bench_cycles();
		wake = ktime_add_ns(ktime_get(), PERIOD);
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule_hrtimeout(&wake, HRTIMER_MODE_ABS);
		took = bench_cycles() - start;
		if (took > PERIOD + latest)
			latest = took - PERIOD;
	}
	return 0;
}

/* "watch": from now on */
int bench_watch(struct bench *bench, const struct bench_args *args)
{
	struct task_struct *task;

	if (watcher)
		return -EBUSY;
	latest = 0;
	task = kthread_create(watch, NULL, "ims_watch");
	if (IS_ERR(task))
		return PTR_ERR(task);
	sched_set_fifo(task);
	wake_up_process(task);
	watcher = task;
	return 0;
}

/* "watched WHAT": until now, and it is noted as that, whatever is started now */
int bench_watched(struct bench *bench, const struct bench_args *args)
{
	const struct bench_kind *kind = bench->kind;
	char operation[BENCH_NAME];

	if (!watcher)
		return -ENXIO;
	kthread_stop(watcher);
	watcher = NULL;
	snprintf(operation, sizeof(operation), "wait_%s", args->word);
	bench->kind = NULL;
	bench_note_value(bench, operation, 0, latest);
	bench->kind = kind;
	return 0;
}

/* "spin": three million instructions that nobody may interrupt for long */
int bench_spin(struct bench *bench, const struct bench_args *args)
{
	u64 start;

	preempt_disable();
	start = bench_cycles();
	while (bench_cycles() - start < KNOWN)
		cpu_relax();
	preempt_enable();
	return 0;
}
