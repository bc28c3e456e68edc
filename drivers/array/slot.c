// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of a slot, wherever they lie: what to write into a unit, and what
 * has been read.
 */
#include "array.h"

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/sched.h>
#include <linux/string.h>

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
	       ims_array_place(array, unit, layout->data,
			       ims_layout_data_word(layout, msg->data));
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

	return ims_slot_read(array, index,
			     ims_array_slot(array, index) + unit) >>
	       (offset - unit) * BITS_PER_BYTE;
}

u32 ims_array_read_ctrl(const struct ims_array *array, unsigned int index)
{
	void __iomem *at = ims_array_ctrl(array, index);

	return ims_array_ctrl_word(array, ims_slot_read(array, index, at));
}

/*
 * Read ctrl for the device's own bits, which the store writes back with each change. A
 * read that no device answers returns all ones: believe them if a second read does, too.
 */
u32 ims_array_learn_ctrl(const struct ims_array *array, unsigned int index)
{
	u32 ctrl = ims_array_read_ctrl(array, index);

	return ctrl == ~0U ? ims_array_read_ctrl(array, index) : ctrl;
}

bool ims_array_is_reserved(const struct ims_array *array, unsigned int index)
{
	return array->reserved && test_bit(index, array->reserved);
}

/*
 * The next slots in a row of a window that are not reserved, from @end on
 * (exclusive, so that the end of one run is where to look for the next)
 */
bool ims_array_next_run(const struct ims_array *array, unsigned int window,
			unsigned int *first, unsigned int *end)
{
	unsigned int stop = array->windows[window].end;

	*first = *end;
	*end = stop;
	if (!array->reserved)
		return *first < stop;
	*first = find_next_zero_bit(array->reserved, stop, *first);
	if (*first >= stop)
		return false;
	*end = find_next_bit(array->reserved, stop, *first);
	return true;
}

/* The first and the last slot of a window that are not reserved; how many: 0 to 2 */
unsigned int ims_array_ends(const struct ims_array *array, unsigned int window,
			    unsigned int slots[IMS_WINDOW_ENDS])
{
	unsigned int first, end = array->windows[window].first;

	if (!ims_array_next_run(array, window, &first, &end))
		return 0;
	slots[0] = first;
	do {
		slots[1] = end - 1;
		cond_resched();
	} while (ims_array_next_run(array, window, &first, &end));
	return slots[0] == slots[1] ? 1 : 2;
}

/*
 * When the device is gone, a restore fails here for each of its many thousand slots:
 * log it once in 5 seconds for each array.
 */
static int ims_array_report_gone(struct ims_array *array, unsigned int index)
{
	if (__ratelimit(&array->gone_limit))
		dev_err(array->dev,
			"slot %u reads as all ones; is the device gone, in reset, or its memory disabled? Call device_msi_restore() once it answers, or create the domain again\n",
			index);
	return -ENODEV;
}

static int ims_array_check_word(const struct ims_array *array,
				unsigned int index, const char *name,
				u32 written, u32 read)
{
	if (written == read)
		return 0;
	dev_err_ratelimited(array->dev,
			    "slot %u does not keep its message: 0x%08x was written to %s, 0x%08x is read; are BAR, offset and layout right?\n",
			    index, written, name, read);
	return -EIO;
}

/**
 * ims_array_check_kept() - Did a slot keep the address that was written to it?
 * @array:	the array
 * @index:	the slot
 * @address:	address_lo that was written
 * @was:	address_lo that was read
 *
 * A PCI read that nobody answers returns all ones. Any word may hold that while
 * it is not ours, and some ctrl words later, but never an address_lo that was
 * written: a message goes to an address that is aligned.
 *
 * Return: 0; -ENODEV if nobody answers; -EIO if something else does. The reason
 * is in the kernel log.
 */
int ims_array_check_kept(struct ims_array *array, unsigned int index,
			 u32 address, u32 was)
{
	if (was == ~0U)
		return ims_array_report_gone(array, index);
	return ims_array_check_word(array, index, "address_lo", address, was);
}

/* A word that the slot does not have reads as 0 */
int ims_array_read_slot(struct ims_array *array, unsigned int index,
			struct device_msi_slot *slot)
{
	const struct ims_layout *layout = &array->layout;
	u32 all, word, bit;

	memset(slot, 0, sizeof(*slot));
	slot->msg.address_lo = ims_array_read_word(array, index,
						   layout->address_lo);
	word = ims_array_read_word(array, index, layout->data);
	slot->msg.data = ims_layout_data(layout, word);
	all = slot->msg.address_lo & word;
	if (ims_layout_has_word(layout->address_hi)) {
		slot->msg.address_hi = ims_array_read_word(array, index,
							   layout->address_hi);
		all &= slot->msg.address_hi;
	}
	if (ims_layout_has_word(layout->ctrl)) {
		slot->ctrl = ims_array_read_ctrl(array, index);
		all &= slot->ctrl;
	}
	word = slot->ctrl;
	bit = layout->mask_bit;
	if (layout->mask_bitmap)
		word = ims_bitmap_read(array, index, &bit);
	slot->masked = ims_layout_bit_masks(layout, word, bit);
	return all == ~0U ? ims_array_report_gone(array, index) : 0;
}

