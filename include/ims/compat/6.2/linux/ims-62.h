/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The IMS interface of Linux 6.2 to 6.9 as ims_62.ko exports it, under names that collide
 * with those of no kernel. A driver includes <linux/msi.h> and <linux/pci.h>, which with
 * this include path have the names of 6.2 (ims-62-names.h).
 */
#ifndef _IMS_COMPAT_62_H
#define _IMS_COMPAT_62_H

#include <linux/irq.h>
#include <linux/irqhandler.h>
#include <linux/msi.h>
#include <linux/types.h>

struct device;
struct irq_affinity_desc;
struct irq_domain;
struct msi_map;
struct pci_dev;

/* MSI_FLAG_*: needed in a template, or accepted and without a meaning here */
#define IMS_62_FLAG_ALLOC_DESCS		0x1U
#define IMS_62_FLAG_FREE_DESCS		0x2U
#define IMS_62_FLAG_OTHER		0x80000000U

/* DOMAIN_BUS_PCI_DEVICE_IMS */
#define IMS_62_BUS_TOKEN		62U

/* MSI_DEFAULT_DOMAIN, MSI_SECONDARY_DOMAIN: MSI and MSI-X of the function, and its IMS */
#define IMS_62_DEFAULT_DOMAIN		0U
#define IMS_62_SECONDARY_DOMAIN		1U

/**
 * union ims_62_icookie - union msi_instance_cookie
 * @value:	a number, such as a PASID
 * @ptr:	a pointer, such as to the queue that the interrupt is for
 */
union ims_62_icookie {
	u64	value;
	void	*ptr;
};

/**
 * union ims_62_dcookie - union msi_domain_cookie
 * @value:	a number
 * @ptr:	a pointer
 * @iobase:	a mapped slot
 */
union ims_62_dcookie {
	u64	value;
	void	*ptr;
	void	__iomem *iobase;
};

/**
 * struct ims_62_desc - What a driver of 6.2 looks at in a struct msi_desc
 * @irq:	for request_irq(); 0 in prepare_desc()
 * @nvec_used:	1
 * @dev:	the function
 * @msg:	room for the driver to keep a message; all zero at the beginning
 * @affinity:	a copy of what pci_ims_alloc_irq() got, or NULL
 * @msi_index:	the slot's number
 * @data:	the cookies
 * @data.dcookie: the driver's own, all zero at the beginning
 * @data.icookie: what pci_ims_alloc_irq() got, or zero
 */
struct ims_62_desc {
	unsigned int			irq;
	unsigned int			nvec_used;
	struct device			*dev;
	struct msi_msg			msg;
	struct irq_affinity_desc	*affinity;
	unsigned int			msi_index;
	struct {
		union ims_62_dcookie	dcookie;
		union ims_62_icookie	icookie;
	} data;
};

struct ims_62_info;

/**
 * struct ims_62_ops - struct msi_domain_ops
 * @prepare_desc: fill in the cookies of a slot. Optional.
 * @get_hwirq:	must be NULL, as all that follow
 * @msi_init:	must be NULL
 * @msi_free:	must be NULL
 * @msi_prepare: must be NULL
 * @set_desc:	must be NULL
 * @domain_alloc_irqs: must be NULL
 * @domain_free_irqs: must be NULL
 * @msi_post_free: must be NULL
 */
struct ims_62_ops {
	void (*prepare_desc)(struct irq_domain *domain, msi_alloc_info_t *arg,
			     struct ims_62_desc *desc);
	irq_hw_number_t (*get_hwirq)(struct ims_62_info *info,
				     msi_alloc_info_t *arg);
	int (*msi_init)(struct irq_domain *domain, struct ims_62_info *info,
			unsigned int virq, irq_hw_number_t hwirq,
			msi_alloc_info_t *arg);
	void (*msi_free)(struct irq_domain *domain, struct ims_62_info *info,
			 unsigned int virq);
	int (*msi_prepare)(struct irq_domain *domain, struct device *dev,
			   int nvec, msi_alloc_info_t *arg);
	void (*set_desc)(msi_alloc_info_t *arg, struct ims_62_desc *desc);
	int (*domain_alloc_irqs)(struct irq_domain *domain, struct device *dev,
				 int nvec);
	void (*domain_free_irqs)(struct irq_domain *domain, struct device *dev);
	void (*msi_post_free)(struct irq_domain *domain, struct device *dev);
};

/**
 * struct ims_62_info - struct msi_domain_info
 * @flags:	%IMS_62_FLAG_ALLOC_DESCS, %IMS_62_FLAG_FREE_DESCS, and others
 * @bus_token:	%IMS_62_BUS_TOKEN
 * @hwsize:	filled in: how many slots there are
 * @ops:	filled in
 * @chip:	filled in
 * @chip_data:	filled in: NULL
 * @handler:	must be NULL, as the two that follow
 * @handler_data: must be NULL
 * @handler_name: must be NULL
 * @data:	filled in: what pci_create_ims_domain() got
 */
struct ims_62_info {
	u32			flags;
	unsigned int		bus_token;
	unsigned int		hwsize;
	struct ims_62_ops	*ops;
	struct irq_chip		*chip;
	void			*chip_data;
	irq_flow_handler_t	handler;
	void			*handler_data;
	const char		*handler_name;
	void			*data;
};

/**
 * struct ims_62_template - struct msi_domain_template
 * @name:	filled in
 * @chip:	the callbacks of the driver
 * @ops:	prepare_desc()
 * @info:	flags and token
 */
struct ims_62_template {
	char			name[48];
	struct irq_chip		chip;
	struct ims_62_ops	ops;
	struct ims_62_info	info;
};

bool ims_62_create_domain(struct pci_dev *pdev,
			  const struct ims_62_template *template,
			  unsigned int hwsize, void *data);
struct msi_map ims_62_alloc_irq(struct pci_dev *pdev,
				const union ims_62_icookie *icookie,
				const struct irq_affinity_desc *affdesc);
void ims_62_free_irq(struct pci_dev *pdev, struct msi_map map);
unsigned int ims_62_get_virq(struct device *dev, unsigned int domid,
			     unsigned int index);
struct ims_62_desc *ims_62_desc_of_irq(unsigned int irq);
struct ims_62_desc *ims_62_desc_of_data(struct irq_data *d);
void ims_62_disable_irq(unsigned int irq);
void ims_62_disable_irq_nosync(unsigned int irq);
void ims_62_enable_irq(unsigned int irq);
int ims_62_restore(struct pci_dev *pdev);

#endif /* _IMS_COMPAT_62_H */
