// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_queue_test.ko: the queue store over a device in memory that fails and
 * dawdles as the cases want. Results are TAP in /sys/kernel/debug/ims_queue_test.
 *
 * The interrupts come from the real parent of a real PCI function, but nothing
 * sends them; what a case needs to arrive it raises itself.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "suite.h"

static char *group = "ordinary";
module_param(group, charp, 0444);
MODULE_PARM_DESC(group, "Cases to run: ordinary (default), misuse, which provokes warnings, or isolated, with isolcpus=managed_irq");

unsigned int queue_isolated;
module_param_named(isolated, queue_isolated, uint, 0444);
MODULE_PARM_DESC(isolated, "The CPU that isolcpus=managed_irq names, for the group isolated");

unsigned int queue_failslab;
module_param_named(failslab, queue_failslab, uint, 0444);
MODULE_PARM_DESC(failslab, "1: each allocation of a case fails once, 2: and all that follow; needs CONFIG_FAILSLAB");

static char *only = "";
module_param(only, charp, 0444);
MODULE_PARM_DESC(only, "Run the cases only whose names begin so: a list with commas");

static bool stop;
module_param(stop, bool, 0444);
MODULE_PARM_DESC(stop, "Run no more cases after one that failed");

/* QEMU's rocker: a PCI function that nobody else drives here */
#define ROCKER_VENDOR_ID	0x1b36
#define ROCKER_DEVICE_ID	0x0006

#define QUEUE_MAX_CASES	160

static const char * const queue_groups[QUEUE_NR_GROUPS] = {
	"ordinary", "misuse", "isolated",
};

static const struct queue_case * const queue_tables[] = {
	queue_info_cases,
	queue_alloc_cases,
	queue_life_cases,
	queue_begin_cases,
	queue_connect_cases,
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

static struct test_result queue_results[QUEUE_MAX_CASES];
static unsigned int queue_nr_results;

static struct queue_test queue_test;

static void queue_run_once(const void *which, struct test_result *result)
{
	const struct queue_case *c = which;

	result->line = queue_setup(&queue_test, c);
	if (!result->line)
		result->line = c->run(&queue_test);
	else if (!queue_failslab)
		strscpy(queue_test.why,
			"no device, domain or consumers to test",
			sizeof(queue_test.why));
	queue_teardown(&queue_test);
	strscpy(result->why, queue_test.why, sizeof(result->why));
	cond_resched();
}

static void queue_run(const struct queue_case *c)
{
	struct test_result *result = &queue_results[queue_nr_results++];

	pr_info("ims_queue_test: %s\n", c->name);
	result->name = c->name;
	result->file = c->file;
	if (!queue_failslab)
		queue_run_once(c, result);
	else if (c->keeps_memory)
		result->skipped = c->keeps_memory;
	else
		test_run_failing(result, queue_failslab, c, queue_run_once);
}

static int queue_run_group(enum queue_group which)
{
	const struct queue_case *c;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(queue_tables); i++) {
		for (c = queue_tables[i]; c->run; c++) {
			if (c->group != which || !test_is_among(c->name, only))
				continue;
			if (queue_nr_results == QUEUE_MAX_CASES)
				return -E2BIG;
			queue_run(c);
			if (stop && test_has_failed(&queue_results[queue_nr_results - 1]))
				return 0;
		}
	}
	return 0;
}

static int results_show(struct seq_file *m, void *unused)
{
	test_results_show(m, queue_results, queue_nr_results);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(results);

static struct dentry *results;
static struct pci_dev *queue_pdev;

/* Not __init: that may lie between the modules under test, see alloc_failures.sh */
static int ims_queue_test_init(void)
{
	int which, ret;

	if (queue_failslab && !TEST_CAN_FAIL)
		return -EOPNOTSUPP;
	which = match_string(queue_groups, QUEUE_NR_GROUPS, group);
	if (which < 0)
		return which;
	queue_pdev = pci_get_device(ROCKER_VENDOR_ID, ROCKER_DEVICE_ID, NULL);
	if (!queue_pdev)
		return -ENODEV;
	ret = queue_fixture_init(&queue_pdev->dev);
	if (ret)
		goto err_put;

	ret = queue_run_group(which);
	if (ret)
		goto err_fixture;
	results = debugfs_create_file("ims_queue_test", 0400, NULL, NULL,
				      &results_fops);
	return 0;

err_fixture:
	queue_fixture_exit();
err_put:
	pci_dev_put(queue_pdev);
	return ret;
}
module_init(ims_queue_test_init);

static void __exit ims_queue_test_exit(void)
{
	debugfs_remove(results);
	queue_fixture_exit();
	pci_dev_put(queue_pdev);
}
module_exit(ims_queue_test_exit);

MODULE_DESCRIPTION("Tests of the queue store");
MODULE_LICENSE("GPL");
