// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v6.0, "mm: shrinkers: provide shrinkers with names"
 * Until: v6.7, which has shrinker_alloc() instead
 * Why: a shrinker is registered with a name
 * Halves: one function, with the name or without
 * Export: register_shrinker
 */
#include <linux/mm.h>
#include <linux/shrinker.h>

static int __maybe_unused probe(struct shrinker *shrinker)
{
	return register_shrinker(shrinker, "%s", "probe");
}
