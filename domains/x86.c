// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the parents on x86 share: the kernel's vector domain is at the root of each.
 */
#include <linux/cpumask.h>
#include <linux/msi.h>
#include <linux/string.h>
#include <asm/hw_irq.h>
#include <asm/irq_vectors.h>
#include <asm/irqdomain.h>

#include "../compat/compat.h"
#include "domains.h"

/*
 * To the parents our interrupt looks like one of MSI-X. The remapping drivers then
 * accept its message from the requester ID of desc->dev only, which is a PCI function, or
 * from the alias by which a bridge sends. They allocate a single interrupt of MSI-X, but
 * several of MSI, which is otherwise the same to them. The vector domain only reserves a
 * vector until request_irq() needs it.
 */
int device_msi_x86_alloc(const struct device_msi_parent *parent,
			 struct irq_domain *domain, unsigned int virq,
			 unsigned int nr, struct msi_desc *desc)
{
	struct irq_alloc_info info = {
		.type	= nr > 1 ? X86_IRQ_ALLOC_TYPE_PCI_MSI :
				   X86_IRQ_ALLOC_TYPE_PCI_MSIX,
		.desc	= desc,
	};

	return irq_domain_alloc_irqs_parent(domain, virq, nr, &info);
}

/*
 * The kernel names a remapping domain after its driver and unit. The name identifies it
 * in every kernel since v5.10; bus tokens do so only since v6.2.
 */
bool device_msi_x86_remapped(const struct irq_domain *parent,
			     const char *prefix)
{
	return parent->parent == x86_vector_domain && parent->name &&
	       strstarts(parent->name, prefix);
}

/*
 * The kernel says whether the remapping hardware compares requester IDs. It does not
 * consider intremap=nosid, which switches that off; vfio relies on the same answer.
 */
bool device_msi_x86_isolated(const struct irq_domain *parent)
{
	return compat_irq_domain_isolated(parent);
}

/* The number of vectors that the online CPUs have for devices */
unsigned int device_msi_x86_vectors(void)
{
	return num_online_cpus() *
	       (FIRST_SYSTEM_VECTOR - FIRST_EXTERNAL_VECTOR);
}
