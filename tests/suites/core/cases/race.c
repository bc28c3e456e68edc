// SPDX-License-Identifier: GPL-2.0-only
/*
 * Consumers and domains that come and go at the same time.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/jiffies.h>

#include "suite.h"

#define RACERS	4U
#define ROUNDS	test_times(15)

/**
 * struct racer - A thread
 * @work:	runs it
 * @t:		the case
 * @pdev:	a consumer to unregister
 * @map:	what it allocated
 * @line:	what went wrong, or 0
 */
struct racer {
	struct work_struct	work;
	struct core_test	*t;
	struct platform_device	*pdev;
	struct msi_map		map;
	int			line;
};

static struct racer racers[RACERS];

static int race(struct core_test *t, unsigned int nr, work_func_t run)
{
	unsigned int i;

	memset(racers, 0, sizeof(racers));
	for (i = 0; i < nr; i++) {
		racers[i].t = t;
		INIT_WORK(&racers[i].work, run);
		queue_work(core_workers, &racers[i].work);
	}
	flush_workqueue(core_workers);
	for (i = 0; i < nr; i++)
		TRY(racers[i].line);
	return 0;
}

static int consumer_comes_and_goes(struct core_test *t)
{
	struct platform_device *pdev = core_part_create(t->dev);
	struct msi_map maps[4];
	int line = 0;

	EXPECT(!IS_ERR(pdev));
	if (devm_device_msi_alloc_irq(t->dom, &pdev->dev, NULL).index < 0 ||
	    devm_device_msi_alloc_irqs(t->dom, &pdev->dev, NULL, 4, 4, NULL,
				       maps) != 4 ||
	    device_msi_set_quota(t->dom, &pdev->dev, 5))
		line = __LINE__;
	platform_device_unregister(pdev);
	return line;
}

static void consumers_run(struct work_struct *work)
{
	struct racer *r = container_of(work, struct racer, work);
	unsigned int i;

	for (i = 0; i < ROUNDS && !r->line; i++)
		r->line = consumer_comes_and_goes(r->t);
}

static int case_consumers_come_and_go_together(struct core_test *t)
{
	TRY(race(t, RACERS, consumers_run));
	EXPECT(!core_count(t));
	EXPECT(!t->store->nr_ready);
	return 0;
}

/* The life of a domain of its own; what it leaves the store has counted */
static int domain_comes_and_goes(struct core_test *t)
{
	struct device_msi_info info = {
		.ops = &test_full_ops, .nr_slots = CORE_SLOTS,
	};
	struct device_msi_domain *dom;
	struct test_store *store;
	int line = 0;

	store = test_store_create(info.ops, 0, CORE_SLOTS);
	EXPECT(store);
	info.store = store;
	dom = device_msi_create_domain(t->dev, &info);
	if (IS_ERR(dom) ||
	    device_msi_alloc_irq(dom, t->dev, NULL).index < 0 ||
	    device_msi_alloc_irq(dom, core_part(t, 0), NULL).index < 0 ||
	    device_msi_remove_domain(dom))
		line = __LINE__;
	else if (store->violations || store->nr_ready || !store->gone)
		line = __LINE__;
	test_store_free(store);
	return line;
}

static void domains_run(struct work_struct *work)
{
	struct racer *r = container_of(work, struct racer, work);
	unsigned int i;

	for (i = 0; i < ROUNDS && !r->line; i++)
		r->line = domain_comes_and_goes(r->t);
}

static int case_domains_come_and_go_together(struct core_test *t)
{
	return race(t, RACERS, domains_run);
}

static void unregister_run(struct work_struct *work)
{
	struct racer *r = container_of(work, struct racer, work);

	platform_device_unregister(r->pdev);
}

/* Whichever is first frees the interrupts, and the other finds none */
static int consumer_and_domain_go_together(struct core_test *t)
{
	struct device_msi_info info = {
		.ops = &test_full_ops, .nr_slots = CORE_SLOTS,
	};
	struct racer *r = &racers[0];
	struct device_msi_domain *dom;
	struct msi_map maps[8];

	info.store = t->store;
	dom = device_msi_create_domain(t->dev, &info);
	EXPECT(!IS_ERR(dom));
	r->pdev = core_part_create(t->dev);
	EXPECT(!IS_ERR(r->pdev));
	EXPECT(devm_device_msi_alloc_irqs(dom, &r->pdev->dev, NULL, 8, 8, NULL,
					  maps) == 8);
	INIT_WORK(&r->work, unregister_run);
	queue_work(core_workers, &r->work);
	EXPECT(!device_msi_remove_domain(dom));
	flush_work(&r->work);
	EXPECT(!t->store->nr_ready);
	return 0;
}

