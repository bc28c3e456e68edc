/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The array store's private state, and the one place where the store reads and
 * writes the device's memory.
 *
 * One access reads or writes a *unit*: layout.access bytes, aligned to that, which hold
 * one word or two. The value of a unit is a u64, with its first word in the lower half.
 *
 * A device sees the accesses of its memory in their order: the CPU keeps that order within
 * what ioremap() maps, though not within what ioremap_wc() does. writel() and writeq() come
 * after all writes to memory before them, such as those to a parking place; readl() and
 * readq() come before all reads of memory after them. So no barrier is needed beside them.
 */
#ifndef _IMS_ARRAY_H
#define _IMS_ARRAY_H

/* The prefix of every line in the log: include this header before those of Linux */
#define dev_fmt(fmt)	"IMS array: " fmt
#define pr_fmt(fmt)	"IMS array: " fmt

#include <linux/io.h>
#include <linux/list.h>
#include <linux/ratelimit.h>
#include <linux/types.h>
#include <ims/backend.h>
#include <ims/ims.h>

#include "../layout.h"

/* How many slots of a window are checked to keep a message: its first and its last */
#define IMS_WINDOW_ENDS	2

struct ims_bitmap;
struct ims_extent;
struct ims_index;
struct pci_dev;

/* The value of a parking place that no message has overwritten; no message's data is it */
#define IMS_PARK_ARMED		(~0U)

/**
 * struct ims_parked - What a slot without a mask bit should hold
 * @msg:	the slot's message
 * @parked:	the slot holds the address of its parking place instead of the message's
 */
struct ims_parked {
	struct msi_msg	msg;
	bool		parked;
};

/**
 * struct ims_parking - The parking places of a store
 * @slots:	for each slot, what it should hold
 * @places:	for each slot, the parking place: a word that the device may write
 * @dma:	the address of @places for the device
 * @nr_slots:	length of @slots and of @places
 * @used:	slots may hold addresses of @places
 */
struct ims_parking {
	struct ims_parked	*slots;
	u32			*places;
	dma_addr_t		dma;
	unsigned int		nr_slots;
	bool			used;
};

/**
 * struct ims_array_window - Consecutive slots in one piece of memory
 * @base:	the first slot, or whichever slot @index says
 * @index:	the index register, if layout.indexed; else NULL
 * @ctrl:	the unit of the first slot's ctrl word, in the slot or outside
 * @mask:	the unit of the first slot's bit in a bitmap of mask bits, or NULL
 * @mask_unit:	number of that unit in the cache of the bitmap
 * @pending:	the unit of the first slot's bit in a bitmap of pending bits, or NULL
 * @first:	number of the first slot
 * @end:	number of the last slot + 1
 */
struct ims_array_window {
	void __iomem	*base;
	void __iomem	*index;
	void __iomem	*ctrl;
	void __iomem	*mask;
	size_t		mask_unit;
	void __iomem	*pending;
	unsigned int	first;
	unsigned int	end;
};

/**
 * struct ims_array - One store
 * @layout:	how a slot is laid out
 * @dev:	the PCI function, for the log; the domain has a reference to it
 * @ops:	the operations that the core calls
 * @ctrl_stride: bytes from one ctrl word to the next
 * @ctrl_bits:	which bits of a unit are the ctrl word's, and not the data's; 0 if there
 *		are none
 * @mask_bit:	the mask bit in that unit; 0 if there is none
 * @pending_bit: the pending bit in that unit; 0 if there is none
 * @gate:	the mask bit of ctrl, if slots are parked although they have one; else 0
 * @open:	what @gate holds while the device may send: @gate or 0
 * @masked:	what @mask_bit holds while the slot is masked: @mask_bit or 0
 * @units:	offsets of the units that a message is written to, address_lo's
 *		first, without the unit of ctrl if the slot has a mask bit
 * @nr_units:	length of @units
 * @ctrl_unit:	offset of the unit of the ctrl word
 * @ctrl_shared: the unit of the ctrl word also holds a word of the message
 * @index:	what belongs to the index registers, if layout.indexed; else NULL
 * @reserved:	bitmap of the slots that the driver keeps for itself, or NULL for none
 * @bitmap:	the mask bits, if they are in a bitmap; else NULL
 * @parking:	the parking places of slots without a mask bit; else NULL
 * @extents:	the memory of the device that this array, and no other, accesses
 * @nr_extents:	length of @extents
 * @node:	in the list of the arrays that have claimed their memory
 * @msix:	the PCI function, if its MSI-X table overlaps this array and MSI-X was
 *		off when the array was created; else NULL
 * @gone_limit:	limits how often the log says that the array does not answer
 * @nr_windows:	length of @windows
 * @windows:	the windows, in the order of their slots' numbers
 */
