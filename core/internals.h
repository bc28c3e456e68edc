/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic layer's private state, shared by the files of core/ only.
 */
#ifndef _IMS_CORE_INTERNALS_H
#define _IMS_CORE_INTERNALS_H

#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/irqdomain.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/rhashtable.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <ims/backend.h>

#include "../domains/domains.h"
#include "consumer.h"
#include "spare.h"

/* What device_msi_info.flags may have */
#define DEVICE_MSI_INFO_FLAGS	(DEVICE_MSI_STORE_CHOOSES | \
				 DEVICE_MSI_NEEDS_PASID | \
				 DEVICE_MSI_VMM_EMULATES)

/**
 * struct device_msi_domain - The interrupts of one store
 * @ref:	one of the driver's handle, one per devres entry of a consumer,
 *		and one of each call that is inside
 * @rcu:	frees it when nobody looks at it in the table of live domains
 * @live:	in that table, of the domains that drivers may use, by @handle
 * @handle:	the domain itself, as a driver names it
 * @dev:	the device whose identity the messages carry; referenced
 * @info:	what the store gave at creation
 * @ops:	the store's operations; device_msi_absent_ops once the driver
 *		has gone while interrupts are requested
 * @deferred:	the device takes changes by commit, see docs/store.md
 * @msi:	the kernel's descriptor, one for all: names the device to the
 *		parent
 * @parent:	where the interrupts come from
 * @domain:	our child of the parent's irq_domain
 * @fwnode:	names @domain, and finds it on kernels that allocate by fwspec
 * @named:	among the domains whose names are taken
 * @number:	tells the domains of one device apart, from 0
 * @chip:	per domain, for the name and the flags, which the parent decides
 * @direct:	the same with what the store's callbacks ask for by themselves
 * @chip_known:	the kernel has been told of @chip
 * @lock:	serialises allocation, free and removal; taken before any
 *		irq_domain lock
 * @removed:	no more interrupts, the store is gone
 * @released:	the driver has gone while interrupts are requested: the domain
 *		ends with the last of them
 * @guard:	a devres entry of @dev looks whether its driver goes without
 *		having removed the domain
 * @quiesced:	device_msi_quiesce() was called: nothing is written to the store
 *		until device_msi_restore()
 * @emptied:	likewise, and every slot was masked and emptied before
 * @irqs:	struct device_msi_irq by slot number. What is in here owns its
 *		slot, so a number is free only once its entry is erased.
 * @nr_irqs:	how many there are
 * @fresh:	what a new interrupt is
 * @spares:	freed interrupts that are kept for the next allocations
 * @alloc_error: why the parent's allocation failed; kernels that allocate by
 *		fwspec return only that it did
 * @number_hint: the irq number to ask for first, so that the kernel need not search
 *		all that are in use; 0 for none
 * @freed:	the interrupt that the kernel is about to be asked to free: its number,
 *		or 0, and our level of it
 * @quota:	of each consumer that has none of its own
 * @consumers:	struct device_msi_consumer by device
 * @owners:	all of them
 * @own:	the one of @dev, which is always there: it inherits what consumers
 *		leave that go
 * @idle:	records of consumers that go when the lock is released: what the last
 *		reference to a device leads to may need the lock
 * @asked:	the CPUs that device_msi_dispose() waits for
 * @disposed:	there are interrupts whose mapping a driver has disposed of by
 *		itself
 * @late:	among the domains whose interrupts leave a CPU before it goes
 * @sysfs_work:	makes the entries in msi_irqs/ of requested interrupts
 * @sysfs_lock:	held while it makes one
 * @sysfs_attr:	what all entries are
 * @sysfs_name:	of the one that is being made
 * @resend_work: raises interrupts once the device has their messages
 * @collect_work: frees what drivers have disposed of by themselves, or have
 *		released after the domain was
 * @resend:	interrupts to be raised, struct device_msi_irq.resend
 * @resend_lock: protects @resend; taken under a descriptor's raw lock
 * @debugfs:	this domain's file
 */
