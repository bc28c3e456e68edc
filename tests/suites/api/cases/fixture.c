// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arrays in ordinary memory, and what the device would find there: read word by
 * word, with nothing of the store's own code.
 */
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "doorbell.h"
#include "suite.h"

struct device *dev;

/**
 * test_array_prepare() - Make the memory of an array, and describe it
 * @array:	to be filled in
 * @layout:	of its slots
 * @nr_slots:	how many
 *
 * Return: 0 or a negative errno; test_array_free() is due in any case.
 */
int test_array_prepare(struct test_array *array,
		       const struct ims_layout *layout, unsigned int nr_slots)
{
	struct ims_window *window = &array->windows[0];

	memset(array, 0, sizeof(*array));
	array->layout = *layout;
	array->info.layout = &array->layout;
	array->info.windows = array->windows;
	array->info.nr_windows = 1;

	window->nr_slots = nr_slots;
	window->size = nr_slots * layout->stride;
	window->ctrl_size = nr_slots * layout->ctrl_stride;
	array->words = vmalloc(window->size);
	if (!array->words)
		return -ENOMEM;
	memset(array->words, TEST_JUNK, window->size);
	window->base = (void __iomem __force *)array->words;
	if (layout->mask_bitmap) {
		window->mask_size = ALIGN(DIV_ROUND_UP(nr_slots, 8), 8);
		array->masks = vmalloc(window->mask_size);
		if (!array->masks)
			return -ENOMEM;
		memset(array->masks, TEST_JUNK, window->mask_size);
		window->mask = (void __iomem __force *)array->masks;
	}
	if (!layout->ctrl_stride)
		return 0;
	array->ctrls = vmalloc(window->ctrl_size);
	if (!array->ctrls)
		return -ENOMEM;
	memset(array->ctrls, TEST_JUNK, window->ctrl_size);
	window->ctrl = (void __iomem __force *)array->ctrls;
	return 0;
}

int test_array_create(struct test_array *array,
		      const struct ims_layout *layout, unsigned int nr_slots)
{
	int ret = test_array_prepare(array, layout, nr_slots);

	if (ret)
		return ret;
	array->dom = ims_array_create_domain(dev, &array->info);
	return PTR_ERR_OR_ZERO(array->dom);
}

/* Return: what the removal of the domain returns, 0 if it has gone */
int test_array_free(struct test_array *array)
{
	int ret = 0;

	test_array_show(array);
	if (!IS_ERR_OR_NULL(array->dom))
		ret = device_msi_remove_domain(array->dom);
	vfree(array->words);
	vfree(array->ctrls);
	vfree(array->masks);
	return ret;
}

/* How creation fails, or 0 */
long test_error(struct device *on, const struct ims_array_info *info)
{
	struct device_msi_domain *dom = ims_array_create_domain(on, info);

	if (IS_ERR(dom))
		return PTR_ERR(dom);
	device_msi_release_domain(dom);
	return 0;
}

struct msi_map test_alloc(const struct test_array *array, unsigned int index)
{
	struct device_msi_req req = { .slots = test_slots(index) };

	return device_msi_alloc_irq(array->dom, dev, &req);
}

irqreturn_t test_handler(int irq, void *data)
{
	return IRQ_HANDLED;
}

/* Is the parent one whose name in the log begins so? */
bool test_parent_is(const char *name)
{
	struct device_msi_caps caps = {};

	return !device_msi_supported(dev, 0, &caps) &&
	       strstarts(caps.parent, name);
}

/* Does a message wait? Return: 1 or 0, or a negative errno */
int test_waits(unsigned int virq)
{
	bool pending;
	int ret = irq_get_irqchip_state(virq, IRQCHIP_STATE_PENDING, &pending);

	return ret ?: pending;
}

static u32 test_order(const struct test_array *array, const void *at)
{
	return array->layout.big_endian ? be32_to_cpup(at) : le32_to_cpup(at);
}

u32 test_word(const struct test_array *array, unsigned int index, u16 offset)
{
	return test_order(array,
			  array->words + index * array->layout.stride + offset);
}

u32 test_msg_data(const struct test_array *array, unsigned int index)
{
	u32 word = test_word(array, index, array->layout.data);
	u32 bits = array->layout.data_bits;

	return bits ? (word & bits) / (bits & -bits) : word;
}

/* Without the data, if that is in the same word */
u32 test_ctrl(const struct test_array *array, unsigned int index)
{
	const struct ims_layout *layout = &array->layout;

	if (!array->ctrls)
		return test_word(array, index, layout->ctrl) &
		       ~(layout->ctrl == layout->data ? layout->data_bits : 0);
	return test_order(array, array->ctrls + array->layout.ctrl +
				 index * array->layout.ctrl_stride);
}

/* Only of a slot with a mask bit */
bool test_masked(const struct test_array *array, unsigned int index)
{
	bool set;

	if (array->masks)
		set = test_order(array, array->masks + index / 32) &
		      BIT(index % 32);
	else
		set = test_ctrl(array, index) & array->layout.mask_bit;
	return set == (array->layout.mask == IMS_MASK_SET);
}

bool test_message(const struct test_array *array, unsigned int index,
		  u32 address_lo, u32 address_hi, u32 data)
{
	const struct ims_layout *layout = &array->layout;

	return test_word(array, index, layout->address_lo) == address_lo &&
	       (layout->address_hi == IMS_NO_WORD ||
		test_word(array, index, layout->address_hi) == address_hi) &&
	       test_msg_data(array, index) == data;
}

bool test_silent(const struct test_array *array, unsigned int index)
{
	return test_message(array, index, 0, 0, 0) && test_masked(array, index);
}

/* It holds a message */
bool test_live(const struct test_array *array, unsigned int index)
{
	return test_is_doorbell(test_word(array, index,
					  array->layout.address_lo));
}

/* No byte of the slot was written */
bool test_junk(const struct test_array *array, unsigned int index)
{
	const struct ims_layout *layout = &array->layout;

	if (array->ctrls &&
	    memchr_inv(array->ctrls + index * layout->ctrl_stride, TEST_JUNK,
		       layout->ctrl_stride))
		return false;
	return !memchr_inv(array->words + index * layout->stride, TEST_JUNK,
			   layout->stride);
}

/* So many slots in a row of the memory, whatever they are in a domain */
void test_window_at(const struct test_array *array, struct ims_window *window,
		    unsigned int first, unsigned int nr)
{
	memset(window, 0, sizeof(*window));
	window->base = (void __iomem __force *)array->words +
		       first * array->layout.stride;
	window->size = nr * array->layout.stride;
	window->nr_slots = nr;
}
