// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ctrl word that others than the store change, too: by the driver, with
 * accesses of its own. The layouts are those of the interface of 2020.
 */
#include "suite.h"

#define SLOT	3
#define OTHERS	0x12345008U

#define REREAD_LAYOUT						\
	.stride = 16, .address_lo = 0, .address_hi = 4,		\
	.data = 8, .ctrl = 12, .mask_bit = BIT(0),		\
	.access = 4, .reread_ctrl = true

static const struct ims_layout reread_layouts[] = {
	{ REREAD_LAYOUT, .mask = IMS_MASK_CLEAR },
	{ REREAD_LAYOUT, .mask = IMS_MASK_SET, .raw = GENMASK(31, 3) },
};

static __le32 *ctrl_of(const struct test_array *a)
{
	return a->words + SLOT * a->layout.stride + a->layout.ctrl;
}

static void others_write(const struct test_array *a, u32 bits)
{
	u32 ours = test_ctrl(a, SLOT) & a->layout.mask_bit;

	*ctrl_of(a) = cpu_to_le32(ours | bits);
}

static bool others_have(const struct test_array *a, bool masked, u32 bits)
{
	return test_masked(a, SLOT) == masked &&
	       (test_ctrl(a, SLOT) & ~a->layout.mask_bit) == bits;
}

static int others_bits_stay(const struct test_array *a, int virq)
{
	EXPECT(others_have(a, false, OTHERS));
	disable_irq(virq);
	EXPECT(others_have(a, true, OTHERS));
	others_write(a, OTHERS ^ BIT(20));
	enable_irq(virq);
	EXPECT(others_have(a, false, OTHERS ^ BIT(20)));

	/* Not what a device that is in reset holds, but what it held */
	*ctrl_of(a) = cpu_to_le32(~0U);
	disable_irq(virq);
	enable_irq(virq);
	EXPECT(others_have(a, false, OTHERS ^ BIT(20)));
	memset(a->words, 0xa5, SLOTS * a->layout.stride);
	EXPECT(device_msi_restore(a->dom) == 0);
	/* There is no sideband, and its bits are restored, too */
	EXPECT(others_have(a, false, (OTHERS ^ BIT(20)) & ~a->layout.raw));
	return 0;
}

/* Bits 1 and 2 are nobody's sideband */
static int sideband_spares_the_rest(const struct test_array *a)
{
	struct device_msi_sideband raw = {
		.has = DEVICE_MSI_SIDEBAND_RAW, .raw = 0xabcd00,
	};

	if (!a->layout.raw)
		return 0;
	others_write(a, OTHERS | BIT(1));
	EXPECT(!device_msi_set_sideband(a->dom, dev, SLOT, raw));
	EXPECT(others_have(a, false, 0xabcd00 | BIT(1)));
	return 0;
}

static int others_write_ctrl(const struct test_array *a)
{
	struct msi_map map;
	int line;

	map = test_alloc(a, SLOT);
	EXPECT(map.virq > 0 && others_have(a, true, 0));
	others_write(a, OTHERS);
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", (void *)a));
	line = others_bits_stay(a, map.virq);
	line = line ?: sideband_spares_the_rest(a);
	free_irq(map.virq, (void *)a);
	TRY(line);

	others_write(a, OTHERS);
	EXPECT(!device_msi_free_irq(a->dom, dev, map));
	map = test_alloc(a, SLOT);
	EXPECT(map.virq > 0 && others_have(a, true, 0));
	EXPECT(!device_msi_free_irq(a->dom, dev, map));
	return 0;
}

static int case_what_others_write_into_ctrl_stays(struct test_array *unused)
{
	struct test_array a;
	unsigned int i;
	int line = 0;

	for (i = 0; !line && i < ARRAY_SIZE(reread_layouts); i++) {
		line = test_array_create(&a, &reread_layouts[i], SLOTS) ?
			__LINE__ : others_write_ctrl(&a);
		test_array_free(&a);
	}
	return line;
}

const struct test_case test_reread_cases[] = {
	CASE(what_others_write_into_ctrl_stays),
	{ }
};
