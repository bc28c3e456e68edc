// SPDX-License-Identifier: GPL-2.0-only
/*
 * disable_irq() and enable_irq() cost no command, in any context: what the device
 * sends meanwhile the kernel keeps.
 */
#include <linux/irq_work.h>
#include <linux/spinlock.h>

#include "suite.h"

/* It is honoured, and nothing is lost */
static int disable_and_enable(struct queue_test *t, struct msi_map map)
{
	int before = atomic_read(&t->handled);

	fake_forget(t->fake);
	disable_irq(map.virq);
	queue_fire(map.virq);
	queue_fire(map.virq);
	queue_wait_fired();
	EXPECT(atomic_read(&t->handled) == before);
	enable_irq(map.virq);
	EXPECT(SOON(atomic_read(&t->handled) == before + 1));
	test_give_it_time();
	EXPECT(atomic_read(&t->handled) == before + 1);
	EXPECT(!queue_commands(t));
	EXPECT(queue_live(t, map));
	EXPECT(queue_fires(t, map.virq));
	return 0;
}

static int case_disabled_irq_is_kept_for_enable(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	TRY(disable_and_enable(t, map));
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	return disable_and_enable(t, map);
}

static int case_disable_without_an_interrupt(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);
	unsigned int i;

	EXPECT(map.index == 0);
	fake_forget(t->fake);
	for (i = 0; i < 100; i++) {
		disable_irq(map.virq);
		disable_irq_nosync(map.virq);
		EXPECT(queue_live(t, map));
		EXPECT(!device_msi_verify(t->dom, false));
		enable_irq(map.virq);
		enable_irq(map.virq);
	}
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(!queue_commands(t) && !atomic_read(&t->handled));
	return 0;
}

/**
 * struct atomically - What is done where nothing may sleep
 * @work:	a hard interrupt
 * @virq:	the interrupt
 * @ran:	how often
 */
struct atomically {
	struct irq_work	work;
	int		virq;
	atomic_t	ran;
};

static void atomic_run(struct irq_work *work)
{
	struct atomically *a = container_of(work, struct atomically, work);

	disable_irq_nosync(a->virq);
	enable_irq(a->virq);
	disable_irq_nosync(a->virq);
	atomic_inc(&a->ran);
}

/* Beside a command in flight that ends only after: waiting for it would hang */
static int case_disable_in_atomic_context(struct queue_test *t)
{
	static DEFINE_SPINLOCK(lock);
	static struct atomically a;
	struct msi_map map = queue_alloc_requested(t, 0);
	struct msi_map other = queue_alloc(t, 1);
	unsigned long flags;

	EXPECT(map.index == 0 && other.index == 1);
	fake_forget(t->fake);
	fake_hold(t->fake);
	irq_set_status_flags(other.virq, IRQ_NOAUTOEN);
	/* Not enabled, so that this is no command yet */
	EXPECT(!queue_request(t, other.virq));
	enable_irq(other.virq);
	EXPECT(fake_wait_held(t->fake));

	spin_lock_irqsave(&lock, flags);
	disable_irq_nosync(map.virq);
	enable_irq(map.virq);
	disable_irq_nosync(map.virq);
	spin_unlock_irqrestore(&lock, flags);
	atomic_set(&a.ran, 0);
	a.virq = map.virq;
	init_irq_work(&a.work, atomic_run);
	EXPECT(irq_work_queue(&a.work));
	EXPECT(SOON(atomic_read(&a.ran)));
	irq_work_sync(&a.work);
	EXPECT(queue_live(t, map));

	spin_lock(&lock);
	enable_irq(map.virq);
	enable_irq(map.virq);
	spin_unlock(&lock);
	fake_let_go(t->fake);
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(queue_commands(t) == 1);
	EXPECT(queue_live(t, map) && queue_live(t, other));
	return 0;
}

static int case_irq_that_starts_disabled(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 0);

	EXPECT(map.index == 0);
	irq_set_status_flags(map.virq, IRQ_NOAUTOEN);
	fake_forget(t->fake);
	EXPECT(!queue_request(t, map.virq));
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(!queue_commands(t) && fake_silent(t->fake, 0));
	EXPECT(!device_msi_verify(t->dom, false));

	enable_irq(map.virq);
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(queue_commands(t) == 1 && queue_live(t, map));
	return 0;
}

/* Nobody waits, and yet the device hears of it */
static int case_enable_needs_no_synchronize(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 0);

	EXPECT(map.index == 0);
	irq_set_status_flags(map.virq, IRQ_NOAUTOEN);
	EXPECT(!queue_request(t, map.virq));
	enable_irq(map.virq);
	EXPECT(SOON(queue_live(t, map)));
	return 0;
}

static int case_free_irq_that_never_started(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 0);

	EXPECT(map.index == 0);
	irq_set_status_flags(map.virq, IRQ_NOAUTOEN);
	fake_forget(t->fake);
	EXPECT(!queue_request(t, map.virq));
	queue_release(t, map.virq);
	EXPECT(!queue_free(t, map));
	EXPECT(!queue_commands(t) && fake_silent(t->fake, 0));
	return 0;
}

static int case_free_irq_while_disabled(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	disable_irq(map.virq);
	queue_fire(map.virq);
	fake_forget(t->fake);
	queue_release(t, map.virq);
	EXPECT(queue_commands(t) == 1 && fake_silent(t->fake, 0));
	EXPECT(!queue_request(t, map.virq));
	EXPECT(queue_live(t, map));
	return 0;
}

/*
 * What the kernel kept it raises in enable_irq(), at the new vector. If that came
 * before the device has the new message, the parent would take the move for
 * done, and give the old vector away, to which the device still sends.
 */
static int case_kept_irq_does_not_end_a_move(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);
	struct msi_map other = queue_alloc(t, 1);
	int before, cpu = queue_other_cpu();

	EXPECT(map.index == 0 && other.index == 1);
	if (!t->moves || !cpu)
		return 0;
	TRY(queue_move_to(t, map.virq, 0));
	EXPECT(queue_fires(t, map.virq));
	EXPECT(!device_msi_synchronize(t->dom));

	disable_irq(map.virq);
	queue_fire(map.virq);
	queue_wait_fired();
	before = atomic_read(&t->handled);
	fake_hold(t->fake);
	TRY(queue_ask_to_move(t, map.virq, cpu));
	EXPECT(fake_wait_held(t->fake));
	enable_irq(map.virq);
	msleep(100);
	EXPECT(atomic_read(&t->handled) == before);
	fake_let_go(t->fake);
	EXPECT(SOON(atomic_read(&t->handled) == before + 1));
	EXPECT(queue_live(t, map));
	return 0;
}

const struct queue_case queue_disable_cases[] = {
	CASE(disabled_irq_is_kept_for_enable),
	CASE(disable_without_an_interrupt),
	CASE(disable_in_atomic_context),
	CASE(irq_that_starts_disabled),
	CASE(enable_needs_no_synchronize),
	CASE(free_irq_that_never_started),
	CASE(free_irq_while_disabled),
	CASE(kept_irq_does_not_end_a_move),
	{}
};
