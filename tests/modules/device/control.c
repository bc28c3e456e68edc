// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trying the device, through /sys/kernel/debug/ims_device/<device>/: queues, slots,
 * pending and state (read) and control (write). Commands are "WORD NUMBER [NUMBER]".
 */
#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "device.h"

static int test_run(struct test_device *device, u32 count)
{
	unsigned int i;

	test_write(device, REG_COUNT, count);
	for (i = 0; i < device->nr_queues; i++)
		if (device->queues[i].map.virq)
			test_write(device, REG_RUN, device->queues[i].slot);
	return 0;
}

static int test_stop(struct test_device *device)
{
	unsigned int i;

	for (i = 0; i < device->nr_queues; i++)
		test_write(device, REG_STOP, device->queues[i].slot);
	return 0;
}

/* Everything that the device knows is lost, and brought back */
static int test_reset(struct test_device *device)
{
	unsigned int i;

	for (i = 0; i < device->nr_queues; i++)
		device->queues[i].fired = test_queue_fired(&device->queues[i]);
	test_write(device, REG_RESET, 1);
	test_configure(device);
	return device_msi_restore(device->msi);
}

/* A slot that is wrong is an error, unless it is to be repaired */
static int test_verify(struct test_device *device, bool repair)
{
	int ret = device_msi_verify(device->msi, repair);

	return ret > 0 && !repair ? -EUCLEAN : ret;
}

/* Interrupts that nobody requests, so many more */
static int test_alloc(struct test_device *device, unsigned int nr)
{
	int ret;

	if (device->extra)
		return -EBUSY;
	device->extra = kvcalloc(nr, sizeof(*device->extra), GFP_KERNEL);
	if (!device->extra)
		return -ENOMEM;
	ret = device_msi_alloc_irqs(device->msi, &device->pdev->dev, NULL, nr,
				    nr, NULL, device->extra);
	if (ret < 0) {
		kvfree(device->extra);
		device->extra = NULL;
		return ret;
	}
	device->nr_extra = nr;
	return 0;
}

static int test_free(struct test_device *device)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < device->nr_extra && !ret; i++)
		ret = device_msi_free_irq(device->msi, &device->pdev->dev,
					  device->extra[i]);
	kvfree(device->extra);
	device->extra = NULL;
	device->nr_extra = 0;
	return ret;
}

static int test_queue_command(struct test_queue *queue, const char *word)
{
	if (!strcmp(word, "open"))
		return test_queue_open(queue);
	/* The device can fire whether somebody listens or not */
	if (!strcmp(word, "fire")) {
		test_write(queue->device, REG_FIRE, queue->slot);
		return 0;
	}
	if (!queue->map.virq)
		return -ENXIO;

	if (!strcmp(word, "close"))
		test_queue_close(queue);
	else if (!strcmp(word, "disable"))
		disable_irq(queue->map.virq);
	else if (!strcmp(word, "enable"))
		enable_irq(queue->map.virq);
	else
		return -EINVAL;
	return 0;
}

static int test_control(struct test_device *device, const char *word,
			unsigned int a, unsigned int b)
{
	if (!strcmp(word, "run"))
		return test_run(device, a);
	if (!strcmp(word, "stop"))
		return test_stop(device);
	if (!strcmp(word, "openall"))
		return test_open_queues(device);
	if (!strcmp(word, "openbatch"))
		return test_open_batch(device);
	if (!strcmp(word, "closeall")) {
		test_close_queues(device);
		return 0;
	}
	if (!strcmp(word, "live"))
		return test_live(device);
	if (!strcmp(word, "alloc"))
		return test_alloc(device, a);
	if (!strcmp(word, "free"))
		return test_free(device);
	if (!strcmp(word, "reset"))
		return test_reset(device);
	if (!strcmp(word, "restore"))
		return device_msi_restore(device->msi);
	if (!strcmp(word, "verify"))
		return test_verify(device, a);
	if (!strcmp(word, "synchronize"))
		return device_msi_synchronize(device->msi);
	if (!strcmp(word, "gone"))
		test_write(device, REG_GONE, a);
	else if (!strcmp(word, "ones"))
		test_write(device, REG_ONES, a);
	else if (!strcmp(word, "delay"))
		test_write(device, REG_DELAY, a);
	else if (!strcmp(word, "fail"))
		test_write(device, REG_FAIL, a << 24 | b);
	else if (a < device->nr_queues)
		return test_queue_command(&device->queues[a], word);
	else
		return -EINVAL;
	return 0;
}

static ssize_t test_control_write(struct file *file, const char __user *from,
				  size_t size, loff_t *pos)
{
	struct test_device *device = file->private_data;
	unsigned int a = 0, b = 0;
	char word[16];
	char text[48];
	int ret;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, size))
		return -EFAULT;
	text[size] = '\0';
	if (sscanf(text, "%15s %u %u", word, &a, &b) < 1)
		return -EINVAL;

	mutex_lock(&device->lock);
	ret = test_control(device, word, a, b);
	mutex_unlock(&device->lock);
	return ret < 0 ? ret : size;
}

