// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device keeps next to a message goes out with it, as a whole.
 */
#include "suite.h"

#define PASID_BITS(pasid)	((pasid) << 12 | BIT(3))
#define BOTH	(DEVICE_MSI_SIDEBAND_RAW | DEVICE_MSI_SIDEBAND_PASID)

static const struct ims_layout raw_layout = {
	.address_lo	= 0,
	.address_hi	= 4,
	.data		= 8,
	.ctrl		= 12,
	.mask		= IMS_MASK_SET,
	.mask_bit	= BIT(7),
	.raw		= 0xffff0000,
};

static const struct ims_layout both_layout = {
	.address_lo	= 0,
	.address_hi	= 4,
	.data		= 8,
	.ctrl		= 12,
	.mask		= IMS_MASK_SET,
	.mask_bit	= BIT(0),
	.raw		= 0xf0,
	.pasid_enable	= BIT(3),
	.pasid_shift	= 12,
};

static struct msi_map alloc_with(struct queue_test *t, unsigned int index,
				 u32 has, u64 value)
{
	struct device_msi_req req = {
		.slots = test_slots(index),
		.sideband = { .raw = value, .pasid = value, .has = has },
	};

	return device_msi_alloc_irq(t->dom, t->dev, &req);
}

static int case_pasid_from_the_beginning(struct queue_test *t)
{
	struct msi_map map = alloc_with(t, 0, DEVICE_MSI_SIDEBAND_PASID, 42);

	EXPECT(map.index == 0);
	EXPECT(fake_silent(t->fake, 0));
	fake_forget(t->fake);
	EXPECT(!queue_request(t, map.virq));
	EXPECT(queue_commands(t) == 1 && queue_live(t, map));
	EXPECT(fake_ctrl(t->fake, 0) == PASID_BITS(42));
	queue_release(t, map.virq);
	EXPECT(queue_commands(t) == 2 && fake_silent(t->fake, 0));
	EXPECT(!queue_request(t, map.virq));
	EXPECT(fake_ctrl(t->fake, 0) == PASID_BITS(42));
	return 0;
}

static int case_pasid_changes_with_one_command(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);
	static const u32 pasids[] = { 1, 0, DEVICE_MSI_PASID_MAX };
	unsigned int i;

	EXPECT(map.index == 0);
	for (i = 0; i < ARRAY_SIZE(pasids); i++) {
		fake_forget(t->fake);
		EXPECT(!device_msi_set_pasid(t->dom, t->dev, 0, pasids[i]));
		EXPECT(queue_commands(t) == 1);
		EXPECT(fake_ctrl(t->fake, 0) == PASID_BITS(pasids[i]));
		EXPECT(queue_live(t, map));
		EXPECT(!device_msi_set_pasid(t->dom, t->dev, 0, pasids[i]));
		EXPECT(queue_commands(t) == 1);
	}
	EXPECT(device_msi_set_pasid(t->dom, t->dev, 0,
				    DEVICE_MSI_PASID_MAX + 1) == -EINVAL);
	EXPECT(!device_msi_set_sideband(t->dom, t->dev, 0,
					(struct device_msi_sideband) {}));
	EXPECT(!fake_ctrl(t->fake, 0) && queue_live(t, map));
	return 0;
}

/* It means nothing without a message, and the device is not told */
static int case_pasid_before_the_request(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 0);

	EXPECT(map.index == 0);
	fake_forget(t->fake);
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 0, 5));
	EXPECT(!queue_commands(t) && fake_silent(t->fake, 0));
	EXPECT(!queue_request(t, map.virq));
	EXPECT(fake_ctrl(t->fake, 0) == PASID_BITS(5));
	return 0;
}

static int case_next_owner_has_no_pasid(struct queue_test *t)
{
	struct msi_map map = alloc_with(t, 0, DEVICE_MSI_SIDEBAND_PASID, 42);

	EXPECT(map.index == 0);
	EXPECT(!queue_request(t, map.virq));
	queue_release(t, map.virq);
	EXPECT(!queue_free(t, map));
	map = queue_alloc_requested(t, 0);
	EXPECT(map.index == 0);
	EXPECT(!fake_ctrl(t->fake, 0));
	return 0;
}

