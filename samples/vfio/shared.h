/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_shared: what its files share.
 */
#ifndef _SAMPLES_SHARED_H
#define _SAMPLES_SHARED_H

#include <linux/auxiliary_bus.h>
#include <linux/io.h>
#include <linux/pci.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <ims/ims.h>
#include <ims/vfio.h>

#define SHARED_PARTS		4	/* of each function */
#define SHARED_VECTORS		16	/* of each part */
#define SHARED_OWN		15	/* the vector that the driver signals by itself */

#define SHARED_FIRST_PASID	0x100

struct shared_function;
struct shared_part;

/**
 * struct shared_device - What differs between devices
 * @create_domain:	give the function its domain
 * @fire:		have the device do work of the part, and send the message in @slot
 * @has_pasid:		slots have the PASID of who may use them
 */
struct shared_device {
	int (*create_domain)(struct shared_function *function);
	void (*fire)(struct shared_part *part, unsigned int slot);
	bool has_pasid;
};

/* device.c */
extern const struct shared_device shared_rocker;
extern const struct shared_device shared_ims;

/**
 * struct shared_function - The PCI function
 * @pdev:	it
 * @device:	what kind of device it is
 * @regs:	its registers
 * @msi:	its interrupts, of which each part has some
 */
struct shared_function {
	struct pci_dev			*pdev;
	const struct shared_device	*device;
	void __iomem			*regs;
	struct device_msi_domain	*msi;
};

/**
 * struct shared_part - A part in the driver model
 * @aux:	it, in whose name its interrupts are
 * @function:	whose part it is
 * @pasid:	of the process that works with this part: a real driver has it of
 *		iommu_sva_get_pasid(), or of who hands out the part
 */
struct shared_part {
	struct auxiliary_device	aux;
	struct shared_function	*function;
	u32			pasid;
};

/* Offsets in the VFIO device: the index of a region, and where in that */
#define SHARED_REGION_SHIFT	40
#define SHARED_REGION_SIZE	0x1000U	/* of region 0: a page of registers */
#define SHARED_CONFIG_SIZE	0x100U

/* In region 0: a doorbell, then what MSI-X has in memory, which VMMs emulate */
#define SHARED_DOORBELL		0x000	/* write a vector: the device sends it */
#define SHARED_TABLE		0x800
#define SHARED_PBA		0xc00

/**
 * struct shared_user - The VFIO device of a part
 * @vdev:	it; the first, as vfio_alloc_device() wants it
 * @part:	the part
 * @vectors:	its interrupts
 * @slots:	the slot of each vector, or -1; what a doorbell sends
 * @config:	its config space, as the user has it
 */
struct shared_user {
	struct vfio_device	vdev;
	struct shared_part	*part;
	struct ims_vfio		*vectors;
	int			slots[SHARED_VECTORS];
	u8			config[SHARED_CONFIG_SIZE];
};

extern struct auxiliary_driver shared_part_driver;

/* sysfs.c */
extern const struct attribute_group *shared_part_groups[];

/* config.c: the part looks like a PCI function, so that a VMM can give it to a guest */
void shared_config_init(struct shared_user *user);
ssize_t shared_config_read(struct shared_user *user, char __user *buf,
			   size_t count, loff_t offset);
ssize_t shared_config_write(struct shared_user *user, const char __user *buf,
			    size_t count, loff_t offset);

#endif /* _SAMPLES_SHARED_H */
