// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device finds in its memory, for one layout of each kind that has a
 * mask bit: the right words, at the right place, and nothing else.
 */
#include <linux/msi.h>
#include <ims/backend.h>

#include "suite.h"

/*
 * As nobody would build it, so that nothing is right by chance; and whether the store
 * masks such a slot itself, without asking the core
 */
static const struct test_layout {
	const char		*name;
	struct ims_layout	layout;
	bool			direct;
} test_layouts[] = {
	{ "standard", {
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(0),
		.preserve = ~(u32)BIT(0), .access = 4 }, true },
	{ "enable bit, other order, gaps", {
		.stride = 40, .ctrl = 4, .data = 8, .address_hi = 20,
		.address_lo = 28, .mask = IMS_MASK_CLEAR, .mask_bit = BIT(31),
		.preserve = 0x00f0, .access = 4 }, true },
	{ "no upper half", {
		.stride = 12, .address_lo = 8, .address_hi = IMS_NO_WORD,
		.data = 4, .ctrl = 0, .mask = IMS_MASK_SET, .mask_bit = BIT(7),
		.access = 4 }, true },
	{ "ctrl outside", {
		.stride = 12, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 4, .ctrl_stride = 12, .mask = IMS_MASK_CLEAR,
		.mask_bit = BIT(1), .preserve = 0xff00, .access = 4 }, true },
	{ "8 bytes: address, data and ctrl", {
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(0),
		.preserve = ~(u32)BIT(0), .access = 8 } },
	{ "8 bytes: ctrl and address_lo, data, address_hi", {
		.stride = 32, .ctrl = 0, .address_lo = 4, .data = 8,
		.address_hi = 20, .mask = IMS_MASK_CLEAR, .mask_bit = BIT(30),
		.access = 8 } },
	{ "8 bytes, ctrl outside", {
		.stride = 16, .address_lo = 8, .address_hi = 12, .data = 4,
		.ctrl = 12, .ctrl_stride = 24, .mask = IMS_MASK_SET,
		.mask_bit = BIT(16), .preserve = 1, .access = 8 } },
	{ "big endian", {
		.stride = 16, .address_lo = 4, .address_hi = 0, .data = 8,
		.ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(0),
		.preserve = 0xf0, .access = 4, .big_endian = true } },
	{ "big endian, 8 bytes", {
		.stride = 24, .address_lo = 4, .address_hi = 0, .data = 12,
		.ctrl = 16, .mask = IMS_MASK_CLEAR, .mask_bit = BIT(0),
		.preserve = 0xf0, .access = 8, .big_endian = true } },
	{ "data and enable bit in one word", {
		.stride = 12, .address_lo = 0, .address_hi = 4, .data = 8,
		.data_bits = 0x0000ffff, .ctrl = 8, .mask = IMS_MASK_CLEAR,
		.mask_bit = BIT(31), .preserve = 0x00f00000, .access = 4 },
		true },
	{ "8 bytes: address_lo, and mask bit and data, big endian", {
		.stride = 16, .address_lo = 4, .address_hi = 8, .data = 0,
		.data_bits = 0x00ffff00, .ctrl = 0, .mask = IMS_MASK_SET,
		.mask_bit = BIT(0), .preserve = 0xf0, .access = 8,
		.big_endian = true } },
	{ "mask bits in a bitmap, no ctrl", {
		.stride = 12, .address_lo = 4, .address_hi = 8, .data = 0,
		.ctrl = IMS_NO_WORD, .mask = IMS_MASK_SET, .mask_bitmap = true,
		.access = 4 } },
	{ "mask bits in a bitmap, 8 bytes: data and ctrl", {
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .mask = IMS_MASK_CLEAR, .mask_bitmap = true,
		.preserve = 0xf0, .access = 8, .big_endian = true } },
};

/* Bits of ctrl that nobody may change, and those that nobody has described */
static bool ctrl_kept(const struct test_array *a, unsigned int index)
{
	u32 ctrl;

	if (a->layout.ctrl == IMS_NO_WORD)
		return true;
	ctrl = test_ctrl(a, index) & ~a->layout.mask_bit;
	return ctrl == (TEST_JUNK_WORD & a->layout.preserve &
			~a->layout.mask_bit);
}

static bool in_unit(const struct ims_layout *layout, u16 word, size_t at)
{
	return word != IMS_NO_WORD &&
	       at / layout->access == word / layout->access;
}

/* Bytes of the slot that no access needs to touch are as they were */
static bool gaps_kept(const struct test_array *a, unsigned int index)
{
	const struct ims_layout *layout = &a->layout;
	const u8 *slot = a->words + index * layout->stride;
	u16 ctrl = layout->ctrl_stride ? IMS_NO_WORD : layout->ctrl;
	size_t at;

	for (at = 0; at < layout->stride; at++)
		if (slot[at] != TEST_JUNK &&
		    !in_unit(layout, layout->address_lo, at) &&
		    !in_unit(layout, layout->address_hi, at) &&
		    !in_unit(layout, layout->data, at) &&
		    !in_unit(layout, ctrl, at))
			return false;
	return true;
}

