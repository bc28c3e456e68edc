// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many threads on one domain, each with a consumer of its own, while others
 * look. The store watches; in the end nothing may be left.
 */
#include <linux/delay.h>
#include <linux/sched.h>

#include "suite.h"

#define WORKERS		(CORE_PARTS + 1)
#define WORKER_SLOTS	8U
#define STRESS_SLOTS	(4 * WORKERS * WORKER_SLOTS)

/**
 * struct worker - A thread of a consumer
 * @work:	runs it
 * @t:		the case
 * @consumer:	its interrupts are this one's
 * @first:	the first of WORKER_SLOTS slots that only it asks for by number
 * @rounds:	how often it does what it does
 * @random:	state of a generator
 * @line:	what went wrong, or 0
 */
struct worker {
	struct work_struct	work;
	struct core_test	*t;
	struct device		*consumer;
	unsigned int		first;
	unsigned int		rounds;
	u32			random;
	int			line;
};

static struct worker workers[WORKERS];
static atomic_t workers_left;
static atomic_t rounds_done;
static atomic_t owners;

static unsigned int roll(struct worker *w, unsigned int sides)
{
	w->random = w->random * 1664525 + 1013904223;
	return (w->random >> 16) % sides;
}

static irqreturn_t stress_handler(int irq, void *data)
{
	return IRQ_HANDLED;
}

static int live_and_go(struct worker *w, struct msi_map map)
{
	struct core_test *t = w->t;

	EXPECT(device_msi_virq(t->dom, map.index) == map.virq);
	EXPECT(!request_irq(map.virq, stress_handler, 0, "ims-core-test", w));
	EXPECT(test_slot_live(t->store, map.index));
	EXPECT(!device_msi_set_pasid(t->dom, w->consumer, map.index,
				     roll(w, 1000)));
	EXPECT(test_slot_live(t->store, map.index));
	free_irq(map.virq, w);
	EXPECT(test_slot_silent(t->store, map.index));
	EXPECT(!device_msi_free_irq(t->dom, w->consumer, map));
	return 0;
}

/* A request for any slot may have got there before */
static int one_by_number(struct worker *w)
{
	unsigned int index = w->first + roll(w, WORKER_SLOTS);
	struct msi_map map = core_alloc_for(w->t, w->consumer, index);

	if (map.index == -EBUSY)
		return 0;
	EXPECT(map.index == index && map.virq > 0);
	return live_and_go(w, map);
}

static int one_of_any(struct worker *w)
{
	struct msi_map map = core_alloc_for(w->t, w->consumer,
					    ANY_SLOT);

	EXPECT(map.index >= 0 && map.virq > 0);
	return live_and_go(w, map);
}

static int some_in_bulk(struct worker *w)
{
	struct msi_map maps[WORKER_SLOTS];
	int i, nr;

	nr = device_msi_alloc_irqs(w->t->dom, w->consumer, NULL, 1,
				   1 + roll(w, WORKER_SLOTS), NULL, maps);
	EXPECT(nr > 0);
	for (i = 0; i < nr; i++)
		EXPECT(device_msi_virq(w->t->dom, maps[i].index) ==
		       maps[i].virq);
	if (roll(w, 2)) {
		EXPECT(!device_msi_free_irqs(w->t->dom, w->consumer));
		return 0;
	}
	for (i = nr - 1; i >= 0; i--)
		EXPECT(!device_msi_free_irq(w->t->dom, w->consumer, maps[i]));
	return 0;
}

static void mixed_run(struct work_struct *work)
{
	static int (* const turns[])(struct worker *w) = {
		one_by_number, one_of_any, some_in_bulk,
	};
	struct worker *w = container_of(work, struct worker, work);

	while (w->rounds-- && !w->line) {
		w->line = turns[roll(w, ARRAY_SIZE(turns))](w);
		atomic_inc(&rounds_done);
		cond_resched();
	}
	atomic_dec(&workers_left);
}

/* All want slot 0: whoever gets it has it alone */
static int fight(struct worker *w)
{
	struct msi_map map = core_alloc_for(w->t, w->consumer, 0);

	if (map.index == -EBUSY)
		return 0;
	EXPECT(map.index == 0);
	EXPECT(atomic_inc_return(&owners) == 1);
	cond_resched();
	EXPECT(atomic_dec_return(&owners) == 0);
	EXPECT(!device_msi_free_irq(w->t->dom, w->consumer, map));
	return 0;
}

static void fight_run(struct work_struct *work)
{
	struct worker *w = container_of(work, struct worker, work);

	while (w->rounds-- && !w->line) {
		w->line = fight(w);
		atomic_inc(&rounds_done);
	}
	atomic_dec(&workers_left);
}

/* Nothing is wrong at any time, however it changes just now */
static int watch(struct core_test *t)
{
	unsigned int i;
	int rounds, ret;

	while (atomic_read(&workers_left)) {
		rounds = atomic_read(&rounds_done);
		EXPECT(!device_msi_verify(t->dom, false));
		for (i = 0; i < t->store->nr_slots; i++) {
			ret = device_msi_virq(t->dom, i);
			EXPECT(ret > 0 || ret == -ENOENT);
		}
		test_until_rounds(&rounds_done, rounds + (int)WORKERS,
				  &workers_left);
	}
	return 0;
}

static int run_workers(struct core_test *t, work_func_t run,
		       unsigned int rounds)
{
	struct worker *w;
	int line;

	memset(workers, 0, sizeof(workers));
	atomic_set(&owners, 0);
	atomic_set(&rounds_done, 0);
	atomic_set(&workers_left, WORKERS);
	for (w = workers; w < workers + WORKERS; w++) {
		w->t = t;
		w->consumer = w == workers ? t->dev :
			core_part(t, w - workers - 1);
		w->first = STRESS_SLOTS - (w - workers + 1) * WORKER_SLOTS;
		w->rounds = test_times(rounds);
		w->random = 20200804 + (w - workers);
		INIT_WORK(&w->work, run);
		queue_work(core_workers, &w->work);
	}
	line = watch(t);
	flush_workqueue(core_workers);
	for (w = workers; w < workers + WORKERS; w++)
		TRY(w->line);
	TRY(line);
	EXPECT(!core_count(t));
	EXPECT(!t->store->nr_ready);
	EXPECT(!t->store->live_writes);
	return 0;
}

static int case_many_threads_get_what_is_theirs(struct core_test *t)
{
	return run_workers(t, mixed_run, 150);
}

static int case_many_threads_on_a_slow_store(struct core_test *t)
{
	t->store->delay_ms = 1;
	return run_workers(t, mixed_run, 20);
}

static int case_one_slot_has_one_owner(struct core_test *t)
{
	return run_workers(t, fight_run, 100);
}

#define STRESS(_name) \
	CASE(_name, .group = CORE_STRESS, .nr_slots = STRESS_SLOTS)

const struct core_case core_stress_cases[] = {
	STRESS(many_threads_get_what_is_theirs),
	STRESS(many_threads_on_a_slow_store),
	STRESS(one_slot_has_one_owner),
	{}
};
