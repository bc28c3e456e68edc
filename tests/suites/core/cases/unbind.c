// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that is unbound and has not removed its domain: that is noticed, and done
 * for it, before its store goes away.
 */
#include <linux/delay.h>
#include <linux/pci.h>

#include "suite.h"

/* What the forgetful driver has, and what it is to do */
static struct core_test *forgetful;
static bool forgets;

static int forgetful_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device_msi_info info = {
		.ops		= forgetful->store->ops,
		.store		= forgetful->store,
		.nr_slots	= CORE_SLOTS,
	};

	forgetful->dom = device_msi_create_domain(&pdev->dev, &info);
	return PTR_ERR_OR_ZERO(forgetful->dom);
}

static void forgetful_remove(struct pci_dev *pdev)
{
	if (!forgets && !device_msi_remove_domain(forgetful->dom))
		forgetful->dom = NULL;
}

static const struct pci_device_id forgetful_ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8) },
	{ }
};

static struct pci_driver forgetful_driver = {
	.name		= "ims_forgetful",
	.id_table	= forgetful_ids,
	.probe		= forgetful_probe,
	.remove		= forgetful_remove,
};

/* The function has no driver so far: have it bound to this one, with a store */
static int bind(struct core_test *t)
{
	EXPECT(!device_msi_remove_domain(t->dom));
	t->dom = NULL;
	t->store->gone = false;
	forgetful = t;
	EXPECT(!pci_register_driver(&forgetful_driver));
	return t->dom ? 0 : __LINE__;
}

static int case_driver_removes_its_domain(struct core_test *t)
{
	int line = bind(t);

	forgets = false;
	if (!line && core_alloc(t, 1).index != 1)
		line = __LINE__;
	pci_unregister_driver(&forgetful_driver);
	TRY(line);
	EXPECT(!t->dom && t->store->gone);
	return 0;
}

static int case_driver_forgets_its_domain(struct core_test *t)
{
	struct device_msi_domain *dom;
	int line = bind(t);

	forgets = true;
	if (!line && core_alloc(t, 1).index != 1)
		line = __LINE__;
	pci_unregister_driver(&forgetful_driver);
	dom = t->dom;
	t->dom = NULL;
	TRY(line);
	EXPECT(t->store->gone);
	EXPECT(device_msi_alloc_irq(dom, t->dev, NULL).index == -ENODEV);
	return 0;
}

/* And an interrupt that is requested: the store is touched no more */
static int case_driver_forgets_all(struct core_test *t)
{
	struct msi_map map = {};
	int line = bind(t);
	unsigned int tries;

	forgets = true;
	if (!line) {
		map = core_alloc_requested(t, 1);
		line = map.index == 1 ? 0 : __LINE__;
	}
	pci_unregister_driver(&forgetful_driver);
	t->dom = NULL;
	TRY(line);
	EXPECT(!t->store->gone && test_slot_silent(t->store, 1));
	test_store_forget(t->store);
	enable_irq(map.virq);
	disable_irq(map.virq);
	EXPECT(!t->store->nr_calls);
	core_release(t, map.virq);
	for (tries = 0; !READ_ONCE(t->store->gone) && tries < 60000; tries++)
		usleep_range(500, 1000);
	EXPECT(t->store->gone);
	return 0;
}

const struct core_case core_unbind_cases[] = {
	CASE(driver_removes_its_domain),
	CASE(driver_forgets_its_domain, .group = CORE_MISUSE),
	CASE(driver_forgets_all, .group = CORE_MISUSE),
	CASE_DIRECT(driver_forgets_all, .group = CORE_MISUSE),
	{}
};
