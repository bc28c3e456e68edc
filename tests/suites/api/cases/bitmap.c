// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mask bits of many slots in one word: what is done to one slot leaves the others'
 * bits as the device has them. layouts.c has what is the same in every layout.
 */
#include <linux/mm.h>

#include "suite.h"

#define NR_SLOTS	70U	/* in three words, and the last is not full */

static const struct ims_layout masks_layout = {
	.stride = 12, .address_lo = 0, .address_hi = 4, .data = 8,
	.ctrl = IMS_NO_WORD, .mask = IMS_MASK_SET, .mask_bitmap = true,
	.access = 4,
};

static struct msi_map alloc_requested(struct test_array *a, struct device *on,
				      unsigned int index)
{
	struct device_msi_req req = { .slots = DEVICE_MSI_SLOT(index) };
	struct msi_map map = device_msi_alloc_irq(a->dom, on, &req);

	if (map.virq <= 0)
		return map;
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	if (request_irq(map.virq, test_handler, 0, "ims-test", a))
		map.virq = 0;
	return map;
}

/* Which of the slots are not masked, and the bits beyond the last are as they were */
static bool only_unmasked(const struct test_array *a, const unsigned int *slots,
			  unsigned int nr)
{
	unsigned int i, j;
	bool listed;

	for (i = 0; i < NR_SLOTS; i++) {
		for (j = 0; j < nr && slots[j] != i; j++)
			;
		listed = j < nr;
		if (test_masked(a, i) == listed)
			return false;
	}
	return (a->masks[2] ^ TEST_JUNK_WORD) >> NR_SLOTS % 32 == 0;
}

static int bits_are_apart(struct test_array *a)
{
	static const unsigned int slots[] = { 31, 32, 33, 69 };
	struct msi_map maps[ARRAY_SIZE(slots)];
	unsigned int i;

	EXPECT(only_unmasked(a, NULL, 0));
	for (i = 0; i < ARRAY_SIZE(slots); i++) {
		maps[i] = alloc_requested(a, dev, slots[i]);
		EXPECT(maps[i].virq > 0 && only_unmasked(a, slots, i + 1));
	}
	EXPECT(device_msi_verify(a->dom, false) == 0);
	/* There is no ctrl, and what else is in the slot is not taken for it */
	EXPECT(!ims_array_update_ctrl(a->dom, slots[0], 0, 0));
	EXPECT(test_live(a, slots[0]));
	for (i = 0; i < ARRAY_SIZE(slots); i++) {
		disable_irq(maps[i].virq);
		EXPECT(only_unmasked(a, slots + i + 1, ARRAY_SIZE(slots) - i - 1));
	}
	for (i = 0; i < ARRAY_SIZE(slots); i++) {
		enable_irq(maps[i].virq);
		EXPECT(only_unmasked(a, slots, i + 1));
	}
	for (i = 0; i < ARRAY_SIZE(slots); i++) {
		free_irq(maps[i].virq, a);
		EXPECT(only_unmasked(a, slots + i + 1, ARRAY_SIZE(slots) - i - 1));
	}
	return 0;
}

/* After a reset all are masked; a slot without its message stays so */
static int others_wait_for_their_restore(struct test_array *a,
					 struct device *other)
{
	static const unsigned int slots[] = { 4, 5 };
	struct msi_map mine = alloc_requested(a, dev, slots[0]);
	struct msi_map others = alloc_requested(a, other, slots[1]);
	int line = 0;

	EXPECT(mine.virq > 0 && others.virq > 0);
	memset(a->words, 0, a->windows[0].size);
	memset(a->masks, 0xff, a->windows[0].mask_size);
	if (device_msi_restore_irqs(a->dom, dev) || !test_live(a, slots[0]))
		line = __LINE__;
	else if (test_masked(a, slots[0]) || !test_masked(a, slots[1]))
		line = __LINE__;
	/* The device says what it has, and only the other slot is wrong */
	else if (device_msi_verify(a->dom, false) != 1)
		line = __LINE__;
	else if (device_msi_restore(a->dom) || device_msi_verify(a->dom, false))
		line = __LINE__;
	else if (test_masked(a, slots[1]))
		line = __LINE__;
	free_irq(mine.virq, a);
	free_irq(others.virq, a);
	return line;
}

static int with_masks(struct test_array *a,
		      int (*run)(struct test_array *a, struct device *other))
{
	int line = test_array_create(a, &masks_layout, NR_SLOTS) ?
		   __LINE__ : run(a, dev->parent);

	if (!IS_ERR_OR_NULL(a->dom)) {
		device_msi_free_irqs(a->dom, dev);
		device_msi_free_irqs(a->dom, dev->parent);
	}
	test_array_free(a);
	return line;
}

static int run_apart(struct test_array *a, struct device *other)
{
	return bits_are_apart(a);
}

static int case_masks_in_a_word_are_apart(struct test_array *unused)
{
	struct test_array a;

	return with_masks(&a, run_apart);
}

static int case_restore_unmasks_no_other_slot(struct test_array *unused)
{
	struct test_array a;

	return with_masks(&a, others_wait_for_their_restore);
}

/* A word of mask bits is the store's, or it is not */
static int reserved_words(struct test_array *a)
{
	struct device_msi_range range = { 32, 32 };

	a->info.reserved = &range;
	a->info.nr_reserved = 1;
	a->dom = ims_array_create_domain(dev, &a->info);
	EXPECT(!IS_ERR(a->dom));
	EXPECT(a->masks[0] == ~0U && a->masks[1] == TEST_JUNK_WORD);
	/* Two windows with the same words */
	a->windows[1] = a->windows[0];
	EXPECT(test_error(dev, &a->info) == -EBUSY);
	device_msi_release_domain(a->dom);
	a->dom = NULL;
	range.first = 31;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	range.first = 32;
	range.nr = 31;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	range.nr = NR_SLOTS - 32;
	EXPECT(test_error(dev, &a->info) == 0);

	a->info.nr_reserved = 0;
	a->windows[0].mask = (void __iomem __force *)a->words;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	a->windows[0].mask = NULL;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	return 0;
}

static int case_words_of_mask_bits_are_not_shared(struct test_array *unused)
{
	struct test_array a;
	int line = test_array_prepare(&a, &masks_layout, NR_SLOTS) ?
		   __LINE__ : reserved_words(&a);

	test_array_free(&a);
	return line;
}

const struct test_case test_bitmap_cases[] = {
	CASE(masks_in_a_word_are_apart),
	CASE(restore_unmasks_no_other_slot),
	CASE(words_of_mask_bits_are_not_shared),
	{ }
};
