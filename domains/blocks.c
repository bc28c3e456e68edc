// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts that a parent allocates several at a time: a block, which is one piece
 * of the parent's table and goes back whole. A search of that table, a tree node and
 * an invalidation then serve many interrupts instead of one.
 *
 * A block belongs to one domain. An interrupt of it is used, which a spare is too, or
 * unused, or gone. An unused one is mapped and not activated, so that it has neither a
 * vector nor an entry that is present, and its chip knows no slot. With the last used
 * interrupt the block goes, so that there is no block without one.
 *
 * The parent gives a block up when the block's first interrupt is freed. So that one
 * is freed last, whatever happens to the others.
 */
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
#include <linux/slab.h>
#include <linux/xarray.h>

#include "../compat/compat.h"
#include "domains.h"

/* How many interrupts are allocated singly after no block could be had */
#define DEVICE_MSI_FIRST_WAIT	16U
#define DEVICE_MSI_LAST_WAIT	4096U

/* In the hwirq of an unused interrupt, see device_msi_is_unused() */
#define DEVICE_MSI_NO_SLOT	BIT_ULL(32)

/* An unused interrupt can neither be requested nor probed */
#define DEVICE_MSI_CLOSED	(IRQ_NOREQUEST | IRQ_NOPROBE)

/**
 * struct device_msi_block - Interrupts that the parent has allocated as one
 * @node:	in the domain's list of blocks, with unused interrupts or without
 * @virq:	the first interrupt; the others follow
 * @nr:		how many they are, a power of two
 * @unused:	which are not used, and may be given out
 * @retired:	which are not given out any more
 * @gone:	which the kernel knows no more; their numbers may be anybody's. Set
 *		also by who disposes of a mapping that is ours, without our lock.
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
 * What the kernel may do with an interrupt that nobody has: keep an affinity for it,
 * which the next owner does not get
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

/* Of the slot and the owner that it had nothing is left that somebody could reach */
static void device_msi_block_close(struct irq_data *d)
{
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;

	irq_set_status_flags(d->irq, DEVICE_MSI_CLOSED);
	raw_spin_lock_irqsave(&desc->lock, flags);
	d->chip = &device_msi_unused_chip;
	d->chip_data = NULL;
	d->hwirq = DEVICE_MSI_NO_SLOT | d->irq;
	d->common->msi_desc = NULL;
#ifdef CONFIG_SMP
	desc->affinity_hint = NULL;
	desc->affinity_notify = NULL;
#endif
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

static void device_msi_block_open(struct irq_data *d, int node)
{
#ifdef CONFIG_NUMA
	d->common->node = node;	/* the consumer's may be another */
#endif
	irq_clear_status_flags(d->irq, DEVICE_MSI_CLOSED);
}

/* The kernel forgets an interrupt that it still knows */
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
	blocks->wait = 0;	/* there is room for another now */
}

/* In the irq_domain's alloc operation */
static int device_msi_block_enter(struct device_msi_blocks *blocks,
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
 * @msi:	names the device to it
 * @domain:	our child of it
 * @virq:	the first of the interrupts
 * @block:	the block
 *
 * Of the irq_domain's alloc operation, for more interrupts than one.
 *
 * Return: 0 or a negative errno.
 */
int device_msi_block_fill(struct device_msi_parent *parent,
			  struct msi_desc *msi, struct irq_domain *domain,
			  unsigned int virq, struct device_msi_block *block)
{
	unsigned int i;
	int ret;

	ret = device_msi_block_enter(&parent->blocks, block, virq);
	if (ret)
		return ret;
	ret = parent->ops->alloc(domain, virq, block->nr, msi);
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
	/* The kernel has opened them when all was allocated */
	for (i = 0; i < nr; i++)
		irq_set_status_flags(block->virq + i, DEVICE_MSI_CLOSED);
	return block;
}

/* A provider hears of one interrupt at a time, while it is somebody's */
static unsigned int device_msi_block_size(const struct device_msi_parent *parent,
					  unsigned int want)
{
	if (!COMPAT_CAN_ALLOC_RANGE || parent->provider || !parent->ops->block)
		return 1;
	return rounddown_pow_of_two(clamp(want, 1U, parent->ops->block));
}

/*
 * One that cannot be had costs a search, and a line in the kernel log. The next try is
 * after some single interrupts, each time more of them, or when a block has gone.
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

/* Return: NULL if the only unused ones were disposed of by others */
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
 * device_msi_block_take() - Take an interrupt from a block, which may be a new one
 * @parent:	the parent
 * @domain:	our child of it, its lock held
 * @node:	NUMA node of the consumer
 * @want:	how many at once would be of use, this one among them
 * @fresh:	set to whether nobody can have changed it since it was allocated
 *
 * The interrupt has no slot yet. One that is not fresh is to be made as a new one, or,
 * if that cannot be, disposed of.
 *
 * Context: Process context, may sleep.
 * Return: our level of the interrupt; NULL if a single one is to be allocated instead.
 */
struct irq_data *device_msi_block_take(struct device_msi_parent *parent,
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
 * device_msi_parent_dispose() - Give an interrupt back that nobody uses any more
 * @parent:	the parent
 * @d:		our level of the interrupt, deactivated
 * @as_new:	if its block stays, another may have it
 *
 * A single one the kernel forgets. One of a block becomes unused while others of its
 * block are used; with the last of them the kernel forgets all. The first of a block
 * must stay as long as the block, as new or not.
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
 * device_msi_block_leave() - The kernel forgets an interrupt
 * @parent:	the parent
 * @domain:	our child of the parent
 * @virq:	the interrupt
 *
 * Context: Of the irq_domain's free operation, under the kernel's lock. Ours may not be
 * held: a driver may dispose of a mapping by itself.
 * Return: false if the parent must not free it, because it would free all others.
 */
bool device_msi_block_leave(struct device_msi_parent *parent,
			    struct irq_domain *domain, unsigned int virq)
{
	struct device_msi_block *block = xa_erase(&parent->blocks.irqs, virq);

	if (!block)
		return true;
	/*
	 * The kernel has entered it by the number of an unused one. It looks for the
	 * number of the slot, if a driver disposes of one that is used.
	 */
	radix_tree_delete(&domain->revmap_tree, DEVICE_MSI_NO_SLOT | virq);
	set_bit(virq - block->virq, &block->gone);
	if (virq != block->virq ||
	    READ_ONCE(block->gone) == device_msi_block_all(block))
		return true;
	pr_err("device MSI: irq %u, disposed of by a driver, is the first of %u that the interrupt parent frees as one; it will not free them any more\n",
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
 * device_msi_blocks_end() - The domain has no interrupts any more
 * @blocks:	its blocks
 *
 * There is none, unless a driver has disposed of interrupts of one by itself.
 */
void device_msi_blocks_end(struct device_msi_blocks *blocks)
{
	struct device_msi_block *block, *next;

	mutex_lock(&blocks->lock);
	list_splice_init(&blocks->full, &blocks->partial);
	list_for_each_entry_safe(block, next, &blocks->partial, node)
		device_msi_block_destroy(blocks, block);
	mutex_unlock(&blocks->lock);
	xa_destroy(&blocks->irqs);
}
