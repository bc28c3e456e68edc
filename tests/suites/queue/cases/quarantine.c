// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device that goes on failing: the slot is given up, loudly, and nobody gets
 * it until it is known what it holds.
 */
#include <linux/ktime.h>

#include "suite.h"

/* Commands in a row that fail before a slot is given up */
#define TRIES	6U

/* So long they take at least, with the pauses between */
#define TRIES_MS	31

static int is_given_up(struct queue_test *t, unsigned int index, int error)
{
	EXPECT(queue_quarantined(t) == 1);
	EXPECT(SOON(READ_ONCE(t->fake->lost) == 1));
	EXPECT(t->fake->lost_index == index && t->fake->lost_error == error);
	EXPECT(device_msi_synchronize(t->dom) == -EIO);
	EXPECT(device_msi_synchronize_irq(t->dom, t->dev, index) == -EIO);
	return 0;
}

static int comes_back(struct queue_test *t, struct msi_map map)
{
	fake_forget(t->fake);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!queue_quarantined(t));
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(queue_live(t, map));
	EXPECT(queue_fires(t, map.virq));
	return 0;
}

/* It takes at least that it shall be silent */
static int case_request_that_fails_is_silenced(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 3);

	EXPECT(map.index == 3);
	fake_fail(t->fake, 1, TRIES, -EIO);
	t->fake->takes_anyway = true;
	EXPECT(!queue_request(t, map.virq));
	EXPECT(queue_commands(t) == TRIES + 1);
	EXPECT(fake_silent(t->fake, 3));
	TRY(is_given_up(t, 3, -EIO));
	/* No error of another interrupt */
	EXPECT(queue_alloc(t, 4).index == 4 &&
	       !device_msi_synchronize_irq(t->dom, t->dev, 4));
	return comes_back(t, map);
}

static int case_move_that_fails_is_silenced(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 3);
	int cpu = queue_other_cpu();

	EXPECT(map.index == 3);
	if (!t->moves || !cpu)
		return 0;
	TRY(queue_move_to(t, map.virq, 0));
	EXPECT(queue_fires(t, map.virq));
	EXPECT(!device_msi_synchronize(t->dom));
	fake_fail(t->fake, 1, TRIES, -EIO);
	TRY(queue_ask_to_move(t, map.virq, cpu));
	EXPECT(device_msi_synchronize(t->dom) == -EIO);
	if (t->masked_moves)	/* it was a mask that failed: what the device has is still ours */
		EXPECT(queue_cpu_of(map.virq) == 0);
	else
		EXPECT(fake_silent(t->fake, 3));
	TRY(is_given_up(t, 3, -EIO));
	return comes_back(t, map);
}

static int case_sideband_that_fails_is_silenced(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 3);

	EXPECT(map.index == 3);
	fake_fail(t->fake, 1, TRIES, -EIO);
	EXPECT(device_msi_set_pasid(t->dom, t->dev, 3, 7) == -EIO);
	EXPECT(fake_silent(t->fake, 3));
	TRY(is_given_up(t, 3, -EIO));
	return comes_back(t, map);
}

static int case_restore_that_fails(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 3);

	EXPECT(map.index == 3);
	fake_fail(t->fake, 1, U64_MAX, -EIO);
	EXPECT(device_msi_restore(t->dom) == -EIO);
	EXPECT(queue_commands(t) <= 2 * TRIES + 1);
	TRY(is_given_up(t, 3, -EIO));
	EXPECT(device_msi_restore(t->dom) == -EIO);
	EXPECT(queue_quarantined(t) == 1);
	return comes_back(t, map);
}

/* There is no use in trying again */
static int case_device_that_is_gone(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 3);

	EXPECT(map.index == 3);
	fake_fail(t->fake, 1, U64_MAX, -ENODEV);
	EXPECT(!queue_request(t, map.virq));
	EXPECT(queue_commands(t) == 1);
	TRY(is_given_up(t, 3, -ENODEV));
	EXPECT(queue_commands(t) == 1);
	EXPECT(queue_alloc(t, 4).index == -EIO);
	EXPECT(queue_commands(t) == 2);
	return comes_back(t, map);
}

