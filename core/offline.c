// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs that go offline. The kernel moves interrupts off a CPU after it has stopped,
 * which is too late for a deferred store: until a commit its device sends to a CPU
 * that is gone. It is too late, too, for a parent that needs the CPU to complete the
 * move. So the core moves such interrupts before, while the CPU still handles what the
 * device sends.
 */
#include "internals.h"
#include "offline.h"

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

/* Domains whose interrupts take a while to move */
static LIST_HEAD(device_msi_offline_domains);
static DEFINE_MUTEX(device_msi_offline_lock);

/* CPUs that are going, or have gone, offline: no interrupt may move to them */
static struct cpumask device_msi_outgoing_cpus;

/* Online CPUs but for the one that is going offline: hotplug is serialised */
static struct cpumask device_msi_remaining_cpus;

/*
 * The result of device_msi_usable_cpus(), too large for a stack; used with
 * interrupts off.
 */
static struct cpumask __percpu *device_msi_usable_mask;

static enum cpuhp_state device_msi_online_state;
static enum cpuhp_state device_msi_dead_state;

void device_msi_offline_add(struct device_msi_domain *dom)
{
	INIT_LIST_HEAD(&dom->late);
	if (!device_msi_moves_slowly(dom))
		return;
	mutex_lock(&device_msi_offline_lock);
	list_add_tail(&dom->late, &device_msi_offline_domains);
	mutex_unlock(&device_msi_offline_lock);
}

void device_msi_offline_remove(struct device_msi_domain *dom)
{
	mutex_lock(&device_msi_offline_lock);
	list_del_init(&dom->late);
	mutex_unlock(&device_msi_offline_lock);
}

/*
 * Which CPUs of @mask an interrupt may move to: those that are not going offline. To be
 * called with interrupts off, while the result is used.
 */
const struct cpumask *device_msi_usable_cpus(const struct cpumask *mask)
{
	struct cpumask *staying;

	if (likely(!cpumask_intersects(mask, &device_msi_outgoing_cpus)))
		return mask;
	staying = this_cpu_ptr(device_msi_usable_mask);
	cpumask_andnot(staying, mask, &device_msi_outgoing_cpus);
	return staying;
}

/**
 * device_msi_move_slowly() - Move an interrupt whose move takes a while
 * @d:		our irq_data of the interrupt
 * @mask:	the CPUs to choose from
 * @force:	as the kernel passes it
 *
 * Until the move is complete, messages may arrive at the old CPU. So the new CPU must not
 * be one that is going offline. If the old CPU is offline already, what the device sends
 * to it is lost: the interrupt is raised, after the commit if the store is deferred.
 *
 * Context: The descriptor's raw lock held, interrupts off.
 * Return: as irq_chip.irq_set_affinity(); -ENODEV if all online CPUs of @mask are
 * going offline.
 */
int device_msi_move_slowly(struct irq_data *d, const struct cpumask *mask,
			   bool force)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	bool late;
	int ret;

	mask = device_msi_usable_cpus(mask);
	if (!cpumask_intersects(mask, cpu_online_mask))
		return -ENODEV;
	late = !cpumask_subset(irq_data_get_effective_affinity_mask(d),
			       cpu_online_mask);
	ret = device_msi_parent_move(&irq->owner->dom->parent, d, mask, force);
	if (ret >= 0 && late)
		device_msi_raise_after_commit(irq);
	return ret;
}

/*
 * Has a managed interrupt arrived at this CPU, if it moved here off another? The
 * parent does not check that: by a further move it would forget the old vector. When
 * the offlining of the other CPU was rolled back, device_msi_raise_moved() had the
 * interrupt raised. Once it is not in dom->resend any more it has arrived, as this
 * runs on its CPU. The parent frees the old vector a few jiffies later, so the answer
 * is -EBUSY once more.
 */
static int device_msi_check_arrival(struct device_msi_irq *irq)
{
	if (!irq->left)
		return 0;
	irq->left = !list_empty(&irq->resend);
	return -EBUSY;
}

/*
 * Move an interrupt without the kernel's functions: they may not be exported, or the
 * move must not wait for a pending one.
 */
static int device_msi_offline_set_affinity(struct irq_data *d,
					   const struct cpumask *mask)
{
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;
	int ret;

	raw_spin_lock_irqsave(&desc->lock, flags);
	ret = d->chip->irq_set_affinity(d, mask, false);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return ret;
}

/*
 * Move an interrupt to a CPU of @mask. The kernel's own functions also move the
 * handler's threads, call the notifier, and keep a managed interrupt off isolated
 * CPUs (isolcpus=managed_irq). Other interrupts are forced: otherwise the kernel
 * would turn -EBUSY of the parent into a pending move. If a move that the parent has
 * refused is pending already, the kernel completes it with the next interrupt,
 * threads and notifier included; until then a move in the parent is enough.
 */
static int device_msi_offline_move_to(struct irq_data *d, const struct cpumask *mask)
{
	if (!COMPAT_CAN_MOVE || irqd_is_setaffinity_pending(d))
		return device_msi_offline_set_affinity(d, mask);
	if (irqd_affinity_is_managed(d))
		return compat_irq_set_affinity(d->irq, mask);
	return compat_irq_force_affinity(d->irq, mask);
}

/*
 * Choose as the kernel does: a CPU of the affinity, or any CPU if all of those are
 * going offline. But a managed interrupt remains, for the kernel to shut down.
 */
static int device_msi_offline_move_away(struct irq_data *d)
{
	int ret = device_msi_offline_move_to(d, irq_data_get_affinity_mask(d));

	if (ret == -ENODEV && !irqd_affinity_is_managed(d))
		ret = device_msi_offline_move_to(d, &device_msi_remaining_cpus);
	return ret;
}

