// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which array owns which words of device memory? Two slots that share a word overwrite
 * each other's messages, whether they are in one array, in two, or one of them is an
 * entry of the kernel's MSI-X table.
 *
 * Arrays may be interleaved as long as no word is in two slots. What an array covers is
 * therefore not a range but, for each unit of a slot, a series of units at equal
 * distances: an extent.
 */
#include "array.h"

#include <linux/device.h>
#include <linux/gcd.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>

/**
 * struct ims_extent - The same unit of each of several consecutive slots
 * @at:		address of the first unit, in the address space that is compared
 * @virt:	its virtual address
 * @phys:	its physical address; 0 if that is unknown
 * @stride:	bytes from one unit to the next
 * @size:	bytes of a unit
 * @nr:		number of units
 * @window:	the window of the array that has these slots
 * @owner:	the array, while extents of several are compared; NULL for the one that
 *		is being created
 */
struct ims_extent {
	u64			at;
	u64			virt;
	u64			phys;
	u32			stride;
	u32			size;
	unsigned int		nr;
	unsigned int		window;
	const struct ims_array	*owner;
};

static LIST_HEAD(ims_arrays);		/* the arrays that have claimed their memory */
static DEFINE_MUTEX(ims_arrays_lock);

static u64 ims_extent_length(const struct ims_extent *extent)
{
	return (extent->nr - 1) * (u64)extent->stride + extent->size;
}

/* Ordinary memory, such as that of a test, may be contiguous in virtual addresses only */
static void ims_extent_locate(struct ims_extent *extent,
			      const void __iomem *first)
{
	u64 more = ims_extent_length(extent) - 1;

	extent->virt = (unsigned long)first;
	extent->phys = device_msi_phys(first);
	if (device_msi_phys(first + more) != extent->phys + more)
		extent->phys = 0;
}

/* Is a byte in both extents? @b does not begin before @a */
static bool ims_extents_collide(const struct ims_extent *a,
				const struct ims_extent *b)
{
	u64 offset = b->at - a->at, element;
	u32 period = gcd(a->stride, b->stride);
	u32 apart = do_div(offset, period);
	unsigned int i;

	/* No unit of one is nearer to a unit of the other than this, however many there are */
	if (apart >= a->size && period - apart >= b->size)
		return false;
	for (i = 0; i < b->nr; i++) {
		cond_resched();
		offset = b->at - a->at + i * (u64)b->stride;
		element = min_t(u64, div_u64(offset, a->stride), a->nr - 1);
		if (offset < element * a->stride + a->size)
			return true;
		if (element < a->nr - 1 &&
		    offset + b->size > (element + 1) * a->stride)
			return true;
	}
	return false;
}

/* Append an extent like @extent, from @first on. Return: the number of extents then */
static unsigned int ims_memory_add(struct ims_extent *extents, unsigned int nr,
				   const struct ims_extent *extent,
				   const void __iomem *first)
{
	if (extents) {
		extents[nr] = *extent;
		ims_extent_locate(&extents[nr], first);
	}
	return nr + 1;
}

/* Describe the mask bits of the slots @first to @end - 1 of a window */
static unsigned int ims_memory_add_bits(const struct ims_array *array,
					struct ims_extent *extents,
					unsigned int nr, struct ims_extent extent,
					unsigned int first, unsigned int end)
{
	const struct ims_array_window *window = &array->windows[extent.window];
	size_t begin = ims_array_bit_unit(array, window, first);
	size_t last = ims_array_bit_unit(array, window, end - 1);

	extent.stride = extent.size;
	extent.nr = (last - begin) / extent.size + 1;
	return ims_memory_add(extents, nr, &extent, window->mask + begin);
}