struct ims_array {
	struct ims_layout	layout;
	struct device		*dev;
	struct device_msi_ops	ops;
	u32			ctrl_stride;
	u64			ctrl_bits;
	u64			mask_bit;
	u64			pending_bit;
	u64			masked;
	u32			gate;
	u32			open;
	u16			units[3];
	u16			nr_units;
	u16			ctrl_unit;
	bool			ctrl_shared;
	struct ims_index	*index;
	unsigned long		*reserved;
	struct ims_bitmap	*bitmap;
	struct ims_parking	*parking;
	struct ims_extent	*extents;
	unsigned int		nr_extents;
	struct list_head	node;
	struct pci_dev		*msix;
	struct ratelimit_state	gone_limit;
	unsigned int		nr_windows;
	struct ims_array_window	windows[];
};

static inline u16 ims_array_unit(const struct ims_layout *layout, u16 offset)
{
	return round_down(offset, layout->access);
}

/* Convert both words of a unit to the device's byte order, or back from it */
static inline u64 ims_array_order(const struct ims_array *array, u64 unit)
{
	return ims_layout_order(&array->layout, unit) |
	       (u64)ims_layout_order(&array->layout, unit >> 32) << 32;
}

static inline u64 ims_array_read(const struct ims_array *array,
				 const void __iomem *at)
{
	if (array->layout.access == sizeof(u64))
		return ims_array_order(array, readq(at));
	return ims_layout_order(&array->layout, readl(at));
}

static inline void ims_array_write(const struct ims_array *array,
				   void __iomem *at, u64 unit)
{
	if (array->layout.access == sizeof(u64))
		writeq(ims_array_order(array, unit), at);
	else
		writel(ims_layout_order(&array->layout, unit), at);
}

/* index.c: for ims_slot_read() and ims_slot_write(), which follow */
u64 ims_index_read(const struct ims_array *array, unsigned int index,
		   const void __iomem *at);
void ims_index_write(const struct ims_array *array, unsigned int index,
		     void __iomem *at, u64 unit);

/* Find the window of a slot by binary search; most arrays have a single window */
static inline const struct ims_array_window *
ims_array_window(const struct ims_array *array, unsigned int index)
{
	unsigned int low = 0, high = array->nr_windows - 1, middle;

	while (unlikely(low < high)) {
		middle = (low + high) / 2;
		if (index < array->windows[middle].end)
			high = middle;
		else
			low = middle + 1;
	}
	return &array->windows[low];
}

static inline void __iomem *ims_array_slot(const struct ims_array *array,
					   unsigned int index)
{
	const struct ims_array_window *window = ims_array_window(array, index);

	return window->base +
	       (size_t)(index - window->first) * array->layout.stride;
}

/* Read a unit of a slot, or of its ctrl word, wherever that is */
static inline u64 ims_slot_read(const struct ims_array *array,
				unsigned int index, const void __iomem *at)
{
	if (unlikely(array->index))
		return ims_index_read(array, index, at);
	return ims_array_read(array, at);
}

static inline void ims_slot_write(const struct ims_array *array,
				  unsigned int index, void __iomem *at,
				  u64 unit)
{
	if (unlikely(array->index))
		ims_index_write(array, index, at, unit);
	else
		ims_array_write(array, at, unit);
}

/* The address of the unit that holds the ctrl word of a slot; the slot has one */
static inline void __iomem *ims_array_ctrl(const struct ims_array *array,
					   unsigned int index)
{
	const struct ims_array_window *window = ims_array_window(array, index);

	return window->ctrl +
	       (size_t)(index - window->first) * array->ctrl_stride;
}

/* How many slots have their bit in the same unit of a bitmap */
static inline unsigned int ims_array_unit_bits(const struct ims_layout *layout)
{
	return layout->access * BITS_PER_BYTE;
}

/* Where a slot is in a bitmap that begins with its window: the offset of the unit */
static inline size_t ims_array_bit_unit(const struct ims_array *array,
					const struct ims_array_window *window,
					unsigned int index)
{
	return (index - window->first) / ims_array_unit_bits(&array->layout) *
	       array->layout.access;
}

