// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of some interrupts, again and again, while the device fails at one
 * command of it after the other: nothing is lost, and nothing is left.
 */
#include <linux/cpumask.h>

#include "suite.h"

#define NR	3U

/* A life has as many commands at least; and far fewer than this at most */
#define POINTS_LEAST	8U
#define POINTS_MOST	100U

static struct msi_map maps[NR];

static int start(struct queue_test *t, bool works)
{
	unsigned int i;
	int ret;

	for (i = 0; i < NR; i++) {
		ret = queue_request(t, maps[i].virq);
		EXPECT(!ret || !works);
	}
	return 0;
}

/* Move one, disable one, change the sideband of one */
static int change(struct queue_test *t, bool works)
{
	int cpu = queue_other_cpu(), ret;

	atomic_set(&t->handled, 0);
	cpu = queue_cpu_of(maps[0].virq) == cpu ? 0 : cpu;
	ret = irq_set_affinity(maps[0].virq, cpumask_of(cpu));
	EXPECT(!ret || !works);
	queue_fire(maps[0].virq);
	disable_irq(maps[1].virq);
	queue_fire(maps[1].virq);
	enable_irq(maps[1].virq);
	ret = device_msi_set_pasid(t->dom, t->dev, maps[2].index, 42);
	EXPECT(!ret || !works);
	ret = device_msi_synchronize(t->dom);
	EXPECT(!ret || !works);
	EXPECT(!works || SOON(atomic_read(&t->handled) >= 2));
	return 0;
}

static int all_live(struct queue_test *t)
{
	unsigned int i;

	EXPECT(!device_msi_synchronize(t->dom));
	for (i = 0; i < NR; i++)
		EXPECT(queue_live(t, maps[i]));
	EXPECT(fake_ctrl(t->fake, maps[2].index) == (42 << 12 | BIT(3)));
	return 0;
}

/* All of it. If @works, failures must not be noticed */
static int live(struct queue_test *t, bool works)
{
	int ret;

	ret = queue_alloc_many(t, maps, NR);
	EXPECT(!ret || !works);
	if (ret)
		return 0;
	TRY(start(t, works));
	if (t->nr_requested == NR) {
		TRY(change(t, works));
		if (works)
			TRY(all_live(t));
		fake_scramble(t->fake, 0xa5);
		ret = device_msi_restore(t->dom);
		EXPECT(!ret || !works);
		if (works)
			TRY(all_live(t));
	}
	while (t->nr_requested)
		queue_release(t, t->requested[0]);
	EXPECT(!device_msi_free_irqs(t->dom, t->dev));
	return 0;
}

/* The device is well again, and everything is back */
static int nothing_left(struct queue_test *t, unsigned int irqs)
{
	unsigned int i;

	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!queue_quarantined(t) && !t->fake->in_use);
	EXPECT(test_count_irqs(test_failslab) == irqs);
	for (i = 0; i < NR; i++)
		if (fake_slot(t->fake, i)->knows)
			EXPECT(fake_silent(t->fake, i));
	EXPECT(queue_stats_agree(t));
	return 0;
}

/* From each command on, @failures fail with @error */
static int fail_at_each_point(struct queue_test *t, u64 failures, int error,
			      bool works)
{
	unsigned int irqs = test_count_irqs(test_failslab);
	u64 failed, n;

	for (n = 1; n < POINTS_MOST; n++) {
		fake_fail(t->fake, n, n + failures - 1, error);
		TRY(live(t, works));
		failed = t->fake->failed;
		EXPECT(!works || failed <= 1);
		fake_forget(t->fake);
		TRY(nothing_left(t, irqs));
		if (!failed)
			break;
	}
	EXPECT(n > POINTS_LEAST && n < POINTS_MOST);
	return 0;
}

static int case_each_command_fails_once(struct queue_test *t)
{
	TRY(fail_at_each_point(t, 1, -EIO, true));
	EXPECT(!t->fake->lost);
	return 0;
}

static int case_each_command_has_an_effect_and_fails_once(struct queue_test *t)
{
	t->fake->takes_anyway = true;
	TRY(fail_at_each_point(t, 1, -ETIMEDOUT, true));
	EXPECT(!t->fake->lost);
	return 0;
}

/* As many times as a slot is tried */
static int case_each_command_fails_until_a_slot_is_given_up(struct queue_test *t)
{
	return fail_at_each_point(t, 6, -EIO, false);
}

static int case_device_goes_at_each_command(struct queue_test *t)
{
	return fail_at_each_point(t, 1000000, -ENODEV, false);
}

#define POINT(_name) \
	CASE(_name, .layout = &ims_layout_pasid, .max_batch = 8, \
	     .keeps_memory = "it fails at a hundred points as it is")

const struct queue_case queue_point_cases[] = {
	POINT(each_command_fails_once),
	POINT(each_command_has_an_effect_and_fails_once),
	POINT(each_command_fails_until_a_slot_is_given_up),
	POINT(device_goes_at_each_command),
	{}
};
