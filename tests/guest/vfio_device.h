/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that are users of a VFIO device, by container and group: how they open it.
 */
#ifndef _IMS_TEST_VFIO_DEVICE_H
#define _IMS_TEST_VFIO_DEVICE_H

#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* Return: the file of the device, which is all that its user has */
static int open_vfio_device(const char *group_name, const char *name)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	int container = open("/dev/vfio/vfio", O_RDWR);
	int group, device;
	char path[64];

	snprintf(path, sizeof(path), "/dev/vfio/%s", group_name);
	group = open(path, O_RDWR);
	if (container < 0 || group < 0)
		die(path);
	if (ioctl(group, VFIO_GROUP_GET_STATUS, &status) ||
	    !(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		die("group");
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) ||
	    ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		die("container");
	device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, name);
	if (device < 0)
		die(name);
	return device;
}

#endif /* _IMS_TEST_VFIO_DEVICE_H */
