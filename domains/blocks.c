// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts that a parent allocates several at a time: a block, which is one range of
 * the parent's table and is freed as a whole. One search of that table, one tree node and
 * one invalidation then serve many interrupts.
 *
 * A block belongs to one domain. Each of its interrupts is used (a spare is, too),
 * unused, retired or gone. An unused interrupt is mapped and not activated, so that it
 * has neither a vector nor a present table entry, and its chip knows no slot. A block is
 * destroyed with its last used interrupt, so that no block is without one.
 *
 * The parent frees a whole block when the block's first interrupt is freed. That
 * interrupt is therefore freed last, whatever happens to the others.
 */
#define pr_fmt(fmt)	"device MSI: " fmt

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/irqdomain.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/radix-tree.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "../compat/compat.h"
#include "domains.h"

/* How many interrupts are allocated singly after the allocation of a block has failed */
#define DEVICE_MSI_FIRST_WAIT	16U
#define DEVICE_MSI_LAST_WAIT	4096U

/* Set in the hwirq of an unused interrupt: see device_msi_is_unused() */
#define DEVICE_MSI_UNUSED_HWIRQ	BIT_ULL(32)

/* An unused interrupt can neither be requested nor probed */
#define DEVICE_MSI_CLOSED	(IRQ_NOREQUEST | IRQ_NOPROBE)

/**
 * struct device_msi_block - Interrupts that the parent has allocated as one
 * @node:	in the domain's list of blocks, partial or full
 * @virq:	the first interrupt; the others have the following numbers
 * @nr:		how many interrupts the block has, a power of two
 * @unused:	bit i: interrupt @virq + i is not used and may be allocated
 * @retired:	likewise: it is not used and must not be allocated again
 * @gone:	likewise: the kernel has freed it, and the number may be somebody
 *		else's. A driver that disposes of our mapping sets this without our lock.
 */
struct device_msi_block {
	struct list_head	node;
	unsigned int		virq;
	unsigned int		nr;
	unsigned long		unused;
	unsigned long		retired;
	unsigned long		gone;
};

/*
 * The chip of an unused interrupt. The kernel may set its affinity, which is reset
 * before the interrupt is allocated again.
 */
static struct irq_chip device_msi_unused_chip = {
	.name			= "IMS-unused",
	.irq_ack		= irq_chip_ack_parent,
	.irq_set_affinity	= irq_chip_set_affinity_parent,
	.flags			= IRQCHIP_SKIP_SET_WAKE,
};

static unsigned long device_msi_block_all(const struct device_msi_block *block)
{
	return GENMASK(block->nr - 1, 0);
}

static bool device_msi_block_is_used(const struct device_msi_block *block)
{
	return (block->unused | block->retired | READ_ONCE(block->gone)) !=
		device_msi_block_all(block);
}

