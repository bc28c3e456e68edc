// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one interrupt costs where others have been freed before ("warm"), and what it
 * costs while it lives.
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/sysfs.h>

#include "suite.h"

#define TRIES	200

irqreturn_t bench_handler(int irq, void *data)
{
	struct bench *bench = data;

	bench->arrived = bench_cycles();
	bench->handled++;
	return IRQ_HANDLED;
}

/* Is there the folder msi_irqs/, and if @virq is not 0, its entry? */
static bool bench_has_entry(struct bench *bench, unsigned int virq)
{
	struct kernfs_node *folder, *entry = NULL;
	char name[12];

	folder = sysfs_get_dirent(bench->pdev->dev.kobj.sd, "msi_irqs");
	if (!folder || !virq) {
		sysfs_put(folder);
		return folder;
	}
	snprintf(name, sizeof(name), "%u", virq);
	entry = sysfs_get_dirent(folder, name);
	sysfs_put(entry);
	sysfs_put(folder);
	return entry;
}

/**
 * bench_wait_for_entry() - Wait until a requested interrupt is in msi_irqs/
 * @bench:	the device
 * @virq:	the interrupt
 *
 * Kernels before 6.2 have no such folder once their own MSI-X is off, and nobody
 * makes entries then.
 *
 * Return: 1 if it is there, 0 if there is no folder, -ETIMEDOUT if it did not come
 */
int bench_wait_for_entry(struct bench *bench, unsigned int virq)
{
	unsigned int tries;

	if (!bench_has_entry(bench, 0))
		return 0;
	for (tries = 0; tries < 1000; tries++) {
		if (bench_has_entry(bench, virq))
			return 1;
		if (tries < 10)
			usleep_range(100, 200);
		else
			msleep(20);
	}
	return -ETIMEDOUT;
}

/**
 * bench_request_and_free() - request_irq() and free_irq(), with the entry in sysfs
 * @bench:	the device
 * @virq:	the interrupt
 * @cost:	where to add what it cost, workers included
 *
 * Return: 0, or a negative errno
 */
int bench_request_and_free(struct bench *bench, unsigned int virq, u64 *cost)
{
	u64 worked = bench_worked, start, cycles;
	int ret;

	start = bench_clock();
	ret = request_irq(virq, bench_handler, 0, "ims-bench", bench);
	cycles = bench_clock() - start;
	if (ret)
		return ret;

	ret = bench_wait_for_entry(bench, virq);
	start = bench_clock();
	free_irq(virq, bench);
	cycles += bench_clock() - start;

	if (ret > 0)
		bench_note_value(bench, "entries", 0, 1);
	*cost += cycles - bench_clock_cost + bench_worked - worked;
	return min(ret, 0);
}

static int warm_alloc_and_free(struct bench *bench)
{
	const struct bench_kind *kind = bench->kind;
	u64 start, allocated, freed;
	struct msi_map map;
	int ret;

	start = bench_clock();
	map = kind->alloc(bench);
	allocated = bench_clock();
	if (map.index < 0)
		return map.index;
	ret = kind->free(bench, map);
	freed = bench_clock();

	bench_note(bench, "alloc_warm", 0, allocated - start);
	bench_note(bench, "free_warm", 0, freed - allocated);
	bench_note(bench, "alloc_free_warm", 0, freed - start);
	return ret;
}

static int warm_full_cycle(struct bench *bench)
{
	const struct bench_kind *kind = bench->kind;
	struct msi_map map;
	u64 start, cost;
	int ret;

	start = bench_clock();
	map = kind->alloc(bench);
	cost = bench_clock() - start;
	if (map.index < 0)
		return map.index;
	ret = bench_request_and_free(bench, map.virq, &cost);

	start = bench_clock();
	ret = kind->free(bench, map) ?: ret;
	cost += bench_clock() - start - bench_clock_cost;
	if (!ret)
		bench_note(bench, "full_cycle_warm", 0, cost);
	return ret;
}

/*
 * Workers may do their part later. Only what they do soon counts, not what a domain
 * does after it was idle for a while.
 */
static int warm_tries(struct bench *bench, const char *operation,
		      int (*try)(struct bench *bench), bool counts_workers)
{
	u64 worked = bench_worked;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < TRIES && !ret; i++)
		ret = try(bench);
	msleep(50);
	if (!counts_workers)
		bench_note_more(bench, operation, 0, bench_worked - worked);
	return ret;
}

static noinline u64 time_call(void (*function)(struct irq_data *d),
			      struct irq_data *d)
{
	u64 start = bench_clock();

	function(d);
	return bench_clock() - start;
}

/* As the kernel calls them: under the descriptor's lock */
static void time_mask_and_unmask(struct bench *bench, struct irq_data *d)
{
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;
	u64 mask, unmask;

	raw_spin_lock_irqsave(&desc->lock, flags);
	mask = time_call(d->chip->irq_mask, d);
	unmask = time_call(d->chip->irq_unmask, d);
	raw_spin_unlock_irqrestore(&desc->lock, flags);

	bench_note(bench, "mask", 0, mask);
	bench_note(bench, "unmask", 0, unmask);
}

static int time_requested(struct bench *bench, unsigned int virq)
{
	unsigned int i;
	int ret = 0;
	u64 start;

	for (i = 0; i < TRIES && !ret; i++) {
		time_mask_and_unmask(bench, irq_get_irq_data(virq));

		start = bench_clock();
		ret = irq_set_affinity(virq, cpumask_of(0));
		bench_note(bench, "set_affinity", 0, bench_clock() - start);
	}
	return ret;
}

static int warm_requested(struct bench *bench)
{
	struct msi_map map = bench->kind->alloc(bench);
	int ret;

	if (map.index < 0)
		return map.index;
	ret = request_irq(map.virq, bench_handler, 0, "ims-bench", bench);
	if (!ret) {
		ret = time_requested(bench, map.virq);
		free_irq(map.virq, bench);
	}
	return bench->kind->free(bench, map) ?: ret;
}

/* "warm": one interrupt, again and again */
int bench_warm(struct bench *bench, const struct bench_args *args)
{
	struct msi_map map = bench->kind->alloc(bench);
	int ret;

	/* What this frees the next one may have */
	if (map.index < 0)
		return map.index;
	ret = bench->kind->free(bench, map);
	if (ret)
		return ret;
	return warm_tries(bench, "alloc_free_warm", warm_alloc_and_free, false) ?:
	       warm_tries(bench, "full_cycle_warm", warm_full_cycle, true) ?:
	       warm_requested(bench);
}
