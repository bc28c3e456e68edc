// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v6.3, "genirq/affinity: Move group_cpus_evenly() into lib/"
 * Until: v6.17, by have_group_cpus_evenly_nummasks.c
 * Why: spreads CPUs by node and core; else compat.h groups CPUs by number
 * Halves: it is one function, and its arguments are those of its declaration
 * Export: group_cpus_evenly
 */
#include <linux/group_cpus.h>

static struct cpumask * __maybe_unused probe(void)
{
	return group_cpus_evenly(1);
}
