/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a module runs its cases: its parameters, what they choose, and results as
 * TAP in /sys/kernel/debug/NAME. For the main.c of a module, which defines before:
 *
 * SUITE_NAME		the module's name
 * SUITE_VENDOR, SUITE_DEVICE	the PCI function that all cases are given
 * SUITE_CASE		what a row of a table of cases is
 * suite_tables[]	the tables, each ended by an empty row
 * suite_groups[]	names of groups, as numbered in the rows
 * suite_begin()	before all cases of a group; an errno
 * suite_run_once()	one case, and what was wrong after it
 * suite_end()		after all, if suite_begin() has succeeded
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/seq_file.h>

static char *group = "ordinary";
module_param(group, charp, 0444);
MODULE_PARM_DESC(group, "Cases to run: a name of suite_groups in main.c (default ordinary)");

static char *only = "";
module_param(only, charp, 0444);
MODULE_PARM_DESC(only, "Run the cases only whose names begin so: a list with commas");

static bool stop;
module_param(stop, bool, 0444);
MODULE_PARM_DESC(stop, "Run no more cases after one that failed");

unsigned int test_failslab;
module_param_named(failslab, test_failslab, uint, 0444);
MODULE_PARM_DESC(failslab, "1: each allocation of a case fails once, 2: and all that follow; needs CONFIG_FAILSLAB");

#define SUITE_MAX_CASES	300

static struct test_result suite_results[SUITE_MAX_CASES];
static unsigned int suite_nr_results;
static struct pci_dev *suite_pdev;
static struct dentry *suite_file;

static void suite_run(const SUITE_CASE *c)
{
	struct test_result *result = &suite_results[suite_nr_results++];

	pr_info(SUITE_NAME ": %s\n", c->name);
	result->name = c->name;
	result->file = c->file;
	if (!test_failslab)
		suite_run_once(c, result);
	else if (c->keeps_memory)
		result->skipped = c->keeps_memory;
	else
		test_run_failing(result, test_failslab, c, suite_run_once);
}

static int suite_run_group(unsigned int which)
{
	const SUITE_CASE *c;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(suite_tables); i++) {
		for (c = suite_tables[i]; c->run; c++) {
			if (c->group != which || !test_is_among(c->name, only))
				continue;
			if (suite_nr_results == SUITE_MAX_CASES)
				return -E2BIG;
			suite_run(c);
			if (stop && test_has_failed(&suite_results[suite_nr_results - 1]))
				return 0;
		}
	}
	return 0;
}

static int suite_show(struct seq_file *m, void *unused)
{
	test_results_show(m, suite_results, suite_nr_results);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(suite);

/* Not __init: that may lie between the modules under test, see alloc_failures.sh */
static int suite_init(void)
{
	int which, ret;

	if (test_failslab && !TEST_CAN_FAIL)
		return -EOPNOTSUPP;
	which = match_string(suite_groups, ARRAY_SIZE(suite_groups), group);
	if (which < 0)
		return which;
	suite_pdev = pci_get_device(SUITE_VENDOR, SUITE_DEVICE, NULL);
	if (!suite_pdev)
		return -ENODEV;
	ret = suite_begin(&suite_pdev->dev, which);
	if (ret)
		goto err_put;
	ret = suite_run_group(which);
	if (ret)
		goto err_end;
	suite_file = debugfs_create_file(SUITE_NAME, 0400, NULL, NULL,
					 &suite_fops);
	return 0;

err_end:
	suite_end();
err_put:
	pci_dev_put(suite_pdev);
	return ret;
}
module_init(suite_init);

static void __exit suite_exit(void)
{
	debugfs_remove(suite_file);
	suite_end();
	pci_dev_put(suite_pdev);
}
module_exit(suite_exit);

MODULE_LICENSE("GPL");
