// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v4.5, "x86/irq: Export functions to allow MSI domains in modules"
 * Why: with CONFIG_TRIM_UNUSED_KSYMS a kernel exports only what its own modules use
 * Halves: each export that is missing ends the build here or, with its name, in modpost
 * Missing: exports for the interrupt domain of a module (CONFIG_TRIM_UNUSED_KSYMS?)
 * Fix: @, or build it without
 * Export: irq_chip_eoi_parent
 * Export: irq_domain_alloc_irqs_parent
 * Export: irq_domain_set_hwirq_and_chip
 */
