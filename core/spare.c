// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spares: freed interrupts that are kept as the kernel made them, because most of
 * what an interrupt costs is its descriptor, with its files in procfs and sysfs, and
 * what the parent allocates. A spare is deactivated and has no owner, no slot and no
 * charge. The kernel knows it by the number of the slot that it had, so it serves the
 * next interrupt of that slot. The lowest slots are allocated first, so if there are
 * too many spares, those of the highest slots are disposed of.
 *
 * A domain's spares have a lock of their own, taken after the domain's: a request in
 * another domain may dispose of them. That happens with the lock held, so that the
 * kernel never knows two interrupts by the number of one slot.
 */
#include "internals.h"

#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/xarray.h>

static unsigned int device_msi_max_spares = 64;
module_param_named(spares, device_msi_max_spares, uint, 0644);
MODULE_PARM_DESC(spares,
		 "Freed interrupts that each store keeps for its next allocations; one call may leave as many as it freed, while memory is plenty; 0: none (default: 64)");

/*
 * A spare takes a page of memory. The spares that one call adds take at most this
 * part of what is available.
 */
#define DEVICE_MSI_SPARE_PART	64

/* Called by a parent that writes messages by itself: a spare has no slot */
static void device_msi_spare_write_msi_msg(struct irq_data *d, struct msi_msg *msg)
{
}

/*
 * The chip of a spare: a call with the number of a freed interrupt reaches no store.
 * It can set an affinity because irqbalance would ignore the number for good if it
 * failed; the kernel only records the affinity of an interrupt that is not activated.
 * A flow handler that runs late calls the one of irq_ack and irq_eoi that its parent has.
 */
static struct irq_chip device_msi_spare_chip = {
	.name		= "IMS-spare",
	.irq_ack	= irq_chip_ack_parent,
	.irq_eoi	= irq_chip_eoi_parent,
	.irq_set_affinity = irq_chip_set_affinity_parent,
	.irq_write_msi_msg = device_msi_spare_write_msi_msg,
};

/* Key of the spare of a slot: the highest slot comes first */
static unsigned long device_msi_spare_key(const struct device_msi_domain *dom,
					  unsigned long index)
{
	return dom->info.nr_slots - 1 - index;
}

/* Return: how many spares the domain may have */
static unsigned int device_msi_spare_limit(const struct device_msi_domain *dom)
{
	unsigned int limit = READ_ONCE(device_msi_max_spares);

	if (!limit || dom->removed || dom->parent.provider)
		return 0;
	return max(limit, dom->spares.room);
}

/**
 * device_msi_spare_raise_limit() - Allow more spares for a call that frees many interrupts
 * @dom:	the domain, its lock held
 * @nr:		how many the call frees
 */
void device_msi_spare_raise_limit(struct device_msi_domain *dom, unsigned int nr)
{
	unsigned long room;

	lockdep_assert_held(&dom->lock);
	if (nr <= READ_ONCE(device_msi_max_spares))
		return;
	room = min_t(unsigned long, nr,
		     max(si_mem_available(), 0L) / DEVICE_MSI_SPARE_PART);
	mutex_lock(&dom->spares.lock);
	dom->spares.room = max_t(unsigned long, dom->spares.room, room);
	mutex_unlock(&dom->spares.lock);
}

/* Count a removed spare. The lock of the spares is held */
static void device_msi_spare_uncount(struct device_msi_domain *dom)
{
	unsigned int left = atomic_dec_return(&dom->spares.nr);

	dom->spares.low = min(dom->spares.low, left);
	device_msi_spares_count(-1);
}

/**
 * device_msi_spare_dispose() - Dispose of some spares, those of the highest slots first
 * @dom:	the domain, the lock of its spares held
 * @nr:		how many at most
 *
 * Return: how many were disposed of.
 */
unsigned int device_msi_spare_dispose(struct device_msi_domain *dom,
				      unsigned int nr)
{
	struct device_msi_spares *spares = &dom->spares;
	unsigned int dropped = 0;
	struct irq_data *d;
	unsigned long key;

	lockdep_assert_held(&spares->lock);
	if (!nr)
		return 0;
	xa_for_each(&spares->irqs, key, d) {
		xa_erase(&spares->irqs, key);
		device_msi_spare_uncount(dom);
		device_msi_parent_dispose(&dom->parent, d, true);
		cond_resched();
		if (++dropped == nr)
			break;
	}
	return dropped;
}

/* May the spare of this slot be kept, perhaps instead of that of a higher slot? */
static bool device_msi_spare_fits(struct device_msi_domain *dom,
				  unsigned long key)
{
	unsigned int limit = device_msi_spare_limit(dom);
	unsigned long highest = 0;

	if (atomic_read(&dom->spares.nr) < limit)
		return true;
	if (!limit || !xa_find(&dom->spares.irqs, &highest, ULONG_MAX, XA_PRESENT) ||
	    highest > key)
		return false;
	device_msi_spare_dispose(dom, 1);
	return true;
}

