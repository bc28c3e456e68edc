/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_shared: what its files share.
 */
#ifndef _SAMPLES_SHARED_H
#define _SAMPLES_SHARED_H

#include <linux/io.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/types.h>
#include <ims/ims.h>
#include <ims/vfio.h>

#define SHARED_PARTS		4	/* of each function */
#define SHARED_MAX_VECTORS	96	/* of each part: there is room for no more in region 0 */

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

/* main.c: how many vectors a part has. The driver signals the last one by itself. */
extern unsigned int shared_vectors;
extern unsigned int shared_quota;	/* of interrupts of the store, for a part */

/* device.c */
extern const struct shared_device shared_rocker;
extern const struct shared_device shared_ims;
extern const struct shared_device shared_ims_queue;

/* queue.c */
int shared_queue_create_domain(struct shared_function *function);

/* A register of devices/ims; write: the device is as in the beginning */
#define SHARED_IMS_RESET	0x004

/**
 * struct shared_function - The PCI function
 * @pdev:	it
 * @device:	what kind of device it is
 * @regs:	its registers
 * @msi:	its interrupts, of which each part has some
 * @calls:	a user's call holds it for reading, who resets the function for writing: a
 *		call is over before, with the error that it had, or comes after
 */
struct shared_function {
	struct pci_dev			*pdev;
	const struct shared_device	*device;
	void __iomem			*regs;
	struct device_msi_domain	*msi;
	struct rw_semaphore		calls;	/* of users, or a reset */
};

/**
 * struct shared_part - A part of a function
 * @function:	whose part it is
 * @id:		its number, of all parts of all functions
 * @pasid:	of the process that works with this part: a real driver has it of
 *		iommu_sva_get_pasid(), or of who hands out the part
 */
struct shared_part {
	struct shared_function	*function;
	unsigned int		id;
	u32			pasid;
};

/* main.c */
int shared_part_init(struct shared_part *part, struct shared_function *function);
void shared_part_exit(struct shared_part *part);

/* Offsets in the VFIO device: the index of a region, and where in that */
#define SHARED_REGION_SHIFT	40
#define SHARED_REGION_SIZE	0x1000U	/* of region 0: a page of registers */
#define SHARED_CONFIG_SIZE	0x100U

/* In region 0: a doorbell, then what MSI-X has in memory, which VMMs emulate */
#define SHARED_DOORBELL		0x000	/* write a vector: the device sends it */
#define SHARED_TABLE		0x800
#define SHARED_PBA		0xe00

/**
 * struct shared_user - What the user of a part has
 * @part:	the part
 * @vectors:	its interrupts
 * @slots:	the slot of each vector, or -1; what a doorbell sends
 * @config:	its config space, as the user has it
 */
struct shared_user {
	struct shared_part	*part;
	struct ims_vfio		*vectors;
	int			slots[SHARED_MAX_VECTORS];
	u8			config[SHARED_CONFIG_SIZE];
};

struct vfio_region_info;

/* user.c: what VFIO asks for. The part's interrupts are in the name of @dev. */
int shared_user_init(struct shared_user *user, struct shared_part *part,
		     struct device *dev);
void shared_user_exit(struct shared_user *user);
int shared_user_open(struct shared_user *user);
void shared_user_close(struct shared_user *user);
ssize_t shared_user_read(struct shared_user *user, char __user *buf,
			 size_t count, loff_t *pos);
ssize_t shared_user_write(struct shared_user *user, const char __user *buf,
			  size_t count, loff_t *pos);
long shared_user_ioctl(struct shared_user *user, unsigned int cmd,
		       unsigned long arg);
int shared_describe_region(struct vfio_region_info *info);

/* part.c, or mdev.c on Linux 5.10: the parts in the driver model, each a VFIO device */
int shared_register_parts(void);
void shared_unregister_parts(void);
int shared_add_parts(struct shared_function *function);
struct shared_user *shared_user_of(struct device *dev);

/* sysfs.c */
extern const struct attribute_group *shared_part_groups[];

/* config.c: the part looks like a PCI function, so that a VMM can give it to a guest */
void shared_config_init(struct shared_user *user);
ssize_t shared_config_read(struct shared_user *user, char __user *buf,
			   size_t count, loff_t offset);
ssize_t shared_config_write(struct shared_user *user, const char __user *buf,
			    size_t count, loff_t offset);

#endif /* _SAMPLES_SHARED_H */
