// SPDX-License-Identifier: GPL-2.0-only
/*
 * Managed affinity: which interrupt of a request gets which CPUs, as struct
 * irq_affinity asks for it.
 */
#include "internals.h"

#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../compat/compat.h"

/*
 * Spread one set: each CPU is in the mask of one interrupt, neighbours in the same
 * mask.
 */
static int device_msi_spread_set(struct irq_affinity_desc *spread,
				 unsigned int nr)
{
	struct cpumask *groups;
	unsigned int i, nr_groups;

	if (!nr)
		return 0;
	groups = compat_group_cpus(nr, &nr_groups);
	if (!groups)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		cpumask_copy(&spread[i].mask, &groups[i % nr_groups]);
		spread[i].is_managed = 1;
		cond_resched();
	}
	kfree(groups);
	return 0;
}

/* Divide @nr interrupts into sets. Return: how many of them there can be */
static unsigned int device_msi_spread_sets(struct irq_affinity *affd,
					   unsigned int nr)
{
	unsigned int i, total = 0;

	if (!affd->calc_sets) {
		affd->nr_sets = 1;
		affd->set_size[0] = min(nr, num_possible_cpus());
		return affd->set_size[0];
	}
	affd->calc_sets(affd, nr);
	if (WARN_ON_ONCE(affd->nr_sets > IRQ_AFFINITY_MAX_SETS))
		affd->nr_sets = IRQ_AFFINITY_MAX_SETS;
	for (i = 0; i < affd->nr_sets; i++) {
		affd->set_size[i] = min(affd->set_size[i], nr - total);
		total += affd->set_size[i];
	}
	return total;
}

/**
 * device_msi_spread() - Spread interrupts over the CPUs
 * @dev:	the device, for the log
 * @affd:	how the driver wants them spread
 * @min:	as many at least
 * @max:	as many at most
 * @spread:	room for @max; an empty mask for those that are not spread
 *
 * Context: Process context, may sleep, without the lock of a domain: it calls the
 * driver's calc_sets(); and on Linux 6.3 to 6.5 group_cpus_evenly() waits for a CPU
 * that is going offline, which waits for that lock in offline.c.
 * Return: how many interrupts there should be, or a negative errno.
 */
int device_msi_spread(struct device *dev, struct irq_affinity *affd,
		      unsigned int min, unsigned int max,
		      struct irq_affinity_desc *spread)
{
	unsigned int apart = affd->pre_vectors + affd->post_vectors;
	unsigned int i, nr, at = affd->pre_vectors;
	int ret;

	if (apart < affd->pre_vectors || apart > min) {
		dev_err(dev,
			"pre_vectors %u and post_vectors %u are more than the minimum of %u interrupts; raise the minimum\n",
			affd->pre_vectors, affd->post_vectors, min);
		return -EINVAL;
	}

	nr = apart + device_msi_spread_sets(affd, max - apart);
	if (nr < min) {
		dev_err_ratelimited(dev,
				    "at most %u interrupts can be spread over the CPUs, and %u are the minimum; lower the minimum\n",
				    nr, min);
		return -ENOSPC;
	}

	memset(spread, 0, nr * sizeof(*spread));
	for (i = 0; i < affd->nr_sets; i++) {
		ret = device_msi_spread_set(spread + at, affd->set_size[i]);
		if (ret)
			return ret;
		at += affd->set_size[i];
	}
	return nr;
}
