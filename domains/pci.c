// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCI functions: what they share with the kernel's own MSI and MSI-X.
 */
#include <linux/interrupt.h>
#include <linux/pci.h>

#include "domains.h"

/* A bridge on the way may not forward messages: the kernel marks its bus */
bool device_msi_pci_can_send(struct pci_dev *pdev)
{
	struct pci_bus *bus;

	for (bus = pdev->bus; bus; bus = bus->parent)
		if (bus->bus_flags & PCI_BUS_FLAGS_NO_MSI)
			return false;
	return pci_msi_enabled() && !pdev->no_msi;
}

/*
 * VMD takes the interrupts of the devices behind it into its own, or passes them
 * on with its own requester ID. The latter has not been tried.
 */
bool device_msi_pci_behind_vmd(struct pci_dev *pdev)
{
	return is_vmd(pdev->bus);
}

/* Taken out, or given up by error recovery: the kernel will not bring it back */
bool device_msi_device_gone(const struct device *dev)
{
	return to_pci_dev(dev)->error_state == pci_channel_io_perm_failure;
}

/*
 * As the kernel looks before it writes a message of MSI-X: a function in D1 to D3
 * does not respond to accesses of its memory (PCIe 6.0, 5.3.1), which is fatal on
 * some machines. Until a driver enables it, its state may be unknown.
 */
bool device_msi_device_reachable(const struct device *dev)
{
	pci_power_t state = to_pci_dev(dev)->current_state;

	return (state == PCI_D0 || state == PCI_UNKNOWN) &&
	       !device_msi_device_gone(dev);
}

/*
 * From error_detected() on the link may be blocked until the device is reset. That
 * lasts to the end of slot_reset(), in which a driver accesses it again.
 */
bool device_msi_device_answers(const struct device *dev)
{
	return device_msi_device_reachable(dev) &&
	       to_pci_dev(dev)->error_state != pci_channel_io_frozen;
}

/**
 * device_msi_platform_prepare() - Have the kernel make what MSI users share
 * @dev:	the device whose identity the messages carry
 *
 * Since v5.17 the kernel makes the directory msi_irqs/ the first time that MSI
 * is used on a device, and keeps it until the driver unbinds. A function whose
 * driver only ever uses its store would have none, and irqbalance would not
 * know whose our interrupts are. So ask for MSI as it cannot be had, with more
 * interrupts apart from the spread than interrupts: that is refused after the
 * directory was made and before the device is touched.
 */
void device_msi_platform_prepare(struct device *dev)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	struct irq_affinity impossible = { .pre_vectors = 2 };
	int ret;

	/* Enabled: it is there. No driver: nobody would take it away */
	if (pdev->msi_enabled || pdev->msix_enabled || !dev->driver)
		return;

	ret = pci_alloc_irq_vectors_affinity(pdev, 1, 1, PCI_IRQ_AFFINITY |
					     (pdev->msix_cap ? PCI_IRQ_MSIX :
					      PCI_IRQ_MSI), &impossible);
	if (WARN_ON_ONCE(ret > 0))
		pci_free_irq_vectors(pdev);
}
