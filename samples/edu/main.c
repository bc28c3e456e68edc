// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_edu: a vendor driver with an interrupt per queue, from a queue store.
 *
 * Copy this to start a driver of your own. The device is QEMU's edu, which
 * anyone can have. The messages are in its internal memory, which only a command
 * reaches: "copy so many bytes from the host's memory", which takes 100 ms.
 *
 * What is particular to edu is marked "edu:". Write store.c anew for the
 * commands of your device, and leave out event.c, which does what a real device
 * does by itself, and debugfs.c, by which the tests fire. power.c has resets, sleep
 * and kexec.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include "edu.h"

#define EDU_VENDOR_ID		0x1234
#define EDU_DEVICE_ID		0x11e8
#define EDU_REGS_BAR		0

static unsigned int queues = 8;
module_param(queues, uint, 0444);
MODULE_PARM_DESC(queues, "Number of queues, 1 to 64 (default: 8)");

static irqreturn_t edu_queue_interrupt(int irq, void *data)
{
	struct edu_queue *queue = data;

	WRITE_ONCE(queue->cpu, smp_processor_id());
	atomic_inc(&queue->handled);
	return IRQ_HANDLED;
}

static int edu_queue_request(struct edu_queue *queue)
{
	int ret = request_irq(queue->map.virq, edu_queue_interrupt, 0,
			      queue->name, queue);

	queue->requested = !ret;
	return ret;
}

/*
 * When it returns the device has no message of this queue any more. A queue
 * that had something to tell meanwhile has told nobody: stop it before.
 */
void edu_queue_close(struct edu_queue *queue)
{
	struct edu *edu = queue->edu;

	if (queue->requested)
		free_irq(queue->map.virq, queue);
	queue->requested = false;
	if (queue->map.virq)
		device_msi_free_irq(edu->msi, &edu->pdev->dev, queue->map);
	queue->map.virq = 0;
}

/* The slot's number is the queue's, so that the device need not be told */
int edu_queue_open(struct edu_queue *queue)
{
	struct edu *edu = queue->edu;
	struct device_msi_req req = { .slots = DEVICE_MSI_SLOT(queue->index) };
	struct msi_map map;
	int ret;

	if (queue->map.virq)
		return -EBUSY;

	map = device_msi_alloc_irq(edu->msi, &edu->pdev->dev, &req);
	if (map.index < 0)
		return map.index;

	queue->map = map;
	ret = edu_queue_request(queue);
	if (ret)
		edu_queue_close(queue);
	return ret;
}

/* One command for all slots. They are as many as queues: each gets its own. */
static int edu_alloc_irqs(struct edu *edu)
{
	unsigned int nr = edu->nr_queues;
	struct msi_map *maps;
	unsigned int i;
	int ret;

	maps = kcalloc(nr, sizeof(*maps), GFP_KERNEL);
	if (!maps)
		return -ENOMEM;
	ret = device_msi_alloc_irqs(edu->msi, &edu->pdev->dev, NULL, nr, nr,
				    NULL, maps);
	for (i = 0; ret > 0 && i < nr; i++)
		edu->queues[maps[i].index].map = maps[i];
	kfree(maps);
	return min(ret, 0);
}

/*
 * And one command for all messages: it is held back until the end, which says
 * whether the device has taken them.
 */
static int edu_request_irqs(struct edu *edu)
{
	unsigned int i;
	int ret, err;

	ret = ims_queue_begin(edu->msi);
	if (ret)
		return ret;
	for (i = 0; i < edu->nr_queues && !ret; i++)
		ret = edu_queue_request(&edu->queues[i]);
	err = ims_queue_end(edu->msi);
	return ret ?: err;
}

static void edu_close_queues(void *data)
{
	struct edu *edu = data;
	unsigned int i;

	for (i = 0; i < edu->nr_queues; i++)
		edu_queue_close(&edu->queues[i]);
}

static int edu_setup_queues(struct edu *edu)
{
	struct device *dev = &edu->pdev->dev;
	struct edu_queue *queue;
	unsigned int i;
	int ret;

	ret = devm_add_action(dev, edu_close_queues, edu);
	if (ret)
		return ret;

	for (i = 0; i < edu->nr_queues; i++) {
		queue = &edu->queues[i];
		queue->edu = edu;
		queue->index = i;
		snprintf(queue->name, sizeof(queue->name), "edu-queue-%u", i);
	}
	ret = edu_alloc_irqs(edu);
	if (!ret)
		ret = edu_request_irqs(edu);
	if (ret)
		return dev_err_probe(dev, ret, "a queue has no interrupt\n");
	return 0;
}

/*
 * The device's memory may hold anything, such as what an earlier driver left:
 * mask every slot. A device whose slots are masked after a reset needs none of
 * this.
 */
