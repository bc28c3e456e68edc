// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parts of a function as mdevs, which is what Linux 5.10 has for VFIO devices that a
 * driver makes up; for Linux 6.1 and later copy part.c. The administrator makes a part by
 * a UUID in mdev_supported_types/ims_shared-part/create of the function, and removes it by
 * a 1 in its remove. What its user can do with it is in user.c.
 */
#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uuid.h>
#include <linux/vfio.h>
#include <linux/mdev.h>	/* needs <linux/uuid.h>, and does not include it */

#include "shared.h"

/**
 * struct shared_parent - A function that can have mdevs
 * @function:	it
 * @available:	how many more of them
 */
struct shared_parent {
	struct shared_function	*function;
	atomic_t		available;
};

/**
 * struct shared_mdev - A part as an mdev
 * @part:	what it is a part of
 * @user:	who has it
 * @lock:	of @nr_files
 * @nr_files:	how often the user has opened it: VFIO calls for each
 */
struct shared_mdev {
	struct shared_part	part;
	struct shared_user	user;
	struct mutex		lock;	/* of nr_files */
	unsigned int		nr_files;
};

static struct shared_user *to_user(struct mdev_device *mdev)
{
	struct shared_mdev *mine = mdev_get_drvdata(mdev);

	return &mine->user;
}

static ssize_t shared_read(struct mdev_device *mdev, char __user *buf,
			   size_t count, loff_t *pos)
{
	return shared_user_read(to_user(mdev), buf, count, pos);
}

static ssize_t shared_write(struct mdev_device *mdev, const char __user *buf,
			    size_t count, loff_t *pos)
{
	return shared_user_write(to_user(mdev), buf, count, pos);
}

static long shared_ioctl(struct mdev_device *mdev, unsigned int cmd,
			 unsigned long arg)
{
	return shared_user_ioctl(to_user(mdev), cmd, arg);
}

/* This mdev core does not keep the module of who has made the mdev */
static int shared_open(struct mdev_device *mdev)
{
	struct shared_mdev *mine = mdev_get_drvdata(mdev);
	int ret = 0;

	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	mutex_lock(&mine->lock);
	if (!mine->nr_files)
		ret = shared_user_open(&mine->user);
	if (!ret)
		mine->nr_files++;
	mutex_unlock(&mine->lock);
	if (ret)
		module_put(THIS_MODULE);
	return ret;
}

/* Whoever removes the mdev waits until this has returned, and so does the module's exit */
static void shared_close(struct mdev_device *mdev)
{
	struct shared_mdev *mine = mdev_get_drvdata(mdev);

	mutex_lock(&mine->lock);
	if (!--mine->nr_files)
		shared_user_close(&mine->user);
	mutex_unlock(&mine->lock);
	module_put(THIS_MODULE);
}

static struct shared_mdev *shared_new_part(struct shared_function *function,
					   struct device *dev)
{
	struct shared_mdev *mine;
	int ret;

	mine = kzalloc(sizeof(*mine), GFP_KERNEL);
	if (!mine)
		return ERR_PTR(-ENOMEM);
	mutex_init(&mine->lock);
	ret = shared_part_init(&mine->part, function);
	if (ret)
		goto err_free;
	ret = shared_user_init(&mine->user, &mine->part, dev);
	if (ret)
		goto err_exit_part;
	ret = device_msi_set_quota(function->msi, dev, shared_quota);
	if (ret)
		goto err_exit_user;
	return mine;

err_exit_user:
	shared_user_exit(&mine->user);
err_exit_part:
	shared_part_exit(&mine->part);
err_free:
	kfree(mine);
	return ERR_PTR(ret);
}

/* Nobody can open it before this returns */
static int shared_create(struct kobject *kobj, struct mdev_device *mdev)
{
	struct shared_parent *parent = dev_get_drvdata(mdev_parent_dev(mdev));
	struct shared_mdev *mine;

	if (atomic_dec_if_positive(&parent->available) < 0)
		return -ENOSPC;
	mine = shared_new_part(parent->function, mdev_dev(mdev));
	if (IS_ERR(mine)) {
		atomic_inc(&parent->available);
		return PTR_ERR(mine);
	}
	mdev_set_drvdata(mdev, mine);
	return 0;
}

/* The user has closed it. The quota has a reference to the mdev, as long as there is one. */
static int shared_remove(struct mdev_device *mdev)
{
	struct shared_parent *parent = dev_get_drvdata(mdev_parent_dev(mdev));
	struct shared_mdev *mine = mdev_get_drvdata(mdev);

	shared_user_exit(&mine->user);
	device_msi_set_quota(mine->part.function->msi, mdev_dev(mdev),
			     DEVICE_MSI_NO_QUOTA);
	shared_part_exit(&mine->part);
	kfree(mine);
	atomic_inc(&parent->available);
	return 0;
}

/* For sysfs.c, whose files are there after shared_create() and gone before shared_remove() */
struct shared_user *shared_user_of(struct device *dev)
{
	return to_user(mdev_from_dev(dev));
}

static ssize_t available_instances_show(struct kobject *kobj,
					struct device *dev, char *buf)
{
	struct shared_parent *parent = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n", atomic_read(&parent->available));
}
static MDEV_TYPE_ATTR_RO(available_instances);

static ssize_t device_api_show(struct kobject *kobj, struct device *dev,
			       char *buf)
{
	return sysfs_emit(buf, "%s\n", VFIO_DEVICE_API_PCI_STRING);
}
static MDEV_TYPE_ATTR_RO(device_api);

static struct attribute *shared_type_attrs[] = {
	&mdev_type_attr_available_instances.attr,
	&mdev_type_attr_device_api.attr,
	NULL
};

static struct attribute_group shared_type = {
	.name	= "part",
	.attrs	= shared_type_attrs,
};

static struct attribute_group *shared_types[] = {
	&shared_type,
	NULL
};

static const struct mdev_parent_ops shared_parent_ops = {
	.owner			= THIS_MODULE,
	.mdev_attr_groups	= shared_part_groups,
	.supported_type_groups	= shared_types,
	.create			= shared_create,
	.remove			= shared_remove,
	.open			= shared_open,
	.release		= shared_close,
	.read			= shared_read,
	.write			= shared_write,
	.ioctl			= shared_ioctl,
};

/* Removes all mdevs, and waits until their users have closed them */
static void shared_remove_parts(void *data)
{
	mdev_unregister_device(data);
}

int shared_add_parts(struct shared_function *function)
{
	struct device *dev = &function->pdev->dev;
	struct shared_parent *parent;
	int ret;

	parent = devm_kzalloc(dev, sizeof(*parent), GFP_KERNEL);
	if (!parent)
		return -ENOMEM;
	parent->function = function;
	atomic_set(&parent->available, SHARED_PARTS);
	dev_set_drvdata(dev, parent);
	ret = mdev_register_device(dev, &shared_parent_ops);
	if (ret)
		return dev_err_probe(dev, ret, "no parts\n");
	return devm_add_action_or_reset(dev, shared_remove_parts, dev);
}

/* The driver of mdevs is the kernel's vfio_mdev */
int shared_register_parts(void)
{
	return 0;
}

void shared_unregister_parts(void)
{
}
