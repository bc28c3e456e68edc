// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is known beforehand, measured by the same means as the rest, so that who reads
 * the results can tell whether these measure.
 */
#include <linux/minmax.h>
#include <linux/slab.h>

#include "suite.h"

#define KNOWN_BYTES	1000	/* kmalloc() gives 1024 */

/* Twice as many instructions as @count */
static void known_loop(unsigned long count)
{
#if defined(CONFIG_X86)
	asm volatile("1: dec %0\n\tjnz 1b" : "+r" (count) : : "cc");
#elif defined(CONFIG_ARM64)
	asm volatile("1: subs %0, %0, #1\n\tb.ne 1b" : "+r" (count) : : "cc");
#elif defined(CONFIG_RISCV)
	asm volatile("1: addi %0, %0, -1\n\tbnez %0, 1b" : "+r" (count));
#endif
}

/*
 * "known": 1000 times two instructions, and one or two around them. The least of a few
 * tries, for an interrupt of the clock may come into one.
 */
int bench_known(struct bench *bench, const struct bench_args *args)
{
	u64 start, least = U64_MAX;
	unsigned int i;

	for (i = 0; i < 8; i++) {
		start = bench_clock();
		known_loop(1000);
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
