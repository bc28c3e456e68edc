// SPDX-License-Identifier: GPL-2.0-only
/*
 * irq_chip callbacks for slots that are masked by one write of 4 bytes. They do what
 * those of the kernel's own MSI-X do and nothing that other layouts need, so that they
 * cost no more: see device_msi_mask_by(). The mask bit of the standard slot is a
 * constant here.
 */
#include "array.h"

#define IMS_STANDARD_BIT	BIT(0)

static __always_inline void ims_direct_mask(struct device_msi_desc *desc,
					    unsigned long ctrl)
{
	void __iomem *at = desc->slot_at;

	desc->slot_data = ctrl;
	writel(ctrl, at);
	readl(at);	/* flushes the write, as in ims_mask_cached() */
}

static __always_inline void ims_direct_unmask(struct device_msi_desc *desc,
					      unsigned long ctrl)
{
	desc->slot_data = ctrl;
	writel(ctrl, desc->slot_at);
}

static __always_inline void ims_standard_mask(struct device_msi_desc *desc)
{
	ims_direct_mask(desc, desc->slot_data | IMS_STANDARD_BIT);
}

static __always_inline void ims_standard_unmask(struct device_msi_desc *desc)
{
	ims_direct_unmask(desc, desc->slot_data & ~IMS_STANDARD_BIT);
}

static void ims_standard_chip_mask(struct irq_data *d)
{
	device_msi_mask_by(d, ims_standard_mask);
}

static void ims_standard_chip_unmask(struct irq_data *d)
{
	device_msi_unmask_by(d, ims_standard_unmask);
}

/* Layouts with another mask bit, which masks when it is 1 or when it is 0 */
static __always_inline void ims_bit_mask(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;
	unsigned long bit = array->mask_bit;

	ims_direct_mask(desc, (desc->slot_data & ~bit) | array->masked);
}

static __always_inline void ims_bit_unmask(struct device_msi_desc *desc)
{
	const struct ims_array *array = desc->store;
	unsigned long bit = array->mask_bit;

	ims_direct_unmask(desc, (desc->slot_data | bit) ^ array->masked);
}

static void ims_bit_chip_mask(struct irq_data *d)
{
	device_msi_mask_by(d, ims_bit_mask);
}

static void ims_bit_chip_unmask(struct irq_data *d)
{
	device_msi_unmask_by(d, ims_bit_unmask);
}

/**
 * ims_direct_choose() - Give an array the chip callbacks that suit its layout
 * @array:	the array, whose slots have a mask bit
 *
 * If the mask bits are in a bitmap, or ctrl is read before it is written, is big-endian,
 * behind an index register, or not accessed by 4 bytes, the array gets no chip
 * callbacks: the core calls its mask() and unmask().
 */
void ims_direct_choose(struct ims_array *array)
{
	const struct ims_layout *layout = &array->layout;
	struct device_msi_ops *ops = &array->ops;

	if (array->bitmap || layout->reread_ctrl || layout->big_endian ||
	    array->index || layout->access != sizeof(u32))
		return;
	if (layout->mask == IMS_MASK_SET &&
	    layout->mask_bit == IMS_STANDARD_BIT) {
		ops->chip_mask = ims_standard_chip_mask;
		ops->chip_unmask = ims_standard_chip_unmask;
	} else {
		ops->chip_mask = ims_bit_chip_mask;
		ops->chip_unmask = ims_bit_chip_unmask;
	}
}
