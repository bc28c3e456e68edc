/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Consumers: the devices that interrupts belong to. There may be as many consumers as
 * interrupts, so the domain has them in a hash table that grows.
 */
#ifndef _IMS_CORE_CONSUMER_H
#define _IMS_CORE_CONSUMER_H

#include <linux/list.h>
#include <linux/rhashtable.h>

struct device;
struct device_msi_domain;
struct device_msi_irq;

/**
 * struct device_msi_consumer - A device that has interrupts of a domain
 * @hash:	node in dom->consumers, by @dev
 * @node:	node in dom->owners, or in dom->idle
 * @dom:	the domain
 * @dev:	the device; referenced, unless a devres entry removes this record
 *		before the device is released
 * @rcu:	delays kfree() until no callback of an interrupt that it had looks at
 *		it
 * @irqs:	its interrupts, but for those in quarantine
 * @quarantine:	freed interrupts that the device may still send; it is charged for
 *		them
 * @nr_irqs:	number of interrupts that it is charged for
 * @quota:	its quota, if @has_quota
 * @has_quota:	it has a quota of its own, instead of the domain's
 * @managed:	a devres entry of @dev frees its interrupts
 */
struct device_msi_consumer {
	struct rhash_head		hash;
	struct list_head		node;
	struct device_msi_domain	*dom;
	struct device			*dev;
	struct rcu_head			rcu;
	struct list_head		irqs;
	struct list_head		quarantine;
	unsigned int			nr_irqs;
	unsigned int			quota;
	bool				has_quota;
	bool				managed;
};

/* consumer.c */
int device_msi_consumers_init(struct device_msi_domain *dom);
void device_msi_consumers_exit(struct device_msi_domain *dom);
struct device_msi_consumer *
device_msi_consumer_get(struct device_msi_domain *dom, struct device *dev);
struct device_msi_consumer *
device_msi_consumer_find(struct device_msi_domain *dom, struct device *dev);
void device_msi_consumer_remove_idle(struct device_msi_consumer *owner);
void device_msi_consumers_free(struct list_head *idle);
int device_msi_consumer_manage(struct device_msi_consumer *owner);

/* budget.c */
int device_msi_charge(struct device_msi_consumer *owner, unsigned int min,
		      unsigned int max);
void device_msi_uncharge(struct device_msi_consumer *owner, unsigned int nr);
unsigned int device_msi_budget_left(void);

/* quarantine.c */
void device_msi_quarantine(struct device_msi_irq *irq);
void device_msi_free_quarantined(struct device_msi_domain *dom, bool force);
void device_msi_transfer_quarantined(struct device_msi_consumer *owner,
				     struct device_msi_consumer *heir);

#endif /* _IMS_CORE_CONSUMER_H */
