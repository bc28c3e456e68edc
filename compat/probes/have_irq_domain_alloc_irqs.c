// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v5.16, "irqdomain: Export __irq_domain_alloc_irqs() to modules"
 * Why: passes a node and an affinity, as irq_create_fwspec_mapping() cannot
 * Halves: the function was complete before it was exported; what kernels do with an
 *         unmanaged affinity does not matter, as none is passed
 * Export: __irq_domain_alloc_irqs
 */
#include <linux/irqdomain.h>

static int __maybe_unused probe(struct irq_domain *d, void *arg,
				const struct irq_affinity_desc *a)
{
	return __irq_domain_alloc_irqs(d, -1, 1, -1, arg, false, a);
}
