// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v6.17, "lib/group_cpus: Let group_cpu_evenly() return the number of
 *        initialized masks"
 * Why: a second argument returns how many of the groups have CPUs
 * Halves: it is one function, and its arguments are those of its declaration
 * Export: group_cpus_evenly
 */
#include <linux/group_cpus.h>

static struct cpumask * __maybe_unused probe(unsigned int *nr)
{
	return group_cpus_evenly(1, nr);
}
