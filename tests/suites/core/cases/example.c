// SPDX-License-Identifier: GPL-2.0-only
/*
 * The example of docs/store.md, run: its slots are ordinary memory.
 */
#include <linux/vmalloc.h>

#include "doorbell.h"
#include "suite.h"

#define EXAMPLE_SLOTS	4U
#define EXAMPLE_WORDS	4U	/* address low and high, data, enable */

/* doc_store.ko, which is made of that page */
struct device_msi_domain *example_create_domain(struct device *dev,
						void __iomem *base,
						unsigned int nr_slots);

static irqreturn_t example_handler(int irq, void *data)
{
	return IRQ_HANDLED;
}

static bool example_empty(const u32 *slot)
{
	return !slot[0] && !slot[1] && !slot[2] && !slot[3];
}

static int example_live(struct device_msi_domain *dom, u32 *slots)
{
	u32 *slot = slots + 2 * EXAMPLE_WORDS;

	EXPECT(test_is_doorbell(slot[0]) && slot[3] == 1);
	EXPECT(!device_msi_verify(dom, false));

	/* A reset to garbage, and back */
	memset(slot, 0x5a, EXAMPLE_WORDS * sizeof(*slot));
	EXPECT(device_msi_verify(dom, false) == 1);
	EXPECT(!device_msi_restore(dom));
	EXPECT(!device_msi_verify(dom, false));
	EXPECT(test_is_doorbell(slot[0]) && slot[3] == 1);
	return 0;
}

static int example_use(struct core_test *t, struct device_msi_domain *dom,
		       u32 *slots)
{
	struct device_msi_req req = { .slots = DEVICE_MSI_SLOT(2) };
	struct msi_map map;
	int line;

	EXPECT(example_empty(slots) && example_empty(slots + EXAMPLE_WORDS));
	map = device_msi_alloc_irq(dom, t->dev, &req);
	EXPECT(map.index == 2);
	EXPECT(!request_irq(map.virq, example_handler, 0, "ims-example", dom));
	line = example_live(dom, slots);
	free_irq(map.virq, dom);
	if (line)
		return line;
	EXPECT(example_empty(slots + 2 * EXAMPLE_WORDS));
	EXPECT(!device_msi_free_irq(dom, t->dev, map));
	return 0;
}

static int case_example_of_the_documentation(struct core_test *t)
{
	size_t size = EXAMPLE_SLOTS * EXAMPLE_WORDS * sizeof(u32);
	struct device_msi_domain *dom;
	int line = __LINE__;
	u32 *slots;

	slots = vmalloc(size);
	EXPECT(slots);
	memset(slots, 0x5a, size);	/* what a device may wake up with */
	dom = example_create_domain(t->dev, (void __iomem __force *)slots,
				    EXAMPLE_SLOTS);
	if (!IS_ERR(dom)) {
		line = example_use(t, dom, slots);
		device_msi_release_domain(dom);
	}
	vfree(slots);
	return line;
}

const struct core_case core_example_cases[] = {
	CASE(example_of_the_documentation),
	{}
};
