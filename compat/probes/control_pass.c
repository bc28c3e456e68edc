// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control: must compile and its export must be found, on any kernel. If not,
 * the probes cannot be believed.
 * Export: kfree
 */
#include <linux/slab.h>
#include <linux/irqdomain.h>

static void __maybe_unused probe(void *p)
{
	kfree(p);
}
