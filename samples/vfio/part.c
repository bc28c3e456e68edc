// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver of a part: it gives the part to a user, as a VFIO device. Each virtual
 * vector has a slot of the function's array, but one, which the driver signals by itself.
 *
 * To copy it, replace what shared_doorbell() does by your queues, which the user had better
 * reach by mmap() of a page that has nothing else: never one that has slots.
 */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "shared.h"

static struct shared_user *to_user(struct vfio_device *vdev)
{
	return container_of(vdev, struct shared_user, vdev);
}

static int shared_assign(void *priv, unsigned int vector, unsigned int slot)
{
	struct shared_user *user = priv;

	WRITE_ONCE(user->slots[vector], slot);
	return 0;
}

static void shared_unassign(void *priv, unsigned int vector, unsigned int slot)
{
	struct shared_user *user = priv;

	WRITE_ONCE(user->slots[vector], -1);
}

static const struct ims_vfio_ops shared_vectors_ops = {
	.assign		= shared_assign,
	.unassign	= shared_unassign,
};

/* The device sends the vector's message, if it has one; or the driver stands in for it */
static int shared_doorbell(struct shared_user *user, u32 vector)
{
	int slot;

	if (vector >= SHARED_VECTORS)
		return -EINVAL;
	if (vector == SHARED_OWN)
		return ims_vfio_signal(user->vectors, vector);
	slot = READ_ONCE(user->slots[vector]);
	if (slot >= 0)
		user->part->function->device->fire(user->part, slot);
	return 0;
}

/* What a read or write is about, or an error; no access goes beyond its region */
static int shared_region(loff_t pos, size_t count, loff_t *offset)
{
	unsigned int region = pos >> SHARED_REGION_SHIFT;
	unsigned int size = region == VFIO_PCI_CONFIG_REGION_INDEX ?
				SHARED_CONFIG_SIZE :
			    region == VFIO_PCI_BAR0_REGION_INDEX ?
				SHARED_REGION_SIZE : 0;

	*offset = pos & ((1ULL << SHARED_REGION_SHIFT) - 1);
	if (*offset >= size || count > size - *offset)
		return -EINVAL;
	return region;
}

static ssize_t shared_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *pos)
{
	loff_t offset;
	int region = shared_region(*pos, count, &offset);
	ssize_t ret;

	if (region < 0)
		return region;
	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		ret = shared_config_read(to_user(vdev), buf, count, offset);
	else
		ret = clear_user(buf, count) ? -EFAULT : count;
	if (ret > 0)
		*pos += ret;
	return ret;
}

static ssize_t shared_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *pos)
{
	struct shared_user *user = to_user(vdev);
	loff_t offset;
	int region = shared_region(*pos, count, &offset);
	ssize_t ret = count;
	u32 vector;

	if (region < 0)
		return region;
	if (region == VFIO_PCI_CONFIG_REGION_INDEX) {
		ret = shared_config_write(user, buf, count, offset);
	} else if (offset == SHARED_DOORBELL && count == sizeof(vector)) {
		if (copy_from_user(&vector, buf, sizeof(vector)))
			return -EFAULT;
		ret = shared_doorbell(user, vector) ?: count;
	}
	if (ret > 0)
		*pos += ret;
	return ret;
}

static long shared_get_info(void __user *arg)
{
	unsigned long size = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, size))
		return -EFAULT;
	if (info.argsz < size)
		return -EINVAL;
	info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = VFIO_PCI_NUM_REGIONS;
	info.num_irqs = VFIO_PCI_NUM_IRQS;
	return copy_to_user(arg, &info, size) ? -EFAULT : 0;
}

/* Of those that a PCI function can have, a part has registers and config space */
static int shared_describe_region(struct vfio_region_info *info)
{
	if (info->index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;
	info->offset = (u64)info->index << SHARED_REGION_SHIFT;
	info->size = info->index == VFIO_PCI_CONFIG_REGION_INDEX ?
			SHARED_CONFIG_SIZE :
		     info->index == VFIO_PCI_BAR0_REGION_INDEX ?
			SHARED_REGION_SIZE : 0;
	info->flags = info->size ? VFIO_REGION_INFO_FLAG_READ |
				   VFIO_REGION_INFO_FLAG_WRITE : 0;
	return 0;
}

#ifdef SHARED_HAS_REGION_INFO
static int shared_get_region_info(struct vfio_device *vdev,
				  struct vfio_region_info *info,
				  struct vfio_info_cap *caps)
{
	return shared_describe_region(info);
}
#else	/* before Linux 7 it is an ioctl like others */
static long shared_ioctl_region_info(void __user *arg)
{
	unsigned long size = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info;
	int ret;

	if (copy_from_user(&info, arg, size))
		return -EFAULT;
	if (info.argsz < size)
		return -EINVAL;
	ret = shared_describe_region(&info);
	if (ret)
		return ret;
	return copy_to_user(arg, &info, size) ? -EFAULT : 0;
}
#endif

static long shared_get_irq_info(struct shared_user *user, void __user *arg)
{
	unsigned long size = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, size))
		return -EFAULT;
	if (info.argsz < size || info.index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;
	info.flags = 0;
	info.count = 0;
	if (info.index == VFIO_PCI_MSIX_IRQ_INDEX)
		ims_vfio_irq_info(user->vectors, &info);
	return copy_to_user(arg, &info, size) ? -EFAULT : 0;
}

