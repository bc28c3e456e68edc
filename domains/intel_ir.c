// SPDX-License-Identifier: GPL-2.0-only
/*
 * Intel VT-d interrupt remapping. The message names an entry of the remapping
 * table (IRTE), which holds the vector, the CPU and the allowed requester ID.
 */
#include "domains.h"

static bool device_msi_intel_ir_match(const struct irq_domain *parent)
{
	return device_msi_x86_remapped(parent, "INTEL-IR-");
}

const struct device_msi_parent_ops device_msi_intel_ir_ops = {
	.name		= "VT-d remapping",
	.match		= device_msi_intel_ir_match,
	.alloc		= device_msi_x86_alloc,
	.flow_handler	= handle_edge_irq,
	.isolated	= true,
	.fixed_message	= true,
};
