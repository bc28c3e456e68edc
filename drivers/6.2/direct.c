// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store of a chip without irq_bus_lock() and irq_bus_sync_unlock(): its callbacks
 * reach the device by themselves, in atomic context.
 */
#include "internals.h"

#include <linux/module.h>

static const struct msi_msg ims_62_empty;

static struct ims_62_irq *ims_62_slot(const struct device_msi_desc *desc)
{
	return (struct ims_62_irq *)desc->slot_data;
}

static void ims_62_direct_mask(struct device_msi_desc *desc)
{
	struct ims_62_irq *irq = ims_62_slot(desc);

	if (!irq->masked)
		ims_62_call_mask(irq);
}

static void ims_62_direct_unmask(struct device_msi_desc *desc)
{
	struct ims_62_irq *irq = ims_62_slot(desc);

	if (irq->masked)
		ims_62_call_unmask(irq);
}

static void ims_62_direct_chip_mask(struct irq_data *d)
{
	device_msi_mask_by(d, ims_62_direct_mask);
}

static void ims_62_direct_chip_unmask(struct irq_data *d)
{
	device_msi_unmask_by(d, ims_62_direct_unmask);
}

/* The driver writes word by word: a slot that may send is masked meanwhile */
static void ims_62_direct_write_msg(struct device_msi_desc *desc,
				    const struct msi_msg *msg)
{
	struct ims_62_irq *irq = ims_62_slot(desc);
	bool masked = irq->masked;

	if (!masked)
		ims_62_call_mask(irq);
	ims_62_call_write(irq, msg);
	if (!masked)
		ims_62_call_unmask(irq);
}

/*
 * Linux called no callback here but prepare_desc(), and trusted that the device comes out
 * of a reset with its slots masked and empty. Here they are made so.
 */
static int ims_62_direct_alloc(struct device *consumer,
			       struct device_msi_desc **descs, unsigned int nr)
{
	struct ims_62_domain *domain = descs[0]->store;
	struct ims_62_irq *irq = domain->next;
	int ret;

	/* ims_62_alloc_irq() asks for one */
	if (WARN_ON_ONCE(nr != 1 || !irq))
		return -EINVAL;
	ret = ims_62_irq_begin(domain, descs[0]->index);
	if (ret)
		return ret;
	ims_62_call_mask(irq);
	ims_62_call_write(irq, &ims_62_empty);
	descs[0]->slot_data = (unsigned long)irq;
	return 1;
}

static void ims_62_direct_free(struct device *consumer,
			       struct device_msi_desc **descs, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		ims_62_irq_end(ims_62_slot(descs[i]));
		cond_resched();
	}
}

static int ims_62_direct_restore(struct device_msi_desc *desc,
				 const struct msi_msg *msg)
{
	struct ims_62_irq *irq = ims_62_slot(desc);

	ims_62_call_mask(irq);
	ims_62_call_write(irq, msg);
	return 0;
}

static void ims_62_direct_destroy(void *store)
{
	ims_62_domain_put(store);
}

const struct device_msi_ops ims_62_direct_ops = {
	.owner		 = THIS_MODULE,
	.msi_alloc_store = ims_62_direct_alloc,
	.msi_free_store	 = ims_62_direct_free,
	.write_msg	 = ims_62_direct_write_msg,
	.mask		 = ims_62_direct_mask,
	.unmask		 = ims_62_direct_unmask,
	.chip_mask	 = ims_62_direct_chip_mask,
	.chip_unmask	 = ims_62_direct_chip_unmask,
	.restore	 = ims_62_direct_restore,
	.destroy	 = ims_62_direct_destroy,
};
