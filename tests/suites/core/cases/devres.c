// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devm_ forms: interrupts go when the consumer's driver lets go of it.
 */
#include <linux/device.h>

#include "suite.h"

static struct msi_map devm_alloc(struct core_test *t, struct device *consumer,
				 unsigned int index)
{
	struct device_msi_req req = { .slots = test_slots(index) };

	return devm_device_msi_alloc_irq(t->dom, consumer, &req);
}

static int case_unbinding_frees_what_was_managed(struct core_test *t)
{
	struct device *part = core_part(t, 0);
	struct msi_map maps[4];

	EXPECT(devm_alloc(t, part, 9).index == 9);
	EXPECT(devm_device_msi_alloc_irq(t->dom, part, NULL).virq > 0);
	EXPECT(devm_device_msi_alloc_irqs(t->dom, part, NULL, 4, 4, NULL, maps) ==
	       4);
	EXPECT(core_count(t) == 6);
	device_release_driver(part);
	EXPECT(!core_count(t) && !t->store->nr_ready);
	return 0;
}

static int case_unbinding_leaves_other_consumers_alone(struct core_test *t)
{
	struct msi_map map = devm_alloc(t, core_part(t, 1), 1);

	EXPECT(map.index == 1);
	EXPECT(devm_alloc(t, core_part(t, 0), 0).index == 0);
	EXPECT(core_alloc_requested(t, 2).index == 2);
	device_release_driver(core_part(t, 0));
	EXPECT(device_msi_virq(t->dom, 0) == -ENOENT);
	EXPECT(device_msi_virq(t->dom, 1) == map.virq);
	EXPECT(test_slot_live(t->store, 2));
	return 0;
}

/* Its devres go with its last reference, which is the quota's */
static int case_consumer_without_a_driver(struct core_test *t)
{
	struct platform_device *pdev;

	pdev = platform_device_register_data(t->dev, "ims-core-unbound",
					     PLATFORM_DEVID_NONE, NULL, 0);
	EXPECT(!IS_ERR(pdev));
	EXPECT(devm_alloc(t, &pdev->dev, 1).index == 1);
	EXPECT(!device_msi_set_quota(t->dom, &pdev->dev, 8));
	platform_device_unregister(pdev);
	EXPECT(!device_msi_remove_domain(t->dom));
	t->dom = NULL;
	return 0;
}

static int case_managed_may_be_freed_before(struct core_test *t)
{
	struct device *part = core_part(t, 0);
	struct msi_map map = devm_alloc(t, part, 5);

	EXPECT(map.index == 5);
	EXPECT(!device_msi_free_irq(t->dom, part, map));
	EXPECT(core_alloc(t, 5).index == 5);	/* now it is another's */
	device_release_driver(part);
	EXPECT(device_msi_virq(t->dom, 5) > 0);
	return 0;
}

static irqreturn_t managed_handler(int irq, void *data)
{
	return IRQ_HANDLED;
}

/* Devres goes backwards: the handler goes before the interrupt */
static int case_managed_handler_goes_first(struct core_test *t)
{
	struct device *part = core_part(t, 0);
	struct msi_map map = devm_alloc(t, part, 5);

	EXPECT(map.index == 5);
	EXPECT(!devm_request_irq(part, map.virq, managed_handler, 0,
				 "ims-core-test", t));
	EXPECT(test_slot_live(t->store, 5));
	device_release_driver(part);
	EXPECT(test_slot_silent(t->store, 5));
	EXPECT(device_msi_virq(t->dom, 5) == -ENOENT);
	return 0;
}

static int case_managed_in_two_domains(struct core_test *t)
{
	struct core_test *b = core_second(t, &test_full_ops, 0, CORE_SLOTS);
	struct device *part = core_part(t, 0);

	EXPECT(b);
	EXPECT(devm_alloc(t, part, 1).index == 1);
	EXPECT(devm_alloc(b, part, 1).index == 1);
	EXPECT(core_alloc(b, 2).index == 2);
	device_release_driver(part);
	EXPECT(!core_count(t));
	EXPECT(core_count(b) == 1);
	return 0;
}

static int case_failed_managed_allocation_leaves_nothing(struct core_test *t)
{
	struct device *part = core_part(t, 0);
	struct msi_map maps[4];

	t->store->alloc_error = -EIO;
	EXPECT(devm_alloc(t, part, 1).index == -EIO);
	EXPECT(devm_device_msi_alloc_irqs(t->dom, part, NULL, 1, 4, NULL, maps) ==
	       -EIO);
	t->store->alloc_error = 0;
	device_release_driver(part);
	EXPECT(!core_count(t));
	EXPECT(core_alloc(t, 1).index == 1);
	return 0;
}

static int case_domain_removed_before_its_consumer(struct core_test *t)
{
	struct device *part = core_part(t, 0);

	EXPECT(devm_alloc(t, part, 5).index == 5);
	EXPECT(!device_msi_remove_domain(t->dom));
	t->dom = NULL;
	EXPECT(!t->store->nr_ready);
	device_release_driver(part);
	return 0;
}

/*
 * A later domain may well lie where the removed one lay; what the consumer has
 * there by other means is not what its driver lets go of now.
 */
static int case_later_domain_is_not_mistaken_for_the_removed(struct core_test *t)
{
	struct device *part = core_part(t, 0);
	struct core_test *b;

	EXPECT(devm_alloc(t, part, 5).index == 5);
	EXPECT(!device_msi_remove_domain(t->dom));
	t->dom = NULL;
	b = core_second(t, &test_full_ops, 0, CORE_SLOTS);
	EXPECT(b);
	EXPECT(core_alloc_for(b, part, 5).index == 5);
	device_release_driver(part);
	EXPECT(device_msi_virq(b->dom, 5) > 0);
	return 0;
}

/* Bound again, the consumer starts anew */
static int case_consumer_can_be_bound_again(struct core_test *t)
{
	struct device *part = core_part(t, 0);
	unsigned int i;

	for (i = 0; i < 5; i++) {
		EXPECT(devm_alloc(t, part, i).index == i);
		EXPECT(devm_alloc(t, part, 15).index == 15);
		device_release_driver(part);
		EXPECT(!core_count(t));
		EXPECT(device_attach(part) == 1);
	}
	return 0;
}

const struct core_case core_devres_cases[] = {
	CASE(unbinding_frees_what_was_managed),
	CASE(unbinding_leaves_other_consumers_alone),
	CASE(consumer_without_a_driver),
	CASE(managed_may_be_freed_before),
	CASE(managed_handler_goes_first),
	CASE(managed_in_two_domains),
	CASE(failed_managed_allocation_leaves_nothing),
	CASE(domain_removed_before_its_consumer),
	CASE(later_domain_is_not_mistaken_for_the_removed),
	CASE(consumer_can_be_bound_again),
	{}
};
