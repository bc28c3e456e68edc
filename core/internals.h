/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic layer's private state, shared by the files of core/ only.
 */
#ifndef _IMS_CORE_INTERNALS_H
#define _IMS_CORE_INTERNALS_H

#include <linux/hashtable.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/irqdomain.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <ims/backend.h>

#include "../domains/domains.h"

/* What device_msi_info.flags may have */
#define DEVICE_MSI_INFO_FLAGS	(DEVICE_MSI_STORE_CHOOSES | \
				 DEVICE_MSI_NEEDS_PASID | \
				 DEVICE_MSI_VMM_EMULATES)

/**
 * struct device_msi_domain - The interrupts of one store
 * @ref:	one of the driver's handle, one per devres entry of a consumer,
 *		and one of each call that is inside
 * @live:	in the table of the domains that drivers may use
 * @dev:	the device whose identity the messages carry; referenced
 * @info:	what the store gave at creation
 * @ops:	the store's operations; the dead ones after a refused removal
 * @msi:	the kernel's descriptor, one for all: names the device to the
 *		parent
 * @parent:	where the interrupts come from
 * @domain:	our child of the parent's irq_domain
 * @fwnode:	names @domain, and finds it on kernels that allocate by fwspec
 * @id:		tells the domains of one device apart
 * @chip:	per domain, for the name and the flags, which the parent decides
 * @lock:	serialises allocation, free and removal; taken before any
 *		irq_domain lock
 * @removed:	no more interrupts, the store is gone
 * @irqs:	struct device_msi_irq by slot number. What is in here owns its
 *		slot, so a number is free only once its entry is erased.
 * @nr_irqs:	how many there are
 * @alloc_error: why the parent's allocation failed; kernels that allocate by
 *		fwspec return only that it did
 * @quota:	of each consumer that has none of its own
 * @consumers:	struct device_msi_consumer by device
 * @sysfs_work:	makes the entries in msi_irqs/ of requested interrupts
 * @debugfs:	this domain's file
 */
struct device_msi_domain {
	struct kref			ref;
	struct hlist_node		live;
	struct device			*dev;
	struct device_msi_info		info;
	const struct device_msi_ops	*ops;
	struct msi_desc			msi;
	struct device_msi_parent	parent;
	struct irq_domain		*domain;
	struct fwnode_handle		*fwnode;
	int				id;
	struct irq_chip			chip;
	struct mutex			lock;	/* alloc, free, removal */
	bool				removed;
	struct xarray			irqs;
	unsigned int			nr_irqs;
	int				alloc_error;
	unsigned int			quota;
	DECLARE_HASHTABLE(consumers, 8);
	struct work_struct		sysfs_work;
	struct dentry			*debugfs;
};

/**
 * struct device_msi_consumer - A device that has interrupts of a domain
 * @node:	in dom->consumers
 * @dom:	the domain
 * @dev:	the device; referenced, unless its devres entry ends this before
 *		the device does
 * @irqs:	its interrupts
 * @nr_irqs:	how many
 * @quota:	how many it may have, if @has_quota
 * @has_quota:	the domain's quota does not apply
 * @managed:	a devres entry of @dev frees all its interrupts
 */
struct device_msi_consumer {
	struct hlist_node		node;
	struct device_msi_domain	*dom;
	struct device			*dev;
	struct list_head		irqs;
	unsigned int			nr_irqs;
	unsigned int			quota;
	bool				has_quota;
	bool				managed;
};

/**
 * struct device_msi_irq - One interrupt
 * @desc:	the part that the store sees
 * @data:	the kernel's part, our level of it; NULL until it is allocated
 * @owner:	whom it belongs to
 * @node:	in owner->irqs
 * @msg:	the message that the slot should hold
 * @in_store:	msi_alloc_store() has made the slot ready
 * @requested:	request_irq() has begun, and free_irq() has not ended
 * @in_sysfs:	there is an entry in msi_irqs/
 * @held:	must stay masked, the device lacks its sideband
 * @no_msg:	must stay masked, its message could not be made after a move
 * @activated:	since it was requested, the parent has given it a vector
 *
 * There may be tens of thousands: what is the same for all is in the domain, and
 * what changes under the descriptor's raw lock only shares a byte.
 */
struct device_msi_irq {
	struct device_msi_desc		desc;
	struct irq_data			*data;
	struct device_msi_consumer	*owner;
	struct list_head		node;
	struct msi_msg			msg;
	bool				in_store;
	bool				requested;
	bool				in_sysfs;
	u8				held : 1;
	u8				no_msg : 1;
	u8				activated : 1;
};

