// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PCI function that has an array: is it awake, and does the kernel use the
 * memory of the array as the function's MSI-X table?
 */
#include "array.h"

#include <linux/device.h>
#include <linux/io.h>
#include <linux/pci.h>
#include <linux/sched.h>

#include "../power.h"

/**
 * ims_pci_check() - Can the memory of a device be accessed?
 * @dev:	the device
 *
 * If the device cannot send messages yet, the log says so. A device that is not a PCI
 * function is accepted here: device_msi_create_domain() refuses it.
 *
 * Return: 0, or -ENODEV and the reason in the kernel log.
 */
int ims_pci_check(struct device *dev)
{
	struct pci_dev *pdev;
	u16 command;

	if (!dev_is_pci(dev))
		return 0;
	pdev = to_pci_dev(dev);
	if (ims_pci_sleeps(pdev)) {
		dev_err(dev, "the device is in power state %s, where its memory does not answer; resume it first\n",
			pci_power_name(pdev->current_state));
		return -ENODEV;
	}
	pci_read_config_word(pdev, PCI_COMMAND, &command);
	/* A virtual function has no such bit: its memory is enabled in the SR-IOV capability */
	if (!(command & PCI_COMMAND_MEMORY) && !pdev->is_virtfn) {
		dev_err(dev, "memory decoding is off; call pci_enable_device() first\n");
		return -ENODEV;
	}
	if (!(command & PCI_COMMAND_MASTER))
		dev_info(dev, "bus mastering is off; that is right until the array is created, but no interrupt comes before pci_set_master()\n");
	return 0;
}

/* Find the MSI-X table. Return: its number of entries; 0 if the function has none */
static unsigned int ims_pci_table(struct pci_dev *pdev, u64 *start)
{
	u16 flags;
	u32 table;

	if (!pdev->msix_cap)
		return 0;
	pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_TABLE, &table);
	pci_read_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, &flags);
	if ((table & PCI_MSIX_TABLE_BIR) >= PCI_STD_NUM_BARS)
		return 0;
	*start = pci_resource_start(pdev, table & PCI_MSIX_TABLE_BIR);
	if (!*start)
		return 0;
	*start += table & PCI_MSIX_TABLE_OFFSET;
	return (flags & PCI_MSIX_FLAGS_QSIZE) + 1;
}

/*
 * The kernel writes a message into an entry of the MSI-X table when it allocates the
 * entry's interrupt. An array may have the entries without a message.
 */
static int ims_pci_check_entries(const struct ims_array *array, u64 start,
				 unsigned int nr)
{
	void __iomem *table = ioremap(start, nr * PCI_MSIX_ENTRY_SIZE);
	unsigned int i;
	int ret = 0;
	u32 address;

	if (!table)
		return -ENOMEM;
	for (i = 0; !ret && i < nr; i++) {
		cond_resched();
		address = readl(table + i * PCI_MSIX_ENTRY_SIZE +
				PCI_MSIX_ENTRY_LOWER_ADDR);
		if (!address || address == ~0U)
			continue;
		if (!ims_memory_covers(array, start + i * PCI_MSIX_ENTRY_SIZE,
				       PCI_MSIX_ENTRY_SIZE))
			continue;
		dev_err(array->dev, "the array covers entry %u of the MSI-X table, which the kernel uses; call pci_free_irq_vectors() first, or set the slot aside\n",
			i);
		ret = -EBUSY;
	}
	iounmap(table);
	return ret;
}

/**
 * ims_pci_check_msix_table() - Check that an array uses no entry of MSI-X that is in use
 * @array:	the array, which has claimed its memory
 *
 * If the array overlaps the MSI-X table while MSI-X is off, @array->msix is set, for
 * ims_pci_check_msix_off().
 *
 * Return: 0, -ENOMEM, or -EBUSY and the reason in the kernel log.
 */
int ims_pci_check_msix_table(struct ims_array *array)
{
	struct pci_dev *pdev;
	unsigned int nr;
	u64 start;

	if (!dev_is_pci(array->dev))
		return 0;
	pdev = to_pci_dev(array->dev);
	nr = ims_pci_table(pdev, &start);
	if (!nr || !ims_memory_covers(array, start, nr * PCI_MSIX_ENTRY_SIZE))
		return 0;
	if (pdev->msix_enabled)
		return ims_pci_check_entries(array, start, nr);
	array->msix = pdev;
	return 0;
}

/**
 * ims_pci_check_msix_off() - Check that MSI-X is off if the array overlaps its table
 * @array:	the array
 *
 * Nothing keeps a driver from calling pci_alloc_irq_vectors() while an array is where
 * the MSI-X table is. The kernel then masks all entries and writes its own messages.
 *
 * Return: 0, or -EBUSY and the reason in the kernel log.
 */
int ims_pci_check_msix_off(const struct ims_array *array)
{
	if (likely(!array->msix || !array->msix->msix_enabled))
		return 0;
	dev_err_ratelimited(array->dev,
			    "MSI-X was enabled, and its table is this array; call pci_free_irq_vectors(), then device_msi_restore()\n");
	return -EBUSY;
}
