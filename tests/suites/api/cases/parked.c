// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots without a mask bit: where they point while they are masked, and what
 * becomes of a message that goes there. The test plays the device: it writes to
 * the parking place, as a message does.
 */
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/iommu.h>
#include <linux/jiffies.h>

#include "suite.h"

#define SLOT		9U

static const struct test_parked {
	const char		*name;
	struct ims_layout	layout;
} test_parked[] = {
	{ "address and data", {
		.stride = 12, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = IMS_NO_WORD, .access = 4 } },
	{ "data first, no upper half", {
		.stride = 20, .address_lo = 12, .address_hi = IMS_NO_WORD,
		.data = 4, .ctrl = IMS_NO_WORD, .access = 4 } },
	{ "8 bytes: address_lo and data", {
		.stride = 8, .address_lo = 4, .address_hi = IMS_NO_WORD,
		.data = 0, .ctrl = IMS_NO_WORD, .access = 8 } },
	{ "8 bytes: address, data and ctrl", {
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .preserve = 0xff, .raw = 0xff00, .access = 8 } },
	{ "a PASID that authorises, and bits", {
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .preserve = 0x7, .raw = 0xf0,
		.pasid_enable = BIT(3), .pasid_shift = 12,
		.pasid = IMS_PASID_AUTHORISES, .access = 4 } },
	{ "data and bits in one word", {
		.stride = 12, .address_lo = 0, .address_hi = 4, .data = 8,
		.data_bits = 0xffff0000, .ctrl = 8, .preserve = 0xff,
		.raw = 0xff00, .access = 4 } },
	{ "a mask bit that drops", {
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(1),
		.drops_masked = true, .preserve = 0xf0, .access = 4 } },
	{ "an enable bit that drops, 8 bytes: address_lo and ctrl", {
		.stride = 16, .address_lo = 0, .address_hi = IMS_NO_WORD,
		.data = 8, .ctrl = 4, .mask = IMS_MASK_CLEAR,
		.mask_bit = BIT(2), .drops_masked = true, .access = 8 } },
	{ "ctrl outside, big endian", {
		.stride = 16, .address_lo = 8, .address_hi = 4, .data = 0,
		.ctrl = 4, .ctrl_stride = 8, .preserve = 0xff, .raw = 0xff00,
		.access = 4, .big_endian = true } },
};

static u32 lo_of(const struct test_array *a, unsigned int index)
{
	return test_word(a, index, a->layout.address_lo);
}

static u32 data_of(const struct test_array *a, unsigned int index)
{
	return test_msg_data(a, index);
}

/* Nowhere near an interrupt, and with nothing in the upper half */
static bool points_to_memory(const struct test_array *a, unsigned int index)
{
	return lo_of(a, index) && !test_live(a, index) &&
	       test_message(a, index, lo_of(a, index), 0, data_of(a, index));
}

/* A message that is sent while the slot is parked */
static void send_to_place(const struct test_array *a, unsigned int index)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);
	phys_addr_t place = lo_of(a, index);

	if (domain)
		place = iommu_iova_to_phys(domain, place);
	WRITE_ONCE(*(u32 *)phys_to_virt(place), data_of(a, index));
}

static irqreturn_t parked_handler(int irq, void *count)
{
	atomic_inc(count);
	return IRQ_HANDLED;
}

static bool arrives(atomic_t *count, int want)
{
	unsigned long end = jiffies + 60 * HZ;

	while (atomic_read(count) != want && time_before(jiffies, end))
		usleep_range(1000, 2000);
	msleep(20);	/* for one too many */
	return atomic_read(count) == want;
}

/* A mask bit, if there is one, that always lets the slot send, or never */
static bool gate_is(const struct test_array *a, unsigned int index, bool open)
{
	return !a->layout.drops_masked || test_masked(a, index) != open;
}

static int places_are_apart(const struct test_array *a)
{
	unsigned int i;

	for (i = 0; i < SLOTS; i++) {
		EXPECT(points_to_memory(a, i) && !data_of(a, i));
		EXPECT(lo_of(a, i) == lo_of(a, 0) + i * 4);
		if (a->layout.ctrl != IMS_NO_WORD)
			EXPECT((test_ctrl(a, i) & ~a->layout.mask_bit) ==
			       (TEST_JUNK_WORD & a->layout.preserve));
		EXPECT(gate_is(a, i, true));
	}
	return 0;
}

static int masked_is_parked(const struct test_array *a, int virq, u32 place)
{
	u32 lo = lo_of(a, SLOT), data = data_of(a, SLOT);

	EXPECT(test_live(a, SLOT));
	EXPECT(device_msi_verify(a->dom, false) == 0);
	disable_irq(virq);
	EXPECT(test_message(a, SLOT, place, 0, data) && gate_is(a, SLOT, true));
	EXPECT(device_msi_verify(a->dom, false) == 0);
	enable_irq(virq);
	EXPECT(test_message(a, SLOT, lo, 0, data) && gate_is(a, SLOT, true));
	return 0;
}

/* However many come, they are one interrupt, as with a pending bit */
static int parked_message_arrives(const struct test_array *a, int virq,
				  atomic_t *count)
{
	int before = atomic_read(count);

	disable_irq(virq);
	EXPECT(test_waits(virq) == 0);
	send_to_place(a, SLOT);
	send_to_place(a, SLOT);
	EXPECT(test_waits(virq) == 1);
	EXPECT(atomic_read(count) == before);
	enable_irq(virq);
	EXPECT(arrives(count, before + 1));
	disable_irq(virq);
	enable_irq(virq);
	EXPECT(arrives(count, before + 1));
	return 0;
}

