/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device MSI: what a store provides. For the author of a new store; a vendor
 * driver whose device has one of the stores in <ims/ims.h> does not need this.
 */
#ifndef _IMS_BACKEND_H
#define _IMS_BACKEND_H

#include <linux/irq.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <ims/device_msi.h>

struct module;
struct seq_file;

/* device_msi_desc.index of an interrupt for which the store is to choose a slot */
#define DEVICE_MSI_NO_SLOT	(~0U)

/**
 * struct device_msi_desc - One interrupt, as its store sees it
 * @store:	the store's own data, as given in struct device_msi_info; the store's
 * @slot_data:	a word for the store, for instance the cached ctrl word. Valid
 *		from msi_alloc_store() to msi_free_store(); afterwards changed
 *		only in callbacks that run under the descriptor's raw lock.
 * @slot_at:	likewise, for where the slot is, so that callbacks need not work
 *		it out; the store sees to it that it stays mapped
 * @consumer:	the device that the interrupt is allocated for; referenced by the core
 *		from msi_alloc_store() to msi_free_store()
 * @sideband:	what the driver wants next to the message; changed by the core
 *		before it calls set_sideband()
 * @index:	the slot's number
 * @direct:	the core's: %DEVICE_MSI_DIRECT, or 0 while it must be asked before the
 *		slot is masked or unmasked
 *
 * It is the core's, and stays where it is from msi_alloc_store() to the end of
 * msi_free_store().
 */
struct device_msi_desc {
	void				*store;
	unsigned long			slot_data;
	void __iomem			*slot_at;
	struct device			*consumer;
	struct device_msi_sideband	sideband;
	unsigned int			index;
	u32				direct;
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
 *		then the store replaces each %DEVICE_MSI_NO_SLOT by a free slot
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
 * @chip_mask:	the kernel masks the interrupt: calls device_msi_mask_by() with the
 *		store's function for that, and does nothing else. For a store that
 *		masks with one write, see docs/store.md; with @chip_unmask, and
 *		neither with @sync nor @test_clear_missed. Same context as @mask. Optional.
 * @chip_unmask: likewise, device_msi_unmask_by(). Optional.
 * @set_sideband: make desc->sideband effective, as a whole. One that has nothing
 *		must not be refused. The slot is masked. Called
 *		between @msi_alloc_store and @msi_free_store, with interrupts
 *		off. An error refuses, and leaves the slot as it was. A store
 *		without it has no sideband.
 * @restore:	the device may have forgotten the slot, or hold anything in it:
 *		mask it whatever was cached, then make it hold @msg, and leave
 *		it masked; @set_sideband follows. Same context as @mask. Returns
 *		0, or a negative errno if the device does not answer: the core
 *		then does not unmask the slot. Of a deferred store, @sync of all slots
 *		follows, whatever was returned. Needed for device_msi_restore().
 *		Optional.
 * @silence:	the device may have forgotten @nr slots from @first on, none of
 *		which is allocated: mask and clear them, as in @init, but for
 *		those that are set aside. May sleep. Returns 0, or a negative
 *		errno if the device does not answer. device_msi_restore() calls
 *		it before @restore. Optional.
 * @get_pending: is a message waiting for @unmask? Same context as @mask.
 *		Optional.
 * @set_pending: make a message wait, or forget the one that does. Same context
 *		as @mask. Optional.
 * @read_slot:	read what the device holds, for people and for checks; the slot
 *		is allocated. May sleep. Returns 0 or a negative errno. Optional.
 * @check_msg:	can the slot hold this message? If not (-EOPNOTSUPP), request_irq()
 *		fails, or the slot stays masked after a move. Same context as
 *		@mask. Optional.
 * @test_clear_missed: has a message come in while the slot was masked, that @unmask
 *		does not make the device send? The core then raises the
 *		interrupt itself. Asked once after @unmask, and after @write_msg
 *		on a slot that is not masked; same context. Optional.
 * @sync:	make what was changed effective in the device and wait for that:
 *		of one slot, or of all if @desc is NULL. May sleep; request_irq()
 *		may call it for some slots at a time, beside everything else. An
 *		error says that the device may hold something else. A store with
 *		this is deferred: see docs/store.md. Optional.
 * @acknowledged:	can the device send only what the kernel last wanted, or nothing?
 *		Same context as @mask. Needed with @sync.
 * @bus_sync_unlock: request_irq() is about to return, or free_irq() to take the
 *		interrupt from its parents: have the device take what they have
 *		changed. May sleep. An error says that the device may send
 *		something else. Needed with @sync.
 * @abandon:	device_msi_release_domain(), while interrupts are requested: the
 *		driver goes. The slots are masked, cleared and committed. When this
 *		returns, the store accesses neither the device nor anything of the
 *		driver's any more, in @msi_free_store and @destroy either. May sleep.
 *		Optional.
 * @show:	lines for debugfs. May sleep. Optional.
 * @destroy:	free the store's own data, the domain is gone. After @abandon this
 *		comes with the last free_irq(). May sleep. Optional.
 *
 * What an operation is given (descriptors but for their place, messages, @slot, arrays)
 * is the core's and valid during the call, unless struct device_msi_desc says more.
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
	void (*chip_mask)(struct irq_data *d);
	void (*chip_unmask)(struct irq_data *d);
	int (*set_sideband)(struct device_msi_desc *desc);
	int (*restore)(struct device_msi_desc *desc,
		       const struct msi_msg *msg);
	int (*silence)(void *store, unsigned int first, unsigned int nr);
	bool (*get_pending)(struct device_msi_desc *desc);
	int (*set_pending)(struct device_msi_desc *desc, bool pending);
	int (*read_slot)(struct device_msi_desc *desc,
			 struct device_msi_slot *slot);
	int (*check_msg)(struct device_msi_desc *desc,
			 const struct msi_msg *msg);
	bool (*test_clear_missed)(struct device_msi_desc *desc);
	int (*sync)(void *store, struct device_msi_desc *desc);
	bool (*acknowledged)(struct device_msi_desc *desc);
	int (*bus_sync_unlock)(struct device_msi_desc *desc);
	void (*abandon)(void *store);
	void (*show)(void *store, struct seq_file *m);
	void (*destroy)(void *store);
};

