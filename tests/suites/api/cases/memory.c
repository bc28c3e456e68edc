// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is another array's, that keeps nothing, or that is in two places:
 * what a driver gets that has the wrong BAR or the wrong offset.
 */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/vmalloc.h>

#include "suite.h"

/* Registers of edu: what it is, which cannot be written, and those of its DMA */
#define EDU_ID		0x00
#define EDU_DMA		0x80

/*
 * A slot among edu's registers: source, target and length of a DMA that nobody
 * starts. The next one would be in a hole.
 */
static const struct ims_layout edu_layout = {
	.stride = 0x20, .address_lo = 0, .address_hi = IMS_NO_WORD, .data = 8,
	.ctrl = 16, .mask = IMS_MASK_SET, .mask_bit = BIT(0), .access = 4,
};

static int case_memory_of_another_array_is_refused(struct test_array *a)
{
	struct ims_window *window = &a->windows[0];
	struct ims_window whole = *window;

	EXPECT(test_error(dev, &a->info) == -EBUSY);
	test_window_at(a, window, SLOTS - 1, 1);
	EXPECT(test_error(dev, &a->info) == -EBUSY);
	window->base += 12;	/* its last word, and beyond */
	EXPECT(test_error(dev, &a->info) == -EBUSY);
	window->base += 4;
	EXPECT(!test_error(dev, &a->info));
	EXPECT(test_silent(a, 0) && test_silent(a, SLOTS - 1));

	EXPECT(!device_msi_remove_domain(a->dom));
	a->dom = NULL;
	*window = whole;
	EXPECT(!test_error(dev, &a->info));
	return 0;
}

/* Each has the other's slots reserved */
static int case_two_arrays_share_a_table(struct test_array *a)
{
	const struct device_msi_range low = { 0, 5 }, high = { 5, SLOTS - 5 };
	struct device_msi_domain *dom;
	int line = 0;

	a->info.nr_reserved = 1;
	a->info.reserved = &low;
	a->dom = ims_array_create_domain(dev, &a->info);
	EXPECT(!IS_ERR(a->dom));
	EXPECT(test_alloc(a, 5).virq > 0);
	EXPECT(test_error(dev, &a->info) == -EBUSY);
	a->info.reserved = &high;
	dom = ims_array_create_domain(dev, &a->info);
	EXPECT(!IS_ERR(dom));
	if (device_msi_alloc_irq(dom, dev, NULL).index != 0)
		line = __LINE__;
	EXPECT(!device_msi_remove_domain(dom));
	return line;
}

/* The addresses differ, and only the page tables know */
static int two_mappings(struct test_array *a, void __iomem *first,
			void __iomem *second)
{
	struct device_msi_domain *dom;
	long error;

	EXPECT(first && second && first != second);
	a->layout = edu_layout;
	a->windows[0].nr_slots = 1;
	a->windows[0].base = first + EDU_DMA;
	dom = ims_array_create_domain(dev, &a->info);
	EXPECT(!IS_ERR(dom));
	a->windows[0].base = second + EDU_DMA;
	error = test_error(dev, &a->info);
	device_msi_release_domain(dom);
	EXPECT(error == -EBUSY);
	EXPECT(!test_error(dev, &a->info));
	return 0;
}

static int case_memory_that_is_mapped_twice_is_the_same(struct test_array *a)
{
	resource_size_t start = pci_resource_start(to_pci_dev(dev), 0);
	void __iomem *first = ioremap(start, PAGE_SIZE);
	void __iomem *second = ioremap(start, PAGE_SIZE);
	int line = two_mappings(a, first, second);

	if (first)
		iounmap(first);
	if (second)
		iounmap(second);
	return line;
}

/* The driver goes, and comes again: what it left requested has no memory now */
static int case_abandoned_memory_can_be_used_again(struct test_array *a)
{
	struct msi_map map = test_alloc(a, 1);
	int line = 0;

	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	device_msi_release_domain(a->dom);
	a->dom = NULL;
	if (test_error(dev, &a->info))
		line = __LINE__;
	free_irq(map.virq, a);
	return line;
}

/* How creation fails at @base with a slot that is masked, or that is parked */
static int refused_at(struct test_array *a, void __iomem *base, long error)
{
	struct ims_layout layout = a->layout;
	int line = 0;

	a->windows[0].base = base;
	if (test_error(dev, &a->info) != error)
		line = __LINE__;
	a->layout.mask = IMS_MASK_NONE;
	a->layout.mask_bit = 0;
	a->layout.preserve = 0;
	if (test_error(dev, &a->info) != error)
		line = __LINE__;
	a->layout = layout;
	return line;
}

