// SPDX-License-Identifier: GPL-2.0-only
/*
 * True misuse, which only a bug can cause: an errno and a warning, and what was
 * there goes on working.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/ratelimit.h>
#include <linux/spinlock.h>

#include "suite.h"

static const struct device_msi_sideband raw = {
	.has = DEVICE_MSI_SIDEBAND_RAW, .raw = 1,
};

/* So that the next mistake is in the log, too, after many others */
static void wait_for_the_log(void)
{
	msleep(jiffies_to_msecs(DEFAULT_RATELIMIT_INTERVAL) + 100);
}

/* What every export says that is given @dom, which is no domain */
static int every_export(struct device_msi_domain *dom, struct device *dev,
			int error)
{
	struct msi_map map = {}, maps[2];

	EXPECT(device_msi_alloc_irq(dom, dev, NULL).index == error);
	EXPECT(device_msi_alloc_irqs(dom, dev, NULL, 1, 2, NULL, maps) ==
	       error);
	EXPECT(devm_device_msi_alloc_irq(dom, dev, NULL).index == error);
	EXPECT(devm_device_msi_alloc_irqs(dom, dev, NULL, 1, 2, NULL, maps) ==
	       error);
	EXPECT(device_msi_free_irq(dom, dev, map) == error);
	EXPECT(device_msi_free_irqs(dom, dev) == error);
	EXPECT(device_msi_virq(dom, 0) == error);
	EXPECT(device_msi_set_quota(dom, dev, 1) == error);
	EXPECT(device_msi_set_quota(dom, NULL, 1) == error);
	EXPECT(device_msi_set_sideband(dom, dev, 0, raw) == error);
	EXPECT(device_msi_set_pasid(dom, dev, 0, 1) == error);
	EXPECT(device_msi_synchronize_irq(dom, dev, 0) == error);
	EXPECT(device_msi_restore(dom) == error);
	EXPECT(device_msi_verify(dom, false) == error);
	EXPECT(device_msi_verify(dom, true) == error);
	return 0;
}

static int case_no_domain(struct core_test *t)
{
	return every_export(NULL, core_part(t, 0), -EINVAL);
}

static int case_error_for_a_domain(struct core_test *t)
{
	struct device_msi_domain *dom = ERR_PTR(-ENOMEM);

	wait_for_the_log();
	EXPECT(device_msi_remove_domain(dom) < 0);
	EXPECT(device_msi_alloc_irq(dom, t->dev, NULL).index < 0);
	EXPECT(device_msi_free_irqs(dom, t->dev) < 0);
	EXPECT(device_msi_virq(dom, 0) < 0);
	EXPECT(device_msi_restore(dom) < 0);
	return 0;
}

/* Its memory may be anything by now; the slot's number must not help */
static int case_removed_domain(struct core_test *t)
{
	struct device_msi_domain *dom = t->dom;

	EXPECT(core_alloc(t, 0).index == 0);
	EXPECT(!device_msi_remove_domain(dom));
	t->dom = NULL;
	test_store_forget(t->store);
	TRY(every_export(dom, core_part(t, 0), -ENODEV));
	EXPECT(device_msi_remove_domain(dom) == -ENODEV);
	EXPECT(device_msi_remove_domain(dom) == -ENODEV);
	EXPECT(!t->store->nr_calls);
	return 0;
}

static int case_no_consumer(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 0), maps[2];

	wait_for_the_log();
	EXPECT(map.index == 0);
	EXPECT(device_msi_alloc_irq(t->dom, NULL, NULL).index == -EINVAL);
	EXPECT(device_msi_alloc_irqs(t->dom, NULL, NULL, 1, 2, NULL, maps) ==
	       -EINVAL);
	EXPECT(devm_device_msi_alloc_irq(t->dom, NULL, NULL).index == -EINVAL);
	EXPECT(devm_device_msi_alloc_irqs(t->dom, NULL, NULL, 1, 2, NULL, maps) ==
	       -EINVAL);
	EXPECT(device_msi_free_irq(t->dom, NULL, map) == -EINVAL);
	EXPECT(device_msi_free_irqs(t->dom, NULL) == -EINVAL);
	EXPECT(device_msi_set_sideband(t->dom, NULL, 0, raw) == -EINVAL);
	EXPECT(device_msi_set_pasid(t->dom, NULL, 0, 1) == -EINVAL);
	EXPECT(core_count(t) == 1);
	return 0;
}

