/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt Message Stores: the driver API of the stores that this project
 * brings. For the author of a vendor driver.
 */
#ifndef _IMS_IMS_H
#define _IMS_IMS_H

#include <linux/compiler_types.h>
#include <ims/device_msi.h>
#include <ims/layout.h>

/**
 * struct ims_window - A piece of an array store
 * @base:	the mapped slots (ioremap() or pci_iomap()), aligned to
 *		layout->access; borrowed: they stay mapped until the domain is gone
 * @size:	bytes mapped at @base for the slots; for one, if layout->indexed
 * @index:	the mapped index register, of 4 bytes and the layout's byte order, if
 *		layout->indexed, borrowed likewise; else NULL. Only the store writes to the
 *		register: the number of a slot in this window, from 0 on.
 * @ctrl:	the mapped ctrl words, if layout->ctrl_stride, borrowed likewise; else
 *		NULL
 * @ctrl_size:	bytes mapped at @ctrl for them
 * @mask:	the mapped mask bits, if layout->mask_bitmap, aligned and borrowed likewise;
 *		else NULL. That of the window's n-th slot, from 0 on, is bit n % 32 of
 *		word n / 32.
 * @mask_size:	bytes mapped at @mask
 * @pending:	the mapped pending bits, if layout->pending_bitmap, in the order of @mask.
 *		They are only read.
 * @pending_size: bytes mapped at @pending
 * @nr_slots:	number of slots in this window
 */
struct ims_window {
	void __iomem	*base;
	size_t		size;
	void __iomem	*index;
	void __iomem	*ctrl;
	size_t		ctrl_size;
	void __iomem	*mask;
	size_t		mask_size;
	void __iomem	*pending;
	size_t		pending_size;
	unsigned int	nr_slots;
};

/**
 * struct ims_array_info - A store that is an array in device memory
 * @layout:	the slots, or NULL for ims_layout_standard; copied
 * @windows:	where they are; slots are numbered through, from 0. Copied.
 * @nr_windows:	how many, usually 1. Together 1 to %DEVICE_MSI_MAX_SLOTS slots.
 * @reserved:	slots set aside: they are never touched and never allocated. Copied.
 * @nr_reserved: how many ranges
 * @nr_expected: how many interrupts the function will have at a time, in all its
 *		stores; 0: as many as slots. On arm64 room is made for so many when the
 *		first store is created: see docs/parents.md
 * @flags:	%DEVICE_MSI_VMM_EMULATES, %DEVICE_MSI_NEEDS_PASID
 * @listener:	called when a message changes; all zero for none. Copied; what it points
 *		to is borrowed.
 */
struct ims_array_info {
	const struct ims_layout		*layout;
	const struct ims_window		*windows;
	unsigned int			nr_windows;
	const struct device_msi_range	*reserved;
	unsigned int			nr_reserved;
	unsigned int			nr_expected;
	unsigned int			flags;
	struct device_msi_listener	listener;
};

struct device_msi_domain *
ims_array_create_domain(struct device *dev, const struct ims_array_info *info);
struct device_msi_domain *
devm_ims_array_create_domain(struct device *dev,
			     const struct ims_array_info *info);
int ims_array_update_ctrl(struct device_msi_domain *dom, unsigned int index,
			  u32 clear, u32 set);

/**
 * struct ims_queue_entry - A slot of a queue store, as the driver sees it
 * @consumer:	the device that the interrupt is for; the domain's device once it is
 *		freed and in quarantine, for the consumer may be gone by then
 * @shadow:	what get_shadow() gave; NULL in quarantined()
 * @index:	the slot's number
 *
 * The entry itself is valid during the call.
 */
struct ims_queue_entry {
	struct device	*consumer;
	void		*shadow;
	unsigned int	index;
};

