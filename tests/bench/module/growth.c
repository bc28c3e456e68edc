// SPDX-License-Identifier: GPL-2.0-only
/*
 * What operations cost where there are many interrupts, and what those cost that are
 * about all of them.
 */
#include <linux/kernel.h>
#include <linux/log2.h>

#include "suite.h"

/* Interrupts are allocated up to here until the next average is noted */
static unsigned int next_mark(unsigned int held)
{
	return held + max(64U, (unsigned int)roundup_pow_of_two(held + 1) / 16);
}

/*
 * "hold N": allocate one by one until there are N. "hold N 1" notes no costs, where
 * something else is looked at, which adds to them.
 */
int bench_hold(struct bench *bench, const struct bench_args *args)
{
	unsigned int until, first;
	struct msi_map map;
	u64 start, sum;

	if (args->nr > DEVICE_MSI_MAX_SLOTS)
		return -EINVAL;
	while (bench->held < args->nr) {
		until = min(next_mark(bench->held), args->nr);
		first = bench->held;
		for (sum = 0; bench->held < until; sum += bench_clock() - start) {
			start = bench_clock();
			map = bench->kind->alloc(bench);
			if (map.index < 0)
				return map.index;
			bench->maps[bench->held++] = map;
		}
		if (!args->nr2)
			bench_note_many(bench, "alloc", until, sum,
					until - first);
	}
	return 0;
}

/* "drop N": free one by one until there are N */
int bench_drop(struct bench *bench, const struct bench_args *args)
{
	int ret = 0;

	while (bench->held > args->nr && !ret)
		ret = bench->kind->free(bench, bench->maps[--bench->held]);
	return ret;
}

/* "swap N": free N of the interrupts one by one, and allocate as many again */
int bench_swap(struct bench *bench, const struct bench_args *args)
{
	unsigned int held = bench->held, i;
	u64 start, freed, allocated;
	int ret = 0;

	if (args->nr > held)
		return -EINVAL;
	start = bench_clock();
	for (i = 0; i < args->nr && !ret; i++)
		ret = bench->kind->free(bench, bench->maps[--bench->held]);
	freed = bench_clock();
	while (bench->held < held && !ret) {
		bench->maps[bench->held] = bench->kind->alloc(bench);
		ret = min(bench->maps[bench->held++].index, 0);
	}
	allocated = bench_clock();

	bench_note_many(bench, "free", held, freed - start, args->nr);
	bench_note_many(bench, "alloc_again", held, allocated - freed, args->nr);
	return ret;
}

/* "bulk N": allocate N at once; what was freed before shows the second time */
int bench_bulk(struct bench *bench, const struct bench_args *args)
{
	u64 start;
	int ret;

	if (bench->held || bench->bulk)
		return -EBUSY;
	if (!args->nr || args->nr > DEVICE_MSI_MAX_SLOTS)
		return -EINVAL;
	if (bench->kind->prepare_bulk)
		bench->kind->prepare_bulk(bench);
	start = bench_clock();
	ret = bench->kind->bulk(bench, args->nr);
	bench_note_many(bench, args->nr2 ? "bulk_again" : "bulk", args->nr,
			bench_clock() - start, args->nr);
	if (!ret)
		bench->bulk = args->nr;
	return ret;
}

static void note_all(struct bench *bench, const char *operation, u64 cost)
{
	unsigned int nr = bench->held + bench->bulk;

	bench_note_many(bench, operation, nr, cost, max(nr, 1U));
}

/* "freeall": all at once */
int bench_free_all(struct bench *bench, const struct bench_args *args)
{
	u64 start = bench_clock();
	int ret;

	ret = bench->kind->free_all(bench);
	note_all(bench, "free_all", bench_clock() - start);
	bench->held = 0;
	bench->bulk = 0;
	return ret;
}

/* "remove": as "stop", but the domain goes with its interrupts */
int bench_remove(struct bench *bench, const struct bench_args *args)
{
	u64 start = bench_clock();

	bench->kind->stop(bench);
	note_all(bench, "remove", bench_clock() - start);
	bench->kind = NULL;
	bench->held = 0;
	bench->bulk = 0;
	bench_put_consumers(bench);
	return 0;
}

/* "restore" */
int bench_restore(struct bench *bench, const struct bench_args *args)
{
	u64 start = bench_clock();
	int ret;

	ret = bench->kind->restore(bench);
	note_all(bench, "restore", bench_clock() - start);
	return ret;
}

/* "verify": MSI-X has nothing like it */
int bench_verify(struct bench *bench, const struct bench_args *args)
{
	u64 start = bench_clock();
	int ret;

	if (!bench->msi)
		return -EOPNOTSUPP;
	ret = device_msi_verify(bench->msi, false);
	note_all(bench, "verify", bench_clock() - start);
	return ret > 0 ? -EUCLEAN : ret;
}
