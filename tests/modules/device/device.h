/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_device: the driver of the device in devices/ims, whose registers
 * devices/ims/device.py describes.
 */
#ifndef _IMS_TEST_DEVICE_H
#define _IMS_TEST_DEVICE_H

#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <ims/ims.h>

#define REG_ID			0x000
#define REG_RESET		0x004
#define REG_ERRORS		0x008
#define REG_ERROR		0x00c
#define REG_DETAIL		0x010
#define REG_GONE		0x014
#define REG_SOURCE		0x018
#define REG_APPLY		0x070
#define REG_FIRE		0x080
#define REG_COUNT		0x084
#define REG_RUN			0x088
#define REG_STOP		0x08c
#define REG_ACK			0x090
#define REG_RUNNING		0x094
#define REG_SENT		0x098
#define REG_DROPPED		0x09c
#define REG_SELECT		0x0a0
#define REG_SLOT_SENT		0x0a4
#define REG_SLOT		0x0a8
#define REG_SLOT_RUNNING	0x0b8
#define REG_UNDER_WAY		0x0bc
#define REG_ONES		0x0c0
#define REG_CMD			0x100
#define REG_STATUS		0x104
#define REG_DELAY		0x108
#define REG_FAIL		0x10c
#define REG_COMMANDS		0x110
#define REG_ABORT		0x114
#define REG_BASE		0x118
#define REG_SLOTS		0x120
#define REG_LONGEST		0x124
#define REG_MAILBOX		0x400
#define REG_LAYOUT		0x800

#define DEVICE_ID		0x1a5e0001
#define MAILBOX_ENTRIES		32
#define MAILBOX_ENTRY		32
#define SLOTS_BAR		2
#define MORE_BAR		4
#define CTRL_WORDS		0x100000	/* in MORE_BAR, of window 0 */
#define MORE_CTRL_WORDS		0x140000
#define PENDING_BITS		0x180000	/* likewise */
#define MORE_PENDING_BITS	0x182000
#define MASK_BITS		0x184000
#define MORE_MASK_BITS		0x186000
#define BITMAP_SIZE		0x2000
#define INDEX			0x188000
#define MORE_INDEX		0x188004
#define INDEXED_STRIDE		16		/* of the device's own memory */

struct test_device;

/**
 * struct test_queue - One queue, with an interrupt of its own
 * @device:	its device
 * @slot:	where its message is to be
 * @map:	the interrupt; map.virq is 0 while the queue is closed
 * @fired:	messages that the device sent before it was reset
 * @handled:	interrupts that arrived
 * @cpu:	where the last one arrived
 * @name:	in /proc/interrupts
 */
struct test_queue {
	struct test_device	*device;
	unsigned int		slot;
	struct msi_map		map;
	u32			fired;
	atomic_t		handled;
	unsigned int		cpu;
	char			name[32];
};

/**
 * struct test_commands - How the device takes messages from its driver
 * @shadows:	host memory that the device reads, if store=host
 * @shadows_dma: where the device finds it
 * @live:	shadows that the store has
 * @locked:	between lock() and unlock()
 * @unlocked:	calls of sync() outside of that
 * @changed:	shadows that changed while the device was taking them
 * @quarantined: how often the store has given up
 */
struct test_commands {
	__le32		*shadows;
	dma_addr_t	shadows_dma;
	unsigned int	live;
	bool		locked;
	unsigned int	unlocked;
	unsigned int	changed;
	atomic_t	quarantined;
};

struct test_device {
	struct pci_dev			*pdev;
	void __iomem			*regs;
	void __iomem			*slots;
	void __iomem			*more;
	struct device_msi_domain	*msi;
	struct mutex			lock;	/* opening, closing, firing */
	struct test_commands		commands;
	const struct ims_layout		*layout;
	atomic_t			msg_changed;
	struct msi_map			*extra;	/* allocated, not requested */
	unsigned int			nr_extra;
	unsigned int			nr_queues;
	struct test_queue		queues[];
};

/* Parameters */
extern char *test_store, *test_layout;
extern unsigned int test_slots, test_windows, test_first, test_step;
extern unsigned int test_reserved[2];
extern bool test_mask_now, test_keeps_pending;
extern unsigned int test_timeout, test_batch;

static inline u32 test_read(struct test_device *device, unsigned int reg)
{
	return ioread32(device->regs + reg);
}

static inline void test_write(struct test_device *device, unsigned int reg,
			      u32 value)
{
	iowrite32(value, device->regs + reg);
}

static inline bool test_is_array(void)
{
	return !strcmp(test_store, "array");
}

/* queues.c */
int test_queue_open(struct test_queue *queue);
void test_queue_close(struct test_queue *queue);
int test_open_queues(struct test_device *device);
int test_live(struct test_device *device);
int test_open_batch(struct test_device *device);
void test_close_queues(struct test_device *device);
u32 test_queue_fired(struct test_queue *queue);

/* layouts.c */
int test_find_layout(struct test_device *device);
void test_apply_layout(struct test_device *device);
struct device_msi_domain *test_create_array(struct test_device *device);

/* commands.c */
struct device_msi_domain *test_create_queue(struct test_device *device);
void test_apply_commands(struct test_device *device);

/* control.c */
extern struct dentry *test_debugfs;
int test_add_debugfs(struct test_device *device);
void test_configure(struct test_device *device);

#endif /* _IMS_TEST_DEVICE_H */
