// SPDX-License-Identifier: GPL-2.0-only
/*
 * An interrupt that comes back is as a new one, whatever its former owner or an
 * administrator did to it.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>

#include "suite.h"

/* What a person reads of an interrupt, as a file: NAME in /run */
static int see(int virq, const char *name)
{
	EXPECT(!core_shell("cd /; grep -r . proc/irq/%d sys/kernel/irq/%d >/run/raw; "
			   "sort /run/raw >/run/%s && [ -s /run/raw ]",
			   virq, virq, name));
	return 0;
}

/* Before its first request_irq() it is not in /proc */
static int see_in_sysfs(int virq, const char *name)
{
	EXPECT(!core_shell("cd /; grep -r . sys/kernel/irq/%d >/run/raw; "
			   "sort /run/raw >/run/%s && [ -s /run/raw ]",
			   virq, name));
	return 0;
}

/* What differs is in the log */
static bool same(const char *a, const char *b)
{
	return !core_shell("cd /run && comm -3 %s %s >diff && cat diff >/dev/kmsg && [ ! -s diff ]",
			   a, b);
}

/*
 * The CPU that an interrupt goes to, which /proc shows, is what the last request_irq() has
 * chosen, and none before the first. A spare of an ITS is as before the first, while a
 * parent of x86 says the same of both. What it should be is looked at by has_cpus_of_new().
 */
static bool same_as_freed(struct core_test *t, const char *a, const char *b)
{
	if (!core_parent_is(t, "GICv3 ITS"))
		return same(a, b);
	return !core_shell("grep -v effective_affinity /run/%s >/run/freed.a", a) &&
	       !core_shell("grep -v effective_affinity /run/%s >/run/freed.b", b) &&
	       same("freed.a", "freed.b");
}

static struct cpumask new_cpus;

static const struct cpumask *cpus_of(int virq)
{
	return irq_data_get_effective_affinity_mask(irq_get_irq_data(virq));
}

static bool has_cpus_of_new(int virq)
{
	return cpumask_equal(cpus_of(virq), &new_cpus);
}

/* Handled, and by a thread that finds nothing: counts as unhandled */
static atomic_t woken;

static irqreturn_t wake_thread(int irq, void *data)
{
	return IRQ_WAKE_THREAD;
}

static irqreturn_t find_nothing(int irq, void *data)
{
	atomic_inc(&woken);
	return IRQ_NONE;
}

/* Nothing sends these interrupts: the parent does, to the CPU where they are */
static int raise(int virq)
{
	struct irq_data *d = irq_get_irq_data(virq);
	struct irq_desc *desc = irq_data_to_desc(d);
	int before = atomic_read(&woken);
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&desc->lock, flags);
	irq_chip_retrigger_hierarchy(d);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	for (i = 0; i < 3000 && atomic_read(&woken) == before; i++)
		msleep(20);
	EXPECT(atomic_read(&woken) != before);
	return 0;
}

/* The suite kernels has guests with two CPUs only */
static const struct cpumask *cpu(unsigned int nr)
{
	return cpumask_of(nr % num_online_cpus());
}

/* Everything that is put back: by request_irq(), by the driver, by an administrator */
static int live_a_life(struct core_test *t, struct msi_map map)
{
	int i;

	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY | IRQ_NOAUTOEN);
	EXPECT(!request_threaded_irq(map.virq, wake_thread, find_nothing,
				     IRQF_NOBALANCING, "ims-core-test", t));
	enable_irq(map.virq);
	EXPECT(!irq_set_affinity(map.virq, cpu(1)));
	irq_set_affinity_hint(map.virq, cpu(1));
	for (i = 0; i < 5; i++)
		TRY(raise(map.virq));
	irq_set_affinity_hint(map.virq, NULL);
	free_irq(map.virq, t);
	irq_set_status_flags(map.virq, IRQ_NO_BALANCING | IRQ_DISABLE_UNLAZY);
	EXPECT(!irq_set_affinity(map.virq, cpu(2)));
	return 0;
}

