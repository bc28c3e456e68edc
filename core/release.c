// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a domain ends: by removal, which is refused while interrupts are requested; or
 * by release, which is not, because the driver unbinds. Interrupts that are still
 * requested then end with their free_irq(), and the domain with the last of them.
 */
#include "internals.h"
#include "offline.h"
#include "show.h"

#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>

static unsigned int device_msi_count_requested(struct device_msi_domain *dom)
{
	struct device_msi_irq *irq;
	unsigned int busy = 0;
	unsigned long index;

	xa_for_each(&dom->irqs, index, irq) {
		if (irq->data && device_msi_irq_requested(irq))
			busy++;
		cond_resched();
	}
	return busy;
}

static void device_msi_free_all(struct device_msi_domain *dom)
{
	struct device_msi_consumer *owner;

	list_for_each_entry(owner, &dom->owners, node) {
		device_msi_free_consumer(owner);
		cond_resched();
	}
	device_msi_free_quarantined(dom, true);
}

/*
 * From now on no call finds the domain. A call that has found it before, and waits
 * for its lock, sees dom->removed.
 */
static void device_msi_unpublish_all(struct device_msi_domain *dom)
{
	device_msi_unpublish(dom);
	device_msi_debugfs_remove(dom);
	device_msi_offline_remove(dom);
	device_msi_unguard(dom);
}

/**
 * device_msi_remove_domain() - Remove a domain, unless one of its interrupts is requested
 * @dom:	the domain, or NULL
 *
 * If no interrupt is requested, frees those that are allocated; afterwards the domain
 * uses nothing any more that it borrowed at its creation. If any is requested, nothing
 * is freed: the domain stays as it is, with all that it borrowed, and can be removed
 * after free_irq(). A driver that cannot wait, as in its remove(), calls
 * device_msi_release_domain().
 *
 * Context: Process context, may sleep. Waits for a call that uses @dom elsewhere; a
 * later call fails with -ENODEV.
 * Return: 0 if the domain is removed; with a warning -EINVAL for a wrong argument,
 * -ENODEV if @dom was removed before, or -EBUSY if an interrupt is requested and the
 * domain stays.
 */
int device_msi_remove_domain(struct device_msi_domain *dom)
{
	unsigned int busy;
	int ret;

	if (!dom)
		return 0;
	ret = device_msi_enter(dom);
	if (ret)
		return ret;

	WRITE_ONCE(dom->removed, true);	/* request_irq() fails from now on */
	smp_mb();	/* see device_msi_request_resources() */
	busy = device_msi_count_requested(dom);
	if (busy) {
		WRITE_ONCE(dom->removed, false);
		dev_err(dom->dev,
			"domain not removed, %u of its interrupts are requested; call free_irq() and try again\n",
			busy);
		WARN_ON_ONCE(1);
		device_msi_exit(dom);
		return -EBUSY;
	}
	device_msi_free_all(dom);
	device_msi_unlock(dom);

	device_msi_unpublish_all(dom);
	device_msi_domain_end(dom);
	device_msi_put(dom);
	return 0;
}
EXPORT_SYMBOL_GPL(device_msi_remove_domain);

/*
 * Mask and empty a slot. From then on no callback reaches the store or anything else
 * of the driver: taking the descriptor's lock waits for those that have begun before.
 */
