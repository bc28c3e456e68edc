// SPDX-License-Identifier: GPL-2.0-only
/*
 * As many interrupts as the parent has: 65536 for a whole VT-d unit, some
 * hundred per device with AMD-Vi, and without remapping as many as slots.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/vmalloc.h>

#include "suite.h"

#define MOST		DEVICE_MSI_MAX_SLOTS
#define SINGLES		8192U
#define BLOCK		16U	/* what any parent allocates at once, at most */
#define FEWEST		400	/* what any parent has for one device */

/* Live, first and last of them alike */
static int check_some(struct core_test *t, const struct msi_map *maps,
		      unsigned int nr)
{
	unsigned int i, at;

	for (i = 0; i < 16; i++) {
		at = (nr - 1) / 15 * i;
		EXPECT(maps[at].virq > 0);
		EXPECT(device_msi_virq(t->dom, maps[at].index) ==
		       maps[at].virq);
		EXPECT(!core_request(t, maps[at].virq));
		EXPECT(test_slot_live(t->store, maps[at].index));
		core_release(t, maps[at].virq);
		cond_resched();
	}
	return 0;
}

/* The parent has no more, which is said as such, and undone */
static int parent_is_full(struct core_test *t, struct core_test *b,
			  const struct msi_map *maps)
{
	struct msi_map some[2 * BLOCK];
	unsigned int i, left;

	EXPECT(core_alloc(b, 1).index == -ENOSPC);
	EXPECT(device_msi_alloc_irqs(b->dom, b->dev, NULL, 4, 4, NULL, some) ==
	       -ENOSPC);
	EXPECT(device_msi_alloc_irqs(b->dom, b->dev, NULL, 1, 4, NULL, some) ==
	       -ENOSPC);
	EXPECT(!b->store->nr_ready && !core_count(b));

	/* The parent may take them back as a block only */
	for (i = 0; i < BLOCK; i++)
		EXPECT(!core_free(t, maps[i]));
	EXPECT(device_msi_alloc_irqs(b->dom, b->dev, NULL, BLOCK + 1, BLOCK + 1,
				     NULL, some) == -ENOSPC);
	EXPECT(!b->store->nr_ready);
	test_store_forget(b->store);
	/* The machine's budget is that of a whole table, of which others have some */
	left = min(core_max_irqs(b), 2 * BLOCK);
	EXPECT(left > BLOCK);
	EXPECT(device_msi_alloc_irqs(b->dom, b->dev, NULL, 2, 2 * BLOCK, NULL,
				     some) == BLOCK);
	EXPECT(b->store->nr_ready == BLOCK && core_count(b) == BLOCK);
	/* What the store made ready in vain it gets back in one call */
	EXPECT(test_store_calls(b->store, TEST_ALLOC) == 1);
	EXPECT(test_store_last_nr(b->store, TEST_ALLOC) == left);
	EXPECT(test_store_calls(b->store, TEST_FREE) == 1);
	EXPECT(test_store_last_nr(b->store, TEST_FREE) == left - BLOCK);
	EXPECT(!device_msi_free_irqs(b->dom, b->dev));
	return 0;
}

#define THREADS		4U
#define EACH		4U
#define TURNS		40

/*
 * So many interrupts are left: as many as all threads have at most, and, where there
 * are blocks, as those of either domain's that are not used
 */
#define SHARED		(THREADS * EACH)
#define SHARED_BLOCKS	(SHARED + 3 * BLOCK)

/**
 * struct taker - A thread that takes and gives back what is its share
 * @work:	runs it
 * @dom:	from one of two domains
 * @consumer:	and for this consumer
 * @line:	what went wrong, or 0
 */
struct taker {
	struct work_struct		work;
	struct device_msi_domain	*dom;
	struct device			*consumer;
	int				line;
};

static struct taker takers[THREADS];

static int take_and_give_back(struct taker *taker)
{
	struct msi_map maps[EACH];
	unsigned int turn, i;

	for (turn = 0; turn < TURNS; turn++) {
		EXPECT(device_msi_alloc_irqs(taker->dom, taker->consumer, NULL,
					     EACH, EACH, NULL, maps) == EACH);
		for (i = 0; i < EACH; i++)
			EXPECT(!device_msi_free_irq(taker->dom, taker->consumer,
						    maps[(i + turn) % EACH]));
		cond_resched();
	}
	return 0;
}