/**
 * struct ims_queue_ops - How a device takes messages
 * @choose_slot: the number of a free slot, for an interrupt that may have any; -ENOSPC
 *		if there is none. @get_shadow of that slot follows, and if it fails the
 *		slot is free again. Optional: without it the core allocates the lowest
 *		slot that is free.
 * @get_shadow:	the driver's memory for one slot, of the store's layout and
 *		aligned to 4 bytes, lent until @put_shadow; or an ERR_PTR. The words
 *		of the layout are overwritten, but for the bits of ctrl in
 *		layout->preserve: those the device gets with every command as
 *		they are now.
 * @put_shadow:	the slot is no longer in use, and the device has been told, or has
 *		failed to take that. Optional.
 * @lock:	the store is about to change shadows, and to call @sync. Optional.
 * @unlock:	it is done. Optional.
 * @sync:	have the device take the shadows of these slots, 1 to max_batch of
 *		them, each as a whole, and wait until it has. After an error it
 *		may have taken any or none, and must look at none of them any
 *		more. -ENODEV if the device is gone, so that there is no use in
 *		trying again. If the device reads the shadows from memory, the
 *		command reaches it by writel() or another write that comes after
 *		all writes to memory before; writel_relaxed() needs a dma_wmb()
 *		first. NULL with %IMS_QUEUE_NEVER, and only then.
 * @read_back:	ask the device what it holds in a slot, in the layout of a shadow,
 *		for device_msi_verify() and debugfs. There is room for
 *		layout->stride bytes. Optional.
 * @quarantined: the device has failed to take a slot, and the store has given up
 *		with this error: what the device holds is unknown. Called without
 *		locks; reset the device and call device_msi_restore(). Optional.
 *
 * All may sleep. All but @quarantined come one at a time per domain.
 */
struct ims_queue_ops {
	int (*choose_slot)(void *priv, struct device *consumer);
	void *(*get_shadow)(void *priv, struct device *consumer,
			    unsigned int index);
	void (*put_shadow)(void *priv, const struct ims_queue_entry *entry);
	void (*lock)(void *priv);
	void (*unlock)(void *priv);
	int (*sync)(void *priv, const struct ims_queue_entry *entries,
		    unsigned int nr);
	int (*read_back)(void *priv, const struct ims_queue_entry *entry,
			 void *slot);
	void (*quarantined)(void *priv, const struct ims_queue_entry *entry,
			    int error);
};

/**
 * enum ims_queue_carry - From when on commands carry a slot
 * @IMS_QUEUE_FROM_ALLOC: its allocation
 * @IMS_QUEUE_FROM_CONNECT: ims_queue_connect()
 * @IMS_QUEUE_NEVER: there are no commands: the device reads the shadow of a slot by
 *	itself whenever it sends the message
 */
enum ims_queue_carry {
	IMS_QUEUE_FROM_ALLOC,
	IMS_QUEUE_FROM_CONNECT,
	IMS_QUEUE_NEVER,
};

/**
 * struct ims_queue_info - A store behind device commands
 * @ops:	the driver's part of it; borrowed
 * @priv:	handed back to @ops; borrowed
 * @layout:	of a shadow, copied; it must have a mask bit, and ctrl in the slot. NULL for
 *		the words and the mask bit of ims_layout_standard, with all other
 *		bits of ctrl 0.
 * @nr_slots:	1 to %DEVICE_MSI_MAX_SLOTS, or %DEVICE_MSI_NO_LIMIT
 * @nr_expected: how many interrupts the function will have at a time, in all its
 *		stores; 0: as many as slots. On arm64 room is made for so many when the
 *		first store is created: see docs/parents.md
 * @max_batch:	how many slots the device can take with one command; 0 is 1
 * @carry:	from when on commands carry a slot; 0 is its allocation
 * @flags:	%DEVICE_MSI_VMM_EMULATES, %DEVICE_MSI_NEEDS_PASID
 * @listener:	called when a message changes; all zero for none. Copied; what it points
 *		to is borrowed.
 */
struct ims_queue_info {
	const struct ims_queue_ops	*ops;
	void				*priv;
	const struct ims_layout		*layout;
	unsigned int			nr_slots;
	unsigned int			nr_expected;
	unsigned int			max_batch;
	enum ims_queue_carry		carry;
	unsigned int			flags;
	struct device_msi_listener	listener;
};

/**
 * struct ims_queue_stats - What a queue store has done so far
 * @commands:	calls of sync()
 * @slots:	slots that the device took with them
 * @failed:	commands that failed
 * @quarantined: slots given up, now
 */
struct ims_queue_stats {
	u64		commands;
	u64		slots;
	u64		failed;
	unsigned int	quarantined;
};

struct device_msi_domain *
ims_queue_create_domain(struct device *dev, const struct ims_queue_info *info);
struct device_msi_domain *
devm_ims_queue_create_domain(struct device *dev,
			     const struct ims_queue_info *info);
int ims_queue_connect(struct device_msi_domain *dom, unsigned int index);
int ims_queue_disconnect(struct device_msi_domain *dom, unsigned int index);
int ims_queue_begin(struct device_msi_domain *dom);
int ims_queue_end(struct device_msi_domain *dom);
int ims_queue_get_stats(struct device_msi_domain *dom,
			struct ims_queue_stats *stats);

#endif /* _IMS_IMS_H */
