// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots are silent in the device before they have an interrupt; what cannot be
 * had leaves nothing.
 */
#include "suite.h"

static struct msi_map maps[QUEUE_SLOTS];

static int nothing_left(struct queue_test *t, unsigned int irqs)
{
	EXPECT(!t->fake->in_use);
	EXPECT(test_count_irqs(test_failslab) == irqs);
	EXPECT(!queue_quarantined(t));
	return 0;
}

/* In a command: is there an interrupt already? */
static void watch_for_irqs(struct fake_device *fake,
			   const struct ims_queue_entry *entries,
			   unsigned int nr)
{
	unsigned int *before = fake->data;

	if (test_count_irqs(test_failslab) != *before)
		*before = UINT_MAX;
}

static int case_device_is_told_before_there_is_an_interrupt(struct queue_test *t)
{
	unsigned int before = test_count_irqs(test_failslab);

	t->fake->data = &before;
	t->fake->watch = watch_for_irqs;
	EXPECT(fake_slot(t->fake, 3));
	EXPECT(!fake_silent(t->fake, 3) && !fake_masked(t->fake, 3));
	EXPECT(queue_alloc(t, 3).index == 3);
	EXPECT(before != UINT_MAX);
	EXPECT(queue_commands(t) == 1);
	EXPECT(fake_silent(t->fake, 3));
	return 0;
}

static int batches_of(struct queue_test *t, unsigned int nr,
		      unsigned int commands)
{
	unsigned int i;

	EXPECT(!queue_alloc_many(t, maps, nr));
	EXPECT(queue_commands(t) == commands);
	for (i = 0; i < nr; i++)
		EXPECT(fake_silent(t->fake, maps[i].index));
	EXPECT(t->fake->in_use == nr);
	fake_forget(t->fake);
	EXPECT(!device_msi_free_irqs(t->dom, t->dev));
	EXPECT(!queue_commands(t));
	return nothing_left(t, 0);
}

static int case_batch_of_none_is_a_batch_of_one(struct queue_test *t)
{
	return batches_of(t, 10, 10);
}

static int case_batches_are_as_large_as_may_be(struct queue_test *t)
{
	return batches_of(t, 10, 3);
}

static int case_batch_may_be_larger_than_what_there_is(struct queue_test *t)
{
	return batches_of(t, 100, 1);
}

static int case_bare_device_will_do(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	queue_release(t, map.virq);
	EXPECT(fake_silent(t->fake, 0));
	EXPECT(!queue_free(t, map));
	fake_slot(t->fake, 0)->consumer = NULL;
	t->fake->in_use--;
	return 0;
}

static int case_neighbours_are_not_disturbed(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 5);
	u64 command;

	EXPECT(map.index == 5);
	command = fake_slot(t->fake, 5)->command;
	EXPECT(fake_slot(t->fake, 6));
	EXPECT(queue_alloc(t, 4).index == 4);
	EXPECT(queue_alloc_requested(t, 7).index == 7);
	EXPECT(!queue_alloc_many(t, maps, 3));
	EXPECT(fake_slot(t->fake, 5)->command == command);
	EXPECT(queue_live(t, map));
	/* Free, so that it is nobody's business */
	EXPECT(!fake_slot(t->fake, 6)->command && !fake_masked(t->fake, 6));
	return 0;
}

static int case_each_consumer_has_its_shadow(struct queue_test *t)
{
	struct device_msi_req req = { .slots.nr = 1 };
	struct msi_map map;
	unsigned int i;

	for (i = 0; i < QUEUE_PARTS; i++) {
		req.slots.first = 10 - i;
		map = device_msi_alloc_irq(t->dom, queue_part(t, i), &req);
		EXPECT(map.index == 10 - i);
		EXPECT(fake_slot(t->fake, 10 - i)->consumer ==
		       queue_part(t, i));
		EXPECT(!queue_request(t, map.virq));
		EXPECT(queue_live(t, map));
	}
	EXPECT(t->fake->in_use == QUEUE_PARTS);
	return 0;
}

static int case_alloc_fails_if_the_device_does(struct queue_test *t)
{
	static const int errors[] = { -EIO, -ETIMEDOUT, -ENODEV, 1 };
	unsigned int irqs = test_count_irqs(test_failslab), i;

	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		fake_fail(t->fake, 1, U64_MAX, errors[i]);
		EXPECT(queue_alloc(t, 2).index == -EIO);
		EXPECT(queue_commands(t) == (errors[i] == -ENODEV ? 1 : 6));
		EXPECT(queue_alloc_many(t, maps, 20) == -EIO);
		TRY(nothing_left(t, irqs));
		fake_forget(t->fake);
		EXPECT(queue_alloc(t, 2).index == 2);
		EXPECT(fake_silent(t->fake, 2));
		EXPECT(!device_msi_free_irqs(t->dom, t->dev));
	}
	return 0;
}

