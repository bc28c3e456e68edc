// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/bus/pci/devices/<device>/msi_irqs/<irq>, as MSI-X has it: irqbalance and lsirq
 * find there which device an interrupt belongs to. As in /proc/interrupts, an
 * interrupt has an entry while it is requested: many more may be allocated.
 *
 * The kernel creates that directory when MSI is first used on the device, which fails
 * if the directory exists already: so the core never creates it. Without the
 * directory there are no entries.
 *
 * To create an entry costs more than all else of request_irq(), so a work creates it
 * a moment later if the interrupt is still requested. A driver that requests and
 * frees all the time causes no entries, and one pass of the work for all its
 * interrupts.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/irq.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/sysfs.h>
#include <linux/workqueue.h>

/* Mark in dom->irqs: requested since the work has looked */
#define DEVICE_MSI_NEW	XA_MARK_1

/* Delay from request_irq() to the entry, in jiffies */
#define DEVICE_MSI_ENTRY_DELAY	(HZ / 10)

/* Entries that are created in one hold of the domain's lock; more a jiffy later */
#define DEVICE_MSI_ENTRY_BATCH	64U

/**
 * enum device_msi_entry - struct device_msi_irq.entry, under the descriptor's raw lock
 * @DEVICE_MSI_NO_ENTRY: there is no entry, and none is wanted
 * @DEVICE_MSI_ENTRY_WANTED: the work is to create the entry
 * @DEVICE_MSI_ENTRY_STARTED: the work creates the entry, with dom->sysfs_lock held
 * @DEVICE_MSI_ENTRY_CREATED: there is an entry
 */
enum device_msi_entry {
	DEVICE_MSI_NO_ENTRY,
	DEVICE_MSI_ENTRY_WANTED,
	DEVICE_MSI_ENTRY_STARTED,
	DEVICE_MSI_ENTRY_CREATED,
};

static ssize_t device_msi_mode_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "msix\n");
}

/*
 * All entries of a domain share one attribute: sysfs copies its name when the work
 * adds a file, and to remove a file needs nothing but the name.
 */
void device_msi_sysfs_init(struct device_msi_domain *dom)
{
	INIT_DELAYED_WORK(&dom->sysfs_work, device_msi_sysfs_work);
	mutex_init(&dom->sysfs_lock);
	sysfs_attr_init(&dom->sysfs_attr.attr);
	dom->sysfs_attr.attr.name = dom->sysfs_name;
	dom->sysfs_attr.attr.mode = 0444;
	dom->sysfs_attr.show = device_msi_mode_show;
}

static bool device_msi_sysfs_add(struct device_msi_domain *dom, unsigned int virq)
{
	int ret;

	snprintf(dom->sysfs_name, sizeof(dom->sysfs_name), "%u", virq);
	ret = sysfs_add_file_to_group(&dom->dev->kobj, &dom->sysfs_attr.attr,
				      "msi_irqs");
	if (ret && ret != -ENOENT)
		dev_warn_ratelimited(dom->dev,
				     "irq %u has no entry in msi_irqs: %pe; irqbalance does not know its device\n",
				     virq, ERR_PTR(ret));
	return !ret;
}

static void device_msi_sysfs_remove(struct device_msi_domain *dom,
				    unsigned int virq)
{
	char name[sizeof(dom->sysfs_name)];
	struct attribute attr = { .name = name };

	if (!device_is_registered(dom->dev))
		return;
	snprintf(name, sizeof(name), "%u", virq);
	sysfs_remove_file_from_group(&dom->dev->kobj, &attr, "msi_irqs");
}

/* Change the state of an entry if it is @from. Return: the state before */
static unsigned int device_msi_sysfs_set_entry(struct irq_data *d, unsigned int from,
					       unsigned int to)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;
	unsigned int was;

	raw_spin_lock_irqsave(&desc->lock, flags);
	was = irq->entry;
	if (was == from)
		irq->entry = to;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return was;
}