static int case_gone_device_costs_a_command_for_all(struct queue_test *t)
{
	static struct msi_map maps[32];
	unsigned int i;

	EXPECT(!queue_alloc_many(t, maps, ARRAY_SIZE(maps)));
	for (i = 0; i < ARRAY_SIZE(maps); i++)
		EXPECT(!queue_request(t, maps[i].virq));
	fake_fail(t->fake, 1, U64_MAX, -ENODEV);
	EXPECT(!ims_queue_begin(t->dom));
	EXPECT(device_msi_restore(t->dom) == -EIO);
	EXPECT(ims_queue_end(t->dom) == -EIO);
	EXPECT(queue_commands(t) == 1);
	EXPECT(queue_quarantined(t) == ARRAY_SIZE(maps));
	EXPECT(SOON(READ_ONCE(t->fake->lost) == ARRAY_SIZE(maps)));
	fake_forget(t->fake);
	EXPECT(!device_msi_restore(t->dom));
	for (i = 0; i < ARRAY_SIZE(maps); i++)
		EXPECT(queue_live(t, maps[i]));
	return 0;
}

/* Nobody tells a dead device anything, until it is well again */
static int case_dead_device_comes_back(struct queue_test *t)
{
	unsigned int i;

	fake_fail(t->fake, 1, U64_MAX, -EIO);
	for (i = 0; i < 20; i++)
		EXPECT(queue_alloc(t, 3).index == -EIO);
	EXPECT(!queue_quarantined(t) && !t->fake->in_use);
	fake_forget(t->fake);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(queue_alloc_requested(t, 3).index == 3);
	return 0;
}

/* Without a pause: some of many take no time, however busy the machine is */
static int fails_at_once(struct queue_test *t, unsigned int index)
{
	s64 shortest = TRIES_MS;
	unsigned int i;
	ktime_t start;

	for (i = 0; i < 200 && shortest >= TRIES_MS; i++) {
		start = ktime_get();
		EXPECT(queue_alloc(t, index).index == -EIO);
		shortest = ktime_ms_delta(ktime_get(), start);
	}
	EXPECT(shortest < TRIES_MS);
	return 0;
}

/* Many slots that fail do not take as long as each of them would */
static int case_dead_device_is_left_alone(struct queue_test *t)
{
	static struct msi_map maps[64];
	unsigned int i;

	EXPECT(!queue_alloc_many(t, maps, ARRAY_SIZE(maps)));
	for (i = 0; i < ARRAY_SIZE(maps); i++)
		EXPECT(!queue_request(t, maps[i].virq));
	/* A command of the worker's would be one more */
	EXPECT(!device_msi_synchronize(t->dom));
	fake_fail(t->fake, 1, U64_MAX, -EIO);
	EXPECT(device_msi_restore(t->dom) == -EIO);
	EXPECT(queue_quarantined(t) == ARRAY_SIZE(maps));
	EXPECT(queue_commands(t) == 64);
	TRY(fails_at_once(t, 100));
	EXPECT(queue_commands(t) == 64);
	fake_forget(t->fake);
	EXPECT(!device_msi_restore(t->dom));
	for (i = 0; i < ARRAY_SIZE(maps); i++)
		EXPECT(queue_live(t, maps[i]));
	return 0;
}

static void restore_the_domain(struct fake_device *fake)
{
	struct queue_test *t = fake->data;

	fake_slot(fake, 3)->error = 0;
	device_msi_restore(t->dom);
}

static int case_driver_may_restore_when_it_is_told(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 3);

	EXPECT(map.index == 3);
	t->fake->data = t;
	t->fake->on_lost = restore_the_domain;
	fake_slot(t->fake, 3)->error = -EIO;
	EXPECT(!queue_request(t, map.virq));
	EXPECT(SOON(READ_ONCE(t->fake->lost)));
	EXPECT(!queue_quarantined(t));
	EXPECT(queue_live(t, map));
	return 0;
}

static int case_silenced_slot_is_freed_as_ever(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 3);

	EXPECT(map.index == 3);
	fake_fail(t->fake, 1, TRIES, -EIO);
	EXPECT(!queue_request(t, map.virq));
	TRY(is_given_up(t, 3, -EIO));
	fake_forget(t->fake);
	queue_release(t, map.virq);
	EXPECT(!queue_free(t, map));
	EXPECT(!queue_commands(t) && !t->fake->in_use);
	EXPECT(!queue_quarantined(t));
	map = queue_alloc_requested(t, 3);
	EXPECT(map.index == 3);
	return 0;
}

