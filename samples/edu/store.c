// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store: how the device takes messages. This is what a vendor writes anew:
 * the command in edu_command() and edu_sync(), and how long it may take.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "edu.h"

#define EDU_DMA_FROM		0x80
#define EDU_DMA_TO		0x88
#define EDU_DMA_BYTES		0x90
#define EDU_DMA_COMMAND		0x98
#define EDU_DMA_RUN		BIT(0)	/* until it is done */
#define EDU_DMA_TO_HOST		BIT(1)
#define EDU_MEMORY		0x40000	/* as its DMA sees it */

#define EDU_TIMEOUT_US		(10 * USEC_PER_SEC)

/* Reads of a device that is gone return all ones */
static int edu_wait(struct edu *edu)
{
	u32 status;
	int ret;

	ret = readl_poll_timeout(edu->regs + EDU_DMA_COMMAND, status,
				 !(status & EDU_DMA_RUN) || status == ~0U,
				 USEC_PER_MSEC, EDU_TIMEOUT_US);
	return status == ~0U ? -ENODEV : ret;
}

/*
 * Have the device copy, and wait until it has. An error goes to the store,
 * which tries again later, and gives the slot up when that does not help.
 *
 * edu: a command that took too long cannot be called off, and the device takes
 * no other meanwhile. If yours can be, do it here: memory that may be changed
 * after an error must not be read by an old command.
 */
static int edu_command(struct edu *edu, dma_addr_t from, dma_addr_t to,
		       size_t bytes, u32 direction)
{
	int ret;

	lockdep_assert_held(&edu->engine);
	ret = edu_wait(edu);
	if (ret)
		return ret;
	iowrite32(from, edu->regs + EDU_DMA_FROM);
	iowrite32(to, edu->regs + EDU_DMA_TO);
	iowrite32(bytes, edu->regs + EDU_DMA_BYTES);
	iowrite32(EDU_DMA_RUN | direction, edu->regs + EDU_DMA_COMMAND);
	return edu_wait(edu);
}

static dma_addr_t edu_slot_at(unsigned int index)
{
	return EDU_MEMORY + index * sizeof(struct edu_slot);
}

/* Have the device take slots from the shadow */
int edu_write_slots(struct edu *edu, unsigned int first, unsigned int nr)
{
	dma_addr_t shadow = edu->shared_dma +
		offsetof(struct edu_shared, shadow) +
		first * sizeof(struct edu_slot);

	return edu_command(edu, shadow, edu_slot_at(first),
			   nr * sizeof(struct edu_slot), 0);
}

/* Into edu->shared->slot */
int edu_read_slot(struct edu *edu, unsigned int index)
{
	return edu_command(edu, edu_slot_at(index),
			   edu->shared_dma + offsetof(struct edu_shared, slot),
			   sizeof(struct edu_slot), EDU_DMA_TO_HOST);
}

/* edu: a message is the data, from the device's memory, written to the address */
int edu_send_data(struct edu *edu, unsigned int index, u32 address)
{
	return edu_command(edu, edu_slot_at(index) +
			   offsetof(struct edu_slot, data),
			   address, sizeof(__le32), EDU_DMA_TO_HOST);
}

/* Where the store puts what the device shall take */
static void *edu_get_shadow(void *priv, struct device *consumer,
			    unsigned int index)
{
	struct edu *edu = priv;

	return &edu->shared->shadow[index];
}

/*
 * No other command may come in between the change of a shadow and the command
 * that takes it, for that copies slots next to its own along.
 */
static void edu_lock(void *priv)
{
	struct edu *edu = priv;

	mutex_lock(&edu->engine);
}

static void edu_unlock(void *priv)
{
	struct edu *edu = priv;

	mutex_unlock(&edu->engine);
}

/*
 * One command takes all slots from the first to the last. Those in between that
 * are not meant do not change: the device has them as the shadow has them.
 */
static int edu_sync(void *priv, const struct ims_queue_entry *entries,
		    unsigned int nr)
{
	unsigned int first = entries[0].index;
	unsigned int last = first;
	struct edu *edu = priv;
	unsigned int i;
	int ret;

	for (i = 1; i < nr; i++) {
		first = min(first, entries[i].index);
		last = max(last, entries[i].index);
	}
	ret = edu_write_slots(edu, first, last - first + 1);
	if (ret)
		return ret;
	for (i = 0; i < nr; i++)
		edu_queue_unmasked(&edu->queues[entries[i].index]);
	return 0;
}

static int edu_read_back(void *priv, const struct ims_queue_entry *entry,
			 void *slot)
{
	struct edu *edu = priv;
	int ret;

	mutex_lock(&edu->engine);
	ret = edu_read_slot(edu, entry->index);
	if (!ret)
		memcpy(slot, &edu->shared->slot, sizeof(edu->shared->slot));
	mutex_unlock(&edu->engine);
	return ret;
}

/* If your device can be reset, schedule that here, and device_msi_restore() */
static void edu_quarantined(void *priv, const struct ims_queue_entry *entry,
			    int error)
{
	struct edu *edu = priv;

	dev_err(&edu->pdev->dev,
		"queue %u has no interrupt any more, the device does not take its message: %pe\n",
		entry->index, ERR_PTR(error));
}

const struct ims_queue_ops edu_msi_ops = {
	.get_shadow	= edu_get_shadow,
	.lock		= edu_lock,
	.unlock		= edu_unlock,
	.sync		= edu_sync,
	.read_back	= edu_read_back,
	.quarantined	= edu_quarantined,
};