/* Describe @nr_slots consecutive slots, from @first on */
static unsigned int ims_memory_add_slots(const struct ims_array *array,
					 struct ims_extent *extents,
					 unsigned int nr,
					 struct ims_extent extent,
					 unsigned int first, unsigned int nr_slots)
{
	const struct ims_layout *layout = &array->layout;
	const void __iomem *slot = ims_array_slot(array, first);
	unsigned int unit;

	extent.nr = nr_slots;
	extent.stride = layout->stride ?: extent.size;
	for (unit = 0; unit < array->nr_units; unit++)
		nr = ims_memory_add(extents, nr, &extent,
				    slot + array->units[unit]);
	if (layout->pasid_apart)
		nr = ims_memory_add(extents, nr, &extent, slot +
				    ims_array_unit(layout, layout->pasid_word));
	/* Else the unit of ctrl is one of those that a message is written to */
	if (ims_layout_has_word(layout->ctrl) &&
	    !(array->ctrl_shared && layout->mask == IMS_MASK_NONE)) {
		extent.stride = array->ctrl_stride ?: extent.size;
		nr = ims_memory_add(extents, nr, &extent,
				    ims_array_ctrl(array, first));
	}
	return nr;
}

/* Describe an index register, and the one place where its slots are */
static unsigned int ims_memory_add_index(const struct ims_array *array,
					 struct ims_extent *extents,
					 unsigned int nr,
					 struct ims_extent extent)
{
	const struct ims_array_window *window = &array->windows[extent.window];

	nr = ims_memory_add_slots(array, extents, nr, extent, window->first, 1);
	extent.nr = 1;
	extent.size = sizeof(u32);
	extent.stride = sizeof(u32);
	return ims_memory_add(extents, nr, &extent, window->index);
}

/* Describe what a window has. Return: the number of extents then */
static unsigned int ims_memory_add_window(const struct ims_array *array,
					  struct ims_extent *extents,
					  unsigned int nr, unsigned int window)
{
	struct ims_extent extent = {
		.window = window, .size = array->layout.access,
	};
	unsigned int first, end = array->windows[window].first;

	if (array->index)
		nr = ims_memory_add_index(array, extents, nr, extent);
	while (ims_array_next_run(array, window, &first, &end)) {
		if (!array->index)
			nr = ims_memory_add_slots(array, extents, nr, extent,
						  first, end - first);
		if (array->bitmap)
			nr = ims_memory_add_bits(array, extents, nr, extent,
						 first, end);
		cond_resched();
	}
	return nr;
}

/* Describe all that an array accesses, or, without @extents, only count the extents */
static unsigned int ims_memory_describe(const struct ims_array *array,
					struct ims_extent *extents)
{
	unsigned int i, nr = 0;

	for (i = 0; i < array->nr_windows; i++)
		nr = ims_memory_add_window(array, extents, nr, i);
	return nr;
}

static int ims_extent_compare(const void *a, const void *b)
{
	const struct ims_extent *first = a, *second = b;

	cond_resched();	/* sort() of many extents has no scheduling point */
	return first->at < second->at ? -1 : first->at > second->at;
}

static int ims_memory_refuse(const struct ims_array *array,
			     const struct ims_extent *a,
			     const struct ims_extent *b)
{
	const struct ims_extent *mine = a->owner ? b : a;
	const struct ims_extent *other = a->owner ? a : b;
	bool one_place = array->index || (other->owner && other->owner->index);

	if (!other->owner) {
		dev_err(array->dev, "memory of window %u overlaps that of window %u; no word may be in two slots\n",
			a->window, b->window);
		return -EINVAL;
	}
	dev_err(array->dev, "slots of window %u are those of an array of %s already; remove that domain first%s\n",
		mine->window, dev_name(other->owner->dev), one_place ? "" :
		", or set the slots aside in one of the two");
	return -EBUSY;
}

/* Extents of two arrays that exist already were compared when the later was created */
static int ims_memory_compare(const struct ims_array *array,
			      struct ims_extent *extents, unsigned int nr)
{
	unsigned int i, j;
	u64 end;

	sort(extents, nr, sizeof(*extents), ims_extent_compare, NULL);
	for (i = 0; i < nr; i++) {
		cond_resched();
		end = extents[i].at + ims_extent_length(&extents[i]);
		for (j = i + 1; j < nr && extents[j].at < end; j++) {
			cond_resched();
			if (extents[i].owner && extents[j].owner)
				continue;
			if (ims_extents_collide(&extents[i], &extents[j]))
				return ims_memory_refuse(array, &extents[i],
							 &extents[j]);
		}
	}
	return 0;
}