/* What a function returned that makes devices, and nobody looked */
static int case_error_for_a_consumer(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 0), maps[2];
	struct device *error = ERR_PTR(-EPROBE_DEFER);

	wait_for_the_log();
	EXPECT(map.index == 0);
	EXPECT(device_msi_alloc_irq(t->dom, error, NULL).index == -EINVAL);
	EXPECT(device_msi_alloc_irqs(t->dom, error, NULL, 1, 2, NULL, maps) ==
	       -EINVAL);
	EXPECT(devm_device_msi_alloc_irq(t->dom, error, NULL).index == -EINVAL);
	EXPECT(devm_device_msi_alloc_irqs(t->dom, error, NULL, 1, 2, NULL, maps) ==
	       -EINVAL);
	EXPECT(device_msi_free_irq(t->dom, error, map) == -EINVAL);
	EXPECT(device_msi_free_irqs(t->dom, error) == -EINVAL);
	EXPECT(device_msi_set_quota(t->dom, error, 1) == -EINVAL);
	EXPECT(device_msi_set_sideband(t->dom, error, 0, raw) == -EINVAL);
	EXPECT(device_msi_set_pasid(t->dom, error, 0, 1) == -EINVAL);
	EXPECT(PTR_ERR(device_msi_create_domain(error, NULL)) == -EINVAL);
	EXPECT(device_msi_supported(error, 0, NULL) == -EINVAL);
	EXPECT(core_count(t) == 1);
	return 0;
}

static int every_call_is_refused(struct core_test *t)
{
	struct device_msi_info info = { .ops = &test_bare_ops, .nr_slots = 1 };

	TRY(every_export(t->dom, core_part(t, 0), -EINVAL));
	EXPECT(device_msi_synchronize(t->dom) == -EINVAL);
	EXPECT(device_msi_remove_domain(t->dom) == -EINVAL);
	EXPECT(device_msi_supported(t->dev, 0, NULL) == -EINVAL);
	EXPECT(PTR_ERR(device_msi_create_domain(t->dev, &info)) == -EINVAL);
	return 0;
}

/*
 * All may sleep. What a kernel without CONFIG_PREEMPT_COUNT does not count it cannot
 * tell.
 */
static int case_call_that_may_not_sleep(struct core_test *t)
{
	static DEFINE_SPINLOCK(lock);
	unsigned long flags;
	int line;

	local_irq_save(flags);
	line = every_call_is_refused(t);
	local_irq_restore(flags);
	TRY(line);

	wait_for_the_log();
	local_bh_disable();
	line = every_call_is_refused(t);
	local_bh_enable();
	TRY(line);

	if (IS_ENABLED(CONFIG_PREEMPT_COUNT) && !IS_ENABLED(CONFIG_PREEMPT_RT)) {
		spin_lock(&lock);
		line = every_call_is_refused(t);
		spin_unlock(&lock);
		TRY(line);
	}
	EXPECT(!t->store->nr_ready);
	EXPECT(core_alloc(t, 0).index == 0);
	return 0;
}

static int case_no_room_for_the_answer(struct core_test *t)
{
	wait_for_the_log();
	EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, 1, 4, NULL, NULL) ==
	       -EINVAL);
	EXPECT(devm_device_msi_alloc_irqs(t->dom, core_part(t, 0), NULL, 1, 4,
					  NULL, NULL) == -EINVAL);
	EXPECT(!test_store_calls(t->store, TEST_ALLOC));
	return 0;
}

static int case_no_device(struct core_test *t)
{
	struct device_msi_caps caps;

	wait_for_the_log();
	EXPECT(device_msi_supported(NULL, 0, NULL) == -EINVAL);
	EXPECT(device_msi_supported(NULL, 0, &caps) == -EINVAL);
	EXPECT(PTR_ERR(device_msi_create_domain(NULL, NULL)) == -EINVAL);
	EXPECT(PTR_ERR(device_msi_create_domain(t->dev, NULL)) == -EINVAL);
	return 0;
}

static long create_error(struct core_test *t, const struct device_msi_ops *ops,
			 unsigned int flags)
{
	struct device_msi_info info = { .ops = ops, .flags = flags };
	struct device_msi_domain *dom;

	info.store = t->store;
	info.nr_slots = CORE_SLOTS;
	dom = device_msi_create_domain(t->dev, &info);
	if (!IS_ERR(dom))
		device_msi_release_domain(dom);
	return PTR_ERR_OR_ZERO(dom);
}

