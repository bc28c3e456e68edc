// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_test.ko: the exported functions, called rightly and wrongly, on arrays in
 * ordinary memory: what the device would hold is then there to look at. The
 * interrupts come from the real parent of a real PCI function, but nothing sends
 * them.
 *
 * Results are TAP in /sys/kernel/debug/ims_test.
 */
#include <ims/provider.h>

#include "suite.h"

/* QEMU's edu: a PCI function that has no use for interrupts of ours */
#define SUITE_VENDOR	0x1234
#define SUITE_DEVICE	0x11e8

#define SUITE_NAME	"ims_test"
#define SUITE_CASE	struct test_case

static const char * const suite_groups[TEST_NR_GROUPS] = {
	"ordinary", "misuse", "messages",
};

static const struct test_case * const suite_tables[] = {
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

static unsigned int test_irqs; /* as the last case left them */

/* Afterwards there is no domain and no interrupt that was not there before */
static void suite_run_once(const void *which, struct test_result *result)
{
	const struct test_case *c = which;
	struct test_array array;
	unsigned int irqs;
	int ret;

	result->skipped = c->cannot_run;
	if (c->cannot_run)
		return;
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

/*
 * How many interrupts an ITS has for the device until the next boot the first store says.
 * This one does not: then there are DEVICE_MSI_MAX_UNASKED.
 */
static void make_room(void)
{
	struct test_array array;

	test_array_create(&array, &ims_layout_standard,
			  DEVICE_MSI_MAX_SLOTS);
	test_array_free(&array);
}

static bool test_provides;

static int suite_begin(struct device *edu, unsigned int which)
{
	dev = edu;
	test_irqs = test_count_irqs(test_failslab);
	test_provides = which == TEST_MESSAGES;
	if (test_provides)
		device_msi_register_provider(&test_provider);
	if (test_parent_is("GICv3 ITS"))
		make_room();
	return 0;
}

static void suite_end(void)
{
	if (test_provides)
		device_msi_unregister_provider(&test_provider);
}

#include "runner.h"

MODULE_DESCRIPTION("Tests of the device MSI and IMS array API");
