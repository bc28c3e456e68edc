// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/bus/pci/devices/<device>/msi_irqs/<irq>, as MSI-X has it: irqbalance and
 * lsirq find there which device an interrupt belongs to.
 *
 * The kernel makes that directory when MSI is first used on the device, and
 * fails to if it is there already: so it is never made here. Without one there
 * are no entries.
 */
#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/sysfs.h>

#include "internals.h"

static ssize_t device_msi_mode_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "msix\n");
}

/*
 * All entries share one attribute. sysfs copies the name when it adds a file,
 * and looks it up when it removes one; only then the name matters.
 */
static DEFINE_MUTEX(device_msi_name_lock);
static char device_msi_name[12];

static struct device_attribute device_msi_attr = {
	.attr = { .name = device_msi_name, .mode = 0444 },
	.show = device_msi_mode_show,
};

void device_msi_sysfs_add(struct device_msi_irq *irq)
{
	struct device *dev = irq->owner->dom->dev;
	int ret;

	mutex_lock(&device_msi_name_lock);
	snprintf(device_msi_name, sizeof(device_msi_name), "%u", irq->msi.irq);
	ret = sysfs_add_file_to_group(&dev->kobj, &device_msi_attr.attr,
				      "msi_irqs");
	mutex_unlock(&device_msi_name_lock);

	irq->in_sysfs = !ret;
	if (ret && ret != -ENOENT)
		dev_warn_ratelimited(dev,
				     "device MSI: no entry in msi_irqs for irq %u: %pe\n",
				     irq->msi.irq, ERR_PTR(ret));
}

/* Before the number can be another's: that may want an entry too */
void device_msi_sysfs_remove(struct device_msi_irq *irq)
{
	if (!irq->in_sysfs)
		return;
	mutex_lock(&device_msi_name_lock);
	snprintf(device_msi_name, sizeof(device_msi_name), "%u", irq->msi.irq);
	sysfs_remove_file_from_group(&irq->owner->dom->dev->kobj,
				     &device_msi_attr.attr, "msi_irqs");
	mutex_unlock(&device_msi_name_lock);
}
