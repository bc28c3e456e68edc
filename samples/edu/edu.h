/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_edu: what its files share.
 */
#ifndef _SAMPLES_EDU_H
#define _SAMPLES_EDU_H

#include <linux/bits.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/types.h>
#include <ims/ims.h>

#define EDU_MAX_QUEUES		64
#define EDU_CTRL_MASKED		BIT(0)

/* A message in the device's memory and in the shadow: ims_layout_standard */
struct edu_slot {
	__le32	address_lo;
	__le32	address_hi;
	__le32	data;
	__le32	ctrl;
};

/**
 * struct edu_shared - Memory that the device's command reads and writes
 * @shadow:	what the device's memory has, or is about to take
 * @slot:	a slot read back
 */
struct edu_shared {
	struct edu_slot	shadow[EDU_MAX_QUEUES];
	struct edu_slot	slot;
};

/**
 * struct edu_queue - One queue, with an interrupt of its own
 * @edu:	the device
 * @index:	the queue's number; its interrupt is in the slot of this number
 * @map:	the interrupt; map.virq is 0 while there is none
 * @requested:	there is a handler
 * @fired:	events so far
 * @pending:	edu: there was one while the slot was masked
 * @handled:	interrupts that arrived
 * @cpu:	where the last one arrived
 * @name:	in /proc/interrupts
 */
struct edu_queue {
	struct edu	*edu;
	unsigned int	index;
	struct msi_map	map;
	bool		requested;
	unsigned int	fired;
	bool		pending;
	atomic_t	handled;
	unsigned int	cpu;
	char		name[32];
};

/**
 * struct edu - The device
 * @pdev:	its PCI function
 * @regs:	its registers
 * @shared:	memory that it shares with us
 * @shared_dma:	where it sees that
 * @engine:	held for each command, it does one at a time
 * @msi:	its interrupts
 * @lock:	held to open and to close a queue
 * @nr_queues:	how many there are
 * @queues:	they
 */
struct edu {
	struct pci_dev			*pdev;
	void __iomem			*regs;
	struct edu_shared		*shared;
	dma_addr_t			shared_dma;
	struct mutex			engine;	/* one command at a time */
	struct device_msi_domain	*msi;
	struct mutex			lock;	/* opening and closing */
	unsigned int			nr_queues;
	struct edu_queue		queues[];
};

/* store.c */
extern const struct ims_queue_ops edu_msi_ops;
int edu_write_slots(struct edu *edu, unsigned int first, unsigned int nr);
int edu_read_slot(struct edu *edu, unsigned int index);
int edu_send_data(struct edu *edu, unsigned int index, u32 address);

/* event.c */
int edu_queue_event(struct edu_queue *queue);
void edu_queue_unmasked(struct edu_queue *queue);

/* main.c */
int edu_queue_open(struct edu_queue *queue);
void edu_queue_close(struct edu_queue *queue);

/* power.c */
extern const struct pci_error_handlers edu_err_handlers;
extern const struct dev_pm_ops edu_pm;
void edu_shutdown(struct pci_dev *pdev);

/* debugfs.c */
void edu_debugfs_init(void);
void edu_debugfs_exit(void);
int edu_debugfs_add(struct edu *edu);

#endif /* _SAMPLES_EDU_H */
