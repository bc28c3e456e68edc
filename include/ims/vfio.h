/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device MSI for users: the virtual MSI-X vectors of a VFIO device, each backed by an
 * interrupt of a store.
 *
 * For the author of a driver that hands parts of a device to processes and virtual
 * machines. The driver registers the VFIO device and answers its ioctls; what
 * VFIO_DEVICE_SET_IRQS and VFIO_DEVICE_GET_IRQ_INFO mean for MSI-X is here. Nothing here
 * is VFIO's but the numbers of <linux/vfio.h>, so that another interface to user space
 * can use it, too.
 */
#ifndef _IMS_VFIO_H
#define _IMS_VFIO_H

#include <linux/types.h>
#include <ims/device_msi.h>

struct ims_vfio;
struct vfio_irq_info;

/**
 * struct ims_vfio_ops - What the driver has to know of its vectors
 * @assign:	@vector has @slot: what the part of the device would send to @vector, it
 *		sends by @slot from now on. Nothing arrives before this returns 0; an
 *		error is what ims_vfio_set_irqs() returns, and the slot is free again.
 *		May be NULL.
 * @unassign:	@vector has no slot any more, and @slot is free when this returns. May be
 *		NULL.
 *
 * Both may sleep, and are called with the lock of the vectors held: they must call nothing
 * of this header.
 */
struct ims_vfio_ops {
	int (*assign)(void *priv, unsigned int vector, unsigned int slot);
	void (*unassign)(void *priv, unsigned int vector, unsigned int slot);
};

/**
 * struct ims_vfio_info - The vectors of one VFIO device
 * @dom:	the store; borrowed until ims_vfio_exit()
 * @consumer:	in whose name the interrupts are: the part's own struct device, so that
 *		its quota, its NUMA node and its entries in sysfs are the part's
 * @ops:	may be NULL; borrowed until ims_vfio_exit()
 * @priv:	handed to @ops
 * @nr_vectors:	how many there are, 1 to 2048 as in MSI-X. No user has more slots.
 * @emulated:	vectors, as bits of a bitmap, that have no slot: the driver signals them,
 *		with ims_vfio_signal(). NULL: none. Copied.
 */
struct ims_vfio_info {
	struct device_msi_domain	*dom;
	struct device			*consumer;
	const struct ims_vfio_ops	*ops;
	void				*priv;
	unsigned int			nr_vectors;
	const unsigned long		*emulated;
};

struct ims_vfio *ims_vfio_init(const struct ims_vfio_info *info);
void ims_vfio_close(struct ims_vfio *iv);
void ims_vfio_exit(struct ims_vfio *iv);

void ims_vfio_irq_info(const struct ims_vfio *iv, struct vfio_irq_info *info);
int ims_vfio_set_irqs(struct ims_vfio *iv, u32 flags, unsigned int start,
		      unsigned int count, const void *data);

int ims_vfio_set_emulated(struct ims_vfio *iv, unsigned int start,
			  unsigned int count);
int ims_vfio_set_sideband(struct ims_vfio *iv, unsigned int vector,
			  struct device_msi_sideband sideband);
int ims_vfio_signal(struct ims_vfio *iv, unsigned int vector);
int ims_vfio_slot(struct ims_vfio *iv, unsigned int vector);
int ims_vfio_virq(struct ims_vfio *iv, unsigned int vector);
int ims_vfio_restore(struct ims_vfio *iv);

#endif /* _IMS_VFIO_H */
