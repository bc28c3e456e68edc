// SPDX-License-Identifier: GPL-2.0-only
/*
 * State follows activation: whoever started an interrupt, and however it ends, the
 * device has acknowledged that its slot is empty before anything of it is given back,
 * and whoever had it is charged for it until then.
 */
#include <linux/device.h>
#include <linux/irq.h>

#include "suite.h"

static void demultiplex(struct irq_desc *desc)
{
}

/* As a driver does that demultiplexes: no request_irq(), no free_irq() */
static int start_chained(struct queue_test *t, struct msi_map *map)
{
	*map = queue_alloc(t, 3);
	EXPECT(map->index == 3);
	irq_set_chained_handler_and_data(map->virq, demultiplex, t);
	EXPECT(SOON(queue_live(t, *map)));
	irq_set_chained_handler_and_data(map->virq, NULL, NULL);
	EXPECT(!device_msi_synchronize(t->dom));
	fake_forget(t->fake);
	return 0;
}

static int case_chained_handler_ends_with_a_command(struct queue_test *t)
{
	struct msi_map map;

	TRY(start_chained(t, &map));
	EXPECT(!queue_free(t, map));
	EXPECT(queue_commands(t) == 1);
	EXPECT(fake_silent(t->fake, 3));
	EXPECT(!test_has_irq(map.virq));
	return 0;
}

static int case_chained_handler_of_a_device_that_fails(struct queue_test *t)
{
	struct msi_map map;

	TRY(start_chained(t, &map));
	fake_slot(t->fake, 3)->error = -EIO;
	EXPECT(!queue_free(t, map));
	EXPECT(queue_quarantined(t) == 1);
	EXPECT(test_has_irq(map.virq));
	EXPECT(queue_alloc(t, 3).index == -EBUSY);
	fake_slot(t->fake, 3)->error = 0;
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!test_has_irq(map.virq));
	EXPECT(queue_alloc_requested(t, 3).index == 3);
	return 0;
}

/* Else the vector could be another's while the device still sends to it */
static int case_failed_free_irq_keeps_the_vector(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 3);
	struct msi_msg before, after;

	EXPECT(map.index == 3);
	before = queue_parent_msg(map.virq);
	fake_slot(t->fake, 3)->error = -EIO;
	queue_release(t, map.virq);
	after = queue_parent_msg(map.virq);
	EXPECT(!memcmp(&before, &after, sizeof(before)));
	EXPECT(!queue_free(t, map));
	after = queue_parent_msg(map.virq);
	EXPECT(!memcmp(&before, &after, sizeof(before)));
	fake_slot(t->fake, 3)->error = 0;
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!test_has_irq(map.virq));
	return 0;
}

static int case_failed_free_irq_can_be_requested_again(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 3);

	EXPECT(map.index == 3);
	fake_slot(t->fake, 3)->error = -EIO;
	queue_release(t, map.virq);
	EXPECT(queue_request(t, map.virq) == -EIO);
	fake_slot(t->fake, 3)->error = 0;
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!queue_request(t, map.virq));
	EXPECT(queue_live(t, map) && queue_fires(t, map.virq));
	return 0;
}

/* So many lines would fit into the log; ../guest/queue_cases counts them */
#define FLOOD	300U

/* As a user may, whose driver requests for him */
static int case_requests_in_quarantine_do_not_flood_the_log(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 3);
	unsigned int i;

	EXPECT(map.index == 3);
	fake_slot(t->fake, 3)->error = -EIO;
	queue_release(t, map.virq);
	for (i = 0; i < FLOOD; i++)
		EXPECT(queue_request(t, map.virq) == -EIO);
	fake_slot(t->fake, 3)->error = 0;
	EXPECT(!device_msi_restore(t->dom));
	return 0;
}

static struct msi_map alloc_for(struct queue_test *t, struct device *consumer,
				unsigned int index)
{
	struct device_msi_req req = { .slots = test_slots(index) };

	return device_msi_alloc_irq(t->dom, consumer, &req);
}

static int lose_of(struct queue_test *t, struct device *consumer,
		   unsigned int index)
{
	struct msi_map map = alloc_for(t, consumer, index);

	EXPECT(map.index == index);
	EXPECT(!queue_request(t, map.virq));
	fake_slot(t->fake, index)->error = -EIO;
	queue_release(t, map.virq);
	EXPECT(!device_msi_free_irq(t->dom, consumer, map));
	return 0;
}

/* A consumer gains nothing by having its own teardown fail */
static int case_quarantine_is_charged_to_its_consumer(struct queue_test *t)
{
	struct device *part = queue_part(t, 0);

	EXPECT(!device_msi_set_quota(t->dom, part, 2));
	TRY(lose_of(t, part, 1));
	TRY(lose_of(t, part, 2));
	EXPECT(alloc_for(t, part, 3).index == -EDQUOT);
	EXPECT(!device_msi_free_irqs(t->dom, part));
	EXPECT(alloc_for(t, part, 3).index == -EDQUOT);
	fake_slot(t->fake, 1)->error = 0;
	fake_slot(t->fake, 2)->error = 0;
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(alloc_for(t, part, 3).index == 3);
	return 0;
}

/* The domain's own device is charged for what a consumer that is gone has in there */
static int case_quarantine_outlives_its_consumer(struct queue_test *t)
{
	struct platform_device *part = t->parts[0];
	struct msi_map map, maps[2];

	EXPECT(devm_device_msi_alloc_irqs(t->dom, &part->dev, NULL, 1, 1, NULL,
					  maps) == 1);
	map = maps[0];
	EXPECT(!queue_request(t, map.virq));
	fake_slot(t->fake, map.index)->error = -EIO;
	queue_release(t, map.virq);
	platform_device_unregister(part);
	t->parts[0] = NULL;
	EXPECT(test_has_irq(map.virq));
	EXPECT(!device_msi_set_quota(t->dom, t->dev, 1));
	EXPECT(queue_alloc(t, ANY_SLOT).index == -EDQUOT);
	fake_slot(t->fake, map.index)->error = 0;
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!test_has_irq(map.virq));
	EXPECT(queue_alloc(t, ANY_SLOT).index >= 0);
	return 0;
}

/* What a slow command elsewhere has to do with it: nothing */
static int case_enabling_waits_for_no_other_command(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 3);
	struct msi_map other = queue_alloc(t, 4);
	int before, line = 0;

	EXPECT(map.index == 3 && other.index == 4);
	irq_set_status_flags(other.virq, IRQ_NOAUTOEN);
	EXPECT(!queue_request(t, other.virq));
	fake_hold(t->fake);
	enable_irq(other.virq);		/* the worker commits, and is held up */
	if (!fake_wait_held(t->fake))
		line = __LINE__;
	before = atomic_read(&t->handled);
	disable_irq(map.virq);
	queue_fire(map.virq);
	queue_wait_fired();
	enable_irq(map.virq);
	if (!line && !SOON(atomic_read(&t->handled) != before))
		line = __LINE__;
	fake_let_go(t->fake);
	return line;
}

const struct queue_case queue_activation_cases[] = {
	CASE(chained_handler_ends_with_a_command),
	CASE(chained_handler_of_a_device_that_fails),
	CASE(failed_free_irq_keeps_the_vector),
	CASE(failed_free_irq_can_be_requested_again),
	CASE(requests_in_quarantine_do_not_flood_the_log,
	     .keeps_memory = "it is about the log"),
	CASE(quarantine_is_charged_to_its_consumer),
	CASE(quarantine_outlives_its_consumer),
	CASE(enabling_waits_for_no_other_command),
	{}
};