struct device_msi_domain {
	struct kref			ref;
	struct rcu_head			rcu;
	struct rhash_head		live;
	const struct device_msi_domain	*handle;
	struct device			*dev;
	struct device_msi_info		info;
	const struct device_msi_ops	*ops;
	bool				deferred;
	struct msi_desc			msi;
	struct device_msi_parent	parent;
	struct irq_domain		*domain;
	struct fwnode_handle		*fwnode;
	struct list_head		named;
	unsigned int			number;
	union {
		struct irq_chip		chip;
		struct device_msi_chip	direct;
	};
	bool				chip_known;
	struct mutex			lock;	/* alloc, free, removal */
	bool				removed;
	bool				released;
	bool				guard;
	bool				quiesced;
	bool				emptied;
	struct xarray			irqs;
	unsigned int			nr_irqs;
	struct device_msi_fresh		fresh;
	struct device_msi_spares	spares;
	int				alloc_error;
	unsigned int			number_hint;
	struct {
		unsigned int		virq;
		struct irq_data		*data;
	} freed;
	unsigned int			quota;
	struct rhashtable		consumers;
	struct list_head		owners;
	struct device_msi_consumer	*own;
	struct list_head		idle;
	cpumask_var_t			asked;
	bool				disposed;
	struct list_head		late;
	struct delayed_work		sysfs_work;
	struct mutex			sysfs_lock;	/* one is made */
	struct device_attribute		sysfs_attr;
	char				sysfs_name[12];
	struct work_struct		resend_work;
	struct work_struct		collect_work;
	struct list_head		resend;
	raw_spinlock_t			resend_lock;	/* the list */
	struct dentry			*debugfs;
};

/**
 * struct device_msi_irq - One interrupt
 * @desc:	the part that the store sees
 * @data:	the kernel's part, our level of it; NULL until it is allocated
 * @owner:	whom it belongs to, and who is charged for it
 * @node:	in owner->irqs, or in owner->quarantine
 * @resend:	in dom->resend, or empty: to be raised as soon as the device has
 *		its message
 * @msg:	the message that the slot should hold
 * @cpus:	the last two CPUs to which its message led, the last one first: they
 *		may have fetched the descriptor. x86 refuses to move an interrupt again
 *		before it has arrived at its new CPU, so an older CPU has handled it.
 * @caller:	of a deferred store: the task that is in request_irq() or
 *		free_irq(), whose end commits
 * @in_store:	msi_alloc_store() has made the slot ready
 * @requested:	request_irq() has begun, and free_irq() has not ended
 * @mapped:	the kernel knows it, and only the core may dispose of it
 * @disposed:	a driver has disposed of the mapping by itself
 * @quarantined: in owner->quarantine
 * @held:	must stay masked, the device lacks its sideband
 * @no_msg:	must stay masked, its message could not be made after a move
 * @activated:	its parents are activated, so that its message means something
 * @had_vector:	likewise, at any time since it was requested
 * @stopping:	free_irq() has shut it down, and its commit is due
 * @stale:	what the kernel wanted of the slot while the device could not be
 *		reached is in the shadow only
 * @orphaned:	the driver has gone: neither it nor its device is touched any more
 * @left:	managed: it has left a CPU that is about to go, or was, and may not
 *		have arrived since
 * @entry:	in msi_irqs/, see sysfs.c
 *
 * Who changes @msg, @held, @no_msg, @stale or @orphaned minds desc.direct, which
 * follows from them: see device_msi_update_direct().
 *
 * There may be tens of thousands: what is the same for all is in the domain, and
 * what changes under the descriptor's raw lock only shares its bytes.
 */
