/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt parents: which irq_domain composes a device's messages, and how it differs
 * from others. The only folder that knows architectures.
 */
#ifndef _IMS_DOMAINS_H
#define _IMS_DOMAINS_H

#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

struct device;
struct device_msi_block;
struct device_msi_parent;
struct device_msi_provider;
struct msi_desc;
struct msi_msg;
struct pci_dev;

/**
 * struct device_msi_parent_ops - One kind of interrupt parent
 * @name:	what the log calls it
 * @match:	returns true if the irq_domain @parent is of this kind. @found is what the
 *		device points to: @parent itself or, before MSI parents, the PCI/MSI
 *		domain below it
 * @prepare:	makes room in the parent for the interrupts of a device, before the first
 *		is allocated and before the kernel creates the device's own MSI-X domain;
 *		@nr is how many there will be at a time. May sleep. Logs nothing.
 *		Optional
 * @unprepare:	frees what @prepare has stored in @parent->prepared. Optional
 * @alloc:	allocates @nr interrupts, 1 or a power of two up to @block, for
 *		@virq and the numbers after it, from the parent of @domain, with
 *		the argument that this kind needs. @desc->dev is the device whose
 *		identity the messages carry. Returns -ENOSPC if what @full names
 *		has run out.
 * @block:	most interrupts that can be allocated at once, up to 32, where that is
 *		cheaper than one by one. The parent frees all of them when it frees
 *		the first. 0: the parent allocates single interrupts only
 * @isolated:	returns true if the hardware checks which device a message comes
 *		from; NULL if it never does
 * @flow_handler: the flow handler of such an interrupt; NULL if it stays what the parent
 *		sets for each
 * @ack:	irq_ack of our irq_chip, if the flow handler calls that; else NULL
 * @eoi:	irq_eoi of our irq_chip, if the flow handler calls that; else NULL
 * @unmask_parent: the parent has a mask of its own, which is set for a new interrupt:
 *		have it unmasked from activation to deactivation. In between the slot's
 *		mask does, so that masking does not cost twice
 * @chip_flags:	irq_chip flags for the child, on top of the usual ones
 * @fixed_message: the message of a requested interrupt stays the same when it moves
 * @parent_writes: the parent writes a message by itself when an interrupt moves: it calls
 *		irq_write_msi_msg of our irq_chip, and frees the old message, which may
 *		become that of any interrupt. The CPU that an interrupt moves off has to be
 *		online for the move to be complete
 * @before_free: called before the parent frees an interrupt, @d being our level of it.
 *		May sleep. Optional
 * @max_irqs:	most interrupts that can be allocated; other devices may share them. 0: as
 *		many as can be requested, as they take the same from the parent
 * @max_requested: returns how many interrupts of all devices can be requested at a time
 * @full:	for the log: what has run out if @alloc returns -ENOSPC, with its size
 */
struct device_msi_parent_ops {
	const char *name;
	bool (*match)(const struct irq_domain *parent,
		      const struct irq_domain *found);
	int (*prepare)(struct device_msi_parent *parent, struct device *dev,
		       unsigned int nr);
	void (*unprepare)(struct device_msi_parent *parent);
	int (*alloc)(const struct device_msi_parent *parent,
		     struct irq_domain *domain, unsigned int virq,
		     unsigned int nr, struct msi_desc *desc);
	unsigned int block;
	bool (*isolated)(const struct irq_domain *parent);
	irq_flow_handler_t flow_handler;
	void (*ack)(struct irq_data *d);
	void (*eoi)(struct irq_data *d);
	bool unmask_parent;
	unsigned long chip_flags;
	bool fixed_message;
	bool parent_writes;
	void (*before_free)(const struct device_msi_parent *parent,
			    struct irq_data *d);
	unsigned int max_irqs;
	unsigned int (*max_requested)(void);
	const char *full;
};

/**
 * struct device_msi_blocks - The blocks of interrupts that a domain has of its parent
 * @lock:	protects all members but @irqs; acquired after all locks of the core, and
 *		before the kernel's lock of an irq_domain
 * @partial:	the blocks with unused interrupts
 * @full:	the blocks without
 * @irqs:	the block of each interrupt that belongs to one, by interrupt number
 * @wait:	how many interrupts are allocated singly before the next block is tried
 * @last_wait:	what @wait was last set to; 0 after a block was allocated
 */
struct device_msi_blocks {
	struct mutex		lock;	/* all but @irqs */
	struct list_head	partial;
	struct list_head	full;
	struct xarray		irqs;
	unsigned int		wait;
	unsigned int		last_wait;
};

/**
 * struct device_msi_parent - The interrupt parent of one device
 * @ops:	its kind
 * @domain:	the irq_domain that our child is created below
 * @found:	the irq_domain that the device points to, see @match above
 * @prepared:	the device as the parent knows it, from @ops->prepare for @ops->alloc
 * @set_affinity: how the parent moves an interrupt, called with our level of it; NULL for
 *		irq_chip_set_affinity_parent(). From @ops->prepare
 * @provider:	translates the messages that this guest composes; NULL if they need no
 *		translation
 * @isolated:	messages of other devices cannot raise this device's interrupts
 * @blocks:	the interrupts that were allocated several at a time
 * @why_not:	if the device has no usable parent: a sentence with the reason and a way
 *		out
 */
