// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots that have a mask bit, in ctrl or in a bitmap (bitmap.c).
 *
 * Of an allocated slot, desc->slot_at is the address of the unit that holds the ctrl
 * word, if there is one, and desc->slot_data a cache of that unit. Masking is thus one
 * write and the read that flushes it, and unmasking one write. ctrl is read before it is
 * changed only if the layout says that others than this store change it (reread_ctrl).
 */
#include "array.h"

#include <linux/device.h>
#include <linux/module.h>
#include <linux/sched.h>

/*
 * If others change bits of ctrl, the device's copy is right and the cache is what was
 * read last. ctrl of a device that is gone or in reset reads as all ones: then keep the
 * cache.
 */
static void ims_mask_reread(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;
	u64 unit;

	if (!array->layout.reread_ctrl)
		return;
	unit = ims_slot_read(array, desc->index, desc->slot_at);
	if (ims_array_ctrl_word(array, unit) != ~0U)
		desc->slot_data = unit & ~array->pending_bit;
}

/* By the cache, which is what the device holds */
static bool ims_mask_is_masked(const struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;

	if (array->bitmap)
		return ims_bitmap_is_masked(array, desc->index);
	return (desc->slot_data & array->mask_bit) == array->masked;
}

/* Mask a slot whose cached ctrl is what the device holds */
static void ims_mask_cached(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;
	u32 bit;

	if (ims_mask_is_masked(desc))
		return;
	if (array->bitmap) {
		ims_bitmap_change(array, desc->index, true);
		ims_bitmap_read(array, desc->index, &bit);	/* as below */
		return;
	}
	desc->slot_data ^= array->mask_bit;
	ims_slot_write(array, desc->index, desc->slot_at, desc->slot_data);
	/*
	 * Writes are posted, and a message is a write of the device: once this
	 * read completes, the device has seen the mask bit and every message
	 * that it sent before has arrived (PCI ordering rules).
	 */
	ims_slot_read(array, desc->index, desc->slot_at);
}

static void ims_mask_slot(struct device_msi_desc *desc)
{
	ims_mask_reread(desc);
	ims_mask_cached(desc);
}

static void ims_unmask_cached(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;

	if (array->bitmap) {
		ims_bitmap_change(array, desc->index, false);
		return;
	}
	desc->slot_data &= ~array->mask_bit;
	desc->slot_data |= array->mask_bit ^ array->masked;
	ims_slot_write(array, desc->index, desc->slot_at, desc->slot_data);
}

static void ims_unmask_slot(struct device_msi_desc *desc)
{
	ims_mask_reread(desc);
	ims_unmask_cached(desc);
}

/* Write the message of a masked slot. Return: the unit of ctrl, which held @unit before */
static u64 ims_mask_put_msg(const struct ims_array *array, unsigned int index,
			    const struct msi_msg *msg, u64 unit)
{
	void __iomem *slot = ims_array_slot(array, index);
	unsigned int i;

	for (i = 0; i < array->nr_units; i++)
		ims_slot_write(array, index, slot + array->units[i],
			       ims_array_msg_unit(array, array->units[i], msg));
	if (!array->ctrl_shared)
		return unit;
	unit &= array->ctrl_bits;
	unit |= ims_array_msg_unit(array, array->ctrl_unit, msg);
	ims_slot_write(array, index, slot + array->ctrl_unit, unit);
	return unit;
}

static void ims_mask_write_msg(struct device_msi_desc *desc,
			       const struct msi_msg *msg)
{
	const struct ims_array *array = desc->store;
	bool live;

	ims_mask_reread(desc);
	live = !ims_mask_is_masked(desc);
	/* The device must not send the new address with the old data */
	if (live)
		ims_mask_cached(desc);
	desc->slot_data = ims_mask_put_msg(array, desc->index, msg,
					   desc->slot_data);
	if (live)
		ims_unmask_cached(desc);
}

static int ims_mask_check_msg(struct device_msi_desc *desc,
			      const struct msi_msg *msg)
{
	const struct ims_array *array = desc->store;

	if (!msg->address_hi || ims_layout_has_word(array->layout.address_hi))
		return ims_array_check_data(array, desc->index, msg);
	dev_err_ratelimited(array->dev,
			    "slot %u holds 32 bits of an address, the message goes to 0x%08x%08x; use interrupt remapping\n",
			    desc->index, msg->address_hi, msg->address_lo);
	return -EOPNOTSUPP;
}

static void ims_mask_put_ctrl(struct device_msi_desc *desc, u32 ctrl)
{
	const struct ims_array *array = desc->store;

	desc->slot_data &= ~array->ctrl_bits;
	desc->slot_data |= ims_array_ctrl_value(array, ctrl);
	ims_slot_write(array, desc->index, desc->slot_at, desc->slot_data);
}

