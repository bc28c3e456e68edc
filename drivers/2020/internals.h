/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_2020.ko: what its files share.
 *
 * No lock of this module is held while the core, a store or the driver is
 * called: a device that does not answer holds up no other. What is in use has a
 * reference.
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

/* A queue's slot number: which device, and which of its interrupts */
#define IMS_2020_INDEX_BITS	16
#define IMS_2020_MAX_IRQS	BIT(IMS_2020_INDEX_BITS)
#define IMS_2020_MAX_BLOCK	((DEVICE_MSI_NO_LIMIT >> IMS_2020_INDEX_BITS) - 1)

/* Of a set that has no numbers of its own */
#define IMS_2020_NO_BLOCK	(~0U)

/* Bit 0 of ctrl masks or unmasks, in each of the patches */
#define IMS_2020_MASK_BIT	BIT(0)

/**
 * struct ims_2020_domain - What a driver regards as its irq_domain
 * @node:	in the table of domains that drivers may use
 * @ref:	one of the driver's handle, one of each set, and one of each call
 *		that is inside
 * @rcu:	frees it
 * @msi:	the domain that it is
 * @queue:	the driver's functions, if it is a queue
 * @is_queue:	whether it is
 * @removed:	the driver has removed it
 * @devices:	struct ims_2020_device that it is assigned to
 * @sets:	its interrupts, of each device a set
 * @blocks:	of a queue: struct ims_2020_set by the upper half of its slot
 *		numbers
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
 * @slot:	what the store writes
 * @theirs:	the driver's own shadow of it
 * @ctrl:	what the store has put into ctrl of @theirs so far
 * @used:	@theirs holds what the device shall have
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
 * @ref:	one of the device's entry, and one of each call that is inside
 * @rcu:	frees it
 * @domain:	where they come from; referenced
 * @dev:	whose they are; referenced
 * @block:	the upper half of their slot numbers, if @domain is a queue
 * @shadows:	their slots, likewise
 * @freeing:	msi_domain_free_irqs() is under way
 * @nr:		how many
 * @descs:	what the driver looks at
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