/* The kept words are edu's DMA registers, the one that is not is at 0x24 */
static int words_are_not_kept(struct test_array *a, void __iomem *bar)
{
	a->layout = edu_layout;
	a->layout.stride = 0x80;
	a->layout.address_lo = 0x60;
	a->layout.data = 0x68;
	a->layout.ctrl = 0x70;
	a->windows[0].base = bar + 0x20;
	EXPECT(!test_error(dev, &a->info));
	a->layout.data = 4;
	EXPECT(test_error(dev, &a->info) == -EIO);
	a->layout.data = 0x68;
	a->layout.ctrl = 4;
	EXPECT(test_error(dev, &a->info) == -EIO);
	return 0;
}

static int keeps_nothing(struct test_array *a, void __iomem *bar)
{
	EXPECT(bar);
	EXPECT(readl(bar + EDU_HOLE) == ~0U);
	a->windows[0].nr_slots = 1;
	TRY(refused_at(a, bar + EDU_ID, -EIO));
	a->layout = edu_layout;
	EXPECT(refused_at(a, bar + EDU_DMA, 0) == 0);
	/* The first slot is there, the last is not */
	a->windows[0].nr_slots = 2;
	TRY(refused_at(a, bar + EDU_DMA, -ENODEV));
	/* Nor is the second window */
	a->windows[0].nr_slots = 1;
	a->windows[1] = a->windows[0];
	a->windows[1].base = bar + EDU_HOLE;
	a->info.nr_windows = 2;
	TRY(refused_at(a, bar + EDU_DMA, -ENODEV));
	a->info.nr_windows = 1;
	return words_are_not_kept(a, bar);
}

static int gone_is_refused(struct test_array *a, void __iomem *hole)
{
	TRY(refused_at(a, hole, -ENODEV));
	a->layout.big_endian = true;
	TRY(refused_at(a, hole, -ENODEV));
	a->layout.access = 8;
	return refused_at(a, hole, -ENODEV);
}

static int with_bar(struct test_array *a,
		    int (*run)(struct test_array *a, void __iomem *bar))
{
	void __iomem *bar = pci_iomap(to_pci_dev(dev), 0, 0);
	int line = bar ? run(a, bar) : __LINE__;

	if (bar)
		pci_iounmap(to_pci_dev(dev), bar);
	return line;
}

static int case_memory_that_keeps_nothing_is_refused(struct test_array *a)
{
	return with_bar(a, keeps_nothing);
}

static int absent(struct test_array *a, void __iomem *bar)
{
	return gone_is_refused(a, bar + EDU_HOLE);
}

static int case_absent_device_is_refused(struct test_array *a)
{
	return with_bar(a, absent);
}

/* As a device that decodes fewer bits of an address than it is said to have slots */
static int case_slot_that_is_another_too_is_refused(struct test_array *a)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct page *pages[] = { page, page };
	void *twice;
	int line = __LINE__;

	EXPECT(page);
	twice = vmap(pages, ARRAY_SIZE(pages), VM_MAP, PAGE_KERNEL);
	if (twice) {
		a->windows[0].size = 2 * PAGE_SIZE;
		a->windows[0].nr_slots = 2 * PAGE_SIZE / a->layout.stride;
		line = refused_at(a, (void __iomem __force *)twice, -EIO);
		vunmap(twice);
	}
	__free_page(page);
	return line;
}

/* A window of one slot, by the layout that the array has just now */
static long error_at(struct test_array *a, unsigned int offset)
{
	a->windows[0].base = (void __iomem __force *)a->words + offset;
	a->windows[0].size = a->layout.stride;
	a->windows[0].nr_slots = 1;
	return test_error(dev, &a->info);
}

/*
 * The words of the first array are at 4, 20, 24, and 52, 68, 72. One access of the
 * second goes from 48 to 55; what is at 32 has nothing of the first.
 */
static int case_array_may_be_between_the_slots_of_another(struct test_array *a)
{
	const struct ims_layout standard = a->layout;

	a->layout = (struct ims_layout) {
		.stride = 48, .address_lo = 4, .address_hi = IMS_NO_WORD,
		.data = 20, .ctrl = 24, .access = 4,
		.mask = IMS_MASK_SET, .mask_bit = BIT(0),
	};
	a->windows[0].nr_slots = 2;
	a->dom = ims_array_create_domain(dev, &a->info);
	EXPECT(!IS_ERR(a->dom));
	a->layout = standard;
	a->layout.access = 8;
	EXPECT(!error_at(a, 32));
	EXPECT(error_at(a, 48) == -EBUSY);
	EXPECT(error_at(a, 0) == -EBUSY);
	EXPECT(!error_at(a, 80));
	return 0;
}

const struct test_case test_memory_cases[] = {
	CASE(memory_of_another_array_is_refused),
	CASE(two_arrays_share_a_table, .bare = true),
	CASE(memory_that_is_mapped_twice_is_the_same, .bare = true),
	CASE(abandoned_memory_can_be_used_again, .group = TEST_MISUSE),
	CASE(memory_that_keeps_nothing_is_refused, .bare = true),
	CASE(absent_device_is_refused, .bare = true),
	CASE(slot_that_is_another_too_is_refused, .bare = true),
	CASE(array_may_be_between_the_slots_of_another, .bare = true),
	{ }
};
