// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_old: a driver as it was written for the IMS patches of 2020 and 2021, on
 * two devices of QEMU's. It knows nothing of this project;
 * ../guest/compat2020 shows that it works.
 *
 * /sys/kernel/debug/ims_old/<device>/queues and control are those of the
 * samples, and control has more: old_control().
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "old.h"

static struct dentry *old_debugfs;

static irqreturn_t old_interrupt(int irq, void *data)
{
	struct old_queue *queue = data;

	WRITE_ONCE(queue->cpu, smp_processor_id());
	atomic_inc(&queue->handled);
	return IRQ_HANDLED;
}

static int old_open(struct old_queue *queue)
{
	struct old_device *old = queue->old;
	int irq = dev_msi_irq_vector(&old->part, queue - old->queues);
	int ret;

	if (queue->irq)
		return -EBUSY;
	ret = request_irq(irq, old_interrupt, 0, queue->name, queue);
	if (!ret)
		queue->irq = irq;
	return ret;
}

static void old_close(struct old_queue *queue)
{
	if (queue->irq)
		free_irq(queue->irq, queue);
	queue->irq = 0;
}

static int old_alloc_irqs(struct old_device *old)
{
	struct old_queue *queue = old->queues;
	struct msi_desc *entry;
	int ret;

	dev_set_msi_domain(&old->part, old->domain);
	if (old->ops->allocate)
		old->ops->allocate(true);
	ret = msi_domain_alloc_irqs(dev_get_msi_domain(&old->part), &old->part,
				    old->nr_queues);
	if (old->ops->allocate)
		old->ops->allocate(false);
	if (ret < 0) {
		dev_err(&old->part, "failed to allocate %u ims irqs (%d)\n",
			old->nr_queues, ret);
		return ret;
	}

	for_each_msi_entry(entry, &old->part) {
		queue->old = old;
		queue->hwirq = entry->device_msi.hwirq;
		/* Drivers asked in either way */
		if (dev_msi_hwirq(&old->part, queue - old->queues) !=
		    (int)queue->hwirq) {
			dev_err(&old->part, "slot %u has two numbers\n",
				queue->hwirq);
			ret = -EINVAL;
			goto err_request;
		}
		snprintf(queue->name, sizeof(queue->name), "old-queue-%u",
			 queue->hwirq & 0xffff);
		ret = request_irq(entry->irq, old_interrupt, 0, queue->name,
				  queue);
		if (ret)
			goto err_request;
		queue->irq = entry->irq;
		queue++;
	}
	return 0;

err_request:
	while (queue-- > old->queues)
		old_close(queue);
	msi_domain_free_irqs(old->domain, &old->part);
	return ret;
}

static void old_close_all(struct old_device *old)
{
	unsigned int i;

	for (i = 0; i < old->nr_queues; i++)
		old_close(&old->queues[i]);
}

static void old_free_irqs(struct old_device *old)
{
	old_close_all(old);
	msi_domain_free_irqs(old->domain, &old->part);
}

static int old_create_domain(struct old_device *old)
{
	old->domain = old->ops->create_domain(old);
	if (old->domain)
		return 0;
	dev_warn(&old->pdev->dev, "Fail to acquire IMS domain\n");
	return -ENODEV;
}

/* What no driver should do, but could: the domain goes before its interrupts */
static int old_remake(struct old_device *old)
{
	int ret;

	old_close_all(old);
	irq_domain_remove(old->domain);
	ret = old_create_domain(old);
	return ret ?: old_alloc_irqs(old);
}

static int old_renew(struct old_device *old)
{
	old_free_irqs(old);
	return old_alloc_irqs(old);
}

/* More than there are: none is allocated, and nothing stays of the attempt */
static int old_ask_for_too_many(struct old_device *old)
{
	int ret;

	old_free_irqs(old);
	ret = msi_domain_alloc_irqs(dev_get_msi_domain(&old->part), &old->part,
				    old->nr_queues + 1);
	if (!ret)
		msi_domain_free_irqs(old->domain, &old->part);
	return ret == -ENOSPC ? old_alloc_irqs(old) : -EPROTO;
}

static DECLARE_COMPLETION(old_guest_gone);

static void old_guest_release(struct device *dev)
{
	complete(&old_guest_gone);
}

static void old_guest_remove(struct old_device *old)
{
	device_unregister(&old->guest);
	wait_for_completion(&old_guest_gone);
}

static int old_guest_add(struct old_device *old)
{
	int ret;

	memset(&old->guest, 0, sizeof(old->guest));
	old->guest.parent = &old->pdev->dev;
	old->guest.release = old_guest_release;
	dev_set_name(&old->guest, "%s-guest", pci_name(old->pdev));
	ret = device_register(&old->guest);
	if (ret) {
		put_device(&old->guest);
		wait_for_completion(&old_guest_gone);
	}
	return ret;
}

/* A part comes, has a domain, and goes; and another at the same address */
static int old_guests(struct old_device *old)
{
	struct irq_domain *first, *second;
	int ret;

	ret = old_guest_add(old);
	if (ret)
		return ret;
	dev_set_msi_domain(&old->guest, old->domain);
	first = dev_get_msi_domain(&old->guest);
	old_guest_remove(old);

	ret = old_guest_add(old);
	if (ret)
		return ret;
	second = dev_get_msi_domain(&old->guest);
	old_guest_remove(old);
	return first != old->domain || second == old->domain ? -EEXIST : 0;
}

