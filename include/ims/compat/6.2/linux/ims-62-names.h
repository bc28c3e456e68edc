/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For a driver that was written for the IMS interface of Linux 6.2 to 6.9 (see
 * docs/porting.md): the names that it knows, on ims_62.ko, the same on every kernel. The
 * headers beside include this one, so that the driver has no line of ours.
 *
 * Not in a file that looks at the descriptors of MSI-X, whose struct is another one here.
 */
#ifndef _IMS_COMPAT_62_NAMES_H
#define _IMS_COMPAT_62_NAMES_H

/* Those of the kernel that have what is renamed below, before it is */
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/iommu.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/ims-62.h>

/* From Linux 6.2 on <linux/msi.h> includes <linux/msi_api.h>, which has these */
#ifndef LINUX_MSI_API_H
#define IMS_62_HAS_NO_MSI_API

struct msi_map {
	int	index;
	int	virq;
};

#define MSI_ANY_INDEX			(~0U)
#endif

#define msi_instance_cookie		ims_62_icookie
#define msi_domain_cookie		ims_62_dcookie
#define msi_desc			ims_62_desc
#define msi_domain_ops			ims_62_ops
#define msi_domain_info			ims_62_info
#define msi_domain_template		ims_62_template

#define DOMAIN_BUS_PCI_DEVICE_MSI	60U
#define DOMAIN_BUS_PCI_DEVICE_MSIX	61U
#define DOMAIN_BUS_PCI_DEVICE_IMS	IMS_62_BUS_TOKEN

#define MSI_FLAG_ALLOC_SIMPLE_MSI_DESCS	IMS_62_FLAG_ALLOC_DESCS
#define MSI_FLAG_FREE_MSI_DESCS		IMS_62_FLAG_FREE_DESCS
#define MSI_FLAG_PCI_IMS		IMS_62_FLAG_OTHER
#define MSI_FLAG_USE_DEF_DOM_OPS	IMS_62_FLAG_OTHER
#define MSI_FLAG_USE_DEF_CHIP_OPS	IMS_62_FLAG_OTHER
#define MSI_FLAG_ACTIVATE_EARLY		IMS_62_FLAG_OTHER
#define MSI_FLAG_MUST_REACTIVATE	IMS_62_FLAG_OTHER
#define MSI_FLAG_DEV_SYSFS		IMS_62_FLAG_OTHER

#define MSI_DEFAULT_DOMAIN		IMS_62_DEFAULT_DOMAIN
#define MSI_SECONDARY_DOMAIN		IMS_62_SECONDARY_DOMAIN

#define pci_create_ims_domain(pdev, template, hwsize, data) \
	ims_62_create_domain(pdev, template, hwsize, data)
#define pci_ims_alloc_irq(pdev, icookie, affdesc) \
	ims_62_alloc_irq(pdev, icookie, affdesc)
#define pci_ims_free_irq(pdev, map)	ims_62_free_irq(pdev, map)

#define msi_domain_get_virq(dev, domid, index) \
	ims_62_get_virq(dev, domid, index)
#define msi_get_virq(dev, index) \
	ims_62_get_virq(dev, IMS_62_DEFAULT_DOMAIN, index)
#define irq_data_get_msi_desc(d)	ims_62_desc_of_data(d)
#define irq_get_msi_desc(irq)		ims_62_desc_of_irq(irq)
#define msi_get_domain_info(domain) \
	((struct ims_62_info *)(domain)->host_data)

/* Of a chip with irq_bus_lock() these waited for the device, as they do here */
#define disable_irq(irq)		ims_62_disable_irq(irq)
#define disable_irq_nosync(irq)		ims_62_disable_irq_nosync(irq)
#define enable_irq(irq)			ims_62_enable_irq(irq)

#undef msi_desc_to_dev
#define msi_desc_to_dev(desc)		((desc)->dev)

#endif /* _IMS_COMPAT_62_NAMES_H */