static void device_msi_orphan(struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;
	struct irq_desc *desc = irq_data_to_desc(irq->data);
	unsigned long flags;

	raw_spin_lock_irqsave(&desc->lock, flags);
	device_msi_clear_slot(device_msi_ops_for(irq), irq);
	irq->orphaned = true;
	irq->desc.consumer = dom->dev;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/*
 * The domain is locked, and dom->removed is set. Return: how many interrupts are
 * requested.
 */
static unsigned int device_msi_orphan_all(struct device_msi_domain *dom)
{
	struct device_msi_irq *irq;
	unsigned int busy = 0;
	unsigned long index;

	xa_for_each(&dom->irqs, index, irq) {
		cond_resched();
		if (!irq->data)
			continue;
		disable_irq_nosync(irq->data->irq);
		device_msi_orphan(irq);
		busy++;
	}
	if (!busy)
		return 0;
	if (device_msi_commit(dom, NULL))
		dev_err(dom->dev,
			"device did not acknowledge that its slots are empty; reset it before it may master the bus again\n");
	WRITE_ONCE(dom->ops, &device_msi_absent_ops);
	if (dom->info.ops->abandon)
		dom->info.ops->abandon(dom->info.store);
	dom->released = true;
	return busy;
}

/**
 * device_msi_release_domain() - Remove a domain whose driver unbinds
 * @dom:	the domain, or NULL
 *
 * As device_msi_remove_domain(), but it cannot be refused. If interrupts are still
 * requested, which is a mistake of the driver, their slots are masked, emptied and
 * committed; when this returns, neither the driver nor the device is called or
 * accessed any more. The domain ends with the last free_irq().
 *
 * Context: Process context, may sleep. As device_msi_remove_domain().
 */
void device_msi_release_domain(struct device_msi_domain *dom)
{
	unsigned int busy;

	if (!dom || device_msi_enter(dom))
		return;

	WRITE_ONCE(dom->removed, true);
	smp_mb();	/* see device_msi_request_resources() */
	device_msi_free_all(dom);
	busy = device_msi_orphan_all(dom);
	device_msi_unlock(dom);

	device_msi_unpublish_all(dom);
	if (busy) {
		dev_err(dom->dev,
			"the domain is released while %u of its interrupts are requested; they are masked, and the domain ends with the last free_irq(); call free_irq() before\n",
			busy);
		WARN_ON_ONCE(1);
		/* free_irq() may have ended before dom->released was set */
		device_msi_collect_soon(dom);
	} else {
		device_msi_domain_end(dom);
	}
	device_msi_put(dom);
}
EXPORT_SYMBOL_GPL(device_msi_release_domain);

/**
 * struct device_msi_guard - Notices a driver that unbinds with its domain
 * @dom:	the domain; referenced
 */
struct device_msi_guard {
	struct device_msi_domain *dom;
};

static void device_msi_guard_release(struct device *dev, void *res)
{
	struct device_msi_domain *dom = ((struct device_msi_guard *)res)->dom;

	dom->guard = false;
	if (device_msi_is_live(dom)) {
		dev_err(dev,
			"the driver unbinds and has not removed its domain; call device_msi_remove_domain() in remove(), or create it by a devm_ function\n");
		WARN_ON_ONCE(1);
		device_msi_release_domain(dom);
	}
	device_msi_put(dom);
	module_put(THIS_MODULE);
}

static int device_msi_guard_match(struct device *dev, void *res, void *dom)
{
	return ((struct device_msi_guard *)res)->dom == dom;
}

/*
 * Notice if the driver of the domain's device unbinds. A device without a driver is
 * not watched: the kernel binds no driver to a device with devres entries.
 */
int device_msi_guard(struct device_msi_domain *dom)
{
	struct device_msi_guard *guard;

	if (!dom->dev->driver)
		return 0;
	guard = devres_alloc(device_msi_guard_release, sizeof(*guard),
			     GFP_KERNEL);
	if (!guard)
		return -ENOMEM;
	kref_get(&dom->ref);
	__module_get(THIS_MODULE);
	guard->dom = dom;
	dom->guard = true;
	devres_add(dom->dev, guard);
	return 0;
}

void device_msi_unguard(struct device_msi_domain *dom)
{
	if (!dom->guard)
		return;
	/* It fails while the driver unbinds: device_msi_guard_release() does this then */
	if (devres_destroy(dom->dev, device_msi_guard_release,
			   device_msi_guard_match, dom))
		return;
	dom->guard = false;
	device_msi_put(dom);
	module_put(THIS_MODULE);
}
