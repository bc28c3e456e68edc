// SPDX-License-Identifier: GPL-2.0-only
/*
 * Thousands of consumers, each with what is its own: a table that has them all, and
 * grows and shrinks with their number.
 */
#include <linux/device.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timex.h>
#include <linux/vmalloc.h>

#include "suite.h"

#define CROWD		test_times(10000)
#define CROWD_SLOTS	64U

static atomic_t crowd_left;	/* devices that are there */

static void crowd_release(struct device *dev)
{
	atomic_dec(&crowd_left);
	kfree(dev);
}

/* Part of nothing, and bound to nothing: a consumer is whoever is named as such */
static struct device *crowd_device(void)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return NULL;
	device_initialize(dev);
	dev->release = crowd_release;
	atomic_inc(&crowd_left);
	if (dev_set_name(dev, "ims-core-crowd")) {
		put_device(dev);
		return NULL;
	}
	return dev;
}

static int crowd_has(struct core_test *t, struct device **crowd,
		     unsigned int which)
{
	struct device *dev = crowd[which];
	struct device *other = crowd[(which + 1) % CROWD];
	unsigned int quota = which % 3, i;
	struct msi_map map = {};

	for (i = 0; i < quota; i++) {
		map = core_alloc_for(t, dev, ANY_SLOT);
		EXPECT(map.index >= 0);
	}
	EXPECT(core_alloc_for(t, dev, ANY_SLOT).index == -EDQUOT);
	if (quota)
		EXPECT(device_msi_free_irq(t->dom, other, map) == -EPERM);
	EXPECT(!device_msi_free_irqs(t->dom, dev));
	return 0;
}

static u64 crowd_look_up(struct core_test *t, struct device *dev,
			 unsigned int quota)
{
	u64 begin = get_cycles();

	device_msi_set_quota(t->dom, dev, quota);
	return get_cycles() - begin;
}

static int fill_crowd(struct core_test *t, struct device **crowd)
{
	unsigned int i, k;
	u64 cost;

	for (i = 0; i < CROWD; i++) {
		crowd[i] = crowd_device();
		EXPECT(crowd[i]);
		EXPECT(!device_msi_set_quota(t->dom, crowd[i], i % 3));
		cond_resched();
		if (i && i != CROWD - 1)
			continue;
		for (k = 0, cost = ~0ULL; k < 100; k++)
			cost = min(cost, crowd_look_up(t, crowd[0], 0));
		pr_info("ims_core_test: %u consumers: look-up in %llu cycles\n",
			i + 1, cost);
	}
	return 0;
}

/* Half of them are forgotten one by one, the others with the domain */
static int crowd_goes(struct core_test *t, struct device **crowd)
{
	unsigned int i;
	int index;

	for (i = 0; i < CROWD; i++) {
		if (i % 2)
			EXPECT(!device_msi_set_quota(t->dom, crowd[i],
						     DEVICE_MSI_NO_QUOTA));
		put_device(crowd[i]);	/* the quota's reference is left */
		cond_resched();
	}
	EXPECT(atomic_read(&crowd_left) == CROWD / 2);
	for (i = 0; i < CROWD; i += 500) {
		index = core_alloc_for(t, crowd[i], ANY_SLOT).index;
		EXPECT(i % 3 ? index >= 0 : index == -EDQUOT);
	}
	EXPECT(!device_msi_remove_domain(t->dom));
	t->dom = NULL;
	EXPECT(!atomic_read(&crowd_left));
	return 0;
}

static int crowd_of_consumers(struct core_test *t, struct device **crowd)
{
	unsigned int i;

	atomic_set(&crowd_left, 0);
	TRY(fill_crowd(t, crowd));
	for (i = 0; i < CROWD; i += 199)
		TRY(crowd_has(t, crowd, i));
	TRY(crowd_has(t, crowd, CROWD - 1));
	EXPECT(!core_count(t));
	return crowd_goes(t, crowd);
}

static int case_each_of_many_consumers_has_what_is_its_own(struct core_test *t)
{
	struct device **crowd = vzalloc(CROWD * sizeof(*crowd));
	int line;

	EXPECT(crowd);
	line = crowd_of_consumers(t, crowd);
	vfree(crowd);
	return line;
}

const struct core_case core_crowd_cases[] = {
	CASE(each_of_many_consumers_has_what_is_its_own,
	     .nr_slots = CROWD_SLOTS,
	     .keeps_memory = "it makes too many allocations to fail each"),
	{}
};
