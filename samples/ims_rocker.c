// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_rocker: a vendor driver with an interrupt per queue, from an array store.
 *
 * Copy this to start a driver of your own. The device is QEMU's rocker switch,
 * which anyone can have: its MSI-X table is an array of standard slots in BAR 1,
 * and here it plays the part of an IMS array. What is particular to rocker is
 * marked "rocker:"; a device with a real IMS has its array in a BAR of its own
 * and leaves MSI-X to the kernel.
 *
 * The interrupts are seen and tried through
 * /sys/kernel/debug/ims_rocker/<device>/queues (read) and control (write).
 */
#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <ims/ims.h>

#define ROCKER_VENDOR_ID	0x1b36
#define ROCKER_DEVICE_ID	0x0006
#define ROCKER_REGS_BAR		0
#define ROCKER_TEST_IRQ		0x20	/* write N: send message N */

static bool mask_now;
module_param(mask_now, bool, 0444);
MODULE_PARM_DESC(mask_now,
		 "Mask in the device as soon as a queue's interrupt is disabled, not when the next one comes in (default: N)");

static struct dentry *rocker_debugfs;

struct rocker;

/**
 * struct rocker_queue - One queue, with an interrupt of its own
 * @rocker:	the device
 * @index:	the queue's number; its interrupt is in the slot of this number
 * @map:	the interrupt; map.virq is 0 while the queue is closed
 * @fired:	messages that the device was asked to send
 * @handled:	interrupts that arrived
 * @cpu:	where the last one arrived
 * @name:	in /proc/interrupts
 */
struct rocker_queue {
	struct rocker	*rocker;
	unsigned int	index;
	struct msi_map	map;
	unsigned int	fired;
	atomic_t	handled;
	unsigned int	cpu;
	char		name[32];
};

struct rocker {
	struct pci_dev			*pdev;
	void __iomem			*regs;
	struct device_msi_domain	*msi;
	struct dentry			*debugfs;
	struct mutex			lock;	/* opening, closing, firing */
	unsigned int			nr_queues;
	struct rocker_queue		queues[];
};

static irqreturn_t rocker_queue_interrupt(int irq, void *data)
{
	struct rocker_queue *queue = data;

	WRITE_ONCE(queue->cpu, smp_processor_id());
	atomic_inc(&queue->handled);
	return IRQ_HANDLED;
}

static int rocker_queue_open(struct rocker_queue *queue)
{
	struct rocker *rocker = queue->rocker;
	struct device_msi_req req = { .index = queue->index };
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

static void rocker_queue_close(struct rocker_queue *queue)
{
	if (!queue->map.virq)
		return;
	free_irq(queue->map.virq, queue);
	device_msi_free_irq(queue->rocker->msi, &queue->rocker->pdev->dev,
			    queue->map);
	queue->map.virq = 0;
}

static void rocker_queue_fire(struct rocker_queue *queue)
{
	queue->fired++;
	iowrite32(queue->index, queue->rocker->regs + ROCKER_TEST_IRQ);
}

static int rocker_control(struct rocker_queue *queue, const char *command)
{
	if (!strcmp(command, "open"))
		return rocker_queue_open(queue);
	/* The device can fire whether somebody listens or not */
	if (!strcmp(command, "fire")) {
		rocker_queue_fire(queue);
		return 0;
	}
	if (!queue->map.virq)
		return -ENXIO;

	if (!strcmp(command, "close"))
		rocker_queue_close(queue);
	else if (!strcmp(command, "disable"))
		disable_irq(queue->map.virq);
	else if (!strcmp(command, "enable"))
		enable_irq(queue->map.virq);
	else
		return -EINVAL;
	return 0;
}

/* "open|close|fire|disable|enable QUEUE" */
static ssize_t rocker_control_write(struct file *file, const char __user *from,
				    size_t size, loff_t *pos)
{
	struct rocker *rocker = file->private_data;
	unsigned int index;
	char command[8];
	char text[32];
	int ret;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, size))
		return -EFAULT;
	text[size] = '\0';
	if (sscanf(text, "%7s %u", command, &index) != 2 ||
	    index >= rocker->nr_queues)
		return -EINVAL;

	mutex_lock(&rocker->lock);
	ret = rocker_control(&rocker->queues[index], command);
	mutex_unlock(&rocker->lock);
	return ret ?: size;
}

static const struct file_operations rocker_control_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= rocker_control_write,
};