struct device_msi_irq {
	struct device_msi_desc		desc;
	struct irq_data			*data;
	struct device_msi_consumer	*owner;
	struct list_head		node;
	struct list_head		resend;
	struct msi_msg			msg;
	unsigned int			cpus[2];
	pid_t				caller;
	bool				in_store;
	bool				requested;
	bool				mapped;
	bool				disposed;
	bool				quarantined;
	u16				held : 1;
	u16				no_msg : 1;
	u16				activated : 1;
	u16				had_vector : 1;
	u16				stopping : 1;
	u16				stale : 1;
	u16				orphaned : 1;
	u16				left : 1;
	u16				entry : 2;
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

static inline bool device_msi_msg_is_empty(const struct msi_msg *msg)
{
	return !msg->address_lo && !msg->address_hi && !msg->data;
}

/* Whatever the kernel wants, the slot must stay masked */
static inline bool device_msi_must_not_send(const struct device_msi_irq *irq)
{
	return irq->held || irq->no_msg || device_msi_msg_is_empty(&irq->msg);
}

/* Such an interrupt must not be able to fire */
static inline bool
device_msi_lacks_pasid(const struct device_msi_domain *dom,
		       const struct device_msi_sideband *sideband)
{
	return (dom->info.flags & DEVICE_MSI_NEEDS_PASID) &&
	       !(sideband->has & DEVICE_MSI_SIDEBAND_PASID);
}

/* A deferred store, where moves change the message: the old one stays for a while */
static inline bool device_msi_moves_late(const struct device_msi_domain *dom)
{
	return dom->deferred && !dom->parent.ops->fixed_message;
}

/*
 * The kernel wants it to send, and it may. What the kernel masks for a while a
 * deferred store lets through, to be held by the kernel: see docs/queue.md.
 */
static inline bool device_msi_may_send(const struct device_msi_irq *irq)
{
	if (device_msi_must_not_send(irq))
		return false;
	return device_msi_domain_of(irq->data)->deferred ?
		irqd_is_started(irq->data) : !irqd_irq_masked(irq->data);
}

/* In device_msi_irq.cpus: the message has led to none yet */
#define DEVICE_MSI_NO_CPU	UINT_MAX

/* It leads to the CPU that was noted last */
static inline bool device_msi_cpu_noted(const struct device_msi_irq *irq)
{
	return irq->cpus[0] < nr_cpu_ids &&
	       cpumask_test_cpu(irq->cpus[0],
				irq_data_get_effective_affinity_mask(irq->data));
}

/* Before a move, and before deactivation: then the parent may have it lead anywhere */
static inline void device_msi_note_cpu(struct device_msi_irq *irq)
{
	if (device_msi_cpu_noted(irq))
		return;
	irq->cpus[1] = irq->cpus[0];
	irq->cpus[0] =
		cpumask_first(irq_data_get_effective_affinity_mask(irq->data));
}

/* The interrupt of a slot, for its owner: not in quarantine */
static inline struct device_msi_irq *
device_msi_irq_at(struct device_msi_domain *dom, unsigned int index)
{
	struct device_msi_irq *irq = xa_load(&dom->irqs, index);

	return irq && !irq->quarantined ? irq : NULL;
}

/* handle.c */
int device_msi_live_init(void);
void device_msi_live_exit(void);
int device_msi_publish(struct device_msi_domain *dom);
bool device_msi_is_live(struct device_msi_domain *dom);
void device_msi_retire(struct device_msi_domain *dom);
void device_msi_lock(struct device_msi_domain *dom);
void device_msi_unlock(struct device_msi_domain *dom);
int device_msi_check_context(unsigned long caller);
int device_msi_check_pointer(const void *ptr, const char *what,
			     unsigned long caller);
int device_msi_enter_from(struct device_msi_domain *dom, unsigned long caller);
void device_msi_leave(struct device_msi_domain *dom);
int device_msi_enter_for_from(struct device_msi_domain *dom,
			      struct device *consumer, unsigned long caller);
void device_msi_leave_for(struct device_msi_domain *dom,
			  struct device *consumer);
void device_msi_unlock(struct device_msi_domain *dom);
int device_msi_relock(struct device_msi_domain *dom);

/* Of an exported function: it names the driver's function in the log */
#define device_msi_enter(dom)	device_msi_enter_from(dom, _RET_IP_)
#define device_msi_enter_for(dom, consumer)	\
	device_msi_enter_for_from(dom, consumer, _RET_IP_)
void device_msi_put(struct device_msi_domain *dom);

/* name.c */
int device_msi_create_name(struct device_msi_domain *dom);
void device_msi_remove_name(struct device_msi_domain *dom);

/* domain.c */
void device_msi_domain_destroy(struct kref *ref);
void device_msi_domain_end(struct device_msi_domain *dom);

/* release.c */
int device_msi_guard(struct device_msi_domain *dom);
void device_msi_unguard(struct device_msi_domain *dom);

/* collect.c */
extern struct workqueue_struct *device_msi_wq;
int device_msi_collect_init(void);
void device_msi_collect_exit(void);
void device_msi_collect_soon(struct device_msi_domain *dom);
void device_msi_disposed(struct device_msi_irq *irq);
void device_msi_collect_disposed(struct device_msi_domain *dom);
void device_msi_collect_work(struct work_struct *work);

/* budget.c */
int device_msi_charge(struct device_msi_consumer *owner, unsigned int min,
		      unsigned int max);
void device_msi_uncharge(struct device_msi_consumer *owner, unsigned int nr);
unsigned int device_msi_budget_left(void);

/* slots.c */
int device_msi_reserve_slots(struct device_msi_domain *dom,
			     const struct device_msi_info *info);
void device_msi_unreserve_slots(struct device_msi_domain *dom);
int device_msi_take_slots(struct device_msi_consumer *owner,
			  const struct device_msi_req *req,
			  struct device_msi_desc **descs, unsigned int nr);
void device_msi_give_slots(struct device_msi_domain *dom,
			   struct device_msi_desc **descs, unsigned int nr);

/* request.c */
int device_msi_check_req(struct device_msi_domain *dom,
			 const struct device_msi_req *req, unsigned int max);
int device_msi_check_bulk(struct device_msi_domain *dom,
			  const struct device_msi_req *req, unsigned int min,
			  unsigned int *max, const struct irq_affinity *affd);

/* batch.c */
int device_msi_irq_cache_init(void);
void device_msi_irq_cache_exit(void);
int device_msi_batch_alloc(struct device_msi_consumer *owner,
			   const struct device_msi_req *req,
			   const struct irq_affinity_desc *spread,
			   struct device_msi_desc **descs,
			   unsigned int min, unsigned int max);
void device_msi_irq_destroy(struct device_msi_irq *irq);

/* dispose.c */
bool device_msi_stop(struct device_msi_irq *irq);
void device_msi_deactivate(struct device_msi_irq *irq);
void device_msi_dispose(struct device_msi_domain *dom,
			struct device_msi_desc **descs, unsigned int nr);
void device_msi_batch_free(struct device_msi_desc **descs, unsigned int nr);

/* free.c */
bool device_msi_irq_requested(const struct device_msi_irq *irq);
unsigned int device_msi_free_consumer(struct device_msi_consumer *owner);
int device_msi_free_or_warn(struct device_msi_consumer *owner);

/* spread.c */
int device_msi_spread(struct device *dev, struct irq_affinity *affd,
		      unsigned int min, unsigned int max,
		      struct irq_affinity_desc *spread);

/* restore.c */
int device_msi_restore_irq(struct device_msi_irq *irq);

/* sideband.c */
int device_msi_check_sideband(struct device_msi_domain *dom,
			      const struct device_msi_sideband *sideband);
int device_msi_put_sideband(struct device_msi_irq *irq,
			    struct device_msi_sideband sideband);

/* hierarchy.c */
extern const struct irq_domain_ops device_msi_domain_ops;
void device_msi_attach(struct device_msi_irq *irq, unsigned int virq);

/* access.c */
extern const struct device_msi_ops device_msi_absent_ops;
bool device_msi_reachable(const struct device_msi_domain *dom);
const struct device_msi_ops *device_msi_ops_for(struct device_msi_irq *irq);
int device_msi_make_msg(struct device_msi_domain *dom,
			struct device_msi_irq *irq, struct irq_data *d,
			struct msi_msg *msg);
void device_msi_write(const struct device_msi_ops *ops,
		      struct device_msi_irq *irq, const struct msi_msg *msg);
void device_msi_clear_slot(const struct device_msi_ops *ops,
			   struct device_msi_irq *irq);
void device_msi_let_send(const struct device_msi_ops *ops,
			 struct device_msi_irq *irq);
void device_msi_raise_missed(const struct device_msi_ops *ops,
			     struct device_msi_irq *irq);
int device_msi_restore_slot(struct device_msi_irq *irq);
void device_msi_set_stale(struct device_msi_irq *irq);

/* chip.c */
void device_msi_chip_init(struct device_msi_domain *dom);
int device_msi_set_affinity(struct irq_data *d, const struct cpumask *mask,
			    bool force);

/* chip_deferred.c */
void device_msi_deferred_chip_init(struct device_msi_domain *dom);
int device_msi_move_late(struct irq_data *d, const struct cpumask *mask,
			 bool force);
bool device_msi_deferred_ready(struct device_msi_irq *irq);

/* deferred.c */
int device_msi_sync(struct device_msi_domain *dom,
		    struct device_msi_desc *desc);
void device_msi_raise_later(struct device_msi_irq *irq);
void device_msi_forget_resend(struct device_msi_irq *irq);
void device_msi_resend_all(struct device_msi_domain *dom);
void device_msi_resend_work(struct work_struct *work);

/* offline.c */
int device_msi_offline_init(void);
void device_msi_offline_exit(void);
void device_msi_offline_watch(struct device_msi_domain *dom);
void device_msi_offline_forget(struct device_msi_domain *dom);
const struct cpumask *device_msi_staying_cpus(const struct cpumask *mask);

/* sysfs.c */
void device_msi_sysfs_init(struct device_msi_domain *dom);
void device_msi_sysfs_work(struct work_struct *work);
void device_msi_sysfs_request(struct irq_data *d);
void device_msi_sysfs_release(struct irq_data *d);

/* debugfs.c */
void device_msi_debugfs_init(void);
void device_msi_debugfs_exit(void);
void device_msi_debugfs_add(struct device_msi_domain *dom);
void device_msi_debugfs_remove(struct device_msi_domain *dom);

#endif /* _IMS_CORE_INTERNALS_H */
