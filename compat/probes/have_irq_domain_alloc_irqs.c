// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v5.11, "genirq: Export irq_domain_alloc_irqs"
 * Why: takes a node and an affinity; 5.10 has irq_create_fwspec_mapping() only
 * Export: __irq_domain_alloc_irqs
 */
#include <linux/irqdomain.h>

static int __maybe_unused probe(struct irq_domain *d, void *arg,
				const struct irq_affinity_desc *a)
{
	return __irq_domain_alloc_irqs(d, -1, 1, -1, arg, false, a);
}
