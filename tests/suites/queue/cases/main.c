// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_queue_test.ko: the queue store over a device in memory that fails and
 * dawdles as the cases want. Results are TAP in /sys/kernel/debug/ims_queue_test.
 *
 * The interrupts come from the real parent of a real PCI function, but nothing
 * sends them; what a case needs to arrive it raises itself.
 */
#include <linux/moduleparam.h>
#include <linux/sched.h>

#include "suite.h"

unsigned int queue_isolated;
module_param_named(isolated, queue_isolated, uint, 0444);
MODULE_PARM_DESC(isolated, "The CPU that isolcpus=managed_irq names, for the group isolated");

/* QEMU's rocker: a PCI function that nobody else drives here */
#define SUITE_VENDOR	0x1b36
#define SUITE_DEVICE	0x0006

#define SUITE_NAME	"ims_queue_test"
#define SUITE_CASE	struct queue_case

static const char * const suite_groups[QUEUE_NR_GROUPS] = {
	"ordinary", "misuse", "isolated",
};

static const struct queue_case * const suite_tables[] = {
	queue_info_cases,
	queue_alloc_cases,
	queue_life_cases,
	queue_begin_cases,
	queue_connect_cases,
#ifdef CONFIG_X86
	queue_order_cases,
#endif
	queue_disable_cases,
	queue_move_cases,
	queue_offline_cases,
	queue_managed_cases,
	queue_failure_cases,
	queue_quarantine_cases,
	queue_activation_cases,
	queue_raised_cases,
	queue_restore_cases,
	queue_sideband_cases,
	queue_listener_cases,
	queue_slot_cases,
	queue_batch_cases,
	queue_point_cases,
	queue_stress_cases,
	queue_misuse_cases,
};

static struct queue_test queue_test;

static int suite_begin(struct device *dev, unsigned int which)
{
	return queue_fixture_init(dev);
}

static void suite_end(void)
{
	queue_fixture_exit();
}

static void suite_run_once(const void *which, struct test_result *result)
{
	const struct queue_case *c = which;

	result->line = queue_setup(&queue_test, c);
	if (!result->line)
		result->line = c->run(&queue_test);
	else if (!test_failslab)
		strscpy(queue_test.why,
			"no device, domain or consumers to test",
			sizeof(queue_test.why));
	queue_teardown(&queue_test);
	strscpy(result->why, queue_test.why, sizeof(result->why));
	cond_resched();
}

#include "runner.h"

MODULE_DESCRIPTION("Tests of the queue store");
