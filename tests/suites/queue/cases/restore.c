// SPDX-License-Identifier: GPL-2.0-only
/*
 * After a reset: what the device has forgotten comes back as it was, and what
 * it holds wrongly is found.
 */
#include <linux/cpumask.h>

#include "suite.h"

/* Live, live with a sideband, disabled, never started, allocated */
#define STATES	5U

static struct msi_map maps[STATES];

static int make_states(struct queue_test *t)
{
	struct device_msi_req req = {
		.slots = DEVICE_MSI_SLOT(1),
		.sideband = { .has = DEVICE_MSI_SIDEBAND_PASID, .pasid = 42 },
	};

	maps[0] = queue_alloc_requested(t, 0);
	EXPECT(maps[0].index == 0);
	maps[1] = device_msi_alloc_irq(t->dom, t->dev, &req);
	EXPECT(maps[1].index == 1);
	EXPECT(!queue_request(t, maps[1].virq));
	maps[2] = queue_alloc_requested(t, 2);
	EXPECT(maps[2].index == 2);
	disable_irq(maps[2].virq);
	maps[3] = queue_alloc(t, 3);
	EXPECT(maps[3].index == 3);
	irq_set_status_flags(maps[3].virq, IRQ_NOAUTOEN);
	EXPECT(!queue_request(t, maps[3].virq));
	maps[4] = queue_alloc(t, 4);
	EXPECT(maps[4].index == 4);
	EXPECT(fake_slot(t->fake, 5));
	fake_forget(t->fake);
	return 0;
}

static int check_states(struct queue_test *t)
{
	EXPECT(queue_live(t, maps[0]) && queue_live(t, maps[1]));
	EXPECT(fake_ctrl(t->fake, 1) == (42 << 12 | BIT(3)));
	/* What the device sends while it is disabled the kernel keeps */
	EXPECT(queue_live(t, maps[2]));
	EXPECT(!fake_ctrl(t->fake, 0) && !fake_ctrl(t->fake, 2));
	EXPECT(fake_silent(t->fake, 3) && fake_silent(t->fake, 4));
	return 0;
}

static int restore_after(struct queue_test *t, u8 byte)
{
	TRY(make_states(t));
	fake_scramble(t->fake, byte);
	EXPECT(!device_msi_restore(t->dom));
	TRY(check_states(t));
	EXPECT(!fake_slot(t->fake, 5)->command);	/* nobody's business */
	queue_fire(maps[2].virq);
	queue_wait_fired();
	EXPECT(!atomic_read(&t->handled));
	enable_irq(maps[2].virq);
	EXPECT(SOON(atomic_read(&t->handled) == 1));
	enable_irq(maps[3].virq);
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(queue_live(t, maps[3]));
	return 0;
}

static int case_restore_after_a_reset_to_zero(struct queue_test *t)
{
	return restore_after(t, 0);
}

static int case_restore_after_a_reset_to_garbage(struct queue_test *t)
{
	return restore_after(t, 0xa6);
}

static int case_restore_of_what_is_right(struct queue_test *t)
{
	TRY(make_states(t));
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!device_msi_restore(t->dom));
	return check_states(t);
}

static int case_restore_takes_batches(struct queue_test *t)
{
	static struct msi_map many[64];
	unsigned int i;

	EXPECT(!queue_alloc_many(t, many, ARRAY_SIZE(many)));
	for (i = 0; i < ARRAY_SIZE(many); i++)
		EXPECT(!queue_request(t, many[i].virq));
	fake_scramble(t->fake, 0);
	fake_forget(t->fake);
	EXPECT(!ims_queue_begin(t->dom));
	EXPECT(!device_msi_restore(t->dom));
	/* The worker may have taken the first of them */
	EXPECT(queue_commands(t) <= 3);
	EXPECT(!ims_queue_end(t->dom));
	for (i = 0; i < ARRAY_SIZE(many); i++)
		EXPECT(queue_live(t, many[i]));
	return 0;
}

static int case_verify_finds_nothing_wrong(struct queue_test *t)
{
	EXPECT(!device_msi_verify(t->dom, false));
	TRY(make_states(t));
	EXPECT(!device_msi_verify(t->dom, false));
	EXPECT(!device_msi_verify(t->dom, true));
	EXPECT(!queue_commands(t));
	return 0;
}

static int case_verify_finds_and_repairs(struct queue_test *t)
{
	TRY(make_states(t));
	fake_scramble(t->fake, 0xa6);
	EXPECT(device_msi_verify(t->dom, false) == STATES);
	EXPECT(device_msi_verify(t->dom, false) == STATES);
	EXPECT(!queue_commands(t));
	EXPECT(device_msi_verify(t->dom, true) == STATES);
	EXPECT(!device_msi_verify(t->dom, false));
	return check_states(t);
}

