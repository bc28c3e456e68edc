// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a message waits, as irq_get_irqchip_state() says it. The test plays the
 * device: it sets the bits.
 */
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "suite.h"

#define SLOT		9U
#define WAITS		BIT(3)	/* TEST_JUNK has it, and nobody may keep that */

/* Slots of the first window, and of the second: more than any unit has bits for */
#define FIRST		5U
#define SECOND		80U
#define BITMAP_SIZE	PAGE_SIZE

static const struct ims_layout waits_layouts[] = {
	{ .stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
	  .ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(0),
	  .pending_bit = WAITS, .preserve = 0xf0, .access = 4 },
	{ .stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
	  .ctrl = 12, .mask = IMS_MASK_CLEAR, .mask_bit = BIT(31),
	  .pending_bit = WAITS, .access = 8, .big_endian = true },
	{ .stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
	  .ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(0),
	  .pending_bit = WAITS, .access = 4, .reread_ctrl = true },
};

static const struct ims_layout bitmap_layouts[] = {
	{ .stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
	  .ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(0), .access = 4,
	  .pending_bitmap = true },
	{ .stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
	  .ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(0), .access = 8,
	  .pending_bitmap = true },
	{ .stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
	  .ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(0), .access = 8,
	  .pending_bitmap = true, .big_endian = true },
};

static void device_changes(const struct test_array *a, u32 *word, u32 bits)
{
	*word ^= a->layout.big_endian ? (__force u32)cpu_to_be32(bits) :
					(__force u32)cpu_to_le32(bits);
}

static u32 *ctrl_of(const struct test_array *a)
{
	return a->words + SLOT * a->layout.stride + a->layout.ctrl;
}

static int ctrl_tells(const struct test_array *a, unsigned int virq)
{
	u32 was;
	int ret;

	EXPECT(test_waits(virq) == 0);
	disable_irq(virq);
	device_changes(a, ctrl_of(a), WAITS);
	EXPECT(test_waits(virq) == 1);
	/* The device sends, and clears it; the store does not write it as 1 */
	enable_irq(virq);
	EXPECT(!test_masked(a, SLOT) && !(test_ctrl(a, SLOT) & WAITS));
	EXPECT(test_waits(virq) == 0);
	/* Then the parent is asked, of which an ITS can raise the interrupt */
	ret = irq_set_irqchip_state(virq, IRQCHIP_STATE_PENDING, true);
	EXPECT(test_parent_is("GICv3 ITS") ? !ret : ret < 0);

	/* All ones are believed of a slot that is there */
	was = *ctrl_of(a);
	*ctrl_of(a) = ~0U;
	EXPECT(test_waits(virq) == 1);
	*ctrl_of(a) = was;
	return 0;
}

static int ones_are_not_pending(struct test_array *a, unsigned int virq)
{
	int ret;

	test_array_hide(a);
	ret = test_waits(virq);
	test_array_show(a);
	EXPECT(ret == 0);
	return 0;
}

static int pending_bit(struct test_array *a)
{
	struct msi_map map;
	int line;

	EXPECT(!(test_ctrl(a, SLOT) & WAITS));
	map = test_alloc(a, SLOT);
	EXPECT(map.virq > 0);
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	line = ctrl_tells(a, map.virq);
	line = line ?: ones_are_not_pending(a, map.virq);
	free_irq(map.virq, a);
	TRY(line);
	/* What came in while the slot was free is no reason to write it again */
	device_changes(a, ctrl_of(a), WAITS);
	EXPECT(!device_msi_free_irq(a->dom, dev, map));
	map = test_alloc(a, SLOT);
	EXPECT(map.virq > 0 && test_waits(map.virq) == 1);
	return 0;
}

