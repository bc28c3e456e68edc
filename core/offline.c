// SPDX-License-Identifier: GPL-2.0-only
/*
 * A CPU goes offline. The kernel moves interrupts away when the CPU has stopped
 * already, which is too late for a device that takes a message only some time
 * after: until then it sends to a CPU that is gone. So ours leave before, while
 * the CPU still handles what the device sends meanwhile.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "../compat/compat.h"
#include "internals.h"

/* The domains that this is about */
static LIST_HEAD(device_msi_late);
static DEFINE_MUTEX(device_msi_late_lock);

/* CPUs from which interrupts have left, or are leaving, while still online */
static struct cpumask device_msi_leaving;

/* The others that are online, while one goes: hotplug is serialised */
static struct cpumask device_msi_remaining;

/* Room for a mask, too large for a stack; used with interrupts off */
static struct cpumask __percpu *device_msi_staying;

static enum cpuhp_state device_msi_online_state;
static enum cpuhp_state device_msi_dead_state;

void device_msi_offline_watch(struct device_msi_domain *dom)
{
	INIT_LIST_HEAD(&dom->late);
	if (!device_msi_moves_late(dom))
		return;
	mutex_lock(&device_msi_late_lock);
	list_add_tail(&dom->late, &device_msi_late);
	mutex_unlock(&device_msi_late_lock);
}

void device_msi_offline_forget(struct device_msi_domain *dom)
{
	mutex_lock(&device_msi_late_lock);
	list_del_init(&dom->late);
	mutex_unlock(&device_msi_late_lock);
}

/**
 * device_msi_staying_cpus() - Where an interrupt may go
 * @mask:	the CPUs that are wanted
 *
 * Context: Interrupts off, while the result is used.
 * Return: @mask, or those of its CPUs that do not go offline just now.
 */
const struct cpumask *device_msi_staying_cpus(const struct cpumask *mask)
{
	struct cpumask *staying;

	if (likely(!cpumask_intersects(mask, &device_msi_leaving)))
		return mask;
	staying = this_cpu_ptr(device_msi_staying);
	cpumask_andnot(staying, mask, &device_msi_leaving);
	return staying;
}

/*
 * Of a managed interrupt the parent does not notice that it has not arrived since it
 * moved, and a further move would have it forget where it came from. Such a one
 * was raised when the offlining of that CPU was rolled back: it has arrived by now, for
 * this runs on its CPU, or it does so later because the device did not accept
 * its message. What the parent cleans up behind it takes a few jiffies more.
 */
static int device_msi_check_arrival(struct device_msi_irq *irq)
{
	if (!irq->left)
		return 0;
	irq->left = !list_empty(&irq->resend);
	return -EBUSY;
}

/* Where the kernel's own functions are not to be had, or not the right ones */
static int device_msi_leave_directly(struct irq_data *d,
				     const struct cpumask *mask)
{
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;
	int ret;

	raw_spin_lock_irqsave(&desc->lock, flags);
	ret = device_msi_set_affinity(d, mask, false);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return ret;
}

/*
 * By the kernel's own functions, which have the handler's threads follow, tell who
 * wants to know, and keep a managed interrupt off isolated CPUs
 * (isolcpus=managed_irq). Those do not matter to the others, which are forced: else
 * the kernel would not say that the parent is busy. If the kernel has a move pending
 * that the parent has refused, it completes that with the next interrupt, for all who
 * must hear of it; until then only the parent needs to know.
 */
static int device_msi_leave_to(struct irq_data *d, const struct cpumask *mask)
{
	if (!COMPAT_CAN_MOVE || irqd_is_setaffinity_pending(d))
		return device_msi_leave_directly(d, mask);
	if (irqd_affinity_is_managed(d))
		return compat_irq_set_affinity(d->irq, mask);
	return compat_irq_force_affinity(d->irq, mask);
}

/*
 * As the kernel: within its affinity, and if that has no other CPU, anywhere; but
 * the kernel shuts a managed interrupt down.
 */
static int device_msi_leave_cpu(struct irq_data *d)
{
	int ret = device_msi_leave_to(d, irq_data_get_affinity_mask(d));

	if (ret == -ENODEV && !irqd_affinity_is_managed(d))
		ret = device_msi_leave_to(d, &device_msi_remaining);
	return ret;
}

/*
 * Return: -EBUSY for one that has not arrived since it moved here, so that its
 * previous CPU still waits for it.
 */
static int device_msi_irq_leaves(struct device_msi_irq *irq, unsigned int cpu)
{
	struct irq_desc *desc = irq_data_to_desc(irq->data);
	bool managed = irqd_affinity_is_managed(irq->data);
	const struct cpumask *now;
	int ret = 0;
	bool here;

	raw_spin_lock_irq(&desc->lock);
	now = irq_data_get_effective_affinity_mask(irq->data);
	here = irqd_is_started(irq->data) && cpumask_test_cpu(cpu, now);
	if (here && managed)
		ret = device_msi_check_arrival(irq);
	raw_spin_unlock_irq(&desc->lock);
	if (!here || ret)
		return ret;

	ret = device_msi_leave_cpu(irq->data);
	raw_spin_lock_irq(&desc->lock);
	irq->left = ret >= 0 && managed;
	raw_spin_unlock_irq(&desc->lock);
	return ret;
}

