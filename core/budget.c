// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may have how many interrupts: a quota per consumer, and one budget for
 * all domains of the machine, so that one part cannot starve the rest.
 */
#include "internals.h"

#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>

static unsigned int max_irqs = DEVICE_MSI_MAX_SLOTS;
module_param(max_irqs, uint, 0644);
MODULE_PARM_DESC(max_irqs,
		 "Most interrupts that all device MSI domains together may allocate (default: 65536, all that one VT-d unit can remap)");

static atomic_t device_msi_allocated = ATOMIC_INIT(0);

static unsigned int device_msi_budget_beyond(unsigned int used)
{
	unsigned int limit = READ_ONCE(max_irqs);

	return limit > used ? limit - used : 0;
}

unsigned int device_msi_budget_left(void)
{
	return device_msi_budget_beyond(atomic_read(&device_msi_allocated));
}

/* Charge up to @want interrupts to the budget. Return: how many were charged */
static unsigned int device_msi_budget_charge(unsigned int want)
{
	int used = atomic_read(&device_msi_allocated);
	unsigned int got;

	do {
		got = min(want, device_msi_budget_beyond(used));
	} while (got && !atomic_try_cmpxchg(&device_msi_allocated, &used,
					    used + got));
	return got;
}

static unsigned int device_msi_quota_left(const struct device_msi_consumer *owner)
{
	unsigned int quota = owner->has_quota ? owner->quota : owner->dom->quota;

	return quota > owner->nr_irqs ? quota - owner->nr_irqs : 0;
}

/*
 * Charge a consumer for @max interrupts, or for as many as quota and budget allow.
 * Return: how many were charged, or -EDQUOT if that is less than @min.
 */
int device_msi_charge(struct device_msi_consumer *owner, unsigned int min,
		      unsigned int max)
{
	struct device *dev = owner->dom->dev;
	unsigned int quota = device_msi_quota_left(owner);
	unsigned int got;

	if (quota < min) {
		dev_err_ratelimited(dev,
				    "%s has %u interrupts and may have %u more, wants %u; free some, or raise its quota\n",
				    dev_name(owner->dev), owner->nr_irqs, quota,
				    min);
		return -EDQUOT;
	}

	got = device_msi_budget_charge(min(max, quota));
	if (got < min) {
		atomic_sub(got, &device_msi_allocated);
		dev_err_ratelimited(dev,
				    "%u interrupts wanted, %u are left for this machine; raise ims_core.max_irqs (now %u)\n",
				    min, got, READ_ONCE(max_irqs));
		return -EDQUOT;
	}
	owner->nr_irqs += got;
	owner->dom->nr_irqs += got;
	return got;
}

void device_msi_uncharge(struct device_msi_consumer *owner, unsigned int nr)
{
	owner->nr_irqs -= nr;
	owner->dom->nr_irqs -= nr;
	atomic_sub(nr, &device_msi_allocated);
}
