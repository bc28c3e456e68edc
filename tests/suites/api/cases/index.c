// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots behind an index register, as far as ordinary memory can be such a device: it
 * keeps what was written to the register last, and has a single slot.
 */
#include <linux/io.h>

#include "suite.h"

/* In the memory of the standard slots: the one place of the indexed, and the registers */
#define REGISTER	5
#define SECOND		3

#define JUNK		(TEST_JUNK * 0x01010101U)

static void behind_index(struct test_array *a, unsigned int nr_slots)
{
	struct ims_window *window = &a->windows[0];

	a->layout.indexed = true;
	a->layout.stride = 0;
	window->nr_slots = nr_slots;
	window->index = window->base + REGISTER * 16;
}

/* The first word of what would be a standard slot */
static u32 word_at(const struct test_array *a, unsigned int place)
{
	return readl((void __iomem __force *)a->words + place * 16);
}

static int case_register_has_the_number_in_its_window(struct test_array *a)
{
	struct ims_window *w = a->windows;

	behind_index(a, 1);
	w[1] = w[0];
	w[1].base += SECOND * 16;
	w[1].index += 16;
	a->info.nr_windows = 2;
	a->dom = ims_array_create_domain(dev, &a->info);
	EXPECT(!IS_ERR(a->dom));
	EXPECT(!word_at(a, REGISTER) && !word_at(a, REGISTER + 1));
	EXPECT(!word_at(a, 0) && !word_at(a, SECOND));
	/* Nothing else was written */
	EXPECT(word_at(a, 1) == JUNK && word_at(a, SECOND + 1) == JUNK);
	EXPECT(readl(w[0].index + 4) == JUNK);
	EXPECT(test_alloc(a, 1).virq > 0);
	EXPECT(test_error(dev, &a->info) == -EBUSY);
	/* Nor can an array without a register have slots at that place */
	a->layout.indexed = false;
	a->layout.stride = 16;
	w[0].index = NULL;
	a->info.nr_windows = 1;
	EXPECT(test_error(dev, &a->info) == -EBUSY);
	return 0;
}

static int case_register_that_is_ignored_is_noticed(struct test_array *a)
{
	behind_index(a, 2);
	EXPECT(test_error(dev, &a->info) == -EIO);
	return 0;
}

static int case_bad_registers_are_refused(struct test_array *a)
{
	struct ims_window *window = &a->windows[0];

	behind_index(a, 1);
	a->layout.stride = 16;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	a->layout.stride = 0;
	window->index = NULL;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	window->index = window->base + REGISTER * 16 + 2;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	window->index = window->base + 4;	/* a word of the slot */
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	window->index = window->base + 16;
	a->layout.indexed = false;
	a->layout.stride = 16;
	EXPECT(test_error(dev, &a->info) == -EINVAL);
	EXPECT(!memchr_inv(a->words, TEST_JUNK, window->size));
	return 0;
}

const struct test_case test_index_cases[] = {
	CASE(register_has_the_number_in_its_window, .bare = true),
	CASE(register_that_is_ignored_is_noticed, .bare = true),
	CASE(bad_registers_are_refused, .bare = true),
	{ }
};
