// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is known beforehand, measured by the same means as the rest, so that who reads
 * the results can tell whether these measure.
 */
#include <linux/minmax.h>
#include <linux/slab.h>

#include "suite.h"

#define KNOWN_BYTES	1000	/* kmalloc() gives 1024 */

/*
 * "known": 1000 times two instructions, and one or two around them. The least of a few
 * tries, for an interrupt of the clock may come into one.
 */
int bench_known(struct bench *bench, const struct bench_args *args)
{
	u64 start, least = U64_MAX;
	unsigned long count;
	unsigned int i;

	for (i = 0; i < 8; i++) {
		count = 1000;
		start = bench_clock();
		asm volatile("1: dec %0\n\tjnz 1b" : "+r" (count) : : "cc");
		least = min(least, bench_clock() - start);
	}
	bench_note(bench, "known", 0, least);
	return 0;
}

/* "memory N": N blocks of memory, or none of them any more */
int bench_known_memory(struct bench *bench, const struct bench_args *args)
{
	static void **last;	/* each has the address of the one before it */
	unsigned int i;
	void **block;

	for (i = 0; i < args->nr; i++) {
		block = kmalloc(KNOWN_BYTES, GFP_KERNEL);
		if (!block)
			return -ENOMEM;
		*block = last;
		last = block;
	}
	while (!args->nr && last) {
		block = last;
		last = *block;
		kfree(block);
	}
	return 0;
}