static int parked_restored(const struct test_array *a, u32 place, int virq)
{
	u32 lo = lo_of(a, SLOT), data = data_of(a, SLOT);
	size_t size = SLOTS * a->layout.stride;

	memset(a->words, 0xa5, size);
	EXPECT(device_msi_verify(a->dom, false) == 1);
	EXPECT(device_msi_restore(a->dom) == 0);
	EXPECT(test_message(a, SLOT, lo, 0, data) && gate_is(a, SLOT, true));
	disable_irq(virq);
	memset(a->words, 0xa5, size);
	EXPECT(device_msi_restore(a->dom) == 0);
	EXPECT(test_message(a, SLOT, place, 0, data));
	EXPECT(device_msi_verify(a->dom, false) == 0);
	enable_irq(virq);
	EXPECT(test_message(a, SLOT, lo, 0, data));
	return 0;
}

/* Whoever may use the slot, it is parked where memory is the device's */
static int parked_pasid(const struct test_array *a)
{
	struct device_msi_sideband both = {
		.raw = 0x50, .pasid = 0x12345,
		.has = DEVICE_MSI_SIDEBAND_RAW | DEVICE_MSI_SIDEBAND_PASID,
	};

	EXPECT(!device_msi_set_sideband(a->dom, dev, SLOT, both));
	EXPECT(test_ctrl(a, SLOT) == (0x12345058 | (TEST_JUNK_WORD & 0x7)));
	EXPECT(test_live(a, SLOT));
	return 0;
}

static int parked_raw(const struct test_array *a)
{
	struct device_msi_sideband sideband = {
		.has = DEVICE_MSI_SIDEBAND_RAW, .raw = 0xab00,
	};

	if (!a->layout.raw)
		return 0;
	if (a->layout.pasid_enable)
		return parked_pasid(a);
	EXPECT(!device_msi_set_sideband(a->dom, dev, SLOT, sideband));
	EXPECT(test_ctrl(a, SLOT) == (0xab00 | (TEST_JUNK_WORD & 0xff)));
	EXPECT(test_live(a, SLOT));
	return 0;
}

/* What came to a slot of nobody's is nobody's; later it is the new owner's */
static int parked_early(const struct test_array *a, atomic_t *count)
{
	int before = atomic_read(count);
	struct msi_map map;

	send_to_place(a, SLOT);
	map = test_alloc(a, SLOT);
	EXPECT(map.virq > 0);
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	EXPECT(!request_irq(map.virq, parked_handler, 0, "ims-test", count));
	EXPECT(arrives(count, before));
	free_irq(map.virq, count);
	send_to_place(a, SLOT);
	EXPECT(!request_irq(map.virq, parked_handler, 0, "ims-test", count));
	EXPECT(arrives(count, before + 1));
	free_irq(map.virq, count);
	EXPECT(!device_msi_free_irq(a->dom, dev, map));
	return 0;
}

static int parked_life(const struct test_array *a, atomic_t *count)
{
	u32 place = lo_of(a, SLOT);
	struct msi_map map;
	int line;

	map = test_alloc(a, SLOT);
	EXPECT(map.virq > 0);
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	EXPECT(!request_irq(map.virq, parked_handler, 0, "ims-test", count));
	line = masked_is_parked(a, map.virq, place);
	line = line ?: parked_message_arrives(a, map.virq, count);
	line = line ?: parked_raw(a);
	line = line ?: parked_restored(a, place, map.virq);
	free_irq(map.virq, count);
	EXPECT(line || test_message(a, SLOT, place, 0, 0));
	EXPECT(!device_msi_free_irq(a->dom, dev, map));
	return line;
}

/*
 * The places are not the device's any more: no slot may point there. Where address 0 may
 * be memory, a slot that cannot be masked stays parked, and its place is nobody else's.
 */
static int places_are_left(struct test_array *a)
{
	bool stays = !IS_ENABLED(CONFIG_X86) && !a->layout.drops_masked;
	u32 place = lo_of(a, 0);
	unsigned int i;

	EXPECT(!device_msi_remove_domain(a->dom));
	a->dom = NULL;
	for (i = 0; i < SLOTS; i++)
		EXPECT(test_message(a, i, stays ? place + i * 4 : 0, 0, 0) &&
		       gate_is(a, i, false));
	return 0;
}

static int parked_works(struct test_array *a)
{
	atomic_t count = ATOMIC_INIT(0);

	TRY(places_are_apart(a));
	TRY(parked_life(a, &count));
	TRY(parked_early(a, &count));
	return places_are_left(a);
}

static int case_slots_without_a_mask_bit_are_parked(struct test_array *unused)
{
	struct test_array a;
	unsigned int i;
	int line = 0;

	for (i = 0; !line && i < ARRAY_SIZE(test_parked); i++) {
		pr_info("ims_test: parked: %s\n", test_parked[i].name);
		line = test_array_create(&a, &test_parked[i].layout, SLOTS) ?
			__LINE__ : parked_works(&a);
		test_array_free(&a);
	}
	return line;
}

/* A device that wakes up from a reset pointing anywhere */
static int case_unparked_free_slot_is_parked(struct test_array *unused)
{
	struct test_array a;
	int line = __LINE__;

	if (!test_array_create(&a, &test_parked[0].layout, SLOTS)) {
		memset(a.words, 0xff, SLOTS * a.layout.stride);
		if (test_alloc(&a, SLOT).virq > 0 &&
		    points_to_memory(&a, SLOT) && !data_of(&a, SLOT))
			line = 0;
	}
	test_array_free(&a);
	return line;
}

const struct test_case test_parked_cases[] = {
	CASE(slots_without_a_mask_bit_are_parked),
	CASE(unparked_free_slot_is_parked),
	{ }
};
