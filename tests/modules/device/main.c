// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_device: a driver with an interrupt per queue, for the device of
 * devices/ims, whose store is what the module parameters say. Used as
 * ims_rocker is, through the same files in debugfs.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "device.h"

char *test_store = "array";
module_param_named(store, test_store, charp, 0444);
MODULE_PARM_DESC(store, "array, queue (device-internal memory) or host (host memory)");

char *test_layout = "standard";
module_param_named(layout, test_layout, charp, 0444);
MODULE_PARM_DESC(layout, "a name in layouts.c");

static unsigned int nr_queues = 16;
module_param_named(queues, nr_queues, uint, 0444);

unsigned int test_slots = 64;
module_param_named(slots, test_slots, uint, 0444);
MODULE_PARM_DESC(slots, "in the store; 0: there is no limit (store=queue)");

unsigned int test_windows = 1;
module_param_named(windows, test_windows, uint, 0444);
MODULE_PARM_DESC(windows, "1 or 2 (array)");

unsigned int test_first;
module_param_named(first, test_first, uint, 0444);
MODULE_PARM_DESC(first, "slot of queue 0");

unsigned int test_step = 1;
module_param_named(step, test_step, uint, 0444);
MODULE_PARM_DESC(step, "from the slot of a queue to that of the next");

unsigned int test_reserved[2];
module_param_array_named(reserved, test_reserved, uint, NULL, 0444);
MODULE_PARM_DESC(reserved, "first slot set aside, and how many (array)");

bool test_mask_now;
module_param_named(mask_now, test_mask_now, bool, 0444);

bool test_keeps_pending = true;
module_param_named(pending, test_keeps_pending, bool, 0444);
MODULE_PARM_DESC(pending, "the device sends on unmask what came in meanwhile (array)");

unsigned int test_timeout = 500;
module_param_named(timeout, test_timeout, uint, 0444);
MODULE_PARM_DESC(timeout, "milliseconds until a command is given up");

unsigned int test_batch = MAILBOX_ENTRIES;
module_param_named(batch, test_batch, uint, 0444);
MODULE_PARM_DESC(batch, "most slots per command");

static unsigned int ones;
module_param(ones, uint, 0644);
MODULE_PARM_DESC(ones, "which read of the store answers all ones once at creation (array)");

static bool closed;
module_param(closed, bool, 0444);
MODULE_PARM_DESC(closed, "open no queue at first");

struct dentry *test_debugfs;

/* The device knows nothing after a reset */
void test_configure(struct test_device *device)
{
	if (test_is_array())
		test_apply_layout(device);
	else
		test_apply_commands(device);
}

static void test_free_all(void *data)
{
	struct test_device *device = data;

	test_close_queues(device);
	device_msi_free_irqs(device->msi, &device->pdev->dev);
	kvfree(device->extra);
	device_msi_release_domain(device->msi);
	if (device->commands.live)
		pci_err(device->pdev, "%u shadows were not put\n",
			device->commands.live);
	test_write(device, REG_RESET, 1);
}

static int test_setup_msi(struct test_device *device)
{
	struct device *dev = &device->pdev->dev;
	unsigned int i;
	int ret;

	test_write(device, REG_RESET, 1);
	ret = test_find_layout(device);
	if (ret)
		return ret;
	if (test_is_array()) {
		test_apply_layout(device);
		test_write(device, REG_ONES, ones);
		device->msi = test_create_array(device);
	} else {
		device->msi = test_create_queue(device);
	}
	if (IS_ERR(device->msi))
		return dev_err_probe(dev, PTR_ERR(device->msi),
				     "no interrupts from store %s, layout %s\n",
				     test_store, test_layout);

	for (i = 0; i < device->nr_queues; i++) {
		device->queues[i].device = device;
		device->queues[i].slot = test_first + i * test_step;
		snprintf(device->queues[i].name, sizeof(device->queues[i].name),
			 "device-queue-%u", i);
	}
	ret = devm_add_action_or_reset(dev, test_free_all, device);
	if (ret || closed)
		return ret;
	ret = test_open_queues(device);
	return ret ? dev_err_probe(dev, ret, "a queue has no interrupt\n") : 0;
}

static int test_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	struct test_device *device;
	int ret;

	device = devm_kzalloc(dev, struct_size(device, queues, nr_queues),
			      GFP_KERNEL);
	if (!device)
		return -ENOMEM;
	pci_set_drvdata(pdev, device);
	device->pdev = pdev;
	device->nr_queues = nr_queues;
	mutex_init(&device->lock);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);	/* a message is a write of the device */
	ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(32));
	if (ret)
		return ret;

	device->regs = pcim_iomap(pdev, 0, 0);
	device->slots = pcim_iomap(pdev, SLOTS_BAR, 0);
	device->more = pcim_iomap(pdev, MORE_BAR, 0);
	if (!device->regs || !device->slots || !device->more)
		return -ENOMEM;
	if (test_read(device, REG_ID) != DEVICE_ID)
		return dev_err_probe(dev, -ENODEV,
				     "not the device of devices/ims\n");

	ret = test_setup_msi(device);
	return ret ?: test_add_debugfs(device);
}

static const struct pci_device_id test_ids[] = {
	{ PCI_DEVICE(0x1234, 0x1a5e) },
	{ }
};
MODULE_DEVICE_TABLE(pci, test_ids);

static struct pci_driver test_driver = {
	.name		= "ims_device",
	.id_table	= test_ids,
	.probe		= test_probe,
};

static int __init test_init(void)
{
	int ret;

	test_debugfs = debugfs_create_dir("ims_device", NULL);
	ret = pci_register_driver(&test_driver);
	if (ret)
		debugfs_remove(test_debugfs);
	return ret;
}
module_init(test_init);

static void __exit test_exit(void)
{
	pci_unregister_driver(&test_driver);
	debugfs_remove(test_debugfs);
}
module_exit(test_exit);

MODULE_DESCRIPTION("Test: a device with an interrupt message store of any kind");
MODULE_LICENSE("GPL");
