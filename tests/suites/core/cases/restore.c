// SPDX-License-Identifier: GPL-2.0-only
/*
 * After a reset: what the device has forgotten comes back as it was, and what
 * it holds wrongly is found.
 */
#include "suite.h"

/*
 * Slots 0 to 3: live, live with a sideband, requested and masked, allocated.
 * The others are free.
 */
#define STATES	4U

static int make_states(struct core_test *t, struct msi_map *maps)
{
	struct device_msi_req req = {
		.slots = DEVICE_MSI_SLOT(1),
		.sideband = { .has = DEVICE_MSI_SIDEBAND_PASID, .pasid = 42 },
	};

	maps[0] = core_alloc_requested(t, 0);
	EXPECT(maps[0].index == 0);
	if (!t->store->ops->set_sideband)
		req.sideband.has = 0;
	maps[1] = device_msi_alloc_irq(t->dom, t->dev, &req);
	EXPECT(maps[1].index == 1);
	EXPECT(!core_request(t, maps[1].virq));
	maps[2] = core_alloc_requested(t, 2);
	EXPECT(maps[2].index == 2);
	disable_irq(maps[2].virq);
	maps[3] = core_alloc(t, 3);
	EXPECT(maps[3].index == 3);
	return 0;
}

/* As they were in @before, which the device has forgotten since */
static int check_states(struct core_test *t, const struct test_slot *before)
{
	const struct test_slot *now;
	unsigned int i;

	for (i = 0; i < STATES; i++) {
		now = core_slot(t, i);
		EXPECT(now->masked == before[i].masked);
		EXPECT(!memcmp(&now->msg, &before[i].msg, sizeof(now->msg)));
		EXPECT(now->sideband.has == before[i].sideband.has);
		EXPECT(now->sideband.pasid == before[i].sideband.pasid);
	}
	EXPECT(test_slot_live(t->store, 0) && test_slot_live(t->store, 1));
	EXPECT(core_slot(t, 2)->masked && test_slot_silent(t->store, 3));
	EXPECT(!t->store->live_writes);
	return 0;
}

static int restore_after(struct core_test *t, u8 byte)
{
	struct test_slot before[STATES];
	struct msi_map maps[STATES];

	TRY(make_states(t, maps));
	memcpy(before, t->store->slots, sizeof(before));
	test_store_reset(t->store, byte);
	EXPECT(!device_msi_restore(t->dom));
	TRY(check_states(t, before));
	/* A free slot, which the reset left unmasked */
	if (t->store->ops->silence)
		EXPECT(test_slot_silent(t->store, 4) &&
		       test_slot_silent(t->store, CORE_SLOTS - 1));
	enable_irq(maps[2].virq);
	EXPECT(test_slot_live(t->store, 2));
	return 0;
}

static int case_restore_after_a_reset_to_zero(struct core_test *t)
{
	return restore_after(t, 0);
}

static int case_restore_after_a_reset_to_garbage(struct core_test *t)
{
	return restore_after(t, 0xa5);
}

static int case_restore_of_an_untouched_store(struct core_test *t)
{
	struct test_slot before[STATES];
	struct msi_map maps[STATES];

	EXPECT(!device_msi_restore(t->dom));
	TRY(make_states(t, maps));
	memcpy(before, t->store->slots, sizeof(before));
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!device_msi_restore(t->dom));
	TRY(check_states(t, before));
	enable_irq(maps[2].virq);
	return 0;
}

/* The slot may send only when all of it is right */
static int case_restored_slot_is_unmasked_last(struct core_test *t)
{
	static const enum test_op order[] = {
		TEST_RESTORE, TEST_SIDEBAND, TEST_UNMASK,
	};
	struct msi_map maps[STATES];

	TRY(make_states(t, maps));
	test_store_forget(t->store);
	test_store_reset(t->store, 0);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(test_store_saw(t->store, 1, order, ARRAY_SIZE(order)));
	EXPECT(test_store_calls(t->store, TEST_RESTORE) == STATES);
	EXPECT(test_store_calls(t->store, TEST_UNMASK) == 2);
	enable_irq(maps[2].virq);
	return 0;
}

static int case_restored_slots_are_freed_as_ever(struct core_test *t)
{
	struct msi_map maps[STATES];
	unsigned int i;

	TRY(make_states(t, maps));
	test_store_reset(t->store, 0xa5);
	EXPECT(!device_msi_restore(t->dom));
	enable_irq(maps[2].virq);
	for (i = 0; i < STATES; i++) {
		core_release(t, maps[i].virq);
		EXPECT(!core_free(t, maps[i]));
		EXPECT(test_slot_silent(t->store, i));
		EXPECT(!core_slot(t, i)->lost);
	}
	return 0;
}

