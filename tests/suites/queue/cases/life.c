// SPDX-License-Identifier: GPL-2.0-only
/*
 * request_irq() and free_irq(): a command each, at the right time.
 */
#include "suite.h"

static const struct ims_layout odd_layout = {
	.address_lo	= 20,
	.address_hi	= IMS_NO_WORD,
	.data		= 4,
	.ctrl		= 12,
	.mask		= IMS_MASK_CLEAR,
	.mask_bit	= BIT(31),
	.big_endian	= true,
};

static int case_request_is_one_command(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 9);

	EXPECT(map.index == 9);
	fake_forget(t->fake);
	EXPECT(!queue_request(t, map.virq));
	EXPECT(queue_commands(t) == 1);
	EXPECT(queue_live(t, map));
	EXPECT(queue_fires(t, map.virq));
	return 0;
}

/**
 * struct seen - What commands have found
 * @virq:	the interrupt
 * @active:	in each it was activated
 * @vector:	our parents had a message for it
 */
struct seen {
	int	virq;
	bool	active;
	bool	vector;
};

static void watch_activation(struct fake_device *fake,
			     const struct ims_queue_entry *entries,
			     unsigned int nr)
{
	struct seen *seen = fake->data;

	if (!irqd_is_activated(irq_get_irq_data(seen->virq)))
		seen->active = false;
	if (!queue_parent_msg(seen->virq).address_lo)
		seen->vector = false;
}

static int case_free_irq_tells_before_the_message_loses_its_meaning(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 9);
	struct seen seen = {
		.virq = map.virq, .active = true, .vector = true,
	};

	EXPECT(map.index == 9);
	fake_forget(t->fake);
	t->fake->data = &seen;
	t->fake->watch = watch_activation;
	queue_release(t, map.virq);
	EXPECT(seen.active && seen.vector);
	EXPECT(!irqd_is_activated(irq_get_irq_data(map.virq)));
	EXPECT(queue_commands(t) == 1);
	EXPECT(fake_silent(t->fake, 9));
	return 0;
}

static int case_free_is_no_command(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 9);

	EXPECT(map.index == 9);
	queue_release(t, map.virq);
	fake_forget(t->fake);
	EXPECT(!queue_free(t, map));
	EXPECT(!queue_commands(t));
	EXPECT(!t->fake->in_use);
	EXPECT(fake_silent(t->fake, 9));
	return 0;
}

static int case_irq_may_be_requested_again_and_again(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 1);
	unsigned int i;

	EXPECT(map.index == 1);
	for (i = 0; i < 20; i++) {
		queue_release(t, map.virq);
		EXPECT(fake_silent(t->fake, 1));
		EXPECT(!queue_request(t, map.virq));
		EXPECT(queue_live(t, map));
		EXPECT(queue_fires(t, map.virq));
	}
	EXPECT(queue_commands(t) == 2 + 2 * 20);
	return 0;
}

static int case_layout_of_any_kind(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 1);
	struct fake_slot *slot = fake_slot(t->fake, 1);

	EXPECT(map.index == 1);
	EXPECT(be32_to_cpu((__force __be32)slot->has[5]) ==
	       queue_parent_msg(map.virq).address_lo);
	EXPECT(slot->has[3] == (__force u32)cpu_to_be32(BIT(31)));
	/* What is not of the layout is the driver's */
	EXPECT(slot->has[0] == 0x5a5a5a5a && slot->has[2] == 0x5a5a5a5a);
	EXPECT(!device_msi_verify(t->dom, false));
	queue_release(t, map.virq);
	EXPECT(!slot->has[1] && !slot->has[3] && !slot->has[5]);
	EXPECT(!device_msi_verify(t->dom, false));
	return 0;
}

/* The sharer neither wants nor changes anything */
static irqreturn_t sharer(int irq, void *data)
{
	return IRQ_NONE;
}

static int case_shared_irq_is_told_once(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 1);

	EXPECT(map.index == 1);
	fake_forget(t->fake);
	EXPECT(!request_irq(map.virq, sharer, IRQF_SHARED, "ims-queue-test",
			    &map));
	EXPECT(!request_irq(map.virq, sharer, IRQF_SHARED, "ims-queue-test",
			    t));
	EXPECT(queue_commands(t) == 1 && queue_live(t, map));
	free_irq(map.virq, &map);
	EXPECT(queue_commands(t) == 1 && queue_live(t, map));
	free_irq(map.virq, t);
	EXPECT(queue_commands(t) == 2 && fake_silent(t->fake, 1));
	return 0;
}

/**
 * struct requester - A thread in request_irq()
 * @work:	runs it
 * @t:		the case
 * @map:	what it requests
 * @ret:	what that returned
 */
struct requester {
	struct work_struct	work;
	struct queue_test	*t;
	struct msi_map		map;
	int			ret;
};

static irqreturn_t nothing(int irq, void *data)
{
	return IRQ_HANDLED;
}

static void requester_run(struct work_struct *work)
{
	struct requester *r = container_of(work, struct requester, work);

	r->ret = request_irq(r->map.virq, nothing, 0, "ims-queue-test", r);
}

#define REQUESTERS	8U

static bool all_started(const struct requester *r)
{
	unsigned int i;

	for (i = 0; i < REQUESTERS; i++)
		if (!irqd_is_started(irq_get_irq_data(r[i].map.virq)))
			return false;
	return true;
}

/* They come while a command is in flight; the next one has them all */
static int case_many_requests_share_a_command(struct queue_test *t)
{
	static struct requester r[REQUESTERS];
	unsigned int i, told = 0;
	bool held, started;

	for (i = 0; i < REQUESTERS; i++) {
		r[i].t = t;
		r[i].map = queue_alloc(t, i);
		EXPECT(r[i].map.index == i);
		INIT_WORK(&r[i].work, requester_run);
	}
	fake_forget(t->fake);
	fake_hold(t->fake);
	queue_work(queue_workers, &r[0].work);
	held = fake_wait_held(t->fake);
	for (i = 1; i < REQUESTERS; i++)
		queue_work(queue_workers, &r[i].work);
	started = SOON(all_started(r));
	fake_let_go(t->fake);
	flush_workqueue(queue_workers);
	for (i = 0; i < REQUESTERS; i++)
		told += !r[i].ret && queue_live(t, r[i].map);
	for (i = 0; i < REQUESTERS; i++)
		if (!r[i].ret)
			free_irq(r[i].map.virq, &r[i]);
	EXPECT(held && started && told == REQUESTERS);
	EXPECT(queue_commands(t) == 2 + REQUESTERS);
	return 0;
}

const struct queue_case queue_life_cases[] = {
	CASE(request_is_one_command),
	CASE(free_irq_tells_before_the_message_loses_its_meaning),
	CASE(free_is_no_command),
	CASE(irq_may_be_requested_again_and_again),
	CASE(layout_of_any_kind, .layout = &odd_layout),
	CASE(shared_irq_is_told_once),
	CASE(many_requests_share_a_command, .max_batch = 16),
	{}
};
