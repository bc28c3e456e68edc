// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many threads on one domain, while commands fail by chance. The device watches;
 * in the end nothing may be left, and nothing wrong.
 */
#include <linux/cpumask.h>
#include <linux/sched.h>

#include "suite.h"

#define WORKERS		4U
#define WORKER_SLOTS	8U
#define STRESS_SLOTS	(WORKERS * WORKER_SLOTS)

/**
 * struct worker - A thread of a consumer
 * @work:	runs it
 * @t:		the case
 * @consumer:	its interrupts are this one's
 * @maps:	those; an index below 0 for none
 * @requested:	likewise
 * @rounds:	how often it does something
 * @lossy:	slots may be given up, so that less is certain
 * @random:	state of a generator
 * @line:	what went wrong, or 0
 */
struct worker {
	struct work_struct	work;
	struct queue_test	*t;
	struct device		*consumer;
	struct msi_map		maps[WORKER_SLOTS];
	bool			requested[WORKER_SLOTS];
	unsigned int		rounds;
	bool			lossy;
	u32			random;
	int			line;
};

static struct worker workers[WORKERS];
static atomic_t workers_left;
static atomic_t rounds_done;
static atomic_t blamed;		/* errors that only a lost slot explains */

static unsigned int roll(struct worker *w, unsigned int sides)
{
	w->random = w->random * 1664525 + 1013904223;
	return (w->random >> 16) % sides;
}

static irqreturn_t stress_handler(int irq, void *data)
{
	return IRQ_HANDLED;
}

/* Of a slot that was given up the device hears, if later: run_workers() asks */
static bool slot_is_lost(struct worker *w, int ret, int error)
{
	if (!w->lossy || ret != error)
		return false;
	atomic_inc(&blamed);
	return true;
}

static int give_up(struct worker *w, unsigned int at)
{
	struct msi_map map = w->maps[at];

	if (w->requested[at]) {
		queue_wait_fired();
		free_irq(map.virq, w);
		w->requested[at] = false;
		if (!w->lossy)
			EXPECT(fake_silent(w->t->fake, map.index));
	}
	EXPECT(!device_msi_free_irq(w->t->dom, w->consumer, map));
	w->maps[at].index = -1;
	return 0;
}

/* The watcher restores all slots, and may lose this one between the two calls */
static int take(struct worker *w, unsigned int at)
{
	struct msi_map map;
	int ret;

	map = device_msi_alloc_irq(w->t->dom, w->consumer, NULL);
	if (w->lossy && map.index == -EIO)	/* and gives the slot back */
		return 0;
	if (slot_is_lost(w, map.index, -ENOSPC))
		return 0;
	EXPECT(map.index >= 0 && map.virq > 0);
	EXPECT(fake_silent(w->t->fake, map.index));
	w->maps[at] = map;
	ret = request_irq(map.virq, stress_handler, 0, "ims-queue-test", w);
	if (slot_is_lost(w, ret, -EIO))
		return give_up(w, at);
	EXPECT(!ret);
	w->requested[at] = true;
	if (!w->lossy)
		EXPECT(!fake_masked(w->t->fake, map.index));
	return 0;
}

/* Something with an interrupt that there is */
static int stir(struct worker *w, unsigned int at)
{
	int virq = w->maps[at].virq, ret;

	switch (roll(w, 6)) {
	case 0:
		queue_fire(virq);
		return 0;
	case 1:
		disable_irq(virq);
		queue_fire(virq);
		enable_irq(virq);
		return 0;
	case 2:
		ret = device_msi_synchronize(w->t->dom);
		EXPECT(!ret || slot_is_lost(w, ret, -EIO));
		return 0;
	case 3:
		ret = device_msi_set_pasid(w->t->dom, w->consumer,
					   w->maps[at].index, roll(w, 1000));
		EXPECT(!ret || slot_is_lost(w, ret, -EIO));
		return 0;
	default:
		EXPECT(!irq_set_affinity(virq, cpumask_of
					 (roll(w, 2) ? 0 : queue_other_cpu())));
		return 0;
	}
}

