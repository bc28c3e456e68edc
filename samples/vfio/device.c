// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices that ims_shared is for: QEMU's rocker, whose MSI-X table is the array, and
 * devices/ims, whose slots have the PASID of the process that may use them. Yours is
 * described in the same two functions.
 */
#include <linux/device.h>
#include <linux/err.h>

#include "shared.h"

/* rocker: its array is its MSI-X table, which does nothing unless MSI-X is enabled */
static void rocker_enable_msix(struct pci_dev *pdev, bool enable)
{
	u16 flags;

	pci_read_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, &flags);
	flags &= ~PCI_MSIX_FLAGS_ENABLE;
	if (enable)
		flags |= PCI_MSIX_FLAGS_ENABLE;
	pci_write_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, flags);
}

static void rocker_disable_msix(void *data)
{
	rocker_enable_msix(data, false);
}

static int rocker_create_domain(struct shared_function *function)
{
	struct pci_dev *pdev = function->pdev;
	struct ims_window window = {};
	struct ims_array_info info = {
		.layout		= &ims_layout_standard,
		.windows	= &window,
		.nr_windows	= 1,
	};
	int nr = pci_msix_vec_count(pdev);
	void __iomem *bar;
	u32 table;
	int ret;

	if (nr < 0)
		return nr;
	pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_TABLE, &table);
	bar = pcim_iomap(pdev, table & PCI_MSIX_TABLE_BIR, 0);
	if (!bar)
		return -ENOMEM;
	window.base = bar + (table & PCI_MSIX_TABLE_OFFSET);
	window.nr_slots = nr;
	window.size = nr * PCI_MSIX_ENTRY_SIZE;
	rocker_enable_msix(pdev, true);
	ret = devm_add_action_or_reset(&pdev->dev, rocker_disable_msix, pdev);
	if (ret)
		return ret;
	function->msi = devm_ims_array_create_domain(&pdev->dev, &info);
	return PTR_ERR_OR_ZERO(function->msi);
}

static void rocker_fire(struct shared_part *part, unsigned int slot)
{
	iowrite32(slot, part->function->regs + 0x20);
}

const struct shared_device shared_rocker = {
	.create_domain	= rocker_create_domain,
	.fire		= rocker_fire,
};

#define IMS_RESET	0x004	/* write: the device is as in the beginning */
#define IMS_WORK	0x0c4	/* write PASID << 12 | slot: work that is done */
#define IMS_SLOTS_BAR	2
#define IMS_NR_SLOTS	4096

/* ims_layout_pasid: only work of the PASID that a slot has may use it */
static int ims_create_domain(struct shared_function *function)
{
	struct pci_dev *pdev = function->pdev;
	struct ims_window window = {
		.base		= pcim_iomap(pdev, IMS_SLOTS_BAR, 0),
		.size		= pci_resource_len(pdev, IMS_SLOTS_BAR),
		.nr_slots	= IMS_NR_SLOTS,
	};
	struct ims_array_info info = {
		.layout		= &ims_layout_pasid,
		.windows	= &window,
		.nr_windows	= 1,
		.flags		= DEVICE_MSI_NEEDS_PASID,
	};

	if (!window.base)
		return -ENOMEM;
	iowrite32(1, function->regs + IMS_RESET);
	function->msi = devm_ims_array_create_domain(&pdev->dev, &info);
	return PTR_ERR_OR_ZERO(function->msi);
}

static void ims_fire(struct shared_part *part, unsigned int slot)
{
	iowrite32(part->pasid << 12 | slot, part->function->regs + IMS_WORK);
}

const struct shared_device shared_ims = {
	.create_domain	= ims_create_domain,
	.fire		= ims_fire,
	.has_pasid	= true,
};
