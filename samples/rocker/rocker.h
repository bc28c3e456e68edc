/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_rocker: what its files share.
 */
#ifndef _SAMPLES_ROCKER_H
#define _SAMPLES_ROCKER_H

#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/types.h>
#include <ims/ims.h>

#define ROCKER_TEST_IRQ		0x20	/* write N: send message N */

struct rocker;

/**
 * struct rocker_queue - One queue, with an interrupt of its own
 * @rocker:	the device
 * @index:	the queue's number; its interrupt is in the slot of this number
 * @map:	the interrupt; map.virq is 0 while the queue is closed
 * @fired:	messages that the device was asked to send
 * @handled:	interrupts that arrived
 * @cpu:	where the last one arrived
 * @name:	in /proc/interrupts
 */
struct rocker_queue {
	struct rocker	*rocker;
	unsigned int	index;
	struct msi_map	map;
	unsigned int	fired;
	atomic_t	handled;
	unsigned int	cpu;
	char		name[32];
};

/**
 * struct rocker - The device
 * @pdev:	its PCI function
 * @regs:	its registers
 * @msi:	its interrupts
 * @lock:	held to open, to close and to fire a queue
 * @nr_queues:	how many there are
 * @queues:	they
 */
struct rocker {
	struct pci_dev			*pdev;
	void __iomem			*regs;
	struct device_msi_domain	*msi;
	struct mutex			lock;	/* opening, closing, firing */
	unsigned int			nr_queues;
	struct rocker_queue		queues[];
};

/* main.c */
int rocker_queue_open(struct rocker_queue *queue);
void rocker_queue_close(struct rocker_queue *queue);
void rocker_enable_msix(struct pci_dev *pdev);

/* power.c */
extern const struct pci_error_handlers rocker_err_handlers;
extern const struct dev_pm_ops rocker_pm;
void rocker_shutdown(struct pci_dev *pdev);

/* debugfs.c */
void rocker_debugfs_init(void);
void rocker_debugfs_exit(void);
int rocker_debugfs_add(struct rocker *rocker);

#endif /* _SAMPLES_ROCKER_H */
