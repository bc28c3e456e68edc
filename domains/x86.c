// SPDX-License-Identifier: GPL-2.0-only
/*
 * x86: what every parent shares, and the vector domain itself, the parent
 * where there is no interrupt remapping.
 */
#include <linux/cpumask.h>
#include <linux/limits.h>
#include <linux/msi.h>
#include <linux/string.h>
#include <asm/hw_irq.h>
#include <asm/irq_vectors.h>
#include <asm/irqdomain.h>

#include "../compat/compat.h"
#include "domains.h"

/*
 * To the parents we look like one MSI-X vector: the remapping drivers then
 * program the requester ID of desc->dev, a PCI function, as the only source
 * that may send this message. They take one interrupt at a time, and the vector
 * domain below only reserves a vector until request_irq() needs it.
 */
int device_msi_x86_alloc(struct irq_domain *domain, unsigned int virq,
			 struct msi_desc *desc)
{
	struct irq_alloc_info info = {
		.type	= X86_IRQ_ALLOC_TYPE_PCI_MSIX,
		.desc	= desc,
	};

	return irq_domain_alloc_irqs_parent(domain, virq, 1, &info);
}

/*
 * The kernel names a remapping domain after its driver and unit. The name is
 * the one mark that every kernel since v5.10 has; bus tokens came with v6.2.
 */
bool device_msi_x86_remapped(const struct irq_domain *parent,
			     const char *prefix)
{
	return parent->parent == x86_vector_domain && parent->name &&
	       strstarts(parent->name, prefix);
}

/* What the CPUs have, apart from the system's own */
unsigned int device_msi_x86_vectors(void)
{
	return num_online_cpus() *
	       (FIRST_SYSTEM_VECTOR - FIRST_EXTERNAL_VECTOR);
}

static bool device_msi_x86_vector_match(const struct irq_domain *parent)
{
	return parent == x86_vector_domain;
}

const struct device_msi_parent_ops device_msi_x86_vector_ops = {
	.name		= "x86 vectors",
	.match		= device_msi_x86_vector_match,
	.alloc		= device_msi_x86_alloc,
	.flow_handler	= handle_edge_irq,
	/*
	 * A move changes address and data, two stores that the device can see
	 * one by one: have the kernel move us masked, in interrupt context.
	 */
	.chip_flags	= IRQCHIP_MOVE_DEFERRED,
	.max_irqs	= UINT_MAX,	/* only reserved until requested */
	.max_requested	= device_msi_x86_vectors,
};