static int edu_silence(struct edu *edu)
{
	unsigned int i;
	int ret;

	for (i = 0; i < edu->nr_queues; i++)
		edu->shared->shadow[i].ctrl = cpu_to_le32(EDU_CTRL_MASKED);

	mutex_lock(&edu->engine);
	ret = edu_write_slots(edu, 0, edu->nr_queues);
	mutex_unlock(&edu->engine);
	if (ret)
		return dev_err_probe(&edu->pdev->dev, ret,
				     "the device does not take commands\n");
	return 0;
}

static int edu_create_domain(struct edu *edu)
{
	struct ims_queue_info info = {
		.ops		= &edu_msi_ops,
		.priv		= edu,
		.nr_slots	= edu->nr_queues,
		.max_batch	= EDU_MAX_QUEUES,
	};

	edu->msi = devm_ims_queue_create_domain(&edu->pdev->dev, &info);
	if (IS_ERR(edu->msi))
		return dev_err_probe(&edu->pdev->dev, PTR_ERR(edu->msi),
				     "no interrupts from the queue store\n");
	return 0;
}

static int edu_enable(struct edu *edu)
{
	struct pci_dev *pdev = edu->pdev;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_save_state(pdev);	/* for edu_slot_reset() */

	/*
	 * A message is a write of the device, and so is what its command reads and
	 * writes: bus mastering comes first here. A device that may still hold
	 * messages of an earlier kernel, and whose commands need bus mastering, is
	 * reset before. edu: it sends nothing by itself.
	 */
	pci_set_master(pdev);

	/* edu: with dma_mask=0xffffffff; messages are below 4 GiB as well */
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
	if (ret)
		return ret;

	edu->regs = pcim_iomap(pdev, EDU_REGS_BAR, 0);
	if (!edu->regs)
		return -ENOMEM;

	edu->shared = dmam_alloc_coherent(&pdev->dev, sizeof(*edu->shared),
					  &edu->shared_dma, GFP_KERNEL);
	return edu->shared ? 0 : -ENOMEM;
}

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct edu *edu;
	int ret;

	if (!queues || queues > EDU_MAX_QUEUES) {
		dev_err(&pdev->dev, "queues=%u; it must be 1 to %u\n", queues,
			EDU_MAX_QUEUES);
		return -EINVAL;
	}
	edu = devm_kzalloc(&pdev->dev, struct_size(edu, queues, queues),
			   GFP_KERNEL);
	if (!edu)
		return -ENOMEM;
	pci_set_drvdata(pdev, edu);
	edu->pdev = pdev;
	edu->nr_queues = queues;
	mutex_init(&edu->engine);
	mutex_init(&edu->lock);

	ret = edu_enable(edu);
	if (ret)
		return ret;
	ret = edu_silence(edu);
	if (ret)
		return ret;
	ret = edu_create_domain(edu);
	if (ret)
		return ret;
	ret = edu_setup_queues(edu);
	if (ret)
		return ret;
	ret = edu_debugfs_add(edu);
	if (ret)
		return ret;

	/*
	 * May sleep from now on, if power/control of the device says "auto", and sends
	 * nothing then: your driver holds a reference while a queue works.
	 */
	pm_runtime_put_noidle(&pdev->dev);
	return 0;
}

/*
 * PCI has woken the device up, and it stays awake. Everything else was acquired
 * with devm_ and goes afterwards, in reverse order.
 */
static void edu_remove(struct pci_dev *pdev)
{
	pm_runtime_get_noresume(&pdev->dev);
}

static const struct pci_device_id edu_ids[] = {
	{ PCI_DEVICE(EDU_VENDOR_ID, EDU_DEVICE_ID) },
	{ }
};
MODULE_DEVICE_TABLE(pci, edu_ids);

static struct pci_driver edu_driver = {
	.name		= "ims_edu",
	.id_table	= edu_ids,
	.probe		= edu_probe,
	.remove		= edu_remove,
	.shutdown	= edu_shutdown,
	.err_handler	= &edu_err_handlers,
	.driver.pm	= &edu_pm,
};

static int __init edu_init(void)
{
	int ret;

	edu_debugfs_init();
	ret = pci_register_driver(&edu_driver);
	if (ret)
		edu_debugfs_exit();
	return ret;
}
module_init(edu_init);

static void __exit edu_exit(void)
{
	pci_unregister_driver(&edu_driver);
	edu_debugfs_exit();
}
module_exit(edu_exit);

MODULE_DESCRIPTION("Sample: QEMU's edu with an interrupt per queue from an IMS queue store");
MODULE_AUTHOR("ims maintainers");
MODULE_LICENSE("GPL");
