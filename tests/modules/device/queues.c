// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues: each has an interrupt, whose handler tells the device that it was there.
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/slab.h>

#include "device.h"

static irqreturn_t test_queue_interrupt(int irq, void *data)
{
	struct test_queue *queue = data;

	WRITE_ONCE(queue->cpu, smp_processor_id());
	atomic_inc(&queue->handled);
	test_write(queue->device, REG_ACK, queue->slot);
	return IRQ_HANDLED;
}

int test_queue_open(struct test_queue *queue)
{
	struct test_device *device = queue->device;
	struct device *dev = &device->pdev->dev;
	struct device_msi_req req = { .slots = DEVICE_MSI_SLOT(queue->slot) };
	int ret;

	if (queue->map.virq)
		return -EBUSY;
	if (device->layout->pasid_enable) {
		req.sideband.has = DEVICE_MSI_SIDEBAND_PASID;
		req.sideband.pasid = 0x100 + queue->slot;
	}

	queue->map = device_msi_alloc_irq(device->msi, dev, &req);
	if (queue->map.index < 0) {
		ret = queue->map.index;
		goto err_closed;
	}
	if (test_mask_now)
		irq_set_status_flags(queue->map.virq, IRQ_DISABLE_UNLAZY);
	ret = request_irq(queue->map.virq, test_queue_interrupt, 0,
			  queue->name, queue);
	if (ret)
		goto err_free;
	return 0;

err_free:
	device_msi_free_irq(device->msi, dev, queue->map);
err_closed:
	queue->map.virq = 0;
	return ret;
}

/* What the device has sent is to arrive, so that nothing is lost by closing */
static void test_queue_stop(struct test_queue *queue)
{
	unsigned int tries;

	test_write(queue->device, REG_STOP, queue->slot);
	test_write(queue->device, REG_SELECT, queue->slot);
	for (tries = 0; tries < 1000; tries++) {
		if (test_read(queue->device, REG_SLOT_RUNNING) != 1)
			return;
		usleep_range(1000, 2000);
	}
	pci_err(queue->device->pdev, "queue %td never stopped\n",
		queue - queue->device->queues);
}

void test_queue_close(struct test_queue *queue)
{
	struct test_device *device = queue->device;

	if (!queue->map.virq)
		return;
	test_queue_stop(queue);
	free_irq(queue->map.virq, queue);
	device_msi_free_irq(device->msi, &device->pdev->dev, queue->map);
	queue->map.virq = 0;
}

int test_open_queues(struct test_device *device)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < device->nr_queues && !ret; i++)
		if (!device->queues[i].map.virq)
			ret = test_queue_open(&device->queues[i]);
	return ret;
}

void test_close_queues(struct test_device *device)
{
	unsigned int i;

	for (i = 0; i < device->nr_queues; i++)
		test_queue_close(&device->queues[i]);
}

static void test_move_and_mask(struct test_device *device)
{
	struct test_queue *queue;
	unsigned int i;

	for (i = 0; i < device->nr_queues; i++) {
		queue = &device->queues[i];
		if (!queue->map.virq)
			continue;
		irq_set_affinity_hint(queue->map.virq, cpumask_of(i % 2));
		irq_set_affinity_hint(queue->map.virq, cpumask_of(!(i % 2)));
		irq_set_affinity_hint(queue->map.virq, NULL);
		disable_irq(queue->map.virq);
		enable_irq(queue->map.virq);
	}
}

/* Each queue opened, moved, masked, restored and closed, whatever fails of that */
int test_live(struct test_device *device)
{
	int err, ret;

	ret = test_open_queues(device);
	test_move_and_mask(device);
	err = device_msi_verify(device->msi, true);
	if (!ret && err < 0)
		ret = err;
	err = device_msi_restore(device->msi);
	test_close_queues(device);
	return ret ?: err;
}

/* All at once, in whichever slots: what costs a queue store the fewest commands */
int test_open_batch(struct test_device *device)
{
	unsigned int nr = device->nr_queues;
	struct test_queue *queue;
	struct msi_map *maps;
	unsigned int i;
	int ret;

	maps = kvcalloc(nr, sizeof(*maps), GFP_KERNEL);
	if (!maps)
		return -ENOMEM;
	ret = ims_queue_begin(device->msi);
	if (ret)
		goto out_free;
	ret = device_msi_alloc_irqs(device->msi, &device->pdev->dev, NULL, nr,
				    nr, NULL, maps);
	for (i = 0; i < nr && ret > 0; i++) {
		queue = &device->queues[i];
		queue->map = maps[i];
		queue->slot = maps[i].index;
		if (request_irq(queue->map.virq, test_queue_interrupt, 0,
				queue->name, queue))
			ret = -EIO;	/* does not happen: see the log */
	}
	ret = ims_queue_end(device->msi) ?: ret;
out_free:
	kvfree(maps);
	return ret;
}

/* The device counts what it has sent. Needs device->lock, for SELECT. */
u32 test_queue_fired(struct test_queue *queue)
{
	test_write(queue->device, REG_SELECT, queue->slot);
	return queue->fired + test_read(queue->device, REG_SLOT_SENT);
}
