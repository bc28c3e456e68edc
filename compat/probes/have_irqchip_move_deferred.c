// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v6.15, "genirq: Introduce IRQCHIP_MOVE_DEFERRED"
 * Why: where it exists, a chip without it is moved in process context
 */
#include <linux/irq.h>

static int __maybe_unused probe(void)
{
	return IRQCHIP_MOVE_DEFERRED;
}