/* Freed, but for all that is known the device still sends */
static int lose(struct queue_test *t, unsigned int index, struct msi_map *map)
{
	*map = queue_alloc_requested(t, index);
	EXPECT(map->index == index);
	fake_slot(t->fake, index)->error = -EIO;
	queue_release(t, map->virq);
	EXPECT(queue_quarantined(t) == 1);
	EXPECT(!queue_free(t, *map));
	EXPECT(queue_quarantined(t) == 1);
	return 0;
}

/* Empty before, and to be empty again: but what failed between may be in it */
static int case_slot_that_failed_is_not_taken_for_empty(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 3);

	EXPECT(map.index == 3);
	fake_slot(t->fake, 3)->error = -EIO;
	EXPECT(!queue_request(t, map.virq));
	EXPECT(queue_quarantined(t) == 1);
	queue_release(t, map.virq);
	EXPECT(!queue_free(t, map));
	EXPECT(queue_quarantined(t) == 1 && t->fake->in_use == 1);
	EXPECT(queue_alloc(t, 3).index == -EBUSY);
	fake_slot(t->fake, 3)->error = 0;
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!t->fake->in_use);
	return 0;
}

static int case_lost_slot_is_not_given_out_again(struct queue_test *t)
{
	struct msi_map map, other;

	TRY(lose(t, 0, &map));
	EXPECT(t->fake->in_use == 1);	/* a command may be under way in there */
	EXPECT(device_msi_virq(t->dom, 0) == -ENOENT);
	EXPECT(queue_free(t, map) == -EINVAL);
	EXPECT(queue_alloc(t, 0).index == -EBUSY);
	EXPECT(device_msi_set_sideband(t->dom, t->dev, 0,
				       (struct device_msi_sideband) {}) ==
	       -ENOENT);
	other = queue_alloc_requested(t, ANY_SLOT);
	EXPECT(other.index == 1 && other.virq != map.virq);
	EXPECT(test_has_irq(map.virq));

	EXPECT(device_msi_restore(t->dom) == -EIO);
	EXPECT(queue_alloc(t, 0).index == -EBUSY);
	EXPECT(t->fake->in_use == 2);

	fake_slot(t->fake, 0)->error = 0;
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(fake_silent(t->fake, 0));
	EXPECT(t->fake->in_use == 1 && !queue_quarantined(t));
	EXPECT(!test_has_irq(map.virq));
	EXPECT(queue_live(t, other));
	map = queue_alloc_requested(t, ANY_SLOT);
	EXPECT(map.index == 0);
	return 0;
}

static int case_lost_slot_of_a_consumer_that_goes(struct queue_test *t)
{
	struct kobject *consumer = &queue_part(t, 1)->kobj;
	struct device_msi_req req = { .slots = DEVICE_MSI_SLOT(4) };
	unsigned int references;
	struct msi_map map;

	map = device_msi_alloc_irq(t->dom, queue_part(t, 1), &req);
	EXPECT(map.index == 4);
	references = kref_read(&consumer->kref);
	EXPECT(!queue_request(t, map.virq));
	fake_slot(t->fake, 4)->error = -EIO;
	queue_release(t, map.virq);
	/* The driver has been told, and the store holds the consumer no more */
	EXPECT(SOON(READ_ONCE(t->fake->lost) == 1));
	EXPECT(t->fake->lost_consumer == queue_part(t, 1));
	EXPECT(SOON(kref_read(&consumer->kref) == references));
	EXPECT(!device_msi_free_irqs(t->dom, queue_part(t, 1)));
	platform_device_unregister(t->parts[1]);
	t->parts[1] = NULL;
	EXPECT(queue_alloc(t, 4).index == -EBUSY);
	fake_slot(t->fake, 4)->error = 0;
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!t->fake->in_use);
	return 0;
}

static irqreturn_t nothing(int irq, void *data)
{
	return IRQ_HANDLED;
}

/*
 * On older kernels its last reference is gone already when the slot fails, and
 * nobody may hold it any more.
 */
