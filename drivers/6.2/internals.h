/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of ims_62.ko share.
 *
 * As in Linux 6.2, a mutex of the domain is held while an interrupt is allocated, and
 * prepare_desc() is called with it. Likewise another one while a queue's callbacks are
 * called, from irq_bus_lock() to irq_bus_sync_unlock(). No lock of this module is held for
 * two domains at a time.
 */
#ifndef _IMS_62_INTERNALS_H
#define _IMS_62_INTERNALS_H

/* The prefix of every line in the log: include this header before those of Linux */
#define dev_fmt(fmt)	"IMS: " fmt

#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/xarray.h>
#include <ims/backend.h>
#include <ims/ims.h>
#include <ims/compat/6.2/linux/ims-62.h>

struct pci_dev;

/**
 * struct ims_62_domain - The IMS domain of a function
 * @node:	in the table of domains
 * @ref:	references: one of the table, one of a direct store, one of each interrupt and
 *		each call in progress
 * @pdev:	the function; referenced
 * @msi:	the domain of the core, NULL until it exists
 * @gone:	the driver has unbound: neither it nor the device may be accessed
 * @lock:	serialises allocations
 * @next:	the interrupt that is being allocated
 * @command:	serialises the commands of a queue's device; acquired after @lock and
 *		after the locks of the core and the store
 * @irqs:	struct ims_62_irq by slot number
 * @template:	the driver's, copied
 * @domain:	what prepare_desc() and the callbacks see of the domain: @domain.host_data
 *		is @template.info. The last member, because it has no fixed size.
 */
struct ims_62_domain {
	struct hlist_node		node;
	refcount_t			ref;
	struct pci_dev			*pdev;
	struct device_msi_domain	*msi;
	bool				gone;
	struct mutex			lock;	/* one allocation at a time */
	struct ims_62_irq		*next;
	struct mutex			command;	/* one command at a time */
	struct xarray			irqs;
	struct ims_62_template		template;
	struct irq_domain		domain;
};

/**
 * struct ims_62_shadow - A slot of a queue, as the queue store writes it
 * @address_lo:	lower half of the address
 * @address_hi:	upper half
 * @data:	the data
 * @ctrl:	bit 0: the slot is masked
 */
struct ims_62_shadow {
	u32	address_lo;
	u32	address_hi;
	u32	data;
	u32	ctrl;
};

/**
 * struct ims_62_irq - An interrupt
 * @ref:	references: one of the slot, one of the call that allocates it
 * @rcu:	frees the interrupt after a grace period
 * @domain:	the domain; referenced
 * @desc:	what the driver's callbacks see as struct msi_desc
 * @common:	what @data.common points to: all zero, the kernel's own is not shown
 * @data:	what the driver's callbacks see as struct irq_data
 * @icookie:	what the driver has passed
 * @affinity:	what @desc.affinity points to, if the driver has passed one
 * @shadow:	the slot, if the store is a queue
 * @masked:	the last callback for the mask was irq_mask(), or irq_shutdown()
 * @started:	irq_unmask() was called, and irq_shutdown() was not yet
 * @carried:	the driver's callbacks have got the slot of a queue
 * @held:	disable_irq() has masked the slot of a queue, which is to send by @shadow
 */
struct ims_62_irq {
	refcount_t			ref;
	struct rcu_head			rcu;
	struct ims_62_domain		*domain;
	struct ims_62_desc		desc;
	struct irq_common_data		common;
	struct irq_data			data;
	union ims_62_icookie		icookie;
	struct irq_affinity_desc	affinity;
	struct ims_62_shadow		shadow;
	bool				masked;
	bool				started;
	bool				carried;
	bool				held;
};

/* domain.c */
struct ims_62_domain *ims_62_domain_get(struct pci_dev *pdev);
void ims_62_domain_put(struct ims_62_domain *domain);

/* check.c */
bool ims_62_check(struct pci_dev *pdev, const struct ims_62_template *template,
		  unsigned int hwsize);
bool ims_62_is_queue(const struct irq_chip *chip);

/* irqs.c */
extern const struct irq_domain_ops ims_62_domain_ops;
int ims_62_irq_begin(struct ims_62_domain *domain, unsigned int index);
void ims_62_irq_end(struct ims_62_irq *irq);
unsigned int ims_62_count_requested(struct ims_62_domain *domain);
void ims_62_irq_end_all(struct ims_62_domain *domain);
struct ims_62_irq *ims_62_irq_get(unsigned int virq);
void ims_62_irq_put(struct ims_62_irq *irq);

/* chip.c */
void ims_62_call_mask(struct ims_62_irq *irq);
void ims_62_call_unmask(struct ims_62_irq *irq);
void ims_62_call_write(struct ims_62_irq *irq, const struct msi_msg *msg);

/* direct.c */
extern const struct device_msi_ops ims_62_direct_ops;

/* queue.c */
extern const struct ims_queue_ops ims_62_queue_ops;

#endif /* _IMS_62_INTERNALS_H */
