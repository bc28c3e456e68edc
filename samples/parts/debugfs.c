// SPDX-License-Identifier: GPL-2.0-only
/*
 * To see and try the parts: /sys/kernel/debug/ims_parts/<part>/queues (read) and
 * control (write).
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "parts.h"

static struct dentry *parts_debugfs;

/* One interrupt more, which nobody requests, until the driver unbinds */
static int parts_one_more(struct parts_part *part)
{
	return devm_device_msi_alloc_irq(part->function->msi, &part->aux.dev,
					 NULL).index;
}

static int parts_control(struct parts_driven *driven, const char *command,
			 unsigned int number)
{
	struct parts_part *part = driven->part;
	struct parts_queue *queue;

	if (!strcmp(command, "more"))
		return parts_one_more(part);
	if (!strcmp(command, "forge")) {	/* a slot of whomever */
		parts_work(part->function, part->pasid, number);
		return 0;
	}
	if (strcmp(command, "fire") || number >= PARTS_QUEUES)
		return -EINVAL;
	queue = &driven->queues[number];
	queue->fired++;
	parts_work(part->function, part->pasid, queue->map.index);
	return 0;
}

/* "fire QUEUE", "forge SLOT", "more 1" */
static ssize_t parts_control_write(struct file *file, const char __user *from,
				   size_t size, loff_t *pos)
{
	struct parts_driven *driven = file->private_data;
	unsigned int number;
	char command[8];
	char text[32];
	int ret;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, size))
		return -EFAULT;
	text[size] = '\0';
	if (sscanf(text, "%7s %u", command, &number) != 2)
		return -EINVAL;
	ret = parts_control(driven, command, number);
	return ret < 0 ? ret : size;
}

static const struct file_operations parts_control_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= parts_control_write,
};

static int parts_queues_show(struct seq_file *m, void *unused)
{
	struct parts_driven *driven = m->private;
	struct parts_queue *queue;
	unsigned int i;

	seq_puts(m, "queue   irq cpu    fired  handled slot pasid\n");
	for (i = 0; i < PARTS_QUEUES; i++) {
		queue = &driven->queues[i];
		seq_printf(m, "%5u %5d %3u %8u %8d %4d %5x\n", i,
			   queue->map.virq, READ_ONCE(queue->cpu), queue->fired,
			   atomic_read(&queue->handled), queue->map.index,
			   driven->part->pasid);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(parts_queues);

static void parts_debugfs_remove(void *data)
{
	debugfs_remove_recursive(data);
}

int parts_debugfs_add(struct parts_driven *driven)
{
	struct device *dev = &driven->part->aux.dev;
	struct dentry *dir = debugfs_create_dir(dev_name(dev), parts_debugfs);

	debugfs_create_file("queues", 0400, dir, driven, &parts_queues_fops);
	debugfs_create_file("control", 0200, dir, driven, &parts_control_fops);
	return devm_add_action_or_reset(dev, parts_debugfs_remove, dir);
}

void parts_debugfs_init(void)
{
	parts_debugfs = debugfs_create_dir("ims_parts", NULL);
}

void parts_debugfs_exit(void)
{
	debugfs_remove(parts_debugfs);
}
