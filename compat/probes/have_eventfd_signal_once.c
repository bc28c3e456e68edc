// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v6.8, "eventfd: simplify eventfd_signal()"
 * Why: an eventfd is signalled without saying how often
 * Halves: a single commit; the compiler sees which prototype there is
 */
#include <linux/eventfd.h>

static void __maybe_unused probe(struct eventfd_ctx *ctx)
{
	eventfd_signal(ctx);
}
