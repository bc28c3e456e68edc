// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptions of arrays that cannot be: each is refused, with a line in the log
 * that ../guest/api looks for, and before the device's memory is touched.
 */
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/stddef.h>

#include "suite.h"

#define BAD_FIELDS	5

struct bad_field {
	size_t	offset;
	size_t	size;
	u32	value;
};

#define BAD(field, value)					\
	{ offsetof(struct ims_layout, field),			\
	  sizeof_field(struct ims_layout, field), value }

/* The layout of a standard slot, or of one with a PASID, but for some fields */
static const struct {
	const struct ims_layout	*layout;
	struct bad_field	fields[BAD_FIELDS];
	int			error;
} bad_layouts[] = {
	{ &ims_layout_standard, { BAD(stride, 12) } },
	{ &ims_layout_standard, { BAD(stride, 18) } },
	{ &ims_layout_standard, { BAD(address_lo, IMS_NO_WORD) } },
	{ &ims_layout_standard, { BAD(data, IMS_NO_WORD) } },
	{ &ims_layout_standard, { BAD(address_hi, 6) } },
	{ &ims_layout_standard, { BAD(data, 4) } },
	{ &ims_layout_standard, { BAD(ctrl, 8) } },
	{ &ims_layout_standard, { BAD(mask, 7) } },
	{ &ims_layout_standard, { BAD(mask, IMS_MASK_NONE) } },
	{ &ims_layout_standard, { BAD(mask, IMS_MASK_NONE), BAD(mask_bit, 0),
				  BAD(reread_ctrl, 1) } },
	{ &ims_layout_standard, { BAD(ctrl, IMS_NO_WORD) } },
	{ &ims_layout_standard, { BAD(mask_bit, 0) } },
	{ &ims_layout_standard, { BAD(mask_bit, 3) } },
	{ &ims_layout_standard, { BAD(preserve, ~0U) } },
	{ &ims_layout_standard, { BAD(mask, IMS_MASK_NONE), BAD(mask_bit, 0),
				  BAD(ctrl, IMS_NO_WORD) } },
	{ &ims_layout_standard, { BAD(raw, BIT(5)) } },
	{ &ims_layout_standard, { BAD(access, 0) } },
	{ &ims_layout_standard, { BAD(access, 2) } },
	{ &ims_layout_standard, { BAD(access, 16) } },
	{ &ims_layout_standard, { BAD(access, 8), BAD(stride, 20) } },
	{ &ims_layout_standard, { BAD(ctrl_stride, 4) } },
	{ &ims_layout_standard, { BAD(mask, IMS_MASK_NONE), BAD(mask_bit, 0),
				  BAD(ctrl, IMS_NO_WORD), BAD(preserve, 0),
				  BAD(ctrl_stride, 4) } },
	{ &ims_layout_standard, { BAD(mask, IMS_MASK_NONE), BAD(mask_bit, 0),
				  BAD(pending_bitmap, 1) } },
	{ &ims_layout_standard, { BAD(data_bits, 0x7f) } },
	{ &ims_layout_standard, { BAD(data_bits, 0xff00ff) } },
	{ &ims_layout_standard, { BAD(data_bits, 0xffff), BAD(ctrl, 8) } },
	{ &ims_layout_standard, { BAD(data_bits, 0xfffe), BAD(ctrl, 8),
				  BAD(preserve, 0), BAD(address_lo, 8) } },
	{ &ims_layout_standard, { BAD(mask_bitmap, 1) } },
	{ &ims_layout_standard, { BAD(drops_masked, 1), BAD(pending_bitmap, 1) } },
	{ &ims_layout_standard, { BAD(drops_masked, 1), BAD(reread_ctrl, 1) } },
	{ &ims_layout_standard, { BAD(drops_masked, 1), BAD(mask_bit, 0),
				  BAD(mask, IMS_MASK_NONE) } },
	{ &ims_layout_standard, { BAD(drops_masked, 1), BAD(mask_bit, 0),
				  BAD(mask_bitmap, 1) } },
	{ &ims_layout_standard, { BAD(mask_bitmap, 1), BAD(mask_bit, 0),
				  BAD(mask, IMS_MASK_NONE) } },
	{ &ims_layout_standard, { BAD(mask_bitmap, 1), BAD(mask_bit, 0),
				  BAD(reread_ctrl, 1) } },
	{ &ims_layout_pasid, { BAD(pending_bit, BIT(2)),
			       BAD(pending_bitmap, 1) } },
	{ &ims_layout_pasid, { BAD(pending_bit, 6) } },
	{ &ims_layout_pasid, { BAD(pending_bit, BIT(0)) } },
	{ &ims_layout_pasid, { BAD(pasid_shift, 13) } },
	{ &ims_layout_pasid, { BAD(pasid_enable, 0x18) } },
	{ &ims_layout_pasid, { BAD(pasid_enable, 0) } },
	{ &ims_layout_pasid, { BAD(mask_bit, BIT(12)) } },
	{ &ims_layout_pasid, { BAD(pasid_enable, BIT(31)) } },
	{ &ims_layout_pasid, { BAD(raw, BIT(12)) } },
	{ &ims_layout_pasid, { BAD(pasid_apart, 1), BAD(pasid_word, 16) } },
	{ &ims_layout_pasid, { BAD(pasid_apart, 1), BAD(pasid_word, 8) } },
	{ &ims_layout_pasid, { BAD(pasid_apart, 1), BAD(pasid_word, 12) } },
	{ &ims_layout_pasid, { BAD(pasid_apart, 1), BAD(pasid_word, 16),
			       BAD(stride, 24), BAD(pasid_enable, BIT(12)) } },
	{ &ims_layout_pasid, { BAD(pasid_apart, 1), BAD(pasid_word, 16),
			       BAD(stride, 24), BAD(pasid_enable, 0) } },
	{ &ims_layout_pasid, { BAD(pasid_apart, 1), BAD(pasid_word, 4),
			       BAD(address_hi, IMS_NO_WORD), BAD(access, 8) } },
	{ &ims_layout_pasid, { BAD(pasid, 2) } },
	{ &ims_layout_pasid, { BAD(mask, IMS_MASK_NONE), BAD(mask_bit, 0),
			       BAD(pasid, IMS_PASID_TRAVELS) }, -EOPNOTSUPP },
	{ &ims_layout_pasid, { BAD(drops_masked, 1),
			       BAD(pasid, IMS_PASID_TRAVELS) }, -EOPNOTSUPP },
};

