// SPDX-License-Identifier: GPL-2.0-only
/*
 * The incoming MSI controllers (IMSIC) of RISC-V, one for each CPU (hart). A message is
 * the address of an IMSIC and an identity, which is a number that the IMSIC knows its
 * interrupts by. Any device could send it. An interrupt has an identity from its
 * allocation on; a move changes both, and the IMSIC driver itself has the new message
 * written.
 */
#include <linux/cpumask.h>
#include <linux/irqchip/riscv-imsic.h>
#include <linux/irqdomain.h>
#include <linux/jiffies.h>
#include <linux/msi.h>
#include <linux/sched.h>

#include "../compat/compat.h"
#include "domains.h"
#include "msi_parent.h"

/*
 * A machine has one irq_domain for all of its IMSICs. It is an MSI parent without a prefix,
 * and at the root. Its name comes from the firmware and says nothing.
 */
static bool device_msi_imsic_match(const struct irq_domain *parent,
				   const struct irq_domain *found)
{
	return imsic_get_global_config() && parent == found && !parent->parent &&
	       parent->bus_token == DOMAIN_BUS_NEXUS &&
	       device_msi_is_msi_parent(parent) && !parent->msi_parent_ops->prefix;
}

/* Some kernels have the irq_set_affinity of IMSIC only where the parent is asked for it */
static int device_msi_imsic_prepare(struct device_msi_parent *parent,
				    struct device *dev, unsigned int nr)
{
	struct device_msi_child child;

	if (!device_msi_ask_parent(parent->domain, dev, DOMAIN_BUS_DEVICE_MSI,
				   nr, &child))
		return -EOPNOTSUPP;
	parent->set_affinity = child.chip.irq_set_affinity;
	return 0;
}

static int device_msi_imsic_alloc(const struct device_msi_parent *parent,
				  struct irq_domain *domain, unsigned int virq,
				  unsigned int nr, struct msi_desc *desc)
{
	msi_alloc_info_t arg = { .desc = desc };

	return irq_domain_alloc_irqs_parent(domain, virq, nr, &arg);
}

/*
 * The CPU that an interrupt moves off does the rest of the move: a jiffy later, or with
 * the next interrupt of its IMSIC, the IMSIC driver (__imsic_local_sync()) looks up the
 * irq_data by the interrupt's number, and expects it to exist. So it must not be freed
 * before. The driver refuses another move with -EBUSY until then; without a CPU to move
 * to it returns another error, and changes nothing.
 */
static void device_msi_imsic_before_free(const struct device_msi_parent *parent,
					 struct irq_data *d)
{
	unsigned int tries = HZ;

	while (device_msi_parent_move(parent, d, cpu_none_mask, false) == -EBUSY &&
	       --tries)
		schedule_timeout_uninterruptible(1);
}

/* Identity 0 does not exist, and Linux may use identity 1 for IPIs */
static unsigned int device_msi_imsic_identities(void)
{
	return num_online_cpus() * (imsic_get_global_config()->nr_ids - 1);
}

static const char device_msi_imsic_full[] = {
	"the IMSICs of the CPUs have no free identity; each interrupt has one from its allocation on, those of MSI-X too; free interrupts of any device, or bring more CPUs online"
};

const struct device_msi_parent_ops device_msi_imsic_ops = {
	.name		= "IMSIC",
	.match		= device_msi_imsic_match,
	.prepare	= device_msi_imsic_prepare,
	.alloc		= device_msi_imsic_alloc,
	.ack		= irq_chip_ack_parent,	/* IMSIC has none where nobody calls it */
	.unmask_parent	= true,
	.chip_flags	= IRQCHIP_AFFINITY_PRE_STARTUP,	/* before the device can send */
	.parent_writes	= true,
	.before_free	= device_msi_imsic_before_free,
	.max_irqs	= 0,
	.max_requested	= device_msi_imsic_identities,
	.full		= device_msi_imsic_full,
};
