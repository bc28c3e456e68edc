// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_array.ko: a store that is an array in device memory. This file creates and
 * destroys an array; mask.c and park.c have the operations on its slots.
 */
#include "array.h"

#include <linux/bitmap.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>

/* Work out where each window is, and which unit holds the ctrl word of a slot */
static void ims_array_resolve(struct ims_array *array,
			      const struct ims_window *windows)
{
	const struct ims_layout *layout = &array->layout;
	struct ims_array_window *window;
	unsigned int i, first = 0;
	u32 data;

	array->ctrl_stride = layout->ctrl_stride ?: layout->stride;
	if (ims_layout_has_word(layout->ctrl)) {
		array->ctrl_unit = ims_array_unit(layout, layout->ctrl);
		data = ims_layout_data_in_ctrl(layout) ? layout->data_bits : 0;
		array->ctrl_bits = ims_array_ctrl_value(array, ~data);
		array->mask_bit = ims_array_ctrl_value(array,
						       layout->mask_bit);
		array->pending_bit = ims_array_ctrl_value(array,
							  layout->pending_bit);
		if (layout->mask == IMS_MASK_SET)
			array->masked = array->mask_bit;
	}
	for (i = 0; i < array->nr_windows; i++) {
		window = &array->windows[i];
		window->base = windows[i].base;
		window->index = windows[i].index;
		window->ctrl = layout->ctrl_stride ? windows[i].ctrl :
						     windows[i].base;
		window->ctrl += array->ctrl_unit;
		window->mask = windows[i].mask;
		window->pending = windows[i].pending;
		window->first = first;
		first += windows[i].nr_slots;
		window->end = first;
		cond_resched();
	}
}

/* Add the unit that holds @word to those that a message is written to */
static void ims_array_add_unit(struct ims_array *array, u16 word)
{
	const struct ims_layout *layout = &array->layout;
	unsigned int i;
	u16 unit;

	if (!ims_layout_has_word(word))
		return;
	unit = ims_array_unit(layout, word);
	if (ims_layout_ctrl_inside(layout) && unit == array->ctrl_unit) {
		array->ctrl_shared = true;
		/* The functions that keep the mask bit write this unit */
		if (layout->mask != IMS_MASK_NONE)
			return;
	}
	for (i = 0; i < array->nr_units; i++)
		if (array->units[i] == unit)
			return;
	array->units[array->nr_units++] = unit;
}

static int ims_array_reserve(struct ims_array *array,
			     const struct ims_array_info *info,
			     unsigned int nr_slots)
{
	unsigned int i;

	if (!info->nr_reserved)
		return 0;
	array->reserved = bitmap_zalloc(nr_slots, GFP_KERNEL);
	if (!array->reserved)
		return -ENOMEM;
	for (i = 0; i < info->nr_reserved; i++) {
		bitmap_set(array->reserved, info->reserved[i].first,
			   info->reserved[i].nr);
		cond_resched();
	}
	return 0;
}

/* The driver may unmap the array once this returns: the last accesses are here */
static void ims_array_abandon(void *store)
{
	ims_parking_destroy(store);
	ims_memory_release(store);
}

static void ims_array_destroy(void *store)
{
	struct ims_array *array = store;

	ims_parking_destroy(array);
	ims_memory_release(array);
	ims_bitmap_destroy(array);
	ims_index_destroy(array);
	bitmap_free(array->reserved);
	kvfree(array);
}

/*
 * The device loses what comes while a slot is masked. So its slots are parked as those
 * without a mask bit are, and the bit lets them send as long as the array exists.
 */
static void ims_array_park_masked(struct ims_array *array)
{
	struct ims_layout *layout = &array->layout;

	array->gate = layout->mask_bit;
	array->open = ims_layout_mask(layout, 0, false);
	layout->mask = IMS_MASK_NONE;
	layout->mask_bit = 0;
}

