// SPDX-License-Identifier: GPL-2.0-only
/*
 * What on arm64 cannot deliver a message from a store.
 */
#include <linux/device.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>
#include <linux/of.h>
#include <linux/pci.h>

#include "domains.h"
#include "msi_parent.h"

static const char device_msi_not_pci[] = {
	"not a PCI function: interrupts of an ITS are known by the number that a device has there, and only that of PCI functions is asked for; give the PCI function as device and the part of it as consumer"
};

static const char device_msi_no_its[] = {
	"the machine has nothing that messages could be sent to, such as the ITS of a GICv3; use the device's INTx interrupt, if it has one"
};

static const char device_msi_gicv2m[] = {
	"its interrupt parent is a GICv2m, whose few interrupts all devices share, and can raise; use MSI-X"
};

static const char device_msi_mbi[] = {
	"its interrupt parent is a GICv3 without ITS, whose few message based interrupts all devices share, and can raise; use MSI-X"
};

static const char device_msi_gicv5[] = {
	"its interrupt parent is the ITS of a GICv5, on which device MSI was never tried; use MSI-X, and report it if you can try"
};

/* Parents that are refused, by the node of a device tree or by the kernel's name */
static const struct {
	const char	*compatible;
	const char	*prefix;
	const char	*why_not;
} device_msi_refused[] = {
	{ "arm,gic-v2m-frame", "GICv2m-", device_msi_gicv2m },
	{ "arm,gic-v3", "MBI-", device_msi_mbi },
	{ "arm,gic-v5-its", "ITS-v5-", device_msi_gicv5 },
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
		device_msi_no_its : NULL;
}

/*
 * Since Linux 6.11 such a parent has a prefix of its own. Before, it shows by the node
 * from which it was made, if the machine has a device tree.
 */
const char *device_msi_bridge_refusal(struct device *dev,
				      const struct device_msi_parent *parent)
{
	const struct irq_domain *d = parent->domain;
	struct device_node *node;
	unsigned int i;

	if (parent->ops)
		return NULL;
	if (!d)
		return device_msi_no_its;
	node = to_of_node(d->fwnode);
	for (i = 0; i < ARRAY_SIZE(device_msi_refused); i++)
		if (device_msi_parent_has_prefix(d, device_msi_refused[i].prefix) ||
		    (node && of_device_is_compatible(node,
						     device_msi_refused[i].compatible)))
			return device_msi_refused[i].why_not;
	return NULL;
}