static int rocker_queues_show(struct seq_file *m, void *unused)
{
	struct rocker *rocker = m->private;
	struct rocker_queue *queue;
	unsigned int i;

	seq_puts(m, "queue   irq cpu    fired  handled\n");
	mutex_lock(&rocker->lock);
	for (i = 0; i < rocker->nr_queues; i++) {
		queue = &rocker->queues[i];
		seq_printf(m, "%5u %5d %3u %8u %8d\n", i, queue->map.virq,
			   READ_ONCE(queue->cpu), queue->fired,
			   atomic_read(&queue->handled));
	}
	mutex_unlock(&rocker->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(rocker_queues);

/*
 * rocker: the MSI-X table is the array, so MSI-X is switched on by hand, with
 * the kernel's use of it left out. A device with an IMS of its own maps the
 * BAR of its array here and needs none of this.
 */
static void rocker_enable_msix(struct pci_dev *pdev)
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

static void rocker_remove_debugfs(void *data)
{
	debugfs_remove_recursive(data);
}

static int rocker_add_debugfs(struct rocker *rocker)
{
	struct dentry *dir;

	dir = debugfs_create_dir(pci_name(rocker->pdev), rocker_debugfs);
	debugfs_create_file("queues", 0400, dir, rocker, &rocker_queues_fops);
	debugfs_create_file("control", 0200, dir, rocker,
			    &rocker_control_fops);
	return devm_add_action_or_reset(&rocker->pdev->dev,
					rocker_remove_debugfs, dir);
}

static int rocker_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	struct ims_window window = {};
	struct ims_array_info info = {
		.layout		= &ims_layout_standard,
		.windows	= &window,
		.nr_windows	= 1,
	};
	struct rocker *rocker;
	int nr_queues;
	int ret;

	nr_queues = pci_msix_vec_count(pdev);
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

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);	/* a message is a write of the device */

	rocker->regs = pcim_iomap(pdev, ROCKER_REGS_BAR, 0);
	if (!rocker->regs)
		return -ENOMEM;

	ret = rocker_map_array(rocker, &window);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(dev, rocker_disable_msix, pdev);
	if (ret)
		return ret;

	rocker->msi = devm_ims_array_create_domain(dev, &info);
	if (IS_ERR(rocker->msi))
		return dev_err_probe(dev, PTR_ERR(rocker->msi),
				     "no interrupts from the array\n");

	ret = rocker_open_queues(rocker);
	if (ret)
		return ret;
	return rocker_add_debugfs(rocker);
}

/*
 * The device was reset, or comes back from sleep: PCI has restored its config
 * space, its slots may be empty. Interrupts stay requested all the time.
 */
static int rocker_restore(struct pci_dev *pdev)
{
	struct rocker *rocker = pci_get_drvdata(pdev);

	rocker_enable_msix(pdev);
	return device_msi_restore(rocker->msi);
}

static void rocker_reset_done(struct pci_dev *pdev)
{
	if (rocker_restore(pdev))
		pci_err(pdev, "no interrupts after the reset\n");
}

static const struct pci_error_handlers rocker_err_handlers = {
	.reset_done = rocker_reset_done,
};

static int __maybe_unused rocker_resume(struct device *dev)
{
	return rocker_restore(to_pci_dev(dev));
}

static const struct dev_pm_ops rocker_pm = {
	SET_SYSTEM_SLEEP_PM_OPS(NULL, rocker_resume)
};

static const struct pci_device_id rocker_ids[] = {
	{ PCI_DEVICE(ROCKER_VENDOR_ID, ROCKER_DEVICE_ID) },
	{ }
};
MODULE_DEVICE_TABLE(pci, rocker_ids);

/* No remove(): everything was acquired with devm_ and goes in reverse order */
static struct pci_driver rocker_driver = {
	.name		= "ims_rocker",
	.id_table	= rocker_ids,
	.probe		= rocker_probe,
	.err_handler	= &rocker_err_handlers,
	.driver.pm	= &rocker_pm,
};

static int __init rocker_init(void)
{
	int ret;

	rocker_debugfs = debugfs_create_dir("ims_rocker", NULL);
	ret = pci_register_driver(&rocker_driver);
	if (ret)
		debugfs_remove(rocker_debugfs);
	return ret;
}
module_init(rocker_init);

static void __exit rocker_exit(void)
{
	pci_unregister_driver(&rocker_driver);
	debugfs_remove(rocker_debugfs);
}
module_exit(rocker_exit);

MODULE_DESCRIPTION("Sample: QEMU's rocker with an interrupt per queue from an IMS array");
MODULE_LICENSE("GPL");
