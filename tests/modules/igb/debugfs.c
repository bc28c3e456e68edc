// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two files of a function in debugfs, as those of ims_rocker: queues lists the
 * interrupts, and control takes "fire N".
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "igb.h"

static struct dentry *igb_debugfs;

static int igb_fire(struct igb *igb, unsigned int index)
{
	int ret = 0;

	mutex_lock(&igb->lock);
	if (index >= igb->nr_vectors) {
		ret = -EINVAL;
	} else if (igb->away) {
		ret = -EBUSY;
	} else {
		igb->vectors[index].fired++;
		iowrite32(BIT(index), igb->regs + IGB_EICS);
	}
	mutex_unlock(&igb->lock);
	return ret;
}

/* "fire VECTOR" */
static ssize_t igb_control_write(struct file *file, const char __user *from,
				 size_t size, loff_t *pos)
{
	unsigned int index;
	char text[16];

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, size))
		return -EFAULT;
	text[size] = '\0';
	if (sscanf(text, "fire %u", &index) != 1)
		return -EINVAL;
	return igb_fire(file->private_data, index) ?: size;
}

static const struct file_operations igb_control_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= igb_control_write,
};

static int igb_queues_show(struct seq_file *m, void *unused)
{
	struct igb *igb = m->private;
	struct igb_vector *vector;
	unsigned int i;

	seq_puts(m, "queue   irq cpu    fired  handled\n");
	mutex_lock(&igb->lock);
	for (i = 0; i < igb->nr_vectors; i++) {
		vector = &igb->vectors[i];
		seq_printf(m, "%5u %5d %3u %8u %8d\n", i, vector->virq,
			   READ_ONCE(vector->cpu), vector->fired,
			   atomic_read(&vector->handled));
	}
	mutex_unlock(&igb->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(igb_queues);

static void igb_remove_debugfs(void *dir)
{
	debugfs_remove_recursive(dir);
}

int igb_add_debugfs(struct igb *igb)
{
	struct dentry *dir;

	dir = debugfs_create_dir(pci_name(igb->pdev), igb_debugfs);
	debugfs_create_file("queues", 0400, dir, igb, &igb_queues_fops);
	debugfs_create_file("control", 0200, dir, igb, &igb_control_fops);
	return devm_add_action_or_reset(&igb->pdev->dev, igb_remove_debugfs,
					dir);
}

void igb_debugfs_init(void)
{
	igb_debugfs = debugfs_create_dir(KBUILD_MODNAME, NULL);
}

void igb_debugfs_exit(void)
{
	debugfs_remove(igb_debugfs);
}
