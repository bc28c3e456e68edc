// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every case gets, new: a store, its domain and three consumers. And what
 * must be true when it has ended, whatever it did.
 */
#include <linux/device.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "suite.h"

struct workqueue_struct *core_workers;

static struct device *core_dev;
static unsigned int core_irqs; /* as the last case left them */
static atomic_t core_last_part = ATOMIC_INIT(0);

static int core_part_probe(struct platform_device *pdev)
{
	return 0;
}

/* Bound, so that unbinding releases what was acquired with devm_ functions */
static struct platform_driver core_part_driver = {
	.probe	= core_part_probe,
	.driver	= { .name = "ims-core-part" },
};

int core_fixture_init(struct device *dev)
{
	int ret;

	core_dev = dev;
	core_irqs = test_count_irqs(test_failslab);
	core_workers = alloc_workqueue("ims-core-test", WQ_UNBOUND, 0);
	if (!core_workers)
		return -ENOMEM;
	ret = platform_driver_register(&core_part_driver);
	if (ret)
		destroy_workqueue(core_workers);
	return ret;
}

void core_fixture_exit(void)
{
	platform_driver_unregister(&core_part_driver);
	destroy_workqueue(core_workers);
}

/* A device that is a part of @dev; an ERR_PTR if it cannot be made and bound */
struct platform_device *core_part_create(struct device *dev)
{
	struct platform_device *pdev;

	pdev = platform_device_register_data(dev, "ims-core-part",
					     atomic_inc_return(&core_last_part),
					     NULL, 0);
	if (!IS_ERR(pdev) && !pdev->dev.driver) {
		platform_device_unregister(pdev);
		return ERR_PTR(-ENXIO);
	}
	return pdev;
}

static int core_open(struct core_test *t, const struct device_msi_ops *ops,
		     unsigned int flags, unsigned int nr_slots)
{
	/* The first store's table is for the stores of all cases, on an ITS */
	struct device_msi_info info = {
		.flags = flags,
		.nr_slots = nr_slots,
		.nr_expected = CORE_EXPECTED,
	};

	t->store = test_store_create(ops, flags, nr_slots);
	if (!t->store)
		return -ENOMEM;
	info.ops = ops;
	info.store = t->store;
	t->dom = device_msi_create_domain(t->dev, &info);
	return PTR_ERR_OR_ZERO(t->dom);
}

/* 0, or the line of what went wrong; core_teardown() follows anyway */
int core_setup(struct core_test *t, const struct core_case *c)
{
	unsigned int i;

	memset(t, 0, sizeof(*t));
	t->dev = core_dev;
	for (i = 0; i < CORE_PARTS; i++) {
		t->parts[i] = core_part_create(t->dev);
		EXPECT(!IS_ERR(t->parts[i]));
	}
	EXPECT(!core_open(t, c->ops ?: &test_full_ops, c->flags,
			  c->nr_slots ?: CORE_SLOTS));
	return 0;
}

/* One more store and domain; NULL if there is none to be had */
struct core_test *core_second(struct core_test *t,
			      const struct device_msi_ops *ops,
			      unsigned int flags, unsigned int nr_slots)
{
	struct core_test *second = kzalloc(sizeof(*second), GFP_KERNEL);

	if (!second)
		return NULL;
	t->second = second;
	second->dev = t->dev;
	memcpy(second->parts, t->parts, sizeof(t->parts));
	return core_open(second, ops, flags, nr_slots) ? NULL : second;
}

static void core_complain(struct core_test *t, const char *format,
			  unsigned int number)
{
	if (!t->why[0])
		snprintf(t->why, sizeof(t->why), format, number);
}

static void core_check_store(struct core_test *t)
{
	struct test_store *store = t->store;
	unsigned int i;

	if (store->violations && !t->why[0])
		snprintf(t->why, sizeof(t->why), "%u violations, first: %s",
			 store->violations, store->violation);
	if (store->nr_ready)
		core_complain(t, "%u slots never freed in the store",
			      store->nr_ready);
	for (i = 0; i < store->nr_slots; i++)
		if (!store->slots[i].lost && !test_slot_silent(store, i))
			core_complain(t, "slot %u is not silent", i);
}

/* Remove the domain; its store then has everything back */
static void core_close(struct core_test *t)
{
	bool has_domain = !IS_ERR_OR_NULL(t->dom);
	int ret;

	while (t->nr_requested)
		core_release(t, t->requested[0]);
	if (!t->store)
		return;
	if (has_domain) {
		ret = device_msi_remove_domain(t->dom);
		if (ret)
			core_complain(t, "removing the domain: error %u", -ret);
		if (t->store->ops->destroy && !t->store->gone)
			core_complain(t, "destroy called %u times", 0);
		core_check_store(t);
	} else if (!t->dom) {
		core_check_store(t);
	}
	test_store_free(t->store);
}

void core_teardown(struct core_test *t)
{
	unsigned int i, irqs;

	/* A case may have had it asleep, or gone */
	to_pci_dev(t->dev)->current_state = PCI_D0;
	to_pci_dev(t->dev)->error_state = pci_channel_io_normal;
	core_close(t);
	if (t->second) {
		core_close(t->second);
		if (t->second->why[0])
			snprintf(t->why, sizeof(t->why), "second: %.100s",
				 t->second->why);
		kfree(t->second);
	}
	for (i = 0; i < CORE_PARTS; i++)
		if (!IS_ERR_OR_NULL(t->parts[i]))
			platform_device_unregister(t->parts[i]);

	irqs = test_more_irqs(&core_irqs, test_failslab);
	if (irqs)
		core_complain(t, "%u interrupts left", irqs);
}