/* From now on the number cannot be requested, as if it did not exist */
static void device_msi_spare_detach(struct irq_data *d)
{
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;

	raw_spin_lock_irqsave(&desc->lock, flags);
	desc->status_use_accessors |= IRQ_NOREQUEST;
	d->chip = &device_msi_spare_chip;
	d->chip_data = NULL;
	d->common->msi_desc = NULL;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

static bool device_msi_spare_insert(struct device_msi_domain *dom,
				    struct irq_data *d)
{
	struct device_msi_spares *spares = &dom->spares;
	unsigned long key = device_msi_spare_key(dom, d->hwirq);

	lockdep_assert_held(&spares->lock);
	if (!device_msi_spare_fits(dom, key) ||
	    xa_err(xa_store(&spares->irqs, key, d, GFP_KERNEL | __GFP_NOWARN)))
		return false;
	if (!device_msi_renew(dom, d)) {
		xa_erase(&spares->irqs, key);
		return false;
	}
	device_msi_spare_detach(d);
	atomic_inc(&spares->nr);
	device_msi_spares_count(1);
	return true;
}

/**
 * device_msi_spare_keep() - Keep a freed interrupt as a spare
 * @dom:	the domain, its lock held
 * @d:		our irq_data of the interrupt, which is deactivated and handled by no
 *		CPU
 *
 * Return: false if the caller has to dispose of the interrupt.
 */
bool device_msi_spare_keep(struct device_msi_domain *dom, struct irq_data *d)
{
	bool kept;

	lockdep_assert_held(&dom->lock);
	if (!device_msi_spare_limit(dom))
		return false;
	mutex_lock(&dom->spares.lock);
	kept = device_msi_spare_insert(dom, d);
	mutex_unlock(&dom->spares.lock);
	return kept;
}

/* Without NUMA an interrupt is on node 0, and a device on none */
static bool device_msi_is_on_node(struct irq_data *d, int node)
{
	return !IS_ENABLED(CONFIG_NUMA) || irq_data_get_node(d) == node;
}

/*
 * Remove a spare from the tree. Its entry stays reserved until the next spare is
 * removed, so that the tree keeps its nodes: a driver that frees and allocates an
 * interrupt in turn would otherwise have nodes allocated, and freed by RCU, each time.
 */
static struct irq_data *device_msi_spare_remove(struct device_msi_spares *spares,
						unsigned long key)
{
	struct irq_data *d = xa_load(&spares->irqs, key);

	/* device_msi_spare_was_disposed() may be first */
	if (!d || xa_cmpxchg(&spares->irqs, key, d, XA_ZERO_ENTRY,
			     GFP_KERNEL) != d)
		return NULL;
	if (spares->reserved != key)
		xa_release(&spares->irqs, spares->reserved);
	spares->reserved = key;
	return d;
}

/**
 * device_msi_spare_use() - Use the spare of a slot, if it is suitable
 * @dom:	the domain, its lock held
 * @index:	the slot number
 * @node:	the NUMA node that the interrupt must be on
 * @managed:	the kernel is to manage the affinity, for which the interrupt must be
 *		new
 *
 * Afterwards the slot has no spare, whatever this returns.
 *
 * Return: our irq_data of the interrupt, which is as a new one, or NULL.
 */
struct irq_data *device_msi_spare_use(struct device_msi_domain *dom,
				      unsigned int index, int node,
				      bool managed)
{
	struct irq_data *d;

	lockdep_assert_held(&dom->lock);
	mutex_lock(&dom->spares.lock);
	d = device_msi_spare_remove(&dom->spares,
				    device_msi_spare_key(dom, index));
	if (d) {
		device_msi_spare_uncount(dom);
		/* Somebody may have used the number of the spare: reset it again */
		if (managed || !device_msi_is_on_node(d, node) ||
		    !device_msi_renew(dom, d)) {
			device_msi_parent_dispose(&dom->parent, d, false);
			d = NULL;
		}
	}
	mutex_unlock(&dom->spares.lock);
	return d;
}

/**
 * device_msi_spare_was_disposed() - The mapping of a spare was disposed of
 * @dom:	the domain
 * @d:		our irq_data of the spare
 *
 * The core itself has removed the spare before it does that. Otherwise a driver has
 * called irq_dispose_mapping() with a number that is no longer its own.
 *
 * Context: In the kernel's irq_domain lock, so the lock of the spares is not taken.
 */
void device_msi_spare_was_disposed(struct device_msi_domain *dom, struct irq_data *d)
{
	if (!xa_erase(&dom->spares.irqs, device_msi_spare_key(dom, d->hwirq)))
		return;		/* by the core */
	atomic_dec(&dom->spares.nr);
	device_msi_spares_count(-1);
	dev_err_ratelimited(dom->dev,
			    "irq %u was disposed of by irq_dispose_mapping() after it was freed; find the driver that does so\n",
			    d->irq);
}
