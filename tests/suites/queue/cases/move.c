// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts move to other CPUs. With remapping the device need not know; without,
 * it gets the latest message, as soon as it can.
 */
#include <linux/cpumask.h>
#include <linux/pci.h>

#include "suite.h"

static struct msi_map maps[64];

static int back_and_forth(struct queue_test *t, struct msi_map map,
			  unsigned int moves)
{
	int cpus[] = { 0, queue_other_cpu() };
	unsigned int i;

	for (i = 0; i < moves; i++) {
		TRY(queue_move_to(t, map.virq, cpus[i % 2]));
		EXPECT(SOON(queue_live(t, map)));
		EXPECT(queue_fires(t, map.virq));
	}
	return 0;
}

static int case_device_gets_every_move(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	TRY(back_and_forth(t, map, 1));
	EXPECT(!device_msi_synchronize(t->dom));
	fake_forget(t->fake);
	TRY(back_and_forth(t, map, 21));
	EXPECT(!device_msi_synchronize(t->dom));
	if (!t->moves)
		EXPECT(!queue_commands(t));
	else if (queue_other_cpu())
		EXPECT(queue_commands(t) == 20 * t->per_move);
	return 0;
}

static int move_often(struct queue_test *t, struct msi_map map,
		      unsigned int moves, bool arrive)
{
	int cpus[] = { 0, queue_other_cpu() };
	unsigned int i;

	for (i = 0; i < moves; i++) {
		EXPECT(!irq_set_affinity(map.virq, cpumask_of(cpus[i % 2])));
		if (arrive)
			EXPECT(queue_fires(t, map.virq));
	}
	return 0;
}

/* A move that was refused happens with an interrupt, when the last is complete */
static bool arrived_at(struct queue_test *t, struct msi_map map, int cpu)
{
	queue_wait_moved(t, map.virq);
	return queue_fires(t, map.virq) && queue_cpu_of(map.virq) == cpu;
}

/* The last of them is what it gets; those between it never had */
static int moves_in_flight(struct queue_test *t, unsigned int moves,
			   bool arrive)
{
	struct msi_map map = queue_alloc_requested(t, 0);
	int line, cpu = queue_other_cpu();

	EXPECT(map.index == 0);
	TRY(back_and_forth(t, map, 1));
	EXPECT(!device_msi_synchronize(t->dom));
	fake_forget(t->fake);
	fake_hold(t->fake);
	TRY(queue_ask_to_move(t, map.virq, cpu));
	if (t->moves && cpu)
		EXPECT(fake_wait_held(t->fake));
	if (arrive)
		EXPECT(queue_fires(t, map.virq));
	line = move_often(t, map, moves, arrive);
	EXPECT(queue_commands(t) == (t->moves && cpu));
	fake_let_go(t->fake);
	TRY(line);
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(queue_commands(t) <= (t->moves ? 2 : 0));
	EXPECT(queue_live(t, map));
	/* The one that was left pending, if any */
	EXPECT(SOON(arrived_at(t, map, moves % 2 ? 0 : cpu)));
	EXPECT(SOON(queue_live(t, map)));
	return 0;
}

static int case_thousand_moves_in_flight(struct queue_test *t)
{
	return moves_in_flight(t, 1000, true);
}

/* Without an interrupt that arrives the parent lets the first happen only */
static int case_thousand_moves_without_an_interrupt(struct queue_test *t)
{
	return moves_in_flight(t, 1001, false);
}

/*
 * The driver of IMSICs frees the old identity when it moves, and perhaps gives it to another
 * device's interrupt: so it does that when the device has acknowledged an empty slot
 */
static int old_identity_is_kept(struct queue_test *t, struct msi_map map, int cpu)
{
	struct msi_msg msg = queue_parent_msg(map.virq), now;

	fake_hold(t->fake);
	TRY(queue_ask_to_move(t, map.virq, cpu));
	EXPECT(fake_wait_held(t->fake));
	test_give_it_time();
	now = queue_parent_msg(map.virq);
	EXPECT(queue_cpu_of(map.virq) == 0 && !memcmp(&now, &msg, sizeof(msg)));
	EXPECT(fake_has_msg(t->fake, 0, &msg) && !fake_masked(t->fake, 0));
	fake_let_go(t->fake);
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(queue_cpu_of(map.virq) == cpu && queue_live(t, map));
	return 0;
}

/* As long as the device may send the old message, its vector is ours */
static int case_old_vector_is_kept_meanwhile(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);
	int cpu = queue_other_cpu();

	EXPECT(map.index == 0);
	if (!t->moves || !cpu)
		return 0;
	TRY(back_and_forth(t, map, 1));
	if (t->masked_moves)
		return old_identity_is_kept(t, map, cpu);
	fake_hold(t->fake);
	TRY(queue_move_to(t, map.virq, cpu));
	EXPECT(fake_wait_held(t->fake));
	EXPECT(!queue_live(t, map));
	EXPECT(!irq_set_affinity(map.virq, cpumask_of(0)));
	/* The parent has refused that: it waits for the interrupt */
	EXPECT(queue_cpu_of(map.virq) == cpu);
	fake_let_go(t->fake);
	EXPECT(SOON(queue_live(t, map)));
	EXPECT(SOON(arrived_at(t, map, 0)));
	EXPECT(SOON(queue_live(t, map)));
	return 0;
}

