// SPDX-License-Identifier: GPL-2.0-only
/*
 * Domains: creation, what a device can have, several at a time, removal.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "suite.h"

static int case_init_silences_before_the_first_interrupt(struct core_test *t)
{
	EXPECT(test_store_calls(t->store, TEST_INIT) == 1);
	EXPECT(test_store_last_nr(t->store, TEST_INIT) == CORE_SLOTS);
	EXPECT(t->store->nr_calls == 1);
	return 0;
}

static int case_destroy_ends_the_store_once(struct core_test *t)
{
	EXPECT(core_alloc(t, 2).virq > 0);
	EXPECT(!device_msi_remove_domain(t->dom));
	t->dom = NULL;
	EXPECT(test_store_calls(t->store, TEST_DESTROY) == 1);
	EXPECT(test_store_calls(t->store, TEST_FREE) == 1);
	return 0;
}

static long create_error(struct device *dev, const struct device_msi_info *info)
{
	struct device_msi_domain *dom = device_msi_create_domain(dev, info);

	if (!IS_ERR(dom))
		device_msi_release_domain(dom);
	return PTR_ERR_OR_ZERO(dom);
}

static int case_error_of_init_stops_creation(struct core_test *t)
{
	struct test_store *store;
	struct device_msi_info info = { .nr_slots = 4 };
	bool destroyed;
	long error;

	store = test_store_create(&test_full_ops, 0, 4);
	EXPECT(store);
	store->init_error = -EIO;
	info.ops = store->ops;
	info.store = store;
	error = create_error(t->dev, &info);
	destroyed = store->gone;
	test_store_free(store);
	EXPECT(error == -EIO);
	EXPECT(!destroyed);
	return 0;
}

static int test_no_init(struct device *dev, void *store, unsigned int nr_slots)
{
	return -EIO;
}

/* Between the last use of a module and its end */
static int case_store_of_a_module_that_goes_has_no_domain(struct core_test *t)
{
	struct module *going = kzalloc(sizeof(*going), GFP_KERNEL);
	struct device_msi_ops ops = test_full_ops;
	struct device_msi_info info = {
		.ops = &ops, .store = t->store, .nr_slots = CORE_SLOTS,
	};
	struct device_msi_domain *dom;

	EXPECT(going);
	going->state = MODULE_STATE_GOING;
	ops.owner = going;
	test_store_forget(t->store);
	dom = device_msi_create_domain(t->dev, &info);
	kfree(going);
	EXPECT(PTR_ERR(dom) == -ENODEV);
	EXPECT(!t->store->nr_calls);
	return 0;
}

/* Many, so that their memory shows where the guest "leaks" looks if it stays */
static int case_slots_that_are_set_aside_stay_so(struct core_test *t)
{
	const struct device_msi_range range = { .first = 2, .nr = 4000 };
	struct device_msi_info info = {
		.ops = &test_bare_ops, .store = t->store, .nr_slots = 4003,
		.reserved = &range, .nr_reserved = 1,
	};
	struct device_msi_ops ops = test_full_ops;
	struct device_msi_req req = { .slots = DEVICE_MSI_SLOT(1234) };
	struct device_msi_domain *dom;
	int indices[4], ret;
	unsigned int i;

	dom = device_msi_create_domain(t->dev, &info);
	EXPECT(!IS_ERR(dom));
	for (i = 0; i < ARRAY_SIZE(indices); i++)
		indices[i] = device_msi_alloc_irq(dom, t->dev, NULL).index;
	ret = device_msi_alloc_irq(dom, t->dev, &req).index;
	EXPECT(!device_msi_remove_domain(dom));
	EXPECT(indices[0] == 0 && indices[1] == 1 && indices[2] == 4002);
	EXPECT(indices[3] == -ENOSPC && ret == -EBUSY);

	/* And if there is no domain after all */
	ops.init = test_no_init;
	info.ops = &ops;
	EXPECT(create_error(t->dev, &info) == -EIO);
	return 0;
}

static int case_sizes_out_of_range_are_refused(struct core_test *t)
{
	static const unsigned int sizes[] = {
		0, DEVICE_MSI_MAX_SLOTS + 1, UINT_MAX,
	};
	struct device_msi_info info = { .ops = &test_bare_ops };
	unsigned int i;

	info.store = t->store;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		info.nr_slots = sizes[i];
		EXPECT(create_error(t->dev, &info) == -EINVAL);
	}
	return 0;
}

static int case_store_of_one_slot_and_of_all(struct core_test *t)
{
	struct core_test *one = core_second(t, &test_full_ops, 0, 1);

	EXPECT(one);
	EXPECT(core_alloc(one, ANY_SLOT).index == 0);
	EXPECT(core_alloc(one, ANY_SLOT).index == -ENOSPC);
	EXPECT(core_alloc(t, DEVICE_MSI_MAX_SLOTS - 1).index ==
	       DEVICE_MSI_MAX_SLOTS - 1);
	EXPECT(core_alloc(t, DEVICE_MSI_MAX_SLOTS).index == -EINVAL);
	return 0;
}

