// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mask bits that are packed in words outside of the slots, one for each slot of a
 * window. A unit of them is of up to 64 slots, which are masked on different CPUs: it is
 * changed in a cache, under a lock, and written. Other slots' bits are written with
 * it as they were.
 */
#include "array.h"

#include <linux/device.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

/**
 * struct ims_bitmap - The mask bits of a store
 * @lock:	held while a unit is changed and written
 * @units:	what the device holds, window after window
 */
struct ims_bitmap {
	raw_spinlock_t	lock;
	u64		units[];
};

static size_t ims_bitmap_units(const struct ims_array *array,
			       const struct ims_array_window *window)
{
	return DIV_ROUND_UP(window->end - window->first,
			    ims_array_unit_bits(&array->layout));
}

static void __iomem *ims_bitmap_at(const struct ims_array *array,
				   unsigned int index)
{
	const struct ims_array_window *window = ims_array_window(array, index);

	return window->mask + ims_array_bit_unit(array, window, index);
}

static u64 *ims_bitmap_unit(const struct ims_array *array, unsigned int index)
{
	const struct ims_array_window *window = ims_array_window(array, index);

	return &array->bitmap->units[window->mask_unit +
				     ims_array_bit_unit(array, window, index) /
				     array->layout.access];
}

static u64 ims_bitmap_masked(const struct ims_array *array, unsigned int index,
			     u64 unit, bool masked)
{
	u64 bit = ims_array_bit(array, ims_array_window(array, index), index);

	return masked == (array->layout.mask == IMS_MASK_SET) ? unit | bit :
								unit & ~bit;
}

/* As far as this store knows */
bool ims_bitmap_is_masked(const struct ims_array *array, unsigned int index)
{
	u64 unit = READ_ONCE(*ims_bitmap_unit(array, index));

	return unit == ims_bitmap_masked(array, index, unit, true);
}

/* Mask or unmask a slot, by one write */
void ims_bitmap_change(const struct ims_array *array, unsigned int index,
		       bool masked)
{
	u64 *unit = ims_bitmap_unit(array, index);
	unsigned long flags;

	raw_spin_lock_irqsave(&array->bitmap->lock, flags);
	WRITE_ONCE(*unit, ims_bitmap_masked(array, index, *unit, masked));
	ims_array_write(array, ims_bitmap_at(array, index), *unit);
	raw_spin_unlock_irqrestore(&array->bitmap->lock, flags);
}

/* A read of all ones may have had no answer: believe it if a second one is the same */
static u64 ims_bitmap_learn(const struct ims_array *array, unsigned int index)
{
	void __iomem *at = ims_bitmap_at(array, index);
	u64 unit = ims_array_read(array, at);

	return (u32)unit == ~0U ? ims_array_read(array, at) : unit;
}

/*
 * Mask a slot, whatever the device holds. The device may have forgotten the other slots,
 * too: their bits become here what they are there, so that none of them is unmasked
 * before it has its message again.
 */
void ims_bitmap_silence(const struct ims_array *array, unsigned int index)
{
	u64 *unit = ims_bitmap_unit(array, index);
	unsigned long flags;
	u64 held;

	raw_spin_lock_irqsave(&array->bitmap->lock, flags);
	held = ims_bitmap_learn(array, index);
	WRITE_ONCE(*unit, ims_bitmap_masked(array, index, held, true));
	ims_array_write(array, ims_bitmap_at(array, index), *unit);
	raw_spin_unlock_irqrestore(&array->bitmap->lock, flags);
}

/**
 * ims_bitmap_read() - Read the word that has the mask bit of a slot
 * @array:	the array
 * @index:	the slot
 * @bit:	set to that bit
 *
 * Return: the word.
 */
u32 ims_bitmap_read(const struct ims_array *array, unsigned int index, u32 *bit)
{
	u64 unit = ims_array_read(array, ims_bitmap_at(array, index));

	return ims_array_bit_word(array, ims_array_window(array, index), index,
				  unit, bit);
}

/* Slots that are not the store's must not have their bits in words that it writes */
static int ims_bitmap_check_run(const struct ims_array *array,
				const struct ims_array_window *window,
				unsigned int first, unsigned int end)
{
	unsigned int bits = ims_array_unit_bits(&array->layout);

	if (!((first - window->first) % bits) &&
	    (end == window->end || !((end - window->first) % bits)))
		return 0;
	dev_err(array->dev, "slots %u to %u have their mask bits in words of reserved slots; reserve whole accesses of %u bits\n",
		first, end - 1, bits);
	return -EINVAL;
}

static int ims_bitmap_check_reserved(const struct ims_array *array)
{
	unsigned int i, first, end;
	int ret = 0;

	for (i = 0; !ret && i < array->nr_windows; i++) {
		end = array->windows[i].first;
		while (!ret && ims_array_next_run(array, i, &first, &end)) {
			ret = ims_bitmap_check_run(array, &array->windows[i],
						   first, end);
			cond_resched();
		}
	}
	return ret;
}

/**
 * ims_bitmap_create() - Make the cache of an array's mask bits
 * @array:	the array, with its windows and what is reserved
 *
 * The device is not accessed: ims_bitmap_silence() of each slot fills the cache.
 *
 * Return: 0; -ENOMEM; or -EINVAL, with the reason in the kernel log.
 */
int ims_bitmap_create(struct ims_array *array)
{
	struct ims_array_window *window;
	size_t nr = 0;
	unsigned int i;
	int ret;

	ret = ims_bitmap_check_reserved(array);
	if (ret)
		return ret;
	for (i = 0; i < array->nr_windows; i++) {
		window = &array->windows[i];
		window->mask_unit = nr;
		nr += ims_bitmap_units(array, window);
		cond_resched();
	}
	array->bitmap = kvzalloc(struct_size(array->bitmap, units, nr),
				 GFP_KERNEL);
	if (!array->bitmap)
		return -ENOMEM;
	raw_spin_lock_init(&array->bitmap->lock);
	return 0;
}

void ims_bitmap_destroy(struct ims_array *array)
{
	kvfree(array->bitmap);
	array->bitmap = NULL;
}
