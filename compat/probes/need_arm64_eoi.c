// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v4.1, "genirq: Export irq_chip_eoi_parent"
 * Why: an interrupt of a GIC that is not ended blocks those of its priority
 * Halves: without the export the build ends here
 * Missing: the export of irq_chip_eoi_parent (CONFIG_TRIM_UNUSED_KSYMS?)
 * Fix: @, or build it without
 * Export: irq_chip_eoi_parent
 */
