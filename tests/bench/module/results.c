// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was measured, as lines "KIND OPERATION AT LEAST AVERAGE COUNT" of the file
 * results in debugfs.
 */
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "suite.h"

static struct bench_result *bench_result(struct bench *bench,
					 const char *operation, unsigned int at)
{
	const char *kind = bench->kind ? bench->kind->name : "-";
	struct bench_result *r = bench->results;

	for (; r < bench->results + BENCH_MAX_RESULTS; r++) {
		if (!r->kind) {
			r->kind = kind;
			r->at = at;
			r->least = U64_MAX;
			strscpy(r->operation, operation, sizeof(r->operation));
			return r;
		}
		if (r->at == at && r->kind == kind &&
		    !strcmp(r->operation, operation))
			return r;
	}
	WARN_ONCE(1, "ims_bench: BENCH_MAX_RESULTS is too small\n");
	return bench->results;
}

/**
 * bench_note() - Note what an operation has cost, read off the clock once
 * @bench:	the device
 * @operation:	what it was
 * @at:		how many interrupts there were, or 0 if that does not matter
 * @cost:	difference of two calls of bench_clock()
 *
 * Costs much more than it notes: only for after the last reading of the clock.
 */
void bench_note(struct bench *bench, const char *operation, unsigned int at,
		u64 cost)
{
	bench_note_many(bench, operation, at, cost, 1);
}

/* Likewise, of @nr operations that together have cost @cost */
void bench_note_many(struct bench *bench, const char *operation, unsigned int at,
		     u64 cost, unsigned int nr)
{
	struct bench_result *r = bench_result(bench, operation, at);

	if (WARN_ON_ONCE((s64)cost < (s64)bench_clock_cost))
		cost = bench_clock_cost;
	cost -= bench_clock_cost;
	r->least = min(r->least, div_u64(cost, nr));
	r->sum += cost;
	r->count += nr;
}

/* What all of the operations that were noted have cost together, besides */
void bench_note_more(struct bench *bench, const char *operation, unsigned int at,
		     u64 cost)
{
	bench_result(bench, operation, at)->sum += cost;
}

/* What is no cost, but a number; the greatest counts */
void bench_note_value(struct bench *bench, const char *operation,
		      unsigned int at, u64 value)
{
	struct bench_result *r = bench_result(bench, operation, at);

	r->sum = max(r->sum, value);
	r->least = r->sum;
	r->count = 1;
}

static int bench_results_show(struct seq_file *m, void *unused)
{
	struct bench *bench = m->private;
	struct bench_result *r = bench->results;

	for (; r < bench->results + BENCH_MAX_RESULTS && r->kind; r++)
		seq_printf(m, "%s %s %u %llu %llu %u\n", r->kind, r->operation,
			   r->at, r->least, div_u64(r->sum, max(r->count, 1U)),
			   r->count);
	return 0;
}

static int bench_results_open(struct inode *inode, struct file *file)
{
	return single_open(file, bench_results_show, inode->i_private);
}

const struct file_operations bench_results_fops = {
	.owner		= THIS_MODULE,
	.open		= bench_results_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= single_release,
};
