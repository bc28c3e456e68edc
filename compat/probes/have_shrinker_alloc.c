// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v6.7, "mm: shrinker: add infrastructure for dynamically allocating shrinker"
 * Why: a shrinker is allocated by the kernel, which frees it when nobody uses it
 * Halves: all three were added by one commit, and all are asked for
 * Export: shrinker_alloc
 * Export: shrinker_register
 * Export: shrinker_free
 */
#include <linux/mm.h>
#include <linux/shrinker.h>

static void __maybe_unused probe(void)
{
	struct shrinker *shrinker = shrinker_alloc(0, "%s", "probe");

	if (shrinker)
		shrinker_register(shrinker);
	shrinker_free(shrinker);
}
