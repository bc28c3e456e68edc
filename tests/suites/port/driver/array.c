// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store as an array: slots in memory of the device, each with a PASID, which is the
 * cookie. The index says which slot is whose.
 */
#include "driver.h"

/* What is written has arrived when this returns */
static void v62_array_write_ctrl(struct msi_desc *desc, u32 mask)
{
	struct v62_slot __iomem *slot = desc->data.dcookie.iobase;

	iowrite32((u32)desc->data.icookie.value | mask, &slot->ctrl);
	ioread32(&slot->ctrl);
}

static void v62_array_irq_mask(struct irq_data *data)
{
	v62_array_write_ctrl(irq_data_get_msi_desc(data), V62_CTRL_MASK);
}

static void v62_array_irq_unmask(struct irq_data *data)
{
	v62_array_write_ctrl(irq_data_get_msi_desc(data), 0);
}

/* The slot is masked: half a message is never sent */
static void v62_array_irq_write_msi_msg(struct irq_data *data, struct msi_msg *msg)
{
	struct msi_desc *desc = irq_data_get_msi_desc(data);
	struct v62_slot __iomem *slot = desc->data.dcookie.iobase;
	struct v62_device *v62 = dev_get_drvdata(desc->dev);

	if (!(ioread32(&slot->ctrl) & V62_CTRL_MASK))
		v62->written_unmasked++;
	iowrite32(msg->address_lo, &slot->address_lo);
	iowrite32(msg->address_hi, &slot->address_hi);
	iowrite32(msg->data, &slot->data);
	ioread32(&slot->data);
}

static void v62_array_irq_shutdown(struct irq_data *data)
{
	struct msi_msg nothing = {};

	v62_array_irq_mask(data);
	v62_array_irq_write_msi_msg(data, &nothing);
}

/* The callbacks find their slot, and all of ctrl but the mask, in the descriptor */
static void v62_array_prepare_desc(struct irq_domain *domain, msi_alloc_info_t *arg,
				   struct msi_desc *desc)
{
	struct msi_domain_info *info = domain->host_data;
	struct v62_device *v62 = info->data;

	v62_prepared(info, desc);
	desc->data.dcookie.iobase = v62->slots + desc->msi_index;
	desc->data.icookie.value = v62_ctrl_of_pasid(desc->data.icookie.value);
	v62_array_write_ctrl(desc, V62_CTRL_MASK);
	arg->hwirq = desc->msi_index;
}

static const struct msi_domain_template v62_array_template = {
	.chip = {
		.name			= "V62-ARRAY",
		.irq_mask		= v62_array_irq_mask,
		.irq_unmask		= v62_array_irq_unmask,
		.irq_shutdown		= v62_array_irq_shutdown,
		.irq_write_msi_msg	= v62_array_irq_write_msi_msg,
		.flags			= IRQCHIP_ONESHOT_SAFE,
	},
	.ops = {
		.prepare_desc		= v62_array_prepare_desc,
	},
	.info = {
		.flags			= MSI_FLAG_ALLOC_SIMPLE_MSI_DESCS |
					  MSI_FLAG_FREE_MSI_DESCS |
					  MSI_FLAG_PCI_IMS,
		.bus_token		= DOMAIN_BUS_PCI_DEVICE_IMS,
	},
};

/* Another user, of an interrupt that is not requested */
void v62_array_set_pasid(unsigned int virq, u32 pasid)
{
	struct msi_desc *desc = irq_get_msi_desc(virq);

	desc->data.icookie.value = v62_ctrl_of_pasid(pasid);
	v62_array_write_ctrl(desc, V62_CTRL_MASK);
}

static union msi_instance_cookie v62_array_cookie(struct v62_queue *queue)
{
	return (union msi_instance_cookie) { .value = queue->pasid };
}

static void v62_array_assign(struct v62_queue *queue)
{
	queue->number = queue->map.index;
}

const struct v62_chip v62_array_chip = {
	.template	= &v62_array_template,
	.hwsize		= V62_SLOTS,
	.source		= 0,
	.cookie		= v62_array_cookie,
	.assign		= v62_array_assign,
};
