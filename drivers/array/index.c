// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots that have one address together: the device has an index register, and at the
 * address is the slot whose number was written there last. The two accesses belong
 * together, also when an interrupt is masked on another CPU between them.
 */
#include "array.h"

#include <linux/slab.h>
#include <linux/spinlock.h>

/**
 * struct ims_index - The index registers of a store
 * @lock:	held from the write of a register to the access of the slot
 */
struct ims_index {
	raw_spinlock_t	lock;
};

/* Have the slot at its address. Both accesses go to one device, which sees them in order */
static void ims_index_select(const struct ims_array *array, unsigned int index)
{
	const struct ims_array_window *window = ims_array_window(array, index);

	writel(ims_layout_order(&array->layout, index - window->first),
	       window->index);
}

/**
 * ims_index_read() - Read a unit of a slot behind an index register
 * @array:	the array, whose layout is indexed
 * @index:	the slot
 * @at:		the address of the unit
 *
 * Context: Any.
 * Return: the unit.
 */
u64 ims_index_read(const struct ims_array *array, unsigned int index,
		   const void __iomem *at)
{
	unsigned long flags;
	u64 unit;

	raw_spin_lock_irqsave(&array->index->lock, flags);
	ims_index_select(array, index);
	unit = ims_array_read(array, at);
	raw_spin_unlock_irqrestore(&array->index->lock, flags);
	return unit;
}

/**
 * ims_index_write() - Write a unit of a slot behind an index register
 * @array:	the array, whose layout is indexed
 * @index:	the slot
 * @at:		the address of the unit
 * @unit:	what to write
 *
 * Context: Any.
 */
void ims_index_write(const struct ims_array *array, unsigned int index,
		     void __iomem *at, u64 unit)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&array->index->lock, flags);
	ims_index_select(array, index);
	ims_array_write(array, at, unit);
	raw_spin_unlock_irqrestore(&array->index->lock, flags);
}

/**
 * ims_index_create() - Make what an array needs for its index registers
 * @array:	the array, whose layout is indexed
 *
 * Return: 0 or -ENOMEM.
 */
int ims_index_create(struct ims_array *array)
{
	array->index = kzalloc(sizeof(*array->index), GFP_KERNEL);
	if (!array->index)
		return -ENOMEM;
	raw_spin_lock_init(&array->index->lock);
	return 0;
}

void ims_index_destroy(struct ims_array *array)
{
	kfree(array->index);
	array->index = NULL;
}
