// SPDX-License-Identifier: GPL-2.0-only
/*
 * AMD-Vi interrupt remapping. A message's data is an index into the remapping table of
 * the device that sends it, so that a device can reach only its own entries.
 */
#include "domains.h"

static bool device_msi_amd_ir_match(const struct irq_domain *parent,
				    const struct irq_domain *found)
{
	return device_msi_x86_remapped(parent, "AMD-IR-");
}

static const char device_msi_amd_ir_full[] = {
	"the device's remapping table is full, which MSI and MSI-X use too: 256 entries before Linux 5.11, 512 since, 2048 where kernel and IOMMU can; or a CPU's vectors are, if the interrupt is managed"
};

const struct device_msi_parent_ops device_msi_amd_ir_ops = {
	.name		= "AMD-Vi remapping",
	.match		= device_msi_amd_ir_match,
	.alloc		= device_msi_x86_alloc,
	.isolated	= device_msi_x86_isolated,
	.flow_handler	= handle_edge_irq,
	.ack		= irq_chip_ack_parent,
	.chip_flags	= IRQCHIP_AFFINITY_PRE_STARTUP,
	.fixed_message	= true,
	.max_irqs	= 2048,	/* the largest table that the kernel makes */
	.max_requested	= device_msi_x86_vectors,
	.full		= device_msi_amd_ir_full,
};
