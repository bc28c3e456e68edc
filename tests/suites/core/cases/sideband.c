// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data next to the message: given, refused, changed, and a PASID that must be
 * there.
 */
#include "suite.h"

static struct device_msi_sideband raw(u64 value)
{
	struct device_msi_sideband sideband = {
		.has = DEVICE_MSI_SIDEBAND_RAW, .raw = value,
	};

	return sideband;
}

static struct device_msi_sideband pasid(u32 value)
{
	struct device_msi_sideband sideband = {
		.has = DEVICE_MSI_SIDEBAND_PASID, .pasid = value,
	};

	return sideband;
}

static struct msi_map alloc_with(struct core_test *t, unsigned int index,
				 struct device_msi_sideband sideband)
{
	struct device_msi_req req = {
		.slots = test_slots(index),
		.sideband = sideband,
	};

	return device_msi_alloc_irq(t->dom, t->dev, &req);
}

static int set(struct core_test *t, unsigned int index,
	       struct device_msi_sideband sideband)
{
	return device_msi_set_sideband(t->dom, t->dev, index, sideband);
}

static bool same(struct device_msi_sideband a, struct device_msi_sideband b)
{
	return a.has == b.has &&
	       (!(a.has & DEVICE_MSI_SIDEBAND_PASID) || a.pasid == b.pasid) &&
	       (!(a.has & DEVICE_MSI_SIDEBAND_RAW) || a.raw == b.raw);
}

static bool slot_has(struct core_test *t, unsigned int index,
		     struct device_msi_sideband sideband)
{
	return same(core_slot(t, index)->sideband, sideband);
}

static int case_sideband_is_there_from_the_start(struct core_test *t)
{
	struct device_msi_sideband wide = raw(0xfedcba9876543210ULL);

	EXPECT(alloc_with(t, 3, wide).index == 3);
	EXPECT(same(core_slot(t, 3)->asked, wide));
	EXPECT(slot_has(t, 3, wide));
	EXPECT(test_store_calls(t->store, TEST_SIDEBAND) == 1);
	EXPECT(alloc_with(t, 4, raw(0)).index == 4);
	EXPECT(slot_has(t, 4, raw(0)));
	EXPECT(alloc_with(t, 5, pasid(DEVICE_MSI_PASID_MAX)).index == 5);
	EXPECT(slot_has(t, 5, pasid(DEVICE_MSI_PASID_MAX)));
	return 0;
}

static int case_no_sideband_is_not_told(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 3);

	EXPECT(map.index == 3);
	core_release(t, map.virq);
	EXPECT(!core_free(t, map));
	EXPECT(!test_store_calls(t->store, TEST_SIDEBAND));
	return 0;
}

static int case_refused_sideband_is_no_interrupt(struct core_test *t)
{
	t->store->sideband_error = -EADDRNOTAVAIL;
	EXPECT(alloc_with(t, 3, raw(1)).index == -EADDRNOTAVAIL);
	EXPECT(device_msi_virq(t->dom, 3) == -ENOENT);
	EXPECT(!t->store->nr_ready);
	EXPECT(core_alloc(t, 3).index == 3);
	return 0;
}

static int case_sideband_can_be_changed(struct core_test *t)
{
	EXPECT(core_alloc(t, 3).index == 3);
	EXPECT(!set(t, 3, raw(1)));
	EXPECT(slot_has(t, 3, raw(1)));
	EXPECT(!set(t, 3, raw(2)));
	EXPECT(slot_has(t, 3, raw(2)));
	EXPECT(!set(t, 3, pasid(8)));
	EXPECT(slot_has(t, 3, pasid(8)));
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 3, 9));
	EXPECT(slot_has(t, 3, pasid(9)));
	EXPECT(test_slot_silent(t->store, 3));
	return 0;
}

static int case_sideband_can_be_taken_away(struct core_test *t)
{
	static const struct device_msi_sideband none;

	EXPECT(alloc_with(t, 3, raw(7)).index == 3);
	EXPECT(!set(t, 3, none));
	EXPECT(!core_slot(t, 3)->sideband.has);
	return 0;
}

