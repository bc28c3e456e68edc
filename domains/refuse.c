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

enum device_msi_refusal {
	DEVICE_MSI_NOT_PCI,
	DEVICE_MSI_MSI_OFF,
	DEVICE_MSI_XEN,
	DEVICE_MSI_HYPERV,
	DEVICE_MSI_GUEST,
};

static const char * const device_msi_refusals[] = {
	[DEVICE_MSI_NOT_PCI] =
		"not a PCI function: interrupts on x86 are known by their requester ID; give the PCI function as device and the part of it as consumer",
	[DEVICE_MSI_MSI_OFF] =
		"MSI is off for this device or its bus; boot without pci=nomsi, or see the kernel's quirk for it above",
	[DEVICE_MSI_XEN] =
		"not under Xen: the hypervisor owns all vectors and would not know ours; boot without Xen, or use MSI-X",
	[DEVICE_MSI_HYPERV] =
		"not under Hyper-V: it composes messages by hypercall and would not know ours; use MSI-X",
	[DEVICE_MSI_GUEST] =
		"refused in a virtual machine, a passed-through device would send untranslated messages; use MSI-X, or if the VMM emulates this device load ims_core with allow_guest=1",
};

static const char *device_msi_hypervisor_refusal(void)
{
	if (xen_domain())
		return device_msi_refusals[DEVICE_MSI_XEN];

	if (hypervisor_is_type(X86_HYPER_MS_HYPERV))
		return device_msi_refusals[DEVICE_MSI_HYPERV];

	if (boot_cpu_has(X86_FEATURE_HYPERVISOR) && !allow_guest)
		return device_msi_refusals[DEVICE_MSI_GUEST];

	return NULL;
}

const char *device_msi_platform_refusal(struct device *dev)
{
	if (!dev_is_pci(dev))
		return device_msi_refusals[DEVICE_MSI_NOT_PCI];

	if (!device_msi_pci_can_send(to_pci_dev(dev)))
		return device_msi_refusals[DEVICE_MSI_MSI_OFF];

	return device_msi_hypervisor_refusal();
}
