// SPDX-License-Identifier: GPL-2.0-only
/*
 * What on x86 cannot deliver a message from a store.
 */
#include <linux/device.h>
#include <linux/irqdomain.h>
#include <linux/pci.h>
#include <asm/cpufeature.h>
#include <asm/hypervisor.h>

#include "domains.h"

static const char device_msi_not_pci[] = {
	"not a PCI function: interrupts on x86 are known by their requester ID; give the PCI function as device and the part of it as consumer"
};

static const char device_msi_no_apic[] = {
	"no CPU has a local APIC that is on, which takes the messages; boot without nolapic, or switch the APIC on in the firmware"
};

static const char device_msi_under_hyperv[] = {
	"not under Hyper-V: it composes messages by hypercall and would not know ours; use MSI-X"
};

static const char device_msi_vmd[] = {
	"behind Intel VMD: the VMD device sends the interrupts of all devices behind it, and would not know ours; switch VMD off in the firmware, or use MSI-X"
};

/* Why this machine cannot, or NULL; then the device is a PCI function */
const char *device_msi_machine_refusal(struct device *dev)
{
	if (!dev_is_pci(dev))
		return device_msi_not_pci;

	if (!boot_cpu_has(X86_FEATURE_APIC))
		return device_msi_no_apic;

	if (hypervisor_is_type(X86_HYPER_MS_HYPERV))
		return device_msi_under_hyperv;

	return NULL;
}

/*
 * VMD demultiplexes the interrupts of the devices behind it from its own, or forwards
 * messages with its own requester ID. The latter has not been tested.
 */
const char *device_msi_bridge_refusal(struct device *dev,
				      const struct device_msi_parent *parent)
{
	const struct irq_domain *d = parent->domain;

	if ((d && d->bus_token == DOMAIN_BUS_VMD_MSI) ||
	    is_vmd(to_pci_dev(dev)->bus))
		return device_msi_vmd;
	return NULL;
}
