// SPDX-License-Identifier: GPL-2.0-only
/*
 * From when on commands carry a slot. A device may accept no command for a slot until
 * the driver has created what uses it. Before, what the kernel wants of the slot is in its
 * shadow only, from where the command that creates its user has it.
 */
#include "queue.h"

#include <linux/device.h>
#include <linux/module.h>

/*
 * Whatever the device has for the slot may be older than what is wanted now, and the
 * command under way, if any, has nothing to say of it.
 */
static int ims_queue_set_connected(struct device_msi_desc *desc, void *data)
{
	struct ims_queue_slot *slot = ims_queue_slot(desc);
	struct ims_queue *queue = desc->store;
	const bool *connected = data;

	if (queue->info.carry == IMS_QUEUE_NEVER)
		return 0;
	raw_spin_lock(&queue->lock);
	if (slot->connected != *connected) {
		slot->connected = *connected;
		slot->known = false;
		slot->under_way = false;
		slot->failed = 0;
		ims_queue_enlist(queue, slot);
	}
	raw_spin_unlock(&queue->lock);
	return 0;
}

static int ims_queue_do_commit(void *store, void *unused)
{
	return ims_queue_commit_all(store);
}

/* The commit waits for a command that is under way, which may still carry the slot */
static int ims_queue_change_connected(struct device_msi_domain *dom,
				      unsigned int index, bool connected)
{
	int ret = device_msi_call_slot(dom, THIS_MODULE, index,
				       ims_queue_set_connected, &connected);

	return ret ?: device_msi_call_store(dom, THIS_MODULE,
					    ims_queue_do_commit, NULL);
}

/**
 * ims_queue_connect() - Have commands carry a slot from now on
 * @dom:	a domain of a queue store
 * @index:	number of an allocated slot
 *
 * In a store with %IMS_QUEUE_FROM_CONNECT no command carries a slot before this call:
 * allocation and request_irq() change its shadow only, between lock() and unlock(). The
 * driver creates what uses the slot, such as a receive ring, by a command of its own that
 * has the message from the shadow, and then calls this function. One command carries the
 * slot, because its message may have changed meanwhile. Nothing is done for a slot that
 * is connected, nor in a store with %IMS_QUEUE_NEVER.
 *
 * Context: Process context, may sleep. Takes the domain's lock. Not from an operation of
 * the store.
 * Return: 0; -ENOENT if the slot has no interrupt; -EIO if a slot of the store is in
 * quarantine, which is in the log; -EINVAL for a wrong argument; -ENODEV if the domain was
 * removed.
 */
int ims_queue_connect(struct device_msi_domain *dom, unsigned int index)
{
	return ims_queue_change_connected(dom, index, true);
}
EXPORT_SYMBOL_GPL(ims_queue_connect);

/**
 * ims_queue_disconnect() - Have no command carry a slot any more
 * @dom:	a domain of a queue store
 * @index:	number of an allocated slot
 *
 * Call this after the device has destroyed what uses the slot, so that it sends nothing
 * from the slot; if a reset has destroyed it, before device_msi_restore(). When this
 * function returns, no command carries the slot. The interrupt stays as it is: if it is
 * requested, its message is in the shadow.
 *
 * Context: Process context, may sleep. Takes the domain's lock. Not from an operation of
 * the store.
 * Return: as ims_queue_connect().
 */
int ims_queue_disconnect(struct device_msi_domain *dom, unsigned int index)
{
	return ims_queue_change_connected(dom, index, false);
}
EXPORT_SYMBOL_GPL(ims_queue_disconnect);
