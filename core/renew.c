// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resetting a freed interrupt to what a new one is. What its owner, an administrator
 * or irqbalance may have changed is reset. An interrupt that still differs from a new
 * one is disposed of, so that no consumer gets another's settings.
 */
#include "internals.h"

#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/percpu.h>
#include <linux/string.h>

/*
 * The kernel's flags of an interrupt, but for the one that
 * device_msi_reset_affinity() clears.
 */
static unsigned int device_msi_irq_state(const struct irq_data *d)
{
	return ACCESS_PRIVATE(d->common, state_use_accessors) &
		~IRQD_AFFINITY_SET;
}

/**
 * device_msi_record_new() - Record what a new interrupt is
 * @dom:	the domain
 * @d:		our irq_data of an irq that the kernel has just allocated in the
 *		domain, its affinity not managed
 *
 * If somebody has written to the interrupt's smp_affinity already, the next new one
 * is recorded instead.
 */
void device_msi_record_new(struct device_msi_domain *dom, struct irq_data *d)
{
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;

	raw_spin_lock_irqsave(&desc->lock, flags);
	if (!irqd_affinity_was_set(d)) {
		dom->fresh.status = desc->status_use_accessors;
		dom->fresh.state = device_msi_irq_state(d);
		dom->fresh.handler = desc->handle_irq;
		dom->fresh.internal =
			desc->core_internal_state__do_not_mess_with_it;
#ifdef CONFIG_SMP
		cpumask_copy(dom->fresh.cpus, d->common->affinity);
		cpumask_copy(dom->fresh.effective,
			     irq_data_get_effective_affinity_mask(d));
#endif
		dom->fresh.known = true;
	}
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/* Has the user of the interrupt not undone what nobody else can change? */
static bool device_msi_has_user_settings(const struct irq_desc *desc)
{
#ifdef CONFIG_SMP
	if (desc->affinity_hint || desc->affinity_notify)
		return true;
#endif
	return desc->action || desc->depth != 1 || desc->wake_depth ||
		desc->irq_common_data.handler_data;
}

static bool device_msi_is_like_new(const struct device_msi_domain *dom,
				   const struct irq_desc *desc)
{
	return !device_msi_has_user_settings(desc) &&
		desc->handle_irq == dom->fresh.handler &&
		desc->core_internal_state__do_not_mess_with_it ==
			dom->fresh.internal &&
		device_msi_irq_state(&desc->irq_data) == dom->fresh.state;
}

/* Clear what /proc/interrupts, /proc/irq/N/spurious and per_cpu_count show */
static void device_msi_reset_counts(struct irq_desc *desc)
{
	unsigned int cpu;

	if (desc->tot_count) {
		desc->tot_count = 0;
		for_each_possible_cpu(cpu)
			memset(per_cpu_ptr(desc->kstat_irqs, cpu), 0,
			       sizeof(*desc->kstat_irqs));
	}
	desc->irq_count = 0;
	desc->irqs_unhandled = 0;
	desc->last_unhandled = 0;
	desc->threads_handled_last = 0;
	atomic_set(&desc->threads_handled, 0);
}

/*
 * Flags such as IRQ_NO_BALANCING, and the flags of irq_data that follow from them.
 * IRQ_NOREQUEST, which a spare has, does not count: nothing follows from it, and it is
 * reset in any case.
 */
static bool device_msi_has_other_flags(const struct device_msi_domain *dom,
				       const struct irq_desc *desc)
{
	return (desc->status_use_accessors ^ dom->fresh.status) & ~IRQ_NOREQUEST ||
		device_msi_irq_state(&desc->irq_data) != dom->fresh.state;
}

/* Set the default affinity for all interrupts, which this one had when it was new */
static void device_msi_reset_affinity(const struct device_msi_domain *dom,
				      struct irq_data *d)
{
#ifdef CONFIG_SMP
	cpumask_copy(d->common->affinity, dom->fresh.cpus);
	irq_data_update_effective_affinity(d, dom->fresh.effective);
#endif
	ACCESS_PRIVATE(d->common, state_use_accessors) &= ~IRQD_AFFINITY_SET;
}

/**
 * device_msi_renew() - Reset a freed interrupt to what a new one is
 * @dom:	the domain
 * @d:		our irq_data of the interrupt, which is deactivated and has no owner
 *
 * Context: Process context. Takes the descriptor's lock.
 * Return: false if the interrupt still differs from a new one, or if none was
 * recorded.
 */
bool device_msi_renew(const struct device_msi_domain *dom, struct irq_data *d)
{
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;
	bool renewed;

	if (!dom->fresh.known || irqd_affinity_is_managed(d))
		return false;

	if (device_msi_has_other_flags(dom, desc))
		irq_modify_status(d->irq, ~0UL, dom->fresh.status);

	raw_spin_lock_irqsave(&desc->lock, flags);
	desc->status_use_accessors = dom->fresh.status;	/* also IRQ_NO_DEBUG */
	renewed = device_msi_is_like_new(dom, desc);
	if (renewed) {
		device_msi_reset_counts(desc);
		device_msi_reset_affinity(dom, d);
	}
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return renewed;
}
