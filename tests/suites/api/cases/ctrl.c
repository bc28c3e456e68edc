// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bits of ctrl that are the device's own, changed while the slot is in use.
 */
#include "suite.h"

#define SLOT		5U
#define OWN		0xff00U

static const struct ims_layout test_ctrl_layouts[] = {
	{ .stride = 16, .address_lo = 0, .address_hi = 4, .data = 8, .ctrl = 12,
	  .mask = IMS_MASK_SET, .mask_bit = BIT(0), .preserve = OWN,
	  .access = 4 },
	{ .stride = 16, .address_lo = 0, .address_hi = 4, .data = 8, .ctrl = 12,
	  .mask = IMS_MASK_CLEAR, .mask_bit = BIT(31), .preserve = OWN,
	  .access = 8, .big_endian = true },
	{ .stride = 16, .address_lo = 0, .address_hi = 4, .data = 8, .ctrl = 12,
	  .preserve = OWN, .access = 4 },
	/* ctrl is written with the address */
	{ .stride = 16, .address_lo = 0, .address_hi = 12, .data = 8, .ctrl = 4,
	  .preserve = OWN, .access = 8 },
	{ .stride = 16, .address_lo = 0, .address_hi = 4, .data = 8, .ctrl = 0,
	  .ctrl_stride = 8, .mask = IMS_MASK_SET, .mask_bit = BIT(3),
	  .preserve = OWN, .access = 4 },
	/* With the data between them, or instead of a mask bit */
	{ .stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
	  .data_bits = 0x7fff0000, .ctrl = 8, .mask = IMS_MASK_CLEAR,
	  .mask_bit = BIT(31), .preserve = OWN, .access = 4 },
	{ .stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
	  .data_bits = 0xffff0000, .ctrl = 8, .preserve = OWN, .access = 4 },
};

static u32 own_bits(const struct test_array *a)
{
	return test_ctrl(a, SLOT) & OWN;
}

/* All else that the device holds in the slot stays as it is */
static int changed(const struct test_array *a, u32 clear, u32 set, u32 want)
{
	u32 others = test_ctrl(a, SLOT) & ~OWN;
	u32 lo = test_word(a, SLOT, a->layout.address_lo);
	u32 data = test_msg_data(a, SLOT);

	EXPECT(!ims_array_update_ctrl(a->dom, SLOT, clear, set));
	EXPECT(own_bits(a) == want);
	EXPECT((test_ctrl(a, SLOT) & ~OWN) == others);
	EXPECT(test_message(a, SLOT, lo, 0, data));
	EXPECT(device_msi_verify(a->dom, false) == 0);
	return 0;
}

/* Through all that writes ctrl again: mask, unmask, a move, a restore */
static int stay_changed(const struct test_array *a, int virq, u32 want)
{
	disable_irq(virq);
	EXPECT(own_bits(a) == want);
	enable_irq(virq);
	EXPECT(own_bits(a) == want && test_live(a, SLOT));
	memset(a->words, TEST_JUNK, SLOTS * a->layout.stride);
	if (a->ctrls)
		memset(a->ctrls, TEST_JUNK, SLOTS * a->layout.ctrl_stride);
	EXPECT(device_msi_restore(a->dom) == 0);
	EXPECT(own_bits(a) == want && test_live(a, SLOT));
	return 0;
}

static int change_works(const struct test_array *a)
{
	u32 first = TEST_JUNK_WORD & OWN;
	struct msi_map map;
	int line;

	EXPECT(ims_array_update_ctrl(a->dom, SLOT, OWN, 0) == -ENOENT);
	map = test_alloc(a, SLOT);
	EXPECT(map.virq > 0 && own_bits(a) == first);
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	TRY(changed(a, 0x0f00, 0x0300, (first & 0xf000) | 0x0300));
	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", (void *)a));
	line = changed(a, OWN, 0x8100, 0x8100);
	line = line ?: stay_changed(a, map.virq, 0x8100);
	line = line ?: changed(a, 0, 0x0600, 0x8700);
	disable_irq(map.virq);
	line = line ?: changed(a, 0x8100, 0, 0x0600);
	enable_irq(map.virq);
	line = line ?: stay_changed(a, map.virq, 0x0600);
	free_irq(map.virq, (void *)a);
	EXPECT(!line);
	EXPECT(own_bits(a) == 0x0600);
	return device_msi_free_irq(a->dom, dev, map) ? __LINE__ : 0;
}

static int case_own_bits_of_ctrl_are_changed_by_a_call(struct test_array *a)
{
	struct test_array b;
	unsigned int i;
	int line = 0;

	for (i = 0; !line && i < ARRAY_SIZE(test_ctrl_layouts); i++) {
		pr_info("ims_test: ctrl layout %u\n", i);
		line = test_array_create(&b, &test_ctrl_layouts[i], SLOTS) ?
			__LINE__ : change_works(&b);
		test_array_free(&b);
	}
	return line;
}

static int case_other_bits_of_ctrl_are_not(struct test_array *unused)
{
	struct test_array a;
	int line = __LINE__;
	u32 ctrl;

	if (test_array_create(&a, &test_ctrl_layouts[0], SLOTS) ||
	    test_alloc(&a, SLOT).virq <= 0)
		goto out;
	ctrl = test_ctrl(&a, SLOT);
	if (ims_array_update_ctrl(a.dom, SLOT, 1, 0) == -EINVAL &&
	    ims_array_update_ctrl(a.dom, SLOT, 0, 0x10100) == -EINVAL &&
	    ims_array_update_ctrl(a.dom, SLOTS, 0, 0) == -ENOENT &&
	    test_ctrl(&a, SLOT) == ctrl)
		line = 0;
out:
	test_array_free(&a);
	return line;
}

const struct test_case test_ctrl_cases[] = {
	CASE(own_bits_of_ctrl_are_changed_by_a_call),
	CASE(other_bits_of_ctrl_are_not),
	{ }
};
