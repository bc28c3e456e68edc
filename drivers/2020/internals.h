/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of ims_2020.ko share.
 *
 * No lock of this module is held while the core, a store or the driver is called, so
 * that a device that does not answer delays no other. Objects in use are referenced.
 */
#ifndef _IMS_2020_INTERNALS_H
#define _IMS_2020_INTERNALS_H

/* The prefix of every line in the log: include this header before those of Linux */
#define dev_fmt(fmt)	"IMS: " fmt

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/xarray.h>
#include <ims/compat/2020/linux/irqchip/ims-2020.h>
#include <ims/ims.h>

/* A queue's slot number: the set in the upper half, the interrupt of it in the lower */
#define IMS_2020_INDEX_BITS	16
#define IMS_2020_MAX_IRQS	BIT(IMS_2020_INDEX_BITS)
#define IMS_2020_MAX_BLOCK	((DEVICE_MSI_NO_LIMIT >> IMS_2020_INDEX_BITS) - 1)

/* The block of a set that has reserved no slot numbers in a queue */
#define IMS_2020_NO_BLOCK	(~0U)

/* Bit 0 of ctrl masks or unmasks, in each of the patches */
#define IMS_2020_MASK_BIT	BIT(0)

/**
 * struct ims_2020_domain - What a driver regards as its irq_domain
 * @node:	in the table of domains that drivers may use
 * @ref:	references: one of the driver's handle, one of each set, and one of each
 *		call in progress
 * @rcu:	frees the domain after a grace period
 * @msi:	the domain of the core
 * @queue:	the driver's functions, if the store is a queue
 * @is_queue:	the store is a queue
 * @removed:	the driver has removed the domain
 * @devices:	struct ims_2020_device of the devices that this domain is set for
 * @sets:	the sets of interrupts, one for each device
 * @blocks:	for a queue: struct ims_2020_set by the upper half of its slot numbers
 */
struct ims_2020_domain {
	struct hlist_node		node;
	refcount_t			ref;
	struct rcu_head			rcu;
	struct device_msi_domain	*msi;
	struct ims_2020_queue_info	queue;
	bool				is_queue;
	bool				removed;
	struct list_head		devices;
	struct list_head		sets;
	struct xarray			blocks;
};

/**
 * struct ims_2020_shadow - A slot of a queue
 * @slot:	the shadow that the store writes
 * @theirs:	the driver's own shadow of the slot
 * @ctrl:	the ctrl word that was last copied from @slot to @theirs
 * @used:	the store has committed the slot before
 */
struct ims_2020_shadow {
	struct ims_2020_slot	slot;
	struct ims_2020_slot	*theirs;
	u32			ctrl;
	bool			used;
};

/**
 * struct ims_2020_set - The interrupts of one device
 * @node:	in domain->sets, under the table's lock
 * @ref:	references: one of the device's entry, and one of each call in progress
 * @rcu:	frees the set after a grace period
 * @domain:	the domain of the interrupts; referenced
 * @dev:	the device of the interrupts; referenced
 * @block:	the upper half of the slot numbers, if @domain is a queue
 * @shadows:	the slots, if @domain is a queue
 * @freeing:	msi_domain_free_irqs() is under way
 * @nr:		length of @descs
 * @descs:	the descriptors that the driver reads
 */
struct ims_2020_set {
	struct list_head	node;
	refcount_t		ref;
	struct rcu_head		rcu;
	struct ims_2020_domain	*domain;
	struct device		*dev;
	u32			block;
	struct ims_2020_shadow	*shadows;
	bool			freeing;
	unsigned int		nr;
	struct ims_2020_desc	descs[];
};

/* handle.c */
struct ims_2020_domain *ims_2020_domain_new(void);
struct irq_domain *ims_2020_domain_publish(struct ims_2020_domain *domain);
struct ims_2020_domain *ims_2020_domain_retire(struct irq_domain *domain);
struct ims_2020_domain *ims_2020_domain_get(struct irq_domain *domain);
void ims_2020_domain_put(struct ims_2020_domain *domain);

/* set.c */
struct ims_2020_set *ims_2020_set_new(struct ims_2020_domain *domain,
				      struct device *dev, unsigned int nr);
void ims_2020_set_put(struct ims_2020_set *set);
int ims_2020_number(struct ims_2020_set *set, const struct msi_map *maps);
struct ims_2020_set *ims_2020_find_irq(unsigned int irq, unsigned int *hwirq);

/* queue.c */
extern const struct ims_queue_ops ims_2020_queue_ops;
int ims_2020_get_shadows(struct ims_2020_set *set);
void ims_2020_clear_shadows(struct ims_2020_set *set);

/* device.c */
int ims_2020_devices_init(void);
void ims_2020_devices_exit(void);
int ims_2020_claim(struct ims_2020_set *set);
int ims_2020_publish(struct ims_2020_set *set);
void ims_2020_unclaim(struct ims_2020_set *set);
struct ims_2020_set *ims_2020_begin_free(struct ims_2020_domain *domain,
					 struct device *dev);
void ims_2020_end_free(struct ims_2020_set *set, bool freed);
void ims_2020_forget(struct ims_2020_domain *domain);

#endif /* _IMS_2020_INTERNALS_H */
