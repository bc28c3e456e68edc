/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device MSI: what a store provides. For the author of a new store; a vendor
 * driver whose device has one of the stores in <ims/ims.h> does not need this.
 */
#ifndef _IMS_BACKEND_H
#define _IMS_BACKEND_H

#include <linux/msi.h>
#include <ims/device_msi.h>

struct module;

/**
 * struct device_msi_desc - One interrupt, as its store sees it
 * @store:	the store's own data, as given in struct device_msi_info
 * @slot_data:	a word for the store, for instance the cached ctrl word. Valid
 *		from msi_alloc_store() to msi_free_store(); afterwards changed
 *		only in callbacks that run under the descriptor's raw lock.
 * @consumer:	the device that the interrupt is allocated for
 * @index:	the slot's number
 */
struct device_msi_desc {
	void		*store;
	unsigned long	slot_data;
	struct device	*consumer;
	unsigned int	index;
};

/**
 * struct device_msi_slot - What the device holds in one slot
 * @msg:	address and data
 * @ctrl:	the ctrl word, raw
 */
struct device_msi_slot {
	struct msi_msg	msg;
	u32		ctrl;
};

/**
 * struct device_msi_ops - The operations of a store
 * @owner:	THIS_MODULE of the store; held while a domain exists
 * @init:	silence the device: mask and clear every slot. Called once, when
 *		it is known that interrupts can be delivered and before the
 *		first can be allocated. May sleep. An error stops the creation
 *		of the domain. Optional.
 * @msi_alloc_store: make @nr slots ready for use: masked and without a message.
 *		The core has chosen the slots (desc->index); each was
 *		masked and cleared before its number became free. Called
 *		before any interrupt of the request exists. May sleep. On an
 *		error nothing may stay allocated. Optional.
 * @msi_free_store: undo @msi_alloc_store. The slots are masked and cleared and
 *		their interrupts are gone. May sleep. Optional.
 * @write_msg:	make @msg the slot's message, so that the device never sends a
 *		mixture of the old and the new one. A zero @msg clears the
 *		slot. Called under the descriptor's raw lock, interrupts off.
 * @mask:	stop the slot. When this returns the device starts no new
 *		message. Called under the descriptor's raw lock, interrupts
 *		off; must be cheap when the slot is masked already.
 * @unmask:	let the slot send, and send what came in while it was masked if
 *		the device can hold it. Same context as @mask.
 * @read_slot:	read what the device holds, for people and for checks. May be
 *		called at any time from process context. Optional.
 * @destroy:	free the store's own data, the domain is gone. May sleep.
 *		Never called for a domain that refused to go. Optional.
 */
struct device_msi_ops {
	struct module *owner;
	int (*init)(struct device *dev, void *store, unsigned int nr_slots);
	int (*msi_alloc_store)(struct device *consumer,
			       struct device_msi_desc **descs, unsigned int nr);
	void (*msi_free_store)(struct device *consumer,
			       struct device_msi_desc **descs, unsigned int nr);
	void (*write_msg)(struct device_msi_desc *desc,
			  const struct msi_msg *msg);
	void (*mask)(struct device_msi_desc *desc);
	void (*unmask)(struct device_msi_desc *desc);
	void (*read_slot)(void *store, unsigned int index,
			  struct device_msi_slot *slot);
	void (*destroy)(void *store);
};

/**
 * struct device_msi_info - What a store tells when it creates a domain
 * @ops:	the store's operations
 * @store:	the store's own data, handed back to every operation
 * @nr_slots:	number of slots, 1 to %DEVICE_MSI_MAX_SLOTS
 */
struct device_msi_info {
	const struct device_msi_ops	*ops;
	void				*store;
	unsigned int			nr_slots;
};

struct device_msi_domain *
device_msi_create_domain(struct device *dev, const struct device_msi_info *info);

#endif /* _IMS_BACKEND_H */
