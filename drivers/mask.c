// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots that have a mask bit.
 *
 * The unit of an allocated slot that holds the ctrl word is cached in
 * desc->slot_data, so that masking is one write and the read that flushes it,
 * and unmasking one write. Nothing is read to be changed, unless the layout says
 * that others change ctrl, too (reread_ctrl).
 */
#include <linux/device.h>
#include <linux/module.h>

#include "array.h"

/*
 * If others change bits of ctrl, the device has the truth and the cache has what
 * was read last. The cache stays as it is if ctrl reads as all ones, as that of a
 * device does that is gone or in reset.
 */
static void ims_mask_reread(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;
	u64 unit;

	if (!array->layout.reread_ctrl)
		return;
	unit = ims_array_read(array, ims_array_ctrl(array, desc->index));
	if (ims_array_ctrl_word(array, unit) != ~0U)
		desc->slot_data = unit;
}

/* Mask a slot of which the cached ctrl is right */
static void ims_mask_cached(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;
	void __iomem *ctrl;

	if ((desc->slot_data & array->mask_bit) == array->masked)
		return;
	desc->slot_data ^= array->mask_bit;
	ctrl = ims_array_ctrl(array, desc->index);
	ims_array_write(array, ctrl, desc->slot_data);
	/*
	 * Writes are posted and a message is a write too: once this read is
	 * answered the device has seen the mask bit, and what it sent before
	 * has passed (PCI ordering rules).
	 */
	ims_array_read(array, ctrl);
}

static void ims_mask_slot(struct device_msi_desc *desc)
{
	ims_mask_reread(desc);
	ims_mask_cached(desc);
}

static void ims_unmask_cached(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;

	desc->slot_data &= ~array->mask_bit;
	desc->slot_data |= array->mask_bit ^ array->masked;
	ims_array_write(array, ims_array_ctrl(array, desc->index),
			desc->slot_data);
}

static void ims_unmask_slot(struct device_msi_desc *desc)
{
	ims_mask_reread(desc);
	ims_unmask_cached(desc);
}

static void ims_mask_write_msg(struct device_msi_desc *desc,
			       const struct msi_msg *msg)
{
	const struct ims_array *array = desc->store;
	void __iomem *slot = ims_array_slot(array, desc->index);
	unsigned int i;
	bool live;

	ims_mask_reread(desc);
	live = (desc->slot_data & array->mask_bit) != array->masked;
	/* The device must not send the new address with the old data */
	if (live)
		ims_mask_cached(desc);
	for (i = 0; i < array->nr_units; i++)
		ims_array_write(array, slot + array->units[i],
				ims_array_msg_unit(array, array->units[i],
						   msg));
	if (array->ctrl_shared) {
		desc->slot_data &= array->ctrl_bits;
		desc->slot_data |= ims_array_msg_unit(array, array->ctrl_unit,
						      msg);
		ims_array_write(array, slot + array->ctrl_unit,
				desc->slot_data);
	}
	if (live)
		ims_unmask_cached(desc);
}

static int ims_mask_check_msg(struct device_msi_desc *desc,
			      const struct msi_msg *msg)
{
	const struct ims_array *array = desc->store;

	if (!msg->address_hi || ims_layout_has_word(array->layout.address_hi))
		return 0;
	dev_err(array->dev,
		"IMS array: slot %u holds 32 bits of an address, the message goes to 0x%08x%08x; use interrupt remapping\n",
		desc->index, msg->address_hi, msg->address_lo);
	return -EOPNOTSUPP;
}

/* The slot is masked: the device looks at ctrl again when it is not */
static int ims_mask_set_sideband(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;
	u32 ctrl, old;
	int ret;

	ims_mask_reread(desc);
	ctrl = ims_array_ctrl_word(array, desc->slot_data);
	old = ctrl;
	ret = ims_array_try_sideband(desc, &ctrl);
	if (ret || ctrl == old)
		return ret;
	desc->slot_data &= ~array->ctrl_bits;
	desc->slot_data |= ims_array_ctrl_value(array, ctrl);
	ims_array_write(array, ims_array_ctrl(array, desc->index),
			desc->slot_data);
	return 0;
}

/* Whatever the device held, from now on the slot is masked and empty */
static void ims_mask_silence(const struct ims_array *array, unsigned int index,
			     u64 ctrl)
{
	void __iomem *slot = ims_array_slot(array, index);
	unsigned int i;

	ims_array_write(array, ims_array_ctrl(array, index), ctrl);
	for (i = 0; i < array->nr_units; i++)
		ims_array_write(array, slot + array->units[i], 0);
}

/*
 * Learn the bits of ctrl that are not ours, and have the slot masked and empty.
 * It is if nothing but this store has written to it, unless the device was
 * reset in between and does not wake up masked.
 */
static int ims_mask_prepare(const struct ims_array *array, struct device *dev,
			    unsigned int index, bool ours, u64 *unit)
{
	u32 ctrl = ims_array_read_ctrl(array, index);
	u32 fresh = ims_layout_fresh(&array->layout, ctrl);
	bool ones = ctrl == ~0U;
	/* What others put into ctrl for the last owner is not the next one's */
	bool stale = array->layout.reread_ctrl && ctrl != fresh;

	*unit = ims_array_ctrl_value(array, fresh);
	if (ours && !ones && !stale &&
	    ims_layout_is_masked(&array->layout, ctrl))
		return 0;
	ims_mask_silence(array, index, *unit);
	/*
	 * Before the slot is used it must have been silent, so flush; at the
	 * beginning one flush for all is enough. And is the device there?
	 */
	if ((ours || ones) &&
	    ims_array_read_word(array, index, array->layout.address_lo) == ~0U)
		return ims_array_gone(dev, index);
	return 0;
}

static int ims_mask_init(struct device *dev, void *store, unsigned int nr_slots)
{
	const struct ims_array *array = store;
	unsigned int i, last = nr_slots;
	u64 unit;
	int ret;

	for (i = 0; i < nr_slots; i++) {
		if (ims_array_is_reserved(array, i))
			continue;
		ret = ims_mask_prepare(array, dev, i, false, &unit);
		if (ret)
			return ret;
		last = i;
	}
	/* One answer, and the device has seen all writes: all are silent */
	if (last < nr_slots)
		ims_array_read_ctrl(array, last);
	return 0;
}

static int ims_mask_alloc(struct device *consumer,
			  struct device_msi_desc **descs, unsigned int nr)
{
	unsigned int i;
	u64 unit;
	int ret;

	for (i = 0; i < nr; i++) {
		ret = ims_mask_prepare(descs[i]->store, consumer,
				       descs[i]->index, true, &unit);
		if (ret)
			return ret;
		descs[i]->slot_data = unit;
	}
	return nr;
}

/* The device may have come back from its reset with the slot unmasked */
static int ims_mask_restore(struct device_msi_desc *desc,
			    const struct msi_msg *msg)
{
	const struct ims_array *array = desc->store;

	desc->slot_data &= ~array->mask_bit;
	desc->slot_data |= array->mask_bit ^ array->masked;
	ims_mask_cached(desc);
	ims_mask_write_msg(desc, msg);
	return 0;
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
	.read_slot	 = ims_mask_read,		\
	.destroy	 = ims_array_destroy

const struct device_msi_ops ims_mask_ops = {
	IMS_MASK_OPS,
};

const struct device_msi_ops ims_mask_sideband_ops = {
	IMS_MASK_OPS,
	.set_sideband	 = ims_mask_set_sideband,
};
