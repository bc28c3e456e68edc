// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a driver wants next to a message, in the ctrl words of an array.
 */
#include "suite.h"

#define PASID_ENABLE	BIT(3)
#define BOTH	(DEVICE_MSI_SIDEBAND_RAW | DEVICE_MSI_SIDEBAND_PASID)

static const struct ims_layout test_raw = {
	.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8, .ctrl = 12,
	.mask = IMS_MASK_CLEAR, .mask_bit = BIT(0), .preserve = 0xf0000000,
	.raw = 0x00ffff00, .access = 8,
};

/* A PASID, bits of the device's, and some that stay as they are */
static const struct ims_layout test_both = {
	.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8, .ctrl = 12,
	.mask = IMS_MASK_SET, .mask_bit = BIT(0), .preserve = 0x6,
	.raw = 0xf0, .pasid_enable = PASID_ENABLE, .pasid_shift = 12,
	.pasid = IMS_PASID_TRAVELS, .access = 4,
};

/* A PASID in a word of its own; without ctrl, and without a mask bit */
static const struct ims_layout test_apart[] = {
	{ .stride = 24, .address_lo = 0, .address_hi = 4, .data = 8, .ctrl = 12,
	  .mask = IMS_MASK_SET, .mask_bit = BIT(0), .preserve = 0xf0,
	  .pasid_apart = true, .pasid_word = 20, .pasid_enable = BIT(31),
	  .pasid_shift = 4, .pasid = IMS_PASID_AUTHORISES, .access = 4 },
	{ .stride = 24, .address_lo = 8, .address_hi = 12, .data = 16,
	  .ctrl = IMS_NO_WORD, .mask = IMS_MASK_CLEAR, .mask_bitmap = true,
	  .pasid_apart = true, .pasid_word = 0, .pasid_enable = BIT(31),
	  .pasid_shift = 4, .access = 8, .big_endian = true },
	{ .stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
	  .ctrl = IMS_NO_WORD, .pasid_apart = true, .pasid_word = 12,
	  .pasid_enable = BIT(31), .pasid_shift = 4,
	  .pasid = IMS_PASID_AUTHORISES, .access = 4 },
};

static struct msi_map alloc_with(const struct test_array *a, u64 value,
				 u32 has)
{
	struct device_msi_req req = {
		.slots		= DEVICE_MSI_SLOT(4),
		.sideband	= { .raw = value, .pasid = value, .has = has },
	};

	return device_msi_alloc_irq(a->dom, dev, &req);
}

static int pasid_works(struct test_array *a)
{
	struct msi_map map = alloc_with(a, 0x12345, DEVICE_MSI_SIDEBAND_PASID);
	int line = 0;

	EXPECT(map.virq > 0);
	EXPECT(test_ctrl(a, 4) == (0x12345000 | PASID_ENABLE | 1));
	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	if (test_ctrl(a, 4) != (0x12345000 | PASID_ENABLE))
		line = __LINE__;
	if (device_msi_set_pasid(a->dom, dev, 4, 0xfffff) ||
	    test_ctrl(a, 4) != (0xfffff000 | PASID_ENABLE))
		line = __LINE__;
	memset(a->words, TEST_JUNK, a->windows[0].size);
	if (device_msi_restore(a->dom) ||
	    test_ctrl(a, 4) != (0xfffff000 | PASID_ENABLE) || !test_live(a, 4))
		line = __LINE__;
	if (device_msi_set_pasid(a->dom, dev, 4, 0) ||
	    test_ctrl(a, 4) != PASID_ENABLE)
		line = __LINE__;
	free_irq(map.virq, a);
	EXPECT(!line);
	EXPECT(test_ctrl(a, 4) == (PASID_ENABLE | 1));
	EXPECT(!device_msi_free_irq(a->dom, dev, map));
	EXPECT(test_ctrl(a, 4) == 1 && test_silent(a, 4));
	EXPECT(alloc_with(a, 1, DEVICE_MSI_SIDEBAND_RAW).index == -EOPNOTSUPP);
	EXPECT(test_ctrl(a, 4) == 1);
	return 0;
}

