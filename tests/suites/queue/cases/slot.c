// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the words of a slot may be, in the message and in ctrl, and how much memory
 * a slot has.
 */
#include "suite.h"

/* Commands in a row that fail before a slot is given up */
#define TRIES	6U

#define OWN_BITS	0x00e0U

static const struct ims_layout own_layout = {
	.address_lo	= 0,
	.address_hi	= 4,
	.data		= 8,
	.ctrl		= 12,
	.mask		= IMS_MASK_CLEAR,
	.mask_bit	= BIT(0),
	.preserve	= OWN_BITS,
	.pasid_enable	= BIT(3),
	.pasid_shift	= 12,
};

static const struct ims_layout short_layout = {
	.address_lo	= 0,
	.address_hi	= IMS_NO_WORD,
	.data		= 4,
	.ctrl		= 8,
	.mask		= IMS_MASK_SET,
	.mask_bit	= BIT(0),
};

static const struct ims_layout long_layout = {
	.stride		= FAKE_WORDS * 4,
	.address_lo	= 4,
	.address_hi	= IMS_NO_WORD,
	.data		= 8,
	.ctrl		= 0,
	.mask		= IMS_MASK_SET,
	.mask_bit	= BIT(0),
};

/**
 * struct odd - A parent that composes what no parent on x86 does
 * @chip:	the parent's, but for what composes
 * @data:	the parent's level of the interrupt
 * @was:	its chip
 * @msg:	what is composed
 */
static struct odd {
	struct irq_chip	chip;
	struct irq_data	*data;
	struct irq_chip	*was;
	struct msi_msg	msg;
} odd;

static void odd_compose(struct irq_data *d, struct msi_msg *msg)
{
	*msg = odd.msg;
}

static void odd_set_chip(struct irq_chip *chip)
{
	struct irq_desc *desc = irq_data_to_desc(odd.data);
	unsigned long flags;

	raw_spin_lock_irqsave(&desc->lock, flags);
	odd.data->chip = chip;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/* Until odd_end(), which must come before the interrupt is freed */
static int odd_begin(int virq, struct msi_msg msg)
{
	struct irq_data *d = irq_get_irq_data(virq);

	do {
		d = d->parent_data;
		EXPECT(d);
	} while (!d->chip || !d->chip->irq_compose_msi_msg);
	odd.data = d;
	odd.was = d->chip;
	odd.chip = *d->chip;
	odd.chip.irq_compose_msi_msg = odd_compose;
	odd.msg = msg;
	odd_set_chip(&odd.chip);
	return 0;
}

static void odd_end(void)
{
	odd_set_chip(odd.was);
}

static int requested_and_freed(struct queue_test *t, struct msi_map map)
{
	EXPECT(!queue_request(t, map.virq));
	EXPECT(queue_live(t, map));
	EXPECT(!device_msi_verify(t->dom, false));
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(queue_live(t, map));
	queue_release(t, map.virq);
	EXPECT(fake_silent(t->fake, map.index));
	/* What the device fails to take it may have: it must be masked */
	fake_fail(t->fake, 1, TRIES, -EIO);
	t->fake->takes_anyway = true;
	EXPECT(!queue_request(t, map.virq));
	t->fake->takes_anyway = false;
	EXPECT(queue_commands(t) == TRIES + 1);
	EXPECT(fake_silent(t->fake, map.index));
	queue_release(t, map.virq);
	fake_forget(t->fake);
	EXPECT(!device_msi_restore(t->dom));
	return 0;
}

static int case_address_with_a_lower_half_of_zero(struct queue_test *t)
{
	static const struct msi_msg msgs[] = {
		{ .address_hi = 0x12 },
		{ .data = 0x34 },
		{ .address_hi = 0x12, .data = 0x34 },
	};
	struct msi_map map = queue_alloc(t, 0);
	unsigned int i;
	int line;

	EXPECT(map.index == 0);
	for (i = 0; i < ARRAY_SIZE(msgs); i++) {
		TRY(odd_begin(map.virq, msgs[i]));
		line = requested_and_freed(t, map);
		queue_release(t, map.virq);
		odd_end();
		TRY(line);
	}
	return 0;
}

static int case_address_that_does_not_fit(struct queue_test *t)
{
	static const struct msi_msg msg = {
		.address_hi = 0x12, .address_lo = 0xfee00000,
	};
	struct msi_map map = queue_alloc(t, 0);
	int ret;

	EXPECT(map.index == 0);
	fake_forget(t->fake);
	TRY(odd_begin(map.virq, msg));
	ret = queue_request(t, map.virq);
	queue_release(t, map.virq);
	odd_end();
	EXPECT(ret == -EOPNOTSUPP);
	EXPECT(!queue_commands(t) && fake_silent(t->fake, 0));
	EXPECT(!queue_request(t, map.virq));
	EXPECT(queue_live(t, map));
	return 0;
}

/* To where the slot cannot address: the parent has moved it, the slot is empty */
static int move_to_nowhere(struct queue_test *t, struct msi_map map, int cpu)
{
	static const struct msi_msg msg = {
		.address_hi = 0x12, .address_lo = 0xfee00000,
	};
	bool silent;
	int ret;

	EXPECT(SOON(!queue_is_moving(t, map.virq)));
	TRY(odd_begin(map.virq, msg));
	ret = irq_set_affinity(map.virq, cpumask_of(cpu));
	device_msi_synchronize(t->dom);
	silent = fake_silent(t->fake, map.index);
	odd_end();
	/* A parent that waits for the device moves later */
	EXPECT(ret == (t->masked_moves ? 0 : -EOPNOTSUPP) && silent);
	return 0;
}

static int case_slot_sends_again_after_a_move_that_failed(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 0);
	int cpu = queue_other_cpu();

	EXPECT(map.index == 0);
	if (!t->moves || !cpu)
		return 0;
	/* Not by a move, during whose clean-up the parent would defer the next one */
	EXPECT(!irq_set_affinity(map.virq, cpumask_of(0)));
	EXPECT(!queue_request(t, map.virq));
	EXPECT(queue_fires(t, map.virq) && queue_cpu_of(map.virq) == 0);
	TRY(move_to_nowhere(t, map, cpu));
	EXPECT(queue_fires(t, map.virq));
	TRY(queue_move_to(t, map.virq, 0));
	EXPECT(SOON(queue_live(t, map)));
	EXPECT(queue_fires(t, map.virq));
	return 0;
}

