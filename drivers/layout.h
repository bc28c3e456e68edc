/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a struct ims_layout means, for the stores whose slots have one: whether it is
 * possible, what belongs into ctrl, and the byte order of a word.
 */
#ifndef _IMS_DRIVERS_LAYOUT_H
#define _IMS_DRIVERS_LAYOUT_H

#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/msi.h>
#include <linux/swab.h>
#include <ims/device_msi.h>
#include <ims/layout.h>

#define IMS_WORD		4U
#define IMS_PASID_BITS		20U

/* Not dev_err(): the dev_fmt() of the store that has a layout checked says its own name */
#define ims_layout_err(dev, fmt, ...) \
	_dev_err(dev, "IMS layout: " fmt, ##__VA_ARGS__)

static inline bool ims_layout_has_word(u16 offset)
{
	return offset != IMS_NO_WORD;
}

/* Is ctrl one of the words of the slot itself? */
static inline bool ims_layout_ctrl_inside(const struct ims_layout *layout)
{
	return ims_layout_has_word(layout->ctrl) && !layout->ctrl_stride;
}

/* Are data and ctrl bits of one word? */
static inline bool ims_layout_data_in_ctrl(const struct ims_layout *layout)
{
	return layout->data_bits && layout->data == layout->ctrl &&
	       !layout->ctrl_stride;
}

/* The word that holds the data, without bits of ctrl; and the data in such a word */
static inline u32 ims_layout_data_word(const struct ims_layout *layout, u32 data)
{
	return layout->data_bits ? data << __ffs(layout->data_bits) : data;
}

static inline u32 ims_layout_data(const struct ims_layout *layout, u32 word)
{
	if (!layout->data_bits)
		return word;
	return (word & layout->data_bits) >> __ffs(layout->data_bits);
}

/* The largest data that the slot can hold */
static inline u32 ims_layout_data_max(const struct ims_layout *layout)
{
	return ims_layout_data(layout, ~0U);
}

static inline bool ims_layout_has_sideband(const struct ims_layout *layout)
{
	return layout->pasid_enable || layout->raw;
}

static inline bool ims_layout_has_pending(const struct ims_layout *layout)
{
	return layout->pending_bit || layout->pending_bitmap;
}

/* The bits of ctrl that a sideband may set */
static inline u32 ims_layout_sideband_bits(const struct ims_layout *layout)
{
	u32 bits = layout->raw;

	if (layout->pasid_enable && !layout->pasid_apart)
		bits |= layout->pasid_enable |
			DEVICE_MSI_PASID_MAX << layout->pasid_shift;
	return bits;
}

/* Bytes from the beginning of a slot to the end of its last word */
static inline size_t ims_layout_size(const struct ims_layout *layout)
{
	u16 last = max(layout->address_lo, layout->data);

	if (ims_layout_has_word(layout->address_hi))
		last = max(last, layout->address_hi);
	if (ims_layout_ctrl_inside(layout))
		last = max(last, layout->ctrl);
	if (layout->pasid_apart)
		last = max(last, layout->pasid_word);
	return last + IMS_WORD;
}

/* address_lo of a message may be 0, so a message is empty only if all words are */
static inline bool ims_msg_is_empty(const struct msi_msg *msg)
{
	return !msg->address_lo && !msg->address_hi && !msg->data;
}

/* Convert a word to what writel() and cpu_to_le32() must be given, or back from it */
static inline u32 ims_layout_order(const struct ims_layout *layout, u32 word)
{
	return layout->big_endian ? swab32(word) : word;
}

/* Words of a slot in ordinary memory, such as the shadow of a queue store */
static inline void ims_layout_put(const struct ims_layout *layout, void *slot,
				  u16 offset, u32 word)
{
	__le32 *at = slot + offset;

	WRITE_ONCE(*at, cpu_to_le32(ims_layout_order(layout, word)));
}

static inline u32 ims_layout_get(const struct ims_layout *layout,
				 const void *slot, u16 offset)
{
	const __le32 *at = slot + offset;

	return ims_layout_order(layout, le32_to_cpu(READ_ONCE(*at)));
}

/* Is the slot masked whose mask bit is this one, of this word? */
static inline bool ims_layout_bit_masks(const struct ims_layout *layout,
					u32 word, u32 bit)
{
	return layout->mask != IMS_MASK_NONE &&
	       !!(word & bit) == (layout->mask == IMS_MASK_SET);
}

static inline bool ims_layout_is_masked(const struct ims_layout *layout,
					u32 ctrl)
{
	return ims_layout_bit_masks(layout, ctrl, layout->mask_bit);
}

/* ctrl of the same slot, masked or not */
static inline u32 ims_layout_mask(const struct ims_layout *layout, u32 ctrl,
				  bool masked)
{
	bool set_masks = layout->mask == IMS_MASK_SET;

	ctrl &= ~layout->mask_bit;
	return masked == set_masks ? ctrl | layout->mask_bit : ctrl;
}

/* ctrl of a slot that is ready for use: masked and without a sideband */
static inline u32 ims_layout_fresh(const struct ims_layout *layout, u32 old)
{
	return ims_layout_mask(layout, old & layout->preserve, true);
}

/* The PASID of a sideband, or its absence, as bits of the word that holds it */
static inline u32 ims_layout_pasid_bits(const struct ims_layout *layout,
					const struct device_msi_sideband *sideband)
{
	if (!(sideband->has & DEVICE_MSI_SIDEBAND_PASID))
		return 0;
	return layout->pasid_enable | sideband->pasid << layout->pasid_shift;
}

/*
 * Replace the sideband in @ctrl. Return: 0; or, with @ctrl unchanged, -EOPNOTSUPP if the
 * layout has no bits for such a sideband, -EINVAL if the value does not fit into them.
 */
static inline int
ims_layout_sideband(const struct ims_layout *layout,
		    const struct device_msi_sideband *sideband, u32 *ctrl)
{
	u32 bits = 0;

	if (sideband->has & DEVICE_MSI_SIDEBAND_PASID) {
		if (!layout->pasid_enable)
			return -EOPNOTSUPP;
		if (sideband->pasid > DEVICE_MSI_PASID_MAX)
			return -EINVAL;
		if (!layout->pasid_apart)
			bits |= ims_layout_pasid_bits(layout, sideband);
	}
	if (sideband->has & DEVICE_MSI_SIDEBAND_RAW) {
		if (!layout->raw)
			return -EOPNOTSUPP;
		if (sideband->raw & ~(u64)layout->raw)
			return -EINVAL;
		bits |= sideband->raw;
	}
	*ctrl = (*ctrl & ~ims_layout_sideband_bits(layout)) | bits;
	return 0;
}

/* Check that a word exists if @needed, is aligned, and shares its offset with no other */
static inline int ims_layout_check_word(struct device *dev, const char *name,
					u16 offset, bool needed, u16 other1,
					u16 other2, u16 other3)
{
	if (!ims_layout_has_word(offset)) {
		if (!needed)
			return 0;
		ims_layout_err(dev, "no %s; every slot has one\n", name);
		return -EINVAL;
	}
	if (!IS_ALIGNED(offset, IMS_WORD)) {
		ims_layout_err(dev, "%s at offset %u; words are aligned to 4 bytes\n",
			       name, offset);
		return -EINVAL;
	}
	if (offset == other1 || offset == other2 || offset == other3) {
		ims_layout_err(dev, "%s at offset %u overlaps another word\n",
			       name, offset);
		return -EINVAL;
	}
	return 0;
}

static inline int ims_layout_check_words(struct device *dev,
					 const struct ims_layout *layout)
{
	u16 ctrl = ims_layout_ctrl_inside(layout) ? layout->ctrl : IMS_NO_WORD;
	int ret;

	if (ims_layout_data_in_ctrl(layout))
		ctrl = IMS_NO_WORD;	/* compared below, as the data */

	ret = ims_layout_check_word(dev, "address_lo", layout->address_lo, true,
				    layout->address_hi, layout->data, ctrl);
	if (!ret)
		ret = ims_layout_check_word(dev, "address_hi",
					    layout->address_hi, false,
					    layout->address_lo, layout->data,
					    ctrl);
	if (!ret)
		ret = ims_layout_check_word(dev, "data", layout->data, true,
					    layout->address_lo,
					    layout->address_hi, ctrl);
	/* The other words were compared with ctrl, unless it is outside of the slot */
	if (!ret)
		ret = ims_layout_check_word(dev, "ctrl", layout->ctrl, false,
					    IMS_NO_WORD, IMS_NO_WORD,
					    IMS_NO_WORD);
	if (!ret && layout->pasid_apart)
		ret = ims_layout_check_word(dev, "pasid_word",
					    layout->pasid_word, true,
					    layout->address_lo,
					    layout->address_hi, layout->data);
	if (!ret && layout->pasid_apart)
		ret = ims_layout_check_word(dev, "pasid_word",
					    layout->pasid_word, true, ctrl,
					    IMS_NO_WORD, IMS_NO_WORD);
	return ret;
}

static inline int ims_layout_check_data(struct device *dev,
					const struct ims_layout *layout)
{
	u32 max = layout->data_bits ? ims_layout_data_max(layout) : ~0U;

	if (max >= 0xff && !(max & (max + 1)))
		return 0;
	ims_layout_err(dev, "data_bits 0x%x are not 8 or more bits in a row\n",
		       layout->data_bits);
	return -EINVAL;
}

static inline int ims_layout_check_mask(struct device *dev,
					const struct ims_layout *layout)
{
	if ((unsigned int)layout->mask > IMS_MASK_CLEAR) {
		ims_layout_err(dev, "no such mask polarity: %u; see enum ims_mask\n",
			       layout->mask);
		return -EINVAL;
	}
	if (layout->reread_ctrl &&
	    (layout->mask == IMS_MASK_NONE || layout->mask_bitmap)) {
		ims_layout_err(dev, "ctrl is read before each write only if it has a mask bit; clear reread_ctrl\n");
		return -EINVAL;
	}
	if (layout->drops_masked &&
	    (!layout->mask_bit || layout->reread_ctrl ||
	     ims_layout_has_pending(layout))) {
		ims_layout_err(dev, "drops_masked goes with mask_bit, and without reread_ctrl and pending bits; see struct ims_layout\n");
		return -EINVAL;
	}
	if (layout->mask_bitmap) {
		if (layout->mask != IMS_MASK_NONE && !layout->mask_bit)
			return 0;
		ims_layout_err(dev, "mask_bitmap with mask %u and mask bit 0x%x; say in mask how its bits mask, and have no mask_bit\n",
			       layout->mask, layout->mask_bit);
		return -EINVAL;
	}
	if (layout->mask == IMS_MASK_NONE) {
		if (!layout->mask_bit)
			return 0;
		ims_layout_err(dev, "mask bit 0x%x of a slot that has none; say in mask how it masks\n",
			       layout->mask_bit);
		return -EINVAL;
	}
	if (!ims_layout_has_word(layout->ctrl)) {
		ims_layout_err(dev, "a mask bit but no ctrl word that holds it\n");
		return -EINVAL;
	}
	if (!is_power_of_2(layout->mask_bit)) {
		ims_layout_err(dev, "mask bit 0x%x is not one bit\n",
			       layout->mask_bit);
		return -EINVAL;
	}
	return 0;
}

static inline int ims_layout_check_pending(struct device *dev,
					   const struct ims_layout *layout)
{
	if (!ims_layout_has_pending(layout))
		return 0;
	if (layout->mask == IMS_MASK_NONE) {
		ims_layout_err(dev, "a pending bit of slots that have no mask bit; their messages wait for nothing\n");
		return -EINVAL;
	}
	if (layout->pending_bit && layout->pending_bitmap) {
		ims_layout_err(dev, "pending_bit and pending_bitmap; a slot has one pending bit\n");
		return -EINVAL;
	}
	if (layout->pending_bit && !is_power_of_2(layout->pending_bit)) {
		ims_layout_err(dev, "pending bit 0x%x is not one bit\n",
			       layout->pending_bit);
		return -EINVAL;
	}
	return 0;
}

static inline int ims_layout_check_pasid(struct device *dev,
					 const struct ims_layout *layout)
{
	if (!layout->pasid_enable && !layout->pasid_shift && !layout->pasid &&
	    !layout->pasid_apart)
		return 0;
	if ((unsigned int)layout->pasid > IMS_PASID_AUTHORISES) {
		ims_layout_err(dev, "no such meaning of a PASID: %u; see enum ims_pasid\n",
			       layout->pasid);
		return -EINVAL;
	}
	if (!is_power_of_2(layout->pasid_enable)) {
		ims_layout_err(dev, "PASID enable 0x%x is not one bit\n",
			       layout->pasid_enable);
		return -EINVAL;
	}
	if (layout->pasid_shift > 32 - IMS_PASID_BITS) {
		ims_layout_err(dev, "a PASID from bit %u of ctrl ends beyond bit 31\n",
			       layout->pasid_shift);
		return -EINVAL;
	}
	if (layout->pasid_apart && layout->pasid_enable &
	    DEVICE_MSI_PASID_MAX << layout->pasid_shift) {
		ims_layout_err(dev, "PASID enable 0x%x is a bit of the PASID\n",
			       layout->pasid_enable);
		return -EINVAL;
	}
	return 0;
}

/* Check that no bit of ctrl has two meanings */
static inline int ims_layout_check_bits(struct device *dev,
					const struct ims_layout *layout)
{
	const struct {
		const char *name;
		u32 bits;
	} users[] = {
		{ "the data", ims_layout_data_in_ctrl(layout) ?
			layout->data_bits : 0 },
		{ "the mask bit", layout->mask_bit },
		{ "the pending bit", layout->pending_bit },
		{ "the PASID enable bit", layout->pasid_apart ? 0 :
			layout->pasid_enable },
		{ "the PASID", layout->pasid_enable && !layout->pasid_apart ?
			DEVICE_MSI_PASID_MAX << layout->pasid_shift : 0 },
		{ "raw", layout->raw },
		{ "preserve", layout->preserve },
	};
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(users); i++) {
		if (users[i].bits && !ims_layout_has_word(layout->ctrl)) {
			ims_layout_err(dev, "no ctrl word to hold %s\n",
				       users[i].name);
			return -EINVAL;
		}
		for (j = 0; j < i; j++) {
			if (!(users[i].bits & users[j].bits))
				continue;
			ims_layout_err(dev, "bits 0x%x of ctrl are both %s and %s\n",
				       users[i].bits & users[j].bits, users[j].name,
				       users[i].name);
			return -EINVAL;
		}
	}
	return 0;
}

/**
 * ims_layout_check() - Check a layout for what both kinds of stores use
 * @dev:	the device, for the log
 * @layout:	the layout
 *
 * That is the words of one slot, and the bits of ctrl.
 *
 * Return: 0, or -EINVAL; the reason is in the kernel log.
 */
static inline int ims_layout_check(struct device *dev,
				   const struct ims_layout *layout)
{
	int ret;

	ret = ims_layout_check_words(dev, layout);
	if (!ret)
		ret = ims_layout_check_data(dev, layout);
	if (!ret)
		ret = ims_layout_check_mask(dev, layout);
	if (!ret)
		ret = ims_layout_check_pending(dev, layout);
	if (!ret)
		ret = ims_layout_check_pasid(dev, layout);
	return ret ?: ims_layout_check_bits(dev, layout);
}

#endif /* _IMS_DRIVERS_LAYOUT_H */
