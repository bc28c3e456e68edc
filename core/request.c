// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a driver asks for when it allocates interrupts: is that possible at all?
 */
#include "internals.h"

#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/log2.h>

#include "../compat/compat.h"

static int device_msi_refuse_managed(struct device_msi_domain *dom)
{
	dev_err_ratelimited(dom->dev,
			    "this kernel exports no allocation with a managed affinity; request none, or one with is_managed = 0\n");
	return -EOPNOTSUPP;
}

static int device_msi_check_affinity(struct device_msi_domain *dom,
				     const struct irq_affinity_desc *affinity)
{
	if (!affinity)
		return 0;
	if (affinity->is_managed && !COMPAT_CAN_MANAGE)
		return device_msi_refuse_managed(dom);
	if (cpumask_empty(&affinity->mask)) {
		dev_err_ratelimited(dom->dev,
				    "an affinity without a CPU; give none for the default\n");
		return -EINVAL;
	}
	return 0;
}

/* A store that chooses its slots can be asked for one certain slot, or for any */
static int device_msi_check_choice(struct device_msi_domain *dom,
				   const struct device_msi_req *req)
{
	if (!(dom->info.flags & DEVICE_MSI_STORE_CHOOSES) ||
	    (req->slots.nr <= 1 && req->align <= 1 && !req->contiguous))
		return 0;
	dev_err_ratelimited(dom->dev,
			    "this store chooses its slots; ask for one of them or for any, not for a range, a row or an alignment\n");
	return -EOPNOTSUPP;
}

static int device_msi_check_range(struct device_msi_domain *dom,
				  const struct device_msi_range *range)
{
	unsigned int nr_slots = dom->info.nr_slots;

	if (!range->nr || (range->first < nr_slots &&
			   range->nr <= nr_slots - range->first))
		return 0;
	dev_err_ratelimited(dom->dev,
			    "%u slots from %u on requested, but the store has slots 0 to %u\n",
			    range->nr, range->first, nr_slots - 1);
	return -EINVAL;
}

static int device_msi_check_align(struct device_msi_domain *dom,
				  const struct device_msi_req *req,
				  unsigned int max)
{
	const char *wrong = NULL;

	if (req->align <= 1)
		return 0;
	if (!is_power_of_2(req->align))
		wrong = "it must be a power of two";
	else if (max > 1 && !req->contiguous)
		wrong = "of several, only slots in a row have a first one; set contiguous";
	if (!wrong)
		return 0;
	dev_err_ratelimited(dom->dev, "slots aligned to %u: %s\n",
			    req->align, wrong);
	return -EINVAL;
}

/**
 * device_msi_check_req() - Can there be what a driver wants of its interrupts?
 * @dom:	the domain
 * @req:	what is wanted
 * @max:	of how many
 *
 * Return: 0, or a negative errno, and the reason is in the log.
 */
int device_msi_check_req(struct device_msi_domain *dom,
			 const struct device_msi_req *req, unsigned int max)
{
	int ret;

	ret = device_msi_check_range(dom, &req->slots);
	if (!ret)
		ret = device_msi_check_align(dom, req, max);
	if (!ret)
		ret = device_msi_check_choice(dom, req);
	if (!ret)
		ret = device_msi_check_affinity(dom, req->affinity);
	return ret ?: device_msi_check_sideband(dom, &req->sideband);
}

static int device_msi_check_room(struct device_msi_domain *dom,
				 unsigned int min)
{
	unsigned int room = dom->info.nr_slots - dom->nr_irqs;

	if (min <= room)
		return 0;
	dev_err_ratelimited(dom->dev,
			    "room for %u of at least %u interrupts in the store; free some\n",
			    room, min);
	return -ENOSPC;
}

/**
 * device_msi_check_bulk() - Can there be what a driver wants of several interrupts?
 * @dom:	the domain
 * @req:	what is wanted of each
 * @min:	as many or none
 * @max:	as many at most; lowered to what there is room for
 * @affd:	how they are to be spread, or NULL
 *
 * Return: 0, or a negative errno, and the reason is in the log.
 */
int device_msi_check_bulk(struct device_msi_domain *dom,
			  const struct device_msi_req *req, unsigned int min,
			  unsigned int *max, const struct irq_affinity *affd)
{
	const char *wrong = NULL;
	int ret;

	if (!min || min > *max)
		wrong = "min must be 1 to max";
	else if (req->slots.nr && min > req->slots.nr)
		wrong = "the range of slots has fewer";
	else if (affd && req->affinity)
		wrong = "they can be spread, or all have one affinity; give affd or req->affinity";
	if (wrong) {
		dev_err_ratelimited(dom->dev,
				    "%u to %u interrupts: %s\n",
				    min, *max, wrong);
		return -EINVAL;
	}
	if (affd && !COMPAT_CAN_MANAGE)
		return device_msi_refuse_managed(dom);
	ret = device_msi_check_req(dom, req, *max);
	if (!ret)
		ret = device_msi_check_room(dom, min);
	if (ret)
		return ret;

	*max = min(*max, dom->info.nr_slots - dom->nr_irqs);
	if (req->slots.nr)
		*max = min(*max, req->slots.nr);
	return 0;
}