struct device_msi_parent {
	const struct device_msi_parent_ops	*ops;
	struct irq_domain			*domain;
	struct irq_domain			*found;
	void					*prepared;
	int (*set_affinity)(struct irq_data *d, const struct cpumask *mask,
			    bool force);
	const struct device_msi_provider	*provider;
	bool					isolated;
	struct device_msi_blocks		blocks;
	const char				*why_not;
};

int device_msi_parent_find(struct device *dev, unsigned int flags,
			   struct device_msi_parent *parent);
void device_msi_parent_put(struct device_msi_parent *parent);
int device_msi_parent_prepare(struct device_msi_parent *parent,
			      struct device *dev, unsigned int nr);
int device_msi_parent_alloc(const struct device_msi_parent *parent,
			    struct msi_desc *msi, struct irq_domain *domain,
			    unsigned int virq);
void device_msi_parent_free(struct device_msi_parent *parent,
			    struct msi_desc *msi, struct irq_domain *domain,
			    unsigned int virq);
int device_msi_parent_msg(const struct device_msi_parent *parent,
			  struct irq_data *d, struct msi_msg *msg);
int device_msi_parent_translate(const struct device_msi_parent *parent,
				struct msi_desc *msi, struct irq_data *d,
				struct msi_msg *msg);
int device_msi_parent_move(const struct device_msi_parent *parent,
			   struct irq_data *d, const struct cpumask *mask,
			   bool force);
void device_msi_parent_enable(const struct device_msi_parent *parent,
			      struct irq_data *d);
void device_msi_parent_disable(const struct device_msi_parent *parent,
			       struct irq_data *d);
void device_msi_parent_deactivate(const struct device_msi_parent *parent,
				  struct irq_data *d);

/* blocks.c */
void device_msi_blocks_init(struct device_msi_blocks *blocks);
void device_msi_blocks_exit(struct device_msi_blocks *blocks);
struct irq_data *device_msi_block_use_irq(struct device_msi_parent *parent,
					  struct irq_domain *domain, int node,
					  unsigned int want, bool *fresh);
void device_msi_parent_dispose(struct device_msi_parent *parent,
			       struct irq_data *d, bool as_new);
int device_msi_block_fill(struct device_msi_parent *parent,
			  struct msi_desc *msi, struct irq_domain *domain,
			  unsigned int virq, struct device_msi_block *block);
bool device_msi_block_irq_freed(struct device_msi_parent *parent,
				struct irq_domain *domain, unsigned int virq);

/*
 * Is an interrupt of our irq_domain an unused one of a block? Its hwirq is beyond the
 * numbers of all slots. Its chip does not show it, because the kernel resets the chip
 * before it frees the interrupt.
 */
static inline bool device_msi_is_unused(const struct irq_data *d)
{
	return d->hwirq > U32_MAX;
}

/* guest.c */
bool device_msi_in_guest(void);

/* guest_x86.c, guest_arm64.c, guest_riscv.c */
bool device_msi_cpu_in_guest(void);

/* refuse.c: a sentence, or NULL if there is no reason to refuse */
const char *device_msi_platform_refusal(struct device *dev);
const char *device_msi_guest_refusal(void);
const char *device_msi_isolation_refusal(bool isolated);

/*
 * refuse_x86.c, refuse_arm64.c or refuse_riscv.c: why the architecture cannot deliver, or
 * NULL. The first function looks at the machine and the device, the second at the interrupt
 * parent.
 */
const char *device_msi_machine_refusal(struct device *dev);
const char *device_msi_bridge_refusal(struct device *dev,
				      const struct device_msi_parent *parent);

/* provider.c */
const struct device_msi_provider *device_msi_provider_get(struct device *dev);
void device_msi_provider_put(const struct device_msi_provider *provider);

/* pci.c */
bool device_msi_pci_can_send(struct pci_dev *pdev);
void device_msi_platform_prepare(struct device *dev);
bool device_msi_device_reachable(const struct device *dev);
bool device_msi_device_answers(const struct device *dev);
bool device_msi_device_gone(const struct device *dev);

/* x86.c */
unsigned int device_msi_x86_vectors(void);
int device_msi_x86_alloc(const struct device_msi_parent *parent,
			 struct irq_domain *domain, unsigned int virq,
			 unsigned int nr, struct msi_desc *desc);
bool device_msi_x86_remapped(const struct irq_domain *parent,
			     const char *prefix);
bool device_msi_x86_isolated(const struct irq_domain *parent);

/* vector.c, intel_ir.c, amd_ir.c */
extern const struct device_msi_parent_ops device_msi_x86_vector_ops;
extern const struct device_msi_parent_ops device_msi_intel_ir_ops;
extern const struct device_msi_parent_ops device_msi_amd_ir_ops;

/* gic_its.c */
extern const struct device_msi_parent_ops device_msi_gic_its_ops;

/* imsic.c */
extern const struct device_msi_parent_ops device_msi_imsic_ops;

#endif /* _IMS_DOMAINS_H */