static const struct file_operations test_control_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= test_control_write,
};

static int test_queues_show(struct seq_file *m, void *unused)
{
	struct test_device *device = m->private;
	struct test_queue *queue;
	unsigned int i;
	u32 fired;

	seq_puts(m, "queue   irq cpu    fired  handled\n");
	mutex_lock(&device->lock);
	for (i = 0; i < device->nr_queues; i++) {
		queue = &device->queues[i];
		fired = test_queue_fired(queue);
		seq_printf(m, "%5u %5d %3u %8u %8d\n", i, queue->map.virq,
			   READ_ONCE(queue->cpu), fired,
			   atomic_read(&queue->handled));
	}
	mutex_unlock(&device->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(test_queues);

/* What the device would send, as it reads its own memory */
static int test_slots_show(struct seq_file *m, void *unused)
{
	struct test_device *device = m->private;
	unsigned int i, word;

	mutex_lock(&device->lock);
	for (i = 0; i < device->nr_queues; i++) {
		seq_printf(m, "%u", i);
		test_write(device, REG_SELECT, device->queues[i].slot);
		for (word = 0; word < 4; word++)
			seq_printf(m, " %08x",
				   test_read(device, REG_SLOT + word * 4));
		seq_putc(m, '\n');
	}
	mutex_unlock(&device->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(test_slots);

/* Whether a message waits for each queue to be enabled, or the error of asking */
static int test_pending_show(struct seq_file *m, void *unused)
{
	struct test_device *device = m->private;
	bool pending;
	unsigned int i;
	int ret;

	mutex_lock(&device->lock);
	for (i = 0; i < device->nr_queues; i++) {
		ret = irq_get_irqchip_state(device->queues[i].map.virq,
					    IRQCHIP_STATE_PENDING, &pending);
		seq_printf(m, "%u %d\n", i, ret ?: pending);
	}
	mutex_unlock(&device->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(test_pending);

static void test_show_register(struct seq_file *m, const char *name,
			       unsigned int reg)
{
	seq_printf(m, "%s %d\n", name, test_read(m->private, reg));
}

/* "name number" per line, the device's own counts first */
static int test_state_show(struct seq_file *m, void *unused)
{
	struct test_device *device = m->private;
	struct ims_queue_stats stats = {};
	unsigned int i;
	u32 handled = 0;

	for (i = 0; i < device->nr_queues; i++)
		handled += atomic_read(&device->queues[i].handled);
	test_show_register(m, "errors", REG_ERRORS);
	test_show_register(m, "error", REG_ERROR);
	test_show_register(m, "detail", REG_DETAIL);
	test_show_register(m, "running", REG_RUNNING);
	test_show_register(m, "sent", REG_SENT);
	test_show_register(m, "dropped", REG_DROPPED);
	test_show_register(m, "device_commands", REG_COMMANDS);
	test_show_register(m, "longest", REG_LONGEST);
	test_show_register(m, "ones", REG_ONES);
	seq_printf(m, "handled %u\n", handled);
	seq_printf(m, "msg_changed %d\n", atomic_read(&device->msg_changed));
	seq_printf(m, "extra %u\n", device->nr_extra);
	if (test_is_array())
		return 0;

	ims_queue_get_stats(device->msi, &stats);
	seq_printf(m, "commands %llu\n", stats.commands);
	seq_printf(m, "slots %llu\n", stats.slots);
	seq_printf(m, "failed %llu\n", stats.failed);
	seq_printf(m, "quarantined %u\n", stats.quarantined);
	seq_printf(m, "notified %d\n",
		   atomic_read(&device->commands.quarantined));
	seq_printf(m, "shadows %u\n", device->commands.live);
	seq_printf(m, "unlocked %u\n", device->commands.unlocked);
	seq_printf(m, "changed %u\n", device->commands.changed);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(test_state);

static void test_remove_debugfs(void *data)
{
	debugfs_remove_recursive(data);
}

int test_add_debugfs(struct test_device *device)
{
	struct dentry *dir;

	dir = debugfs_create_dir(pci_name(device->pdev), test_debugfs);
	debugfs_create_file("queues", 0400, dir, device, &test_queues_fops);
	debugfs_create_file("slots", 0400, dir, device, &test_slots_fops);
	debugfs_create_file("pending", 0400, dir, device, &test_pending_fops);
	debugfs_create_file("state", 0400, dir, device, &test_state_fops);
	debugfs_create_file("control", 0200, dir, device, &test_control_fops);
	return devm_add_action_or_reset(&device->pdev->dev,
					test_remove_debugfs, dir);
}