/* All flags that struct device_msi_info can have */
#define DEVICE_MSI_INFO_FLAGS	(DEVICE_MSI_NEEDS_PASID | \
				 DEVICE_MSI_VMM_EMULATES | \
				 DEVICE_MSI_STORE_CHOOSES)

/**
 * struct device_msi_info - A store, described for device_msi_create_domain()
 * @ops:	the store's operations; borrowed until @destroy of them is called, and
 *		without one until the domain is gone (<ims/device_msi.h>)
 * @store:	the store's own data, handed back to every operation; borrowed likewise
 * @nr_slots:	number of slots, 1 to %DEVICE_MSI_MAX_SLOTS, or
 *		%DEVICE_MSI_NO_LIMIT
 * @reserved:	slots that are never allocated, at most %DEVICE_MSI_MAX_SLOTS in a
 *		range; not with %DEVICE_MSI_STORE_CHOOSES. Copied.
 * @nr_reserved: how many ranges
 * @nr_expected: how many interrupts the function will have at a time, in all its
 *		stores, for parents that make room for all when the first store is
 *		created; more may then fail with -ENOSPC. 0: as many as this store has
 *		slots, but not more than %DEVICE_MSI_MAX_UNASKED
 * @flags:	%DEVICE_MSI_STORE_CHOOSES, %DEVICE_MSI_NEEDS_PASID,
 *		%DEVICE_MSI_VMM_EMULATES
 * @listener:	called when a message changes; copied, what it points to is borrowed
 *		until the domain is gone
 */
struct device_msi_info {
	const struct device_msi_ops	*ops;
	void				*store;
	unsigned int			nr_slots;
	const struct device_msi_range	*reserved;
	unsigned int			nr_reserved;
	unsigned int			nr_expected;
	unsigned int			flags;
	struct device_msi_listener	listener;
};

struct device_msi_domain *
device_msi_create_domain(struct device *dev, const struct device_msi_info *info);
bool device_msi_is_mapped(const void __iomem *at);
u64 device_msi_phys(const void __iomem *at);
bool device_msi_zero_is_harmless(void);
int device_msi_call_store(struct device_msi_domain *dom,
			  const struct module *owner,
			  int (*call)(void *store, void *data), void *data);
int device_msi_call_slot(struct device_msi_domain *dom,
			 const struct module *owner, unsigned int index,
			 int (*call)(struct device_msi_desc *desc, void *data),
			 void *data);

/**
 * struct device_msi_chip - The irq_chip of a domain's interrupts
 * @chip:	what the kernel knows of it
 * @dev:	the domain's device, a PCI function; the domain has a reference
 */
struct device_msi_chip {
	struct irq_chip	chip;
	struct device	*dev;
};

/* In device_msi_desc.direct; a PCI function that is there has it in error_state */
#define DEVICE_MSI_DIRECT	((__force u32)pci_channel_io_normal)

static_assert(!(__force int)PCI_D0 && DEVICE_MSI_DIRECT);

void device_msi_chip_mask(struct irq_data *d);
void device_msi_chip_unmask(struct irq_data *d);

/*
 * Can a slot be masked and unmasked without asking the core? It can if the core has
 * said so in desc->direct, and if the device is in D0 and has no error; all other
 * states are the core's to tell apart. The kernel's own MSI-X looks at nothing, so
 * this is to cost little: one branch for the three, as PCI_D0 is 0.
 */
static __always_inline bool device_msi_is_direct(const struct irq_data *d)
{
	const struct device_msi_chip *chip =
		container_of(d->chip, struct device_msi_chip, chip);
	const struct device_msi_desc *desc = d->chip_data;
	const struct pci_dev *pdev = to_pci_dev(chip->dev);

	return !((desc->direct ^ (__force u32)pdev->error_state) |
		 (__force u32)pdev->current_state);
}

/**
 * device_msi_mask_by() - Mask an interrupt as the kernel asks for it
 * @d:		its data, as chip_mask() got it
 * @mask:	the store's function to mask a slot, inlined: it is called if there is
 *		nothing that the core must know
 *
 * Context: The descriptor's raw lock held, interrupts off.
 */
static __always_inline void
device_msi_mask_by(struct irq_data *d, void (*mask)(struct device_msi_desc *desc))
{
	if (likely(device_msi_is_direct(d)))
		mask(d->chip_data);
	else
		device_msi_chip_mask(d);
}

/**
 * device_msi_unmask_by() - Unmask an interrupt as the kernel asks for it
 * @d:		its data, as chip_unmask() got it
 * @unmask:	the store's function to unmask a slot, inlined: it is called if there
 *		is nothing that the core must know
 *
 * Context: The descriptor's raw lock held, interrupts off.
 */
static __always_inline void
device_msi_unmask_by(struct irq_data *d,
		     void (*unmask)(struct device_msi_desc *desc))
{
	if (likely(device_msi_is_direct(d)))
		unmask(d->chip_data);
	else
		device_msi_chip_unmask(d);
}

#endif /* _IMS_BACKEND_H */