/*
 * Move an interrupt off a CPU, if it is there.
 * Return: 0 or more; -EBUSY if it has not arrived since its last move, so that the
 * parent keeps its old vector for it; or another error.
 */
static int device_msi_offline_move_irq(struct device_msi_irq *irq, unsigned int cpu)
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

	ret = device_msi_offline_move_away(irq->data);
	raw_spin_lock_irq(&desc->lock);
	irq->left = ret >= 0 && managed;
	raw_spin_unlock_irq(&desc->lock);
	return ret;
}

/* Move all interrupts of a domain. Return: how many cannot move yet */
static unsigned int device_msi_offline_move_all(struct device_msi_domain *dom,
						unsigned int cpu)
{
	struct device_msi_irq *irq;
	unsigned int busy = 0;
	unsigned long index;

	xa_for_each(&dom->irqs, index, irq) {
		if (irq->data && device_msi_offline_move_irq(irq, cpu) == -EBUSY)
			busy++;
		cond_resched();
	}
	return busy;
}

/*
 * Commit, except in a suspend: the device sleeps already then, and its driver calls
 * device_msi_restore() on resume. The store logs a failure, and puts the slot in
 * quarantine.
 */
static void device_msi_commit_awake(struct device_msi_domain *dom)
{
	if (cpuhp_tasks_frozen)
		return;
	if (device_msi_moves_masked(dom))
		device_msi_resend_all(dom);
	else
		device_msi_commit(dom, NULL);
}

/*
 * Have all interrupts of a domain move off a CPU. One that cannot move yet may do so
 * once it has arrived here, so try for some jiffies. One that still cannot is moved by the
 * kernel after the CPU has stopped, and raised after the commit.
 */
static void device_msi_offline_move_domain(struct device_msi_domain *dom,
					   unsigned int cpu)
{
	unsigned int tries = 10, busy;

	do {
		busy = device_msi_offline_move_all(dom, cpu);
		device_msi_commit_awake(dom);
		if (busy)
			schedule_timeout_uninterruptible(1);
	} while (busy && --tries);
}

static int device_msi_cpu_offline(unsigned int cpu)
{
	struct device_msi_domain *dom;

	cpumask_set_cpu(cpu, &device_msi_outgoing_cpus);
	cpumask_andnot(&device_msi_remaining_cpus, cpu_online_mask,
		       &device_msi_outgoing_cpus);
	mutex_lock(&device_msi_offline_lock);
	list_for_each_entry(dom, &device_msi_offline_domains, late) {
		device_msi_lock(dom);
		device_msi_offline_move_domain(dom, cpu);
		device_msi_unlock(dom);
	}
	mutex_unlock(&device_msi_offline_lock);
	return 0;
}

/*
 * Managed interrupts have moved off a CPU that remains online after all. Raise them,
 * so that they arrive at their new CPU: then the parent frees the old vector, and
 * they can move again.
 */
static void device_msi_raise_moved(struct device_msi_domain *dom)
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
		device_msi_raise_after_commit(irq);
		raw_spin_unlock_irq(&desc->lock);
	}
	if (any && !cpuhp_tasks_frozen)
		device_msi_resend_all(dom);
}

/* The CPU came online, or its offlining was rolled back */
static int device_msi_cpu_online(unsigned int cpu)
{
	struct device_msi_domain *dom;

	cpumask_clear_cpu(cpu, &device_msi_outgoing_cpus);
	mutex_lock(&device_msi_offline_lock);
	list_for_each_entry(dom, &device_msi_offline_domains, late) {
		device_msi_lock(dom);
		device_msi_raise_moved(dom);
		device_msi_unlock(dom);
	}
	mutex_unlock(&device_msi_offline_lock);
	return 0;
}

/*
 * A CPU has stopped, and the kernel has completed all moves off it: none is to arrive
 * any more. Commit what the kernel has moved, and raise it.
 */
static void device_msi_complete_moves(struct device_msi_domain *dom)
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
 * A CPU has stopped. Hotplug is serialised: the CPU cannot return, nor its vectors be
 * reused, before this callback ends. By then the device must have what the kernel has
 * changed.
 */
static int device_msi_cpu_dead(unsigned int cpu)
{
	struct device_msi_domain *dom;

	mutex_lock(&device_msi_offline_lock);
	list_for_each_entry(dom, &device_msi_offline_domains, late) {
		device_msi_lock(dom);
		device_msi_complete_moves(dom);
		device_msi_unlock(dom);
	}
	mutex_unlock(&device_msi_offline_lock);
	return 0;
}

int device_msi_offline_init(void)
{
	int state;

	device_msi_usable_mask = alloc_percpu(struct cpumask);
	if (!device_msi_usable_mask)
		return -ENOMEM;

	state = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN,
					  "device_msi:dead", NULL,
					  device_msi_cpu_dead);
	if (state < 0)
		goto err_percpu;
	device_msi_dead_state = state;

	state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN,
					  "device_msi:online",
					  device_msi_cpu_online,
					  device_msi_cpu_offline);
	if (state < 0)
		goto err_dead;
	device_msi_online_state = state;
	return 0;

err_dead:
	cpuhp_remove_state_nocalls(device_msi_dead_state);
err_percpu:
	free_percpu(device_msi_usable_mask);
	return state;
}

void device_msi_offline_exit(void)
{
	cpuhp_remove_state_nocalls(device_msi_online_state);
	cpuhp_remove_state_nocalls(device_msi_dead_state);
	free_percpu(device_msi_usable_mask);
}
