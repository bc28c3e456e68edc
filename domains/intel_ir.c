// SPDX-License-Identifier: GPL-2.0-only
/*
 * Intel VT-d interrupt remapping. The message names an entry of the remapping
 * table (IRTE), which holds the vector, the CPU and the allowed requester ID.
 */
#include <linux/errno.h>

#include "domains.h"

static bool device_msi_intel_ir_match(const struct irq_domain *parent,
				      const struct irq_domain *found)
{
	return device_msi_x86_remapped(parent, "INTEL-IR-");
}

/*
 * The VT-d driver returns -ENOMEM both if its table has no free entry and if the kernel
 * has no memory. The table is what runs out in practice, so return what a caller that
 * falls back on fewer interrupts expects: -ENOSPC.
 */
static int device_msi_intel_ir_alloc(const struct device_msi_parent *parent,
				     struct irq_domain *domain,
				     unsigned int virq, unsigned int nr,
				     struct msi_desc *desc)
{
	int ret = device_msi_x86_alloc(parent, domain, virq, nr, desc);

	return ret == -ENOMEM ? -ENOSPC : ret;
}

static const char device_msi_intel_ir_full[] = {
	"the IOMMU's remapping table of 65536 entries for all its devices is full, or memory is, or a CPU's vectors if the interrupt is managed"
};

const struct device_msi_parent_ops device_msi_intel_ir_ops = {
	.name		= "VT-d remapping",
	.match		= device_msi_intel_ir_match,
	.alloc		= device_msi_intel_ir_alloc,
	/*
	 * The VT-d driver searches its table from the beginning: entry by entry for
	 * one interrupt, block by aligned block for several. An allocation also
	 * costs the kernel two tree nodes, however many interrupts it is for.
	 */
	.block		= 16,
	.isolated	= device_msi_x86_isolated,
	.flow_handler	= handle_edge_irq,
	.ack		= irq_chip_ack_parent,
	.chip_flags	= IRQCHIP_AFFINITY_PRE_STARTUP,
	.fixed_message	= true,
	.max_irqs	= 65536,	/* entries of an IOMMU's table */
	.max_requested	= device_msi_x86_vectors,
	.full		= device_msi_intel_ir_full,
};
