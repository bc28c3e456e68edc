// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parking places of an array whose slots have no mask bit are memory that the
 * device may write. park.c makes slots point there.
 */
#include "array.h"
#include "../power.h"

#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

/*
 * Allocate the parking places where the device can write with an address of 32 bits.
 * The DMA mask belongs to the driver: it is narrowed for this allocation only.
 */
static int ims_parking_alloc(struct device *dev, struct ims_parking *parking)
{
	u64 mask = dev->coherent_dma_mask;

	if (!mask || dma_set_coherent_mask(dev, min_t(u64, mask,
						      DMA_BIT_MASK(32)))) {
		dev_err(dev,
			"slots without a mask bit need DMA memory below 4 GiB, and the device has none; see dma_set_mask_and_coherent()\n");
		return -EOPNOTSUPP;
	}
	parking->places = dma_alloc_coherent(dev, parking->nr_slots *
						  sizeof(u32),
					     &parking->dma, GFP_KERNEL);
	dma_set_coherent_mask(dev, mask);
	if (parking->places)
		return 0;
	dev_err(dev, "no %zu bytes of DMA memory below 4 GiB for slots without a mask bit\n",
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
	/* The writes to the slots, which come after this, let the device know the places */
	memset(parking->places, 0xff, nr_slots * sizeof(u32));
	array->parking = parking;
	return 0;
}

/*
 * The slots are empty and stay parked, because the device cannot be accessed, or because
 * there is no other address where a message of theirs does no harm. So their places are
 * withheld from everybody for good.
 */
static void ims_parking_withhold(struct ims_array *array, bool asleep)
{
	struct ims_parking *parking = array->parking;

	dev_info(array->dev,
		 "%zu bytes of memory are withheld until the next boot, slots without a mask bit point there; %s\n",
		 parking->nr_slots * sizeof(u32), asleep ?
		 "resume the device before its domain is removed" :
		 "give the slots a mask bit, or do not remove the domain often");
	kvfree(parking->slots);
	kfree(parking);
	array->parking = NULL;
}

/**
 * ims_parking_destroy() - Free the parking places, if there are any
 * @array:	the store, whose slots are all unused and still mapped
 *
 * A device that is gone sends nothing any more. A read of one that is gone or asleep is
 * fatal on some machines.
 */
void ims_parking_destroy(struct ims_array *array)
{
	struct ims_parking *parking = array->parking;
	bool used, asleep;

	if (!parking)
		return;
	/* Only of PCI functions they come into use */
	used = parking->used && !ims_pci_is_gone(to_pci_dev(array->dev));
	asleep = used && ims_pci_sleeps(to_pci_dev(array->dev));
	if (used && (asleep ||
		     (!array->gate && !device_msi_zero_is_harmless()))) {
		ims_parking_withhold(array, asleep);
		return;
	}
	if (used)
		ims_park_vacate(array);
	dma_free_coherent(array->dev, parking->nr_slots * sizeof(u32),
			  parking->places, parking->dma);
	kvfree(parking->slots);
	kfree(parking);
	array->parking = NULL;
}