static long shared_set_irqs(struct shared_user *user, void __user *arg)
{
	unsigned long size = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set set;
	size_t data_size = 0;
	void *data = NULL;
	int nr, ret;

	if (copy_from_user(&set, arg, size))
		return -EFAULT;
	nr = set.index == VFIO_PCI_MSIX_IRQ_INDEX ? SHARED_VECTORS : 0;
	ret = vfio_set_irqs_validate_and_prepare(&set, nr, VFIO_PCI_NUM_IRQS,
						 &data_size);
	if (ret)
		return ret;
	if (data_size) {
		data = memdup_user(arg + size, data_size);
		if (IS_ERR(data))
			return PTR_ERR(data);
	}
	ret = ims_vfio_set_irqs(user->vectors, set.flags, set.start, set.count,
				data);
	kfree(data);
	return ret;
}

static long shared_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	struct shared_user *user = to_user(vdev);

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return shared_get_info((void __user *)arg);
#ifndef SHARED_HAS_REGION_INFO
	case VFIO_DEVICE_GET_REGION_INFO:
		return shared_ioctl_region_info((void __user *)arg);
#endif
	case VFIO_DEVICE_GET_IRQ_INFO:
		return shared_get_irq_info(user, (void __user *)arg);
	case VFIO_DEVICE_SET_IRQS:
		return shared_set_irqs(user, (void __user *)arg);
	case VFIO_DEVICE_RESET: /* rocker has no reset of a part: its slots are written again */
		return ims_vfio_restore(user->vectors);
	default:
		return -ENOTTY;
	}
}

/* Whose vectors they are is said before they have slots, so that no other gets any */
static int shared_open(struct vfio_device *vdev)
{
	struct shared_user *user = to_user(vdev);
	struct device_msi_sideband sideband = {
		.has	= DEVICE_MSI_SIDEBAND_PASID,
		.pasid	= user->part->pasid,
	};
	unsigned int i;
	int ret = 0;

	shared_config_init(user);
	if (!user->part->function->device->has_pasid)
		return 0;
	for (i = 0; i < SHARED_VECTORS && !ret; i++)
		if (i != SHARED_OWN)
			ret = ims_vfio_set_sideband(user->vectors, i, sideband);
	return ret;
}

static void shared_close(struct vfio_device *vdev)
{
	ims_vfio_close(to_user(vdev)->vectors);
}

static int shared_init_vectors(struct vfio_device *vdev)
{
	struct auxiliary_device *aux = to_auxiliary_dev(vdev->dev);
	struct shared_user *user = to_user(vdev);
	DECLARE_BITMAP(emulated, SHARED_VECTORS) = {};
	struct ims_vfio_info info = {
		.consumer	= vdev->dev,
		.ops		= &shared_vectors_ops,
		.priv		= user,
		.nr_vectors	= SHARED_VECTORS,
		.emulated	= emulated,
	};
	unsigned int i;

	user->part = container_of(aux, struct shared_part, aux);
	info.dom = user->part->function->msi;
	for (i = 0; i < SHARED_VECTORS; i++)
		user->slots[i] = -1;
	__set_bit(SHARED_OWN, emulated);
	user->vectors = ims_vfio_init(&info);
	return PTR_ERR_OR_ZERO(user->vectors);
}

static void shared_release(struct vfio_device *vdev)
{
	ims_vfio_exit(to_user(vdev)->vectors);
#ifdef SHARED_FREES_DEVICE	/* before Linux 6.2 */
	vfio_free_device(vdev);
#endif
}

static const struct vfio_device_ops shared_ops = {
	.name			= "ims_shared",
	.init			= shared_init_vectors,
	.release		= shared_release,
	.open_device		= shared_open,
	.close_device		= shared_close,
	.read			= shared_read,
	.write			= shared_write,
	.ioctl			= shared_ioctl,
#ifdef SHARED_HAS_REGION_INFO
	.get_region_info_caps	= shared_get_region_info,
#endif
#ifdef SHARED_HAS_IOMMUFD	/* since Linux 6.2 */
	.bind_iommufd		= vfio_iommufd_emulated_bind,
	.unbind_iommufd		= vfio_iommufd_emulated_unbind,
	.attach_ioas		= vfio_iommufd_emulated_attach_ioas,
#endif
#ifdef SHARED_HAS_DETACH_IOAS	/* since Linux 6.6 */
	.detach_ioas		= vfio_iommufd_emulated_detach_ioas,
#endif
};

static int shared_part_probe(struct auxiliary_device *aux,
			     const struct auxiliary_device_id *id)
{
	struct shared_user *user;
	int ret;

	user = vfio_alloc_device(shared_user, vdev, &aux->dev, &shared_ops);
	if (IS_ERR(user))
		return PTR_ERR(user);
	ret = vfio_register_emulated_iommu_dev(&user->vdev);
	if (ret) {
		vfio_put_device(&user->vdev);
		return ret;
	}
	auxiliary_set_drvdata(aux, user);
	return 0;
}

/* Waits until the user has closed the device */
static void shared_part_remove(struct auxiliary_device *aux)
{
	struct shared_user *user = auxiliary_get_drvdata(aux);

	vfio_unregister_group_dev(&user->vdev);
	vfio_put_device(&user->vdev);
}

static const struct auxiliary_device_id shared_part_ids[] = {
	{ .name = "ims_shared.part" },	/* module and kind of part */
	{ }
};
MODULE_DEVICE_TABLE(auxiliary, shared_part_ids);

struct auxiliary_driver shared_part_driver = {
	.name		= "part",
	.id_table	= shared_part_ids,
	.probe		= shared_part_probe,
	.remove		= shared_part_remove,
	.driver.dev_groups = shared_part_groups,
};
