// SPDX-License-Identifier: GPL-2.0-only
/*
 * vectors, of a part in sysfs: for the administrator, who may want to move interrupts, which
 * vectors have a slot and an irq. A line each: vector, slot, irq.
 */
#include <linux/device.h>

#include "shared.h"

static ssize_t vectors_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct shared_user *user = shared_user_of(dev);
	unsigned int i;
	ssize_t at = 0;
	int slot, irq;

	for (i = 0; i < shared_vectors; i++) {
		slot = ims_vfio_slot(user->vectors, i);
		irq = ims_vfio_virq(user->vectors, i);
		if (slot >= 0 && irq > 0)
			at += sysfs_emit_at(buf, at, "%u %d %d\n", i, slot, irq);
	}
	return at;
}
static DEVICE_ATTR_RO(vectors);

static struct attribute *shared_part_attrs[] = {
	&dev_attr_vectors.attr,
	NULL
};

static const struct attribute_group shared_part_group = {
	.attrs	= shared_part_attrs,
};

const struct attribute_group *shared_part_groups[] = {
	&shared_part_group,
	NULL
};
