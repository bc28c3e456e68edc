// SPDX-License-Identifier: GPL-2.0-only
/*
 * Platforms on which everything would seem to work and no interrupt would ever
 * arrive. A store holds what we write, untranslated: where somebody other than
 * this kernel decides what a message means, it must not be ours.
 */
#include <linux/device.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <xen/xen.h>
#include <asm/cpufeature.h>
#include <asm/hypervisor.h>

#include "domains.h"

static bool allow_guest;
module_param(allow_guest, bool, 0644);
MODULE_PARM_DESC(allow_guest,
		 "Allow device MSI in a virtual machine. Right only for devices that the VMM emulates; a passed-through device would send messages that reach the wrong place (default: N)");

static int device_msi_check_hypervisor(struct device *dev)
{
	if (xen_domain()) {
		dev_warn(dev,
			 "device MSI: not under Xen: the hypervisor owns all vectors and would not know ours; boot without Xen, or use MSI-X\n");
		return -EOPNOTSUPP;
	}

	if (hypervisor_is_type(X86_HYPER_MS_HYPERV)) {
		dev_warn(dev,
			 "device MSI: not under Hyper-V: it composes messages by hypercall and would not know ours; use MSI-X\n");
		return -EOPNOTSUPP;
	}

	if (boot_cpu_has(X86_FEATURE_HYPERVISOR) && !allow_guest) {
		dev_warn(dev,
			 "device MSI: refused in a virtual machine, a passed-through device would send untranslated messages; use MSI-X, or if the VMM emulates this device load ims_core with allow_guest=1\n");
		return -EOPNOTSUPP;
	}
	return 0;
}

/* A bridge on the way may not forward messages: the kernel marks its bus */
static bool device_msi_pci_can_send(struct pci_dev *pdev)
{
	struct pci_bus *bus;

	for (bus = pdev->bus; bus; bus = bus->parent)
		if (bus->bus_flags & PCI_BUS_FLAGS_NO_MSI)
			return false;
	return pci_msi_enabled() && !pdev->no_msi;
}

int device_msi_platform_check(struct device *dev)
{
	if (!dev_is_pci(dev)) {
		dev_warn(dev,
			 "device MSI: not a PCI function: interrupts on x86 are known by their requester ID; give the PCI function as device and the part of it as consumer\n");
		return -EOPNOTSUPP;
	}

	if (!device_msi_pci_can_send(to_pci_dev(dev))) {
		dev_warn(dev,
			 "device MSI: MSI is off for this device or its bus; boot without pci=nomsi, or see the kernel's quirk for it above\n");
		return -EOPNOTSUPP;
	}
	return device_msi_check_hypervisor(dev);
}
