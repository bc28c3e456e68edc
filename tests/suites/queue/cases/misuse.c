// SPDX-License-Identifier: GPL-2.0-only
/*
 * True misuse, which only a bug can cause: an errno and a warning, and what was
 * there goes on working.
 */
#include "suite.h"

static int case_end_without_a_begin(struct queue_test *t)
{
	struct msi_map map;

	EXPECT(ims_queue_end(t->dom) == -EINVAL);
	map = queue_alloc_requested(t, 0);
	EXPECT(map.index == 0);
	queue_release(t, map.virq);
	irq_set_status_flags(map.virq, IRQ_NOAUTOEN);
	EXPECT(!queue_request(t, map.virq));
	enable_irq(map.virq);
	EXPECT(SOON(queue_live(t, map)));
	return 0;
}

static int case_no_room_for_statistics(struct queue_test *t)
{
	EXPECT(ims_queue_get_stats(t->dom, NULL) == -EINVAL);
	return 0;
}

static int case_no_domain(struct queue_test *t)
{
	struct ims_queue_stats stats;

	EXPECT(ims_queue_begin(NULL) == -EINVAL);
	EXPECT(ims_queue_end(NULL) == -EINVAL);
	EXPECT(ims_queue_get_stats(NULL, &stats) == -EINVAL);
	EXPECT(device_msi_synchronize(NULL) == -EINVAL);
	return 0;
}

static int case_removed_domain(struct queue_test *t)
{
	struct device_msi_domain *dom = t->dom;
	struct ims_queue_stats stats;

	EXPECT(!queue_remove(t));
	EXPECT(ims_queue_begin(dom) == -ENODEV);
	EXPECT(ims_queue_end(dom) == -ENODEV);
	EXPECT(ims_queue_get_stats(dom, &stats) == -ENODEV);
	EXPECT(device_msi_synchronize(dom) == -ENODEV);
	return 0;
}

static int case_free_of_a_requested_irq(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	fake_forget(t->fake);
	EXPECT(queue_free(t, map) == -EBUSY);
	EXPECT(device_msi_free_irqs(t->dom, t->dev) == -EBUSY);
	EXPECT(!queue_commands(t));
	EXPECT(queue_live(t, map) && queue_fires(t, map.virq));
	return 0;
}

static void release_domain(struct queue_test *t)
{
	struct device_msi_domain *dom = t->dom;

	t->dom = NULL;
	device_msi_release_domain(dom);
}

/* A refusal changes nothing, and can be put right */
static int case_removal_of_a_requested_irq(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);
	struct device_msi_domain *dom = t->dom;

	EXPECT(map.index == 0);
	fake_forget(t->fake);
	EXPECT(queue_remove(t) == -EBUSY);
	t->dom = dom;
	EXPECT(!queue_commands(t));
	EXPECT(queue_live(t, map) && queue_fires(t, map.virq));
	return 0;
}

/* What is left of it touches the device no more, whatever the kernel does */
static int case_requested_irq_keeps_its_domain(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0), freed;

	EXPECT(map.index == 0);
	freed = queue_alloc(t, 1);
	EXPECT(freed.index == 1);
	fake_forget(t->fake);
	release_domain(t);
	EXPECT(queue_commands(t) == 1);
	EXPECT(fake_silent(t->fake, 0));
	EXPECT(!test_has_irq(freed.virq));

	fake_forget(t->fake);
	enable_irq(map.virq);
	disable_irq(map.virq);
	enable_irq(map.virq);
	EXPECT(!irq_set_affinity(map.virq, cpumask_of(queue_other_cpu())));
	queue_release(t, map.virq);
	EXPECT(queue_request(t, map.virq) < 0);
	EXPECT(SOON(!test_has_irq(map.virq)));
	EXPECT(!queue_commands(t));
	EXPECT(fake_silent(t->fake, 0));
	/* The driver keeps the shadow: nobody calls it any more */
	EXPECT(t->fake->in_use == 1);
	t->left_shadows = 1;
	return 0;
}

/* The device fails to acknowledge that the slot is empty: nobody hears of it */
static int case_requested_irq_of_a_device_that_fails(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	fake_fail(t->fake, 1, U64_MAX, -EIO);
	fake_slot(t->fake, 0)->error = -EIO;
	release_domain(t);
	fake_forget(t->fake);
	t->fake->lost = 0;
	queue_release(t, map.virq);
	EXPECT(SOON(!test_has_irq(map.virq)));
	EXPECT(!queue_commands(t) && !t->fake->lost);
	t->left_shadows = 1;
	return 0;
}

#define MISUSE(_name)	CASE(_name, .group = QUEUE_MISUSE)

const struct queue_case queue_misuse_cases[] = {
	MISUSE(end_without_a_begin),
	MISUSE(no_room_for_statistics),
	MISUSE(no_domain),
	MISUSE(removed_domain),
	MISUSE(free_of_a_requested_irq),
	MISUSE(removal_of_a_requested_irq),
	MISUSE(requested_irq_keeps_its_domain),
	MISUSE(requested_irq_of_a_device_that_fails),
	{}
};
