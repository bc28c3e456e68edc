// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/bus/pci/devices/<device>/msi_irqs/<irq>, as MSI-X has it: irqbalance and
 * lsirq find there which device an interrupt belongs to. As in /proc/interrupts
 * an interrupt is there while it is requested: many more may be allocated.
 *
 * The kernel makes that directory when MSI is first used on the device, and
 * fails to if it is there already: so it is never made here. Without one there
 * are no entries.
 */
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/mutex.h>
#include <linux/sysfs.h>

#include "internals.h"

/* In dom->irqs: requested, and the worker has not looked yet */
#define DEVICE_MSI_NEW	XA_MARK_1

static ssize_t device_msi_mode_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "msix\n");
}

/*
 * All entries share one attribute. sysfs copies the name when it adds a file,
 * and looks it up when it removes one; only then the name matters. The lock
 * also protects what an interrupt has in sysfs.
 */
static DEFINE_MUTEX(device_msi_sysfs_lock);
static char device_msi_name[12];

static struct device_attribute device_msi_attr = {
	.attr = { .name = device_msi_name, .mode = 0444 },
	.show = device_msi_mode_show,
};

static void device_msi_sysfs_add(struct device_msi_irq *irq)
{
	struct device *dev = irq->owner->dom->dev;
	int ret;

	snprintf(device_msi_name, sizeof(device_msi_name), "%u",
		 irq->data->irq);
	ret = sysfs_add_file_to_group(&dev->kobj, &device_msi_attr.attr,
				      "msi_irqs");
	irq->in_sysfs = !ret;
	if (ret && ret != -ENOENT)
		dev_warn_ratelimited(dev,
				     "device MSI: no entry in msi_irqs for irq %u: %pe\n",
				     irq->data->irq, ERR_PTR(ret));
}

/* The domain's lock keeps the interrupts from being freed meanwhile */
void device_msi_sysfs_work(struct work_struct *work)
{
	struct device_msi_domain *dom =
		container_of(work, struct device_msi_domain, sysfs_work);
	struct device_msi_irq *irq;
	unsigned long index;

	device_msi_lock(dom);
	xa_for_each_marked(&dom->irqs, index, irq, DEVICE_MSI_NEW) {
		mutex_lock(&device_msi_sysfs_lock);
		if (xa_get_mark(&dom->irqs, index, DEVICE_MSI_NEW) &&
		    device_is_registered(dom->dev))
			device_msi_sysfs_add(irq);
		xa_clear_mark(&dom->irqs, index, DEVICE_MSI_NEW);
		mutex_unlock(&device_msi_sysfs_lock);
	}
	device_msi_unlock(dom);
}

/* request_irq(): the driver need not wait for sysfs */
void device_msi_sysfs_request(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct device_msi_domain *dom = device_msi_domain_of(d);

	xa_set_mark(&dom->irqs, irq->desc.index, DEVICE_MSI_NEW);
	schedule_work(&dom->sysfs_work);
}

/* free_irq(): once this returns the number can be another's, who wants an entry */
void device_msi_sysfs_release(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct device *dev = device_msi_domain_of(d)->dev;

	mutex_lock(&device_msi_sysfs_lock);
	/* Not the worker's any more */
	xa_clear_mark(&device_msi_domain_of(d)->irqs, irq->desc.index,
		      DEVICE_MSI_NEW);
	if (irq->in_sysfs && device_is_registered(dev)) {
		snprintf(device_msi_name, sizeof(device_msi_name), "%u", d->irq);
		sysfs_remove_file_from_group(&dev->kobj, &device_msi_attr.attr,
					     "msi_irqs");
	}
	irq->in_sysfs = false;
	mutex_unlock(&device_msi_sysfs_lock);
}
