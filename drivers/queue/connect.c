// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots that the device cannot be told of, because what they are for does not exist yet:
 * no command carries them. What the kernel wants of such a slot is in its shadow, from
 * where the command takes it with which the driver creates what the slot is for.
 */
#include "queue.h"

#include <linux/device.h>
#include <linux/module.h>

static struct ims_queue_slot *ims_queue_slot_of(const struct device_msi_desc *desc)
{
	return (struct ims_queue_slot *)desc->slot_data;
}

/* A device that reads shadows by itself is never told */
bool ims_queue_starts_connected(const struct ims_queue *queue)
{
	return queue->info.ops->sync &&
		!(queue->info.flags & IMS_QUEUE_STARTS_DISCONNECTED);
}

/*
 * What the device took when its driver created what the slot is for may be older than
 * what is wanted now. A command that was chosen for the slot before says nothing of it.
 */
static int ims_queue_do_connect(struct device_msi_desc *desc, void *unused)
{
	struct ims_queue_slot *slot = ims_queue_slot_of(desc);
	struct ims_queue *queue = desc->store;

	raw_spin_lock(&queue->lock);
	if (!slot->connected && queue->info.ops->sync) {
		slot->connected = true;
		slot->known = false;
		slot->under_way = false;
		ims_queue_enlist(queue, slot);
	}
	raw_spin_unlock(&queue->lock);
	return 0;
}

static int ims_queue_do_disconnect(struct device_msi_desc *desc, void *unused)
{
	struct ims_queue_slot *slot = ims_queue_slot_of(desc);
	struct ims_queue *queue = desc->store;

	raw_spin_lock(&queue->lock);
	if (slot->connected) {
		slot->connected = false;
		slot->known = false;
		slot->under_way = false;
		slot->failed = 0;
		ims_queue_enlist(queue, slot);
	}
	raw_spin_unlock(&queue->lock);
	return 0;
}

/* Waits for a command that is under way, which may carry a slot */
static int ims_queue_do_commit(void *store, void *unused)
{
	return ims_queue_commit_all(store);
}

/**
 * ims_queue_connect() - The device can be told of a slot from now on
 * @dom:	a domain of a queue store
 * @index:	number of an allocated slot
 *
 * Of a store with %IMS_QUEUE_STARTS_DISCONNECTED no command carries a slot before this
 * call: allocation and request_irq() change its shadow only, under lock() and unlock().
 * The driver has the device take the shadow when it creates what the slot is for, such
 * as a queue, and calls this function then. A command carries the slot once more, for
 * its message may have changed meanwhile. Nothing is done for a slot that is connected, nor
 * in a store without sync(), whose device is never told.
 *
 * Context: Process context, may sleep. Takes the domain's lock. Not from an operation of
 * the store.
 * Return: 0; -ENOENT if the slot has no interrupt; -EIO if a slot of the store is in
 * quarantine, which is in the log; -EINVAL for a wrong argument; -ENODEV if the domain was
 * removed.
 */
int ims_queue_connect(struct device_msi_domain *dom, unsigned int index)
{
	int ret = device_msi_call_slot(dom, THIS_MODULE, index,
				       ims_queue_do_connect, NULL);

	return ret ?: device_msi_call_store(dom, THIS_MODULE,
					    ims_queue_do_commit, NULL);
}
EXPORT_SYMBOL_GPL(ims_queue_connect);

/**
 * ims_queue_disconnect() - The device cannot be told of a slot any more
 * @dom:	a domain of a queue store
 * @index:	number of an allocated slot
 *
 * To be called when the device has destroyed what the slot is for, so that it sends
 * nothing from the slot; or when a reset has, before device_msi_restore(). No command
 * carries the slot when this function returns. The interrupt stays as it is: if it is
 * requested, its message is in the shadow.
 *
 * Context: Process context, may sleep. Takes the domain's lock. Not from an operation of
 * the store.
 * Return: as ims_queue_connect().
 */
int ims_queue_disconnect(struct device_msi_domain *dom, unsigned int index)
{
	int ret = device_msi_call_slot(dom, THIS_MODULE, index,
				       ims_queue_do_disconnect, NULL);

	return ret ?: device_msi_call_store(dom, THIS_MODULE,
					    ims_queue_do_commit, NULL);
}
EXPORT_SYMBOL_GPL(ims_queue_disconnect);
