// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v5.14, "genirq: Export affinity setter for modules"
 * Late: v5.10, which lacks it in 5.10.223, and has it in 5.10.262
 * Why: also moves the handler's threads, and calls the affinity notifier
 * Halves: both functions were complete before they were exported; both are asked for
 * Export: irq_set_affinity
 * Export: irq_force_affinity
 */
#include <linux/interrupt.h>

static int __maybe_unused probe(unsigned int irq, const struct cpumask *mask)
{
	return irq_set_affinity(irq, mask) ?: irq_force_affinity(irq, mask);
}