static int case_a_pending_bit_of_ctrl_is_told(struct test_array *unused)
{
	struct test_array a;
	unsigned int i;
	int line = 0;

	for (i = 0; !line && i < ARRAY_SIZE(waits_layouts); i++) {
		pr_info("ims_test: pending bit %u\n", i);
		line = test_array_create(&a, &waits_layouts[i], SLOTS) ?
			__LINE__ : pending_bit(&a);
		if (!IS_ERR_OR_NULL(a.dom))
			device_msi_free_irqs(a.dom, dev);
		test_array_free(&a);
	}
	return line;
}

/* Each slot's bit, wherever its unit is, and none of the others */
static int bits_tell(const struct test_array *a, u32 *first, u32 *second)
{
	static const unsigned int slots[] = {
		0, 4, FIRST, FIRST + 31, FIRST + 32, FIRST + 63, FIRST + 64,
		FIRST + SECOND - 1,
	};
	struct msi_map maps[ARRAY_SIZE(slots)];
	unsigned int i, j, n;
	u32 *word;

	for (i = 0; i < ARRAY_SIZE(slots); i++) {
		maps[i] = test_alloc(a, slots[i]);
		EXPECT(maps[i].virq > 0);
	}
	for (i = 0; i < ARRAY_SIZE(slots); i++) {
		n = slots[i] < FIRST ? slots[i] : slots[i] - FIRST;
		word = (slots[i] < FIRST ? first : second) + n / 32;
		device_changes(a, word, BIT(n % 32));
		for (j = 0; j < ARRAY_SIZE(slots); j++)
			EXPECT(test_waits(maps[j].virq) == (i == j));
		device_changes(a, word, BIT(n % 32));
	}
	EXPECT(!memchr_inv(first, 0, BITMAP_SIZE));
	EXPECT(!memchr_inv(second, 0, BITMAP_SIZE));
	return 0;
}

static int bitmap_tells(struct test_array *a, u32 *first, u32 *second)
{
	int line;

	EXPECT(first && second);
	test_window_at(a, &a->windows[0], 0, FIRST);
	test_window_at(a, &a->windows[1], FIRST, SECOND);
	a->info.nr_windows = 2;
	a->windows[0].pending = (void __iomem __force *)first;
	a->windows[0].pending_size = a->layout.access;
	a->windows[1].pending = (void __iomem __force *)second;
	a->windows[1].pending_size = DIV_ROUND_UP(SECOND, a->layout.access * 8) *
				     a->layout.access;
	a->dom = ims_array_create_domain(dev, &a->info);
	EXPECT(!IS_ERR(a->dom));
	line = bits_tell(a, first, second);
	device_msi_free_irqs(a->dom, dev);
	TRY(line);
	a->windows[1].pending_size--;
	EXPECT(!device_msi_remove_domain(a->dom));
	a->dom = NULL;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	a->windows[1].pending = NULL;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	a->windows[1].pending = a->windows[0].pending + 2;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	a->layout.pending_bitmap = false;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	return 0;
}

static int case_a_bitmap_of_pending_bits_is_told(struct test_array *unused)
{
	struct test_array a;
	void *first = vzalloc(BITMAP_SIZE), *second = vzalloc(BITMAP_SIZE);
	unsigned int i;
	int line = 0;

	for (i = 0; !line && i < ARRAY_SIZE(bitmap_layouts); i++) {
		pr_info("ims_test: pending bitmap %u\n", i);
		line = test_array_prepare(&a, &bitmap_layouts[i],
					  FIRST + SECOND) ?
			__LINE__ : bitmap_tells(&a, first, second);
		test_array_free(&a);
	}
	vfree(first);
	vfree(second);
	return line;
}

/* The standard slot says nothing of it */
static int case_no_pending_bit_is_an_error(struct test_array *a)
{
	struct msi_map map = test_alloc(a, SLOT);

	EXPECT(map.virq > 0);
	EXPECT(test_waits(map.virq) < 0);
	return 0;
}

const struct test_case test_pending_cases[] = {
	CASE(a_pending_bit_of_ctrl_is_told, .cannot_run = TEST_CANNOT_HIDE),
	CASE(a_bitmap_of_pending_bits_is_told),
	CASE(no_pending_bit_is_an_error),
	{ }
};