/* In all that the device is told, but for the mask and the sideband */
static int case_own_bits_of_ctrl_stay(struct queue_test *t)
{
	struct msi_map map;

	t->fake->own = 0x00a0;
	map = queue_alloc(t, 0);
	EXPECT(map.index == 0);
	EXPECT(fake_silent(t->fake, 0));
	EXPECT(!queue_request(t, map.virq));
	EXPECT(queue_live(t, map) && fake_ctrl(t->fake, 0) == t->fake->own);
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 0, 42));
	EXPECT(fake_ctrl(t->fake, 0) == (42 << 12 | BIT(3) | t->fake->own));
	fake_scramble(t->fake, 0);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(queue_live(t, map));
	EXPECT(fake_ctrl(t->fake, 0) == (42 << 12 | BIT(3) | t->fake->own));
	/* Masked, because it fails */
	fake_fail(t->fake, 1, TRIES, -EIO);
	EXPECT(device_msi_set_pasid(t->dom, t->dev, 0, 43) == -EIO);
	EXPECT(fake_silent(t->fake, 0));
	fake_forget(t->fake);
	EXPECT(!device_msi_restore(t->dom));
	queue_release(t, map.virq);
	EXPECT(fake_silent(t->fake, 0));
	return 0;
}

static int case_bits_that_nobody_keeps_are_zero(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	EXPECT(!fake_ctrl(t->fake, 0));
	return 0;
}

/* The device copies as many bytes as the layout says, and watches where to */
static int case_read_back_has_room_for_a_slot(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	EXPECT(!device_msi_verify(t->dom, false));
	fake_slot(t->fake, 0)->has[2] ^= 1;
	EXPECT(device_msi_verify(t->dom, true) == 1);
	EXPECT(queue_live(t, map));
	return 0;
}

const struct queue_case queue_slot_cases[] = {
	CASE(address_with_a_lower_half_of_zero),
	CASE(address_that_does_not_fit, .layout = &short_layout),
	CASE(slot_sends_again_after_a_move_that_failed, .layout = &short_layout),
	CASE(own_bits_of_ctrl_stay, .layout = &own_layout),
	CASE(bits_that_nobody_keeps_are_zero),
	CASE(read_back_has_room_for_a_slot, .layout = &long_layout),
	{}
};