static void bad_layout(struct ims_layout *layout,
		       const struct bad_field *field)
{
	unsigned int i;

	for (i = 0; i < BAD_FIELDS; i++, field++)
		memcpy((void *)layout + field->offset, &field->value,
		       field->size);
}

static int case_bad_layouts_are_refused(struct test_array *a)
{
	struct ims_layout layout;
	unsigned int i;
	int error;

	a->info.layout = &layout;
	for (i = 0; i < ARRAY_SIZE(bad_layouts); i++) {
		layout = *bad_layouts[i].layout;
		EXPECT(!test_error(dev, &a->info));
	}
	memset(a->words, TEST_JUNK, a->windows[0].size);
	for (i = 0; i < ARRAY_SIZE(bad_layouts); i++) {
		layout = *bad_layouts[i].layout;
		bad_layout(&layout, bad_layouts[i].fields);
		error = bad_layouts[i].error ?: -EINVAL;
		pr_info("ims_test: bad layout %u\n", i);
		EXPECT(test_error(dev, &a->info) == error);
		EXPECT(!memchr_inv(a->words, TEST_JUNK, a->windows[0].size));
	}
	return 0;
}

static int case_bad_windows_are_refused(struct test_array *a)
{
	struct ims_window *window = &a->windows[0];
	struct ims_window good = *window;

	a->info.windows = NULL;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	a->info.windows = window;
	a->info.nr_windows = 0;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	a->info.nr_windows = 1;

	window->nr_slots = 0;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	window->nr_slots = SLOTS + 1;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	window->nr_slots = DEVICE_MSI_MAX_SLOTS + 1;
	window->size = SIZE_MAX;
	EXPECT(test_error(dev, &a->info) == -EINVAL);

	*window = good;
	window->size--;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	*window = good;
	window->base = NULL;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	window->base = good.base + 2;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	*window = good;
	window->ctrl = good.base;
	EXPECT(test_error(dev, &a->info) == -EINVAL);

	/* An access of 8 bytes wants as much */
	*window = good;
	a->layout.access = 8;
	window->base += 4;
	window->nr_slots--;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	return 0;
}

