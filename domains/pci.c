// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of a PCI function that also decides about the kernel's own MSI and MSI-X.
 */
#include <linux/interrupt.h>
#include <linux/pci.h>

#include "domains.h"

/* A bridge above the device may not forward messages: the kernel marks its bus */
bool device_msi_pci_can_send(struct pci_dev *pdev)
{
	struct pci_bus *bus;

	for (bus = pdev->bus; bus; bus = bus->parent)
		if (bus->bus_flags & PCI_BUS_FLAGS_NO_MSI)
			return false;
	return pci_msi_enabled() && !pdev->no_msi;
}

/* Unplugged, or failed for good in error recovery: the kernel will not bring it back */
bool device_msi_device_gone(const struct device *dev)
{
	return to_pci_dev(dev)->error_state == pci_channel_io_perm_failure;
}

/*
 * The check that the kernel makes before it writes a message of MSI-X: a function in D1
 * to D3 does not respond to accesses of its memory (PCIe 6.0, 5.3.1), which is fatal on
 * some machines. The state is unknown until a driver enables the function.
 */
bool device_msi_device_reachable(const struct device *dev)
{
	pci_power_t state = to_pci_dev(dev)->current_state;

	return (state == PCI_D0 || state == PCI_UNKNOWN) &&
	       !device_msi_device_gone(dev);
}

/*
 * From error_detected() on, the link may be blocked until the device is reset. The
 * kernel's state says so until slot_reset() has returned, although a driver may access
 * the device in there.
 */
bool device_msi_device_answers(const struct device *dev)
{
	return device_msi_device_reachable(dev) &&
	       to_pci_dev(dev)->error_state != pci_channel_io_frozen;
}

/**
 * device_msi_platform_prepare() - Have the kernel create the directory msi_irqs/
 * @dev:	the device whose identity the messages carry
 *
 * Since v5.17 the kernel creates msi_irqs/ when MSI is first used on a device, and keeps
 * it until the driver unbinds. A function whose driver uses only its store would have
 * none, and irqbalance would not know to which device our interrupts belong. So request
 * MSI in a way that is refused after the directory was created and before the device is
 * accessed: with more vectors excluded from the affinity spread than there are vectors.
 */
void device_msi_platform_prepare(struct device *dev)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	struct irq_affinity impossible = { .pre_vectors = 2 };
	int ret;

	/* With MSI enabled the directory exists; without a driver it would never be removed */
	if (pdev->msi_enabled || pdev->msix_enabled || !dev->driver)
		return;

	ret = pci_alloc_irq_vectors_affinity(pdev, 1, 1, PCI_IRQ_AFFINITY |
					     (pdev->msix_cap ? PCI_IRQ_MSIX :
					      PCI_IRQ_MSI), &impossible);
	if (WARN_ON_ONCE(ret > 0))
		pci_free_irq_vectors(pdev);
}