/* Called while the slot is masked: the device reads ctrl when the slot is unmasked */
static int ims_mask_set_sideband(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;
	u32 ctrl = 0, old;
	int ret;

	ims_mask_reread(desc);
	if (ims_layout_has_word(array->layout.ctrl))
		ctrl = ims_array_ctrl_word(array, desc->slot_data);
	old = ctrl;
	ret = ims_array_try_sideband(desc, &ctrl);
	if (ret)
		return ret;
	if (ctrl != old)
		ims_mask_put_ctrl(desc, ctrl);
	ims_array_write_pasid(array, desc->index, &desc->sideband);
	return 0;
}

/* Change other bits of ctrl than the mask bit; the read waits until the device has them */
void ims_mask_change_ctrl(struct device_msi_desc *desc, u32 clear, u32 set)
{
	const struct ims_array *array = desc->store;
	u32 ctrl;

	ims_mask_reread(desc);
	ctrl = ims_array_ctrl_word(array, desc->slot_data);
	ims_mask_put_ctrl(desc, (ctrl & ~clear) | set);
	ims_array_read_ctrl(array, desc->index);
}

/* Mask and empty a slot, whatever the device holds in it */
static void ims_mask_clear(const struct ims_array *array, unsigned int index,
			   u64 ctrl)
{
	void __iomem *slot = ims_array_slot(array, index);
	unsigned int i;

	if (array->bitmap)
		ims_bitmap_silence(array, index);
	if (ims_layout_has_word(array->layout.ctrl))
		ims_slot_write(array, index, ims_array_ctrl(array, index), ctrl);
	for (i = 0; i < array->nr_units; i++)
		ims_slot_write(array, index, slot + array->units[i], 0);
	ims_array_write_pasid(array, index, NULL);
}

static u32 ims_mask_learn_ctrl(const struct ims_array *array, unsigned int index)
{
	return ims_layout_has_word(array->layout.ctrl) ?
	       ims_array_learn_ctrl(array, index) : 0;
}

/*
 * Does the device hold the slot masked? Return: true if it may not have answered. In a
 * bitmap all ones are usual, so that it is asked for address_lo.
 */
static bool ims_mask_learn(const struct ims_array *array, unsigned int index,
			   u32 ctrl, bool *masked)
{
	u32 word, bit;

	if (!array->bitmap) {
		*masked = ims_layout_is_masked(&array->layout, ctrl);
		return ctrl == ~0U;
	}
	word = ims_bitmap_read(array, index, &bit);
	*masked = ims_layout_bit_masks(&array->layout, word, bit) &&
		  ims_bitmap_is_masked(array, index);
	return word == ~0U &&
	       ims_array_read_word(array, index, array->layout.address_lo) == ~0U;
}

/*
 * Read the bits of ctrl that belong to the device into @unit, and make sure that the
 * slot is masked and empty. A slot that only this store has written to (@ours) is that
 * already, unless a reset has unmasked it.
 */
static int ims_mask_prepare(struct ims_array *array, unsigned int index,
			    bool ours, u64 *unit)
{
	u32 ctrl = ims_mask_learn_ctrl(array, index);
	u32 fresh = ims_layout_fresh(&array->layout, ctrl);
	bool masked, ones = ims_mask_learn(array, index, ctrl, &masked);
	/* Bits that others have set in ctrl for the previous interrupt must not stay */
	bool stale = array->layout.reread_ctrl &&
		     (ctrl & ~array->layout.pending_bit) != fresh;

	*unit = ims_array_ctrl_value(array, fresh);
	if (ours && !ones && !stale && masked)
		return 0;
	ims_mask_clear(array, index, *unit);
	if (!ours && !ones)
		return 0;
	/*
	 * The device must have seen these writes before the slot is used: flush
	 * them by a read, which also shows whether the device answers. When many
	 * slots are silenced, the caller flushes once for all of them.
	 */
	return ims_array_check_kept(array, index, 0,
				    ims_array_read_word(array, index,
							array->layout.address_lo));
}

static int ims_mask_silence(void *store, unsigned int first, unsigned int nr)
{
	struct ims_array *array = store;
	unsigned int i, end = first + nr, last = end;
	u64 unit;
	int ret;

	ret = ims_pci_check_msix_off(array);
	for (i = first; !ret && i < end; i++) {
		cond_resched();
		if (ims_array_is_reserved(array, i))
			continue;
		ret = ims_mask_prepare(array, i, false, &unit);
		last = i;
	}
	if (ret || last == end)
		return ret;
	/* Once this read completes the device has seen the writes to all slots */
	ret = ims_array_check_kept(array, last, 0,
				   ims_array_read_word(array, last,
						       array->layout.address_lo));
	return ret ?: ims_array_check_masked(array, last);
}

