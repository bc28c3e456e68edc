// SPDX-License-Identifier: GPL-2.0-only
/*
 * Platforms are refused on which everything would seem to work and no interrupt would
 * ever arrive. A store holds the message that this kernel composes, untranslated. If a
 * hypervisor decides what messages mean, the device must not send that one. What only
 * one architecture has is in a file of its own.
 */
#include <linux/device.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <xen/xen.h>

#include "domains.h"

static bool allow_guest;
module_param(allow_guest, bool, 0644);
MODULE_PARM_DESC(allow_guest,
		 "Allow device MSI in a virtual machine. Right only for devices that the VMM emulates; a passed-through device would send messages that reach the wrong place (default: N)");

static bool require_isolated;
module_param(require_isolated, bool, 0644);
MODULE_PARM_DESC(require_isolated,
		 "Refuse device MSI where the hardware does not check which device a message comes from (default: N)");

static const char device_msi_msi_off[] = {
	"MSI is off for this device or its bus; boot without pci=nomsi, or see the kernel's quirk for it above"
};

static const char device_msi_under_xen[] = {
	"not under Xen: the hypervisor owns all vectors and would not know ours; boot without Xen, or use MSI-X"
};

static const char device_msi_in_vm[] = {
	"refused in a virtual machine, a passed-through device would send untranslated messages; use MSI-X, or if the VMM emulates this device load ims_core with allow_guest=1"
};

static const char device_msi_not_isolated[] = {
	"refused by require_isolated: without interrupt remapping any device can send any message; switch it on in the firmware and boot without intremap=off and amd_iommu=off, or load ims_core without require_isolated"
};

/* Why device MSI cannot work here, whatever driver, provider or administrator say */
const char *device_msi_platform_refusal(struct device *dev)
{
	const char *why_not = device_msi_machine_refusal(dev);

	if (why_not)
		return why_not;

	if (!device_msi_pci_can_send(to_pci_dev(dev)))
		return device_msi_msi_off;

	if (xen_domain())
		return device_msi_under_xen;

	return NULL;
}

/* Why a guest is refused if neither the driver nor a provider vouches for messages */
const char *device_msi_guest_refusal(void)
{
	if (allow_guest)
		return NULL;
	return device_msi_in_vm;
}

const char *device_msi_isolation_refusal(bool isolated)
{
	if (isolated || !require_isolated)
		return NULL;
	return device_msi_not_isolated;
}