static struct ims_array *ims_array_create(struct device *dev,
					  const struct ims_array_info *info,
					  const struct ims_layout *layout,
					  unsigned int nr_slots)
{
	struct ims_array *array;
	int ret;

	array = kvzalloc(struct_size(array, windows, info->nr_windows),
			 GFP_KERNEL);
	if (!array)
		return ERR_PTR(-ENOMEM);
	array->layout = *layout;
	array->dev = dev;
	if (layout->drops_masked)
		ims_array_park_masked(array);
	INIT_LIST_HEAD(&array->node);
	ratelimit_state_init(&array->gone_limit, 5 * HZ, 1);
	ratelimit_set_flags(&array->gone_limit, RATELIMIT_MSG_ON_RELEASE);
	array->nr_windows = info->nr_windows;
	ims_array_resolve(array, info->windows);
	ims_array_add_unit(array, layout->address_lo);
	ims_array_add_unit(array, layout->address_hi);
	ims_array_add_unit(array, layout->data);

	ret = ims_array_reserve(array, info, nr_slots);
	if (!ret && layout->indexed)
		ret = ims_index_create(array);
	if (!ret && layout->mask_bitmap)
		ret = ims_bitmap_create(array);
	if (!ret)
		ret = ims_memory_claim(array);
	if (!ret && array->layout.mask == IMS_MASK_NONE)
		ret = ims_parking_create(array, nr_slots);
	if (ret) {
		ims_array_destroy(array);
		return ERR_PTR(ret);
	}
	return array;
}

static void ims_array_choose_ops(struct ims_array *array)
{
	bool sideband = ims_layout_has_sideband(&array->layout);

	if (array->layout.mask == IMS_MASK_NONE) {
		array->ops = sideband ? ims_park_sideband_ops : ims_park_ops;
	} else {
		array->ops = sideband ? ims_mask_sideband_ops : ims_mask_ops;
		ims_direct_choose(array);
		if (ims_layout_has_pending(&array->layout))
			array->ops.get_pending = ims_pending_get;
	}
	array->ops.abandon = ims_array_abandon;
	array->ops.destroy = ims_array_destroy;
}

/**
 * ims_array_create_domain() - Create the domain of an array store
 * @dev:	the PCI function that has the array
 * @info:	the array; copied
 *
 * Masks and clears every slot that is not reserved, and checks that the first and
 * the last of them in each window keep a message. The caller has enabled the device's
 * memory. It calls pci_set_master() after this, so that no stale slot fires, and
 * before the first request_irq(), because a message is a memory write of the device.
 * device_msi_remove_domain() removes the domain; the caller stops the device before
 * that.
 *
 * Context: Process context, may sleep.
 * Return: the domain, or an ERR_PTR: -EINVAL for a wrong argument, -EOPNOTSUPP
 * or -ENOMEM if the slots have no mask bit and the device no coherent memory
 * below 4 GiB, -EBUSY if another array or MSI-X uses the memory of a slot,
 * -ENODEV if the device is not in D0, its memory is off, or the array reads as all
 * ones, -EIO if a slot does not keep its message, or an error of
 * device_msi_create_domain(). The reason is in the kernel log.
 */
struct device_msi_domain *
ims_array_create_domain(struct device *dev, const struct ims_array_info *info)
{
	struct device_msi_info domain_info = {};
	const struct ims_layout *layout;
	struct device_msi_domain *dom;
	struct ims_array *array;
	unsigned int nr_slots;
	int ret;

	if (IS_ERR_OR_NULL(dev) || IS_ERR_OR_NULL(info)) {
		pr_err_ratelimited("no domain is created: the %s is NULL or an error\n",
				   IS_ERR_OR_NULL(dev) ? "device" :
							 "description of the array");
		WARN_ON_ONCE(1);
		return ERR_PTR(-EINVAL);
	}
	layout = info->layout ?: &ims_layout_standard;
	ret = ims_array_check(dev, info, layout, &nr_slots);
	if (ret)
		return ERR_PTR(ret);
	array = ims_array_create(dev, info, layout, nr_slots);
	if (IS_ERR(array))
		return ERR_CAST(array);

	ims_array_choose_ops(array);
	domain_info.ops = &array->ops;
	domain_info.store = array;
	domain_info.nr_slots = nr_slots;
	domain_info.reserved = info->reserved;
	domain_info.nr_reserved = info->nr_reserved;
	domain_info.nr_expected = info->nr_expected;
	domain_info.flags = info->flags;
	domain_info.listener = info->listener;
	dom = device_msi_create_domain(dev, &domain_info);
	if (IS_ERR(dom))
		ims_array_destroy(array);
	return dom;
}
EXPORT_SYMBOL_GPL(ims_array_create_domain);

