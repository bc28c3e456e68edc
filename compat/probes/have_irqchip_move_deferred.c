// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v6.14, "genirq: Remove IRQ_MOVE_PCNTXT and related code"
 * Why: where x86 reads the flag, a chip without it is moved in process context
 * Halves: the flag alone ("genirq: Provide IRQCHIP_MOVE_DEFERRED") means nothing on
 *         x86; so the older mark must be gone, which x86 used until it was converted.
 *         In between, a move waits for the next interrupt, which is later, and safe
 */
#include <linux/irq.h>

/* An error where the older mark is still there */
enum { IRQ_MOVE_PCNTXT };

static int __maybe_unused probe(void)
{
	return IRQCHIP_MOVE_DEFERRED;
}
