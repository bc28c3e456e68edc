/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_2020.ko: what its files share.
 */
#ifndef _IMS_2020_INTERNALS_H
#define _IMS_2020_INTERNALS_H

#include <linux/idr.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <ims/compat/2020/linux/irqchip/ims-2020.h>
#include <ims/ims.h>

/* A queue's slot number: which device, and which of its interrupts */
#define IMS_2020_INDEX_BITS	16
#define IMS_2020_MAX_IRQS	BIT(IMS_2020_INDEX_BITS)
#define IMS_2020_MAX_BLOCK	((DEVICE_MSI_NO_LIMIT >> IMS_2020_INDEX_BITS) - 1)

/**
 * struct ims_2020_domain - What a driver takes for its irq_domain
 * @node:	in ims_2020_domains
 * @msi:	the domain that it is
 * @queue:	the driver's functions, if it is a queue
 * @is_queue:	whether it is
 * @blocks:	gives each device of a queue its slot numbers
 */
struct ims_2020_domain {
	struct list_head		node;
	struct device_msi_domain	*msi;
	struct ims_2020_queue_info	queue;
	bool				is_queue;
	struct ida			blocks;
};

/* Held for each change, of domains and of what devices have */
extern struct mutex ims_2020_lock;

/* domain.c */
struct ims_2020_domain *ims_2020_domain_find(struct irq_domain *domain);

/* irqs.c */
void ims_2020_forget(struct irq_domain *domain);

#endif /* _IMS_2020_INTERNALS_H */
