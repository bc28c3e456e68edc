// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages that this machine does not make, but another might: the test provides
 * them, as a hypervisor's module does. Nothing sends them.
 */
#include <linux/module.h>
#include <linux/msi.h>
#include <ims/provider.h>

#include "suite.h"

#define SLOT		3U
#define ABOVE_4G	1U

/* Of the next messages: the upper half of the address, and the data if not 0 */
static u32 test_hi, test_data;

static bool test_match(struct device *unused)
{
	return true;
}

static int test_translate(struct device *unused, unsigned int virq,
			  struct msi_msg *msg)
{
	msg->address_hi = test_hi;
	if (test_data)
		msg->data = test_data;
	return 0;
}

struct device_msi_provider test_provider = {
	.owner		= THIS_MODULE,
	.name		= "ims_test",
	.match		= test_match,
	.translate	= test_translate,
};

/* Request the slot's interrupt: how that ends, and what the slot holds then */
static int request_with(const struct test_array *a, int virq, u32 hi, u32 data)
{
	test_hi = hi;
	test_data = data;
	return request_irq(virq, test_handler, 0, "ims-test", (void *)a);
}

static bool holds(const struct test_array *a, u32 hi)
{
	return test_live(a, SLOT) &&
	       test_message(a, SLOT, test_word(a, SLOT, a->layout.address_lo),
			    hi, test_word(a, SLOT, a->layout.data));
}

static bool is_empty(const struct test_array *a, u32 place)
{
	if (a->layout.mask != IMS_MASK_NONE)
		return test_silent(a, SLOT);
	return test_message(a, SLOT, place, 0, 0);
}

/* A message that does not fit is refused, and the slot is as good as before */
static int hi_is_refused(const struct test_array *a)
{
	u32 place = test_word(a, SLOT, a->layout.address_lo);
	struct msi_map map = test_alloc(a, SLOT);

	EXPECT(map.virq > 0);
	EXPECT(request_with(a, map.virq, ABOVE_4G, 0) == -EOPNOTSUPP);
	EXPECT(is_empty(a, place));
	EXPECT(!request_with(a, map.virq, 0, 0));
	EXPECT(holds(a, 0));
	free_irq(map.virq, (void *)a);
	EXPECT(is_empty(a, place));
	return 0;
}

static int hi_is_written(const struct test_array *a)
{
	u32 place = test_word(a, SLOT, a->layout.address_lo);
	struct msi_map map = test_alloc(a, SLOT);
	bool parked = a->layout.mask == IMS_MASK_NONE;

	EXPECT(map.virq > 0);
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	EXPECT(!request_with(a, map.virq, ABOVE_4G, 0));
	EXPECT(holds(a, ABOVE_4G));
	disable_irq(map.virq);
	EXPECT(device_msi_verify(a->dom, false) == 0);
	EXPECT(!parked ||
	       test_message(a, SLOT, place, 0,
			    test_word(a, SLOT, a->layout.data)));
	enable_irq(map.virq);
	EXPECT(holds(a, ABOVE_4G));
	EXPECT(device_msi_verify(a->dom, false) == 0);
	free_irq(map.virq, (void *)a);
	EXPECT(is_empty(a, place));
	return 0;
}

/* It could not be told from a parking place that nothing has come to */
static int ones_are_refused(const struct test_array *a)
{
	struct msi_map map = test_alloc(a, SLOT);

	EXPECT(map.virq > 0);
	EXPECT(request_with(a, map.virq, 0, ~0U) == -EOPNOTSUPP);
	EXPECT(!request_with(a, map.virq, 0, ~1U));
	EXPECT(test_word(a, SLOT, a->layout.data) == ~1U);
	free_irq(map.virq, (void *)a);
	return 0;
}

static int with_layout(struct ims_layout layout,
		       int (*run)(const struct test_array *a))
{
	struct test_array a;
	int line;

	line = test_array_create(&a, &layout, SLOTS) ? __LINE__ : run(&a);
	test_array_free(&a);
	return line;
}

static int case_upper_half_goes_where_it_fits(struct test_array *unused)
{
	struct ims_layout layout = ims_layout_standard;

	TRY(with_layout(layout, hi_is_written));
	layout.access = 8;
	TRY(with_layout(layout, hi_is_written));
	layout.address_hi = IMS_NO_WORD;
	TRY(with_layout(layout, hi_is_refused));
	layout.access = 4;
	return with_layout(layout, hi_is_refused);
}

/* Parked or not must be one write, or the device could send to a mixture */
static int case_upper_half_of_parked_is_written_at_once(struct test_array *u)
{
	struct ims_layout layout = {
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = IMS_NO_WORD, .access = 8,
	};

	TRY(with_layout(layout, hi_is_written));
	layout.access = 4;
	TRY(with_layout(layout, hi_is_refused));
	layout.access = 8;
	layout.address_hi = 12;
	TRY(with_layout(layout, hi_is_refused));
	layout.address_hi = IMS_NO_WORD;
	TRY(with_layout(layout, hi_is_refused));
	return with_layout(layout, ones_are_refused);
}

const struct test_case test_message_cases[] = {
	CASE(upper_half_goes_where_it_fits, .group = TEST_MESSAGES),
	CASE(upper_half_of_parked_is_written_at_once, .group = TEST_MESSAGES),
	{ }
};
