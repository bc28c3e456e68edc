// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a template must have, and what it must not. Linux 6.2 refused without a word;
 * here each refusal is a line in the log.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/pci.h>

/* Callbacks that ims_62.ko never calls: a driver that counts on one would wait for it */
static const char *ims_62_odd_chip(const struct irq_chip *chip)
{
	if (chip->irq_startup)
		return "irq_startup";
	if (chip->irq_enable)
		return "irq_enable";
	if (chip->irq_disable)
		return "irq_disable";
	if (chip->irq_mask_ack)
		return "irq_mask_ack";
	if (chip->irq_set_type)
		return "irq_set_type";
	if (chip->irq_compose_msi_msg)
		return "irq_compose_msi_msg";
	if (chip->irq_request_resources || chip->irq_release_resources)
		return "irq_request_resources or irq_release_resources";
	if (chip->irq_get_irqchip_state || chip->irq_set_irqchip_state)
		return "irq_get_irqchip_state or irq_set_irqchip_state";
	if (chip->irq_set_vcpu_affinity)
		return "irq_set_vcpu_affinity";
	return NULL;
}

static const char *ims_62_odd_op(const struct ims_62_ops *ops)
{
	if (ops->get_hwirq)
		return "get_hwirq";
	if (ops->msi_init)
		return "msi_init";
	if (ops->msi_free)
		return "msi_free";
	if (ops->domain_alloc_irqs)
		return "domain_alloc_irqs";
	if (ops->domain_free_irqs)
		return "domain_free_irqs";
	if (ops->msi_post_free)
		return "msi_post_free";
	return NULL;
}

/* What Linux 6.2 asked of a template, too. Return: true if it is there */
static bool ims_62_check_needed(struct device *dev,
				const struct ims_62_template *template)
{
	const struct irq_chip *chip = &template->chip;

	if (template->info.bus_token != IMS_62_BUS_TOKEN)
		dev_err(dev, "the template has no bus_token of IMS; set DOMAIN_BUS_PCI_DEVICE_IMS\n");
	else if (!(template->info.flags & IMS_62_FLAG_ALLOC_DESCS) ||
		 !(template->info.flags & IMS_62_FLAG_FREE_DESCS))
		dev_err(dev, "the template lacks flags; set MSI_FLAG_ALLOC_SIMPLE_MSI_DESCS and MSI_FLAG_FREE_MSI_DESCS\n");
	else if (!chip->irq_mask || !chip->irq_unmask ||
		 !chip->irq_write_msi_msg)
		dev_err(dev, "the chip of the template lacks irq_mask, irq_unmask or irq_write_msi_msg\n");
	else
		return true;
	return false;
}

/* Return: true if the template has nothing that would have no effect */
static bool ims_62_check_odd(struct device *dev,
			     const struct ims_62_template *template)
{
	const char *chip = ims_62_odd_chip(&template->chip);
	const char *op = ims_62_odd_op(&template->ops);

	if (template->chip.irq_set_affinity)
		dev_err(dev, "the chip of the template has irq_set_affinity; remove it, the interrupt parent moves interrupts\n");
	else if (template->ops.msi_prepare)
		dev_err(dev, "the template has msi_prepare; remove it, the interrupt parent prepares the allocation\n");
	else if (template->ops.set_desc)
		dev_err(dev, "the template has set_desc; remove it, and set in prepare_desc what a callback needs\n");
	else if (op)
		dev_err(dev, "the template has %s, which ims_62 does not call; remove it, or port to <ims/backend.h>\n",
			op);
	else if (chip)
		dev_err(dev, "the chip of the template has %s, which ims_62 does not call; remove it, or port to <ims/backend.h>\n",
			chip);
	else if (template->info.handler || template->info.handler_data ||
		 template->info.handler_name)
		dev_err(dev, "the template has a flow handler; remove it, the interrupt parent has one\n");
	else
		return true;
	return false;
}

/* Can this driver have an IMS domain? If not, the log says why */
bool ims_62_check(struct pci_dev *pdev, const struct ims_62_template *template,
		  unsigned int hwsize)
{
	struct device *dev = &pdev->dev;

	/* The domain ends when the driver unbinds; one without a driver never would */
	if (!dev->driver) {
		dev_err(dev, "the function has no driver; call pci_create_ims_domain() in or after probe()\n");
		return false;
	}
	if (hwsize > DEVICE_MSI_MAX_SLOTS) {
		dev_err(dev, "hwsize is %u, an IMS domain has at most %u slots; pass 0 for no limit\n",
			hwsize, DEVICE_MSI_MAX_SLOTS);
		return false;
	}
	return ims_62_check_needed(dev, template) &&
	       ims_62_check_odd(dev, template);
}

/* Do the callbacks only write down what irq_bus_sync_unlock() sends to the device? */
bool ims_62_is_queue(const struct irq_chip *chip)
{
	return chip->irq_bus_lock || chip->irq_bus_sync_unlock;
}
