/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic layer's private state, shared by the files of core/ only.
 */
#ifndef _IMS_CORE_INTERNALS_H
#define _IMS_CORE_INTERNALS_H

/* The prefix of every line in the log: include this header before those of Linux */
#define dev_fmt(fmt)	"device MSI: " fmt
#define pr_fmt(fmt)	"device MSI: " fmt

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

/**
 * struct device_msi_domain - The interrupts of one store
 * @ref:	held by the driver's handle, by each devres entry of a consumer and of
 *		@guard, by each call under way, and by @collect_work while queued
 * @rcu:	delays kfree() until no look-up in the table of live domains sees it
 * @live:	node in the table of live domains, which drivers may use; by @handle
 * @handle:	address of the domain itself, as a driver names it
 * @dev:	the device whose identity the messages carry; referenced
 * @info:	copy of what the store gave at creation
 * @ops:	the store's operations; device_msi_absent_ops after a release while
 *		interrupts were requested
 * @deferred:	changes are effective only after a commit, see docs/store.md
 * @msi:	the kernel's descriptor, shared by all interrupts: names @dev to the
 *		parent
 * @parent:	where the interrupts come from
 * @domain:	our child of the parent's irq_domain
 * @fwnode:	name of @domain, by which kernels that allocate by fwspec find it
 * @named:	node in the list of domains that have a name, see name.c
 * @number:	distinguishes the domains of one device, from 0
 * @chip:	one irq_chip per domain, for its name and the parent's flags
 * @direct:	@chip, with what the store's own chip callbacks look at
 * @chip_known:	irq_domain_set_hwirq_and_chip() was called with @chip
 * @lock:	serialises allocation, free and removal; taken before any
 *		irq_domain lock
 * @removed:	the domain is being removed, or was: interrupts can be neither
 *		allocated nor requested
 * @released:	released while interrupts are requested: ends with the last of them
 * @guard:	a devres entry of @dev releases the domain if the driver unbinds
 *		without having removed it
 * @quiesced:	device_msi_quiesce() was called: nothing is written to the store
 *		until device_msi_restore()
 * @emptied:	@quiesced, and every slot was masked and emptied before
 * @irqs:	struct device_msi_irq by slot number. An entry owns its slot: the
 *		number is free only once the entry is erased.
 * @nr_irqs:	number of interrupts, those in quarantine included
 * @fresh:	the settings of a new interrupt, see renew.c
 * @spares:	freed interrupts that are kept for the next allocations
 * @mapping:	the interrupt that the core is having the kernel allocate, or NULL
 * @alloc_error: why the parent's last allocation failed, which some kernels do not say
 * @number_hint: irq number to ask for first, so that the kernel need not search all
 *		that are in use; 0 for none
 * @freed:	the interrupt that the core is disposing of: its irq number, or 0, and
 *		our irq_data of it
 * @quota:	quota of each consumer that has none of its own
 * @consumers:	struct device_msi_consumer by device
 * @owners:	list of all consumers
 * @own:	the consumer @dev, which always exists: it inherits interrupts that
 *		could not be freed when another consumer was unregistered
 * @idle:	records of consumers to free after @lock is released: dropping the
 *		last reference to a device may run code that takes @lock
 * @asked:	the CPUs that device_msi_dispose() waits for
 * @disposed:	a driver has called irq_dispose_mapping() for an interrupt in @irqs
 * @late:	node in the list of domains whose interrupts move off a CPU before it
 *		goes offline
 * @sysfs_work:	creates the entries in msi_irqs/ of requested interrupts
 * @sysfs_lock:	held while @sysfs_work creates an entry
 * @sysfs_attr:	the attribute that all entries share
 * @sysfs_name:	name of the entry that is being created
 * @resend_work: raises the interrupts in @resend once the device has their messages
 * @collect_work: frees interrupts that drivers disposed of by themselves, and those
 *		whose free_irq() followed the release of the domain
 * @resend:	interrupts to be raised, by struct device_msi_irq.resend
 * @resend_lock: protects @resend; taken under a descriptor's raw lock
 * @debugfs:	the domain's file for people
 * @table:	the domain's file for programs
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
	struct device_msi_irq		*mapping;
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
	struct mutex			sysfs_lock;	/* an entry is created */
	struct device_attribute		sysfs_attr;
	char				sysfs_name[12];
	struct work_struct		resend_work;
	struct work_struct		collect_work;
	struct list_head		resend;
	raw_spinlock_t			resend_lock;	/* resend */
	struct dentry			*debugfs;
	struct dentry			*table;
};