static u32 pasid_word(const struct test_array *a, unsigned int index)
{
	return test_word(a, index, a->layout.pasid_word);
}

static int pasid_apart_lives(struct test_array *a)
{
	EXPECT(test_live(a, 4) && pasid_word(a, 4) == (BIT(31) | 0x123450));
	EXPECT(!device_msi_set_pasid(a->dom, dev, 4, 0xfffff));
	EXPECT(test_live(a, 4) && pasid_word(a, 4) == (BIT(31) | 0xfffff0));
	memset(a->words, 0xa5, a->windows[0].size);
	EXPECT(!device_msi_restore(a->dom));
	EXPECT(test_live(a, 4) && pasid_word(a, 4) == (BIT(31) | 0xfffff0));
	EXPECT(pasid_word(a, 3) == 0 && pasid_word(a, 5) == 0);
	EXPECT(device_msi_verify(a->dom, false) == 0);
	return 0;
}

static int pasid_apart_works(struct test_array *a)
{
	struct device_msi_sideband none = {};
	struct msi_map map;
	int line;

	EXPECT(pasid_word(a, 4) == 0);
	map = alloc_with(a, 0x12345, DEVICE_MSI_SIDEBAND_PASID);
	EXPECT(map.virq > 0 && pasid_word(a, 4) == (BIT(31) | 0x123450));
	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	line = pasid_apart_lives(a);
	if (!line && (device_msi_set_sideband(a->dom, dev, 4, none) ||
		      pasid_word(a, 4)))
		line = __LINE__;
	if (!line && device_msi_set_pasid(a->dom, dev, 4, 1))
		line = __LINE__;
	free_irq(map.virq, a);
	EXPECT(!line);
	EXPECT(!device_msi_free_irq(a->dom, dev, map));
	EXPECT(pasid_word(a, 4) == 0);
	/* Bits of ctrl that there are none of do not touch the slot either */
	map = test_alloc(a, 4);
	EXPECT(map.virq > 0 && pasid_word(a, 4) == 0);
	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	line = ims_array_update_ctrl(a->dom, 4, 0, 0) || !test_live(a, 4);
	free_irq(map.virq, a);
	EXPECT(!line);
	return 0;
}

static int raw_works(struct test_array *a)
{
	struct device_msi_sideband sideband = {
		.has = DEVICE_MSI_SIDEBAND_RAW, .raw = 0xabcd00,
	};
	u32 kept = TEST_JUNK_WORD & 0xf0000000;
	struct msi_map map = test_alloc(a, 4);
	int line = 0;

	EXPECT(map.virq > 0);
	EXPECT(test_ctrl(a, 4) == kept);
	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	if (device_msi_set_sideband(a->dom, dev, 4, sideband) ||
	    test_ctrl(a, 4) != (kept | 0xabcd00 | 1) || !test_live(a, 4))
		line = __LINE__;
	sideband.raw = 1;
	if (device_msi_set_sideband(a->dom, dev, 4, sideband) != -EINVAL ||
	    test_ctrl(a, 4) != (kept | 0xabcd00 | 1))
		line = __LINE__;
	free_irq(map.virq, a);
	EXPECT(!line);
	EXPECT(device_msi_set_pasid(a->dom, dev, 4, 1) == -EOPNOTSUPP);
	EXPECT(!device_msi_free_irq(a->dom, dev, map));
	EXPECT(test_ctrl(a, 4) == kept && test_silent(a, 4));
	return 0;
}

/* ctrl of slot 4, unmasked, but for what is preserved */
static u32 ctrl_now(const struct test_array *a)
{
	return test_ctrl(a, 4) & ~0x7;
}