/*
 * What every slot must keep: bits of an address that is aligned to 4 KiB, as those
 * of interrupts are, the lower half of the data, and the mask bit. Two slots get
 * different messages, so that memory in which one is the other is noticed. Should
 * such a message be sent in spite of the mask, it is on x86 to an APIC's spurious vector.
 * Elsewhere memory may be at that address, so that only the mask, and bus mastering that
 * is still off, keep it from harm.
 */
static const struct msi_msg ims_array_test_msgs[] = {
	{ .address_lo = 0xfee55000, .data = 0xff },
	{ .address_lo = 0xfeeaa000, .data = 0xff },
};

const struct msi_msg *ims_array_test_msg(unsigned int i)
{
	return &ims_array_test_msgs[i];
}

/*
 * Check by a read that a slot which was masked has kept the mask bit. All ones may be
 * what a masked slot holds. If they say that the slot is not masked, address_lo shows
 * whether the device has answered at all.
 */
int ims_array_check_masked(struct ims_array *array, unsigned int index)
{
	const struct ims_layout *layout = &array->layout;
	u32 word, bit = layout->mask_bit;

	if (layout->mask_bitmap)
		word = ims_bitmap_read(array, index, &bit);
	else
		word = ims_array_read_ctrl(array, index);
	if (ims_layout_bit_masks(layout, word, bit))
		return 0;
	if (word == ~0U &&
	    ims_array_read_word(array, index, layout->address_lo) == ~0U)
		return ims_array_report_gone(array, index);
	return ims_array_check_word(array, index, layout->mask_bitmap ?
				    "the bitmap of mask bits" :
				    "the mask bit of ctrl",
				    layout->mask == IMS_MASK_SET ? bit : 0,
				    word & bit);
}

/* Return: 0 if a masked slot holds test message @i, or as ims_array_check_kept() */
int ims_array_check_test_msg(struct ims_array *array, unsigned int index,
			     unsigned int i)
{
	const struct msi_msg *msg = ims_array_test_msg(i);
	struct device_msi_slot slot;
	int ret;

	ret = ims_array_read_slot(array, index, &slot);
	if (!ret)
		ret = ims_array_check_kept(array, index, msg->address_lo,
					   slot.msg.address_lo);
	if (!ret && slot.msg.data == ~0U)
		ret = ims_array_report_gone(array, index);
	if (!ret)
		ret = ims_array_check_word(array, index, "data", msg->data,
					   slot.msg.data & 0xffff);
	if (!ret && !slot.masked)
		ret = ims_array_check_masked(array, index);
	return ret;
}

/* Return: 0 if the data of a message fits into a slot, or -EOPNOTSUPP */
int ims_array_check_data(const struct ims_array *array, unsigned int index,
			 const struct msi_msg *msg)
{
	u32 max = ims_layout_data_max(&array->layout);

	if (msg->data <= max)
		return 0;
	dev_err_ratelimited(array->dev,
			    "slot %u holds data of up to 0x%x, the message has 0x%x\n",
			    index, max, msg->data);
	return -EOPNOTSUPP;
}

/* Write the PASID, if it has a word of its own, or NULL: that there is none */
void ims_array_write_pasid(const struct ims_array *array, unsigned int index,
			   const struct device_msi_sideband *sideband)
{
	const struct ims_layout *layout = &array->layout;
	u16 unit = ims_array_unit(layout, layout->pasid_word);
	u32 word = sideband ? ims_layout_pasid_bits(layout, sideband) : 0;

	if (layout->pasid_apart)
		ims_slot_write(array, index, ims_array_slot(array, index) + unit,
			       ims_array_place(array, unit, layout->pasid_word,
					       word));
}

/* Put the sideband that the slot should have into @ctrl, or log why that cannot be */
int ims_array_try_sideband(const struct device_msi_desc *desc, u32 *ctrl)
{
	const struct ims_array *array = desc->store;
	int ret = ims_layout_sideband(&array->layout, &desc->sideband, ctrl);

	if (ret == -EOPNOTSUPP)
		dev_err_ratelimited(array->dev, "slot %u has no place for %s\n",
				    desc->index,
				    desc->sideband.has & DEVICE_MSI_SIDEBAND_PASID &&
				    !array->layout.pasid_enable ?
				    "a PASID" : "a raw sideband");
	else if (ret)
		dev_err_ratelimited(array->dev,
				    "slot %u takes 0x%llx only with no bits outside of 0x%x\n",
				    desc->index, desc->sideband.raw, array->layout.raw);
	return ret;
}