static void ims_array_devm_remove(void *dom)
{
	device_msi_release_domain(dom);
}

/**
 * devm_ims_array_create_domain() - ims_array_create_domain() for a probe()
 * @dev:	the PCI function that has the array
 * @info:	the array; copied
 *
 * The domain is removed when the driver is unbound from @dev, after everything
 * that was acquired with devm_ functions later, such as the interrupts.
 *
 * Context: Process context, may sleep.
 * Return: as ims_array_create_domain(), or ERR_PTR(-ENOMEM).
 */
struct device_msi_domain *
devm_ims_array_create_domain(struct device *dev,
			     const struct ims_array_info *info)
{
	struct device_msi_domain *dom;
	int ret;

	dom = ims_array_create_domain(dev, info);
	if (IS_ERR(dom))
		return dom;

	ret = devm_add_action_or_reset(dev, ims_array_devm_remove, dom);
	return ret ? ERR_PTR(ret) : dom;
}
EXPORT_SYMBOL_GPL(devm_ims_array_create_domain);

/**
 * struct ims_array_change - What ims_array_update_ctrl() is to do
 * @clear:	bits to be 0
 * @set:	bits to be 1
 */
struct ims_array_change {
	u32	clear;
	u32	set;
};

static int ims_array_change_ctrl(struct device_msi_desc *desc, void *data)
{
	const struct ims_array *array = desc->store;
	const struct ims_array_change *change = data;
	u32 others = (change->clear | change->set) & ~array->layout.preserve;

	if (others) {
		dev_err_ratelimited(array->dev,
				    "slot %u: bits 0x%x of ctrl are not the driver's to change; the layout has 0x%x in preserve\n",
				    desc->index, others, array->layout.preserve);
		return -EINVAL;
	}
	/* A slot without ctrl has no such bits, so none is to be changed */
	if (!ims_layout_has_word(array->layout.ctrl))
		return 0;
	if (array->layout.mask == IMS_MASK_NONE)
		ims_park_change_ctrl(desc, change->clear, change->set);
	else
		ims_mask_change_ctrl(desc, change->clear, change->set);
	return 0;
}

/**
 * ims_array_update_ctrl() - Change bits of ctrl that are the device's own
 * @dom:	the domain
 * @index:	number of an allocated slot
 * @clear:	bits to be 0; all within layout->preserve
 * @set:	bits to be 1, also those that are in @clear; all within
 *		layout->preserve
 *
 * The store remembers these bits when a slot is allocated and writes them with
 * every change of the mask: what a driver writes into ctrl by itself is overwritten.
 * A message may be sent meanwhile, with the old bits or the new. When this returns
 * the device has seen the new ones, and device_msi_restore() writes them again.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: 0; -EINVAL for a wrong argument; -ENODEV if the domain was removed; or
 * -ENOENT if the slot has no interrupt. The reason is in the kernel log.
 */
int ims_array_update_ctrl(struct device_msi_domain *dom, unsigned int index,
			  u32 clear, u32 set)
{
	struct ims_array_change change = { .clear = clear, .set = set };

	return device_msi_call_slot(dom, THIS_MODULE, index,
				    ims_array_change_ctrl, &change);
}
EXPORT_SYMBOL_GPL(ims_array_update_ctrl);

MODULE_DESCRIPTION("Interrupt Message Store: an array in device memory");
MODULE_AUTHOR("ims maintainers");
MODULE_LICENSE("GPL");
MODULE_VERSION(IMS_VERSION);
