// SPDX-License-Identifier: GPL-2.0-only
/*
 * What on RISC-V cannot deliver a message from a store.
 */
#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/msi.h>
#include <linux/pci.h>

#include "domains.h"

static const char device_msi_not_pci[] = {
	"not a PCI function: only of these it is known whether they are awake, and may send messages; give the PCI function as device and the part of it as consumer"
};

static const char device_msi_no_imsic[] = {
	"the machine has nothing that messages could be sent to: a PLIC, or an APLIC without IMSICs, has wires only; use the device's INTx interrupt, if it has one"
};

static const char device_msi_translated[] = {
	"behind a RISC-V IOMMU, which translates the addresses of this device's messages, and Linux does not map the IMSICs for it; boot with iommu.passthrough=1"
};

/*
 * Why this machine cannot, or NULL; then the device is a PCI function. Without any parent
 * the kernel marks the bus as one without MSI, so that this is asked before that mark.
 */
const char *device_msi_machine_refusal(struct device *dev)
{
	if (!dev_is_pci(dev))
		return device_msi_not_pci;
	return pci_msi_enabled() && !dev_get_msi_domain(dev) ?
		device_msi_no_imsic : NULL;
}

const char *device_msi_bridge_refusal(struct device *dev,
				      const struct device_msi_parent *parent)
{
	const struct iommu_domain *iommu = iommu_get_domain_for_dev(dev);

	if (parent->ops && iommu && iommu->type != IOMMU_DOMAIN_IDENTITY)
		return device_msi_translated;
	return NULL;
}
