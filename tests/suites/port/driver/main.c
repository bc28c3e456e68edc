// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_v62.ko: a driver of 2023 on stores of two kinds, an array that it writes and a queue
 * that it fills by command, and cases that say what Linux 6.6 guarantees such a driver.
 * Each case binds the driver afresh, and unbinds it.
 *
 * Results are TAP in /sys/kernel/debug/ims_v62. The device is that of devices/ims.
 */
#include <linux/bits.h>
#include <linux/err.h>
#include <linux/module.h>

#include "cases.h"
#include "suite.h"

#define SUITE_NAME	"ims_v62"
#define SUITE_VENDOR	0x1234
#define SUITE_DEVICE	0x1a5e
#define SUITE_CASE	struct v62_case

static const char * const suite_groups[] = { "ordinary", "misuse" };

static const struct v62_case * const suite_tables[] = {
	v62_domain_cases,
	v62_alloc_cases,
	v62_arrive_cases,
	v62_disable_cases,
};

static const char * const suite_stores[V62_STORES] = {
	[V62_ARRAY] = "array",
	[V62_QUEUE] = "queue",
};

/* Return: whether it passes */
static bool suite_run_on(const struct v62_case *c, enum v62_store store,
			 struct test_result *result)
{
	struct v62_device *v62;
	const char *why;

	v62 = v62_bind(c, store);
	if (IS_ERR(v62)) {
		snprintf(result->why, sizeof(result->why), "%s: the driver does not bind: %ld",
			 suite_stores[store], PTR_ERR(v62));
		return false;
	}
	result->line = c->run(v62);
	why = v62_unbind(v62);
	if (why || result->line)
		snprintf(result->why, sizeof(result->why), "%s: %s", suite_stores[store],
			 why ?: "not as expected");
	return !test_has_failed(result);
}

static void suite_run_once(const void *which, struct test_result *result)
{
	const struct v62_case *c = which;
	enum v62_store store;

	for (store = 0; store < V62_STORES; store++) {
		if (c->stores && !(c->stores & BIT(store)))
			continue;
		if (!suite_run_on(c, store, result))
			return;
	}
}

static int suite_begin(struct device *dev, unsigned int which)
{
	return 0;
}

static void suite_end(void)
{
}

#include "runner.h"

MODULE_DESCRIPTION("Test: a driver for the IMS of Linux 6.2 to 6.9");
