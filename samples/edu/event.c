// SPDX-License-Identifier: GPL-2.0-only
/*
 * edu: what a real device does by itself and needs no driver for. When a queue
 * has an event it looks at the queue's slot and sends the message, or
 * remembers that it is due. edu can copy memory and nothing else, so that this
 * is done here, with what its memory holds.
 */
#include <linux/device.h>

#include "edu.h"

static int edu_send(struct edu_queue *queue, const struct edu_slot *slot)
{
	struct edu *edu = queue->edu;
	int ret;

	if (!slot->address_lo) {
		dev_err(&edu->pdev->dev,
			"queue %u may send, but the device has no message\n",
			queue->index);
		return -EIO;
	}
	ret = edu_send_data(edu, queue->index, le32_to_cpu(slot->address_lo));
	if (!ret)
		queue->pending = false;
	return ret;
}

/* There is something to tell */
int edu_queue_event(struct edu_queue *queue)
{
	struct edu *edu = queue->edu;
	const struct edu_slot *slot = &edu->shared->slot;
	int ret;

	mutex_lock(&edu->engine);
	queue->fired++;
	queue->pending = true;
	ret = edu_read_slot(edu, queue->index);
	if (!ret && !(le32_to_cpu(slot->ctrl) & EDU_CTRL_MASKED))
		ret = edu_send(queue, slot);
	mutex_unlock(&edu->engine);
	return ret;
}

/* The device has taken a slot, which may not be masked any more */
void edu_queue_unmasked(struct edu_queue *queue)
{
	const struct edu_slot *slot =
		&queue->edu->shared->shadow[queue->index];

	if (queue->pending && !(le32_to_cpu(slot->ctrl) & EDU_CTRL_MASKED))
		edu_send(queue, slot);
}