static int case_live_sideband_changes_under_mask(struct core_test *t)
{
	static const enum test_op order[] = {
		TEST_MASK, TEST_SIDEBAND, TEST_UNMASK,
	};
	struct msi_map map = core_alloc_requested(t, 3);
	struct msi_msg msg;

	EXPECT(map.index == 3);
	msg = core_slot(t, 3)->msg;
	test_store_forget(t->store);
	EXPECT(!set(t, 3, raw(5)));
	EXPECT(slot_has(t, 3, raw(5)));
	EXPECT(test_store_saw(t->store, 3, order, ARRAY_SIZE(order)));
	EXPECT(!test_store_calls(t->store, TEST_WRITE));
	EXPECT(test_slot_live(t->store, 3));
	EXPECT(!memcmp(&msg, &core_slot(t, 3)->msg, sizeof(msg)));
	return 0;
}

static int case_masked_stays_masked_over_a_change(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 3);

	EXPECT(map.index == 3);
	disable_irq(map.virq);
	test_store_forget(t->store);
	EXPECT(!set(t, 3, raw(5)));
	EXPECT(core_slot(t, 3)->masked);
	EXPECT(!test_store_calls(t->store, TEST_UNMASK));
	enable_irq(map.virq);
	EXPECT(test_slot_live(t->store, 3));
	EXPECT(slot_has(t, 3, raw(5)));
	return 0;
}

/* After a reset the core writes what it knows, and that is the old value */
static int case_refused_change_keeps_the_old_value(struct core_test *t)
{
	struct msi_map map = alloc_with(t, 3, raw(1));

	EXPECT(map.index == 3);
	EXPECT(!core_request(t, map.virq));
	t->store->sideband_error = -EADDRNOTAVAIL;
	EXPECT(set(t, 3, raw(2)) == -EADDRNOTAVAIL);
	EXPECT(device_msi_set_pasid(t->dom, t->dev, 3, 2) == -EADDRNOTAVAIL);
	t->store->sideband_error = 0;
	EXPECT(slot_has(t, 3, raw(1)));
	EXPECT(test_slot_live(t->store, 3));
	test_store_reset(t->store, 0);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(slot_has(t, 3, raw(1)));
	return 0;
}

static int case_pasid_has_20_bits(struct core_test *t)
{
	static const u32 wide[] = { 0x100000, 0x80000000, 0xffffffff };
	unsigned int i;

	EXPECT(core_alloc(t, 3).index == 3);
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 3, 0));
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 3, 0xfffff));
	for (i = 0; i < ARRAY_SIZE(wide); i++) {
		EXPECT(device_msi_set_pasid(t->dom, t->dev, 3, wide[i]) ==
		       -EINVAL);
		EXPECT(set(t, 3, pasid(wide[i])) == -EINVAL);
		EXPECT(alloc_with(t, 4, pasid(wide[i])).index == -EINVAL);
	}
	EXPECT(slot_has(t, 3, pasid(0xfffff)));
	EXPECT(core_count(t) == 1);
	return 0;
}

static int case_pasid_and_bits_at_once(struct core_test *t)
{
	struct device_msi_sideband both = {
		.raw = 0xab, .pasid = 0x42,
		.has = DEVICE_MSI_SIDEBAND_RAW | DEVICE_MSI_SIDEBAND_PASID,
	};
	struct msi_map map = alloc_with(t, 3, both);

	EXPECT(map.index == 3 && slot_has(t, 3, both));
	EXPECT(same(core_slot(t, 3)->asked, both));
	EXPECT(!core_request(t, map.virq));
	both.pasid = 0x43;
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 3, 0x43));
	EXPECT(slot_has(t, 3, both));
	test_store_reset(t->store, 0);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(slot_has(t, 3, both) && test_slot_live(t->store, 3));
	EXPECT(set(t, 3, raw(1)) == -EBUSY);
	EXPECT(slot_has(t, 3, both));
	EXPECT(!set(t, 3, pasid(7)));
	EXPECT(slot_has(t, 3, pasid(7)));
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 3, 8));
	EXPECT(slot_has(t, 3, pasid(8)));
	core_release(t, map.virq);
	EXPECT(!set(t, 3, raw(1)));
	EXPECT(slot_has(t, 3, raw(1)));
	return 0;
}

static int case_unknown_sideband_is_refused(struct core_test *t)
{
	struct device_msi_sideband odd = raw(0);

	EXPECT(core_alloc(t, 3).index == 3);
	odd.has |= 4;
	EXPECT(set(t, 3, odd) == -EINVAL);
	EXPECT(alloc_with(t, 4, odd).index == -EINVAL);
	odd.has = -1;
	EXPECT(set(t, 3, odd) == -EINVAL);
	EXPECT(alloc_with(t, 4, odd).index == -EINVAL);
	EXPECT(!test_store_calls(t->store, TEST_SIDEBAND));
	return 0;
}