static int case_no_request_without_a_pasid(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 0);

	EXPECT(map.index == 0);
	fake_forget(t->fake);
	EXPECT(queue_request(t, map.virq) == -EINVAL);
	EXPECT(!queue_commands(t) && fake_silent(t->fake, 0));
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 0, 5));
	EXPECT(!queue_request(t, map.virq));
	EXPECT(queue_commands(t) == 1 && queue_live(t, map));
	EXPECT(fake_ctrl(t->fake, 0) == PASID_BITS(5));
	EXPECT(device_msi_set_sideband(t->dom, t->dev, 0,
				       (struct device_msi_sideband) {}) ==
	       -EBUSY);
	EXPECT(fake_ctrl(t->fake, 0) == PASID_BITS(5));
	return 0;
}

static int case_raw_bits(struct queue_test *t)
{
	struct msi_map map = alloc_with(t, 0, DEVICE_MSI_SIDEBAND_RAW,
					0x12340000);
	struct device_msi_sideband raw = {
		.has = DEVICE_MSI_SIDEBAND_RAW, .raw = 0xffff0000,
	};

	EXPECT(map.index == 0);
	EXPECT(!queue_request(t, map.virq));
	EXPECT(fake_ctrl(t->fake, 0) == 0x12340000 && queue_live(t, map));
	EXPECT(!device_msi_set_sideband(t->dom, t->dev, 0, raw));
	EXPECT(fake_ctrl(t->fake, 0) == 0xffff0000 && queue_live(t, map));
	raw.raw = 0x80;
	EXPECT(device_msi_set_sideband(t->dom, t->dev, 0, raw) == -EINVAL);
	raw.raw = 1ULL << 32;
	EXPECT(device_msi_set_sideband(t->dom, t->dev, 0, raw) == -EINVAL);
	EXPECT(fake_ctrl(t->fake, 0) == 0xffff0000 && queue_live(t, map));
	EXPECT(device_msi_set_pasid(t->dom, t->dev, 0, 1) == -EOPNOTSUPP);
	EXPECT(alloc_with(t, 1, DEVICE_MSI_SIDEBAND_RAW, 1).index == -EINVAL);
	EXPECT(alloc_with(t, 1, DEVICE_MSI_SIDEBAND_PASID, 1).index ==
	       -EOPNOTSUPP);
	EXPECT(t->fake->in_use == 1);
	return 0;
}

static int case_pasid_and_bits(struct queue_test *t)
{
	struct msi_map map = alloc_with(t, 0, BOTH, 0x50);

	EXPECT(map.index == 0);
	EXPECT(!queue_request(t, map.virq));
	EXPECT(fake_ctrl(t->fake, 0) == (PASID_BITS(0x50) | 0x50));
	fake_forget(t->fake);
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 0, 5));
	EXPECT(queue_commands(t) == 1);
	EXPECT(fake_ctrl(t->fake, 0) == (PASID_BITS(5) | 0x50));
	EXPECT(queue_live(t, map));
	return 0;
}

static int case_store_without_a_sideband(struct queue_test *t)
{
	EXPECT(alloc_with(t, 0, DEVICE_MSI_SIDEBAND_PASID, 1).index ==
	       -EOPNOTSUPP);
	EXPECT(queue_alloc(t, 0).index == 0);
	EXPECT(device_msi_set_pasid(t->dom, t->dev, 0, 1) == -EOPNOTSUPP);
	return 0;
}

#define PASID(_name, ...) \
	CASE(_name, .layout = &ims_layout_pasid, ## __VA_ARGS__)

const struct queue_case queue_sideband_cases[] = {
	PASID(pasid_from_the_beginning),
	PASID(pasid_changes_with_one_command),
	PASID(pasid_before_the_request),
	PASID(next_owner_has_no_pasid),
	PASID(no_request_without_a_pasid, .flags = DEVICE_MSI_NEEDS_PASID),
	CASE(raw_bits, .layout = &raw_layout),
	CASE(pasid_and_bits, .layout = &both_layout),
	CASE(store_without_a_sideband),
	{}
};
