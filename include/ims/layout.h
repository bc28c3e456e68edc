/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a device lays out the words of a message. For the author of a vendor
 * driver; <ims/ims.h> includes this.
 */
#ifndef _IMS_LAYOUT_H
#define _IMS_LAYOUT_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>

/* Offset of a word that the slot does not have */
#define IMS_NO_WORD	0xffffU

/**
 * enum ims_mask - How a slot is masked
 * @IMS_MASK_NONE: there is no such bit
 * @IMS_MASK_SET: a one masks, as in an MSI-X table
 * @IMS_MASK_CLEAR: a zero masks: the bit enables the slot
 */
enum ims_mask {
	IMS_MASK_NONE,
	IMS_MASK_SET,
	IMS_MASK_CLEAR,
};

/**
 * enum ims_pasid - What a PASID beside a message is for
 * @IMS_PASID_TRAVELS: the device sends the message with it. Interrupt remapping
 *	hardware takes such a write for an access of the process's memory, also if it
 *	goes to where interrupts go: no interrupt arrives.
 * @IMS_PASID_AUTHORISES: only what the device does for that process may use the slot;
 *	the message is sent without it
 */
enum ims_pasid {
	IMS_PASID_TRAVELS,
	IMS_PASID_AUTHORISES,
};

/**
 * struct ims_layout - A slot, word by word
 * @stride:	bytes from one slot to the next; in a queue store the bytes of a
 *		shadow, or 0 if it ends with its last word
 * @ctrl_stride: 0: ctrl is in the slot. Else ctrl words are an array of their
 *		own, so many bytes apart, and @ctrl counts from the beginning
 *		of an element of that (array store only)
 * @indexed:	the slots of a window have one address together, and window.index says
 *		whose turn it is. @stride and @ctrl_stride are 0 (array store only).
 * @address_lo:	offset of the lower half of the address, in bytes from the
 *		beginning of the slot; as are the following
 * @address_hi:	offset of the upper half, or %IMS_NO_WORD: it is always 0
 * @data:	offset of the data
 * @data_bits:	0: the data is the whole of its word. Else the bits of it, 8 or more in
 *		a row, that hold the data; @ctrl may be the same word, and has the others
 *		(array store only).
 * @ctrl:	offset of the ctrl word, or %IMS_NO_WORD
 * @mask:	how @mask_bit masks, or the bits of @mask_bitmap do
 * @mask_bit:	that bit of ctrl, BIT(0) to BIT(31)
 * @mask_bitmap: the mask bits are packed in words outside of the slots, window.mask, and
 *		@mask_bit is 0 (array store only)
 * @pending_bit: bit of ctrl by which the device says that a message waits for the slot
 *		to be unmasked; 0 if there is none. The store writes it as 0, and the
 *		device keeps it (array store only).
 * @pending_bitmap: such bits are packed in words outside of the slots, window.pending, as
 *		those of MSI-X are (array store only)
 * @drops_masked: the device forgets what is to be sent while the slot is masked. The slot
 *		is then parked instead, as one without a mask bit is, and the mask bit
 *		lets it send all the time (array store, @mask_bit only).
 * @preserve:	bits of ctrl that keep what they are when the slot is allocated: in
 *		the device, or, in a queue store, in the shadow; bits that are
 *		nowhere in this description are written as 0
 * @raw:	bits of ctrl that a raw sideband sets; 0 if there is none. None of them is
 *		in @preserve, or the PASID's: each bit has one owner.
 * @pasid_enable: bit of ctrl that says that there is a PASID; 0 if the slot has
 *		none
 * @pasid_shift: lowest of the 20 bits of ctrl that hold the PASID
 * @pasid_apart: these are not bits of ctrl but of a word of their own, @pasid_word, in
 *		which all other bits are written as 0 (array store only)
 * @pasid_word:	offset of that word, which shares no access with others
 * @pasid:	what it is for. One that travels cannot be in slots without a mask bit
 *		(array store).
 * @access:	bytes of each access of the device's memory, 4 or 8. With 8, words
 *		that share aligned 8 bytes are written at once, and a half that
 *		holds no word is written as 0 (array store only).
 * @reread_ctrl: others than the store change bits of ctrl while the slot is
 *		allocated, such as the driver with accesses of its own. The store
 *		then reads ctrl before each write of it and writes back what it
 *		does not change. Without this it writes what it has cached, and
 *		masks with one access less (array store with @mask_bit only).
 * @big_endian:	the byte order of each word in the device's memory
 */
struct ims_layout {
	u32		stride;
	u32		ctrl_stride;
	u16		address_lo;
	u16		address_hi;
	u16		data;
	u16		ctrl;
	u32		data_bits;
	enum ims_mask	mask;
	u32		mask_bit;
	u32		pending_bit;
	u32		preserve;
	u32		raw;
	u32		pasid_enable;
	u16		pasid_word;
	u8		pasid_shift;
	bool		pasid_apart;
	enum ims_pasid	pasid;
	u8		access;
	bool		mask_bitmap;
	bool		drops_masked;
	bool		indexed;
	bool		pending_bitmap;
	bool		reread_ctrl;
	bool		big_endian;
};

/*
 * The usual slot: the words of an MSI-X table entry (PCIe 6.0, 7.7.2). Bits of
 * ctrl that have no meaning here stay as they are.
 */
static const struct ims_layout ims_layout_standard __maybe_unused = {
	.stride		= 16,
	.address_lo	= 0,
	.address_hi	= 4,
	.data		= 8,
	.ctrl		= 12,
	.mask		= IMS_MASK_SET,
	.mask_bit	= BIT(0),
	.preserve	= ~(u32)BIT(0),
	.access		= 4,
};

/* The same with a PASID, as Scalable IOV devices have it: who may use the slot */
static const struct ims_layout ims_layout_pasid __maybe_unused = {
	.stride		= 16,
	.address_lo	= 0,
	.address_hi	= 4,
	.data		= 8,
	.ctrl		= 12,
	.mask		= IMS_MASK_SET,
	.mask_bit	= BIT(0),
	.pasid_enable	= BIT(3),
	.pasid_shift	= 12,
	.pasid		= IMS_PASID_AUTHORISES,
	.access		= 4,
};

#endif /* _IMS_LAYOUT_H */