static void taker_run(struct work_struct *work)
{
	struct taker *taker = container_of(work, struct taker, work);

	taker->line = take_and_give_back(taker);
}

/* No spare of one domain is in the way of another, or of the last request */
static int threads_share_the_rest(struct core_test *t, struct core_test *b,
				  const struct msi_map *maps, unsigned int nr)
{
	struct msi_map rest[SHARED_BLOCKS];
	unsigned int i;

	for (i = 0; i < nr; i++)
		EXPECT(!core_free(t, maps[i]));
	for (i = 0; i < THREADS; i++) {
		takers[i].dom = i % 2 ? b->dom : t->dom;
		takers[i].consumer = i < 2 ? core_part(t, 0) : core_part(t, 1);
		INIT_WORK(&takers[i].work, taker_run);
		queue_work(core_workers, &takers[i].work);
	}
	flush_workqueue(core_workers);
	for (i = 0; i < THREADS; i++)
		TRY(takers[i].line);
	EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, nr, nr, NULL, rest) ==
	       nr);
	EXPECT(core_alloc(b, 0).index == -ENOSPC);
	return 0;
}

static int as_many_as_there_are(struct core_test *t, struct msi_map *maps)
{
	struct core_test *b = core_second(t, &test_full_ops, 0, 2 * BLOCK);
	unsigned int shared = core_has_blocks(t) ? SHARED_BLOCKS : SHARED;
	unsigned int most = core_max_irqs(t);
	int nr;

	EXPECT(b);
	nr = device_msi_alloc_irqs(t->dom, t->dev, NULL, 1, MOST, NULL, maps);
	EXPECT(nr > FEWEST && nr <= most);
	EXPECT(t->store->nr_ready == nr);
	TRY(check_some(t, maps, nr));
	if (nr < MOST) {
		TRY(parent_is_full(t, b, maps));
		/* Of those some slots are free */
		EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, BLOCK, BLOCK,
					     NULL, maps) == BLOCK);
		TRY(threads_share_the_rest(t, b, maps, shared));
	}
	test_store_forget(t->store);
	EXPECT(!device_msi_free_irqs(t->dom, t->dev));
	EXPECT(!t->store->nr_ready);
	EXPECT(test_store_calls(t->store, TEST_FREE) <=
	       DIV_ROUND_UP(nr, 64));
	return 0;
}

static int case_as_many_as_there_are(struct core_test *t)
{
	struct msi_map *maps = vmalloc(MOST * sizeof(*maps));
	int line;

	EXPECT(maps);
	line = as_many_as_there_are(t, maps);
	vfree(maps);
	return line;
}

/* One by one, and freed in another order */
static int many_one_by_one(struct core_test *t, struct msi_map *maps)
{
	unsigned int step = 4093;	/* prime, so that it comes to each */
	unsigned int i, nr;

	for (nr = 0; nr < SINGLES; nr++) {
		maps[nr] = core_alloc(t, MOST - 1 - nr);
		if (maps[nr].index == -ENOSPC)
			break;
		EXPECT(maps[nr].index == MOST - 1 - nr);
		cond_resched();
	}
	EXPECT(nr > FEWEST);
	EXPECT(t->store->nr_ready == nr);
	TRY(check_some(t, maps, nr));
	for (i = 0; i < nr; i++) {
		EXPECT(!core_free(t, maps[(u64)i * step % nr]));
		cond_resched();
	}
	EXPECT(!t->store->nr_ready);
	return 0;
}

static int case_many_one_by_one(struct core_test *t)
{
	struct msi_map *maps = vmalloc(SINGLES * sizeof(*maps));
	int line;

	EXPECT(maps);
	line = many_one_by_one(t, maps);
	vfree(maps);
	return line;
}

#define BIG(_name) CASE(_name, .group = CORE_BIG, .nr_slots = MOST)

const struct core_case core_big_cases[] = {
	BIG(as_many_as_there_are),
	BIG(many_one_by_one),
	{}
};
