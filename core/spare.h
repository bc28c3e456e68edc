/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spares: freed interrupts that a domain keeps for its next allocations.
 */
#ifndef _IMS_CORE_SPARE_H
#define _IMS_CORE_SPARE_H

#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

struct device_msi_domain;
struct irq_data;

/**
 * struct device_msi_fresh - The settings of a new interrupt of a domain
 * @status:	flags of struct irq_desc
 * @state:	flags of struct irq_common_data, but for IRQD_AFFINITY_SET
 * @handler:	flow handler
 * @internal:	the kernel's internal flags, such as that of an interrupt to be raised
 * @cpus:	affinity, which is the default for all interrupts
 * @effective:	effective affinity, as the parent sets it before there is a vector
 * @known:	a new interrupt was recorded
 */
struct device_msi_fresh {
	unsigned int			status;
	unsigned int			state;
	irq_flow_handler_t		handler;
	unsigned int			internal;
	cpumask_var_t			cpus;
	cpumask_var_t			effective;
	bool				known;
};

/**
 * struct device_msi_spares - Freed interrupts that a domain keeps
 * @node:	node in the list of all domains, see reclaim.c
 * @lock:	protects all of this; taken after the domain's lock and before any
 *		irq_domain lock, and no two at a time
 * @irqs:	struct irq_data by device_msi_spare_key()
 * @reserved:	key of an entry of @irqs that may be reserved for no spare
 * @nr:		how many spares there are
 * @low:	the least @nr since unneeded spares were disposed of
 * @room:	as many spares are allowed, until then, by a call that freed many
 */
struct device_msi_spares {
	struct list_head		node;
	struct mutex			lock;	/* all of this */
	struct xarray			irqs;
	unsigned long			reserved;
	atomic_t			nr;
	unsigned int			low;
	unsigned int			room;
};

/* renew.c */
void device_msi_record_new(struct device_msi_domain *dom, struct irq_data *d);
bool device_msi_renew(const struct device_msi_domain *dom, struct irq_data *d);

/* spare.c */
void device_msi_spare_raise_limit(struct device_msi_domain *dom, unsigned int nr);
unsigned int device_msi_spare_dispose(struct device_msi_domain *dom,
				      unsigned int nr);
bool device_msi_spare_keep(struct device_msi_domain *dom, struct irq_data *d);
struct irq_data *device_msi_spare_use(struct device_msi_domain *dom,
				      unsigned int index, int node,
				      bool managed);
void device_msi_spare_was_disposed(struct device_msi_domain *dom,
				   struct irq_data *d);

/* reclaim.c */
int device_msi_reclaim_init(void);
void device_msi_reclaim_exit(void);
void device_msi_spares_init(struct device_msi_domain *dom);
void device_msi_spares_begin(struct device_msi_domain *dom);
void device_msi_spares_end(struct device_msi_domain *dom);
void device_msi_spares_count(int change);
int device_msi_spares_changes(void);
bool device_msi_spares_reclaim(int moved);

#endif /* _IMS_CORE_SPARE_H */
