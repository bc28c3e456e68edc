// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_core_test.ko: the generic layer over a store that records and fails as
 * the cases want. Results are TAP in /sys/kernel/debug/ims_core_test.
 *
 * The interrupts come from the real parent of a real PCI function, but nothing
 * sends them: the suite array has a device that does.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "suite.h"

static char *group = "ordinary";
module_param(group, charp, 0444);
MODULE_PARM_DESC(group, "Cases to run: ordinary (default), budget, stress, big or misuse, which provokes warnings");

static char *only = "";
module_param(only, charp, 0444);
MODULE_PARM_DESC(only, "Run the cases only whose names begin so: a list with commas");

static bool stop;
module_param(stop, bool, 0444);
MODULE_PARM_DESC(stop, "Run no more cases after one that failed");

unsigned int core_failslab;
module_param_named(failslab, core_failslab, uint, 0444);
MODULE_PARM_DESC(failslab, "1: each allocation of a case fails once, 2: and all that follow; needs CONFIG_FAILSLAB");

unsigned int core_budget;
module_param_named(budget, core_budget, uint, 0444);
MODULE_PARM_DESC(budget, "What max_irqs of ims_core is set to, for the group budget");

/* QEMU's edu: a PCI function that has no use for interrupts of ours */
#define EDU_VENDOR_ID	0x1234
#define EDU_DEVICE_ID	0x11e8

#define CORE_MAX_CASES	300

static const char * const core_groups[CORE_NR_GROUPS] = {
	"ordinary", "budget", "stress", "big", "misuse",
};

static const struct core_case * const core_tables[] = {
	core_domain_cases,
	core_alloc_cases,
	core_bulk_cases,
	core_row_cases,
	core_block_cases,
	core_model_cases,
	core_choose_cases,
	core_failure_cases,
	core_consumer_cases,
	core_devres_cases,
	core_quota_cases,
	core_life_cases,
	core_state_cases,
	core_activation_cases,
	core_direct_cases,
	core_quiesce_cases,
	core_spare_cases,
	core_renew_cases,
	core_unbind_cases,
	core_affinity_cases,
	core_sideband_cases,
	core_restore_cases,
	core_arguments_cases,
	core_flood_cases,
	core_budget_cases,
	core_stretch_cases,
	core_crowd_cases,
	core_entries_cases,
	core_stress_cases,
	core_race_cases,
	core_big_cases,
	core_example_cases,
	core_misuse_cases,
};

static struct test_result core_results[CORE_MAX_CASES];
static unsigned int core_nr_results;

static struct core_test core_test;

static void core_run_once(const void *which, struct test_result *result)
{
	const struct core_case *c = which;

	result->line = core_setup(&core_test, c);
	if (!result->line)
		result->line = c->run(&core_test);
	else if (!core_failslab)
		strscpy(core_test.why,
			"no store, domain or consumers to test",
			sizeof(core_test.why));
	core_teardown(&core_test);
	strscpy(result->why, core_test.why, sizeof(result->why));
	cond_resched();
}

static void core_run(const struct core_case *c)
{
	struct test_result *result = &core_results[core_nr_results++];

	pr_info("ims_core_test: %s\n", c->name);
	result->name = c->name;
	result->file = c->file;
	if (!core_failslab)
		core_run_once(c, result);
	else if (c->keeps_memory)
		result->skipped = c->keeps_memory;
	else
		test_run_failing(result, core_failslab, c, core_run_once);
}

static int core_run_group(enum core_group which)
{
	const struct core_case *c;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(core_tables); i++) {
		for (c = core_tables[i]; c->run; c++) {
			if (c->group != which || !test_is_among(c->name, only))
				continue;
			if (core_nr_results == CORE_MAX_CASES)
				return -E2BIG;
			core_run(c);
			if (stop && test_has_failed(&core_results[core_nr_results - 1]))
				return 0;
		}
	}
	return 0;
}

static int results_show(struct seq_file *m, void *unused)
{
	test_results_show(m, core_results, core_nr_results);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(results);

static struct dentry *results;

/* Not __init: that may lie between the modules under test, see alloc_failures.sh */
static int ims_core_test_init(void)
{
	struct pci_dev *pdev;
	int which, ret;

	if (core_failslab && !TEST_CAN_FAIL)
		return -EOPNOTSUPP;
	which = match_string(core_groups, CORE_NR_GROUPS, group);
	if (which < 0)
		return which;
	pdev = pci_get_device(EDU_VENDOR_ID, EDU_DEVICE_ID, NULL);
	if (!pdev)
		return -ENODEV;
	ret = core_fixture_init(&pdev->dev);
	if (ret)
		goto err_put;

	ret = core_run_group(which);
	if (ret)
		goto err_fixture;
	results = debugfs_create_file("ims_core_test", 0400, NULL, NULL,
				      &results_fops);
	core_test.dev = &pdev->dev;
	return 0;

err_fixture:
	core_fixture_exit();
err_put:
	pci_dev_put(pdev);
	return ret;
}
module_init(ims_core_test_init);

static void __exit ims_core_test_exit(void)
{
	debugfs_remove(results);
	core_fixture_exit();
	put_device(core_test.dev);
}
module_exit(ims_core_test_exit);

MODULE_DESCRIPTION("Tests of the generic device MSI layer");
MODULE_LICENSE("GPL");