static int one_round(struct worker *w)
{
	unsigned int at = roll(w, WORKER_SLOTS);

	if (w->maps[at].index < 0)
		return take(w, at);
	return roll(w, 4) ? stir(w, at) : give_up(w, at);
}

static void worker_run(struct work_struct *work)
{
	struct worker *w = container_of(work, struct worker, work);
	unsigned int at;

	while (w->rounds-- && !w->line) {
		w->line = one_round(w);
		atomic_inc(&rounds_done);
		cond_resched();
	}
	for (at = 0; at < WORKER_SLOTS; at++)
		if (w->maps[at].index >= 0 && (w->requested[at] || !w->line) &&
		    give_up(w, at) && !w->line)
			w->line = __LINE__;
	atomic_dec(&workers_left);
}

static void start(struct queue_test *t, unsigned int rounds, bool lossy)
{
	unsigned int at;
	struct worker *w;

	memset(workers, 0, sizeof(workers));
	atomic_set(&workers_left, WORKERS);
	atomic_set(&rounds_done, 0);
	atomic_set(&blamed, 0);
	for (w = workers; w < workers + WORKERS; w++) {
		w->t = t;
		w->consumer = w == workers ? t->dev :
			queue_part(t, w - workers - 1);
		w->rounds = test_times(rounds);
		w->lossy = lossy;
		w->random = 20200804 + (w - workers);
		for (at = 0; at < WORKER_SLOTS; at++)
			w->maps[at].index = -1;
		INIT_WORK(&w->work, worker_run);
		queue_work(queue_workers, &w->work);
	}
}

/* Nothing is wrong at any time, however it changes just now */
static int watch(struct queue_test *t, bool lossy)
{
	int rounds, ret;

	while (atomic_read(&workers_left)) {
		rounds = atomic_read(&rounds_done);
		ret = lossy ? 0 : device_msi_verify(t->dom, false);
		EXPECT(!ret);
		test_until_rounds(&rounds_done, rounds + (int)WORKERS,
				  &workers_left);
		if (!lossy)
			continue;
		/* Others need not have what they request, in between */
		EXPECT(!ims_queue_begin(t->dom));
		usleep_range(500, 1000);
		ret = ims_queue_end(t->dom);
		EXPECT(!ret || ret == -EIO);
		if (!queue_quarantined(t))
			continue;
		ret = device_msi_restore(t->dom);
		EXPECT(!ret || ret == -EIO);
	}
	return 0;
}

static int run_workers(struct queue_test *t, unsigned int rounds,
		       unsigned int fail_percent)
{
	bool lossy = fail_percent > 10;
	unsigned int i;
	int line;

	t->fake->fail_percent = fail_percent;
	start(t, rounds, lossy);
	line = watch(t, lossy);
	flush_workqueue(queue_workers);
	t->fake->fail_percent = 0;
	for (i = 0; i < WORKERS; i++)
		TRY(workers[i].line);
	TRY(line);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!queue_quarantined(t) && !t->fake->in_use);
	EXPECT(lossy || !t->fake->lost);
	EXPECT(!atomic_read(&blamed) || SOON(READ_ONCE(t->fake->lost)));
	EXPECT(queue_stats_agree(t));
	return 0;
}

static int case_many_threads_get_what_is_theirs(struct queue_test *t)
{
	return run_workers(t, 1000, 0);
}

/* Now and then, so that nothing is given up */
static int case_many_threads_and_some_failures(struct queue_test *t)
{
	return run_workers(t, 500, 3);
}

static int case_many_threads_and_slots_that_are_lost(struct queue_test *t)
{
	return run_workers(t, 150, 45);
}

#define STRESS(_name) \
	CASE(_name, .nr_slots = STRESS_SLOTS, .layout = &ims_layout_pasid, \
	     .max_batch = 8)

const struct queue_case queue_stress_cases[] = {
	STRESS(many_threads_get_what_is_theirs),
	STRESS(many_threads_and_some_failures),
	STRESS(many_threads_and_slots_that_are_lost),
	{}
};