static inline struct device_msi_irq *
device_msi_desc_irq(struct device_msi_desc *desc)
{
	return container_of(desc, struct device_msi_irq, desc);
}

/* Every domain has a chip of its own */
static inline struct device_msi_domain *device_msi_domain_of(struct irq_data *d)
{
	return container_of(d->chip, struct device_msi_domain, chip);
}

/* Whatever the kernel wants, it must not send */
static inline bool device_msi_must_not_send(const struct device_msi_irq *irq)
{
	return irq->held || irq->no_msg;
}

/* The kernel wants it to send, and it may */
static inline bool device_msi_may_send(const struct device_msi_irq *irq)
{
	return !irqd_irq_masked(irq->data) && !device_msi_must_not_send(irq);
}

/* Such an interrupt must not be able to fire */
static inline bool
device_msi_lacks_pasid(const struct device_msi_domain *dom,
		       const struct device_msi_sideband *sideband)
{
	return (dom->info.flags & DEVICE_MSI_NEEDS_PASID) &&
	       sideband->type != DEVICE_MSI_SIDEBAND_PASID;
}

/* handle.c */
void device_msi_publish(struct device_msi_domain *dom);
bool device_msi_retire(struct device_msi_domain *dom);
int device_msi_enter(struct device_msi_domain *dom);
void device_msi_leave(struct device_msi_domain *dom);
int device_msi_enter_for(struct device_msi_domain *dom, struct device *consumer);
void device_msi_leave_for(struct device_msi_domain *dom,
			  struct device *consumer);
void device_msi_put(struct device_msi_domain *dom);

/* domain.c */
void device_msi_domain_release(struct kref *ref);

/* consumer.c */
struct device_msi_consumer *
device_msi_consumer_get(struct device_msi_domain *dom, struct device *dev);
struct device_msi_consumer *
device_msi_consumer_find(struct device_msi_domain *dom, struct device *dev);
void device_msi_consumer_drop_idle(struct device_msi_consumer *owner);
void device_msi_consumers_drop(struct device_msi_domain *dom);
int device_msi_consumer_manage(struct device_msi_consumer *owner);

/* budget.c */
int device_msi_charge(struct device_msi_consumer *owner, unsigned int min,
		      unsigned int max);
void device_msi_uncharge(struct device_msi_consumer *owner, unsigned int nr);
unsigned int device_msi_budget_left(void);

/* slots.c */
int device_msi_take_slots(struct device_msi_consumer *owner,
			  struct device_msi_desc **descs, unsigned int nr);
void device_msi_give_slots(struct device_msi_domain *dom,
			   struct device_msi_desc **descs, unsigned int nr);

/* batch.c */
int device_msi_irq_cache_init(void);
void device_msi_irq_cache_exit(void);
int device_msi_batch_alloc(struct device_msi_consumer *owner,
			   const struct device_msi_req *req,
			   const struct irq_affinity_desc *affinity,
			   struct device_msi_desc **descs,
			   unsigned int min, unsigned int max);
void device_msi_batch_free(struct device_msi_desc **descs, unsigned int nr);

/* free.c */
bool device_msi_irq_requested(const struct device_msi_irq *irq);
unsigned int device_msi_free_consumer(struct device_msi_consumer *owner);
int device_msi_free_or_warn(struct device_msi_consumer *owner);

/* spread.c */
int device_msi_spread(struct device_msi_domain *dom, struct irq_affinity *affd,
		      unsigned int min, unsigned int max,
		      struct irq_affinity_desc *spread);

/* sideband.c */
int device_msi_check_sideband(struct device_msi_domain *dom,
			      const struct device_msi_sideband *sideband);
int device_msi_put_sideband(struct device_msi_irq *irq,
			    struct device_msi_sideband sideband);

/* chip.c */
extern const struct irq_domain_ops device_msi_domain_ops;
void device_msi_chip_init(struct device_msi_domain *dom);
void device_msi_clear_slot(const struct device_msi_ops *ops,
			   struct device_msi_irq *irq);

/* sysfs.c */
void device_msi_sysfs_work(struct work_struct *work);
void device_msi_sysfs_request(struct irq_data *d);
void device_msi_sysfs_release(struct irq_data *d);

/* debugfs.c */
void device_msi_debugfs_init(void);
void device_msi_debugfs_exit(void);
void device_msi_debugfs_add(struct device_msi_domain *dom);
void device_msi_debugfs_remove(struct device_msi_domain *dom);

#endif /* _IMS_CORE_INTERNALS_H */
