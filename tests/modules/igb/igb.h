/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_igb: functions of QEMU's igb (Intel's 82576), physical and virtual.
 */
#ifndef _IMS_TEST_IGB_H
#define _IMS_TEST_IGB_H

#include <linux/io.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <ims/ims.h>

#define IGB_PF_DEVICE_ID	0x10c9
#define IGB_VF_DEVICE_ID	0x10ca
#define IGB_REGS_BAR		0
#define IGB_MAX_VECTORS		10	/* of the physical function; a VF has 3 */

/* The same offsets on both kinds of functions, and a bit for each vector */
#define IGB_GPIE		0x1514	/* PF: how interrupts are delivered */
#define IGB_GPIE_MSIX		0x10
#define IGB_EICS		0x1520	/* raise */
#define IGB_EIMS		0x1524	/* let through, bits that are 1 */
#define IGB_EIMC		0x1528	/* hold back, bits that are 1 */
#define IGB_EIAC		0x152c	/* forget the cause once it was sent */
#define IGB_EITR(n)		(0x1680 + 4 * (n))	/* time between two */

struct igb;

/**
 * struct igb_vector - One vector, with an interrupt of its own
 * @igb:	its function
 * @index:	its number
 * @virq:	the interrupt, 0 for none
 * @map:	how to free it, if it is from the store
 * @fired:	messages that the device was asked to send
 * @handled:	interrupts that arrived
 * @cpu:	where the last one arrived
 * @name:	in /proc/interrupts
 */
struct igb_vector {
	struct igb	*igb;
	unsigned int	index;
	int		virq;
	struct msi_map	map;
	unsigned int	fired;
	atomic_t	handled;
	unsigned int	cpu;
	char		name[32];
};

/**
 * struct igb - A function, physical or virtual
 * @pdev:	the function
 * @regs:	its registers
 * @msi:	its store, NULL for none
 * @lock:	firing, and @away
 * @away:	between quiesce and restore, when nothing is fired
 * @nr_vectors:	vectors in use
 * @vectors:	these
 */
struct igb {
	struct pci_dev			*pdev;
	void __iomem			*regs;
	struct device_msi_domain	*msi;
	struct mutex			lock;	/* firing, and away */
	bool				away;
	unsigned int			nr_vectors;
	struct igb_vector		vectors[IGB_MAX_VECTORS];
};

/* vectors.c */
int igb_setup_store(struct igb *igb);
int igb_setup_msix(struct igb *igb);
void igb_let_through(struct igb *igb);
void igb_enable_msix(struct pci_dev *pdev);

/* power.c */
extern const struct pci_error_handlers igb_err_handlers;
extern const struct dev_pm_ops igb_pm;

/* debugfs.c */
int igb_add_debugfs(struct igb *igb);
void igb_debugfs_init(void);
void igb_debugfs_exit(void);

#endif
