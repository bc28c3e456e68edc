// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an interrupt costs where none was freed before ("cold"): many are allocated, and
 * all freed again. What is kept of a freed one has to go when the domain does, so that
 * its removal counts, but for what removing one costs that never had any.
 */
#include <linux/delay.h>
#include <linux/kernel.h>

#include "suite.h"

#define ROUNDS	2

static int cold_begin(struct bench *bench, const struct bench_kind *kind)
{
	int ret = kind->start(bench);

	if (!ret)
		bench->kind = kind;
	return ret;
}

static u64 cold_end(struct bench *bench)
{
	u64 start, cost;

	start = bench_clock();
	bench->kind->stop(bench);
	cost = bench_clock() - start;
	bench->kind = NULL;
	return cost;
}

/* What removal costs if there is nothing to remove */
static int cold_empty(struct bench *bench, const struct bench_kind *kind,
		      u64 *least)
{
	unsigned int i;
	int ret = 0;

	*least = U64_MAX;
	for (i = 0; i < 3 && !ret; i++) {
		ret = cold_begin(bench, kind);
		if (!ret)
			*least = min(*least, cold_end(bench));
	}
	return ret;
}

static int cold_allocate(struct bench *bench, unsigned int nr)
{
	struct msi_map map;
	u64 start;

	while (bench->held < nr) {
		start = bench_clock();
		map = bench->kind->alloc(bench);
		bench->costs[bench->held] = bench_clock() - start;
		if (map.index < 0)
			return map.index;
		bench->maps[bench->held++] = map;
	}
	return 0;
}

static int cold_request(struct bench *bench, unsigned int i)
{
	u64 cost = 0;
	int ret;

	ret = bench_request_and_free(bench, bench->maps[i].virq, &cost);
	bench->costs[i] += cost;
	return ret;
}

/* In the order of their allocation, and each is noted with its allocation */
static int cold_free(struct bench *bench, unsigned int nr, const char *operation)
{
	unsigned int i;
	int ret = 0;
	u64 start;

	for (i = 0; i < nr; i++) {
		start = bench_clock();
		ret = ret ?: bench->kind->free(bench, bench->maps[i]);
		bench_note(bench, operation, nr,
			   bench->costs[i] + bench_clock() - start -
			   bench_clock_cost);
	}
	bench->held = 0;
	return ret;
}

static unsigned int cold_virq(struct bench *bench, unsigned int i)
{
	return bench->msi ? bench->maps[i].virq : pci_irq_vector(bench->pdev, i);
}

/* All at once, and each is noted with its share */
static int cold_at_once(struct bench *bench, unsigned int nr, bool full,
			const char *operation)
{
	unsigned int i;
	u64 start, cost;
	int ret, err;

	start = bench_clock();
	ret = bench->kind->bulk(bench, nr);
	cost = bench_clock() - start;
	if (ret)
		return ret;
	for (i = 0; full && i < nr && !ret; i++)
		ret = bench_request_and_free(bench, cold_virq(bench, i), &cost);

	start = bench_clock();
	err = bench->kind->free_all(bench);
	cost += bench_clock() - start;
	bench_note_many(bench, operation, nr, cost, nr);
	return ret ?: err;
}

static int cold_one_by_one(struct bench *bench, unsigned int nr, bool full,
			   const char *operation)
{
	unsigned int i;
	int ret = cold_allocate(bench, nr), err;

	for (i = 0; full && i < nr && !ret; i++)
		ret = cold_request(bench, i);
	err = cold_free(bench, bench->held, operation);
	return ret ?: err;
}

static int cold_round(struct bench *bench, const struct bench_kind *kind,
		      unsigned int nr, bool full, u64 empty)
{
	const char *operation = full ? "full_cycle_cold" : "alloc_free_cold";
	u64 worked, removal;
	int ret;

	ret = cold_begin(bench, kind);
	if (ret)
		return ret;
	worked = bench_worked;
	if (bench_is_at_once(bench))
		ret = cold_at_once(bench, nr, full, operation);
	else
		ret = cold_one_by_one(bench, nr, full, operation);
	msleep(50);

	removal = cold_end(bench);
	bench->kind = kind;	/* whose costs these are */
	if (removal > empty)
		bench_note_more(bench, operation, nr, removal - empty);
	if (!full)
		bench_note_more(bench, operation, nr, bench_worked - worked);
	bench->kind = NULL;
	return ret;
}

/* "cold KIND N": N interrupts, while nothing else is started */
int bench_cold(struct bench *bench, const struct bench_args *args)
{
	const struct bench_kind *kind = bench_find_kind(bench, args->word);
	unsigned int round;
	u64 empty;
	int ret;

	if (bench->kind)
		return -EBUSY;
	if (!kind || !args->nr2 || args->nr2 > DEVICE_MSI_MAX_SLOTS)
		return -EINVAL;
	ret = cold_empty(bench, kind, &empty);
	for (round = 0; round < ROUNDS && !ret; round++)
		ret = cold_round(bench, kind, args->nr2, false, empty) ?:
		      cold_round(bench, kind, args->nr2, true, empty);
	return ret;
}
