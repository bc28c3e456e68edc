// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots without a mask bit. Such a slot always sends; while it is masked, it sends to
 * its parking place: a word of memory that a message overwrites, so that unmasking
 * notices the message and raises the interrupt again.
 *
 * Parking or unparking a slot is one write, because only address_lo changes, or the
 * unit that holds it: the parking places are below 4 GiB, and the addresses of
 * interrupts must be, too. The data changes only while the slot is parked.
 */
#include "array.h"

#include <linux/device.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

static u32 ims_park_address(const struct ims_array *array, unsigned int index)
{
	return array->parking->dma + index * sizeof(u32);
}

static void ims_park_write(const struct ims_array *array, unsigned int index,
			   u16 unit, u32 ctrl)
{
	const struct ims_parked *slot = &array->parking->slots[index];
	struct msi_msg msg = slot->msg;
	u64 value;

	if (slot->parked) {
		msg.address_lo = ims_park_address(array, index);
		msg.address_hi = 0;
	}
	value = ims_array_msg_unit(array, unit, &msg);
	if (array->ctrl_shared && unit == array->ctrl_unit)
		value |= ims_array_ctrl_value(array, ctrl);
	ims_slot_write(array, index, ims_array_slot(array, index) + unit, value);
}

/* Park or unpark a slot by one write, and flush the write by a read of address_lo */
static u32 ims_park_point(const struct ims_array *array, unsigned int index,
			  u32 ctrl)
{
	ims_park_write(array, index, array->units[0], ctrl);
	return ims_array_read_word(array, index, array->layout.address_lo);
}

static void ims_park_write_ctrl(const struct ims_array *array,
				unsigned int index, u32 ctrl)
{
	if (!ims_layout_has_word(array->layout.ctrl))
		return;
	if (array->ctrl_shared)
		ims_park_write(array, index, array->ctrl_unit, ctrl);
	else
		ims_slot_write(array, index, ims_array_ctrl(array, index),
			       ims_array_ctrl_value(array, ctrl));
}

/*
 * Before a slot is unparked, the device must have the new data: otherwise it could send
 * the old data to the new address. Data in the unit of the address needs no such read,
 * because both change at once.
 */
static void ims_park_flush_data(const struct ims_array *array, unsigned int index)
{
	if (array->nr_units > 1)
		ims_array_read_word(array, index, array->layout.data);
}

/* Write all of the slot again, parked from the first write on */
static u32 ims_park_all(const struct ims_array *array, unsigned int index,
			u32 ctrl)
{
	unsigned int i;
	u32 address;

	/* Before the data changes, no message to the old address may be under way */
	address = ims_park_point(array, index, ctrl);
	for (i = 1; i < array->nr_units; i++)
		ims_park_write(array, index, array->units[i], ctrl);
	ims_park_write_ctrl(array, index, ctrl);
	ims_array_write_pasid(array, index, NULL);
	ims_park_flush_data(array, index);
	return address;
}

static void ims_park_mask(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;
	struct ims_parked *slot = &array->parking->slots[desc->index];

	if (slot->parked)
		return;
	slot->parked = true;
	/* After the read in there, what the device sends goes to the parking place */
	ims_park_point(array, desc->index, desc->slot_data);
}

static void ims_park_unmask(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;

	array->parking->slots[desc->index].parked = false;
	/*
	 * After the read in there, every message to the parking place has arrived
	 * for ims_park_test_clear_missed(), and no more follow (PCI ordering rules).
	 */
	ims_park_point(array, desc->index, desc->slot_data);
}

static void ims_park_write_msg(struct device_msi_desc *desc,
			       const struct msi_msg *msg)
{
	const struct ims_array *array = desc->store;
	struct ims_parked *slot = &array->parking->slots[desc->index];
	bool live = !slot->parked;

	if (live)
		ims_park_mask(desc);
	slot->msg = *msg;
	/* The new address is written when the slot is unparked */
	ims_park_write(array, desc->index,
		       ims_array_unit(&array->layout, array->layout.data),
		       desc->slot_data);
	/* A slot with an empty message stays parked: nothing to flush */
	if (!ims_msg_is_empty(msg))
		ims_park_flush_data(array, desc->index);
	if (live)
		ims_park_unmask(desc);
}

/*
 * Called after ims_park_unmask(), whose read comes before the one in here. The next message
 * to the place is sent after a later write to the slot, which comes after the one in here.
 */
static bool ims_park_test_clear_missed(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;
	u32 *place = &array->parking->places[desc->index];

	if (READ_ONCE(*place) == IMS_PARK_ARMED)
		return false;
	WRITE_ONCE(*place, IMS_PARK_ARMED);
	return true;
}

