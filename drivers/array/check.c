// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is the driver's description of an array possible? What is accepted here is accessed
 * in atomic context later, where nothing can be refused. memory.c checks that nobody
 * else uses the memory, and pci.c that the device is awake.
 */
#include "array.h"

#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/sched.h>

#define IMS_ARRAY_FLAGS	(DEVICE_MSI_VMM_EMULATES | DEVICE_MSI_NEEDS_PASID)

/* From the beginning of a slot to the end of the last unit that is accessed */
static size_t ims_array_slot_size(const struct ims_layout *layout)
{
	return round_up(ims_layout_size(layout), layout->access);
}

/* From the beginning of a ctrl stride to the end of the unit that holds the ctrl word */
static size_t ims_array_ctrl_size(const struct ims_layout *layout)
{
	return round_up((size_t)layout->ctrl + IMS_WORD, layout->access);
}

/*
 * The bytes of @nr slots in a row: the last one may be shorter than the stride. Those
 * behind an index register have the stride 0.
 */
static u64 ims_array_slots_size(const struct ims_layout *layout,
				unsigned int nr)
{
	return (nr - 1) * (u64)layout->stride + ims_array_slot_size(layout);
}

static u64 ims_array_ctrls_size(const struct ims_layout *layout,
				unsigned int nr)
{
	return (nr - 1) * (u64)layout->ctrl_stride +
	       ims_array_ctrl_size(layout);
}

static int ims_array_check_stride(struct device *dev, const char *name,
				  u32 stride, size_t size,
				  const struct ims_layout *layout)
{
	if (stride < size) {
		dev_err(dev, "%s %u is less than the %zu bytes of one\n",
			name, stride, size);
		return -EINVAL;
	}
	if (!IS_ALIGNED(stride, layout->access)) {
		dev_err(dev, "%s %u is not a multiple of an access of %u bytes\n",
			name, stride, layout->access);
		return -EINVAL;
	}
	return 0;
}

/* The functions that write a PASID know nothing of the words of a message, or of ctrl */
static int ims_array_check_pasid_word(struct device *dev,
				      const struct ims_layout *layout)
{
	const u16 others[] = {
		layout->address_lo, layout->address_hi, layout->data,
		ims_layout_ctrl_inside(layout) ? layout->ctrl : IMS_NO_WORD,
	};
	unsigned int i;

	for (i = 0; layout->pasid_apart && i < ARRAY_SIZE(others); i++) {
		if (!ims_layout_has_word(others[i]) ||
		    ims_array_unit(layout, others[i]) !=
		    ims_array_unit(layout, layout->pasid_word))
			continue;
		dev_err(dev, "pasid_word at offset %u is written with the word at offset %u; it needs an access of its own\n",
			layout->pasid_word, others[i]);
		return -EINVAL;
	}
	return 0;
}

static int ims_array_check_indexed(struct device *dev,
				   const struct ims_layout *layout)
{
	if (!layout->stride && !layout->ctrl_stride)
		return 0;
	dev_err(dev, "stride %u and ctrl_stride %u of slots that have one address together; both are 0 with indexed\n",
		layout->stride, layout->ctrl_stride);
	return -EINVAL;
}

static int ims_array_check_layout(struct device *dev,
				  const struct ims_layout *layout)
{
	int ret;

	ret = ims_layout_check(dev, layout);
	if (ret)
		return ret;
	if (layout->access != sizeof(u32) && layout->access != sizeof(u64)) {
		dev_err(dev, "accesses of %u bytes; they can be of 4 or 8\n",
			layout->access);
		return -EINVAL;
	}
	/* A parked message would be written into the process's memory */
	if ((layout->mask == IMS_MASK_NONE || layout->drops_masked) &&
	    layout->pasid_enable && layout->pasid == IMS_PASID_TRAVELS) {
		dev_err(dev, "slots that are to be parked cannot be masked if their PASID travels with the message; see enum ims_pasid\n");
		return -EOPNOTSUPP;
	}
	ret = ims_array_check_pasid_word(dev, layout);
	if (!ret && layout->indexed)
		return ims_array_check_indexed(dev, layout);
	if (!ret)
		ret = ims_array_check_stride(dev, "stride", layout->stride,
					     ims_array_slot_size(layout),
					     layout);
	if (ret || !layout->ctrl_stride)
		return ret;
	if (!ims_layout_has_word(layout->ctrl)) {
		dev_err(dev, "ctrl_stride %u but no ctrl word\n",
			layout->ctrl_stride);
		return -EINVAL;
	}
	return ims_array_check_stride(dev, "ctrl_stride", layout->ctrl_stride,
				      ims_array_ctrl_size(layout), layout);
}

/* Check that a window's slots, or its ctrl words, are mapped, aligned and all there */
static int ims_array_check_memory(struct device *dev, unsigned int access,
				  unsigned int window, const char *name,
				  void __iomem *memory, size_t size, u64 need)
{
	if (!memory) {
		dev_err(dev, "window %u: %s is NULL; map the array first\n",
			window, name);
		return -EINVAL;
	}
	if (IS_ERR((void __force *)memory)) {
		dev_err(dev, "window %u: %s is an error, %pe; look at what the mapping of the array returned\n",
			window, name, (void __force *)memory);
		return -EINVAL;
	}
	if (!device_msi_is_mapped(memory)) {
		dev_err(dev, "window %u: nothing is mapped at %s; map a memory BAR, with pci_iomap()\n",
			window, name);
		return -EINVAL;
	}
	if (!IS_ALIGNED((unsigned long)memory, access)) {
		dev_err(dev, "window %u: %s is not aligned to %u bytes\n",
			window, name, access);
		return -EINVAL;
	}
	if (size < need) {
		dev_err(dev, "window %u: its slots need %llu bytes at %s, %zu are mapped\n",
			window, need, name, size);
		return -EINVAL;
	}
	return 0;
}

