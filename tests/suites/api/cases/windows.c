// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several windows, many slots, and slots that are set aside.
 */
#include <linux/slab.h>

#include "suite.h"

#define MANY_WINDOWS	256U
#define MANY_EACH	(DEVICE_MSI_MAX_SLOTS / MANY_WINDOWS)

/* Request slot by slot; the message must be where the slot is in the memory */
static int numbered_through(const struct test_array *a, const u32 *places,
			    unsigned int nr)
{
	struct msi_map map;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		EXPECT(test_silent(a, places[i]));
		map = test_alloc(a, i);
		EXPECT(map.index == i && map.virq > 0);
		EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test",
				    (void *)a));
		EXPECT(test_live(a, places[i]) && !test_masked(a, places[i]));
		free_irq(map.virq, (void *)a);
		EXPECT(test_silent(a, places[i]));
	}
	EXPECT(test_alloc(a, nr).index == -EINVAL);
	return 0;
}

static int case_slots_are_numbered_through_windows(struct test_array *unused)
{
	static const u32 places[] = { 13, 14, 15, 0, 4, 5, 6, 7, 8 };
	struct test_array a;
	int line = __LINE__;

	if (test_array_prepare(&a, &ims_layout_standard, SLOTS))
		goto out;
	test_window_at(&a, &a.windows[0], 13, 3);
	test_window_at(&a, &a.windows[1], 0, 1);
	test_window_at(&a, &a.windows[2], 4, 5);
	a.info.nr_windows = 3;
	a.dom = ims_array_create_domain(dev, &a.info);
	if (IS_ERR(a.dom))
		goto out;
	line = numbered_through(&a, places, ARRAY_SIZE(places));
	/* Between the windows, and around them */
	if (!line && !(test_junk(&a, 1) && test_junk(&a, 3) &&
		       test_junk(&a, 9) && test_junk(&a, 12)))
		line = __LINE__;
out:
	test_array_free(&a);
	return line;
}

/* The windows in reverse, so that no sum of their lengths is right by chance */
static int many_windows(struct test_array *a, struct ims_window *windows)
{
	static const u32 numbers[] = { 0, 255, 256, 257, 32768, 65279, 65535 };
	unsigned int i, place;
	struct msi_map map;

	for (i = 0; i < MANY_WINDOWS; i++)
		test_window_at(a, &windows[i],
			       (MANY_WINDOWS - 1 - i) * MANY_EACH, MANY_EACH);
	a->info.windows = windows;
	a->info.nr_windows = MANY_WINDOWS;
	a->dom = ims_array_create_domain(dev, &a->info);
	EXPECT(!IS_ERR(a->dom));
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		place = (MANY_WINDOWS - 1 - numbers[i] / MANY_EACH) * MANY_EACH +
			numbers[i] % MANY_EACH;
		EXPECT(test_silent(a, place));
		map = test_alloc(a, numbers[i]);
		EXPECT(map.virq > 0);
		EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
		EXPECT(test_live(a, place));
		free_irq(map.virq, a);
		EXPECT(test_silent(a, place));
	}
	return 0;
}

static int case_65536_slots_in_256_windows(struct test_array *unused)
{
	struct ims_window *windows;
	struct test_array a;
	int line = __LINE__;

	windows = kcalloc(MANY_WINDOWS, sizeof(*windows), GFP_KERNEL);
	if (!test_array_prepare(&a, &ims_layout_standard,
				DEVICE_MSI_MAX_SLOTS) && windows)
		line = many_windows(&a, windows);
	test_array_free(&a);
	kfree(windows);
	return line;
}

static const struct device_msi_range test_reserved[] = {
	{ .first = 0, .nr = 2 },
	{ .first = 5, .nr = 1 },
	{ .first = SLOTS - 1, .nr = 1 },
};

static int reserved_are_left_alone(struct test_array *a)
{
	struct msi_map map;

	map = device_msi_alloc_irq(a->dom, dev, NULL);
	EXPECT(map.index == 2);
	EXPECT(test_alloc(a, 0).index < 0);
	EXPECT(test_alloc(a, 5).index < 0);
	EXPECT(test_alloc(a, SLOTS - 1).index < 0);
	do {
		map = device_msi_alloc_irq(a->dom, dev, NULL);
	} while (map.index >= 0);
	EXPECT(map.index == -ENOSPC);
	EXPECT(device_msi_virq(a->dom, SLOTS - 2) > 0);
	EXPECT(device_msi_virq(a->dom, 5) == -ENOENT);
	EXPECT(device_msi_restore(a->dom) == 0);
	EXPECT(device_msi_verify(a->dom, true) == 0);
	EXPECT(!device_msi_free_irqs(a->dom, dev));
	return 0;
}

static int reserved_work(const struct ims_layout *layout)
{
	struct test_array a;
	int line = __LINE__;

	if (test_array_prepare(&a, layout, SLOTS))
		goto out;
	a.info.reserved = test_reserved;
	a.info.nr_reserved = ARRAY_SIZE(test_reserved);
	a.dom = ims_array_create_domain(dev, &a.info);
	if (IS_ERR(a.dom))
		goto out;
	line = reserved_are_left_alone(&a);
	/* The end of a domain looks at every slot once more */
	device_msi_release_domain(a.dom);
	a.dom = NULL;
	if (!line && !(test_junk(&a, 0) && test_junk(&a, 1) &&
		       !test_junk(&a, 2) && test_junk(&a, 5) &&
		       test_junk(&a, SLOTS - 1)))
		line = __LINE__;
out:
	test_array_free(&a);
	return line;
}

static int case_reserved_slots_are_never_touched(struct test_array *unused)
{
	static const struct ims_layout parked = {
		.stride = 12, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = IMS_NO_WORD, .mask = IMS_MASK_NONE, .access = 4,
	};

	TRY(reserved_work(&ims_layout_standard));
	return reserved_work(&parked);
}

const struct test_case test_window_cases[] = {
	CASE(slots_are_numbered_through_windows),
	CASE(65536_slots_in_256_windows),
	CASE(reserved_slots_are_never_touched),
	{ }
};
