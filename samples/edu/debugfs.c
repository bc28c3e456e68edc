// SPDX-License-Identifier: GPL-2.0-only
/*
 * To see and try the queues: /sys/kernel/debug/ims_edu/<device>/queues (read)
 * and control (write).
 */
#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/pm_runtime.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "edu.h"

static struct dentry *edu_debugfs;

static int edu_verify(struct edu *edu, bool repair)
{
	int wrong = device_msi_verify(edu->msi, repair);

	return wrong > 0 && !repair ? -EIO : min(wrong, 0);
}

static int edu_control(struct edu_queue *queue, const char *command)
{
	struct edu *edu = queue->edu;

	/* These are about all queues */
	if (!strcmp(command, "sync"))
		return device_msi_synchronize(edu->msi);
	if (!strcmp(command, "verify"))
		return edu_verify(edu, false);
	if (!strcmp(command, "repair"))
		return edu_verify(edu, true);

	if (!strcmp(command, "open"))
		return edu_queue_open(queue);
	if (!queue->map.virq)
		return -ENXIO;

	if (!strcmp(command, "close"))
		edu_queue_close(queue);
	else if (!strcmp(command, "disable"))
		disable_irq(queue->map.virq);
	else if (!strcmp(command, "enable"))
		enable_irq(queue->map.virq);
	else
		return -EINVAL;
	return 0;
}

static int edu_control_locked(struct edu_queue *queue, const char *command)
{
	int ret;

	mutex_lock(&queue->edu->lock);
	ret = edu_control(queue, command);
	mutex_unlock(&queue->edu->lock);
	return ret;
}

/* "open|close|fire|disable|enable|sync|verify|repair QUEUE" */
static ssize_t edu_control_write(struct file *file, const char __user *from,
				 size_t size, loff_t *pos)
{
	struct edu *edu = file->private_data;
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
	    index >= edu->nr_queues)
		return -EINVAL;

	/* These may come while the device sleeps: they are restored with the rest */
	if (!strcmp(command, "close") || !strcmp(command, "disable") ||
	    !strcmp(command, "enable"))
		return edu_control_locked(&edu->queues[index], command) ?: size;

	ret = pm_runtime_resume_and_get(&edu->pdev->dev);
	if (ret)
		return ret;
	/* Events come whether somebody listens, and whatever is going on */
	if (!strcmp(command, "fire"))
		ret = edu_queue_event(&edu->queues[index]);
	else
		ret = edu_control_locked(&edu->queues[index], command);
	pm_runtime_put(&edu->pdev->dev);
	return ret ?: size;
}

static const struct file_operations edu_control_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= edu_control_write,
};

static int edu_queues_show(struct seq_file *m, void *unused)
{
	struct edu *edu = m->private;
	struct edu_queue *queue;
	unsigned int i;

	seq_puts(m, "queue   irq cpu    fired  handled\n");
	mutex_lock(&edu->lock);
	for (i = 0; i < edu->nr_queues; i++) {
		queue = &edu->queues[i];
		seq_printf(m, "%5u %5d %3u %8u %8d\n", i, queue->map.virq,
			   READ_ONCE(queue->cpu), READ_ONCE(queue->fired),
			   atomic_read(&queue->handled));
	}
	mutex_unlock(&edu->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(edu_queues);

static void edu_debugfs_remove(void *data)
{
	debugfs_remove_recursive(data);
}

int edu_debugfs_add(struct edu *edu)
{
	struct dentry *dir;

	dir = debugfs_create_dir(pci_name(edu->pdev), edu_debugfs);
	debugfs_create_file("queues", 0400, dir, edu, &edu_queues_fops);
	debugfs_create_file("control", 0200, dir, edu, &edu_control_fops);
	return devm_add_action_or_reset(&edu->pdev->dev, edu_debugfs_remove,
					dir);
}

void edu_debugfs_init(void)
{
	edu_debugfs = debugfs_create_dir("ims_edu", NULL);
}

void edu_debugfs_exit(void)
{
	debugfs_remove(edu_debugfs);
}
