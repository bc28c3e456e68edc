// SPDX-License-Identifier: GPL-2.0-only
/*
 * The array stores that the device can have: layouts by name, in one window or
 * two.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/smp.h>

#include "device.h"

struct named_layout {
	const char		*name;
	struct ims_layout	layout;
};

static const struct named_layout layouts[] = {
	{ "enable", {	/* a one lets it send, the highest bit of all */
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .mask = IMS_MASK_CLEAR, .mask_bit = BIT(31),
		.access = 4,
	} },
	{ "nomask", {
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = IMS_NO_WORD, .mask = IMS_MASK_NONE, .access = 4,
	} },
	{ "nohi", {
		.stride = 12, .address_lo = 0, .address_hi = IMS_NO_WORD,
		.data = 4, .ctrl = 8, .mask = IMS_MASK_SET, .mask_bit = BIT(0),
		.access = 4,
	} },
	{ "tiny", {	/* neither */
		.stride = 8, .address_lo = 0, .address_hi = IMS_NO_WORD,
		.data = 4, .ctrl = IMS_NO_WORD, .mask = IMS_MASK_NONE,
		.access = 4,
	} },
	{ "big", {
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(0),
		.access = 4, .big_endian = true,
	} },
	{ "wide", {
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(0),
		.access = 8,
	} },
	{ "apart", {
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 0, .ctrl_stride = 4, .mask = IMS_MASK_SET,
		.mask_bit = BIT(5), .access = 4,
	} },
	{ "sparse", {	/* and ctrl has bits that are none of our business */
		.stride = 64, .address_lo = 60, .address_hi = 36, .data = 20,
		.ctrl = 4, .mask = IMS_MASK_SET, .mask_bit = BIT(7),
		.preserve = 0xff00, .access = 4,
	} },
	{ "waits", {	/* with the pending bit of Scalable IOV devices */
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(0),
		.pending_bit = BIT(2), .pasid_enable = BIT(3),
		.pasid_shift = 12, .pasid = IMS_PASID_AUTHORISES, .access = 4,
	} },
	{ "bitmap", {	/* nothing but messages in the slots */
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = IMS_NO_WORD, .mask = IMS_MASK_SET, .mask_bitmap = true,
		.pending_bitmap = true, .access = 4,
	} },
	{ "oneword", {	/* has data and enable bit */
		.stride = 8, .address_lo = 0, .address_hi = IMS_NO_WORD,
		.data = 4, .data_bits = 0xffff, .ctrl = 4,
		.mask = IMS_MASK_CLEAR, .mask_bit = BIT(31), .access = 4,
	} },
	{ "pasidword", {	/* apart from ctrl */
		.stride = 20, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(0),
		.pasid_apart = true, .pasid_word = 16, .pasid_enable = BIT(31),
		.pasid = IMS_PASID_AUTHORISES, .access = 4,
	} },
	{ "drops", {	/* with pending=0 */
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .mask = IMS_MASK_CLEAR, .mask_bit = BIT(0),
		.drops_masked = true, .access = 4,
	} },
	{ "enables", {	/* of 64 slots in one access */
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .mask = IMS_MASK_CLEAR, .mask_bitmap = true,
		.preserve = 0xff, .access = 8,
	} },
	{ "indexed", {	/* slots behind an index register, with a mask bit */
		.indexed = true, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(0),
		.access = 4,
	} },
	{ "places", {	/* slots behind an index register, without a mask bit */
		.indexed = true, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = IMS_NO_WORD, .mask = IMS_MASK_NONE, .access = 8,
		.big_endian = true,
	} },
	{ "reread", {	/* which the device itself changes, perhaps */
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(0),
		.preserve = 0xff00, .access = 4, .reread_ctrl = true,
	} },
};

int test_find_layout(struct test_device *device)
{
	unsigned int i;

	if (!strcmp(test_layout, "standard")) {
		device->layout = &ims_layout_standard;
		return 0;
	}
	if (!strcmp(test_layout, "pasid")) {
		device->layout = &ims_layout_pasid;
		return 0;
	}
	for (i = 0; i < ARRAY_SIZE(layouts); i++) {
		if (!strcmp(test_layout, layouts[i].name)) {
			device->layout = &layouts[i].layout;
			return 0;
		}
	}
	pci_err(device->pdev, "no layout %s\n", test_layout);
	return -EINVAL;
}