/**
 * struct device_msi_irq - One interrupt
 * @desc:	the part that the store sees
 * @data:	irq_data of our irq_domain; NULL while the kernel has no irq for it
 * @owner:	the consumer that it belongs to, and that is charged for it
 * @node:	in owner->irqs, or in owner->quarantine
 * @resend:	in dom->resend, to be raised once the device has its message; or empty
 * @msg:	the message that the slot should hold
 * @cpus:	the last two CPUs that its message targeted, the latest first: either
 *		may have looked up the descriptor by its vector, but no older one. x86
 *		refuses a further move before the interrupt has arrived; a managed one
 *		moves only off CPUs that stop.
 * @target:	deferred store: the CPU that the parent moves it to when the device has
 *		acknowledged an empty slot; or DEVICE_MSI_NO_CPU. See masked_move.c
 * @caller:	deferred store: pid of the task in request_irq() or free_irq(), at
 *		whose end changes are committed
 * @in_store:	msi_alloc_store() has made the slot ready
 * @requested:	request_irq() has begun, and free_irq() has not ended
 * @mapped:	@data is allocated, and only the core may dispose of it
 * @disposed:	a driver has called irq_dispose_mapping() by itself
 * @quarantined: in owner->quarantine
 * @held:	must be masked: the device does not have its sideband
 * @no_msg:	must be masked: after a move its message could not be made
 * @activated:	its parents are activated, so that its message leads to a CPU
 * @had_vector:	its parents were activated at any time since request_irq() began
 * @stopping:	shut down by the kernel, as in free_irq(), since it was requested
 * @stale:	the slot lacks changes made while the device could not be reached
 * @orphaned:	the driver has gone: neither its code nor its device may be touched
 * @left:	managed: moved off a CPU that is or was about to go offline, and
 *		perhaps not arrived at its new CPU since
 * @entry:	state of its entry in msi_irqs/, see sysfs.c
 *
 * desc.direct depends on @msg, @held, @no_msg, @stale and @orphaned: code that
 * changes one of them updates it, see device_msi_update_direct().
 *
 * A domain may have tens of thousands of these, so what is equal for all is in the
 * domain. Only what changes under the descriptor's raw lock alone is a bit field: bit
 * fields share their bytes.
 */