/* A free_irq() meanwhile waits for dom->sysfs_lock, and then removes the entry */
static void device_msi_sysfs_create(struct device_msi_domain *dom,
				    struct irq_data *d)
{
	bool made;

	mutex_lock(&dom->sysfs_lock);
	if (device_msi_sysfs_set_entry(d, DEVICE_MSI_ENTRY_WANTED,
				       DEVICE_MSI_ENTRY_STARTED) ==
	    DEVICE_MSI_ENTRY_WANTED) {
		made = device_is_registered(dom->dev) &&
		       device_msi_sysfs_add(dom, d->irq);
		device_msi_sysfs_set_entry(d, DEVICE_MSI_ENTRY_STARTED,
					   made ? DEVICE_MSI_ENTRY_CREATED :
					     DEVICE_MSI_NO_ENTRY);
	}
	mutex_unlock(&dom->sysfs_lock);
}

/*
 * The domain's lock keeps the interrupts from being freed meanwhile. The mark is
 * cleared first: a request_irq() from then on sets it again.
 * Return: whether there are more entries to create.
 */
static bool device_msi_sysfs_create_some(struct device_msi_domain *dom)
{
	struct device_msi_irq *irq;
	unsigned int nr = 0;
	unsigned long index;

	xa_for_each_marked(&dom->irqs, index, irq, DEVICE_MSI_NEW) {
		if (nr++ == DEVICE_MSI_ENTRY_BATCH)
			return true;
		xa_clear_mark(&dom->irqs, index, DEVICE_MSI_NEW);
		if (irq->data)
			device_msi_sysfs_create(dom, irq->data);
		cond_resched();
	}
	return false;
}

void device_msi_sysfs_work(struct work_struct *work)
{
	struct device_msi_domain *dom =
		container_of(to_delayed_work(work), struct device_msi_domain,
			     sysfs_work);
	bool more;

	device_msi_lock(dom);
	more = device_msi_sysfs_create_some(dom);
	device_msi_unlock(dom);
	if (more)
		mod_delayed_work(device_msi_wq, &dom->sysfs_work, 1);
}

/* Called in request_irq(), which does not wait for sysfs */
void device_msi_sysfs_request(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct device_msi_domain *dom = device_msi_domain_of(d);

	device_msi_sysfs_set_entry(d, DEVICE_MSI_NO_ENTRY, DEVICE_MSI_ENTRY_WANTED);
	xa_set_mark(&dom->irqs, irq->desc.index, DEVICE_MSI_NEW);
	queue_delayed_work(device_msi_wq, &dom->sysfs_work,
			   DEVICE_MSI_ENTRY_DELAY);
}

/* Return: whether there is an entry, which the caller removes then */
static bool device_msi_sysfs_clear_entry(struct irq_data *d)
{
	return device_msi_sysfs_set_entry(d, DEVICE_MSI_ENTRY_CREATED,
					  DEVICE_MSI_NO_ENTRY) ==
	       DEVICE_MSI_ENTRY_CREATED;
}

/*
 * Called in free_irq(). Once this returns, the number can belong to another
 * interrupt, which wants an entry. No lock is taken but that of the descriptor,
 * unless the work is creating this very entry.
 */
void device_msi_sysfs_release(struct irq_data *d)
{
	struct device_msi_domain *dom = device_msi_domain_of(d);
	unsigned int was;

	was = device_msi_sysfs_set_entry(d, DEVICE_MSI_ENTRY_WANTED,
					 DEVICE_MSI_NO_ENTRY);
	if (was == DEVICE_MSI_ENTRY_STARTED) {
		mutex_lock(&dom->sysfs_lock);
		mutex_unlock(&dom->sysfs_lock);
	}
	if (was > DEVICE_MSI_ENTRY_WANTED && device_msi_sysfs_clear_entry(d))
		device_msi_sysfs_remove(dom, d->irq);
}
