// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_core_test.ko: the generic layer over a store that records and fails as
 * the cases want. Results are TAP in /sys/kernel/debug/ims_core_test.
 *
 * The interrupts come from the real parent of a real PCI function, but nothing
 * sends them: the suite array has a device that does.
 */
#include <linux/moduleparam.h>
#include <linux/sched.h>

#include "suite.h"

unsigned int core_budget;
module_param_named(budget, core_budget, uint, 0444);
MODULE_PARM_DESC(budget, "What max_irqs of ims_core is set to, for the group budget");

/* QEMU's edu: a PCI function that has no use for interrupts of ours */
#define SUITE_VENDOR	0x1234
#define SUITE_DEVICE	0x11e8

#define SUITE_NAME	"ims_core_test"
#define SUITE_CASE	struct core_case

static const char * const suite_groups[CORE_NR_GROUPS] = {
	"ordinary", "budget", "stress", "big", "misuse",
};

static const struct core_case * const suite_tables[] = {
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

static struct core_test core_test;

static int suite_begin(struct device *dev, unsigned int which)
{
	return core_fixture_init(dev);
}

static void suite_end(void)
{
	core_fixture_exit();
}

static void suite_run_once(const void *which, struct test_result *result)
{
	const struct core_case *c = which;

	result->line = core_setup(&core_test, c);
	if (!result->line)
		result->line = c->run(&core_test);
	else if (!test_failslab)
		strscpy(core_test.why,
			"no store, domain or consumers to test",
			sizeof(core_test.why));
	core_teardown(&core_test);
	strscpy(result->why, core_test.why, sizeof(result->why));
	cond_resched();
}

#include "runner.h"

MODULE_DESCRIPTION("Tests of the generic device MSI layer");