/* And its bit in that unit */
static inline u64 ims_array_bit(const struct ims_array *array,
				const struct ims_array_window *window,
				unsigned int index)
{
	return BIT_ULL((index - window->first) %
		       ims_array_unit_bits(&array->layout));
}

/* Of a unit of that: the word that has the bit of a slot, and that bit */
static inline u32 ims_array_bit_word(const struct ims_array *array,
				     const struct ims_array_window *window,
				     unsigned int index, u64 unit, u32 *bit)
{
	u64 in_unit = ims_array_bit(array, window, index);

	*bit = in_unit > ~0U ? in_unit >> 32 : in_unit;
	return in_unit > ~0U ? unit >> 32 : unit;
}

/* slot.c */
u64 ims_array_msg_unit(const struct ims_array *array, u16 unit,
		       const struct msi_msg *msg);
u64 ims_array_ctrl_value(const struct ims_array *array, u32 ctrl);
u32 ims_array_ctrl_word(const struct ims_array *array, u64 unit);
u32 ims_array_read_word(const struct ims_array *array, unsigned int index,
			u16 offset);
u32 ims_array_read_ctrl(const struct ims_array *array, unsigned int index);
u32 ims_array_learn_ctrl(const struct ims_array *array, unsigned int index);
int ims_array_read_slot(struct ims_array *array, unsigned int index,
			struct device_msi_slot *slot);
bool ims_array_is_reserved(const struct ims_array *array, unsigned int index);
bool ims_array_next_run(const struct ims_array *array, unsigned int window,
			unsigned int *first, unsigned int *end);
unsigned int ims_array_ends(const struct ims_array *array, unsigned int window,
			    unsigned int slots[IMS_WINDOW_ENDS]);
const struct msi_msg *ims_array_test_msg(unsigned int i);
int ims_array_check_test_msg(struct ims_array *array, unsigned int index,
			     unsigned int i);
int ims_array_check_masked(struct ims_array *array, unsigned int index);
int ims_array_check_kept(struct ims_array *array, unsigned int index,
			 u32 address, u32 was);
int ims_array_check_data(const struct ims_array *array, unsigned int index,
			 const struct msi_msg *msg);
void ims_array_write_pasid(const struct ims_array *array, unsigned int index,
			   const struct device_msi_sideband *sideband);
int ims_array_try_sideband(const struct device_msi_desc *desc, u32 *ctrl);

/* mask.c */
extern const struct device_msi_ops ims_mask_ops;
extern const struct device_msi_ops ims_mask_sideband_ops;
void ims_mask_change_ctrl(struct device_msi_desc *desc, u32 clear, u32 set);

/* bitmap.c */
int ims_bitmap_create(struct ims_array *array);
void ims_bitmap_destroy(struct ims_array *array);
bool ims_bitmap_is_masked(const struct ims_array *array, unsigned int index);
void ims_bitmap_change(const struct ims_array *array, unsigned int index,
		       bool masked);
void ims_bitmap_silence(const struct ims_array *array, unsigned int index);
u32 ims_bitmap_read(const struct ims_array *array, unsigned int index, u32 *bit);

/* index.c */
int ims_index_create(struct ims_array *array);
void ims_index_destroy(struct ims_array *array);

/* direct.c */
void ims_direct_choose(struct ims_array *array);

/* pending.c */
bool ims_pending_get(struct device_msi_desc *desc);

/* park.c */
extern const struct device_msi_ops ims_park_ops;
extern const struct device_msi_ops ims_park_sideband_ops;
void ims_park_change_ctrl(struct device_msi_desc *desc, u32 clear, u32 set);
void ims_park_vacate(const struct ims_array *array);

/* parking.c */
int ims_parking_create(struct ims_array *array, unsigned int nr_slots);
void ims_parking_destroy(struct ims_array *array);

/* memory.c */
int ims_memory_claim(struct ims_array *array);
void ims_memory_release(struct ims_array *array);
bool ims_memory_covers(const struct ims_array *array, u64 start, u32 size);

/* pci.c */
int ims_pci_check(struct device *dev);
int ims_pci_check_msix_table(struct ims_array *array);
int ims_pci_check_msix_off(const struct ims_array *array);

/* check.c */
int ims_array_check(struct device *dev, const struct ims_array_info *info,
		    const struct ims_layout *layout, unsigned int *nr_slots);

#endif /* _IMS_ARRAY_H */
