// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions that a driver calls for the interrupts of a device: it allocates and
 * frees them, and finds their numbers.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>

/* In an array any free slots will do; in a queue a set has slot numbers of its own */
static int ims_2020_alloc_maps(struct ims_2020_set *set, struct msi_map *maps)
{
	struct device_msi_domain *msi = set->domain->msi;
	struct device_msi_req req = { .slots.nr = 1 };
	unsigned int i;
	int ret;

	if (!set->domain->is_queue) {
		ret = device_msi_alloc_irqs(msi, set->dev, NULL, set->nr,
					    set->nr, NULL, maps);
		return min(ret, 0);
	}
	for (i = 0; i < set->nr; i++) {
		req.slots.first = set->block << IMS_2020_INDEX_BITS | i;
		maps[i] = device_msi_alloc_irq(msi, set->dev, &req);
		if (maps[i].index < 0) {
			device_msi_free_irqs(msi, set->dev);
			return maps[i].index;
		}
		cond_resched();
	}
	return 0;
}

static int ims_2020_alloc(struct ims_2020_set *set)
{
	struct msi_map *maps;
	int ret = 0;

	if (set->domain->is_queue)
		ret = ims_2020_get_shadows(set);
	if (ret)
		return ret;
	maps = kvcalloc(set->nr, sizeof(*maps), GFP_KERNEL);
	if (!maps)
		return -ENOMEM;
	ret = ims_2020_alloc_maps(set, maps);
	if (ret)
		goto out;
	ret = ims_2020_number(set, maps);
	if (ret)
		device_msi_free_irqs(set->domain->msi, set->dev);
	else	/* If the domain was removed meanwhile, that has freed the interrupts */
		ret = ims_2020_publish(set);
out:
	kvfree(maps);
	return ret;
}

/**
 * ims_2020_alloc_irqs() - msi_domain_alloc_irqs()
 * @domain:	a handle
 * @dev:	the device that the interrupts are for: the function or a part of it
 * @nvec:	how many interrupts, 1 to 65536
 *
 * Of the driver's functions this calls queue_get_shadow(), and queue_lock() and
 * queue_sync_unlock() only for a shadow that is not masked and empty.
 *
 * Context: Process context, may sleep.
 * Return: 0; -EINVAL for a wrong argument; -EBUSY if @dev has some already;
 * -ENOMEM, also without a domain; -ENODEV if the domain was removed; or as
 * device_msi_alloc_irqs().
 */
int ims_2020_alloc_irqs(struct irq_domain *domain, struct device *dev,
			int nvec)
{
	struct ims_2020_domain *ours;
	struct ims_2020_set *set;
	int ret = -ENOMEM;

	if (WARN_ON_ONCE(!dev || nvec < 1 || nvec > IMS_2020_MAX_IRQS))
		return -EINVAL;
	/* dev_set_msi_domain() returns nothing: it has logged that it had no memory */
	if (!domain)
		return -ENOMEM;
	ours = ims_2020_domain_get(domain);
	if (WARN_ON_ONCE(!ours))
		return -EINVAL;
	set = ims_2020_set_new(ours, dev, nvec);
	if (!set)
		goto out;
	ret = ims_2020_claim(set);
	if (!ret) {
		ret = ims_2020_alloc(set);
		if (ret)
			ims_2020_unclaim(set);
	}
	ims_2020_set_put(set);
out:
	ims_2020_domain_put(ours);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_2020_alloc_irqs);

/*
 * All interrupts of a set are freed, or none: after a refusal the driver still has all of
 * them. Return: 0, or -EBUSY if one is requested, and the reason in the kernel log.
 */