/* One of many: all or nothing, and none of the others is the worse for it */
static int case_one_bad_slot_fails_the_request(struct queue_test *t)
{
	struct msi_map live = queue_alloc_requested(t, 100);
	unsigned int irqs = test_count_irqs(test_failslab);

	EXPECT(live.index == 100);
	fake_slot(t->fake, 3)->error = -EIO;
	EXPECT(queue_alloc_many(t, maps, 8) == -EIO);
	EXPECT(t->fake->in_use == 1 && test_count_irqs(test_failslab) == irqs);
	EXPECT(!queue_quarantined(t));
	EXPECT(queue_live(t, live));
	EXPECT(queue_alloc(t, 2).index == 2);
	fake_slot(t->fake, 3)->error = 0;
	EXPECT(queue_alloc(t, 3).index == 3);
	return 0;
}

static int case_error_of_get_shadow_comes_through(struct queue_test *t)
{
	static const int errors[] = { -ENOMEM, -EAGAIN, -EIO };
	unsigned int irqs = test_count_irqs(test_failslab), i;

	t->fake->get_error_index = 2;
	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		t->fake->get_error = errors[i];
		EXPECT(queue_alloc(t, 2).index == errors[i]);
		EXPECT(queue_alloc_many(t, maps, 5) == errors[i]);
		TRY(nothing_left(t, irqs));
		EXPECT(!queue_commands(t));
	}
	EXPECT(queue_alloc(t, 1).index == 1);
	t->fake->get_error = 0;
	EXPECT(queue_alloc(t, 2).index == 2);
	return 0;
}

static int case_driver_that_has_no_more_is_full(struct queue_test *t)
{
	t->fake->get_error_index = 2;
	t->fake->get_error = -ENOSPC;
	EXPECT(queue_alloc_many(t, maps, 5) == -ENOSPC);
	TRY(nothing_left(t, 0));
	EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, 1, 5, NULL, maps) ==
	       2);
	EXPECT(maps[0].index == 0 && maps[1].index == 1);
	EXPECT(queue_alloc(t, ANY_SLOT).index == -ENOSPC);
	EXPECT(queue_alloc(t, 3).index == 3);
	EXPECT(t->fake->in_use == 3);
	return 0;
}

static int case_useless_shadow_is_refused(struct queue_test *t)
{
	unsigned int irqs = test_count_irqs(test_failslab);

	t->fake->get_shadow = FAKE_SHADOW_NULL;
	EXPECT(queue_alloc(t, 0).index == -EINVAL);
	t->fake->get_shadow = FAKE_SHADOW_ODD;
	EXPECT(queue_alloc(t, 0).index == -EINVAL);
	EXPECT(queue_alloc_many(t, maps, 5) == -EINVAL);
	TRY(nothing_left(t, irqs));
	EXPECT(!queue_commands(t));
	t->fake->get_shadow = FAKE_SHADOW_GOOD;
	EXPECT(queue_alloc(t, 0).index == 0);
	return 0;
}

static int case_store_without_an_end(struct queue_test *t)
{
	struct msi_map far = queue_alloc_requested(t, 1000000), map;

	EXPECT(far.index == 1000000);
	EXPECT(device_msi_virq(t->dom, 1000000) == far.virq);
	map = queue_alloc_requested(t, ANY_SLOT);
	EXPECT(map.index == 0);
	EXPECT(queue_alloc(t, 1000000).index == -EBUSY);
	EXPECT(queue_alloc(t, DEVICE_MSI_NO_LIMIT - 1).index ==
	       DEVICE_MSI_NO_LIMIT - 1);
	EXPECT(queue_alloc(t, DEVICE_MSI_NO_LIMIT).index == -EINVAL);
	EXPECT(queue_alloc(t, ANY_SLOT - 1).index == -EINVAL);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!device_msi_verify(t->dom, false));
	EXPECT(queue_live(t, far) && queue_live(t, map));
	queue_release(t, far.virq);
	EXPECT(!queue_free(t, far));
	EXPECT(fake_silent(t->fake, 1000000));
	EXPECT(queue_alloc(t, 1000000).index == 1000000);
	return 0;
}

const struct queue_case queue_alloc_cases[] = {
	CASE(device_is_told_before_there_is_an_interrupt),
	CASE(batch_of_none_is_a_batch_of_one),
	CASE(batches_are_as_large_as_may_be, .max_batch = 4),
	CASE(batch_may_be_larger_than_what_there_is, .max_batch = 1000),
	CASE(bare_device_will_do, .ops = &fake_bare_ops),
	CASE(neighbours_are_not_disturbed, .max_batch = 8),
	CASE(each_consumer_has_its_shadow),
	CASE(alloc_fails_if_the_device_does, .max_batch = 8),
	CASE(one_bad_slot_fails_the_request, .max_batch = 8),
	CASE(error_of_get_shadow_comes_through, .max_batch = 8),
	CASE(driver_that_has_no_more_is_full, .max_batch = 8),
	CASE(useless_shadow_is_refused),
	CASE(store_without_an_end, .nr_slots = DEVICE_MSI_NO_LIMIT),
	{}
};
