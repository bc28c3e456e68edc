// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_port_test.ko: what the interface of Linux 6.2 does on ims_62 that a driver on a real
 * device does not show: which callback is called when, what is refused, and what becomes of
 * a device that is asleep or was unbound. Each case binds the driver afresh.
 *
 * Results are TAP in /sys/kernel/debug/ims_port_test.
 */
#include <linux/bits.h>
#include <linux/err.h>
#include <linux/module.h>

#include "cases.h"
#include "suite.h"

#define SUITE_NAME	"ims_port_test"
#define SUITE_VENDOR	0x1234
#define SUITE_DEVICE	0x1a5e
#define SUITE_CASE	struct port_case

static const char * const suite_groups[PORT_NR_GROUPS] = { "ordinary", "misuse" };

static const struct port_case * const suite_tables[] = {
	port_refused_cases,
	port_life_cases,
	port_gone_cases,
};

static const char * const suite_stores[PORT_NR_STORES] = {
	[PORT_DIRECT] = "direct",
	[PORT_QUEUE] = "queue",
};

static void suite_run_on(const struct port_case *c, enum port_store store,
			 struct test_result *result)
{
	unsigned int before = test_count_irqs(true);
	struct port_device *port;
	const char *why;

	port = port_bind(store);
	if (IS_ERR(port)) {
		snprintf(result->why, sizeof(result->why), "the driver does not bind: %ld",
			 PTR_ERR(port));
		return;
	}
	result->line = c->run(port);
	why = port_end(port);
	if (!why && test_count_irqs(true) != before)
		why = "an interrupt is left";
	if (why || result->line)
		snprintf(result->why, sizeof(result->why), "%s: %s", suite_stores[store],
			 why ?: "not as expected");
}

static void suite_run_once(const void *which, struct test_result *result)
{
	const struct port_case *c = which;
	enum port_store store;

	for (store = 0; store < PORT_NR_STORES && !test_has_failed(result); store++)
		if (!c->stores || c->stores & BIT(store))
			suite_run_on(c, store, result);
}

static int suite_begin(struct device *dev, unsigned int which)
{
	return 0;
}

static void suite_end(void)
{
}

#include "runner.h"

MODULE_DESCRIPTION("Tests of the interface of Linux 6.2 to 6.9");
