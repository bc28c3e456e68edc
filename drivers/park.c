// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots without a mask bit. Such a slot always sends; masked, it sends to a
 * parking place: a word of memory of its own, which the message overwrites, so
 * that one that came while the slot was masked is known, and not lost.
 *
 * Changing where the slot points is one write, because only address_lo changes,
 * or what shares its unit: the parking places are below 4 GiB, and so must be
 * where interrupts go. The data changes only while the slot is parked.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "array.h"

/* In a parking place that no message has come to; no message's data is this */
#define IMS_PARK_ARMED		(~0U)

/**
 * struct ims_parked - What a slot without a mask bit should hold
 * @msg:	its message
 * @parked:	it points to its parking place instead
 */
struct ims_parked {
	struct msi_msg	msg;
	bool		parked;
};

/**
 * struct ims_parking - The parking places of a store
 * @slots:	of each slot
 * @places:	of each slot a word that the device may write
 * @dma:	where the device finds them
 * @nr_slots:	how many
 * @used:	slots have been made to point there
 */
struct ims_parking {
	struct ims_parked	*slots;
	u32			*places;
	dma_addr_t		dma;
	unsigned int		nr_slots;
	bool			used;
};

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
	ims_array_write(array, ims_array_slot(array, index) + unit, value);
}

/* The write that parks a slot or lets it go, and the read that makes it so */
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
		ims_array_write(array, ims_array_ctrl(array, index),
				ims_array_ctrl_value(array, ctrl));
}

/*
 * Before the slot is let go: no message with the old data is under way, which
 * would take the new address. What shares the unit of the address needs no such
 * read: it changes at once.
 */
static void ims_park_settle(const struct ims_array *array, unsigned int index)
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

	/* Before the data changes: nothing with the old address is under way */
	address = ims_park_point(array, index, ctrl);
	for (i = 1; i < array->nr_units; i++)
		ims_park_write(array, index, array->units[i], ctrl);
	ims_park_write_ctrl(array, index, ctrl);
	ims_park_settle(array, index);
	return address;
}

static void ims_park_mask(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;
	struct ims_parked *slot = &array->parking->slots[desc->index];

	if (slot->parked)
		return;
	slot->parked = true;
	/* The read: what the device sends from now on goes to the place */
	ims_park_point(array, desc->index, desc->slot_data);
}

static void ims_park_unmask(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;

	array->parking->slots[desc->index].parked = false;
	/*
	 * The read: a message that was sent to the place is there now, for
	 * ims_park_take_missed(), and no more come (PCI ordering rules).
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
	/* The address goes out when the slot is no longer parked */
	ims_park_write(array, desc->index,
		       ims_array_unit(&array->layout, array->layout.data),
		       desc->slot_data);
	/* Without a message it stays parked */
	if (msg->address_lo)
		ims_park_settle(array, desc->index);
	if (live)
		ims_park_unmask(desc);
}

static bool ims_park_take_missed(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;
	u32 *place = &array->parking->places[desc->index];

	if (READ_ONCE(*place) == IMS_PARK_ARMED)
		return false;
	WRITE_ONCE(*place, IMS_PARK_ARMED);
	return true;
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
		dev_err(array->dev,
			"IMS array: slot %u has no mask bit, and 0x%08x%08x does not go into it with one write; use interrupt remapping\n",
			desc->index, msg->address_hi, msg->address_lo);
		return -EOPNOTSUPP;
	}
	if (msg->data == IMS_PARK_ARMED) {
		dev_err(array->dev,
			"IMS array: slot %u has no mask bit, and the data 0x%x would not be noticed while it is masked\n",
			desc->index, msg->data);
		return -EOPNOTSUPP;
	}
	return 0;
}

/* The slot is parked: what is sent with half of the sideband reaches nobody */
static int ims_park_set_sideband(struct device_msi_desc *desc)
{
	u32 ctrl = desc->slot_data;
	int ret;

	ret = ims_array_try_sideband(desc, &ctrl);
	if (ret || ctrl == desc->slot_data)
		return ret;
	desc->slot_data = ctrl;
	ims_park_write_ctrl(desc->store, desc->index, ctrl);
	ims_array_read_ctrl(desc->store, desc->index);	/* as ims_park_settle() */
	return 0;
}

/* What is in ctrl of a slot that is ready for use */
static u32 ims_park_fresh_ctrl(const struct ims_array *array,
			       unsigned int index)
{
	if (!array->layout.preserve)
		return 0;
	return ims_layout_fresh(&array->layout,
				ims_array_read_ctrl(array, index));
}

static int ims_park_init(struct device *dev, void *store, unsigned int nr_slots)
{
	const struct ims_array *array = store;
	unsigned int i;
	u32 ctrl;

	array->parking->used = true;
	for (i = 0; i < nr_slots; i++) {
		if (ims_array_is_reserved(array, i))
			continue;
		array->parking->slots[i].parked = true;
		ctrl = ims_park_fresh_ctrl(array, i);
		if (ims_park_all(array, i, ctrl) == ~0U)
			return ims_array_gone(dev, i);
	}
	return 0;
}

/*
 * Parked since ims_park_init() or since it was freed, unless the device was
 * reset in between. What came to the place before is of no interest any more.
 */
static int ims_park_alloc(struct device *consumer,
			  struct device_msi_desc **descs, unsigned int nr)
{
	const struct ims_array *array;
	unsigned int i, index;
	u32 address;

	for (i = 0; i < nr; i++) {
		array = descs[i]->store;
		index = descs[i]->index;
		descs[i]->slot_data = ims_park_fresh_ctrl(array, index);

		/* The read also has the place hold all that was sent there */
		address = ims_array_read_word(array, index,
					      array->layout.address_lo);
		if (address != ims_park_address(array, index) &&
		    ims_park_all(array, index, descs[i]->slot_data) == ~0U)
			return ims_array_gone(consumer, index);
		WRITE_ONCE(array->parking->places[index], IMS_PARK_ARMED);
	}
	return nr;
}