static int ims_2020_check_unrequested(const struct ims_2020_set *set)
{
	unsigned int i, requested = 0;
	struct irq_data *data;

	for (i = 0; i < set->nr; i++) {
		data = irq_get_irq_data(set->descs[i].irq);
		if (data && irq_desc_has_action(irq_data_to_desc(data)))
			requested++;
		cond_resched();
	}
	if (!requested)
		return 0;
	dev_err_ratelimited(set->dev,
			    "msi_domain_free_irqs() frees none of the %u interrupts, %u are requested; call free_irq() first\n",
			    set->nr, requested);
	return -EBUSY;
}

/**
 * ims_2020_free_irqs() - msi_domain_free_irqs()
 * @domain:	a handle
 * @dev:	the device that the interrupts were allocated for
 *
 * If one of the interrupts is still requested, none is freed, which is in the kernel log.
 *
 * Context: Process context, may sleep.
 */
void ims_2020_free_irqs(struct irq_domain *domain, struct device *dev)
{
	struct ims_2020_domain *ours = ims_2020_domain_get(domain);
	struct ims_2020_set *set;
	bool freed = false;

	if (WARN_ON_ONCE(!ours))
		return;
	set = ims_2020_begin_free(ours, dev);
	if (!set)
		goto out;
	if (!ims_2020_check_unrequested(set))
		freed = device_msi_free_irqs(ours->msi, dev) != -EBUSY;
	if (freed && ours->is_queue)
		ims_2020_clear_shadows(set);
	ims_2020_end_free(set, freed);
out:
	ims_2020_domain_put(ours);
}
EXPORT_SYMBOL_GPL(ims_2020_free_irqs);

static struct ims_2020_desc *ims_2020_desc(const struct device *dev,
					   unsigned int nr)
{
	struct ims_2020_desc *first = ims_2020_first_desc(dev);

	if (WARN_ON_ONCE(!first || nr > first->left))
		return NULL;
	return first + nr;
}

/**
 * ims_2020_irq() - dev_msi_irq_vector()
 * @dev:	the device that the interrupts were allocated for
 * @nr:		which, from 0
 *
 * Context: Any.
 * Return: the number for request_irq(); or, with a warning, -EINVAL.
 */
int ims_2020_irq(const struct device *dev, unsigned int nr)
{
	struct ims_2020_desc *desc = ims_2020_desc(dev, nr);

	return desc ? desc->irq : -EINVAL;
}
EXPORT_SYMBOL_GPL(ims_2020_irq);

/**
 * ims_2020_hwirq() - dev_msi_hwirq()
 * @dev:	the device that the interrupts were allocated for
 * @nr:		which, from 0
 *
 * Context: Any.
 * Return: the slot's number; or, with a warning, -EINVAL.
 */
int ims_2020_hwirq(const struct device *dev, unsigned int nr)
{
	struct ims_2020_desc *desc = ims_2020_desc(dev, nr);

	return desc ? desc->device_msi.hwirq : -EINVAL;
}
EXPORT_SYMBOL_GPL(ims_2020_hwirq);

/**
 * ims_2020_set_auxdata() - irq_set_auxdata()
 * @irq:	the interrupt
 * @which:	0, which stands for bits 3 to 31 of ctrl
 * @value:	the new value of these bits
 *
 * Context: Process context, may sleep; the function of the patches could be called with
 * interrupts off.
 * Return: 0; -EINVAL for a wrong argument; -ENOENT if the interrupt is none of a handle;
 * or as device_msi_set_sideband().
 */
int ims_2020_set_auxdata(unsigned int irq, unsigned int which, u64 value)
{
	struct device_msi_sideband raw = { .raw = value };
	struct ims_2020_set *set;
	unsigned int hwirq;
	int ret;

	if (which || value & ~(u64)GENMASK(31, 3))
		return -EINVAL;
	if (value)
		raw.has = DEVICE_MSI_SIDEBAND_RAW;
	set = ims_2020_find_irq(irq, &hwirq);
	if (!set)
		return -ENOENT;
	ret = device_msi_set_sideband(set->domain->msi, set->dev, hwirq, raw);
	ims_2020_set_put(set);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_2020_set_auxdata);