/* The read waits for what was sent to the parking place */
static bool ims_park_get_pending(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;

	ims_array_read_word(array, desc->index, array->layout.address_lo);
	return READ_ONCE(array->parking->places[desc->index]) != IMS_PARK_ARMED;
}

static int ims_park_check_msg(struct device_msi_desc *desc,
			      const struct msi_msg *msg)
{
	const struct ims_array *array = desc->store;
	const struct ims_layout *layout = &array->layout;
	bool at_once = ims_layout_has_word(layout->address_hi) &&
		       ims_array_unit(layout, layout->address_lo) ==
		       ims_array_unit(layout, layout->address_hi);

	if (msg->address_hi && !at_once) {
		dev_err_ratelimited(array->dev,
				    "slot %u has no mask bit, and 0x%08x%08x does not go into it with one write; use interrupt remapping\n",
				    desc->index, msg->address_hi, msg->address_lo);
		return -EOPNOTSUPP;
	}
	if (msg->data == IMS_PARK_ARMED) {
		dev_err_ratelimited(array->dev,
				    "slot %u has no mask bit, and the data 0x%x would not be noticed while it is masked\n",
				    desc->index, msg->data);
		return -EOPNOTSUPP;
	}
	return ims_array_check_data(array, desc->index, msg);
}

static void ims_park_put_ctrl(struct device_msi_desc *desc, u32 ctrl)
{
	desc->slot_data = ctrl;
	ims_park_write_ctrl(desc->store, desc->index, ctrl);
	/* Flush the write, as ims_park_flush_data() does for the data */
	ims_array_read_ctrl(desc->store, desc->index);
}

/* Called while the slot is parked: a message with half of the sideband reaches nobody */
static int ims_park_set_sideband(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;
	u32 ctrl = desc->slot_data;
	int ret;

	ret = ims_array_try_sideband(desc, &ctrl);
	if (ret)
		return ret;
	if (ctrl != desc->slot_data)
		ims_park_put_ctrl(desc, ctrl);
	if (array->layout.pasid_apart) {
		ims_array_write_pasid(array, desc->index, &desc->sideband);
		ims_array_read_word(array, desc->index, array->layout.pasid_word);
	}
	return 0;
}

/* Change bits of ctrl; the address of the slot does not change */
void ims_park_change_ctrl(struct device_msi_desc *desc, u32 clear, u32 set)
{
	ims_park_put_ctrl(desc, (desc->slot_data & ~clear) | set);
}

/* What ctrl of a newly allocated slot should be */
static u32 ims_park_fresh_ctrl(const struct ims_array *array,
			       unsigned int index)
{
	if (!array->layout.preserve)
		return array->open;
	return array->open | ims_layout_fresh(&array->layout,
					      ims_array_learn_ctrl(array, index));
}

static int ims_park_silence(void *store, unsigned int first, unsigned int nr)
{
	struct ims_array *array = store;
	unsigned int i;
	u32 ctrl;
	int ret;

	ret = ims_pci_check_msix_off(array);
	for (i = first; !ret && i < first + nr; i++) {
		cond_resched();
		if (ims_array_is_reserved(array, i))
			continue;
		array->parking->slots[i].parked = true;
		ctrl = ims_park_fresh_ctrl(array, i);
		ret = ims_array_check_kept(array, i, ims_park_address(array, i),
					   ims_park_all(array, i, ctrl));
	}
	return ret;
}

/* Check that no other slot's parking place has overwritten that of a window's ends */
static int ims_park_check_window(struct ims_array *array, unsigned int window)
{
	unsigned int i, nr, slots[IMS_WINDOW_ENDS];
	int ret = 0;

	nr = ims_array_ends(array, window, slots);
	for (i = 0; !ret && i < nr; i++)
		ret = ims_array_check_kept(array, slots[i],
					   ims_park_address(array, slots[i]),
					   ims_array_read_word(array, slots[i],
							       array->layout.address_lo));
	return ret;
}

static int ims_park_init(struct device *dev, void *store, unsigned int nr_slots)
{
	struct ims_array *array = store;
	unsigned int i;
	int ret;

	ret = ims_pci_check_msix_table(array);
	if (ret)
		return ret;
	array->parking->used = true;
	ret = ims_park_silence(array, 0, nr_slots);
	for (i = 0; !ret && i < array->nr_windows; i++) {
		ret = ims_park_check_window(array, i);
		cond_resched();
	}
	return ret;
}

/*
 * Prepare a slot that is allocated. It is parked since ims_park_silence() or since it
 * was freed, unless the device was reset since. Messages that have arrived in its
 * parking place were for the previous owner.
 */
