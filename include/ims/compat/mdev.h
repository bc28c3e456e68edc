/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names of the helper for the interrupts of an mdev that was posted with the idxd
 * driver in May 2021 (V6, 05/20, "vfio: mdev: common lib code for setting up Interrupt
 * Message Store"), over <ims/vfio.h>. docs/porting.md has what differs.
 *
 * A driver includes this after <linux/mdev.h>, and has two functions of its own before:
 *
 *	static struct ims_vfio **mdev_ims_vfio(struct mdev_device *mdev);
 *
 * where it keeps the vectors of an mdev, which was a member of struct mdev_device; and
 *
 *	static void mdev_ims_info(struct mdev_device *mdev, struct ims_vfio_info *info);
 *
 * which sets @info->dom and @info->consumer, and what else the driver wants.
 */
#ifndef _IMS_COMPAT_MDEV_H
#define _IMS_COMPAT_MDEV_H

#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/vfio.h>
#include <ims/vfio.h>

/* Return: 0, or an error of ims_vfio_init(), of which the reason is in the log */
static inline int mdev_irqs_init(struct mdev_device *mdev, int num, bool *ims_map)
{
	struct ims_vfio **iv = mdev_ims_vfio(mdev);
	struct ims_vfio_info info = { .nr_vectors = num };
	unsigned long *emulated;
	int i;

	if (num < 1)
		return -EINVAL;
	emulated = bitmap_zalloc(num, GFP_KERNEL);
	if (!emulated)
		return -ENOMEM;
	for (i = 0; i < num; i++)
		if (!ims_map[i])
			__set_bit(i, emulated);
	info.emulated = emulated;
	mdev_ims_info(mdev, &info);
	*iv = ims_vfio_init(&info);
	bitmap_free(emulated);
	return PTR_ERR_OR_ZERO(*iv);
}

/* Also of an mdev for which mdev_irqs_init() has failed */
static inline void mdev_irqs_free(struct mdev_device *mdev)
{
	ims_vfio_exit(*mdev_ims_vfio(mdev));
	*mdev_ims_vfio(mdev) = NULL;
}

/* Of each vector that has a slot, or gets one until ims_vfio_close() */
static inline void mdev_irqs_set_pasid(struct mdev_device *mdev, u32 pasid)
{
	struct ims_vfio *iv = *mdev_ims_vfio(mdev);
	struct device_msi_sideband sideband = {
		.has	= DEVICE_MSI_SIDEBAND_PASID,
		.pasid	= pasid,
	};
	struct vfio_irq_info info = {};
	u32 i;

	ims_vfio_irq_info(iv, &info);
	for (i = 0; i < info.count; i++)
		ims_vfio_set_sideband(iv, i, sideband);
}

/* Return: what ims_vfio_set_irqs() does; -EINVAL for another index than that of MSI-X */
static inline int mdev_set_msix_trigger(struct mdev_device *mdev, unsigned int index,
					unsigned int start, unsigned int count,
					u32 flags, void *data)
{
	if (index != VFIO_PCI_MSIX_IRQ_INDEX)
		return -EINVAL;
	return ims_vfio_set_irqs(*mdev_ims_vfio(mdev), flags, start, count, data);
}

static inline void mdev_msix_send_signal(struct mdev_device *mdev, int vector)
{
	ims_vfio_signal(*mdev_ims_vfio(mdev), vector);
}

#endif /* _IMS_COMPAT_MDEV_H */