/* Every word of every kind of slot, one at a time */
static int case_verify_finds_one_wrong_word(struct queue_test *t)
{
	unsigned int i, word;

	TRY(make_states(t));
	for (i = 0; i < STATES; i++) {
		for (word = 0; word < 4; word++) {
			fake_slot(t->fake, i)->has[word] ^= 1;
			EXPECT(device_msi_verify(t->dom, false) == 1);
			EXPECT(device_msi_verify(t->dom, true) == 1);
			TRY(check_states(t));
		}
	}
	return 0;
}

/* Right is what the device was told last, and it may not be through with that */
static int case_verify_of_what_is_under_way(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);
	unsigned int i;

	EXPECT(map.index == 0);
	t->fake->delay_ms = 5;
	for (i = 0; i < 20; i++) {
		EXPECT(!irq_set_affinity(map.virq, cpumask_of
					 (i % 2 ? 0 : queue_other_cpu())));
		EXPECT(!device_msi_verify(t->dom, false));
		if (t->masked_moves)	/* the slot was empty, or had its message */
			EXPECT(!device_msi_synchronize(t->dom));
		EXPECT(queue_live(t, map));
		EXPECT(queue_fires(t, map.virq));
	}
	EXPECT(!ims_queue_begin(t->dom));
	map = queue_alloc(t, 1);
	EXPECT(!queue_request(t, map.virq));
	EXPECT(!device_msi_verify(t->dom, false));
	EXPECT(!ims_queue_end(t->dom));
	return 0;
}

static int case_verify_of_a_device_that_cannot_say(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	t->fake->read_error = -EIO;
	EXPECT(device_msi_verify(t->dom, false) == -EIO);
	EXPECT(device_msi_verify(t->dom, true) == -EIO);
	EXPECT(queue_live(t, map));
	return 0;
}

/* What is wrong is repaired all the same, and the store goes on */
static int case_repair_beside_a_slot_that_cannot_be_read(struct queue_test *t)
{
	struct msi_map wrong = queue_alloc_requested(t, 0);
	struct msi_map other = queue_alloc(t, 2);

	EXPECT(wrong.index == 0 && other.index == 2);
	EXPECT(queue_alloc_requested(t, 1).index == 1);
	irq_set_status_flags(other.virq, IRQ_NOAUTOEN);
	EXPECT(!queue_request(t, other.virq));
	memset(fake_slot(t->fake, 0)->has, 0, sizeof(wrong));
	EXPECT(!queue_live(t, wrong));
	fake_slot(t->fake, 1)->read_error = -EIO;
	EXPECT(device_msi_verify(t->dom, true) == -EIO);
	EXPECT(queue_live(t, wrong));
	/* Nobody waits: a worker does it */
	enable_irq(other.virq);
	EXPECT(SOON(queue_live(t, other)));
	fake_slot(t->fake, 1)->read_error = 0;
	EXPECT(!device_msi_verify(t->dom, true));
	return 0;
}

static int case_verify_without_the_operation(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	EXPECT(device_msi_verify(t->dom, false) == -EOPNOTSUPP);
	EXPECT(device_msi_verify(t->dom, true) == -EOPNOTSUPP);
	fake_scramble(t->fake, 0);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(queue_live(t, map));
	queue_release(t, map.virq);
	EXPECT(!queue_free(t, map));
	t->fake->in_use--;	/* there is no put_shadow() */
	return 0;
}

static int case_repair_that_fails(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	fake_scramble(t->fake, 0);
	fake_fail(t->fake, 1, U64_MAX, -EIO);
	EXPECT(device_msi_verify(t->dom, true) == -EIO);
	EXPECT(queue_quarantined(t) == 1);
	EXPECT(device_msi_verify(t->dom, false) == 1);
	fake_forget(t->fake);
	EXPECT(device_msi_verify(t->dom, true) == 1);
	EXPECT(queue_live(t, map) && !queue_quarantined(t));
	return 0;
}

#define PASID(_name)	CASE(_name, .layout = &ims_layout_pasid)

const struct queue_case queue_restore_cases[] = {
	PASID(restore_after_a_reset_to_zero),
	PASID(restore_after_a_reset_to_garbage),
	PASID(restore_of_what_is_right),
	CASE(restore_takes_batches, .max_batch = 32),
	PASID(verify_finds_nothing_wrong),
	PASID(verify_finds_and_repairs),
	PASID(verify_finds_one_wrong_word),
	CASE(verify_of_what_is_under_way),
	CASE(verify_of_a_device_that_cannot_say),
	CASE(repair_beside_a_slot_that_cannot_be_read),
	CASE(verify_without_the_operation, .ops = &fake_bare_ops),
	CASE(repair_that_fails),
	{}
};