static int ims_park_restore(struct device_msi_desc *desc,
			    const struct msi_msg *msg)
{
	const struct ims_array *array = desc->store;
	struct ims_parked *slot = &array->parking->slots[desc->index];

	slot->msg = *msg;
	slot->parked = true;
	ims_park_all(array, desc->index, desc->slot_data);
	return 0;
}

/* A parked slot is masked, and its address the one it is going to have */
static int ims_park_read(struct device_msi_desc *desc,
			 struct device_msi_slot *slot)
{
	const struct ims_array *array = desc->store;
	const struct ims_parked *parked = &array->parking->slots[desc->index];
	int ret;

	ret = ims_array_read_slot(array, desc->index, slot);
	if (ret)
		return ret;
	slot->masked = slot->msg.address_lo ==
		       ims_park_address(array, desc->index);
	if (slot->masked) {
		slot->msg.address_lo = parked->msg.address_lo;
		slot->msg.address_hi = parked->msg.address_hi;
	}
	return 0;
}

/*
 * The parking places, where dev can write with an address of 32 bits. The mask
 * of coherent memory is the driver's; it is narrower only meanwhile.
 */
static int ims_parking_alloc(struct device *dev, struct ims_parking *parking)
{
	u64 mask = dev->coherent_dma_mask;

	if (!mask || dma_set_coherent_mask(dev, min_t(u64, mask,
						      DMA_BIT_MASK(32)))) {
		dev_err(dev,
			"IMS array: slots without a mask bit need DMA memory below 4 GiB, and the device has none; see dma_set_mask_and_coherent()\n");
		return -EOPNOTSUPP;
	}
	parking->places = dma_alloc_coherent(dev, parking->nr_slots *
						  sizeof(u32),
					     &parking->dma, GFP_KERNEL);
	dma_set_coherent_mask(dev, mask);
	if (parking->places)
		return 0;
	dev_err(dev, "IMS array: no %zu bytes of DMA memory below 4 GiB for slots without a mask bit\n",
		parking->nr_slots * sizeof(u32));
	return -ENOMEM;
}

/**
 * ims_parking_create() - Make parking places for slots without a mask bit
 * @array:	the store
 * @nr_slots:	its number of slots
 *
 * Return: 0, or a negative errno and the reason in the kernel log.
 */
int ims_parking_create(struct ims_array *array, unsigned int nr_slots)
{
	struct ims_parking *parking;
	int ret = -ENOMEM;

	parking = kzalloc(sizeof(*parking), GFP_KERNEL);
	if (!parking)
		return -ENOMEM;
	parking->nr_slots = nr_slots;
	parking->slots = kvcalloc(nr_slots, sizeof(*parking->slots),
				  GFP_KERNEL);
	if (parking->slots)
		ret = ims_parking_alloc(array->dev, parking);
	if (ret) {
		kvfree(parking->slots);
		kfree(parking);
		return ret;
	}
	memset(parking->places, 0xff, nr_slots * sizeof(u32));
	array->parking = parking;
	return 0;
}

/*
 * The places become other people's memory: no slot may point there. A driver
 * stops its device before it removes the domain. If it does not, what the
 * device still sends is a 0, written to the address 0, where an IOMMU has
 * nothing and memory is not for Linux to use.
 */
static void ims_parking_leave(const struct ims_array *array)
{
	struct ims_parking *parking = array->parking;
	unsigned int i, unit, last = parking->nr_slots;
	u32 ctrl;

	memset(parking->slots, 0, parking->nr_slots * sizeof(*parking->slots));
	for (i = 0; i < parking->nr_slots; i++) {
		if (ims_array_is_reserved(array, i))
			continue;
		/* The device's own bits of ctrl may share a unit with a word */
		ctrl = array->ctrl_shared ? ims_park_fresh_ctrl(array, i) : 0;
		for (unit = 0; unit < array->nr_units; unit++)
			ims_park_write(array, i, array->units[unit], ctrl);
		last = i;
	}
	/* One answer, and all that was sent to the places has arrived there */
	if (last < parking->nr_slots)
		ims_array_read_word(array, last, array->layout.address_lo);
}

/**
 * ims_parking_destroy() - Free the parking places, if there are any
 * @array:	the store; its slots are free, and still mapped
 */
void ims_parking_destroy(struct ims_array *array)
{
	struct ims_parking *parking = array->parking;

	if (!parking)
		return;
	if (parking->used)
		ims_parking_leave(array);
	dma_free_coherent(array->dev, parking->nr_slots * sizeof(u32),
			  parking->places, parking->dma);
	kvfree(parking->slots);
	kfree(parking);
}

#define IMS_PARK_OPS					\
	.owner		 = THIS_MODULE,			\
	.init		 = ims_park_init,		\
	.msi_alloc_store = ims_park_alloc,		\
	.write_msg	 = ims_park_write_msg,		\
	.check_msg	 = ims_park_check_msg,		\
	.mask		 = ims_park_mask,		\
	.unmask		 = ims_park_unmask,		\
	.take_missed	 = ims_park_take_missed,	\
	.restore	 = ims_park_restore,		\
	.read_slot	 = ims_park_read,		\
	.destroy	 = ims_array_destroy

const struct device_msi_ops ims_park_ops = {
	IMS_PARK_OPS,
};

const struct device_msi_ops ims_park_sideband_ops = {
	IMS_PARK_OPS,
	.set_sideband	 = ims_park_set_sideband,
};