/* What ioremap() and devm_ioremap_resource() return, unchecked; and a port's cookie */
static int case_what_is_not_mapped_is_refused(struct test_array *a)
{
	struct ims_window *window = &a->windows[0];
	struct ims_window good = *window;

	window->base = IOMEM_ERR_PTR(-EBUSY);
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	window->base = (void __iomem __force *)0x10020;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	*window = good;
	a->layout.ctrl_stride = 16;
	window->ctrl_size = window->size;
	window->ctrl = IOMEM_ERR_PTR(-ENOMEM);
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	return 0;
}

/* Three windows of four slots; in the last case one begins within another */
static int case_overlapping_windows_are_refused(struct test_array *a)
{
	struct ims_window *w = a->windows;
	unsigned int i;

	a->info.nr_windows = 3;
	for (i = 0; i < 3; i++) {
		w[i] = w[0];
		w[i].nr_slots = 4;
		w[i].size = 4 * a->layout.stride;
	}
	w[0].base += 4 * a->layout.stride;
	w[2].base += 8 * a->layout.stride;
	EXPECT(!test_error(dev, &a->info));	/* 1, 0, 2: side by side */
	w[1].base += a->layout.stride;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	w[1].base = w[0].base;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	return 0;
}

/* Every second slot is the other window's; then it begins in the first's last word */
static int case_interleaved_windows_are_none(struct test_array *a)
{
	struct ims_window *w = a->windows;

	a->layout.stride = 32;
	a->info.nr_windows = 2;
	w[0].nr_slots = SLOTS / 2;
	w[0].size -= 16;
	w[1] = w[0];
	w[1].base += 16;
	EXPECT(!test_error(dev, &a->info));
	w[1].base -= 4;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	w[1].base += 4;
	a->layout.access = 8;
	EXPECT(!test_error(dev, &a->info));
	a->layout.stride = 24;
	w[0].nr_slots = 4;
	w[1].nr_slots = 4;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	return 0;
}

/*
 * In the words that the slots do not use, at distances of their own: of three words a
 * slot has the first and the third.
 */
static const struct {
	u32	ctrl;		/* from the beginning of the slots */
	u32	stride;
	u32	access;
	int	error;
} test_ctrls[] = {
	{ 4, 16, 4, 0 },
	{ 12, 16, 4, 0 },
	{ 0, 16, 4, -EINVAL },
	{ 8, 16, 4, -EINVAL },
	{ 4, 8, 4, 0 },
	{ 0, 8, 4, -EINVAL },
	{ 4, 12, 4, -EINVAL },	/* the second is the second slot's address */
	{ 12, 20, 4, -EINVAL },	/* the second is the third slot's address */
	{ 4, 32, 4, 0 },
	{ 8, 32, 4, -EINVAL },
	{ 8, 16, 8, -EINVAL },	/* with the data in one access */
};