static int ims_park_prepare(struct ims_array *array, unsigned int index,
			    unsigned long *ctrl)
{
	u32 place = ims_park_address(array, index);
	int ret = 0;

	*ctrl = ims_park_fresh_ctrl(array, index);
	/* The read also waits for all messages that were sent to the parking place */
	if (ims_array_read_word(array, index, array->layout.address_lo) != place)
		ret = ims_array_check_kept(array, index, place,
					   ims_park_all(array, index, *ctrl));
	WRITE_ONCE(array->parking->places[index], IMS_PARK_ARMED);
	return ret;
}

static int ims_park_alloc(struct device *consumer,
			  struct device_msi_desc **descs, unsigned int nr)
{
	struct ims_array *array = descs[0]->store;
	unsigned int i;
	int ret;

	ret = ims_pci_check_msix_off(array);
	for (i = 0; !ret && i < nr; i++) {
		ret = ims_park_prepare(array, descs[i]->index,
				       &descs[i]->slot_data);
		cond_resched();
	}
	return ret ?: nr;
}

static int ims_park_restore(struct device_msi_desc *desc,
			    const struct msi_msg *msg)
{
	struct ims_array *array = desc->store;
	struct ims_parked *slot = &array->parking->slots[desc->index];
	int ret;

	slot->msg = *msg;
	slot->parked = true;
	ret = ims_pci_check_msix_off(array);
	return ret ?: ims_array_check_kept(array, desc->index,
					   ims_park_address(array, desc->index),
					   ims_park_all(array, desc->index,
							desc->slot_data));
}

/* A parked slot reads as masked, with the address that unparking will write */
static int ims_park_read(struct device_msi_desc *desc,
			 struct device_msi_slot *slot)
{
	struct ims_array *array = desc->store;
	const struct ims_parked *parked = &array->parking->slots[desc->index];
	int ret;

	ret = ims_array_read_slot(array, desc->index, slot);
	if (ret)
		return ret;
	slot->masked = slot->msg.address_lo ==
		       ims_park_address(array, desc->index);
	if (!slot->masked) {
		slot->masked = (slot->ctrl & array->gate) != array->open;
	} else {
		slot->msg.address_lo = parked->msg.address_lo;
		slot->msg.address_hi = parked->msg.address_hi;
	}
	return 0;
}

/*
 * The memory of the parking places is freed next, so no slot may point there. A driver
 * stops its device before it removes the domain. If it does not, the device writes a 0
 * to address 0, so this is called only if device_msi_zero_is_harmless(), or if the slots
 * have a mask bit, which ends all their messages.
 */
void ims_park_vacate(const struct ims_array *array)
{
	struct ims_parking *parking = array->parking;
	unsigned int i, unit, last = parking->nr_slots;
	u32 ctrl;

	memset(parking->slots, 0, parking->nr_slots * sizeof(*parking->slots));
	for (i = 0; i < parking->nr_slots; i++) {
		cond_resched();
		if (ims_array_is_reserved(array, i))
			continue;
		/* The device's own bits of ctrl may share a unit with a word */
		ctrl = array->ctrl_shared || array->gate ?
		       ims_park_fresh_ctrl(array, i) : 0;
		/* Masked for good, if it can be: what comes now is not to arrive */
		ctrl ^= array->gate;
		if (array->gate)
			ims_park_write_ctrl(array, i, ctrl);
		for (unit = 0; unit < array->nr_units; unit++)
			ims_park_write(array, i, array->units[unit], ctrl);
		last = i;
	}
	/* Once this read completes, every message to a parking place has arrived */
	if (last < parking->nr_slots)
		ims_array_read_word(array, last, array->layout.address_lo);
}

#define IMS_PARK_OPS					\
	.owner		 = THIS_MODULE,			\
	.init		 = ims_park_init,		\
	.msi_alloc_store = ims_park_alloc,		\
	.write_msg	 = ims_park_write_msg,		\
	.check_msg	 = ims_park_check_msg,		\
	.mask		 = ims_park_mask,		\
	.unmask		 = ims_park_unmask,		\
	.test_clear_missed = ims_park_test_clear_missed, \
	.get_pending	 = ims_park_get_pending,	\
	.restore	 = ims_park_restore,		\
	.silence	 = ims_park_silence,		\
	.read_slot	 = ims_park_read

const struct device_msi_ops ims_park_ops = {
	IMS_PARK_OPS,
};

const struct device_msi_ops ims_park_sideband_ops = {
	IMS_PARK_OPS,
	.set_sideband	 = ims_park_set_sideband,
};