static int created(const struct test_array *a)
{
	unsigned int i;

	for (i = 0; i < SLOTS; i++)
		EXPECT(test_silent(a, i) && ctrl_kept(a, i) && gaps_kept(a, i));
	return 0;
}

/* An interrupt from request_irq() to free_irq(), masked and unmasked between */
static int lived(const struct test_array *a, int virq, unsigned int index)
{
	u32 lo, data;

	EXPECT(virq > 0);
	EXPECT(test_silent(a, index));
	EXPECT(!request_irq(virq, test_handler, 0, "ims-test", (void *)a));
	lo = test_word(a, index, a->layout.address_lo);
	data = test_msg_data(a, index);
	EXPECT(test_live(a, index) && !test_masked(a, index));
	EXPECT(device_msi_verify(a->dom, false) == 0);

	disable_irq(virq);
	EXPECT(test_masked(a, index));
	EXPECT(test_message(a, index, lo, 0, data));
	EXPECT(device_msi_verify(a->dom, false) == 0);
	enable_irq(virq);
	EXPECT(!test_masked(a, index));
	EXPECT(test_message(a, index, lo, 0, data));
	EXPECT(ctrl_kept(a, index) && gaps_kept(a, index));
	return 0;
}

/* The device has forgotten all, or was never told */
static int restored(const struct test_array *a, unsigned int index)
{
	u32 lo = test_word(a, index, a->layout.address_lo);
	u32 data = test_msg_data(a, index);

	memset(a->words, 0xa5, SLOTS * a->layout.stride);
	EXPECT(device_msi_verify(a->dom, false) == 1);
	EXPECT(device_msi_restore(a->dom) == 0);
	EXPECT(test_message(a, index, lo, 0, data));
	EXPECT(!test_masked(a, index) && ctrl_kept(a, index));
	EXPECT(device_msi_verify(a->dom, false) == 0);
	return 0;
}

/* And comes back ready to send, which the kernel does not want now */
static int restored_masked(const struct test_array *a, int virq,
			   unsigned int index)
{
	u32 lo = test_word(a, index, a->layout.address_lo);
	u32 data = test_msg_data(a, index);
	int unmasked = a->layout.mask == IMS_MASK_SET ? 0 : 0xff;

	disable_irq(virq);
	memset(a->words, unmasked, SLOTS * a->layout.stride);
	if (a->ctrls)
		memset(a->ctrls, unmasked, SLOTS * a->layout.ctrl_stride);
	if (a->masks)
		memset(a->masks, unmasked, a->windows[0].mask_size);
	EXPECT(device_msi_restore(a->dom) == 0);
	EXPECT(test_masked(a, index) && ctrl_kept(a, index));
	EXPECT(test_message(a, index, lo, 0, data));
	EXPECT(device_msi_verify(a->dom, false) == 0);
	enable_irq(virq);
	EXPECT(!test_masked(a, index));
	return 0;
}

static int neighbours_kept(const struct test_array *a, unsigned int index)
{
	EXPECT(test_silent(a, index - 1) && ctrl_kept(a, index - 1));
	EXPECT(test_silent(a, index + 1) && ctrl_kept(a, index + 1));
	return 0;
}

static int layout_works(const struct test_array *a, bool direct)
{
	struct msi_map map;
	int line;

	TRY(created(a));
	map = test_alloc(a, 9);
	EXPECT(map.virq > 0);
	EXPECT((irq_get_chip(map.virq)->irq_mask != device_msi_chip_mask) ==
	       direct);
	EXPECT((irq_get_chip(map.virq)->irq_unmask != device_msi_chip_unmask) ==
	       direct);
	/* Masked at once, not when the next one comes */
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	line = lived(a, map.virq, 9);
	line = line ?: neighbours_kept(a, 9);
	line = line ?: restored(a, 9);
	line = line ?: restored_masked(a, map.virq, 9);
	free_irq(map.virq, (void *)a);
	EXPECT(!line ? test_silent(a, 9) && ctrl_kept(a, 9) : true);
	EXPECT(!device_msi_free_irq(a->dom, dev, map));
	return line;
}

static int case_every_layout_is_written_as_described(struct test_array *unused)
{
	struct test_array a;
	unsigned int i;
	int line = 0;

	for (i = 0; !line && i < ARRAY_SIZE(test_layouts); i++) {
		pr_info("ims_test: layout: %s\n", test_layouts[i].name);
		line = test_array_create(&a, &test_layouts[i].layout, SLOTS) ?
			__LINE__ :
			layout_works(&a, test_layouts[i].direct);
		test_array_free(&a);
	}
	return line;
}

/* The bits of ctrl that are the device's are learnt when the slot is taken */
static int case_preserved_bits_are_learnt_anew(struct test_array *a)
{
	u32 *words = a->words;
	struct msi_map map;

	words[3] = 0xabcd0001;
	map = test_alloc(a, 0);
	EXPECT(map.virq > 0);
	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	free_irq(map.virq, a);
	EXPECT(words[3] == 0xabcd0001);
	return 0;
}

const struct test_case test_layout_cases[] = {
	CASE(every_layout_is_written_as_described),
	CASE(preserved_bits_are_learnt_anew),
	{ }
};
