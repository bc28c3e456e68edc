// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v5.14, "genirq: Provide IRQCHIP_AFFINITY_PRE_STARTUP"
 * Late: v5.10, from 5.10.60 on
 * Late: v5.13, from 5.13.12 on
 * Why: without it request_irq() chooses a CPU after it has unmasked the slot, and the
 *      message of a live slot is written
 * Halves: one commit has the flag and irq_startup(), which reads it; that x86's own
 *         chips set it is of others, which are not needed
 * Missing: IRQCHIP_AFFINITY_PRE_STARTUP (of Linux 5.14, 5.13.12 and 5.10.60)
 * Fix: @
 */
#include <linux/irq.h>

static int __maybe_unused probe(void)
{
	return IRQCHIP_AFFINITY_PRE_STARTUP;
}
