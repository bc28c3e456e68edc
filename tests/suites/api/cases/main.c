// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_test.ko: the exported functions, called rightly and wrongly, on arrays in
 * ordinary memory: what the device would hold is then there to look at. The
 * interrupts come from the real parent of a real PCI function, but nothing sends
 * them.
 *
 * Results are TAP in /sys/kernel/debug/ims_test.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/seq_file.h>
#include <ims/provider.h>

#include "suite.h"

static char *group = "ordinary";
module_param(group, charp, 0444);
MODULE_PARM_DESC(group, "Cases to run: ordinary (default), messages, or misuse, which provokes warnings");

static char *only = "";
module_param(only, charp, 0444);
MODULE_PARM_DESC(only, "Run the cases only whose names begin so: a list with commas");

static bool stop;
module_param(stop, bool, 0444);
MODULE_PARM_DESC(stop, "Run no more cases after one that failed");

unsigned int test_failslab;
module_param_named(failslab, test_failslab, uint, 0444);
MODULE_PARM_DESC(failslab, "1: each allocation of a case fails once, 2: and all that follow; needs CONFIG_FAILSLAB");

static const char * const test_groups[TEST_NR_GROUPS] = {
	"ordinary", "misuse", "messages",
};

/* QEMU's edu: a PCI function that has no use for interrupts of ours */
#define EDU_VENDOR_ID	0x1234
#define EDU_DEVICE_ID	0x11e8

#define TEST_MAX_CASES	80

static const struct test_case * const test_tables[] = {
	test_domain_cases,
	test_interrupt_cases,
	test_refused_cases,
	test_layout_cases,
	test_listener_cases,
	test_reread_cases,
	test_window_cases,
	test_sideband_cases,
	test_parked_cases,
	test_message_cases,
	test_memory_cases,
	test_absent_cases,
	test_ctrl_cases,
	test_pending_cases,
	test_bitmap_cases,
	test_index_cases,
};

static struct test_result test_results[TEST_MAX_CASES];
static unsigned int test_nr_results;
static unsigned int test_irqs; /* as the last case left them */

/* Afterwards there is no domain and no interrupt that was not there before */
static void test_run_once(const void *which, struct test_result *result)
{
	const struct test_case *c = which;
	struct test_array array;
	unsigned int irqs;
	int ret;

	ret = (c->bare ? test_array_prepare : test_array_create)
		(&array, &ims_layout_standard, SLOTS);
	result->line = ret ? __LINE__ : c->run(&array);
	ret = test_array_free(&array);
	irqs = test_more_irqs(&test_irqs, test_failslab);
	if (c->group == TEST_MISUSE)
		return;
	if (ret)
		snprintf(result->why, sizeof(result->why),
			 "removing the domain: error %d", -ret);
	else if (irqs)
		snprintf(result->why, sizeof(result->why),
			 "%u interrupts left", irqs);
}

static void test_run(const struct test_case *c)
{
	struct test_result *result = &test_results[test_nr_results++];

	pr_info("ims_test: %s\n", c->name);
	result->name = c->name;
	result->file = c->file;
	if (!test_failslab)
		test_run_once(c, result);
	else if (c->keeps_memory)
		result->skipped = c->keeps_memory;
	else
		test_run_failing(result, test_failslab, c, test_run_once);
}

static int test_run_group(enum test_group which)
{
	const struct test_case *c;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(test_tables); i++) {
		for (c = test_tables[i]; c->run; c++) {
			if (c->group != which || !test_is_among(c->name, only))
				continue;
			if (test_nr_results == TEST_MAX_CASES)
				return -E2BIG;
			test_run(c);
			if (stop && test_has_failed(&test_results[test_nr_results - 1]))
				return 0;
		}
	}
	return 0;
}

static int results_show(struct seq_file *m, void *unused)
{
	test_results_show(m, test_results, test_nr_results);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(results);

static struct dentry *results;

/* Not __init: that may lie between the modules under test, see alloc_failures.sh */
static int ims_test_init(void)
{
	struct pci_dev *pdev;
	int which, ret;

	if (test_failslab && !TEST_CAN_FAIL)
		return -EOPNOTSUPP;
	which = match_string(test_groups, TEST_NR_GROUPS, group);
	if (which < 0)
		return which;
	pdev = pci_get_device(EDU_VENDOR_ID, EDU_DEVICE_ID, NULL);
	if (!pdev)
		return -ENODEV;
	dev = &pdev->dev;
	test_irqs = test_count_irqs(test_failslab);

	/* Domains keep the provider, and with it us: theirs are gone by then */
	if (which == TEST_MESSAGES)
		device_msi_register_provider(&test_provider);
	ret = test_run_group(which);
	if (which == TEST_MESSAGES)
		device_msi_unregister_provider(&test_provider);
	if (ret) {
		pci_dev_put(pdev);
		return ret;
	}
	results = debugfs_create_file("ims_test", 0400, NULL, NULL,
				      &results_fops);
	return 0;
}
module_init(ims_test_init);

static void __exit ims_test_exit(void)
{
	debugfs_remove(results);
	put_device(dev);
}
module_exit(ims_test_exit);

MODULE_DESCRIPTION("Tests of the device MSI and IMS array API");
MODULE_LICENSE("GPL");