/* Check the words in which each slot of a window has a bit */
static int ims_array_check_bitmap(struct device *dev,
				  const struct ims_layout *layout,
				  unsigned int window, const char *name,
				  bool needed, void __iomem *memory, size_t size,
				  unsigned int nr)
{
	u64 units = DIV_ROUND_UP(nr, ims_array_unit_bits(layout));

	if (needed)
		return ims_array_check_memory(dev, layout->access, window, name,
					      memory, size,
					      units * layout->access);
	if (!memory)
		return 0;
	dev_err(dev, "window %u has %s bits of its own, the layout has none; set its %s_bitmap\n",
		window, name, name);
	return -EINVAL;
}

static int ims_array_check_index(struct device *dev,
				 const struct ims_layout *layout,
				 const struct ims_window *window, unsigned int i)
{
	if (layout->indexed)
		return ims_array_check_memory(dev, sizeof(u32), i, "index",
					      window->index, sizeof(u32),
					      sizeof(u32));
	if (!window->index)
		return 0;
	dev_err(dev, "window %u has an index register, the layout none; set its indexed\n",
		i);
	return -EINVAL;
}

static int ims_array_check_window(struct device *dev,
				  const struct ims_layout *layout,
				  const struct ims_window *window,
				  unsigned int i)
{
	unsigned int nr = window->nr_slots;
	int ret;

	if (!nr) {
		dev_err(dev, "window %u has no slots\n", i);
		return -EINVAL;
	}
	ret = ims_array_check_memory(dev, layout->access, i, "base",
				     window->base, window->size,
				     ims_array_slots_size(layout, nr));
	if (!ret)
		ret = ims_array_check_index(dev, layout, window, i);
	if (!ret)
		ret = ims_array_check_bitmap(dev, layout, i, "mask",
					     layout->mask_bitmap, window->mask,
					     window->mask_size, nr);
	if (!ret)
		ret = ims_array_check_bitmap(dev, layout, i, "pending",
					     layout->pending_bitmap,
					     window->pending,
					     window->pending_size, nr);
	if (ret)
		return ret;
	if (layout->ctrl_stride)
		return ims_array_check_memory(dev, layout->access, i, "ctrl",
					      window->ctrl, window->ctrl_size,
					      ims_array_ctrls_size(layout, nr));
	if (window->ctrl) {
		dev_err(dev, "window %u has ctrl words of its own, the layout has none; set its ctrl_stride\n",
			i);
		return -EINVAL;
	}
	return 0;
}

static int ims_array_check_windows(struct device *dev,
				   const struct ims_array_info *info,
				   const struct ims_layout *layout,
				   unsigned int *nr_slots)
{
	u64 sum = 0;
	unsigned int i;
	int ret;

	if (!info->windows || !info->nr_windows) {
		dev_err(dev, "no windows; say where the slots are\n");
		return -EINVAL;
	}
	for (i = 0; i < info->nr_windows; i++) {
		cond_resched();
		ret = ims_array_check_window(dev, layout, &info->windows[i], i);
		if (ret)
			return ret;
		sum += info->windows[i].nr_slots;
		if (sum > DEVICE_MSI_MAX_SLOTS) {
			dev_err(dev, "%llu slots up to window %u; a store has %u at most\n",
				sum, i, DEVICE_MSI_MAX_SLOTS);
			return -EINVAL;
		}
	}
	*nr_slots = sum;
	return 0;
}

static int ims_array_check_reserved(struct device *dev,
				    const struct ims_array_info *info,
				    unsigned int nr_slots)
{
	const struct device_msi_range *range;
	unsigned int i;

	if (info->nr_reserved && !info->reserved) {
		dev_err(dev, "%u reserved ranges, but reserved is NULL\n",
			info->nr_reserved);
		return -EINVAL;
	}
	for (i = 0; i < info->nr_reserved; i++) {
		cond_resched();
		range = &info->reserved[i];
		if (range->nr && range->first < nr_slots &&
		    range->nr <= nr_slots - range->first)
			continue;
		dev_err(dev, "reserved range %u, %u slots from %u on, is not within the store's %u\n",
			i, range->nr, range->first, nr_slots);
		return -EINVAL;
	}
	return 0;
}

static int ims_array_check_flags(struct device *dev,
				 const struct ims_array_info *info,
				 const struct ims_layout *layout)
{
	if (info->flags & ~IMS_ARRAY_FLAGS) {
		dev_err(dev, "unknown flags 0x%x\n",
			info->flags & ~IMS_ARRAY_FLAGS);
		return -EINVAL;
	}
	if (info->flags & DEVICE_MSI_NEEDS_PASID && !layout->pasid_enable) {
		dev_err(dev, "every interrupt needs a PASID, and the slots have no place for one\n");
		return -EINVAL;
	}
	return 0;
}

/**
 * ims_array_check() - Check the driver's description of an array
 * @dev:	the PCI function, for the log
 * @info:	the description
 * @layout:	how a slot is laid out
 * @nr_slots:	set to the number of slots in all windows
 *
 * Return: 0, or a negative errno and the reason in the kernel log.
 */
int ims_array_check(struct device *dev, const struct ims_array_info *info,
		    const struct ims_layout *layout, unsigned int *nr_slots)
{
	int ret;

	ret = ims_array_check_flags(dev, info, layout);
	if (!ret)
		ret = ims_array_check_layout(dev, layout);
	if (!ret)
		ret = ims_array_check_windows(dev, info, layout, nr_slots);
	if (!ret)
		ret = ims_array_check_reserved(dev, info, *nr_slots);
	return ret ?: ims_pci_check(dev);
}