/* Make an interrupt unused: nothing in it leads to the slot and the owner that it had */
static void device_msi_block_close(struct irq_data *d)
{
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;

	raw_spin_lock_irqsave(&desc->lock, flags);
	desc->status_use_accessors |= DEVICE_MSI_CLOSED;
	d->chip = &device_msi_unused_chip;
	d->chip_data = NULL;
	d->hwirq = DEVICE_MSI_UNUSED_HWIRQ | d->irq;
	d->common->msi_desc = NULL;
#ifdef CONFIG_SMP
	desc->affinity_hint = NULL;
	desc->affinity_notify = NULL;
#endif
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/* Make an unused interrupt ready for use by a consumer on NUMA node @node */
static void device_msi_block_open(struct irq_data *d, int node)
{
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;

	raw_spin_lock_irqsave(&desc->lock, flags);
#ifdef CONFIG_NUMA
	d->common->node = node;	/* the previous consumer's may differ */
#endif
	desc->status_use_accessors &= ~DEVICE_MSI_CLOSED;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/* Have the kernel free an interrupt, unless somebody has done so */
static void device_msi_block_dispose(struct device_msi_block *block,
				     unsigned int i)
{
	if (!test_bit(i, &block->gone))
		irq_dispose_mapping(block->virq + i);
}

static void device_msi_block_destroy(struct device_msi_blocks *blocks,
				     struct device_msi_block *block)
{
	unsigned int i = block->nr;

	list_del(&block->node);
	while (i--)
		device_msi_block_dispose(block, i);
	kfree(block);
	blocks->wait = 0;	/* the parent has room for another block now */
}

/* Called in the irq_domain's alloc operation: record the block of each interrupt */
static int device_msi_block_insert(struct device_msi_blocks *blocks,
				   struct device_msi_block *block,
				   unsigned int virq)
{
	unsigned int i;
	int ret = 0;

	block->virq = virq;
	for (i = 0; i < block->nr && !ret; i++)
		ret = xa_err(xa_store(&blocks->irqs, virq + i, block,
				      GFP_KERNEL));
	while (ret && i--)
		xa_erase(&blocks->irqs, virq + i);
	return ret;
}

static void device_msi_block_set_handler(struct device_msi_parent *parent,
					 unsigned int virq)
{
	struct irq_data *d = irq_get_irq_data(virq);
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;

	raw_spin_lock_irqsave(&desc->lock, flags);
	irq_set_handler_locked(d, parent->ops->flow_handler);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/**
 * device_msi_block_fill() - Have the parent allocate the interrupts of a block
 * @parent:	the parent
 * @msi:	identifies the device to the parent
 * @domain:	our child of the parent
 * @virq:	the first of the interrupts
 * @block:	the block
 *
 * Part of the irq_domain's alloc operation, for more interrupts than one.
 *
 * Return: 0 or a negative errno.
 */
int device_msi_block_fill(struct device_msi_parent *parent,
			  struct msi_desc *msi, struct irq_domain *domain,
			  unsigned int virq, struct device_msi_block *block)
{
	unsigned int i;
	int ret;

	ret = device_msi_block_insert(&parent->blocks, block, virq);
	if (ret)
		return ret;
	ret = parent->ops->alloc(parent, domain, virq, block->nr, msi);
	for (i = 0; i < block->nr; i++) {
		if (ret) {
			xa_erase(&parent->blocks.irqs, virq + i);
			continue;
		}
		device_msi_block_set_handler(parent, virq + i);
		device_msi_block_close(irq_get_irq_data(virq + i));
	}
	block->unused = device_msi_block_all(block);
	return ret;
}

static struct device_msi_block *
device_msi_block_alloc(struct irq_domain *domain, unsigned int nr, int node)
{
	struct device_msi_block *block;
	unsigned int i;

	block = kzalloc(sizeof(*block), GFP_KERNEL);
	if (!block)
		return NULL;
	block->nr = nr;
	if (compat_irq_domain_alloc_range(domain, nr, node, block) < 0) {
		kfree(block);
		return NULL;
	}
	/* The kernel clears IRQ_NOREQUEST at the end of an allocation: set it again */
	for (i = 0; i < nr; i++)
		irq_set_status_flags(block->virq + i, DEVICE_MSI_CLOSED);
	return block;
}

/* A provider is called for single interrupts, and only while they are used: no blocks */
static unsigned int device_msi_block_size(const struct device_msi_parent *parent,
					  unsigned int want)
{
	if (!COMPAT_CAN_ALLOC_RANGE || parent->provider || !parent->ops->block)
		return 1;
	return rounddown_pow_of_two(clamp(want, 1U, parent->ops->block));
}

/*
 * A failed allocation of a block costs a search and a line in the kernel log. So the next
 * attempt comes only after some single interrupts, after more of them each time, or once
 * a block has been freed.
 */
static struct device_msi_block *
device_msi_block_create(struct device_msi_parent *parent,
			struct irq_domain *domain, int node, unsigned int want)
{
	struct device_msi_blocks *blocks = &parent->blocks;
	unsigned int nr = device_msi_block_size(parent, want);
	struct device_msi_block *block;

	if (nr < 2)
		return NULL;
	if (blocks->wait) {
		blocks->wait--;
		return NULL;
	}
	block = device_msi_block_alloc(domain, nr, node);
	if (block) {
		list_add(&block->node, &blocks->partial);
		blocks->last_wait = 0;
	} else {
		blocks->last_wait = clamp(2 * blocks->last_wait,
					  DEVICE_MSI_FIRST_WAIT,
					  DEVICE_MSI_LAST_WAIT);
		blocks->wait = blocks->last_wait;
	}
	return block;
}

/* Use an interrupt of a block. Return: NULL if drivers have disposed of all unused ones */
static struct irq_data *device_msi_block_use(struct device_msi_blocks *blocks,
					     struct device_msi_block *block,
					     int node)
{
	struct irq_data *d = NULL;
	unsigned int i;

	block->unused &= ~READ_ONCE(block->gone);
	if (block->unused) {
		i = __ffs(block->unused);
		__clear_bit(i, &block->unused);
		d = irq_get_irq_data(block->virq + i);
		device_msi_block_open(d, node);
	}
	if (!block->unused)
		list_move(&block->node, &blocks->full);
	return d;
}

/**
 * device_msi_block_use_irq() - Get an unused interrupt of a block, if need be of a new one
 * @parent:	the parent
 * @domain:	our child of the parent, whose lock is held
 * @node:	NUMA node of the consumer
 * @want:	how many interrupts the caller needs, this one included
 * @fresh:	set to true if the block is new, so that nobody can have changed the interrupt
 *
 * The interrupt has no slot yet. The caller resets one that is not fresh to what a new
 * one is, or, if that fails, disposes of it.
 *
 * Context: Process context, may sleep.
 * Return: our level of the interrupt; NULL if the caller must allocate a single one.
 */
struct irq_data *device_msi_block_use_irq(struct device_msi_parent *parent,
					  struct irq_domain *domain, int node,
					  unsigned int want, bool *fresh)
{
	struct device_msi_blocks *blocks = &parent->blocks;
	struct device_msi_block *block;
	struct irq_data *d;

	mutex_lock(&blocks->lock);
	do {
		block = list_first_entry_or_null(&blocks->partial,
						 struct device_msi_block, node);
		*fresh = !block;
		if (!block)
			block = device_msi_block_create(parent, domain, node,
							want);
		d = block ? device_msi_block_use(blocks, block, node) : NULL;
	} while (block && !d);
	mutex_unlock(&blocks->lock);
	return d;
}

/**
 * device_msi_parent_dispose() - Dispose of an interrupt that is not used any more
 * @parent:	the parent
 * @d:		our level of the interrupt, deactivated
 * @as_new:	the interrupt may be allocated again if its block remains
 *
 * The kernel frees a single interrupt. An interrupt of a block becomes unused, or retired
 * if it is not @as_new, while others of its block are used; with the last of them the
 * kernel frees all. The first interrupt of a block stays mapped as long as the block.
 *
 * Context: Process context, may sleep. No other lock is needed.
 */
void device_msi_parent_dispose(struct device_msi_parent *parent,
			       struct irq_data *d, bool as_new)
{
	struct device_msi_blocks *blocks = &parent->blocks;
	struct device_msi_block *block = xa_load(&blocks->irqs, d->irq);

	if (!block) {
		irq_dispose_mapping(d->irq);
		return;
	}
	mutex_lock(&blocks->lock);
	device_msi_block_close(d);
	__set_bit(d->irq - block->virq,
		  as_new ? &block->unused : &block->retired);
	if (!device_msi_block_is_used(block))
		device_msi_block_destroy(blocks, block);
	else if (as_new)
		list_move(&block->node, &blocks->partial);
	else if (d->irq != block->virq)
		irq_dispose_mapping(d->irq);
	mutex_unlock(&blocks->lock);
}

/**
 * device_msi_block_irq_freed() - Remove an interrupt that the kernel frees from its block
 * @parent:	the parent
 * @domain:	our child of the parent
 * @virq:	the interrupt
 *
 * Context: The irq_domain's free operation, under the kernel's lock. The blocks' lock
 * may not be held: a driver may dispose of a mapping by itself.
 * Return: false if the parent must not free the interrupt, because it would free all
 * others of the block.
 */
bool device_msi_block_irq_freed(struct device_msi_parent *parent,
				struct irq_domain *domain, unsigned int virq)
{
	struct device_msi_block *block = xa_erase(&parent->blocks.irqs, virq);

	if (!block)
		return true;
	/*
	 * The kernel's reverse map has the hwirq of the time when the interrupt was
	 * unused. If a driver disposes of a used one, the kernel removes the number
	 * of the slot instead.
	 */
	radix_tree_delete(&domain->revmap_tree, DEVICE_MSI_UNUSED_HWIRQ | virq);
	set_bit(virq - block->virq, &block->gone);
	if (virq != block->virq ||
	    READ_ONCE(block->gone) == device_msi_block_all(block))
		return true;
	pr_err("irq %u, disposed of by a driver, is the first of %u that the interrupt parent frees as one; it will not free them any more\n",
	       virq, block->nr);
	return false;
}

void device_msi_blocks_init(struct device_msi_blocks *blocks)
{
	mutex_init(&blocks->lock);
	INIT_LIST_HEAD(&blocks->partial);
	INIT_LIST_HEAD(&blocks->full);
	xa_init(&blocks->irqs);
}

/**
 * device_msi_blocks_exit() - Destroy what remains of a domain's blocks
 * @blocks:	the blocks of a domain that has no interrupts any more
 *
 * Nothing remains, unless a driver has disposed of a block's interrupts by itself.
 */
void device_msi_blocks_exit(struct device_msi_blocks *blocks)
{
	struct device_msi_block *block, *next;

	mutex_lock(&blocks->lock);
	list_splice_init(&blocks->full, &blocks->partial);
	list_for_each_entry_safe(block, next, &blocks->partial, node) {
		device_msi_block_destroy(blocks, block);
		cond_resched();
	}
	mutex_unlock(&blocks->lock);
	xa_destroy(&blocks->irqs);
}
