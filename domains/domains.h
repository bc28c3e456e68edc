/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt parents: which irq_domain a device's messages come from, and what
 * is particular about it. The only place that knows architectures.
 */
#ifndef _IMS_DOMAINS_H
#define _IMS_DOMAINS_H

#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

struct device;
struct device_msi_block;
struct device_msi_provider;
struct msi_desc;
struct msi_msg;
struct pci_dev;

/**
 * struct device_msi_parent_ops - One kind of interrupt parent
 * @name:	for the log and for people
 * @match:	is this irq_domain of this kind?
 * @alloc:	allocate @nr interrupts, 1 or a power of two up to @block, for
 *		@virq and those that follow, from the parent of @domain: prepare
 *		the argument that this kind wants. @desc->dev is the device whose
 *		identity the messages carry. -ENOSPC: @full.
 * @block:	most interrupts that can be allocated at once, which is cheaper than
 *		one by one, up to 32. The parent gives up all when it frees the
 *		first. 0: only one at a time.
 * @isolated:	does the hardware check which device a message comes from? NULL
 *		if it never does
 * @flow_handler: how such an interrupt is handled
 * @chip_flags:	irq_chip flags for the child, on top of the usual ones
 * @fixed_message: a requested interrupt moves without a new message
 * @max_irqs:	most that can be allocated; others may share it
 * @max_requested: most that can be requested at a time, of all devices
 * @full:	what has run out when an allocation says -ENOSPC, with its size
 */
struct device_msi_parent_ops {
	const char *name;
	bool (*match)(const struct irq_domain *parent);
	int (*alloc)(struct irq_domain *domain, unsigned int virq,
		     unsigned int nr, struct msi_desc *desc);
	unsigned int block;
	bool (*isolated)(const struct irq_domain *parent);
	irq_flow_handler_t flow_handler;
	unsigned long chip_flags;
	bool fixed_message;
	unsigned int max_irqs;
	unsigned int (*max_requested)(void);
	const char *full;
};

/**
 * struct device_msi_blocks - What a domain has of its parent in blocks
 * @lock:	protects all of this but @irqs; taken after all locks of the core, and
 *		before the kernel's of an irq_domain
 * @partial:	blocks with unused interrupts
 * @full:	the others
 * @irqs:	the block of each interrupt that is in one, by its number
 * @wait:	so many interrupts are allocated singly before the next block
 * @last_wait:	what @wait was last, while no block can be had
 */
struct device_msi_blocks {
	struct mutex		lock;	/* all of this */
	struct list_head	partial;
	struct list_head	full;
	struct xarray		irqs;
	unsigned int		wait;
	unsigned int		last_wait;
};

/**
 * struct device_msi_parent - The parent of one device
 * @ops:	its kind
 * @domain:	the irq_domain to be a child of
 * @provider:	who makes messages of this guest's ones; NULL: they are right
 * @isolated:	messages of other devices do not reach this one's interrupts
 * @blocks:	interrupts that were allocated several at a time
 * @why_not:	if there is none: a sentence with the reason and a way out
 */
struct device_msi_parent {
	const struct device_msi_parent_ops	*ops;
	struct irq_domain			*domain;
	const struct device_msi_provider	*provider;
	bool					isolated;
	struct device_msi_blocks		blocks;
	const char				*why_not;
};

int device_msi_parent_find(struct device *dev, unsigned int flags,
			   struct device_msi_parent *parent);
void device_msi_parent_put(struct device_msi_parent *parent);
int device_msi_parent_alloc(const struct device_msi_parent *parent,
			    struct msi_desc *msi, struct irq_domain *domain,
			    unsigned int virq);
void device_msi_parent_free(struct device_msi_parent *parent,
			    struct msi_desc *msi, struct irq_domain *domain,
			    unsigned int virq);
int device_msi_parent_msg(const struct device_msi_parent *parent,
			  struct msi_desc *msi, struct irq_data *d,
			  struct msi_msg *msg);
void device_msi_parent_deactivate(struct irq_data *d);

/* blocks.c */
void device_msi_blocks_init(struct device_msi_blocks *blocks);
void device_msi_blocks_exit(struct device_msi_blocks *blocks);
struct irq_data *device_msi_block_pick(struct device_msi_parent *parent,
				       struct irq_domain *domain, int node,
				       unsigned int want, bool *fresh);
void device_msi_parent_dispose(struct device_msi_parent *parent,
			       struct irq_data *d, bool as_new);
int device_msi_block_fill(struct device_msi_parent *parent,
			  struct msi_desc *msi, struct irq_domain *domain,
			  unsigned int virq, struct device_msi_block *block);
bool device_msi_block_erase(struct device_msi_parent *parent,
			    struct irq_domain *domain, unsigned int virq);

/*
 * Is an interrupt of our irq_domain one of a block that is not used? Its number is
 * beyond those of all slots. Its chip would not tell: the kernel takes that away first.
 */
static inline bool device_msi_is_unused(const struct irq_data *d)
{
	return d->hwirq > U32_MAX;
}

/* guest.c */
bool device_msi_in_guest(void);

/* refuse.c: a sentence, or NULL if there is no reason to refuse */
const char *device_msi_platform_refusal(struct device *dev);
const char *device_msi_guest_refusal(void);
const char *device_msi_isolation_refusal(bool isolated);

/* provider.c */
const struct device_msi_provider *device_msi_provider_get(struct device *dev);
void device_msi_provider_put(const struct device_msi_provider *provider);

/* pci.c */
bool device_msi_pci_can_send(struct pci_dev *pdev);
bool device_msi_pci_behind_vmd(struct pci_dev *pdev);
void device_msi_platform_prepare(struct device *dev);
bool device_msi_device_reachable(const struct device *dev);
bool device_msi_device_answers(const struct device *dev);
bool device_msi_device_gone(const struct device *dev);

/* x86.c */
unsigned int device_msi_x86_vectors(void);
int device_msi_x86_alloc(struct irq_domain *domain, unsigned int virq,
			 unsigned int nr, struct msi_desc *desc);
bool device_msi_x86_remapped(const struct irq_domain *parent,
			     const char *prefix);
bool device_msi_x86_isolated(const struct irq_domain *parent);

/* vector.c, intel_ir.c, amd_ir.c */
extern const struct device_msi_parent_ops device_msi_x86_vector_ops;
extern const struct device_msi_parent_ops device_msi_intel_ir_ops;
extern const struct device_msi_parent_ops device_msi_amd_ir_ops;

#endif /* _IMS_DOMAINS_H */
