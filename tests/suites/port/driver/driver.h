/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_v62: a driver as it was written in 2023 for the IMS of Linux 6.2 to 6.9, for the
 * device of devices/ims, whose registers devices/ims/device.py describes.
 */
#ifndef _TESTS_V62_DRIVER_H
#define _TESTS_V62_DRIVER_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#include "suite.h"

#define REG_ID			0x000
#define REG_RESET		0x004
#define REG_ERRORS		0x008
#define REG_SOURCE		0x018	/* of messages: 0 slot memory, 1 commands */
#define REG_FIRE		0x080
#define REG_COUNT		0x084
#define REG_RUN			0x088
#define REG_ACK			0x090
#define REG_RUNNING		0x094
#define REG_SENT		0x098
#define REG_SELECT		0x0a0
#define REG_SLOT		0x0a8
#define REG_UNDER_WAY		0x0bc
#define REG_WORK		0x0c4
#define REG_CMD			0x100
#define REG_STATUS		0x104
#define REG_MAILBOX		0x400

#define V62_ID			0x1a5e0001
#define V62_CTRL_MASK		BIT(0)
#define V62_CTRL_PASID_ENABLE	BIT(3)
#define V62_CTRL_PASID_SHIFT	12

#define V62_QUEUES		32U
#define V62_SLOTS		4096U	/* in the slot memory */
#define V62_INDICES		65536U	/* of the largest domain */

/* A wait that long has failed; none lasts so long when all is well */
#define V62_LIMIT_US		(60 * USEC_PER_SEC)

/* A slot, as the device has it in its memory */
struct v62_slot {
	u32	address_lo;
	u32	address_hi;
	u32	data;
	u32	ctrl;
};

/**
 * struct v62_queue - One queue, with an interrupt of its own
 * @v62:	its device
 * @number:	of the slot that the device sends
 * @pasid:	of its user
 * @map:	its interrupt; map.virq is 0 while there is none
 * @last_virq:	the last one that it had
 * @requested:	it has a handler
 * @fired:	messages that the device was asked for
 * @handled:	interrupts that arrived
 * @cpu:	where the last one did
 * @shadow:	what the device shall have, in a queue store
 * @dirty:	and does not have
 * @name:	in /proc/interrupts
 */
struct v62_queue {
	struct v62_device	*v62;
	unsigned int		number;
	u32			pasid;
	struct msi_map		map;
	int			last_virq;
	bool			requested;
	int			fired;
	atomic_t		handled;
	unsigned int		cpu;
	struct v62_slot		shadow;
	bool			dirty;
	char			name[24];
};

/* What prepare_desc() has seen of an index, before it changed anything */
struct v62_prepared {
	union msi_instance_cookie	icookie;
	void				*data;
	struct device			*dev;
	unsigned int			times;
};

struct v62_device {
	struct pci_dev		*pdev;		/* NULL: not bound */
	const struct v62_case	*c;
	const struct v62_chip	*chip;
	void __iomem		*regs;
	struct v62_slot __iomem	*slots;
	struct mutex		command;	/* irq_bus_lock() to irq_bus_sync_unlock() */
	raw_spinlock_t		lock;		/* shadows */
	unsigned int		failed_commands;
	unsigned int		written_unmasked;
	const char		*why;		/* what was wrong in the end */
	struct v62_prepared	prepared[V62_QUEUES];
	struct v62_queue	queues[V62_QUEUES];
};

/**
 * struct v62_chip - A kind of store
 * @template:	for its domain
 * @hwsize:	of the domain, or 0: there is no limit
 * @source:	of messages, as REG_SOURCE has it
 * @cookie:	what the queue's interrupt is allocated with
 * @assign:	which slot is the queue's, if only its index says
 */
struct v62_chip {
	const struct msi_domain_template *template;
	unsigned int hwsize;
	u32 source;
	union msi_instance_cookie (*cookie)(struct v62_queue *queue);
	void (*assign)(struct v62_queue *queue);
};

extern const struct v62_chip v62_array_chip, v62_queue_chip;

static inline u32 v62_read(struct v62_device *v62, unsigned int reg)
{
	return ioread32(v62->regs + reg);
}

static inline void v62_write(struct v62_device *v62, unsigned int reg, u32 value)
{
	iowrite32(value, v62->regs + reg);
}

static inline u32 v62_ctrl_of_pasid(u32 pasid)
{
	return pasid << V62_CTRL_PASID_SHIFT | V62_CTRL_PASID_ENABLE;
}

/* array.c */
void v62_array_set_pasid(unsigned int virq, u32 pasid);

/* driver.c */
bool v62_create_domain(struct v62_device *v62,
		       const struct msi_domain_template *template);
void v62_prepared(struct msi_domain_info *info, struct msi_desc *desc);
int v62_alloc(struct v62_queue *queue, const struct irq_affinity_desc *affdesc);
int v62_request(struct v62_queue *queue);
int v62_open(struct v62_queue *queue);
int v62_open_all(struct v62_device *v62, unsigned int nr);
void v62_release(struct v62_queue *queue);
void v62_free(struct v62_queue *queue);
void v62_fire(struct v62_queue *queue);
bool v62_handles(struct v62_queue *queue, int count);
bool v62_all_arrive(struct v62_device *v62);
bool v62_each_fires(struct v62_device *v62);
struct v62_slot v62_device_slot(struct v62_queue *queue);
bool v62_is_silent(struct v62_queue *queue);

/* Of cases: the line of what is not so */
#define EXPECT(condition)			\
	do {					\
		if (!(condition))		\
			return __LINE__;	\
	} while (0)

#endif /* _TESTS_V62_DRIVER_H */
