// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the user of a part can do, whatever VFIO device it is: read and write its regions,
 * and the ioctls. Each virtual vector has a slot of the function's array, but one, which
 * the driver signals by itself.
 *
 * To copy it, replace what shared_doorbell() does by your queues, which the user had better
 * reach by mmap() of a page that has nothing else: never one that has slots.
 */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "shared.h"

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

	if (vector >= shared_vectors)
		return -EINVAL;
	if (vector == shared_vectors - 1)
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

ssize_t shared_user_read(struct shared_user *user, char __user *buf,
			 size_t count, loff_t *pos)
{
	loff_t offset;
	int region = shared_region(*pos, count, &offset);
	ssize_t ret;

	if (region < 0)
		return region;
	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		ret = shared_config_read(user, buf, count, offset);
	else
		ret = clear_user(buf, count) ? -EFAULT : count;
	if (ret > 0)
		*pos += ret;
	return ret;
}

ssize_t shared_user_write(struct shared_user *user, const char __user *buf,
			  size_t count, loff_t *pos)
{
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
int shared_describe_region(struct vfio_region_info *info)
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

/* Linux 7 asks by a callback of its own, and this never comes there */
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
	nr = set.index == VFIO_PCI_MSIX_IRQ_INDEX ? shared_vectors : 0;
	ret = vfio_set_irqs_validate_and_prepare(&set, nr, VFIO_PCI_NUM_IRQS,
						 &data_size);
	if (ret)
		return ret;
	if (data_size) {
		data = memdup_user(arg + size, data_size);
		if (IS_ERR(data))
			return PTR_ERR(data);
	}
	down_read(&user->part->function->calls);
	ret = ims_vfio_set_irqs(user->vectors, set.flags, set.start, set.count,
				data);
	up_read(&user->part->function->calls);
	kfree(data);
	return ret;
}

/* rocker has no reset of a part: its slots are written again */
static long shared_reset(struct shared_user *user)
{
	int ret;

	down_read(&user->part->function->calls);
	ret = ims_vfio_restore(user->vectors);
	up_read(&user->part->function->calls);
	return ret;
}

long shared_user_ioctl(struct shared_user *user, unsigned int cmd,
		       unsigned long arg)
{
	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return shared_get_info((void __user *)arg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return shared_ioctl_region_info((void __user *)arg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return shared_get_irq_info(user, (void __user *)arg);
	case VFIO_DEVICE_SET_IRQS:
		return shared_set_irqs(user, (void __user *)arg);
	case VFIO_DEVICE_RESET:
		return shared_reset(user);
	default:
		return -ENOTTY;
	}
}

/* Whose vectors they are is said before they have slots, so that no other gets any */
int shared_user_open(struct shared_user *user)
{
	struct device_msi_sideband sideband = {
		.has	= DEVICE_MSI_SIDEBAND_PASID,
		.pasid	= user->part->pasid,
	};
	unsigned int i;
	int ret = 0;

	shared_config_init(user);
	if (!user->part->function->device->has_pasid)
		return 0;
	for (i = 0; i < shared_vectors && !ret; i++)
		if (i != shared_vectors - 1)
			ret = ims_vfio_set_sideband(user->vectors, i, sideband);
	return ret;
}

void shared_user_close(struct shared_user *user)
{
	ims_vfio_close(user->vectors);
}

int shared_user_init(struct shared_user *user, struct shared_part *part,
		     struct device *dev)
{
	DECLARE_BITMAP(emulated, SHARED_MAX_VECTORS) = {};
	struct ims_vfio_info info = {
		.dom		= part->function->msi,
		.consumer	= dev,
		.ops		= &shared_vectors_ops,
		.priv		= user,
		.nr_vectors	= shared_vectors,
		.emulated	= emulated,
	};
	unsigned int i;

	user->part = part;
	for (i = 0; i < shared_vectors; i++)
		user->slots[i] = -1;
	__set_bit(shared_vectors - 1, emulated);
	user->vectors = ims_vfio_init(&info);
	return PTR_ERR_OR_ZERO(user->vectors);
}

void shared_user_exit(struct shared_user *user)
{
	ims_vfio_exit(user->vectors);
}
