// SPDX-License-Identifier: GPL-2.0-only
/*
 * The x86 vector domain itself, which is the parent where interrupts are not remapped.
 * A message is the address of a CPU's APIC and a vector: it changes when the interrupt
 * moves, and any device could send it.
 */
#include <linux/limits.h>
#include <asm/hw_irq.h>
#include <asm/irqdomain.h>

#include "../compat/compat.h"
#include "domains.h"

static bool device_msi_x86_vector_match(const struct irq_domain *parent,
					const struct irq_domain *found)
{
	return parent == x86_vector_domain;
}

const struct device_msi_parent_ops device_msi_x86_vector_ops = {
	.name		= "x86 vectors",
	.match		= device_msi_x86_vector_match,
	.alloc		= device_msi_x86_alloc,
	.flow_handler	= handle_edge_irq,
	.ack		= irq_chip_ack_parent,
	/*
	 * A move changes address and data by two writes, between which the device
	 * could send: have the kernel move the interrupt masked, in interrupt context.
	 */
	.chip_flags	= IRQCHIP_MOVE_DEFERRED | IRQCHIP_AFFINITY_PRE_STARTUP,
	.max_irqs	= UINT_MAX,	/* an interrupt has no vector before it is requested */
	.max_requested	= device_msi_x86_vectors,
	.full		= "the CPUs have no vector left for a managed interrupt",
};
