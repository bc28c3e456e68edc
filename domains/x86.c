// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the parents of x86 share: all of them end in the kernel's vector domain.
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
 * To the parents we look like one MSI-X vector: the remapping drivers then
 * program the requester ID of desc->dev, a PCI function, as the only source
 * that may send this message; behind a bridge that sends in its own name, they
 * find out the alias. They take one such interrupt at a time, and of MSI, which is
 * the same to them otherwise, several. The vector domain only reserves a vector until
 * request_irq() needs it.
 */
int device_msi_x86_alloc(struct irq_domain *domain, unsigned int virq,
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
 * The kernel names a remapping domain after its driver and unit. The name is
 * the one mark that every kernel since v5.10 has; bus tokens came with v6.2.
 */
bool device_msi_x86_remapped(const struct irq_domain *parent,
			     const char *prefix)
{
	return parent->parent == x86_vector_domain && parent->name &&
	       strstarts(parent->name, prefix);
}

/*
 * Remapping hardware compares the requester ID, and the kernel says so. It does
 * not know of intremap=nosid, which has the hardware not look; nor does vfio.
 */
bool device_msi_x86_isolated(const struct irq_domain *parent)
{
	return compat_irq_domain_isolated(parent);
}

/* What the CPUs have, apart from the system's own */
unsigned int device_msi_x86_vectors(void)
{
	return num_online_cpus() *
	       (FIRST_SYSTEM_VECTOR - FIRST_EXTERNAL_VECTOR);
}