/* Copy the extents that have an address in the address space to be compared */
static unsigned int ims_memory_copy(struct ims_extent *to,
				    const struct ims_array *array,
				    const struct ims_array *owner, bool phys)
{
	const struct ims_extent *from = array->extents;
	unsigned int i, nr = 0;

	for (i = 0; i < array->nr_extents; i++, from++) {
		cond_resched();
		if (phys && !from->phys)
			continue;
		to[nr] = *from;
		to[nr].at = phys ? from->phys : from->virt;
		to[nr++].owner = owner;
	}
	return nr;
}

static int ims_memory_check(const struct ims_array *array, bool phys)
{
	unsigned int nr = array->nr_extents;
	const struct ims_array *other;
	struct ims_extent *extents;
	int ret;

	list_for_each_entry(other, &ims_arrays, node) {
		nr += other->nr_extents;
		cond_resched();
	}
	extents = kvmalloc_array(nr, sizeof(*extents), GFP_KERNEL);
	if (!extents)
		return -ENOMEM;
	nr = ims_memory_copy(extents, array, NULL, phys);
	list_for_each_entry(other, &ims_arrays, node)
		nr += ims_memory_copy(extents + nr, other, other, phys);
	ret = ims_memory_compare(array, extents, nr);
	kvfree(extents);
	return ret;
}

/**
 * ims_memory_claim() - Refuse the memory of an array to other arrays
 * @array:	the array; its memory is not accessed
 *
 * The claim lasts until ims_memory_release(). Two mappings of the same memory are
 * recognised where device_msi_phys() knows physical addresses; elsewhere arrays in
 * different mappings are not compared.
 *
 * Return: 0; -EINVAL if a word is in two slots; -EBUSY if one is in another array;
 * or -ENOMEM. The reason is in the kernel log.
 */
int ims_memory_claim(struct ims_array *array)
{
	int ret;

	array->nr_extents = ims_memory_describe(array, NULL);
	if (!array->nr_extents)
		return 0;	/* every slot is reserved */
	array->extents = kvcalloc(array->nr_extents, sizeof(*array->extents),
				  GFP_KERNEL);
	if (!array->extents)
		return -ENOMEM;
	ims_memory_describe(array, array->extents);

	mutex_lock(&ims_arrays_lock);
	ret = ims_memory_check(array, false);
	if (!ret)
		ret = ims_memory_check(array, true);
	if (!ret)
		list_add(&array->node, &ims_arrays);
	mutex_unlock(&ims_arrays_lock);
	return ret;
}

/**
 * ims_memory_release() - Let other arrays claim the memory of an array
 * @array:	the array, which no longer accesses its memory; may be called twice
 */
void ims_memory_release(struct ims_array *array)
{
	mutex_lock(&ims_arrays_lock);
	list_del_init(&array->node);
	mutex_unlock(&ims_arrays_lock);
	kvfree(array->extents);
	array->extents = NULL;
	array->nr_extents = 0;
}

/**
 * ims_memory_covers() - Does an array access some of these bytes?
 * @array:	the array, which has claimed its memory
 * @start:	physical address of the first byte
 * @size:	number of bytes
 *
 * Context: Process context, may sleep.
 * Return: true if it does; false also for memory whose physical address is unknown.
 */
bool ims_memory_covers(const struct ims_array *array, u64 start, u32 size)
{
	struct ims_extent bytes = {
		.at = start, .stride = size, .size = size, .nr = 1,
	};
	struct ims_extent mine;
	unsigned int i;

	for (i = 0; i < array->nr_extents; i++) {
		cond_resched();
		mine = array->extents[i];
		mine.at = mine.phys;
		if (!mine.at || mine.at >= start + size ||
		    start >= mine.at + ims_extent_length(&mine))
			continue;
		if (mine.at <= start ? ims_extents_collide(&mine, &bytes) :
				       ims_extents_collide(&bytes, &mine))
			return true;
	}
	return false;
}
