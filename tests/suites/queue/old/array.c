// SPDX-License-Identifier: GPL-2.0-only
/*
 * QEMU's rocker, whose MSI-X table is an array of slots. Written for the
 * patches of 2021: a one in bit 0 of ctrl masks. A PASID gets into ctrl in both
 * ways that there were: by irq_set_auxdata(), and, as in October 2020, by
 * accesses of the driver's own.
 */
#include "old.h"

#define ROCKER_TEST_IRQ		0x20

static void old_array_enable_msix(struct pci_dev *pdev, bool enable)
{
	u16 flags;

	pci_read_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, &flags);
	flags &= ~PCI_MSIX_FLAGS_ENABLE;
	if (enable)
		flags |= PCI_MSIX_FLAGS_ENABLE;
	pci_write_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, flags);
}

static int old_array_create(struct old_device *old)
{
	struct pci_dev *pdev = old->pdev;

	old->regs = pcim_iomap(pdev, 0, 0);
	old->slots = pcim_iomap(pdev, 1, 0);
	if (!old->regs || !old->slots)
		return -ENOMEM;
	old->nr_queues = pci_msix_vec_count(pdev);
	old_array_enable_msix(pdev, true);
	return 0;
}

static struct irq_domain *old_array_create_domain(struct old_device *old)
{
	struct ims_array_info ims_info;

	ims_info.slots = old->slots;
	ims_info.max_slots = old->nr_queues;
	return pci_ims_array_create_msi_irq_domain(old->pdev, &ims_info);
}

static void old_array_destroy(struct old_device *old)
{
	old_array_enable_msix(old->pdev, false);
}

static int old_array_fire(struct old_queue *queue)
{
	iowrite32(queue->hwirq, queue->old->regs + ROCKER_TEST_IRQ);
	return 0;
}

static int old_array_set_pasid(struct old_queue *queue, unsigned int pasid)
{
	u32 auxval = ims_ctrl_pasid_aux(pasid, pasid);

	return irq_set_auxdata(queue->irq, IMS_AUXDATA_CONTROL_WORD, auxval);
}

static int old_array_write_pasid(struct old_queue *queue, unsigned int pasid)
{
	u32 __iomem *ctrl = &queue->old->slots[queue->hwirq].ctrl;
	u32 value = ioread32(ctrl) & IMS_CONTROL_WORD_IRQMASK;

	iowrite32(value | ims_ctrl_pasid_aux(pasid, pasid), ctrl);
	return 0;
}

static unsigned int old_array_read_pasid(struct old_queue *queue)
{
	return ioread32(&queue->old->slots[queue->hwirq].ctrl) >>
	       IMS_CTRL_PASID_SHIFT;
}

const struct old_ops old_array_ops = {
	.create		= old_array_create,
	.create_domain	= old_array_create_domain,
	.destroy	= old_array_destroy,
	.fire		= old_array_fire,
	.set_pasid	= old_array_set_pasid,
	.write_pasid	= old_array_write_pasid,
	.read_pasid	= old_array_read_pasid,
};