/* Return: how many could not leave yet */
static unsigned int device_msi_all_leave(struct device_msi_domain *dom,
					 unsigned int cpu)
{
	struct device_msi_irq *irq;
	unsigned int busy = 0;
	unsigned long index;

	xa_for_each(&dom->irqs, index, irq) {
		if (irq->data && device_msi_irq_leaves(irq, cpu) == -EBUSY)
			busy++;
		cond_resched();
	}
	return busy;
}

/*
 * In a suspend the device sleeps already, and cannot be told: its driver
 * restores all when it wakes up. Whatever fails is in the log, and in quarantine.
 */
static void device_msi_sync_awake(struct device_msi_domain *dom)
{
	if (!cpuhp_tasks_frozen)
		device_msi_sync(dom, NULL);
}

/*
 * One that cannot leave yet may do so when it has arrived here. One that stays
 * behind is moved by the kernel when the CPU has stopped, and raised afterwards.
 */
static void device_msi_domain_leaves(struct device_msi_domain *dom,
				     unsigned int cpu)
{
	unsigned int tries = 10, busy;

	do {
		busy = device_msi_all_leave(dom, cpu);
		device_msi_sync_awake(dom);
		if (busy)
			schedule_timeout_uninterruptible(1);
	} while (busy && --tries);
}

static int device_msi_cpu_leaves(unsigned int cpu)
{
	struct device_msi_domain *dom;

	cpumask_set_cpu(cpu, &device_msi_leaving);
	cpumask_andnot(&device_msi_remaining, cpu_online_mask,
		       &device_msi_leaving);
	mutex_lock(&device_msi_late_lock);
	list_for_each_entry(dom, &device_msi_late, late) {
		device_msi_lock(dom);
		device_msi_domain_leaves(dom, cpu);
		device_msi_unlock(dom);
	}
	mutex_unlock(&device_msi_late_lock);
	return 0;
}

/*
 * Managed interrupts have left the CPU for nothing. Raised once more they arrive,
 * so that the parent forgets their former CPU and they can leave their present one.
 */
static void device_msi_domain_stays(struct device_msi_domain *dom)
{
	struct device_msi_irq *irq;
	struct irq_desc *desc;
	unsigned long index;
	bool any = false;

	xa_for_each(&dom->irqs, index, irq) {
		cond_resched();
		if (!irq->data || !irq->left)
			continue;
		any = true;
		desc = irq_data_to_desc(irq->data);
		raw_spin_lock_irq(&desc->lock);
		device_msi_raise_later(irq);
		raw_spin_unlock_irq(&desc->lock);
	}
	if (any && !cpuhp_tasks_frozen)
		device_msi_resend_all(dom);
}

/* The CPU came online, or its offlining was rolled back */
static int device_msi_cpu_stays(unsigned int cpu)
{
	struct device_msi_domain *dom;

	cpumask_clear_cpu(cpu, &device_msi_leaving);
	mutex_lock(&device_msi_late_lock);
	list_for_each_entry(dom, &device_msi_late, late) {
		device_msi_lock(dom);
		device_msi_domain_stays(dom);
		device_msi_unlock(dom);
	}
	mutex_unlock(&device_msi_late_lock);
	return 0;
}

/* The kernel has completed all moves: what had left may leave again */
static void device_msi_domain_left(struct device_msi_domain *dom)
{
	struct device_msi_irq *irq;
	struct irq_desc *desc;
	unsigned long index;

	xa_for_each(&dom->irqs, index, irq) {
		cond_resched();
		if (!irq->data)
			continue;
		desc = irq_data_to_desc(irq->data);
		raw_spin_lock_irq(&desc->lock);
		irq->left = false;
		raw_spin_unlock_irq(&desc->lock);
	}
	if (!cpuhp_tasks_frozen)
		device_msi_resend_all(dom);
}

/*
 * It is gone, and cannot come back before this ends: nor can its vectors belong
 * to somebody else before the device has been told of what the kernel did.
 */
static int device_msi_cpu_dead(unsigned int cpu)
{
	struct device_msi_domain *dom;

	mutex_lock(&device_msi_late_lock);
	list_for_each_entry(dom, &device_msi_late, late) {
		device_msi_lock(dom);
		device_msi_domain_left(dom);
		device_msi_unlock(dom);
	}
	mutex_unlock(&device_msi_late_lock);
	return 0;
}

int device_msi_offline_init(void)
{
	int state;

	device_msi_staying = alloc_percpu(struct cpumask);
	if (!device_msi_staying)
		return -ENOMEM;

	state = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN,
					  "device_msi:dead", NULL,
					  device_msi_cpu_dead);
	if (state < 0)
		goto err_percpu;
	device_msi_dead_state = state;

	state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN,
					  "device_msi:online",
					  device_msi_cpu_stays,
					  device_msi_cpu_leaves);
	if (state < 0)
		goto err_dead;
	device_msi_online_state = state;
	return 0;

err_dead:
	cpuhp_remove_state_nocalls(device_msi_dead_state);
err_percpu:
	free_percpu(device_msi_staying);
	return state;
}

void device_msi_offline_exit(void)
{
	cpuhp_remove_state_nocalls(device_msi_online_state);
	cpuhp_remove_state_nocalls(device_msi_dead_state);
	free_percpu(device_msi_staying);
}