static int case_sideband_of_no_interrupt(struct core_test *t)
{
	static const unsigned int none[] = { 3, CORE_SLOTS, INT_MAX, UINT_MAX };
	struct msi_map map;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(none); i++) {
		EXPECT(set(t, none[i], raw(1)) == -ENOENT);
		EXPECT(device_msi_set_pasid(t->dom, t->dev, none[i], 1) ==
		       -ENOENT);
	}
	map = core_alloc(t, 3);
	EXPECT(map.index == 3);
	EXPECT(!core_free(t, map));
	EXPECT(set(t, 3, raw(1)) == -ENOENT);
	return 0;
}

static int case_store_without_sideband_says_so(struct core_test *t)
{
	EXPECT(alloc_with(t, 3, raw(1)).index == -EOPNOTSUPP);
	EXPECT(alloc_with(t, 3, pasid(1)).index == -EOPNOTSUPP);
	EXPECT(!t->store->nr_ready);
	EXPECT(core_alloc(t, 3).index == 3);
	EXPECT(set(t, 3, raw(1)) == -EOPNOTSUPP);
	EXPECT(device_msi_set_pasid(t->dom, t->dev, 3, 1) == -EOPNOTSUPP);
	return 0;
}

static int case_no_pasid_no_handler(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 3);

	EXPECT(map.index == 3);
	EXPECT(core_request(t, map.virq) == -EINVAL);
	EXPECT(test_slot_silent(t->store, 3));
	EXPECT(!set(t, 3, raw(1)));
	EXPECT(core_request(t, map.virq) == -EINVAL);
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 3, 0));
	EXPECT(!core_request(t, map.virq));
	EXPECT(test_slot_live(t->store, 3));
	map = alloc_with(t, 4, pasid(8));
	EXPECT(map.index == 4);
	EXPECT(!core_request(t, map.virq));
	return 0;
}

/* Else the interrupt would live on without the PASID that it may not be without */
static int case_live_pasid_cannot_be_taken_away(struct core_test *t)
{
	static const struct device_msi_sideband none;
	struct msi_map map = alloc_with(t, 3, pasid(8));

	EXPECT(map.index == 3);
	EXPECT(!core_request(t, map.virq));
	EXPECT(set(t, 3, none) < 0);
	EXPECT(set(t, 3, raw(1)) < 0);
	EXPECT(slot_has(t, 3, pasid(8)));
	EXPECT(test_slot_live(t->store, 3));
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 3, 9));
	core_release(t, map.virq);
	return 0;
}

/* The kernel activates a managed interrupt where nothing can be refused */
static int case_managed_needs_its_pasid_too(struct core_test *t)
{
	struct irq_affinity affd = {};
	struct msi_map map;
	int ret;

	ret = device_msi_alloc_irqs(t->dom, t->dev, NULL, 1, 1, &affd, &map);
	if (ret == -EOPNOTSUPP)
		return 0;
	EXPECT(ret == 1);
	EXPECT(core_request(t, map.virq) == -EINVAL);
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, map.index, 3));
	EXPECT(!core_request(t, map.virq));
	EXPECT(test_slot_live(t->store, map.index));
	return 0;
}

const struct core_case core_sideband_cases[] = {
	CASE(sideband_is_there_from_the_start),
	CASE(no_sideband_is_not_told),
	CASE(refused_sideband_is_no_interrupt),
	CASE(sideband_can_be_changed),
	CASE(sideband_can_be_taken_away),
	CASE(live_sideband_changes_under_mask),
	CASE_DIRECT(live_sideband_changes_under_mask),
	CASE(masked_stays_masked_over_a_change),
	CASE_DIRECT(masked_stays_masked_over_a_change),
	CASE(refused_change_keeps_the_old_value),
	CASE(pasid_has_20_bits),
	CASE(pasid_and_bits_at_once, .flags = DEVICE_MSI_NEEDS_PASID),
	CASE(unknown_sideband_is_refused),
	CASE(sideband_of_no_interrupt),
	CASE(store_without_sideband_says_so, .ops = &test_unreadable_ops),
	CASE(no_pasid_no_handler, .flags = DEVICE_MSI_NEEDS_PASID),
	CASE_DIRECT(no_pasid_no_handler, .flags = DEVICE_MSI_NEEDS_PASID),
	CASE(live_pasid_cannot_be_taken_away, .flags = DEVICE_MSI_NEEDS_PASID),
	CASE(managed_needs_its_pasid_too, .flags = DEVICE_MSI_NEEDS_PASID),
	{}
};
