// SPDX-License-Identifier: GPL-2.0-only
/*
 * To see and try the queues: /sys/kernel/debug/ims_rocker/<device>/queues (read)
 * and control (write).
 */
#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pm_runtime.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "rocker.h"

static struct dentry *rocker_debugfs;

static void rocker_queue_fire(struct rocker_queue *queue)
{
	queue->fired++;
	iowrite32(queue->index, queue->rocker->regs + ROCKER_TEST_IRQ);
}

/* What the device has to be awake for */
static int rocker_control_awake(struct rocker_queue *queue, const char *command)
{
	struct device *dev = &queue->rocker->pdev->dev;
	int ret;

	ret = pm_runtime_resume_and_get(dev);
	if (ret)
		return ret;
	if (!strcmp(command, "open"))
		ret = rocker_queue_open(queue);
	else
		rocker_queue_fire(queue);
	pm_runtime_put(dev);
	return ret;
}

static int rocker_control(struct rocker_queue *queue, const char *command)
{
	/* The device can fire whether somebody listens or not */
	if (!strcmp(command, "open") || !strcmp(command, "fire"))
		return rocker_control_awake(queue, command);
	if (!queue->map.virq)
		return -ENXIO;

	/* These may come while it sleeps: they are restored with the rest */
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

static void rocker_debugfs_remove(void *data)
{
	debugfs_remove_recursive(data);
}

int rocker_debugfs_add(struct rocker *rocker)
{
	struct dentry *dir;

	dir = debugfs_create_dir(pci_name(rocker->pdev), rocker_debugfs);
	debugfs_create_file("queues", 0400, dir, rocker, &rocker_queues_fops);
	debugfs_create_file("control", 0200, dir, rocker,
			    &rocker_control_fops);
	return devm_add_action_or_reset(&rocker->pdev->dev,
					rocker_debugfs_remove, dir);
}

void rocker_debugfs_init(void)
{
	rocker_debugfs = debugfs_create_dir("ims_rocker", NULL);
}

void rocker_debugfs_exit(void)
{
	debugfs_remove(rocker_debugfs);
}
