/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt Message Stores: the driver API of the stores that this project
 * brings. For the author of a vendor driver.
 */
#ifndef _IMS_IMS_H
#define _IMS_IMS_H

#include <linux/compiler_types.h>
#include <ims/device_msi.h>

/* The standard slot: the words of an MSI-X table entry, bit 0 of ctrl masks */
#define IMS_SLOT_SIZE		16
#define IMS_SLOT_ADDRESS_LO	0
#define IMS_SLOT_ADDRESS_HI	4
#define IMS_SLOT_DATA		8
#define IMS_SLOT_CTRL		12
#define IMS_CTRL_MASKED		0x1U

/**
 * struct ims_array_info - A store that is an array in device memory
 * @base:	the mapped array (ioremap() or pci_iomap()), aligned to 4 bytes;
 *		it must stay mapped for as long as the domain exists
 * @size:	bytes mapped at @base for the array
 * @nr_slots:	number of slots, 1 to %DEVICE_MSI_MAX_SLOTS
 * @flags:	%DEVICE_MSI_VMM_EMULATES, or 0
 */
struct ims_array_info {
	void __iomem	*base;
	size_t		size;
	unsigned int	nr_slots;
	unsigned int	flags;
};

struct device_msi_domain *
ims_array_create_domain(struct device *dev, const struct ims_array_info *info);
struct device_msi_domain *
devm_ims_array_create_domain(struct device *dev,
			     const struct ims_array_info *info);

#endif /* _IMS_IMS_H */