static int both_change(struct test_array *a)
{
	struct device_msi_sideband sideband = {
		.raw = 0x80, .pasid = 0x321, .has = BOTH,
	};

	EXPECT(ctrl_now(a) == 0x00050058);
	EXPECT(!device_msi_set_pasid(a->dom, dev, 4, 0x12345));
	EXPECT(ctrl_now(a) == 0x12345058);
	EXPECT(!device_msi_set_sideband(a->dom, dev, 4, sideband));
	EXPECT(ctrl_now(a) == 0x00321088 && test_live(a, 4));
	sideband.raw = 0x100;
	EXPECT(device_msi_set_sideband(a->dom, dev, 4, sideband) == -EINVAL);
	EXPECT(ctrl_now(a) == 0x00321088);
	sideband.has = DEVICE_MSI_SIDEBAND_PASID;
	EXPECT(!device_msi_set_sideband(a->dom, dev, 4, sideband));
	EXPECT(ctrl_now(a) == 0x00321008);
	sideband.raw = 0x30;
	sideband.has = DEVICE_MSI_SIDEBAND_RAW;
	EXPECT(!device_msi_set_sideband(a->dom, dev, 4, sideband));
	EXPECT(ctrl_now(a) == 0x30 && test_live(a, 4));
	return 0;
}

static int both_work(struct test_array *a)
{
	u32 kept = TEST_JUNK_WORD & 0x6;
	struct msi_map map;
	int line;

	map = alloc_with(a, 0x50, BOTH);
	EXPECT(map.virq > 0);
	EXPECT(test_ctrl(a, 4) == (0x00050058 | kept | 1));
	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	line = both_change(a);
	free_irq(map.virq, a);
	EXPECT(!line);
	EXPECT(!device_msi_free_irq(a->dom, dev, map));
	EXPECT(test_ctrl(a, 4) == (kept | 1) && test_silent(a, 4));
	return 0;
}

static int both_are_refused(struct test_array *a)
{
	EXPECT(alloc_with(a, 0, BOTH).index == -EOPNOTSUPP);
	return 0;
}

static int with_layout(const struct ims_layout *layout,
		       int (*run)(struct test_array *a))
{
	struct test_array a;
	int line;

	line = test_array_create(&a, layout, SLOTS) ? __LINE__ : run(&a);
	test_array_free(&a);
	return line;
}

static int case_pasid_goes_into_ctrl(struct test_array *a)
{
	return with_layout(&ims_layout_pasid, pasid_works);
}

static int case_pasid_goes_into_a_word_of_its_own(struct test_array *a)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(test_apart); i++) {
		pr_info("ims_test: PASID apart %u\n", i);
		TRY(with_layout(&test_apart[i], pasid_apart_works));
	}
	return 0;
}

static int case_raw_bits_go_into_ctrl(struct test_array *a)
{
	return with_layout(&test_raw, raw_works);
}

static int case_pasid_and_bits_go_into_ctrl(struct test_array *a)
{
	TRY(with_layout(&ims_layout_pasid, both_are_refused));
	TRY(with_layout(&test_raw, both_are_refused));
	return with_layout(&test_both, both_work);
}

static int case_no_sideband_in_a_standard_slot(struct test_array *a)
{
	EXPECT(alloc_with(a, 1, DEVICE_MSI_SIDEBAND_PASID).index ==
	       -EOPNOTSUPP);
	return 0;
}

static int case_request_without_a_needed_pasid_fails(struct test_array *unused)
{
	struct test_array a;
	struct msi_map map;
	int line = __LINE__;

	if (test_array_prepare(&a, &ims_layout_pasid, SLOTS))
		goto out;
	a.info.flags = DEVICE_MSI_NEEDS_PASID;
	a.dom = ims_array_create_domain(dev, &a.info);
	map = test_alloc(&a, 4);
	if (map.virq > 0 &&
	    request_irq(map.virq, test_handler, 0, "ims-test", &a) == -EINVAL)
		line = 0;
out:
	test_array_free(&a);
	return line;
}

const struct test_case test_sideband_cases[] = {
	CASE(pasid_goes_into_ctrl),
	CASE(pasid_goes_into_a_word_of_its_own),
	CASE(raw_bits_go_into_ctrl),
	CASE(pasid_and_bits_go_into_ctrl),
	CASE(no_sideband_in_a_standard_slot),
	CASE(request_without_a_needed_pasid_fails),
	{ }
};
