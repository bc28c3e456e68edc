/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device MSI: the driver API of the generic layer.
 *
 * For the author of a vendor driver. A domain comes from the store that the
 * device has (<ims/ims.h>); interrupts come from the domain.
 */
#ifndef _IMS_DEVICE_MSI_H
#define _IMS_DEVICE_MSI_H

#include <linux/types.h>
#include <ims/compat/msi_map.h>

struct device;
struct device_msi_domain;
struct irq_affinity_desc;

/* As large as the hardware interrupt number that VT-d can remap per IOMMU */
#define DEVICE_MSI_MAX_SLOTS	65536U

/* device_msi_req.index: any free slot will do */
#define DEVICE_MSI_ANY_SLOT	(~0U)

/**
 * struct device_msi_req - What a driver wants of one interrupt
 * @index:	slot number, 0 to the number of slots - 1, or
 *		%DEVICE_MSI_ANY_SLOT
 * @affinity:	CPUs to start on, or NULL for the system default. Kernels
 *		before v5.11 export no way to pass it down: the request then
 *		fails with -EOPNOTSUPP.
 */
struct device_msi_req {
	unsigned int			index;
	const struct irq_affinity_desc	*affinity;
};

/**
 * struct device_msi_caps - What a device can have here
 * @parent:	name of the interrupt parent ("VT-d remapping", ...)
 * @isolated:	the parent checks which device a message comes from
 * @fixed_message: a message never changes while its interrupt is requested,
 *		not even when the interrupt moves to another CPU
 */
struct device_msi_caps {
	const char	*parent;
	bool		isolated;
	bool		fixed_message;
};

int device_msi_supported(struct device *dev, struct device_msi_caps *caps);
int device_msi_remove_domain(struct device_msi_domain *dom);

struct msi_map device_msi_alloc_irq(struct device_msi_domain *dom,
				    struct device *consumer,
				    const struct device_msi_req *req);
int device_msi_free_irq(struct device_msi_domain *dom, struct msi_map map);
int device_msi_free_irqs(struct device_msi_domain *dom,
			 struct device *consumer);
int device_msi_virq(struct device_msi_domain *dom, unsigned int index);

#endif /* _IMS_DEVICE_MSI_H */
