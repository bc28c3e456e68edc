// SPDX-License-Identifier: GPL-2.0-only
/*
 * QEMU's rocker, whose MSI-X table is an array of slots. Written for the patches
 * of 2021: a one in bit 0 of ctrl masks.
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
	struct ims_array_info ims_info;
	struct pci_dev *pdev = old->pdev;
	void __iomem *table;

	old->regs = pcim_iomap(pdev, 0, 0);
	table = pcim_iomap(pdev, 1, 0);
	if (!old->regs || !table)
		return -ENOMEM;
	old->nr_queues = pci_msix_vec_count(pdev);
	old_array_enable_msix(pdev, true);

	ims_info.slots = table;
	ims_info.max_slots = old->nr_queues;
	old->domain = pci_ims_array_create_msi_irq_domain(pdev, &ims_info);
	if (!old->domain) {
		dev_warn(&pdev->dev, "Fail to acquire IMS domain\n");
		old_array_enable_msix(pdev, false);
		return -ENODEV;
	}
	return 0;
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

const struct old_ops old_array_ops = {
	.create		= old_array_create,
	.destroy	= old_array_destroy,
	.fire		= old_array_fire,
	.set_pasid	= old_array_set_pasid,
};
