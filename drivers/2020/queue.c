// SPDX-License-Identifier: GPL-2.0-only
/*
 * A queue of 2020 on the queue store of today. The driver has a shadow of its own for
 * each slot, which is written between queue_lock() and queue_sync_unlock().
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

/*
 * Get the driver's shadows, directly in msi_domain_alloc_irqs(): no lock of ours is held,
 * so that the driver may hold any of its own, as in 2020.
 */
int ims_2020_get_shadows(struct ims_2020_set *set)
{
	const struct ims_2020_queue_info *queue = &set->domain->queue;
	unsigned int i;

	set->shadows = kvcalloc(set->nr, sizeof(*set->shadows), GFP_KERNEL);
	if (!set->shadows)
		return -ENOMEM;
	for (i = 0; i < set->nr; i++) {
		set->shadows[i].theirs = queue->queue_get_shadow(set->dev, i);
		if (!set->shadows[i].theirs)
			return -ENOSPC;
		cond_resched();
	}
	return xa_alloc(&set->domain->blocks, &set->block, set,
			XA_LIMIT(0, IMS_2020_MAX_BLOCK), GFP_KERNEL);
}

/* In 2020 msi_domain_free_irqs() cleared the shadows without a command: do the same */
void ims_2020_clear_shadows(struct ims_2020_set *set)
{
	struct ims_2020_shadow *shadow;

	for (shadow = set->shadows; shadow < set->shadows + set->nr; shadow++) {
		memset(shadow->theirs, 0, sizeof(*shadow->theirs));
		shadow->theirs->ctrl = shadow->slot.ctrl & IMS_2020_MASK_BIT;
		cond_resched();
	}
}

static void *ims_2020_get_shadow(void *priv, struct device *consumer,
				 unsigned int index)
{
	struct ims_2020_domain *domain = priv;
	struct ims_2020_set *set;

	set = xa_load(&domain->blocks, index >> IMS_2020_INDEX_BITS);
	if (WARN_ON_ONCE(!set))
		return ERR_PTR(-EINVAL);
	return &set->shadows[index % IMS_2020_MAX_IRQS].slot;
}

/* Copy a shadow to the driver's. Bits of ctrl that the store does not change stay there */
static void ims_2020_write_shadow(struct ims_2020_shadow *shadow)
{
	u32 ours = IMS_2020_MASK_BIT | (shadow->slot.ctrl ^ shadow->ctrl);
	struct ims_2020_slot *theirs = shadow->theirs;

	theirs->address_lo = shadow->slot.address_lo;
	theirs->address_hi = shadow->slot.address_hi;
	theirs->data = shadow->slot.data;
	theirs->ctrl = (theirs->ctrl & ~ours) | (shadow->slot.ctrl & ours);
	shadow->ctrl = shadow->slot.ctrl;
}

static bool ims_2020_is_silent(const struct ims_2020_shadow *shadow)
{
	const struct ims_2020_slot *theirs = shadow->theirs;

	return !theirs->address_lo && !theirs->address_hi && !theirs->data &&
	       !((theirs->ctrl ^ shadow->slot.ctrl) & IMS_2020_MASK_BIT);
}

/*
 * The store masks and empties a slot when it is allocated. In 2020 no command was sent
 * then, and the driver's shadow was what the device holds: if that is masked and empty,
 * send no command.
 */
static void ims_2020_sync_one(const struct ims_2020_queue_info *queue,
			      struct ims_2020_shadow *shadow)
{
	bool used = shadow->used;

	shadow->used = true;
	if (!used && ims_2020_is_silent(shadow)) {
		shadow->ctrl = shadow->slot.ctrl;
		return;
	}
	queue->queue_lock(shadow->theirs);
	ims_2020_write_shadow(shadow);
	queue->queue_sync_unlock(shadow->theirs);
}

static int ims_2020_sync(void *priv, const struct ims_queue_entry *entries,
			 unsigned int nr)
{
	struct ims_2020_domain *domain = priv;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		ims_2020_sync_one(&domain->queue,
				  container_of(entries[i].shadow,
					       struct ims_2020_shadow, slot));
		cond_resched();
	}
	return 0;
}

const struct ims_queue_ops ims_2020_queue_ops = {
	.get_shadow	= ims_2020_get_shadow,
	.sync		= ims_2020_sync,
};