static int old_control(struct old_queue *queue, const char *command)
{
	struct old_device *old = queue->old;
	const struct old_ops *ops = old->ops;

	if (!strcmp(command, "open"))
		return old_open(queue);
	if (!strcmp(command, "fire")) {
		queue->fired++;
		return ops->fire(queue);
	}
	if (!strcmp(command, "write"))
		return ops->write_pasid(queue, 0x12345);
	if (!strcmp(command, "nowrite"))
		return ops->write_pasid(queue, 0);
	if (!strcmp(command, "written"))
		return ops->read_pasid(queue) == 0x12345 ? 0 : -EIO;
	if (!strcmp(command, "renew"))
		return old_renew(old);
	if (!strcmp(command, "remake"))
		return old_remake(old);
	if (!strcmp(command, "toomany"))
		return old_ask_for_too_many(old);
	if (!strcmp(command, "guests"))
		return old_guests(old);
	if (!strcmp(command, "free")) {
		msi_domain_free_irqs(old->domain, &old->part);
		return 0;
	}
	if (!queue->irq)
		return -ENXIO;

	if (!strcmp(command, "close"))
		old_close(queue);
	else if (!strcmp(command, "disable"))
		disable_irq(queue->irq);
	else if (!strcmp(command, "enable"))
		enable_irq(queue->irq);
	else if (!strcmp(command, "pasid") && ops->set_pasid)
		return ops->set_pasid(queue, 0x12345);
	else if (!strcmp(command, "nopasid") && ops->set_pasid)
		return ops->set_pasid(queue, 0);
	else
		return -EINVAL;
	return 0;
}

static ssize_t old_control_write(struct file *file, const char __user *from,
				 size_t size, loff_t *pos)
{
	struct old_device *old = file->private_data;
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
	    index >= old->nr_queues)
		return -EINVAL;

	mutex_lock(&old->lock);
	ret = old_control(&old->queues[index], command);
	mutex_unlock(&old->lock);
	return ret ?: size;
}

static const struct file_operations old_control_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= old_control_write,
};

static int old_queues_show(struct seq_file *m, void *unused)
{
	struct old_device *old = m->private;
	struct old_queue *queue;
	unsigned int i;

	seq_puts(m, "queue   irq cpu    fired  handled\n");
	for (i = 0; i < old->nr_queues; i++) {
		queue = &old->queues[i];
		seq_printf(m, "%5u %5d %3u %8u %8d\n", i, queue->irq,
			   READ_ONCE(queue->cpu), queue->fired,
			   atomic_read(&queue->handled));
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(old_queues);

static void old_part_release(struct device *dev)
{
	kfree(container_of(dev, struct old_device, part));
}

static int old_setup(struct old_device *old)
{
	int ret;

	ret = old->ops->create(old);
	if (!ret)
		ret = old_create_domain(old);
	if (ret) {
		old->ops->destroy(old);
		return ret;
	}
	old->queues = devm_kcalloc(&old->pdev->dev, old->nr_queues,
				   sizeof(*old->queues), GFP_KERNEL);
	ret = old->queues ? old_alloc_irqs(old) : -ENOMEM;
	if (ret) {
		irq_domain_remove(old->domain);
		old->ops->destroy(old);
	}
	return ret;
}

static int old_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct old_device *old;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);

	old = kzalloc(sizeof(*old), GFP_KERNEL);
	if (!old)
		return -ENOMEM;
	old->pdev = pdev;
	old->ops = (const struct old_ops *)id->driver_data;
	mutex_init(&old->lock);
	pci_set_drvdata(pdev, old);
	old->part.parent = &pdev->dev;
	old->part.release = old_part_release;
	dev_set_name(&old->part, "%s-part", pci_name(pdev));
	ret = device_register(&old->part);
	if (ret) {
		put_device(&old->part);
		return ret;
	}

	ret = old_setup(old);
	if (ret) {
		device_unregister(&old->part);
		return ret;
	}
	old->debugfs = debugfs_create_dir(pci_name(pdev), old_debugfs);
	debugfs_create_file("queues", 0400, old->debugfs, old, &old_queues_fops);
	debugfs_create_file("control", 0200, old->debugfs, old,
			    &old_control_fops);
	return 0;
}

static void old_remove(struct pci_dev *pdev)
{
	struct old_device *old = pci_get_drvdata(pdev);

	debugfs_remove_recursive(old->debugfs);
	if (old->domain) {
		old_free_irqs(old);
		irq_domain_remove(old->domain);
	}
	old->ops->destroy(old);
	device_unregister(&old->part);
}

static const struct pci_device_id old_ids[] = {
	{ PCI_DEVICE(0x1b36, 0x0006),
	  .driver_data = (kernel_ulong_t)&old_array_ops },
	{ PCI_DEVICE(0x1234, 0x11e8),
	  .driver_data = (kernel_ulong_t)&old_queue_ops },
	{ }
};
MODULE_DEVICE_TABLE(pci, old_ids);

static struct pci_driver old_driver = {
	.name		= "ims_old",
	.id_table	= old_ids,
	.probe		= old_probe,
	.remove		= old_remove,
};

static int __init old_init(void)
{
	int ret;

	old_debugfs = debugfs_create_dir("ims_old", NULL);
	ret = pci_register_driver(&old_driver);
	if (ret)
		debugfs_remove(old_debugfs);
	return ret;
}
module_init(old_init);

static void __exit old_exit(void)
{
	pci_unregister_driver(&old_driver);
	debugfs_remove(old_debugfs);
}
module_exit(old_exit);

MODULE_DESCRIPTION("Test: a driver for the IMS patches of 2020");
MODULE_LICENSE("GPL");
