// SPDX-License-Identifier: GPL-2.0-only
/*
 * QEMU's rocker sends an MSI-X message when it is told to: what it costs until the
 * handler is entered, and, where QEMU logs every access to the device, how often the
 * MSI-X table is accessed.
 */
#include <linux/delay.h>
#include <linux/interrupt.h>

#include "suite.h"

#define ROCKER_NO_REGISTER	0x10	/* the end of a phase for who reads the log */
#define ROCKER_TEST_IRQ		0x20	/* write N: send message N */
#define TRIES			50

static int fire(struct bench *bench, unsigned int index)
{
	unsigned int handled = READ_ONCE(bench->handled), tries;

	writel(index, bench->regs + ROCKER_TEST_IRQ);
	for (tries = 0; tries < 100; tries++) {
		if (READ_ONCE(bench->handled) != handled)
			return READ_ONCE(bench->handled) == handled + 1 ?
			       0 : -EOVERFLOW;
		usleep_range(100, 200);
	}
	return -ETIMEDOUT;
}

static int deliver(struct bench *bench, unsigned int index)
{
	unsigned int i;
	u64 start;
	int ret = 0;

	for (i = 0; i < TRIES && !ret; i++) {
		start = bench_cycles();
		ret = fire(bench, index);
		if (!ret)
			bench_note(bench, "deliver", 0, bench->arrived - start);
	}
	return ret;
}

static int with_an_interrupt(struct bench *bench,
			     int (*function)(struct bench *bench,
					     unsigned int index))
{
	struct msi_map map = bench->kind->alloc(bench);
	int ret;

	if (map.index < 0)
		return map.index;
	ret = request_irq(map.virq, bench_handler, 0, "ims-bench", bench);
	if (!ret) {
		ret = function(bench, map.index);
		free_irq(map.virq, bench);
	}
	return bench->kind->free(bench, map) ?: ret;
}

/* "deliver": from the register that has it sent to the handler */
int bench_deliver(struct bench *bench, const struct bench_args *args)
{
	return bench->regs ? with_an_interrupt(bench, deliver) : -ENXIO;
}

static void end_of_phase(struct bench *bench)
{
	readl(bench->regs + ROCKER_NO_REGISTER);
}

static int nothing(struct bench *bench, unsigned int index)
{
	return 0;
}

static int delivery(struct bench *bench, unsigned int index)
{
	int ret;

	end_of_phase(bench);
	ret = fire(bench, index);
	end_of_phase(bench);
	return ret;
}

/* "accesses": in phases 1, 2, 4 the cycle, the cycle after a free, and delivery */
int bench_accesses(struct bench *bench, const struct bench_args *args)
{
	int ret;

	if (!bench->regs)
		return -ENXIO;
	end_of_phase(bench);
	ret = with_an_interrupt(bench, nothing);
	end_of_phase(bench);
	ret = ret ?: with_an_interrupt(bench, nothing);
	end_of_phase(bench);
	return ret ?: with_an_interrupt(bench, delivery);
}