static int case_pending_survives_restore(struct core_test *t)
{
	struct msi_map maps[STATES];
	bool pending = false;

	TRY(make_states(t, maps));
	EXPECT(!irq_set_irqchip_state(maps[2].virq, IRQCHIP_STATE_PENDING,
				      true));
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(core_slot(t, 2)->pending);
	EXPECT(device_msi_verify(t->dom, true) == 0);
	EXPECT(!irq_get_irqchip_state(maps[2].virq, IRQCHIP_STATE_PENDING,
				      &pending));
	EXPECT(pending);
	enable_irq(maps[2].virq);
	return 0;
}

static int case_restore_without_the_operation(struct core_test *t)
{
	EXPECT(core_alloc_requested(t, 0).index == 0);
	EXPECT(device_msi_restore(t->dom) == -EOPNOTSUPP);
	EXPECT(test_slot_live(t->store, 0));
	return 0;
}

static int case_restore_without_sideband_or_reading(struct core_test *t)
{
	EXPECT(device_msi_verify(t->dom, false) == -EOPNOTSUPP);
	EXPECT(device_msi_verify(t->dom, true) == -EOPNOTSUPP);
	return restore_after(t, 0);
}

/* So many rows of the table for programs say so: "yes" or "no" */
static bool table_agrees(struct core_test *t, const char *verdict, int rows)
{
	return !core_shell("cd /sys/kernel/debug/device_msi_table/;"
			   "test $(grep -c ' %s$' IMS-%s) -eq %d",
			   verdict, dev_name(t->dev), rows);
}

static int case_verify_finds_nothing_wrong(struct core_test *t)
{
	struct msi_map maps[STATES];

	EXPECT(!device_msi_verify(t->dom, false));
	TRY(make_states(t, maps));
	EXPECT(!device_msi_verify(t->dom, false));
	EXPECT(!device_msi_verify(t->dom, true));
	EXPECT(table_agrees(t, "yes", STATES));
	EXPECT(!test_store_calls(t->store, TEST_RESTORE));
	enable_irq(maps[2].virq);
	return 0;
}

static int case_verify_counts_what_a_reset_left(struct core_test *t)
{
	struct msi_map maps[STATES];

	TRY(make_states(t, maps));
	test_store_reset(t->store, 0x5a);
	EXPECT(device_msi_verify(t->dom, false) == STATES);
	EXPECT(device_msi_verify(t->dom, false) == STATES);
	EXPECT(table_agrees(t, "no", STATES));
	EXPECT(!test_store_calls(t->store, TEST_RESTORE));
	enable_irq(maps[2].virq);
	EXPECT(!device_msi_restore(t->dom));
	return 0;
}

static int case_repair_makes_it_right(struct core_test *t)
{
	struct test_slot before[STATES];
	struct msi_map maps[STATES];

	TRY(make_states(t, maps));
	memcpy(before, t->store->slots, sizeof(before));
	test_store_reset(t->store, 0x5a);
	EXPECT(device_msi_verify(t->dom, true) == STATES);
	TRY(check_states(t, before));
	EXPECT(!device_msi_verify(t->dom, false));
	EXPECT(table_agrees(t, "no", 0) && table_agrees(t, "yes", STATES));
	enable_irq(maps[2].virq);
	return 0;
}

#define MANY_WRONG	(4 * CORE_SLOTS)

/* Of many wrong slots the first are in the log, and how many there are besides */
static int case_verify_counts_what_it_does_not_show(struct core_test *t)
{
	struct msi_map maps[MANY_WRONG];

	TRY(core_fill(t, maps, MANY_WRONG));
	test_store_reset(t->store, 0x5a);
	EXPECT(device_msi_verify(t->dom, false) == MANY_WRONG);
	EXPECT(!device_msi_restore(t->dom));
	return 0;
}

/* Every word of every kind of slot, one at a time */
static int verify_one(struct core_test *t, unsigned int index,
		      unsigned int what)
{
	struct test_slot *slot = core_slot(t, index);
	struct test_slot before = *slot;

	switch (what) {
	case 0:
		slot->msg.address_lo ^= 0x1000;
		break;
	case 1:
		slot->msg.address_hi ^= 1;
		break;
	case 2:
		slot->msg.data ^= 0x80000000;
		break;
	case 3:
		slot->masked = !slot->masked;
		break;
	}
	EXPECT(device_msi_verify(t->dom, false) == 1);
	EXPECT(device_msi_verify(t->dom, true) == 1);
	EXPECT(!device_msi_verify(t->dom, false));
	EXPECT(!memcmp(&before.msg, &slot->msg, sizeof(before.msg)));
	EXPECT(before.masked == slot->masked);
	EXPECT(before.sideband.pasid == slot->sideband.pasid);
	return 0;
}

