/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_parts: what its files share.
 */
#ifndef _SAMPLES_PARTS_H
#define _SAMPLES_PARTS_H

#include <linux/auxiliary_bus.h>
#include <linux/io.h>
#include <linux/pci.h>
#include <linux/types.h>
#include <ims/ims.h>

#define PARTS_NR		4	/* of each function */
#define PARTS_QUEUES		4	/* of each part */
#define PARTS_QUOTA		6	/* most interrupts that a part may have */

#define PARTS_RESET		0x004	/* write: the device is as in the beginning */
#define PARTS_WORK		0x0c4	/* write PASID << 12 | slot: work that is done */

/**
 * struct parts_function - The PCI function
 * @pdev:	it
 * @regs:	its registers
 * @msi:	its interrupts, of which each part allocates some
 */
struct parts_function {
	struct pci_dev			*pdev;
	void __iomem			*regs;
	struct device_msi_domain	*msi;
};

/**
 * struct parts_part - What the function's driver tells the driver of a part
 * @aux:	the part in the driver model, in whose name its driver allocates
 * @function:	whose part it is; it outlives the binding of the part's driver
 * @pasid:	of the process that works with this part
 */
struct parts_part {
	struct auxiliary_device	aux;
	struct parts_function	*function;
	u32			pasid;
};

/**
 * struct parts_queue - One queue of a part, with an interrupt of its own
 * @map:	the interrupt, and the slot that the device is told
 * @fired:	work that the device was given
 * @handled:	interrupts that arrived
 * @cpu:	where the last one arrived
 */
struct parts_queue {
	struct msi_map	map;
	unsigned int	fired;
	atomic_t	handled;
	unsigned int	cpu;
};

/**
 * struct parts_driven - A part that has a driver
 * @part:	it
 * @queues:	its queues
 */
struct parts_driven {
	struct parts_part	*part;
	struct parts_queue	queues[PARTS_QUEUES];
};

/* Have the device do a bit of work for @pasid, and send the message in @slot */
static inline void parts_work(struct parts_function *function, u32 pasid,
			      unsigned int slot)
{
	iowrite32(pasid << 12 | slot, function->regs + PARTS_WORK);
}

/* part.c */
extern struct auxiliary_driver parts_part_driver;

/* debugfs.c */
void parts_debugfs_init(void);
void parts_debugfs_exit(void);
int parts_debugfs_add(struct parts_driven *driven);

#endif /* _SAMPLES_PARTS_H */