struct device_msi_irq {
	struct device_msi_desc		desc;
	struct irq_data			*data;
	struct device_msi_consumer	*owner;
	struct list_head		node;
	struct list_head		resend;
	struct msi_msg			msg;
	unsigned int			cpus[2];
	unsigned int			target;
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

/* The chip is embedded in its domain */
static inline struct device_msi_domain *device_msi_domain_of(struct irq_data *d)
{
	return container_of(d->chip, struct device_msi_domain, chip);
}

static inline bool device_msi_msg_is_empty(const struct msi_msg *msg)
{
	return !msg->address_lo && !msg->address_hi && !msg->data;
}

/* The slot must be masked, whatever the kernel wants */
static inline bool device_msi_must_not_send(const struct device_msi_irq *irq)
{
	return irq->held || irq->no_msg || device_msi_msg_is_empty(&irq->msg);
}

/* The domain demands a PASID and @sideband has none: this must never fire */
static inline bool
device_msi_lacks_pasid(const struct device_msi_domain *dom,
		       const struct device_msi_sideband *sideband)
{
	return (dom->info.flags & DEVICE_MSI_NEEDS_PASID) &&
	       !(sideband->has & DEVICE_MSI_SIDEBAND_PASID);
}

/*
 * The kernel wants the slot to send, and nothing forbids it. A deferred store does
 * not commit disable_irq(): the kernel holds what arrives, see docs/queue.md.
 */
static inline bool device_msi_may_send(const struct device_msi_irq *irq)
{
	if (device_msi_must_not_send(irq))
		return false;
	return device_msi_domain_of(irq->data)->deferred ?
		irqd_is_started(irq->data) : !irqd_irq_masked(irq->data);
}

/* In device_msi_irq.cpus: the message has targeted no CPU yet; in .target: no move waits */
#define DEVICE_MSI_NO_CPU	UINT_MAX

/* The interrupt still targets the CPU that was noted last */
static inline bool device_msi_cpu_recorded(const struct device_msi_irq *irq)
{
	return irq->cpus[0] < nr_cpu_ids &&
	       cpumask_test_cpu(irq->cpus[0],
				irq_data_get_effective_affinity_mask(irq->data));
}

/* Note the target before a move and before deactivation, which change it */
static inline void device_msi_record_cpu(struct device_msi_irq *irq)
{
	if (device_msi_cpu_recorded(irq))
		return;
	irq->cpus[1] = irq->cpus[0];
	irq->cpus[0] =
		cpumask_first(irq_data_get_effective_affinity_mask(irq->data));
}

/* The interrupt of a slot; NULL if it has none, or one in quarantine */
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
void device_msi_unpublish(struct device_msi_domain *dom);
void device_msi_lock(struct device_msi_domain *dom);
void device_msi_unlock(struct device_msi_domain *dom);
int device_msi_check_context(unsigned long caller);
int device_msi_check_pointer(const void *ptr, const char *what,
			     unsigned long caller);
int device_msi_enter_from(struct device_msi_domain *dom, unsigned long caller);
void device_msi_exit(struct device_msi_domain *dom);
int device_msi_enter_for_from(struct device_msi_domain *dom,
			      struct device *consumer, unsigned long caller);
void device_msi_exit_for(struct device_msi_domain *dom,
			 struct device *consumer);
int device_msi_relock(struct device_msi_domain *dom);

/* For exported functions: _RET_IP_ is the driver, to be named in the log */
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
void device_msi_irq_was_disposed(struct device_msi_irq *irq);
void device_msi_collect_disposed(struct device_msi_domain *dom);
void device_msi_collect_work(struct work_struct *work);

/* slots.c */
int device_msi_reserve_slots(struct device_msi_domain *dom,
			     const struct device_msi_info *info);
void device_msi_unreserve_slots(struct device_msi_domain *dom);
int device_msi_alloc_slots(struct device_msi_consumer *owner,
			   const struct device_msi_req *req,
			   struct device_msi_desc **descs, unsigned int nr);
void device_msi_free_slots(struct device_msi_domain *dom,
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
int device_msi_write_sideband(struct device_msi_irq *irq,
			      struct device_msi_sideband sideband);

/* hierarchy.c */
extern const struct irq_domain_ops device_msi_domain_ops;
void device_msi_attach(struct device_msi_irq *irq, struct irq_data *d);

/* access.c */
extern const struct device_msi_ops device_msi_absent_ops;
bool device_msi_reachable(const struct device_msi_domain *dom);
const struct device_msi_ops *device_msi_ops_for(struct device_msi_irq *irq);
int device_msi_accept_msg(struct device_msi_domain *dom,
			  struct device_msi_irq *irq, struct irq_data *d,
			  struct msi_msg *msg, int error);
int device_msi_compose_msg(struct device_msi_domain *dom,
			   struct device_msi_irq *irq, struct irq_data *d,
			   struct msi_msg *msg);
void device_msi_write(const struct device_msi_ops *ops,
		      struct device_msi_irq *irq, const struct msi_msg *msg);
void device_msi_clear_slot(const struct device_msi_ops *ops,
			   struct device_msi_irq *irq);
void device_msi_unmask_slot(const struct device_msi_ops *ops,
			    struct device_msi_irq *irq);
void device_msi_raise_missed(const struct device_msi_ops *ops,
			     struct device_msi_irq *irq);
int device_msi_restore_slot(struct device_msi_irq *irq);
void device_msi_set_stale(struct device_msi_irq *irq);

/* chip.c */
void device_msi_chip_init(struct device_msi_domain *dom);

/* chip_deferred.c */
void device_msi_deferred_chip_init(struct device_msi_domain *dom);
bool device_msi_commit_for_request(struct device_msi_irq *irq);

/* deferred.c */
int device_msi_commit(struct device_msi_domain *dom,
		      struct device_msi_desc *desc);
void device_msi_raise_after_commit(struct device_msi_irq *irq);
void device_msi_cancel_resend(struct device_msi_irq *irq);
void device_msi_resend_all(struct device_msi_domain *dom);
void device_msi_resend_work(struct work_struct *work);

/* sysfs.c */
void device_msi_sysfs_init(struct device_msi_domain *dom);
void device_msi_sysfs_work(struct work_struct *work);
void device_msi_sysfs_request(struct irq_data *d);
void device_msi_sysfs_release(struct irq_data *d);

/* verify.c */
void device_msi_read_shadow(struct device_msi_irq *irq,
			    struct device_msi_slot *slot);
int device_msi_compare(struct device_msi_irq *irq, bool commit,
		       struct device_msi_slot *now, struct device_msi_slot *should);

#endif /* _IMS_CORE_INTERNALS_H */
