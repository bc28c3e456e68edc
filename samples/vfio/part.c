// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parts of a function as auxiliary devices, and the driver of a part, which gives it to
 * a user as a VFIO device: from Linux 6.1 on. What the user can do with it is in user.c.
 */
#include <linux/auxiliary_bus.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#include "shared.h"

/**
 * struct shared_aux - A part in the driver model
 * @aux:	it, in whose name its interrupts are
 * @part:	what it is a part of
 */
struct shared_aux {
	struct auxiliary_device	aux;
	struct shared_part	part;
};

/**
 * struct shared_vdev - The VFIO device of a part
 * @vdev:	it; the first, as vfio_alloc_device() wants it
 * @user:	who has it
 */
struct shared_vdev {
	struct vfio_device	vdev;
	struct shared_user	user;
};

static struct shared_aux *to_shared_aux(struct device *dev)
{
	return container_of(to_auxiliary_dev(dev), struct shared_aux, aux);
}

static struct shared_user *to_user(struct vfio_device *vdev)
{
	return &container_of(vdev, struct shared_vdev, vdev)->user;
}

static ssize_t shared_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *pos)
{
	return shared_user_read(to_user(vdev), buf, count, pos);
}

static ssize_t shared_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *pos)
{
	return shared_user_write(to_user(vdev), buf, count, pos);
}

#ifdef SHARED_HAS_REGION_INFO	/* before Linux 7 it is an ioctl like others */
static int shared_get_region_info(struct vfio_device *vdev,
				  struct vfio_region_info *info,
				  struct vfio_info_cap *caps)
{
	return shared_describe_region(info);
}
#endif

static long shared_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	return shared_user_ioctl(to_user(vdev), cmd, arg);
}

static int shared_open(struct vfio_device *vdev)
{
	return shared_user_open(to_user(vdev));
}

static void shared_close(struct vfio_device *vdev)
{
	shared_user_close(to_user(vdev));
}

static int shared_init_vectors(struct vfio_device *vdev)
{
	return shared_user_init(to_user(vdev), &to_shared_aux(vdev->dev)->part,
				vdev->dev);
}

static void shared_release(struct vfio_device *vdev)
{
	shared_user_exit(to_user(vdev));
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
	struct shared_vdev *mine;
	int ret;

	mine = vfio_alloc_device(shared_vdev, vdev, &aux->dev, &shared_ops);
	if (IS_ERR(mine))
		return PTR_ERR(mine);
	ret = vfio_register_emulated_iommu_dev(&mine->vdev);
	if (ret) {
		vfio_put_device(&mine->vdev);
		return ret;
	}
	auxiliary_set_drvdata(aux, mine);
	return 0;
}

/* Waits until the user has closed the device */
static void shared_part_remove(struct auxiliary_device *aux)
{
	struct shared_vdev *mine = auxiliary_get_drvdata(aux);

	vfio_unregister_group_dev(&mine->vdev);
	vfio_put_device(&mine->vdev);
}

/* For sysfs.c, whose files are there while the driver is bound */
struct shared_user *shared_user_of(struct device *dev)
{
	struct shared_vdev *mine = dev_get_drvdata(dev);

	return &mine->user;
}

static const struct auxiliary_device_id shared_part_ids[] = {
	{ .name = "ims_shared.part" },	/* module and kind of part */
	{ }
};
MODULE_DEVICE_TABLE(auxiliary, shared_part_ids);

static struct auxiliary_driver shared_part_driver = {
	.name		= "part",
	.id_table	= shared_part_ids,
	.probe		= shared_part_probe,
	.remove		= shared_part_remove,
	.driver.dev_groups = shared_part_groups,
};

static void shared_aux_release(struct device *dev)
{
	struct shared_aux *mine = to_shared_aux(dev);

	shared_part_exit(&mine->part);
	kfree(mine);
}

static void shared_remove_part(void *data)
{
	struct shared_aux *mine = data;

	auxiliary_device_delete(&mine->aux);
	auxiliary_device_uninit(&mine->aux);
}

static struct shared_aux *shared_new_part(struct shared_function *function)
{
	struct shared_aux *mine;
	int ret;

	mine = kzalloc(sizeof(*mine), GFP_KERNEL);
	if (!mine)
		return ERR_PTR(-ENOMEM);
	ret = shared_part_init(&mine->part, function);
	if (ret)
		goto err_free;
	mine->aux.id = mine->part.id;
	mine->aux.name = "part";
	mine->aux.dev.parent = &function->pdev->dev;
	mine->aux.dev.release = shared_aux_release;
	ret = auxiliary_device_init(&mine->aux);
	if (ret)
		goto err_exit;
	return mine;

err_exit:
	shared_part_exit(&mine->part);
err_free:
	kfree(mine);
	return ERR_PTR(ret);
}

/* The part's driver may probe as soon as the part is there: the quota comes before */
static int shared_add_part(struct shared_function *function)
{
	struct shared_aux *mine = shared_new_part(function);
	int ret;

	if (IS_ERR(mine))
		return PTR_ERR(mine);
	ret = device_msi_set_quota(function->msi, &mine->aux.dev, shared_quota);
	if (!ret)
		ret = auxiliary_device_add(&mine->aux);
	if (ret) {
		auxiliary_device_uninit(&mine->aux);
		return ret;
	}
	return devm_add_action_or_reset(&function->pdev->dev,
					shared_remove_part, mine);
}

int shared_add_parts(struct shared_function *function)
{
	unsigned int i;
	int ret;

	for (i = 0; i < SHARED_PARTS; i++) {
		ret = shared_add_part(function);
		if (ret)
			return dev_err_probe(&function->pdev->dev, ret,
					     "no part %u\n", i);
	}
	return 0;
}

int shared_register_parts(void)
{
	return auxiliary_driver_register(&shared_part_driver);
}

void shared_unregister_parts(void)
{
	auxiliary_driver_unregister(&shared_part_driver);
}
