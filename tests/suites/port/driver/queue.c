// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store behind commands: the callbacks store a message in the queue's shadow, and when
 * the kernel is done with it, a command brings it to the device. The cookie is a pointer
 * to the queue; the index means nothing to the device.
 */
#include <linux/iopoll.h>

#include "driver.h"

#define V62_STORE	1
#define V62_BUSY	1
#define V62_DONE	2

static struct v62_queue *v62_queue_of(struct irq_data *data)
{
	return irq_data_get_msi_desc(data)->data.icookie.ptr;
}

static void v62_queue_set_masked(struct irq_data *data, bool masked)
{
	struct v62_queue *queue = v62_queue_of(data);
	unsigned long flags;

	raw_spin_lock_irqsave(&queue->v62->lock, flags);
	queue->shadow.ctrl = masked ? V62_CTRL_MASK : 0;
	queue->dirty = true;
	raw_spin_unlock_irqrestore(&queue->v62->lock, flags);
}

static void v62_queue_irq_mask(struct irq_data *data)
{
	v62_queue_set_masked(data, true);
}

static void v62_queue_irq_unmask(struct irq_data *data)
{
	v62_queue_set_masked(data, false);
}

static void v62_queue_irq_write_msi_msg(struct irq_data *data, struct msi_msg *msg)
{
	struct v62_queue *queue = v62_queue_of(data);
	unsigned long flags;

	raw_spin_lock_irqsave(&queue->v62->lock, flags);
	queue->shadow.address_lo = msg->address_lo;
	queue->shadow.address_hi = msg->address_hi;
	queue->shadow.data = msg->data;
	queue->dirty = true;
	raw_spin_unlock_irqrestore(&queue->v62->lock, flags);
}

static void v62_queue_irq_bus_lock(struct irq_data *data)
{
	mutex_lock(&v62_queue_of(data)->v62->command);
}

/* It sleeps until the device has the message */
static int v62_queue_store(struct v62_device *v62, u32 number, const struct v62_slot *slot)
{
	u32 status;
	int ret;

	v62_write(v62, REG_MAILBOX, number);
	v62_write(v62, REG_MAILBOX + 4, slot->address_lo);
	v62_write(v62, REG_MAILBOX + 8, slot->address_hi);
	v62_write(v62, REG_MAILBOX + 12, slot->data);
	v62_write(v62, REG_MAILBOX + 16, slot->ctrl);
	v62_write(v62, REG_CMD, V62_STORE | 1 << 8);
	ret = readl_poll_timeout(v62->regs + REG_STATUS, status, status != V62_BUSY,
				 50, V62_LIMIT_US);
	if (ret)
		return ret;
	return status == V62_DONE ? 0 : -EIO;
}

static void v62_queue_irq_bus_sync_unlock(struct irq_data *data)
{
	struct msi_desc *desc = irq_data_get_msi_desc(data);
	struct v62_queue *queue = desc->data.icookie.ptr;
	struct v62_device *v62 = queue->v62;
	struct v62_slot slot;
	unsigned long flags;
	bool dirty;

	raw_spin_lock_irqsave(&v62->lock, flags);
	dirty = queue->dirty;
	queue->dirty = false;
	slot = queue->shadow;
	raw_spin_unlock_irqrestore(&v62->lock, flags);

	if (dirty && v62_queue_store(v62, desc->data.dcookie.value, &slot))
		v62->failed_commands++;
	mutex_unlock(&v62->command);
}

/* After a reset the device has nothing in the slot, and it is masked there */
static void v62_queue_prepare_desc(struct irq_domain *domain, msi_alloc_info_t *arg,
				   struct msi_desc *desc)
{
	struct msi_domain_info *info = domain->host_data;
	struct v62_queue *queue = desc->data.icookie.ptr;

	v62_prepared(info, desc);
	queue->shadow = (struct v62_slot) { .ctrl = V62_CTRL_MASK };
	queue->dirty = false;
	desc->data.dcookie.value = queue->number;
	arg->hwirq = desc->msi_index;
}

static const struct msi_domain_template v62_queue_template = {
	.chip = {
		.name			= "V62-QUEUE",
		.irq_mask		= v62_queue_irq_mask,
		.irq_unmask		= v62_queue_irq_unmask,
		.irq_write_msi_msg	= v62_queue_irq_write_msi_msg,
		.irq_bus_lock		= v62_queue_irq_bus_lock,
		.irq_bus_sync_unlock	= v62_queue_irq_bus_sync_unlock,
		.flags			= IRQCHIP_ONESHOT_SAFE,
	},
	.ops = {
		.prepare_desc		= v62_queue_prepare_desc,
	},
	.info = {
		.flags			= MSI_FLAG_ALLOC_SIMPLE_MSI_DESCS |
					  MSI_FLAG_FREE_MSI_DESCS |
					  MSI_FLAG_PCI_IMS,
		.bus_token		= DOMAIN_BUS_PCI_DEVICE_IMS,
	},
};

static union msi_instance_cookie v62_queue_cookie(struct v62_queue *queue)
{
	return (union msi_instance_cookie) { .ptr = queue };
}

const struct v62_chip v62_queue_chip = {
	.template	= &v62_queue_template,
	.hwsize		= 0,
	.source		= 1,
	.cookie		= v62_queue_cookie,
};