static int case_store_without_what_it_needs(struct core_test *t)
{
	struct device_msi_ops ops = test_bare_ops;

	EXPECT(create_error(t, NULL, 0) == -EINVAL);
	ops.write_msg = NULL;
	EXPECT(create_error(t, &ops, 0) == -EINVAL);
	ops = test_bare_ops;
	ops.mask = NULL;
	EXPECT(create_error(t, &ops, 0) == -EINVAL);
	ops = test_bare_ops;
	ops.unmask = NULL;
	EXPECT(create_error(t, &ops, 0) == -EINVAL);
	/* Who is to choose? */
	EXPECT(create_error(t, &test_bare_ops, DEVICE_MSI_STORE_CHOOSES) ==
	       -EINVAL);
	EXPECT(create_error(t, &test_bare_ops, DEVICE_MSI_NEEDS_PASID) ==
	       -EINVAL);
	EXPECT(create_error(t, &test_bare_ops, 0x80) == -EINVAL);
	ops = test_direct_ops;
	ops.chip_unmask = NULL;
	EXPECT(create_error(t, &ops, 0) == -EINVAL);
	ops = test_deferred_ops;
	ops.chip_mask = test_direct_ops.chip_mask;
	ops.chip_unmask = test_direct_ops.chip_unmask;
	EXPECT(create_error(t, &ops, 0) == -EINVAL);
	ops.sync = NULL;
	ops.test_clear_missed = ops.get_pending;
	EXPECT(create_error(t, &ops, 0) == -EINVAL);
	return 0;
}

static int case_free_while_requested(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 1), other;

	EXPECT(map.index == 1);
	other = core_alloc(t, 2);
	EXPECT(other.index == 2);
	EXPECT(core_free(t, map) == -EBUSY);
	EXPECT(device_msi_free_irqs(t->dom, t->dev) == -EBUSY);
	EXPECT(device_msi_virq(t->dom, 1) == map.virq);
	EXPECT(test_slot_live(t->store, 1));
	core_release(t, map.virq);
	EXPECT(!core_free(t, map));
	return 0;
}

static irqreturn_t forgotten_handler(int irq, void *data)
{
	return IRQ_HANDLED;
}

/*
 * A driver that forgets free_irq(): unbinding may not free what is live. That
 * becomes the domain's own device's, like what it has already.
 */
static int case_managed_and_still_requested(struct core_test *t)
{
	struct device *part = core_part(t, 0);
	struct device_msi_req req = { .slots = DEVICE_MSI_SLOT(1) };
	struct msi_map map, other;

	map = devm_device_msi_alloc_irq(t->dom, part, &req);
	EXPECT(map.index == 1);
	req.slots.first = 2;
	other = devm_device_msi_alloc_irq(t->dom, part, &req);
	EXPECT(other.index == 2);
	EXPECT(core_alloc(t, 3).index == 3);
	EXPECT(!request_irq(map.virq, forgotten_handler, 0, "ims-core-test", t));
	device_release_driver(part);
	EXPECT(device_msi_virq(t->dom, 2) == -ENOENT);
	EXPECT(device_msi_virq(t->dom, 1) == map.virq);
	free_irq(map.virq, t);
	EXPECT(!device_msi_free_irqs(t->dom, t->dev));
	EXPECT(!core_count(t));
	/* Nothing is charged to it any more */
	EXPECT(!device_msi_set_quota(t->dom, t->dev, 1));
	EXPECT(core_alloc(t, 3).index == 3);
	return 0;
}

/* Likewise, and the domain's own device has none before */
static int case_still_requested_and_no_heir(struct core_test *t)
{
	struct device *part = core_part(t, 0);
	struct device_msi_req req = { .slots = DEVICE_MSI_SLOT(1) };
	struct msi_map map;

	map = devm_device_msi_alloc_irq(t->dom, part, &req);
	EXPECT(map.index == 1);
	EXPECT(!request_irq(map.virq, forgotten_handler, 0, "ims-core-test", t));
	device_release_driver(part);
	free_irq(map.virq, t);
	EXPECT(!device_msi_free_irqs(t->dom, t->dev));
	EXPECT(!core_count(t));
	return 0;
}

/* A refusal changes nothing, and can be put right */
static int case_removal_while_requested(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 1), other;

	EXPECT(map.index == 1);
	other = core_alloc(t, 2);
	EXPECT(other.index == 2);
	EXPECT(device_msi_remove_domain(t->dom) == -EBUSY);
	EXPECT(test_slot_live(t->store, 1));
	EXPECT(core_count(t) == 2 && !t->store->gone);
	EXPECT(!core_request(t, other.virq));
	EXPECT(core_alloc(t, 3).index == 3);
	core_release(t, map.virq);
	core_release(t, other.virq);
	EXPECT(!device_msi_remove_domain(t->dom));
	t->dom = NULL;
	EXPECT(t->store->gone);
	return 0;
}

