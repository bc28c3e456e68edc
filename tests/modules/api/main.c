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
	test_window_cases,
	test_sideband_cases,
	test_parked_cases,
	test_message_cases,
};

static struct test_result {
	const struct test_case *c;
	int line;
} test_results[TEST_MAX_CASES];
static unsigned int test_nr_results;

static void test_run(const struct test_case *c)
{
	struct test_result *result = &test_results[test_nr_results++];
	struct test_array array;

	pr_info("ims_test: %s\n", c->name);
	result->c = c;
	result->line = test_array_create(&array, &ims_layout_standard, SLOTS) ?
		__LINE__ : c->run(&array);
	test_array_free(&array);
}

static int test_run_group(enum test_group which)
{
	const struct test_case *c;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(test_tables); i++) {
		for (c = test_tables[i]; c->run; c++) {
			if (c->group != which)
				continue;
			if (test_nr_results == TEST_MAX_CASES)
				return -E2BIG;
			test_run(c);
		}
	}
	return 0;
}

static int results_show(struct seq_file *m, void *unused)
{
	const struct test_result *result;
	unsigned int i;

	for (i = 0; i < test_nr_results; i++) {
		result = &test_results[i];
		seq_printf(m, "%sok %u - %s\n", result->line ? "not " : "",
			   i + 1, result->c->name);
		if (result->line)
			seq_printf(m, "# line %d of %s or of what it calls\n",
				   result->line, kbasename(result->c->file));
	}
	seq_printf(m, "1..%u\n", i);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(results);

static struct dentry *results;

static int __init ims_test_init(void)
{
	struct pci_dev *pdev;
	int which, ret;

	which = match_string(test_groups, TEST_NR_GROUPS, group);
	if (which < 0)
		return which;
	pdev = pci_get_device(EDU_VENDOR_ID, EDU_DEVICE_ID, NULL);
	if (!pdev)
		return -ENODEV;
	dev = &pdev->dev;

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
