// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_rocker: a vendor driver with an interrupt per queue, from an array store.
 *
 * Copy this to start a driver of your own. The device is QEMU's rocker switch,
 * which anyone can have: its MSI-X table is an array of standard slots in BAR 1,
 * and here it plays the part of an IMS array. What is particular to rocker is
 * marked "rocker:"; a device with a real IMS has its array in a BAR of its own
 * and leaves MSI-X to the kernel. power.c has resets, sleep and kexec; leave out
 * debugfs.c, by which the tests fire.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include "rocker.h"

#define ROCKER_VENDOR_ID	0x1b36
#define ROCKER_DEVICE_ID	0x0006
#define ROCKER_REGS_BAR		0

static bool mask_now;
module_param(mask_now, bool, 0444);
MODULE_PARM_DESC(mask_now,
		 "Mask in the device as soon as a queue's interrupt is disabled, not when the next one comes in (default: N)");

static irqreturn_t rocker_queue_interrupt(int irq, void *data)
{
	struct rocker_queue *queue = data;

	WRITE_ONCE(queue->cpu, smp_processor_id());
	atomic_inc(&queue->handled);
	return IRQ_HANDLED;
}

int rocker_queue_open(struct rocker_queue *queue)
{
	struct rocker *rocker = queue->rocker;
	struct device_msi_req req = { .slots = DEVICE_MSI_SLOT(queue->index) };
	int ret;

	if (queue->map.virq)
		return -EBUSY;

	queue->map = device_msi_alloc_irq(rocker->msi, &rocker->pdev->dev,
					  &req);
	if (queue->map.index < 0) {
		ret = queue->map.index;
		goto err_closed;
	}

	if (mask_now)
		irq_set_status_flags(queue->map.virq, IRQ_DISABLE_UNLAZY);

	ret = request_irq(queue->map.virq, rocker_queue_interrupt, 0,
			  queue->name, queue);
	if (ret)
		goto err_free;
	return 0;

err_free:
	device_msi_free_irq(rocker->msi, &rocker->pdev->dev, queue->map);
err_closed:
	queue->map.virq = 0;
	return ret;
}

void rocker_queue_close(struct rocker_queue *queue)
{
	if (!queue->map.virq)
		return;
	free_irq(queue->map.virq, queue);
	device_msi_free_irq(queue->rocker->msi, &queue->rocker->pdev->dev,
			    queue->map);
	queue->map.virq = 0;
}

/*
 * rocker: the MSI-X table is the array, so MSI-X is switched on by hand, with
 * the kernel's use of it left out. A device with an IMS of its own maps the
 * BAR of its array here and needs none of this.
 */
void rocker_enable_msix(struct pci_dev *pdev)
{
	u16 flags;

	pci_read_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, &flags);
	pci_write_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS,
			      flags | PCI_MSIX_FLAGS_ENABLE);
}

static int rocker_map_array(struct rocker *rocker, struct ims_window *window)
{
	struct pci_dev *pdev = rocker->pdev;
	u32 table;
	u8 bar;

	pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_TABLE, &table);
	bar = table & PCI_MSIX_TABLE_BIR;
	table &= PCI_MSIX_TABLE_OFFSET;

	window->base = pcim_iomap(pdev, bar, 0);
	if (!window->base)
		return -ENOMEM;
	window->base += table;
	window->size = pci_resource_len(pdev, bar) - table;
	window->nr_slots = rocker->nr_queues;

	rocker_enable_msix(pdev);
	return 0;
}

/* rocker: undo what rocker_map_array() switched on */
static void rocker_disable_msix(void *data)
{
	struct pci_dev *pdev = data;
	u16 flags;

	pci_read_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, &flags);
	pci_write_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS,
			      flags & ~PCI_MSIX_FLAGS_ENABLE);
}

static void rocker_close_queues(void *data)
{
	struct rocker *rocker = data;
	unsigned int i;

	for (i = 0; i < rocker->nr_queues; i++)
		rocker_queue_close(&rocker->queues[i]);
}