static int comes_back(struct core_test *t)
{
	struct irq_affinity_desc hint = {};
	struct device_msi_req req = {
		.slots = DEVICE_MSI_SLOT(3),
		.affinity = &hint,
	};
	struct msi_map map, again;

	map = core_alloc(t, 3);
	EXPECT(map.index == 3);
	cpumask_copy(&new_cpus, cpus_of(map.virq));
	EXPECT(!see_in_sysfs(map.virq, "new"));
	EXPECT(!core_request(t, map.virq));
	EXPECT(!see(map.virq, "new.requested"));
	core_release(t, map.virq);
	EXPECT(!see(map.virq, "new.released"));
	EXPECT(!core_free(t, map));

	cpumask_copy(&hint.mask, cpu(3));
	again = device_msi_alloc_irq(t->dom, t->dev, &req);
	EXPECT(again.virq == map.virq);
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 3, 5));
	TRY(live_a_life(t, again));
	EXPECT(!see(map.virq, "used.released"));
	EXPECT(!same("new.released", "used.released"));
	EXPECT(!core_free(t, again));

	again = core_alloc(t, 3);
	EXPECT(again.virq == map.virq);
	EXPECT(!see_in_sysfs(map.virq, "again"));
	EXPECT(same("new", "again"));
	EXPECT(has_cpus_of_new(map.virq));
	EXPECT(!see(map.virq, "again.released"));
	EXPECT(same_as_freed(t, "new.released", "again.released"));
	EXPECT(core_slot(t, 3)->sideband.has == 0);
	EXPECT(!core_request(t, map.virq));
	EXPECT(!see(map.virq, "again.requested"));
	EXPECT(same("new.requested", "again.requested"));
	return 0;
}

static int case_irq_that_comes_back_is_as_new(struct core_test *t)
{
	return core_with_spares(t, 1, comes_back);
}

static void notify(struct irq_affinity_notify *notify, const struct cpumask *mask)
{
}

static void let_go(struct kref *ref)
{
}

static struct irq_affinity_notify notifier = {
	.notify = notify,
	.release = let_go,
};

/* What a driver has left so that it cannot be put back, by turns */
static void leave_changed(struct core_test *t, int virq, unsigned int turn)
{
	switch (turn) {
	case 0:
		irq_set_handler_data(virq, t);
		break;
	case 1:
		disable_irq(virq);
		break;
	case 2:
		irq_set_irq_wake(virq, 1);
		break;
	case 3:
		irq_set_affinity_notifier(virq, &notifier);
		break;
	case 4:
		irq_set_affinity_hint(virq, cpu(0));
		break;
	case 5:
		irq_set_handler(virq, handle_simple_irq);
		break;
	}
}

static int left_changed(struct core_test *t)
{
	struct msi_map map, neighbour = core_alloc(t, 4);
	unsigned int turn;

	EXPECT(neighbour.index == 4);
	for (turn = 0; turn < 6; turn++) {
		map = core_alloc(t, 3);
		EXPECT(map.index == 3);
		leave_changed(t, map.virq, turn);
		EXPECT(!core_free(t, map));
		EXPECT(!irq_get_irq_data(map.virq));
		map = core_alloc_requested(t, 3);
		EXPECT(map.index == 3);
		core_release(t, map.virq);
		EXPECT(!core_free(t, map));
	}
	return 0;
}

static int case_irq_that_was_left_changed_does_not_come_back(struct core_test *t)
{
	return core_with_spares(t, 1, left_changed);
}

/* While it is a spare, too: /proc/irq/N/smp_affinity is there, and irqbalance */
static int changed_as_a_spare(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 3);

	EXPECT(map.index == 3);
	cpumask_copy(&new_cpus, cpus_of(map.virq));
	EXPECT(!core_request(t, map.virq));
	core_release(t, map.virq);
	EXPECT(!see(map.virq, "new"));
	EXPECT(!core_free(t, map));
	EXPECT(!core_shell("echo 2 >/proc/irq/%d/smp_affinity", map.virq));
	map = core_alloc(t, 3);
	EXPECT(map.index == 3);
	EXPECT(has_cpus_of_new(map.virq));
	EXPECT(!see(map.virq, "again"));
	EXPECT(same_as_freed(t, "new", "again"));
	return 0;
}

static int case_spare_that_was_changed_is_as_new(struct core_test *t)
{
	return core_with_spares(t, 1, changed_as_a_spare);
}

const struct core_case core_renew_cases[] = {
	CASE(irq_that_comes_back_is_as_new),
	CASE(irq_that_was_left_changed_does_not_come_back),
	CASE(spare_that_was_changed_is_as_new),
	{}
};
