// SPDX-License-Identifier: GPL-2.0-only
/*
 * QEMU's edu, whose internal memory only its DMA command reaches. Written for the
 * patches of 2020: a one in bit 0 of ctrl unmasks.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/sched.h>

#include "old.h"

#define EDU_DMA_FROM		0x80
#define EDU_DMA_TO		0x88
#define EDU_DMA_BYTES		0x90
#define EDU_DMA_COMMAND		0x98
#define EDU_DMA_RUN		BIT(0)
#define EDU_DMA_TO_HOST		BIT(1)
#define EDU_MEMORY		0x40000
#define EDU_QUEUES		4

/* One device: the callbacks are told of nothing but a shadow */
static struct ims_slot *shadows;
static dma_addr_t shadows_dma;
static void __iomem *edu_regs;
static DEFINE_MUTEX(edu_lock);
static struct task_struct *edu_allocating;

static bool hang;
module_param(hang, bool, 0600);
MODULE_PARM_DESC(hang, "queue_get_shadow() does not return");

static bool hanging;
module_param(hanging, bool, 0400);
MODULE_PARM_DESC(hanging, "it is called, and does not");

static unsigned int unexpected;
module_param(unexpected, uint, 0400);
MODULE_PARM_DESC(unexpected, "calls of queue_lock() in msi_domain_alloc_irqs()");

static int edu_copy(dma_addr_t from, dma_addr_t to, size_t bytes, u32 direction)
{
	u32 command;

	iowrite32(from, edu_regs + EDU_DMA_FROM);
	iowrite32(to, edu_regs + EDU_DMA_TO);
	iowrite32(bytes, edu_regs + EDU_DMA_BYTES);
	iowrite32(EDU_DMA_RUN | direction, edu_regs + EDU_DMA_COMMAND);
	return readl_poll_timeout(edu_regs + EDU_DMA_COMMAND, command,
				  !(command & EDU_DMA_RUN), 1000, 10000000);
}

/* The driver's functions but queue_get_shadow() were not called meanwhile */
static void old_queue_allocate(bool begins)
{
	WRITE_ONCE(edu_allocating, begins ? current : NULL);
}

static void edu_queue_lock(struct ims_slot *shadow)
{
	if (READ_ONCE(edu_allocating) == current)
		unexpected++;
	mutex_lock(&edu_lock);
	shadow->address_hi = ~0U;	/* the store writes all of a message */
}

static void edu_queue_sync_unlock(struct ims_slot *shadow)
{
	size_t offset = (shadow - shadows) * sizeof(*shadow);

	if (edu_copy(shadows_dma + offset, EDU_MEMORY + offset,
		     sizeof(*shadow), 0))
		pr_err("edu: the command failed\n");
	mutex_unlock(&edu_lock);
}

static struct ims_slot *edu_queue_get_shadow(struct device *dev,
					     unsigned int msi_index)
{
	while (READ_ONCE(hang)) {
		WRITE_ONCE(hanging, true);
		msleep(20);
	}
	WRITE_ONCE(hanging, false);
	return msi_index < EDU_QUEUES ? &shadows[msi_index] : NULL;
}

static struct ims_queue_info edu_queue_info = {
	.queue_lock		= edu_queue_lock,
	.queue_sync_unlock	= edu_queue_sync_unlock,
	.queue_get_shadow	= edu_queue_get_shadow,
};

static int old_queue_create(struct old_device *old)
{
	struct pci_dev *pdev = old->pdev;
	int ret;

	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
	if (ret)
		return ret;
	edu_regs = pcim_iomap(pdev, 0, 0);
	shadows = dmam_alloc_coherent(&pdev->dev, EDU_QUEUES * sizeof(*shadows),
				      &shadows_dma, GFP_KERNEL);
	if (!edu_regs || !shadows)
		return -ENOMEM;
	old->nr_queues = EDU_QUEUES;
	return 0;
}

static struct irq_domain *old_queue_create_domain(struct old_device *old)
{
	return pci_ims_queue_create_msi_irq_domain(old->pdev, &edu_queue_info);
}

static void old_queue_destroy(struct old_device *old)
{
}

/* The device's own part, which edu does not have: send the message that it has */
static int old_queue_fire(struct old_queue *queue)
{
	unsigned int index = queue->hwirq & 0xffff;
	size_t offset = index * sizeof(struct ims_slot);
	struct ims_slot *shadow = &shadows[index];
	int ret = 0;

	if (shadow->address_hi)		/* edu's DMA has 32 bits */
		return -ERANGE;
	mutex_lock(&edu_lock);
	if (shadow->ctrl & IMS_VECTOR_CTRL_UNMASK)
		ret = edu_copy(EDU_MEMORY + offset +
			       offsetof(struct ims_slot, data),
			       shadow->address_lo, sizeof(shadow->data),
			       EDU_DMA_TO_HOST);
	mutex_unlock(&edu_lock);
	return ret;
}

/* The device is told with the next command */
static int old_queue_write_pasid(struct old_queue *queue, unsigned int pasid)
{
	struct ims_slot *shadow = &shadows[queue->hwirq & 0xffff];

	mutex_lock(&edu_lock);
	shadow->ctrl &= IMS_VECTOR_CTRL_UNMASK;
	shadow->ctrl |= pasid << 12;
	mutex_unlock(&edu_lock);
	return 0;
}

static unsigned int old_queue_read_pasid(struct old_queue *queue)
{
	return shadows[queue->hwirq & 0xffff].ctrl >> 12;
}

const struct old_ops old_queue_ops = {
	.create		= old_queue_create,
	.create_domain	= old_queue_create_domain,
	.destroy	= old_queue_destroy,
	.fire		= old_queue_fire,
	.write_pasid	= old_queue_write_pasid,
	.read_pasid	= old_queue_read_pasid,
	.allocate	= old_queue_allocate,
};