static int case_ctrl_words_between_the_slots_are_none(struct test_array *a)
{
	struct ims_window *window = &a->windows[0];
	unsigned int i;

	a->layout.address_hi = IMS_NO_WORD;
	a->layout.ctrl = 0;
	window->nr_slots = 4;
	window->ctrl_size = window->size / 2;
	for (i = 0; i < ARRAY_SIZE(test_ctrls); i++) {
		pr_info("ims_test: ctrl words %u\n", i);
		window->ctrl = window->base + test_ctrls[i].ctrl;
		a->layout.ctrl_stride = test_ctrls[i].stride;
		a->layout.access = test_ctrls[i].access;
		EXPECT(test_error(dev, &a->info) == test_ctrls[i].error);
	}
	return 0;
}

static int case_bad_ctrl_words_are_refused(struct test_array *a)
{
	struct ims_window *window = &a->windows[0];
	struct ims_window good;

	a->layout.ctrl_stride = 4;
	a->layout.ctrl = 0;
	a->layout.preserve = 0;
	window->nr_slots = 8;
	window->size = 8 * a->layout.stride;
	window->ctrl = window->base + window->size;
	window->ctrl_size = 8 * a->layout.ctrl_stride;
	good = *window;
	EXPECT(!test_error(dev, &a->info));

	window->ctrl = NULL;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	window->ctrl = good.ctrl + 1;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	*window = good;
	window->ctrl_size--;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	*window = good;
	window->ctrl -= 8;	/* into the data of the last slot */
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	return 0;
}

static int case_bad_reserved_ranges_are_refused(struct test_array *a)
{
	struct device_msi_range range = { .first = SLOTS - 1, .nr = 1 };

	a->info.nr_reserved = 1;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	a->info.reserved = &range;
	EXPECT(!test_error(dev, &a->info));
	range.nr = 2;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	range.nr = 0;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	range.first = SLOTS;
	range.nr = 1;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	range.first = 1;
	range.nr = ~0U;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	return 0;
}

static int case_bad_flags_are_refused(struct test_array *a)
{
	a->info.flags = 0x100;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	a->info.flags = DEVICE_MSI_NEEDS_PASID;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	a->info.layout = &ims_layout_pasid;
	EXPECT(!test_error(dev, &a->info));
	return 0;
}

/* The standard slot if nobody says otherwise */
static int case_no_layout_is_the_standard_one(struct test_array *a)
{
	a->info.layout = NULL;
	memset(a->words, TEST_JUNK, a->windows[0].size);
	EXPECT(!test_error(dev, &a->info));
	EXPECT(test_silent(a, 0) && test_silent(a, SLOTS - 1));
	return 0;
}

/* No DMA, no place where a message could be parked */
static int case_parking_needs_dma(struct test_array *a)
{
	u64 mask = dev->coherent_dma_mask;
	long error, none;
	bool kept;

	a->layout.mask = IMS_MASK_NONE;
	a->layout.mask_bit = 0;
	dev->coherent_dma_mask = DMA_BIT_MASK(64);
	error = test_error(dev, &a->info);
	kept = dev->coherent_dma_mask == DMA_BIT_MASK(64);
	dev->coherent_dma_mask = 0;
	none = test_error(dev, &a->info);
	dev->coherent_dma_mask = mask;
	EXPECT(!error && kept);
	EXPECT(none == -EOPNOTSUPP);
	return 0;
}

const struct test_case test_refused_cases[] = {
	CASE(bad_layouts_are_refused, .bare = true),
	CASE(bad_windows_are_refused, .bare = true),
	CASE(what_is_not_mapped_is_refused, .bare = true),
	CASE(overlapping_windows_are_refused, .bare = true),
	CASE(interleaved_windows_are_none, .bare = true),
	CASE(bad_ctrl_words_are_refused, .bare = true),
	CASE(ctrl_words_between_the_slots_are_none, .bare = true),
	CASE(bad_reserved_ranges_are_refused, .bare = true),
	CASE(bad_flags_are_refused, .bare = true),
	CASE(no_layout_is_the_standard_one, .bare = true),
	CASE(parking_needs_dma, .bare = true),
	{ }
};
