// SPDX-License-Identifier: GPL-2.0-only
/*
 * The queue stores that the device can have: messages in its own memory, that a
 * command puts there from a mailbox (store=queue), or in host memory, that a
 * command has it read (store=host).
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/slab.h>

#include "device.h"

#define STORE		1
#define SYNC		2
#define READ_BACK	3
#define IDLE		0
#define BUSY		1
#define DONE		2
#define SHADOW_WORDS	4
#define SHADOW_SIZE	(SHADOW_WORDS * sizeof(__le32))

static bool in_host_memory(struct test_device *device)
{
	return device->commands.shadows;
}

static void *test_get_shadow(void *priv, struct device *consumer,
			     unsigned int index)
{
	struct test_device *device = priv;
	void *shadow;

	if (in_host_memory(device)) {
		shadow = device->commands.shadows + index * SHADOW_WORDS;
	} else {
		shadow = kzalloc(SHADOW_SIZE, GFP_KERNEL);
		if (!shadow)
			return ERR_PTR(-ENOMEM);
	}
	device->commands.live++;
	return shadow;
}

static void test_put_shadow(void *priv, const struct ims_queue_entry *entry)
{
	struct test_device *device = priv;

	device->commands.live--;
	if (!in_host_memory(device))
		kfree(entry->shadow);
}

static void test_lock(void *priv)
{
	struct test_device *device = priv;

	device->commands.locked = true;
}

static void test_unlock(void *priv)
{
	struct test_device *device = priv;

	device->commands.locked = false;
}

/* The whole mailbox is the command's until it is done */
static int test_command(struct test_device *device, u32 code, unsigned int nr)
{
	unsigned long limit = jiffies + msecs_to_jiffies(test_timeout);
	bool late;
	u32 status;

	test_write(device, REG_CMD, code | nr << 8);
	for (;;) {
		late = time_after(jiffies, limit);
		status = test_read(device, REG_STATUS);
		if (status == ~0U)
			return -ENODEV;
		if (status != BUSY)
			return status == DONE ? 0 : -EIO;
		if (late)
			break;
		usleep_range(50, 200);
	}
	test_write(device, REG_ABORT, 1);
	test_read(device, REG_STATUS);	/* it has arrived */
	return -ETIMEDOUT;
}

static unsigned int mailbox(unsigned int entry, unsigned int word)
{
	return REG_MAILBOX + entry * MAILBOX_ENTRY + word * 4;
}

static void fill_mailbox(struct test_device *device,
			 const struct ims_queue_entry *entries,
			 unsigned int nr)
{
	const __le32 *shadow;
	unsigned int i, word;

	for (i = 0; i < nr; i++) {
		test_write(device, mailbox(i, 0), entries[i].index);
		shadow = entries[i].shadow;
		for (word = 0; word < SHADOW_WORDS; word++)
			test_write(device, mailbox(i, 1 + word),
				   le32_to_cpu(shadow[word]));
	}
}

static int test_sync(void *priv, const struct ims_queue_entry *entries,
		     unsigned int nr)
{
	__le32 before[MAILBOX_ENTRIES][SHADOW_WORDS];
	struct test_device *device = priv;
	unsigned int i;
	int ret;

	if (WARN_ON_ONCE(nr < 1 || nr > MAILBOX_ENTRIES || nr > test_batch))
		return -EINVAL;
	if (!device->commands.locked)
		device->commands.unlocked++;
	for (i = 0; i < nr; i++)
		memcpy(before[i], entries[i].shadow, SHADOW_SIZE);

	fill_mailbox(device, entries, nr);
	ret = test_command(device, in_host_memory(device) ? SYNC : STORE, nr);

	for (i = 0; i < nr; i++)
		if (memcmp(before[i], entries[i].shadow, SHADOW_SIZE))
			device->commands.changed++;
	return ret;
}

static int test_read_back(void *priv, const struct ims_queue_entry *entry,
			  void *slot)
{
	struct test_device *device = priv;
	__le32 *words = slot;
	unsigned int word;
	int ret;

	test_write(device, mailbox(0, 0), entry->index);
	ret = test_command(device, READ_BACK, 1);
	if (ret)
		return ret;
	for (word = 0; word < SHADOW_WORDS; word++)
		words[word] = cpu_to_le32(test_read(device,
						    mailbox(0, 1 + word)));
	return 0;
}

static void test_quarantined(void *priv, const struct ims_queue_entry *entry,
			     int error)
{
	struct test_device *device = priv;

	atomic_inc(&device->commands.quarantined);
}

static const struct ims_queue_ops test_queue_ops = {
	.get_shadow	= test_get_shadow,
	.put_shadow	= test_put_shadow,
	.lock		= test_lock,
	.unlock		= test_unlock,
	.sync		= test_sync,
	.read_back	= test_read_back,
	.quarantined	= test_quarantined,
};

static void msg_changed(void *data, struct device *consumer,
			unsigned int index, const struct msi_msg *msg)
{
	struct test_device *device = data;

	atomic_inc(&device->msg_changed);
}

void test_apply_commands(struct test_device *device)
{
	test_write(device, REG_SOURCE, 1);
	test_write(device, REG_BASE,
		   lower_32_bits(device->commands.shadows_dma));
	test_write(device, REG_BASE + 4,
		   upper_32_bits(device->commands.shadows_dma));
	test_write(device, REG_SLOTS, test_slots);
}

struct device_msi_domain *test_create_queue(struct test_device *device)
{
	struct device *dev = &device->pdev->dev;
	struct ims_queue_info info = {
		.ops = &test_queue_ops,
		.priv = device,
		.layout = device->layout,
		.nr_slots = test_slots ?: DEVICE_MSI_NO_LIMIT,
		.max_batch = test_batch,
		.listener = { .msg_changed = msg_changed, .data = device },
	};

	if (!strcmp(test_store, "host")) {
		device->commands.shadows =
			dmam_alloc_coherent(dev, test_slots * SHADOW_SIZE,
					    &device->commands.shadows_dma,
					    GFP_KERNEL);
		if (!device->commands.shadows)
			return ERR_PTR(-ENOMEM);
	}
	test_apply_commands(device);
	return ims_queue_create_domain(dev, &info);
}