static int case_many_moves_share_commands(struct queue_test *t)
{
	unsigned int i, expected;
	int cpu = queue_other_cpu();

	EXPECT(!queue_alloc_many(t, maps, ARRAY_SIZE(maps)));
	for (i = 0; i < ARRAY_SIZE(maps); i++) {
		EXPECT(!queue_request(t, maps[i].virq));
		TRY(queue_move_to(t, maps[i].virq, 0));
		EXPECT(queue_fires(t, maps[i].virq));
	}
	EXPECT(!device_msi_synchronize(t->dom));
	fake_forget(t->fake);
	fake_hold(t->fake);
	TRY(queue_ask_to_move(t, maps[0].virq, cpu));
	if (t->moves && cpu)
		EXPECT(fake_wait_held(t->fake));
	for (i = 1; i < ARRAY_SIZE(maps); i++)
		TRY(queue_ask_to_move(t, maps[i].virq, cpu));
	fake_let_go(t->fake);
	EXPECT(!device_msi_synchronize(t->dom));
	expected = t->moves && cpu ? 1 + DIV_ROUND_UP(ARRAY_SIZE(maps) - 1, 32) :
				   0;
	/* New messages are committed as the moves go on: how many share one is by chance */
	if (t->masked_moves)
		EXPECT(queue_commands(t) > expected &&
		       queue_commands(t) <= expected + ARRAY_SIZE(maps));
	else
		EXPECT(queue_commands(t) == expected);
	for (i = 0; i < ARRAY_SIZE(maps); i++)
		EXPECT(queue_live(t, maps[i]));
	return 0;
}

static int case_move_before_the_request(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 0);

	EXPECT(map.index == 0);
	fake_forget(t->fake);
	EXPECT(!irq_set_affinity(map.virq, cpumask_of(queue_other_cpu())));
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(!queue_commands(t) && fake_silent(t->fake, 0));
	EXPECT(!queue_request(t, map.virq));
	EXPECT(queue_commands(t) == 1 && queue_live(t, map));
	EXPECT(queue_cpu_of(map.virq) == queue_other_cpu());
	return 0;
}

/* Disabled is not masked: the device goes on, so that it must have the message */
static int case_disabled_irq_moves_too(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	disable_irq(map.virq);
	TRY(queue_move_to(t, map.virq, queue_other_cpu()));
	EXPECT(SOON(queue_live(t, map)));
	queue_fire(map.virq);
	enable_irq(map.virq);
	EXPECT(SOON(atomic_read(&t->handled) == 1));
	EXPECT(queue_live(t, map));
	return 0;
}

static int case_free_irq_during_a_move(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);
	unsigned int i;

	EXPECT(map.index == 0);
	for (i = 0; i < 20; i++) {
		EXPECT(!irq_set_affinity(map.virq, cpumask_of
					 (i % 2 ? 0 : queue_other_cpu())));
		queue_release(t, map.virq);
		EXPECT(fake_silent(t->fake, 0));
		EXPECT(!queue_request(t, map.virq));
		EXPECT(queue_live(t, map));
	}
	return 0;
}

/*
 * Its device keeps its slots while it sleeps, so that the driver does not restore them: the
 * next change writes what the slot lacks, and the move goes on
 */
static int case_move_of_a_device_that_sleeps(struct queue_test *t)
{
	struct pci_dev *pdev = to_pci_dev(t->dev);
	struct msi_map map = queue_alloc_requested(t, 0);
	pci_power_t state = pdev->current_state;
	int ret, cpu = queue_other_cpu();

	EXPECT(map.index == 0);
	if (!t->moves || !cpu)
		return 0;
	TRY(back_and_forth(t, map, 1));
	queue_wait_moved(t, map.virq);
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	pdev->current_state = PCI_D3hot;
	ret = irq_set_affinity(map.virq, cpumask_of(cpu));
	test_give_it_time();
	pdev->current_state = state;
	EXPECT(!ret);
	disable_irq(map.virq);
	enable_irq(map.virq);
	EXPECT(SOON(queue_cpu_of(map.virq) == cpu && queue_live(t, map)));
	EXPECT(queue_fires(t, map.virq));
	return 0;
}

const struct queue_case queue_move_cases[] = {
	CASE(device_gets_every_move),
	CASE(thousand_moves_in_flight),
	CASE(thousand_moves_without_an_interrupt),
	CASE(old_vector_is_kept_meanwhile),
	CASE(many_moves_share_commands, .max_batch = 32),
	CASE(move_before_the_request),
	CASE(disabled_irq_moves_too),
	CASE(free_irq_during_a_move),
	CASE(move_of_a_device_that_sleeps),
	{}
};
