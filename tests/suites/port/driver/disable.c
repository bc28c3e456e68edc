// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases of interrupts that are disabled and enabled, and of flags of the chip.
 */
#include <linux/iopoll.h>

#include "driver.h"

/* The message has reached a CPU: another one, sent after it, was handled */
static bool v62_has_come(struct v62_device *v62, struct v62_queue *after)
{
	u32 under_way;

	v62_fire(after);
	return v62_handles(after, after->fired) &&
	       !read_poll_timeout(v62_read, under_way, !under_way, 500, V62_LIMIT_US, false,
				  v62, REG_UNDER_WAY);
}

/* Whether it waits in the kernel, as here, or in the device */
static int case_a_disabled_interrupt_waits(struct v62_device *v62)
{
	struct v62_queue *queue = &v62->queues[1], *other = &v62->queues[2];
	unsigned int round;
	int handled;

	EXPECT(v62_open_all(v62, 4) == 4);
	EXPECT(v62_each_fires(v62));
	for (round = 0; round < 4; round++) {
		handled = atomic_read(&queue->handled);
		disable_irq(queue->map.virq);
		v62_fire(queue);
		EXPECT(v62_has_come(v62, other));
		EXPECT(atomic_read(&queue->handled) == handled);
		enable_irq(queue->map.virq);
		EXPECT(v62_all_arrive(v62));
		EXPECT(v62_each_fires(v62));
	}
	return 0;
}

/* Masked by disable_irq() itself, and the device keeps what comes meanwhile */
static int case_disable_masks_in_the_device_at_once(struct v62_device *v62)
{
	struct v62_queue *queue = &v62->queues[1], *other = &v62->queues[2];
	u32 sent;

	EXPECT(!v62_alloc(queue, NULL));
	irq_set_status_flags(queue->map.virq, IRQ_DISABLE_UNLAZY);
	EXPECT(!v62_request(queue));
	EXPECT(!v62_open(other));

	disable_irq(queue->map.virq);
	EXPECT(v62_device_slot(queue).ctrl & V62_CTRL_MASK);
	EXPECT(v62_device_slot(queue).address_lo);
	sent = v62_read(v62, REG_SENT);
	v62_fire(queue);
	EXPECT(v62_has_come(v62, other));
	EXPECT(v62_read(v62, REG_SENT) == sent + 1);	/* the other one's */
	EXPECT(!atomic_read(&queue->handled));

	enable_irq(queue->map.virq);
	EXPECT(!(v62_device_slot(queue).ctrl & V62_CTRL_MASK));
	EXPECT(v62_all_arrive(v62));
	return 0;
}

/* In pairs, and the last enable_irq() counts */
static int case_disabling_is_counted(struct v62_device *v62)
{
	struct v62_queue *queue = &v62->queues[0], *other = &v62->queues[1];

	EXPECT(v62_open_all(v62, 2) == 2);
	disable_irq(queue->map.virq);
	disable_irq(queue->map.virq);
	v62_fire(queue);
	EXPECT(v62_has_come(v62, other));
	enable_irq(queue->map.virq);
	EXPECT(v62_has_come(v62, other));
	EXPECT(!atomic_read(&queue->handled));
	enable_irq(queue->map.virq);
	EXPECT(v62_all_arrive(v62));
	return 0;
}

static int case_an_interrupt_begins_disabled(struct v62_device *v62)
{
	struct v62_queue *queue = &v62->queues[0];

	EXPECT(!v62_alloc(queue, NULL));
	irq_set_status_flags(queue->map.virq, IRQ_NOAUTOEN);
	EXPECT(!v62_request(queue));
	EXPECT(v62_device_slot(queue).ctrl & V62_CTRL_MASK);
	enable_irq(queue->map.virq);
	EXPECT(!(v62_device_slot(queue).ctrl & V62_CTRL_MASK));
	EXPECT(v62_each_fires(v62));
	return 0;
}

static int case_a_disabled_interrupt_is_freed(struct v62_device *v62)
{
	struct v62_queue *queue = &v62->queues[0];

	EXPECT(v62_open_all(v62, 2) == 2);
	disable_irq(queue->map.virq);
	v62_free(queue);
	EXPECT(v62_is_silent(queue));
	EXPECT(!v62_open(queue));
	EXPECT(v62_each_fires(v62));
	return 0;
}

static irqreturn_t v62_thread(int irq, void *data)
{
	struct v62_queue *queue = data;

	atomic_inc(&queue->handled);
	v62_write(queue->v62, REG_ACK, queue->number);
	return IRQ_HANDLED;
}

static const irq_handler_t no_primary_handler;

/* IRQCHIP_ONESHOT_SAFE of the template is the chip's: else this is refused */
static int case_a_thread_needs_no_oneshot(struct v62_device *v62)
{
	struct v62_queue *queue = &v62->queues[0];

	EXPECT(!v62_alloc(queue, NULL));
	EXPECT(!request_threaded_irq(queue->map.virq, no_primary_handler, v62_thread, 0,
				     queue->name, queue));
	queue->requested = true;
	EXPECT(v62_each_fires(v62));
	EXPECT(v62_each_fires(v62));
	return 0;
}

const struct v62_case v62_disable_cases[] = {
	V62_CASE(a_disabled_interrupt_waits),
	V62_CASE(disable_masks_in_the_device_at_once),
	V62_CASE(disabling_is_counted),
	V62_CASE(an_interrupt_begins_disabled),
	V62_CASE(a_disabled_interrupt_is_freed),
	V62_CASE(a_thread_needs_no_oneshot),
	{ }
};
