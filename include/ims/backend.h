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
 * @sideband:	what the driver wants next to the message; changed by the core
 *		before it calls set_sideband()
 * @index:	the slot's number
 */
struct device_msi_desc {
	void				*store;
	unsigned long			slot_data;
	struct device			*consumer;
	struct device_msi_sideband	sideband;
	unsigned int			index;
};

/**
 * struct device_msi_slot - What the device holds in one slot
 * @msg:	address and data
 * @ctrl:	the ctrl word, raw
 * @masked:	the slot does not send
 */
struct device_msi_slot {
	struct msi_msg	msg;
	u32		ctrl;
	bool		masked;
};

/**
 * struct device_msi_ops - The operations of a store
 * @owner:	THIS_MODULE of the store; held while a domain exists
 * @init:	silence the device: mask and clear every slot. Called once, when
 *		it is known that interrupts can be delivered and before the
 *		first can be allocated. May sleep. An error stops the creation
 *		of the domain. Optional.
 * @msi_alloc_store: make slots ready for use: masked and without a message.
 *		Called before any interrupt of the request exists, one call at a
 *		time per domain. May sleep. The core has chosen the slots
 *		(desc->index), unless the domain has %DEVICE_MSI_STORE_CHOOSES:
 *		then the store replaces each %DEVICE_MSI_ANY_SLOT by a free slot
 *		of its choice, in any order. desc->sideband is what the driver
 *		asks for, to be refused here or in @set_sideband.
 *		Returns how many of the @nr it has made ready, from the first on
 *		(fewer than @nr: there are no more), or a negative errno and has
 *		made none ready. Optional.
 * @msi_free_store: undo @msi_alloc_store for @nr slots, not necessarily those
 *		of one call of that. The slots are masked and cleared and their
 *		interrupts are gone. May sleep. Optional.
 * @write_msg:	make @msg the slot's message, so that the device never sends a
 *		mixture of the old and the new one. A zero @msg clears the
 *		slot. Called under the descriptor's raw lock, interrupts off.
 * @mask:	stop the slot. When this returns the device starts no new
 *		message. Called under the descriptor's raw lock, interrupts
 *		off; must be cheap when the slot is masked already.
 * @unmask:	let the slot send, and send what came in while it was masked if
 *		the device can hold it. Same context as @mask.
 * @set_sideband: make desc->sideband effective, %DEVICE_MSI_SIDEBAND_NONE
 *		included, which must not be refused. The slot is masked. Called
 *		between @msi_alloc_store and @msi_free_store, with interrupts
 *		off. An error refuses, and leaves the slot as it was. A store
 *		without it has no sideband.
 * @restore:	the device may have forgotten the slot, or hold anything in it:
 *		mask it whatever was cached, then make it hold @msg, and leave
 *		it masked; @set_sideband follows. Same context as @mask. Needed
 *		for device_msi_restore(). Optional.
 * @get_pending: is a message waiting for @unmask? Same context as @mask.
 *		Optional.
 * @set_pending: make a message wait, or forget the one that does. Same context
 *		as @mask. Optional.
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
	int (*set_sideband)(struct device_msi_desc *desc);
	void (*restore)(struct device_msi_desc *desc,
			const struct msi_msg *msg);
	bool (*get_pending)(struct device_msi_desc *desc);
	int (*set_pending)(struct device_msi_desc *desc, bool pending);
	void (*read_slot)(void *store, unsigned int index,
			  struct device_msi_slot *slot);
	void (*destroy)(void *store);
};

/* device_msi_info.flags: msi_alloc_store() chooses the slots */
#define DEVICE_MSI_STORE_CHOOSES	0x1U
/* device_msi_info.flags: request_irq() fails for an interrupt without a PASID */
#define DEVICE_MSI_NEEDS_PASID		0x2U

/**
 * struct device_msi_info - What a store tells when it creates a domain
 * @ops:	the store's operations
 * @store:	the store's own data, handed back to every operation
 * @nr_slots:	number of slots, 1 to %DEVICE_MSI_MAX_SLOTS
 * @flags:	%DEVICE_MSI_STORE_CHOOSES, %DEVICE_MSI_NEEDS_PASID,
 *		%DEVICE_MSI_VMM_EMULATES
 */
struct device_msi_info {
	const struct device_msi_ops	*ops;
	void				*store;
	unsigned int			nr_slots;
	unsigned int			flags;
};

struct device_msi_domain *
device_msi_create_domain(struct device *dev, const struct device_msi_info *info);

#endif /* _IMS_BACKEND_H */
