// SPDX-License-Identifier: GPL-2.0-only
/*
 * devices/ims as a device whose messages no register write can change: a command stores
 * them, from a mailbox. What a user's SET_IRQS needs of it is done, or has failed, when the
 * ioctl returns.
 *
 * A device that fails is reset here, and with it what all parts have in it: a user cannot
 * have it fail, so that is a fault of the device, and better than parts that are silent.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/iopoll.h>
#include <linux/workqueue.h>

#include "shared.h"

#define QUEUE_SOURCE	0x018	/* 1: the device sends what commands have stored */
#define QUEUE_COMMAND	0x100
#define QUEUE_STORE	1
#define QUEUE_STATUS	0x104
#define QUEUE_BUSY	1
#define QUEUE_DONE	2
#define QUEUE_ABORT	0x114
#define QUEUE_MAILBOX	0x400
#define QUEUE_ENTRIES	32	/* of the mailbox: the slot's number, and its words */
#define QUEUE_ENTRY	32	/* bytes */

#define QUEUE_WORDS	4	/* of a slot: ims_layout_pasid */
#define QUEUE_SLOTS	(SHARED_PARTS * SHARED_MAX_VECTORS)
#define QUEUE_TIMEOUT	(100 * USEC_PER_MSEC)

/**
 * struct shared_queue - The messages of a function
 * @function:	whose they are
 * @recovery:	reset the device, and store all of them again
 * @dead:	that has failed, and is not tried again
 * @shadows:	what the device has, or is about to have
 */
struct shared_queue {
	struct shared_function	*function;
	struct work_struct	recovery;
	bool			dead;
	__le32			shadows[QUEUE_SLOTS][QUEUE_WORDS];
};

static void *shared_get_shadow(void *priv, struct device *consumer,
			       unsigned int index)
{
	struct shared_queue *queue = priv;

	return queue->shadows[index];
}

/* Reads of a device that is gone return all ones */
static int shared_queue_command(void __iomem *regs, u32 command)
{
	u32 status;
	int ret;

	iowrite32(command, regs + QUEUE_COMMAND);
	ret = readl_poll_timeout(regs + QUEUE_STATUS, status,
				 status != QUEUE_BUSY, 100, QUEUE_TIMEOUT);
	if (ret) {
		/* It must not look at the mailbox any more; the read says that it knows */
		iowrite32(1, regs + QUEUE_ABORT);
		ioread32(regs + QUEUE_STATUS);
		return ret;
	}
	if (status == ~0U)
		return -ENODEV;
	return status == QUEUE_DONE ? 0 : -EIO;
}

static int shared_sync(void *priv, const struct ims_queue_entry *entries,
		       unsigned int nr)
{
	struct shared_queue *queue = priv;
	void __iomem *regs = queue->function->regs;
	void __iomem *entry = regs + QUEUE_MAILBOX;
	const __le32 *shadow;
	unsigned int i, word;

	for (i = 0; i < nr; i++, entry += QUEUE_ENTRY) {
		shadow = entries[i].shadow;
		iowrite32(entries[i].index, entry);
		for (word = 0; word < QUEUE_WORDS; word++)
			iowrite32(le32_to_cpu(shadow[word]), entry + 4 + word * 4);
	}
	return shared_queue_command(regs, QUEUE_STORE | nr << 8);
}

static void shared_quarantined(void *priv, const struct ims_queue_entry *entry,
			       int error)
{
	struct shared_queue *queue = priv;

	schedule_work(&queue->recovery);
}

static const struct ims_queue_ops shared_queue_ops = {
	.get_shadow	= shared_get_shadow,
	.sync		= shared_sync,
	.quarantined	= shared_quarantined,
};

static void shared_queue_reset(struct shared_function *function)
{
	iowrite32(1, function->regs + SHARED_IMS_RESET);
	iowrite32(1, function->regs + QUEUE_SOURCE);
}

/* Slots in quarantine whose users are gone are free after that */
static void shared_queue_recover(struct work_struct *work)
{
	struct shared_queue *queue = container_of(work, struct shared_queue,
						  recovery);
	struct shared_function *function = queue->function;
	int ret;

	if (queue->dead)	/* the last attempt called shared_quarantined(), too */
		return;
	down_write(&function->calls);
	device_msi_quiesce(function->msi);
	shared_queue_reset(function);
	ret = device_msi_restore(function->msi);
	if (ret)
		pci_err(function->pdev, "no interrupts, a reset did not help: %pe\n",
			ERR_PTR(ret));
	else
		pci_info(function->pdev, "was reset, because it failed\n");
	queue->dead = ret;
	up_write(&function->calls);
}

/* The domain is gone by then, so that nobody schedules it again */
static void shared_cancel_recovery(void *data)
{
	struct shared_queue *queue = data;

	cancel_work_sync(&queue->recovery);
}

int shared_queue_create_domain(struct shared_function *function)
{
	struct device *dev = &function->pdev->dev;
	struct ims_queue_info info = {
		.ops		= &shared_queue_ops,
		.layout		= &ims_layout_pasid,
		.nr_slots	= QUEUE_SLOTS,
		.max_batch	= QUEUE_ENTRIES,
		.flags		= DEVICE_MSI_NEEDS_PASID,
	};
	struct shared_queue *queue;
	int ret;

	queue = devm_kzalloc(dev, sizeof(*queue), GFP_KERNEL);
	if (!queue)
		return -ENOMEM;
	queue->function = function;
	INIT_WORK(&queue->recovery, shared_queue_recover);
	ret = devm_add_action(dev, shared_cancel_recovery, queue);
	if (ret)
		return ret;
	shared_queue_reset(function);
	info.priv = queue;
	function->msi = devm_ims_queue_create_domain(dev, &info);
	return PTR_ERR_OR_ZERO(function->msi);
}