static int rocker_open_queues(struct rocker *rocker)
{
	struct rocker_queue *queue;
	unsigned int i;
	int ret;

	ret = devm_add_action(&rocker->pdev->dev, rocker_close_queues, rocker);
	if (ret)
		return ret;

	for (i = 0; i < rocker->nr_queues; i++) {
		queue = &rocker->queues[i];
		queue->rocker = rocker;
		queue->index = i;
		snprintf(queue->name, sizeof(queue->name), "rocker-queue-%u", i);
		ret = rocker_queue_open(queue);
		if (ret)
			return dev_err_probe(&rocker->pdev->dev, ret,
					     "queue %u has no interrupt\n", i);
	}
	return 0;
}

static int rocker_create_domain(struct rocker *rocker)
{
	struct pci_dev *pdev = rocker->pdev;
	struct ims_window window = {};
	struct ims_array_info info = {
		.layout		= &ims_layout_standard,
		.windows	= &window,
		.nr_windows	= 1,
	};
	int ret;

	ret = rocker_map_array(rocker, &window);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, rocker_disable_msix, pdev);
	if (ret)
		return ret;

	rocker->msi = devm_ims_array_create_domain(&pdev->dev, &info);
	if (IS_ERR(rocker->msi))
		return dev_err_probe(&pdev->dev, PTR_ERR(rocker->msi),
				     "no interrupts from the array\n");
	return 0;
}

/*
 * Bus mastering comes after the array. A message is a write of the device, and the
 * array may hold messages of a kernel that ran before this one, until it has become
 * a domain: then every slot is masked and empty.
 */
static int rocker_setup(struct rocker *rocker)
{
	struct pci_dev *pdev = rocker->pdev;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_save_state(pdev);	/* for rocker_slot_reset() */

	rocker->regs = pcim_iomap(pdev, ROCKER_REGS_BAR, 0);
	if (!rocker->regs)
		return -ENOMEM;

	ret = rocker_create_domain(rocker);
	if (ret)
		return ret;
	pci_set_master(pdev);

	ret = rocker_open_queues(rocker);
	if (ret)
		return ret;
	return rocker_debugfs_add(rocker);
}

static int rocker_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	struct rocker *rocker;
	int nr_queues;
	int ret;

	nr_queues = pci_msix_vec_count(pdev);	/* rocker: its array is that table */
	if (nr_queues < 0)
		return dev_err_probe(dev, nr_queues,
				     "no MSI-X capability, so no array of slots\n");

	rocker = devm_kzalloc(dev, struct_size(rocker, queues, nr_queues),
			      GFP_KERNEL);
	if (!rocker)
		return -ENOMEM;
	pci_set_drvdata(pdev, rocker);
	rocker->pdev = pdev;
	rocker->nr_queues = nr_queues;
	mutex_init(&rocker->lock);

	ret = rocker_setup(rocker);
	if (ret)
		return ret;

	/*
	 * May sleep from now on, if power/control of the device says "auto", and sends
	 * nothing then: your driver holds a reference while a queue works.
	 */
	pm_runtime_put_noidle(dev);
	return 0;
}

/*
 * PCI has woken the device up, and it stays awake. Everything else was acquired
 * with devm_ and goes afterwards, in reverse order.
 */
static void rocker_remove(struct pci_dev *pdev)
{
	pm_runtime_get_noresume(&pdev->dev);
}

static const struct pci_device_id rocker_ids[] = {
	{ PCI_DEVICE(ROCKER_VENDOR_ID, ROCKER_DEVICE_ID) },
	{ }
};
MODULE_DEVICE_TABLE(pci, rocker_ids);

static struct pci_driver rocker_driver = {
	.name		= "ims_rocker",
	.id_table	= rocker_ids,
	.probe		= rocker_probe,
	.remove		= rocker_remove,
	.shutdown	= rocker_shutdown,
	.err_handler	= &rocker_err_handlers,
	.driver.pm	= &rocker_pm,
};

static int __init rocker_init(void)
{
	int ret;

	rocker_debugfs_init();
	ret = pci_register_driver(&rocker_driver);
	if (ret)
		rocker_debugfs_exit();
	return ret;
}
module_init(rocker_init);

static void __exit rocker_exit(void)
{
	pci_unregister_driver(&rocker_driver);
	rocker_debugfs_exit();
}
module_exit(rocker_exit);

MODULE_DESCRIPTION("Sample: QEMU's rocker with an interrupt per queue from an IMS array");
MODULE_AUTHOR("ims maintainers");
MODULE_LICENSE("GPL");