static int case_lost_slot_of_a_consumer_that_is_released(struct queue_test *t)
{
	struct device_msi_req req = { .slots = DEVICE_MSI_SLOT(4) };
	struct device *part = queue_part(t, 1);
	struct msi_map map;

	map = devm_device_msi_alloc_irq(t->dom, part, &req);
	EXPECT(map.index == 4);
	EXPECT(!devm_request_irq(part, map.virq, nothing, 0, "ims-queue-test",
				 t));
	fake_slot(t->fake, 4)->error = -EIO;
	platform_device_unregister(t->parts[1]);
	t->parts[1] = NULL;
	EXPECT(queue_quarantined(t) == 1);
	EXPECT(SOON(READ_ONCE(t->fake->lost) == 1));
	EXPECT(t->fake->lost_consumer == t->dev ||
	       t->fake->lost_consumer == part);
	EXPECT(queue_alloc(t, 4).index == -EBUSY);
	fake_slot(t->fake, 4)->error = 0;
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!t->fake->in_use && !queue_quarantined(t));
	return 0;
}

/* Who wants to know can ask */
static int case_device_that_fails_a_driver_without_a_notifier(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 3);

	EXPECT(map.index == 3);
	fake_fail(t->fake, 1, TRIES, -EIO);
	EXPECT(!queue_request(t, map.virq));
	EXPECT(queue_quarantined(t) == 1);
	EXPECT(device_msi_synchronize(t->dom) == -EIO);
	TRY(comes_back(t, map));
	queue_release(t, map.virq);
	EXPECT(!queue_free(t, map));
	t->fake->in_use--;	/* there is no put_shadow() */
	return 0;
}

/* The others of the same call are freed as ever */
static int case_one_of_many_is_lost(struct queue_test *t)
{
	struct msi_map maps[8];
	unsigned int i;

	EXPECT(!queue_alloc_many(t, maps, 8));
	for (i = 0; i < 8; i++)
		EXPECT(!queue_request(t, maps[i].virq));
	fake_slot(t->fake, 5)->error = -EIO;
	for (i = 0; i < 8; i++)
		queue_release(t, maps[i].virq);
	EXPECT(!device_msi_free_irqs(t->dom, t->dev));
	EXPECT(t->fake->in_use == 1 && queue_quarantined(t) == 1);
	for (i = 0; i < 8; i++)
		EXPECT(queue_alloc(t, i).index == (i == 5 ? -EBUSY : (int)i));
	fake_slot(t->fake, 5)->error = 0;
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(queue_alloc(t, 5).index == 5);
	return 0;
}

static int case_domain_goes_with_lost_slots(struct queue_test *t)
{
	struct msi_map map;

	TRY(lose(t, 2, &map));
	EXPECT(!queue_remove(t));
	EXPECT(!t->fake->in_use);
	EXPECT(!test_has_irq(map.virq));
	return 0;
}

static int case_domain_goes_with_a_device_that_is_gone(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	EXPECT(queue_alloc(t, 1).index == 1);
	EXPECT(queue_alloc_requested(t, 2).index == 2);
	fake_fail(t->fake, 1, U64_MAX, -ENODEV);
	while (t->nr_requested)
		queue_release(t, t->requested[0]);
	EXPECT(queue_commands(t) == 2);
	EXPECT(!queue_remove(t));
	EXPECT(!t->fake->in_use);
	/* What it holds is nobody's fault */
	fake_slot(t->fake, 0)->error = -ENODEV;
	fake_slot(t->fake, 2)->error = -ENODEV;
	return 0;
}

const struct queue_case queue_quarantine_cases[] = {
	CASE(request_that_fails_is_silenced),
	CASE(move_that_fails_is_silenced),
	CASE(sideband_that_fails_is_silenced, .layout = &ims_layout_pasid),
	CASE(restore_that_fails),
	CASE(device_that_is_gone),
	CASE(gone_device_costs_a_command_for_all, .max_batch = 32),
	CASE(dead_device_comes_back),
	CASE(dead_device_is_left_alone),
	CASE(driver_may_restore_when_it_is_told),
	CASE(silenced_slot_is_freed_as_ever),
	CASE(slot_that_failed_is_not_taken_for_empty),
	CASE(lost_slot_is_not_given_out_again),
	CASE(lost_slot_of_a_consumer_that_goes),
	CASE(lost_slot_of_a_consumer_that_is_released),
	CASE(device_that_fails_a_driver_without_a_notifier,
	     .ops = &fake_bare_ops),
	CASE(one_of_many_is_lost, .max_batch = 4),
	CASE(domain_goes_with_lost_slots),
	CASE(domain_goes_with_a_device_that_is_gone),
	{}
};