static unsigned int slots_in_window(unsigned int window)
{
	unsigned int second = test_windows > 1 ? test_slots / 2 : 0;

	return window ? second : test_slots - second;
}

/* Tell the device what it is: registers in the order of its LAYOUT */
void test_apply_layout(struct test_device *device)
{
	const struct ims_layout *layout = device->layout;
	const u32 values[] = {
		layout->stride ?: INDEXED_STRIDE, layout->address_lo, layout->address_hi,
		layout->data, layout->ctrl, layout->ctrl_stride, layout->mask,
		layout->mask_bit, layout->access, layout->big_endian,
		test_keeps_pending, slots_in_window(0), slots_in_window(1),
		CTRL_WORDS, MORE_CTRL_WORDS, test_reserved[0],
		test_reserved[1], layout->pending_bit,
		layout->pending_bitmap ? PENDING_BITS : 0,
		layout->pending_bitmap ? MORE_PENDING_BITS : 0,
		layout->mask_bitmap ? MASK_BITS : 0,
		layout->mask_bitmap ? MORE_MASK_BITS : 0,
		layout->data_bits, layout->indexed ? INDEX : 0,
		layout->indexed ? MORE_INDEX : 0,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(values); i++)
		test_write(device, REG_LAYOUT + i * 4, values[i]);
	test_write(device, REG_APPLY, 1);
}

/*
 * The kernel moves interrupts off a CPU that has stopped, and a millisecond later
 * looks once for what has arrived there. On a bus all has: the slot was masked,
 * and read, before its message changed. QEMU may deliver later than that.
 */
static void await_messages(struct test_device *device)
{
	u32 left;

	do {
		left = test_read(device, REG_UNDER_WAY);
		udelay(5);	/* while a CPU reads QEMU does nothing else */
	} while (left && left != ~0U);
}

static void msg_changed(void *data, struct device *consumer,
			unsigned int index, const struct msi_msg *msg)
{
	struct test_device *device = data;

	atomic_inc(&device->msg_changed);
	if (!cpu_online(raw_smp_processor_id()))
		await_messages(device);
}

/* A window, and what its slots have outside of them: where in BAR 4 */
static struct ims_window
test_window(struct test_device *device, unsigned int number, void __iomem *base,
	    size_t size, unsigned int ctrl, unsigned int mask,
	    unsigned int pending)
{
	const struct ims_layout *layout = device->layout;
	struct ims_window window = {
		.base = base, .size = size, .nr_slots = slots_in_window(number),
	};

	if (layout->ctrl_stride) {
		window.ctrl = device->more + ctrl;
		window.ctrl_size = MORE_CTRL_WORDS - CTRL_WORDS;
	}
	if (layout->mask_bitmap) {
		window.mask = device->more + mask;
		window.mask_size = BITMAP_SIZE;
	}
	if (layout->pending_bitmap) {
		window.pending = device->more + pending;
		window.pending_size = BITMAP_SIZE;
	}
	if (layout->indexed)
		window.index = device->more + (number ? MORE_INDEX : INDEX);
	return window;
}

struct device_msi_domain *test_create_array(struct test_device *device)
{
	const struct ims_window windows[] = {
		test_window(device, 0, device->slots,
			    pci_resource_len(device->pdev, SLOTS_BAR),
			    CTRL_WORDS, MASK_BITS, PENDING_BITS),
		test_window(device, 1, device->more, CTRL_WORDS,
			    MORE_CTRL_WORDS, MORE_MASK_BITS, MORE_PENDING_BITS),
	};
	const struct device_msi_range reserved = {
		test_reserved[0], test_reserved[1]
	};
	const struct ims_array_info info = {
		.layout = device->layout,
		.windows = windows,
		.nr_windows = test_windows,
		.reserved = &reserved,
		.nr_reserved = reserved.nr ? 1 : 0,
		.listener = { .msg_changed = msg_changed, .data = device },
	};

	return ims_array_create_domain(&device->pdev->dev, &info);
}
