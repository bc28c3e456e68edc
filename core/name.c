// SPDX-License-Identifier: GPL-2.0-only
/*
 * The name of a domain in /proc/interrupts and in debugfs: IMS-<device>; further
 * domains of that device are IMS-<device>-1, -2, ... in the order in which they are
 * created. A number is free again once its domain is gone.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>

/* All domains with a name; those of one device in the order of their numbers */
static LIST_HEAD(device_msi_named);
static DEFINE_MUTEX(device_msi_named_lock);

/* Give the domain the lowest number that no other domain of its device has */
static void device_msi_alloc_domain_number(struct device_msi_domain *dom)
{
	struct device_msi_domain *other;

	mutex_lock(&device_msi_named_lock);
	dom->number = 0;
	list_for_each_entry(other, &device_msi_named, named) {
		if (other->dev != dom->dev)
			continue;
		if (other->number != dom->number)
			break;
		dom->number++;
	}
	list_add_tail(&dom->named, &other->named);
	mutex_unlock(&device_msi_named_lock);
}

int device_msi_create_name(struct device_msi_domain *dom)
{
	device_msi_alloc_domain_number(dom);
	if (dom->number)
		dom->chip.name = kasprintf(GFP_KERNEL, "IMS-%s-%u",
					   dev_name(dom->dev), dom->number);
	else
		dom->chip.name = kasprintf(GFP_KERNEL, "IMS-%s",
					   dev_name(dom->dev));
	if (dom->chip.name)
		return 0;
	device_msi_remove_name(dom);
	return -ENOMEM;
}

void device_msi_remove_name(struct device_msi_domain *dom)
{
	mutex_lock(&device_msi_named_lock);
	list_del(&dom->named);
	mutex_unlock(&device_msi_named_lock);
	kfree(dom->chip.name);
}
