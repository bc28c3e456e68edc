/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For a driver that was written for the IMS patches of 2020 or 2021 (see
 * docs/porting.md): the names that it knows, on ims_2020.ko. Not together with
 * <ims/ims.h>, whose names collide.
 *
 * IMS_SERIES says which patches, because their masks differ:
 *   2020	those of August 2020: a one in bit 0 of ctrl unmasks (the default)
 *   2021	those from September 2020 on: a one masks; bits 3 to 31 are the
 *		driver's (from November 2020 on with irq_set_auxdata())
 */
#ifndef _LINUX_IRQCHIP_IRQ_IMS_MSI_H
#define _LINUX_IRQCHIP_IRQ_IMS_MSI_H

/* Those that have what is renamed below, before it is */
#include <linux/bits.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/irqchip/ims-2020.h>

#ifndef IMS_SERIES
#define IMS_SERIES 2020
#endif

#if IMS_SERIES == 2020

#define IMS_VECTOR_CTRL_UNMASK		0x01

#elif IMS_SERIES == 2021

#define IMS_VECTOR_CTRL_MASK		0x01	/* until October 2020 */

#define IMS_CONTROL_WORD_IRQMASK	GENMASK(2, 0)
#define IMS_CONTROL_WORD_AUXMASK	GENMASK(31, 3)
#define IMS_CTRL_VECTOR_MASKBIT		BIT(0)
#define IMS_CTRL_PASID_ENABLE		BIT(3)
#define IMS_CTRL_PASID_SHIFT		12

enum {
	IMS_AUXDATA_CONTROL_WORD,
};

static inline u32 ims_ctrl_pasid_aux(unsigned int pasid, bool enable)
{
	return pasid << IMS_CTRL_PASID_SHIFT |
	       (enable ? IMS_CTRL_PASID_ENABLE : 0);
}

#define irq_set_auxdata(irq, which, value) \
	ims_2020_set_auxdata(irq, which, value)

#else
#error "IMS_SERIES is 2020 or 2021"
#endif

#define ims_slot	ims_2020_slot
#define ims_array_info	ims_2020_array_info
#define ims_queue_info	ims_2020_queue_info
#define msi_desc	ims_2020_desc

#define pci_ims_array_create_msi_irq_domain(pdev, info) \
	ims_2020_create_array(pdev, info, IMS_SERIES == 2021)
#define pci_ims_queue_create_msi_irq_domain(pdev, info) \
	ims_2020_create_queue(pdev, info, IMS_SERIES == 2021)
#define irq_domain_remove(domain)	ims_2020_remove(domain)

#define dev_set_msi_domain(dev, domain)	ims_2020_set_domain(dev, domain)
#define dev_get_msi_domain(dev)		ims_2020_get_domain(dev)

#define msi_domain_alloc_irqs(domain, dev, nvec) \
	ims_2020_alloc_irqs(domain, dev, nvec)
#define msi_domain_free_irqs(domain, dev) \
	ims_2020_free_irqs(domain, dev)

/* Linux before 5.17 has some of these, for its own descriptors */
#undef for_each_msi_entry
#define for_each_msi_entry(desc, dev) \
	for ((desc) = ims_2020_first_desc(dev); (desc); \
	     (desc) = ims_2020_next_desc(desc))
#define for_each_dev_msi_entry(desc, dev) for_each_msi_entry(desc, dev)
#undef first_msi_entry
#define first_msi_entry(dev)		ims_2020_first_desc(dev)
#define msi_irq_vector(dev, nr)		ims_2020_irq(dev, nr)
#define dev_msi_irq_vector(dev, nr)	ims_2020_irq(dev, nr)
#define dev_msi_hwirq(dev, nr)		ims_2020_hwirq(dev, nr)

#endif /* _LINUX_IRQCHIP_IRQ_IMS_MSI_H */
