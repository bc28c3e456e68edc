// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of a slot, wherever they lie: what to write into a unit, and what
 * has been read.
 */
#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/string.h>

#include "array.h"

/* A word's part of a unit, or nothing if it lies elsewhere or is not there */
static u64 ims_array_place(const struct ims_array *array, u16 unit, u16 offset,
			   u32 word)
{
	unsigned int at = offset - unit;

	if (at > array->layout.access - IMS_WORD)
		return 0;
	return (u64)word << (at * BITS_PER_BYTE);
}

/* The words of a message that lie in a unit of the slot */
u64 ims_array_msg_unit(const struct ims_array *array, u16 unit,
		       const struct msi_msg *msg)
{
	const struct ims_layout *layout = &array->layout;

	return ims_array_place(array, unit, layout->address_lo,
			       msg->address_lo) |
	       ims_array_place(array, unit, layout->address_hi,
			       msg->address_hi) |
	       ims_array_place(array, unit, layout->data, msg->data);
}

u64 ims_array_ctrl_value(const struct ims_array *array, u32 ctrl)
{
	return ims_array_place(array, array->ctrl_unit, array->layout.ctrl,
			       ctrl);
}

u32 ims_array_ctrl_word(const struct ims_array *array, u64 unit)
{
	return unit >> (array->layout.ctrl - array->ctrl_unit) * BITS_PER_BYTE;
}

u32 ims_array_read_word(const struct ims_array *array, unsigned int index,
			u16 offset)
{
	u16 unit = ims_array_unit(&array->layout, offset);

	return ims_array_read(array, ims_array_slot(array, index) + unit) >>
	       (offset - unit) * BITS_PER_BYTE;
}

u32 ims_array_read_ctrl(const struct ims_array *array, unsigned int index)
{
	return ims_array_ctrl_word(array,
				   ims_array_read(array,
						  ims_array_ctrl(array,
								 index)));
}

bool ims_array_is_reserved(const struct ims_array *array, unsigned int index)
{
	return array->reserved && test_bit(index, array->reserved);
}

/*
 * A PCI read that nobody answers returns all ones. Any word may hold that while
 * it is not ours, and some ctrl words later, but never an address_lo that was
 * written: a message goes to an address that is aligned.
 */
int ims_array_gone(struct device *dev, unsigned int index)
{
	dev_err(dev,
		"IMS array: slot %u reads as all ones; is the device gone, in reset, or its memory disabled?\n",
		index);
	return -ENODEV;
}

/* A word that the slot does not have reads as 0 */
int ims_array_read_slot(const struct ims_array *array, unsigned int index,
			struct device_msi_slot *slot)
{
	const struct ims_layout *layout = &array->layout;
	u32 all;

	memset(slot, 0, sizeof(*slot));
	slot->msg.address_lo = ims_array_read_word(array, index,
						   layout->address_lo);
	slot->msg.data = ims_array_read_word(array, index, layout->data);
	all = slot->msg.address_lo & slot->msg.data;
	if (ims_layout_has_word(layout->address_hi)) {
		slot->msg.address_hi = ims_array_read_word(array, index,
							   layout->address_hi);
		all &= slot->msg.address_hi;
	}
	if (ims_layout_has_word(layout->ctrl)) {
		slot->ctrl = ims_array_read_ctrl(array, index);
		slot->masked = ims_layout_is_masked(layout, slot->ctrl);
		all &= slot->ctrl;
	}
	return all == ~0U ? ims_array_gone(array->dev, index) : 0;
}

/* ctrl with the sideband that the slot is to have */
int ims_array_try_sideband(const struct device_msi_desc *desc, u32 *ctrl)
{
	const struct ims_array *array = desc->store;
	int ret = ims_layout_sideband(&array->layout, &desc->sideband, ctrl);

	if (ret == -EOPNOTSUPP)
		dev_err(array->dev, "IMS array: slot %u has no place for %s\n",
			desc->index,
			desc->sideband.type == DEVICE_MSI_SIDEBAND_PASID ?
			"a PASID" : "a raw sideband");
	else if (ret)
		dev_err(array->dev,
			"IMS array: slot %u takes 0x%llx only with no bits outside of 0x%x\n",
			desc->index, desc->sideband.value, array->layout.raw);
	return ret;
}
