/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic layer's private state, shared by the files of core/ only.
 */
#ifndef _IMS_CORE_INTERNALS_H
#define _IMS_CORE_INTERNALS_H

#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/mutex.h>
#include <linux/xarray.h>
#include <ims/backend.h>

#include "../domains/domains.h"

/**
 * struct device_msi_domain - The interrupts of one store
 * @dev:	the device whose identity the messages carry; referenced
 * @info:	what the store gave at creation
 * @parent:	where the interrupts come from
 * @domain:	our child of the parent's irq_domain
 * @fwnode:	names @domain, and finds it on kernels that allocate by fwspec
 * @id:		tells the domains of one device apart
 * @chip:	per domain, for the name and the flags, which the parent decides
 * @lock:	serialises allocation, free and removal; taken before any
 *		irq_domain lock
 * @irqs:	struct device_msi_irq by slot number. What is in here owns its
 *		slot, so a number is free only once its entry is erased.
 * @debugfs:	this domain's file
 */
struct device_msi_domain {
	struct device			*dev;
	struct device_msi_info		info;
	struct device_msi_parent	parent;
	struct irq_domain		*domain;
	struct fwnode_handle		*fwnode;
	int				id;
	struct irq_chip			chip;
	struct mutex			lock;	/* alloc, free, removal */
	struct xarray			irqs;
	struct dentry			*debugfs;
};

/**
 * struct device_msi_irq - One interrupt
 * @desc:	the part that the store sees
 * @ops:	the store's operations; the dead ones after a refused removal
 * @msi:	the kernel's descriptor: names the device to the parent and
 *		holds the last message that was written
 * @domain:	the domain that it belongs to
 * @virq:	Linux interrupt number
 * @error:	why the parent's allocation failed; kernels that allocate by
 *		fwspec return only that it did
 */
struct device_msi_irq {
	struct device_msi_desc		desc;
	const struct device_msi_ops	*ops;
	struct msi_desc			msi;
	struct device_msi_domain	*domain;
	unsigned int			virq;
	int				error;
};

/* chip.c */
extern const struct irq_domain_ops device_msi_domain_ops;
void device_msi_chip_init(struct device_msi_domain *dom);
void device_msi_clear_slot(struct device_msi_irq *irq);

/* irq.c */
bool device_msi_irq_requested(struct device_msi_irq *irq);
void device_msi_free_locked(struct device_msi_irq *irq);

/* debugfs.c */
void device_msi_debugfs_init(void);
void device_msi_debugfs_exit(void);
void device_msi_debugfs_add(struct device_msi_domain *dom);
void device_msi_debugfs_remove(struct device_msi_domain *dom);

#endif /* _IMS_CORE_INTERNALS_H */
