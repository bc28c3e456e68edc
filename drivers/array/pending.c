// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a message wait for its slot to be unmasked? The device says so by a bit of ctrl,
 * or by one in a bitmap outside of the slots, as MSI-X has it. Both are only read: what
 * waits is the device's to know.
 */
#include "array.h"

/* The word of the bitmap that has the slot's bit, and that bit */
static u32 ims_pending_word(const struct ims_array *array, unsigned int index,
			    u32 *bit)
{
	const struct ims_array_window *window = ims_array_window(array, index);
	u64 unit = ims_array_read(array, window->pending +
				  ims_array_bit_unit(array, window, index));

	return ims_array_bit_word(array, window, index, unit, bit);
}

/**
 * ims_pending_get() - Does a message wait for the slot to be unmasked?
 * @desc:	the interrupt
 *
 * The read waits for the writes before it, such as one that masks. A device that is
 * gone has nothing that waits, although its bits read as ones.
 *
 * Context: The descriptor's raw lock held, interrupts off.
 * Return: true if one waits.
 */
bool ims_pending_get(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;
	u32 word, bit = array->layout.pending_bit;

	if (bit)
		word = ims_array_read_ctrl(array, desc->index);
	else
		word = ims_pending_word(array, desc->index, &bit);
	if (word == ~0U)
		return ims_array_read_word(array, desc->index,
					   array->layout.address_lo) != ~0U;
	return word & bit;
}