static int case_verify_finds_one_wrong_word(struct core_test *t)
{
	struct msi_map maps[STATES];
	unsigned int index, what;

	TRY(make_states(t, maps));
	for (index = 0; index < STATES; index++)
		for (what = 0; what < 4; what++)
			TRY(verify_one(t, index, what));
	EXPECT(test_store_calls(t->store, TEST_RESTORE) == 4 * STATES);
	enable_irq(maps[2].virq);
	return 0;
}

static int case_verify_leaves_free_slots_alone(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	test_slot_lose(t->store, 1, 0xa5, false);
	EXPECT(!device_msi_verify(t->dom, true));
	EXPECT(core_slot(t, 1)->lost);
	EXPECT(core_alloc(t, 1).index == 1);
	EXPECT(test_slot_silent(t->store, 1));
	return 0;
}

static int case_verify_reads_what_it_cannot_repair(struct core_test *t)
{
	EXPECT(core_alloc_requested(t, 0).index == 0);
	EXPECT(!device_msi_verify(t->dom, false));
	test_slot_lose(t->store, 0, 0xa5, false);
	EXPECT(device_msi_verify(t->dom, false) == 1);
	EXPECT(device_msi_verify(t->dom, true) == -EOPNOTSUPP);
	return 0;
}

/* Else a message would go out without what has to travel with it */
static int case_refused_sideband_stays_masked(struct core_test *t)
{
	struct msi_map maps[STATES];

	TRY(make_states(t, maps));
	t->store->sideband_error = -EIO;
	EXPECT(device_msi_restore(t->dom) == -EIO);
	EXPECT(core_slot(t, 1)->masked);
	EXPECT(test_slot_live(t->store, 0));
	irq_set_status_flags(maps[1].virq, IRQ_DISABLE_UNLAZY);
	disable_irq(maps[1].virq);
	enable_irq(maps[1].virq);
	EXPECT(core_slot(t, 1)->masked);
	t->store->sideband_error = 0;
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(test_slot_live(t->store, 1));
	enable_irq(maps[2].virq);
	return 0;
}

/* Such as memory decoding that is off still */
static int case_slot_that_does_not_answer_stays_masked(struct core_test *t)
{
	struct msi_map maps[STATES];

	TRY(make_states(t, maps));
	test_store_reset(t->store, 0);
	t->store->restore_error = -ENODEV;
	t->store->restore_error_index = 0;
	EXPECT(device_msi_restore(t->dom) == -ENODEV);
	EXPECT(core_slot(t, 0)->masked);
	EXPECT(test_slot_live(t->store, 1));
	disable_irq(maps[0].virq);
	enable_irq(maps[0].virq);
	EXPECT(core_slot(t, 0)->masked);
	t->store->restore_error = 0;
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(test_slot_live(t->store, 0));
	enable_irq(maps[2].virq);
	return 0;
}

/* A reset may leave a PASID that nobody has asked for */
static int case_no_sideband_is_restored_too(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	core_slot(t, 0)->sideband.has = DEVICE_MSI_SIDEBAND_PASID;
	core_slot(t, 0)->sideband.pasid = 7;
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(core_slot(t, 0)->sideband.has == 0);
	return 0;
}

const struct core_case core_restore_cases[] = {
	CASE(refused_sideband_stays_masked),
	CASE_DIRECT(refused_sideband_stays_masked),
	CASE(slot_that_does_not_answer_stays_masked),
	CASE_DIRECT(slot_that_does_not_answer_stays_masked),
	CASE(no_sideband_is_restored_too),
	CASE(restore_after_a_reset_to_zero),
	CASE(restore_after_a_reset_to_garbage),
	CASE_DIRECT(restore_after_a_reset_to_garbage),
	CASE(restore_of_an_untouched_store),
	CASE(restored_slot_is_unmasked_last),
	CASE(restored_slots_are_freed_as_ever),
	CASE_DIRECT(restored_slots_are_freed_as_ever),
	CASE(pending_survives_restore),
	CASE(restore_without_the_operation, .ops = &test_bare_ops),
	CASE(restore_without_sideband_or_reading, .ops = &test_unreadable_ops),
	CASE(verify_finds_nothing_wrong),
	CASE(verify_counts_what_a_reset_left),
	CASE(verify_counts_what_it_does_not_show, .nr_slots = MANY_WRONG),
	CASE(repair_makes_it_right),
	CASE(verify_finds_one_wrong_word),
	CASE_DIRECT(verify_finds_one_wrong_word),
	CASE(verify_leaves_free_slots_alone),
	CASE(verify_reads_what_it_cannot_repair, .ops = &test_read_only_ops),
	{}
};
