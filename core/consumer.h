/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Consumers: the devices that interrupts belong to. There may be as many as
 * interrupts, so they are found by a table that grows with their number.
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
 * @hash:	in dom->consumers, by @dev
 * @node:	in dom->owners, or in dom->idle
 * @dom:	the domain
 * @dev:	the device; referenced, unless its devres entry ends this before
 *		the device does
 * @rcu:	frees it when no callback of an interrupt that it had looks at it
 * @irqs:	its interrupts, but for those in quarantine
 * @quarantine:	interrupts that were freed while it is unknown whether the device
 *		still sends them; it is charged for them
 * @nr_irqs:	how many it is charged for
 * @quota:	how many it may have, if @has_quota
 * @has_quota:	the domain's quota does not apply
 * @managed:	a devres entry of @dev frees all its interrupts
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
void device_msi_consumer_drop_idle(struct device_msi_consumer *owner);
void device_msi_consumers_put(struct list_head *idle);
int device_msi_consumer_manage(struct device_msi_consumer *owner);

/* quarantine.c */
void device_msi_quarantine(struct device_msi_irq *irq);
void device_msi_exit_quarantine(struct device_msi_domain *dom, bool force);
void device_msi_requarantine(struct device_msi_consumer *owner,
			     struct device_msi_consumer *heir);

#endif /* _IMS_CORE_CONSUMER_H */