static int case_consumer_and_domain_go_together(struct core_test *t)
{
	unsigned int i;

	EXPECT(!device_msi_remove_domain(t->dom));
	t->dom = NULL;
	for (i = 0; i < 2 * ROUNDS; i++) {
		/* The same store for the next domain; sometimes it is slow */
		t->store->gone = false;
		t->store->delay_ms = i % 2;
		TRY(consumer_and_domain_go_together(t));
	}
	return 0;
}

static void waiting_run(struct work_struct *work)
{
	struct racer *r = container_of(work, struct racer, work);

	r->map = core_alloc(r->t, 2);
}

/* Behind a shut gate: the store's call does not end until we want it to */
static int alloc_beside_a_stuck_store(struct core_test *t, struct core_test *b)
{
	unsigned long end = jiffies + 10 * HZ;

	while (!READ_ONCE(t->store->sleeping)) {
		EXPECT(time_before(jiffies, end));
		usleep_range(100, 200);
	}
	EXPECT(core_alloc(b, 2).index == 2);
	EXPECT(test_store_calls(t->store, TEST_ALLOC) == 1);
	EXPECT(t->store->sleeping == 1);
	return 0;
}

static int case_stuck_store_does_not_stop_others(struct core_test *t)
{
	struct core_test *b = core_second(t, &test_full_ops, 0, CORE_SLOTS);
	DECLARE_COMPLETION_ONSTACK(gate);
	struct racer *r = &racers[0];
	int line;

	EXPECT(b);
	memset(r, 0, sizeof(*r));
	r->t = t;
	t->store->gate = &gate;
	INIT_WORK(&r->work, waiting_run);
	queue_work(core_workers, &r->work);
	line = alloc_beside_a_stuck_store(t, b);
	complete_all(&gate);
	flush_work(&r->work);
	t->store->gate = NULL;
	TRY(line);
	EXPECT(r->map.index == 2);
	return 0;
}

static void removal_run(struct work_struct *work)
{
	struct racer *r = container_of(work, struct racer, work);

	r->line = device_msi_remove_domain(r->t->dom);
}

static void late_run(struct work_struct *work)
{
	struct racer *r = container_of(work, struct racer, work);

	r->map = core_alloc(r->t, ANY_SLOT);
}

static void start(struct racer *r, struct core_test *t, work_func_t run)
{
	memset(r, 0, sizeof(*r));
	r->t = t;
	INIT_WORK(&r->work, run);
	queue_work(core_workers, &r->work);
	msleep(20);	/* so that it most likely waits for the domain's lock */
}

/*
 * One call holds the domain's lock, behind a shut gate; a removal waits for it, and
 * others behind that. Whoever came first: nothing is allocated in a removed domain.
 */
static int case_calls_behind_a_removal_allocate_nothing(struct core_test *t)
{
	DECLARE_COMPLETION_ONSTACK(gate);
	unsigned int i;

	t->store->gate = &gate;
	start(&racers[0], t, waiting_run);
	start(&racers[1], t, removal_run);
	for (i = 2; i < RACERS; i++)
		start(&racers[i], t, late_run);
	complete_all(&gate);
	flush_workqueue(core_workers);
	t->store->gate = NULL;
	t->dom = NULL;
	EXPECT(!racers[1].line);
	EXPECT(racers[0].map.index == 2);
	EXPECT(!t->store->nr_ready && t->store->gone);
	for (i = 2; i < RACERS; i++)
		EXPECT(racers[i].map.index == -ENODEV ||
		       !test_has_irq(racers[i].map.virq));
	return 0;
}

const struct core_case core_race_cases[] = {
	CASE(consumers_come_and_go_together, .group = CORE_STRESS,
	     .nr_slots = 64),
	CASE(domains_come_and_go_together, .group = CORE_STRESS),
	CASE(consumer_and_domain_go_together, .group = CORE_STRESS),
	CASE(stuck_store_does_not_stop_others, .group = CORE_STRESS),
	CASE(calls_behind_a_removal_allocate_nothing, .group = CORE_STRESS),
	{}
};
