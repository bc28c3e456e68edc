// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver of a part. It allocates in the name of the part, so that the interrupts
 * are the part's: within its quota, freed by nobody else, and gone when this driver
 * unbinds, while the other parts go on. It knows nothing of the PCI function but what
 * struct parts_part has.
 */
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "parts.h"

static irqreturn_t parts_queue_interrupt(int irq, void *data)
{
	struct parts_queue *queue = data;

	WRITE_ONCE(queue->cpu, smp_processor_id());
	atomic_inc(&queue->handled);
	return IRQ_HANDLED;
}

/*
 * With devm_ of the part: what was requested is freed before what was allocated. Your
 * driver has a remove() that stops the queues, which devres comes after.
 *
 * The PASID is in the slots before the device can use them. A driver that has many
 * processes for one part allocates without, and gives each interrupt its PASID by
 * device_msi_set_pasid() before request_irq().
 */
static int parts_open_queues(struct parts_driven *driven)
{
	struct parts_part *part = driven->part;
	struct device *dev = &part->aux.dev;
	struct device_msi_req req = { .sideband = {
		.has	= DEVICE_MSI_SIDEBAND_PASID,
		.pasid	= part->pasid,
	} };
	struct msi_map maps[PARTS_QUEUES];
	unsigned int i;
	int ret;

	ret = devm_device_msi_alloc_irqs(part->function->msi, dev, &req,
					 PARTS_QUEUES, PARTS_QUEUES, NULL,
					 maps);
	if (ret < 0)
		return ret;

	for (i = 0; i < PARTS_QUEUES; i++) {
		driven->queues[i].map = maps[i];
		ret = devm_request_irq(dev, maps[i].virq, parts_queue_interrupt,
				       0, dev_name(dev), &driven->queues[i]);
		if (ret)
			return ret;
	}
	return 0;
}

static int parts_part_probe(struct auxiliary_device *aux,
			    const struct auxiliary_device_id *id)
{
	struct parts_driven *driven;
	int ret;

	driven = devm_kzalloc(&aux->dev, sizeof(*driven), GFP_KERNEL);
	if (!driven)
		return -ENOMEM;
	driven->part = container_of(aux, struct parts_part, aux);

	ret = parts_open_queues(driven);
	if (ret)
		return dev_err_probe(&aux->dev, ret,
				     "a queue has no interrupt\n");
	return parts_debugfs_add(driven);
}

static const struct auxiliary_device_id parts_part_ids[] = {
	{ .name = "ims_parts.part" },	/* module and kind of part */
	{ }
};
MODULE_DEVICE_TABLE(auxiliary, parts_part_ids);

struct auxiliary_driver parts_part_driver = {
	.name		= "part",
	.id_table	= parts_part_ids,
	.probe		= parts_part_probe,
};