static bool is_gone(const struct test_store *store)
{
	unsigned int tries;

	for (tries = 0; !READ_ONCE(store->gone) && tries < 60000; tries++)
		usleep_range(500, 1000);
	return store->gone;
}

/*
 * The driver goes, and its store's memory: nobody may touch that any more. The
 * domain ends with the last free_irq().
 */
static int case_release_while_requested(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 1), second;
	struct device_msi_domain *dom = t->dom;

	EXPECT(map.index == 1);
	second = core_alloc_requested(t, 3);
	EXPECT(second.index == 3);
	EXPECT(core_alloc(t, 2).index == 2);
	EXPECT(!device_msi_set_pasid(dom, t->dev, 2, 7));
	device_msi_release_domain(dom);
	t->dom = NULL;
	EXPECT(t->store->nr_ready == 2);
	EXPECT(test_slot_silent(t->store, 1) && test_slot_silent(t->store, 3));
	EXPECT(!t->store->gone);
	test_store_forget(t->store);
	enable_irq(map.virq);	/* the release has disabled it */
	disable_irq(map.virq);
	EXPECT(!irq_set_affinity(second.virq, cpumask_of(0)));
	EXPECT(device_msi_alloc_irq(dom, t->dev, NULL).index == -ENODEV);
	EXPECT(device_msi_remove_domain(dom) == -ENODEV);
	core_release(t, map.virq);
	EXPECT(core_request(t, map.virq) < 0);
	EXPECT(!t->store->calls[TEST_WRITE] && !t->store->calls[TEST_MASK] &&
	       !t->store->calls[TEST_UNMASK]);
	EXPECT(!t->store->gone);
	core_release(t, second.virq);
	EXPECT(is_gone(t->store));
	EXPECT(!test_has_irq(map.virq) && !test_has_irq(second.virq));
	return 0;
}

/*
 * When the only CPU of a managed interrupt comes online again, the kernel starts the
 * interrupt. The store of a driver that has gone meanwhile is not called for it.
 */
static int case_release_while_a_managed_irq_has_no_cpu(struct core_test *t)
{
	struct msi_map maps[2], *map = NULL;
	struct irq_affinity affd = {};
	const struct cpumask *mask;
	int i, nr, cpu;

	nr = device_msi_alloc_irqs(t->dom, t->dev, NULL, 2, 2, &affd, maps);
	if (nr == -EOPNOTSUPP)
		return 0;	/* this kernel has none */
	for (i = 0; i < nr; i++) {
		mask = irq_data_get_affinity_mask(irq_get_irq_data(maps[i].virq));
		if (cpumask_weight(mask) == 1 && !cpumask_test_cpu(0, mask))
			map = &maps[i];
	}
	EXPECT(map);
	cpu = cpumask_first(irq_data_get_affinity_mask(irq_get_irq_data(map->virq)));
	EXPECT(!core_request(t, map->virq));
	EXPECT(!remove_cpu(cpu));
	device_msi_release_domain(t->dom);
	t->dom = NULL;
	test_store_forget(t->store);
	EXPECT(!add_cpu(cpu));
	EXPECT(!t->store->nr_calls);
	core_release(t, map->virq);
	EXPECT(is_gone(t->store));
	return 0;
}

#define MISUSE(_name) CASE(_name, .group = CORE_MISUSE)

const struct core_case core_misuse_cases[] = {
	MISUSE(no_domain),
	MISUSE(error_for_a_domain),
	MISUSE(removed_domain),
	MISUSE(no_consumer),
	MISUSE(error_for_a_consumer),
	MISUSE(call_that_may_not_sleep),
	MISUSE(no_room_for_the_answer),
	MISUSE(no_device),
	MISUSE(store_without_what_it_needs),
	MISUSE(free_while_requested),
	MISUSE(managed_and_still_requested),
	MISUSE(still_requested_and_no_heir),
	MISUSE(removal_while_requested),
	MISUSE(release_while_requested),
	MISUSE(release_while_a_managed_irq_has_no_cpu),
	CASE_DIRECT(release_while_a_managed_irq_has_no_cpu,
		    .group = CORE_MISUSE),
	{}
};
