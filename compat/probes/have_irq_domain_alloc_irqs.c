// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v5.16, "irqdomain: Export __irq_domain_alloc_irqs() to modules"
 * Why: takes a node and an affinity; before there is irq_create_fwspec_mapping() only
 * Halves: it was there and whole before it was exported; what kernels do with an
 *         unmanaged affinity does not matter, none is passed
 * Export: __irq_domain_alloc_irqs
 */
#include <linux/irqdomain.h>

static int __maybe_unused probe(struct irq_domain *d, void *arg,
				const struct irq_affinity_desc *a)
{
	return __irq_domain_alloc_irqs(d, -1, 1, -1, arg, false, a);
}
