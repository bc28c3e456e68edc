// SPDX-License-Identifier: GPL-2.0-only
/*
 * Consumers: an interrupt is its consumer's, and nobody else's.
 */
#include <linux/device.h>

#include "suite.h"

static int case_other_consumer_cannot_free(struct core_test *t)
{
	struct msi_map map = core_alloc_for(t, core_part(t, 0), 4);

	EXPECT(map.index == 4);
	EXPECT(device_msi_free_irq(t->dom, core_part(t, 1), map) == -EPERM);
	EXPECT(device_msi_free_irq(t->dom, t->dev, map) == -EPERM);
	EXPECT(device_msi_virq(t->dom, 4) == map.virq);
	EXPECT(!test_store_calls(t->store, TEST_FREE));
	EXPECT(!device_msi_free_irq(t->dom, core_part(t, 0), map));
	return 0;
}

/* Not even one that is requested, so that nothing but -EPERM is to be said */
static int case_other_consumer_cannot_free_a_live_one(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 4);

	EXPECT(map.index == 4);
	EXPECT(device_msi_free_irq(t->dom, core_part(t, 1), map) == -EPERM);
	EXPECT(!device_msi_free_irqs(t->dom, core_part(t, 1)));
	EXPECT(test_slot_live(t->store, 4));
	return 0;
}

static int case_other_consumer_cannot_change_sideband(struct core_test *t)
{
	struct device_msi_sideband raw = {
		.has = DEVICE_MSI_SIDEBAND_RAW, .raw = 3,
	};

	EXPECT(core_alloc_for(t, core_part(t, 0), 4).index == 4);
	EXPECT(device_msi_set_sideband(t->dom, core_part(t, 1), 4, raw) ==
	       -EPERM);
	EXPECT(device_msi_set_pasid(t->dom, t->dev, 4, 7) == -EPERM);
	EXPECT(device_msi_synchronize_irq(t->dom, t->dev, 4) == -EPERM);
	EXPECT(device_msi_synchronize_irq(t->dom, t->dev, 5) == -ENOENT);
	EXPECT(!test_store_calls(t->store, TEST_SIDEBAND));
	EXPECT(!device_msi_set_pasid(t->dom, core_part(t, 0), 4, 7));
	return 0;
}

static int case_free_irqs_takes_only_its_own(struct core_test *t)
{
	struct device *part;
	unsigned int i, left = CORE_SLOTS;

	for (i = 0; i < CORE_SLOTS; i++) {
		part = i % 4 == 3 ? t->dev : core_part(t, i % 4);
		EXPECT(core_alloc_for(t, part, i).index == i);
	}
	for (i = 0; i < CORE_PARTS; i++) {
		EXPECT(!device_msi_free_irqs(t->dom, core_part(t, i)));
		left -= CORE_SLOTS / 4;
		EXPECT(core_count(t) == left);
		EXPECT(device_msi_virq(t->dom, i) == -ENOENT);
		EXPECT(device_msi_virq(t->dom, 3) > 0);
	}
	EXPECT(!device_msi_free_irqs(t->dom, core_part(t, 0)));
	EXPECT(core_count(t) == left);
	return 0;
}

static int case_free_irqs_without_any_is_no_error(struct core_test *t)
{
	EXPECT(!device_msi_free_irqs(t->dom, t->dev));
	EXPECT(!device_msi_free_irqs(t->dom, core_part(t, 1)));
	EXPECT(!test_store_calls(t->store, TEST_FREE));
	return 0;
}

/* References alone: the part is unregistered, its interrupts stay usable */
static int case_consumer_may_go_before_its_interrupts(struct core_test *t)
{
	struct device *part = core_part(t, 2);
	struct msi_map map = core_alloc_for(t, part, 8);

	EXPECT(map.index == 8);
	get_device(part);
	platform_device_unregister(t->parts[2]);
	t->parts[2] = NULL;
	EXPECT(device_msi_virq(t->dom, 8) == map.virq);
	EXPECT(!device_msi_free_irq(t->dom, part, map));
	put_device(part);
	return 0;
}

static int case_bulk_is_its_consumers(struct core_test *t)
{
	struct msi_map maps[4];
	unsigned int i;

	EXPECT(device_msi_alloc_irqs(t->dom, core_part(t, 0), NULL, 4, 4, NULL,
				     maps) == 4);
	for (i = 0; i < 4; i++)
		EXPECT(core_free(t, maps[i]) == -EPERM);
	EXPECT(!device_msi_free_irqs(t->dom, core_part(t, 0)));
	EXPECT(!core_count(t));
	return 0;
}

const struct core_case core_consumer_cases[] = {
	CASE(other_consumer_cannot_free),
	CASE(other_consumer_cannot_free_a_live_one),
	CASE(other_consumer_cannot_change_sideband),
	CASE(free_irqs_takes_only_its_own),
	CASE(free_irqs_without_any_is_no_error),
	CASE(consumer_may_go_before_its_interrupts),
	CASE(bulk_is_its_consumers),
	{}
};
