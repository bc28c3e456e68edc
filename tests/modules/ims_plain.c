// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_plain.ko: a driver as any for a PCI function with MSI-X, which knows nothing of ims.
 * In a virtual machine it drives a part of samples/vfio that was given to that: a write of a
 * vector to the doorbell raises it.
 *
 * In /sys/kernel/debug/ims_plain a function has a folder, where counts says how often each
 * vector came, and who writes a vector to fire, or "vector times" to rounds, raises it.
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/seq_file.h>

#define PLAIN_VECTORS	16U
#define PLAIN_DOORBELL	0x000

struct plain_vector {
	unsigned int		count;
	struct completion	came;
};

struct plain {
	void __iomem		*regs;
	struct dentry		*dir;
	struct plain_vector	vectors[PLAIN_VECTORS];
};

static struct dentry *plain_dir;

static irqreturn_t plain_handler(int irq, void *data)
{
	struct plain_vector *vector = data;

	WRITE_ONCE(vector->count, vector->count + 1);
	complete(&vector->came);
	return IRQ_HANDLED;
}

static void plain_fire(struct plain *plain, unsigned int vector)
{
	iowrite32(vector, plain->regs + PLAIN_DOORBELL);
}

static int plain_set_fire(void *data, u64 vector)
{
	if (vector >= PLAIN_VECTORS)
		return -EINVAL;
	plain_fire(data, vector);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(plain_fire_fops, NULL, plain_set_fire, "%llu\n");

/* Raise a vector, wait for it, so many times: none may be missing */
static int plain_rounds(struct plain *plain, unsigned int vector,
			unsigned int times)
{
	struct completion *came = &plain->vectors[vector].came;

	reinit_completion(came);
	while (times--) {
		plain_fire(plain, vector);
		if (!wait_for_completion_timeout(came, 60 * HZ))
			return -ETIMEDOUT;
	}
	return 0;
}

static ssize_t plain_write_rounds(struct file *file, const char __user *buf,
				  size_t count, loff_t *pos)
{
	unsigned int vector, times;
	char text[32] = {};
	int ret;

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	if (sscanf(text, "%u %u", &vector, &times) != 2 ||
	    vector >= PLAIN_VECTORS)
		return -EINVAL;
	ret = plain_rounds(file->private_data, vector, times);
	return ret ?: count;
}

static const struct file_operations plain_rounds_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= plain_write_rounds,
};

static int plain_counts_show(struct seq_file *m, void *unused)
{
	struct plain *plain = m->private;
	unsigned int i;

	for (i = 0; i < PLAIN_VECTORS; i++)
		seq_printf(m, "%u%c", READ_ONCE(plain->vectors[i].count),
			   i + 1 < PLAIN_VECTORS ? ' ' : '\n');
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(plain_counts);

static void plain_free_vectors(void *pdev)
{
	pci_free_irq_vectors(pdev);
}

static int plain_request_vectors(struct plain *plain, struct pci_dev *pdev)
{
	unsigned int i;
	int ret;

	ret = pci_alloc_irq_vectors(pdev, PLAIN_VECTORS, PLAIN_VECTORS,
				    PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, plain_free_vectors, pdev);
	for (i = 0; i < PLAIN_VECTORS && !ret; i++) {
		init_completion(&plain->vectors[i].came);
		ret = devm_request_irq(&pdev->dev, pci_irq_vector(pdev, i),
				       plain_handler, 0, "ims_plain",
				       &plain->vectors[i]);
	}
	return ret;
}

static int plain_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct plain *plain;
	int ret;

	plain = devm_kzalloc(&pdev->dev, sizeof(*plain), GFP_KERNEL);
	if (!plain)
		return -ENOMEM;
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);
	plain->regs = pcim_iomap(pdev, 0, 0);
	if (!plain->regs)
		return -ENOMEM;
	ret = plain_request_vectors(plain, pdev);
	if (ret)
		return ret;
	plain->dir = debugfs_create_dir(pci_name(pdev), plain_dir);
	debugfs_create_file_unsafe("fire", 0200, plain->dir, plain,
				   &plain_fire_fops);
	debugfs_create_file("rounds", 0200, plain->dir, plain,
			    &plain_rounds_fops);
	debugfs_create_file("counts", 0400, plain->dir, plain,
			    &plain_counts_fops);
	pci_set_drvdata(pdev, plain);
	return 0;
}

static void plain_remove(struct pci_dev *pdev)
{
	struct plain *plain = pci_get_drvdata(pdev);

	debugfs_remove(plain->dir);
}

/* What a part of samples/vfio on a rocker says that it is */
static const struct pci_device_id plain_ids[] = {
	{ PCI_DEVICE(0x1b36, 0x0006) },
	{ }
};

static struct pci_driver plain_driver = {
	.name		= "ims_plain",
	.id_table	= plain_ids,
	.probe		= plain_probe,
	.remove		= plain_remove,
};

static int __init plain_init(void)
{
	int ret;

	plain_dir = debugfs_create_dir("ims_plain", NULL);
	ret = pci_register_driver(&plain_driver);
	if (ret)
		debugfs_remove(plain_dir);
	return ret;
}
module_init(plain_init);

static void __exit plain_exit(void)
{
	pci_unregister_driver(&plain_driver);
	debugfs_remove(plain_dir);
}
module_exit(plain_exit);

MODULE_DESCRIPTION("Test: a driver of MSI-X that knows nothing of ims");
MODULE_LICENSE("GPL");
