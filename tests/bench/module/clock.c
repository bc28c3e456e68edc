// SPDX-License-Identifier: GPL-2.0-only
/*
 * The clock, which leaves out what workers of the ims modules do: that happens whenever
 * the kernel likes, perhaps while an operation is measured, perhaps after. It is
 * counted apart, so that it can be added to the operation that has caused it.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/perf_event.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/workqueue.h>

#include "suite.h"

/* Instructions of all workers so far */
u64 bench_worked;
/* What two readings of the clock differ by if nothing is between */
u64 bench_clock_cost = U64_MAX;

static u64 work_began;
static struct tracepoint *on_start, *on_end;

/* The kernel has no other word on whose function it is */
static bool work_is_ours(work_func_t function)
{
	static work_func_t ours;
	char name[80];

	if (function == ours)
		return true;
	snprintf(name, sizeof(name), "%ps", function);
	if (!strstr(name, "[ims_"))
		return false;
	ours = function;
	return true;
}

static void work_starts(void *unused, struct work_struct *work)
{
	if (work_is_ours(work->func))
		work_began = bench_cycles();
}

static void work_ends(void *unused, struct work_struct *work,
		      work_func_t function)
{
	u64 now = bench_cycles();

	if (!work_began || !work_is_ours(function))
		return;
	WRITE_ONCE(bench_worked, bench_worked + now - work_began);
	work_began = 0;
}

struct bench_wanted {
	const char		*name;
	struct tracepoint	*found;
};

static void bench_compare(struct tracepoint *tracepoint, void *data)
{
	struct bench_wanted *wanted = data;

	if (!strcmp(tracepoint->name, wanted->name))
		wanted->found = tracepoint;
}

/* One of the kernel's own, or NULL if this kernel has none of that name */
struct tracepoint *bench_find_tracepoint(const char *name)
{
	struct bench_wanted wanted = { .name = name };

	for_each_kernel_tracepoint(bench_compare, &wanted);
	return wanted.found;
}

static void bench_calibrate(void)
{
	unsigned int i;
	u64 start;

	for (i = 0; i < 100; i++) {
		start = bench_clock();
		bench_clock_cost = min(bench_clock_cost, bench_clock() - start);
	}
}

/*
 * On RISC-V the counter that bench_cycles() reads stands still until a perf event counts
 * with it.
 */
static struct perf_event *counter;

static int bench_counter_init(void)
{
	struct perf_event_attr attr = {
		.type	= PERF_TYPE_HARDWARE,
		.config	= PERF_COUNT_HW_INSTRUCTIONS,
		.size	= sizeof(attr),
		.pinned	= 1,
	};

	if (!IS_ENABLED(CONFIG_RISCV))
		return 0;
	counter = perf_event_create_kernel_counter(&attr, 0, NULL, NULL, NULL);
	return PTR_ERR_OR_ZERO(counter);
}

static void bench_counter_exit(void)
{
	if (counter)
		perf_event_release_kernel(counter);
}

int bench_clock_init(void)
{
	int ret;

	on_start = bench_find_tracepoint("workqueue_execute_start");
	on_end = bench_find_tracepoint("workqueue_execute_end");
	if (!on_start || !on_end)
		return -ENOENT;
	ret = bench_counter_init();
	if (ret)
		return ret;
	bench_calibrate();

	ret = tracepoint_probe_register(on_start, work_starts, NULL);
	if (ret)
		goto stop_counter;
	ret = tracepoint_probe_register(on_end, work_ends, NULL);
	if (ret)
		goto forget_start;
	return 0;

forget_start:
	tracepoint_probe_unregister(on_start, work_starts, NULL);
stop_counter:
	bench_counter_exit();
	return ret;
}

void bench_clock_exit(void)
{
	tracepoint_probe_unregister(on_end, work_ends, NULL);
	tracepoint_probe_unregister(on_start, work_starts, NULL);
	tracepoint_synchronize_unregister();
	bench_counter_exit();
}