static void ims_mask_put_test_msg(const struct ims_array *array,
				  unsigned int index, unsigned int i)
{
	u32 ctrl = ims_layout_fresh(&array->layout,
				    ims_mask_learn_ctrl(array, index));

	ims_mask_put_msg(array, index, ims_array_test_msg(i),
			 ims_array_ctrl_value(array, ctrl));
}

/*
 * Silence a window, and check that its memory keeps messages: the first slot, masked,
 * holds a test message while the others are cleared, and so does the last slot then.
 */
static int ims_mask_init_window(struct ims_array *array, unsigned int window)
{
	unsigned int i, nr, end = array->windows[window].end;
	unsigned int slots[IMS_WINDOW_ENDS];
	int err, ret;

	nr = ims_array_ends(array, window, slots);
	if (!nr)
		return 0;
	ret = ims_mask_silence(array, slots[0], 1);
	if (ret)
		return ret;
	ims_mask_put_test_msg(array, slots[0], 0);
	ret = ims_mask_silence(array, slots[0] + 1, end - slots[0] - 1);
	if (!ret && nr > 1)
		ims_mask_put_test_msg(array, slots[1], 1);
	for (i = 0; !ret && i < nr; i++)
		ret = ims_array_check_test_msg(array, slots[i], i);
	for (i = 0; i < nr; i++) {
		err = ims_mask_silence(array, slots[i], 1);
		if (!ret)
			ret = err;
	}
	return ret;
}

static int ims_mask_init(struct device *dev, void *store, unsigned int nr_slots)
{
	struct ims_array *array = store;
	unsigned int i;
	int ret;

	ret = ims_pci_check_msix_table(array);
	for (i = 0; !ret && i < array->nr_windows; i++) {
		ret = ims_mask_init_window(array, i);
		cond_resched();
	}
	return ret;
}

static int ims_mask_alloc(struct device *consumer,
			  struct device_msi_desc **descs, unsigned int nr)
{
	struct ims_array *array = descs[0]->store;
	unsigned int i;
	u64 unit;
	int ret;

	ret = ims_pci_check_msix_off(array);
	for (i = 0; !ret && i < nr; i++) {
		ret = ims_mask_prepare(array, descs[i]->index, true, &unit);
		descs[i]->slot_data = unit;
		descs[i]->slot_at = ims_array_ctrl(array, descs[i]->index);
		cond_resched();
	}
	return ret ?: nr;
}

/* Normally the slot is already masked; a reset may have unmasked it */
static int ims_mask_restore(struct device_msi_desc *desc,
			    const struct msi_msg *msg)
{
	struct ims_array *array = desc->store;
	int ret;

	desc->slot_data &= ~array->mask_bit;
	desc->slot_data |= array->masked;
	ret = ims_pci_check_msix_off(array);
	if (ret)
		return ret;
	if (array->bitmap)
		ims_bitmap_silence(array, desc->index);
	if (ims_layout_has_word(array->layout.ctrl))
		ims_slot_write(array, desc->index, desc->slot_at, desc->slot_data);
	/* This read also flushes the mask bit, as that of ims_mask_cached() does */
	ret = ims_array_check_masked(array, desc->index);
	if (ret)
		return ret;
	ims_mask_write_msg(desc, msg);
	return ims_array_check_kept(array, desc->index, msg->address_lo,
				    ims_array_read_word(array, desc->index,
							array->layout.address_lo));
}

static int ims_mask_read(struct device_msi_desc *desc,
			 struct device_msi_slot *slot)
{
	return ims_array_read_slot(desc->store, desc->index, slot);
}

#define IMS_MASK_OPS					\
	.owner		 = THIS_MODULE,			\
	.init		 = ims_mask_init,		\
	.msi_alloc_store = ims_mask_alloc,		\
	.write_msg	 = ims_mask_write_msg,		\
	.check_msg	 = ims_mask_check_msg,		\
	.mask		 = ims_mask_slot,		\
	.unmask		 = ims_unmask_slot,		\
	.restore	 = ims_mask_restore,		\
	.silence	 = ims_mask_silence,		\
	.read_slot	 = ims_mask_read

const struct device_msi_ops ims_mask_ops = {
	IMS_MASK_OPS,
};

const struct device_msi_ops ims_mask_sideband_ops = {
	IMS_MASK_OPS,
	.set_sideband	 = ims_mask_set_sideband,
};
