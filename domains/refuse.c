// SPDX-License-Identifier: GPL-2.0-only
/*
 * Platforms on which everything would seem to work and no interrupt would ever
 * arrive. A store holds what we write, untranslated: where somebody other than
 * this kernel decides what a message means, it must not be ours.
 */
#include <linux/device.h>
#include <linux/dmi.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <xen/xen.h>
#include <asm/cpufeature.h>
#include <asm/hypervisor.h>
#include <ims/device_msi.h>

#include "domains.h"

static bool allow_guest;
module_param(allow_guest, bool, 0644);
MODULE_PARM_DESC(allow_guest,
		 "Allow device MSI in a virtual machine. Right only for devices that the VMM emulates; a passed-through device would send messages that reach the wrong place (default: N)");

static bool require_isolated;
module_param(require_isolated, bool, 0644);
MODULE_PARM_DESC(require_isolated,
		 "Refuse device MSI where the hardware does not check which device a message comes from (default: N)");

/* Type 0, BIOS information, and in it characteristics extension byte 2, bit 4 */
#define SMBIOS_BIOS_INFORMATION		0
#define SMBIOS_EXTENSION_BYTE_2		0x13
#define SMBIOS_VIRTUAL_MACHINE		0x10

static void device_msi_dmi_guest(const struct dmi_header *header, void *data)
{
	const u8 *table = (const u8 *)header;
	bool *guest = data;

	if (header->type == SMBIOS_BIOS_INFORMATION &&
	    header->length > SMBIOS_EXTENSION_BYTE_2 &&
	    table[SMBIOS_EXTENSION_BYTE_2] & SMBIOS_VIRTUAL_MACHINE)
		*guest = true;
}

/*
 * Every sign that the kernel exposes: the CPU's hypervisor bit, a hypervisor
 * that was recognised without it, and what the firmware says (SMBIOS 3.x, 7.1.2.2).
 */
static bool device_msi_in_guest(void)
{
	bool guest = boot_cpu_has(X86_FEATURE_HYPERVISOR) ||
		     !hypervisor_is_type(X86_HYPER_NATIVE);

	if (!guest)
		dmi_walk(device_msi_dmi_guest, &guest);
	return guest;
}

/* Where no override and no provider can help */
const char *device_msi_platform_refusal(struct device *dev)
{
	if (!dev_is_pci(dev))
		return "not a PCI function: interrupts on x86 are known by their requester ID; give the PCI function as device and the part of it as consumer";

	if (!device_msi_pci_can_send(to_pci_dev(dev)))
		return "MSI is off for this device or its bus; boot without pci=nomsi, or see the kernel's quirk for it above";

	if (xen_domain())
		return "not under Xen: the hypervisor owns all vectors and would not know ours; boot without Xen, or use MSI-X";

	if (hypervisor_is_type(X86_HYPER_MS_HYPERV))
		return "not under Hyper-V: it composes messages by hypercall and would not know ours; use MSI-X";

	return NULL;
}

/* What makes a device's own messages wrong, unless somebody knows better */
const char *device_msi_guest_refusal(unsigned int flags)
{
	if (!device_msi_in_guest() || allow_guest ||
	    flags & DEVICE_MSI_VMM_EMULATES)
		return NULL;
	return "refused in a virtual machine, a passed-through device would send untranslated messages; use MSI-X, or if the VMM emulates this device load ims_core with allow_guest=1";
}

const char *device_msi_isolation_refusal(bool isolated)
{
	if (isolated || !require_isolated)
		return NULL;
	return "refused by require_isolated: without interrupt remapping any device can send any message; switch it on in the firmware and boot with intel_iommu=on or amd_iommu=on, or load ims_core without require_isolated";
}