static int case_bare_store_has_interrupts(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS], map;

	map = core_alloc_requested(t, 9);
	EXPECT(map.index == 9);
	core_release(t, map.virq);
	EXPECT(test_slot_silent(t->store, 9));
	EXPECT(!core_free(t, map));
	return core_fill(t, maps, CORE_SLOTS);
}

static int case_supported_says_what_there_is(struct core_test *t)
{
	struct device_msi_caps caps;

	memset(&caps, 0xff, sizeof(caps));
	EXPECT(!device_msi_supported(t->dev, 0, &caps));
	EXPECT(!caps.why_not);
	EXPECT(caps.parent && caps.parent[0]);
	EXPECT(caps.array);
	EXPECT(caps.queue);
	EXPECT(caps.fixed_message || !caps.isolated);
	EXPECT(caps.max_irqs > 0 && caps.max_irqs <= DEVICE_MSI_MAX_SLOTS);
	EXPECT(caps.max_requested > 0);
	EXPECT(!device_msi_supported(t->dev, 0, NULL));
	return 0;
}

static int case_supported_says_why_not(struct core_test *t)
{
	struct device_msi_info info = { .nr_slots = 1, .ops = &test_bare_ops };
	struct device_msi_caps caps;

	memset(&caps, 0xff, sizeof(caps));
	EXPECT(device_msi_supported(core_part(t, 0), 0, &caps) == -EOPNOTSUPP);
	EXPECT(caps.why_not && caps.why_not[0]);
	EXPECT(!caps.parent && !caps.array && !caps.queue);
	EXPECT(!caps.isolated && !caps.fixed_message);
	EXPECT(!caps.max_irqs && !caps.max_requested);
	EXPECT(device_msi_supported(core_part(t, 0), 0, NULL) == -EOPNOTSUPP);
	EXPECT(create_error(core_part(t, 0), &info) == -EOPNOTSUPP);
	return 0;
}

static int case_domains_of_one_device_are_apart(struct core_test *t)
{
	struct core_test *b = core_second(t, &test_full_ops, 0, CORE_SLOTS);
	struct msi_map map, other;

	EXPECT(b);
	map = core_alloc_requested(t, 3);
	other = core_alloc(b, 3);
	EXPECT(map.index == 3 && other.index == 3 && map.virq != other.virq);
	EXPECT(core_free(t, other) == -EINVAL);
	EXPECT(!core_free(b, other));
	EXPECT(core_alloc(b, 4).index == 4);
	EXPECT(!device_msi_free_irqs(b->dom, b->dev));
	EXPECT(device_msi_virq(t->dom, 3) == map.virq);
	EXPECT(!device_msi_remove_domain(b->dom));
	b->dom = NULL;
	EXPECT(test_slot_live(t->store, 3));
	return 0;
}

static int case_removal_frees_what_is_allocated(struct core_test *t)
{
	struct msi_map maps[CORE_SLOTS];
	unsigned int i;

	TRY(core_fill(t, maps, CORE_SLOTS));
	EXPECT(!device_msi_remove_domain(t->dom));
	t->dom = NULL;
	EXPECT(!t->store->nr_ready);
	for (i = 0; i < CORE_SLOTS; i++)
		EXPECT(!test_has_irq(maps[i].virq));
	return 0;
}

static int case_removal_frees_those_of_every_consumer(struct core_test *t)
{
	unsigned int i;

	for (i = 0; i < CORE_SLOTS; i++)
		EXPECT(core_alloc_for(t, core_part(t, i % CORE_PARTS), i).index
		       == i);
	EXPECT(!device_msi_remove_domain(t->dom));
	t->dom = NULL;
	EXPECT(!t->store->nr_ready);
	return 0;
}

static int case_no_domain_is_removed_quietly(struct core_test *t)
{
	EXPECT(!device_msi_remove_domain(NULL));
	return 0;
}

const struct core_case core_domain_cases[] = {
	CASE(init_silences_before_the_first_interrupt),
	CASE(destroy_ends_the_store_once),
	CASE(error_of_init_stops_creation),
	CASE(store_of_a_module_that_goes_has_no_domain),
	CASE(slots_that_are_set_aside_stay_so),
	CASE(sizes_out_of_range_are_refused),
	CASE(store_of_one_slot_and_of_all, .nr_slots = DEVICE_MSI_MAX_SLOTS),
	CASE(bare_store_has_interrupts, .ops = &test_bare_ops),
	CASE(supported_says_what_there_is),
	CASE(supported_says_why_not),
	CASE(domains_of_one_device_are_apart),
	CASE(removal_frees_what_is_allocated),
	CASE(removal_frees_those_of_every_consumer),
	CASE(no_domain_is_removed_quietly),
	{}
};
