/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_bench.ko: what interrupts cost, from an array store and from the kernel's own
 * MSI-X, on the same device in the same boot. The MSI-X table of the device is the
 * array, so only one of the two can be in use at a time.
 *
 * Meant for a guest with one CPU whose clock counts instructions (tests/vm/run
 * --measure): bench_cycles() is then the number of instructions that the guest has
 * executed, or would have executed while it was idle.
 */
#ifndef _IMS_BENCH_SUITE_H
#define _IMS_BENCH_SUITE_H

#include <linux/io.h>
#include <linux/irqreturn.h>
#include <linux/pci.h>
#include <linux/timex.h>
#include <ims/ims.h>

#define BENCH_MAX_RESULTS	512
#define BENCH_NAME		24

struct bench_kind;

/**
 * struct bench_result - What one operation of one kind has cost so far
 * @kind:	name of the kind, or "-" if it is of none
 * @operation:	what was measured
 * @at:		how many interrupts there were, or 0 if that does not matter
 * @count:	how often it was measured
 * @least:	of these
 * @sum:	of these, and of what belongs to all of them together
 */
struct bench_result {
	const char	*kind;
	char		operation[BENCH_NAME];
	unsigned int	at;
	unsigned int	count;
	u64		least;
	u64		sum;
};

/**
 * struct bench - One device
 * @pdev:	the device
 * @regs:	registers of a rocker, which sends a message when it is told to; NULL
 *		for another device
 * @kind:	where interrupts come from now, or NULL
 * @msi:	the domain, NULL if @kind is the kernel's MSI-X
 * @base:	the store of @msi
 * @maps:	the interrupts that are allocated one by one
 * @held:	how many of @maps
 * @bulk:	how many are allocated at once
 * @costs:	one number for each of @maps
 * @devices:	consumers beside the device itself
 * @nr_devices:	how many
 * @arrived:	when the handler was entered last
 * @handled:	how often
 * @results:	what was measured
 * @debugfs:	its folder
 */
struct bench {
	struct pci_dev			*pdev;
	void __iomem			*regs;
	const struct bench_kind		*kind;
	struct device_msi_domain	*msi;
	void __iomem			*base;
	struct msi_map			*maps;
	unsigned int			held;
	unsigned int			bulk;
	u32				*costs;
	struct device			**devices;
	unsigned int			nr_devices;
	u64				arrived;
	unsigned int			handled;
	struct bench_result		*results;
	struct dentry			*debugfs;
};

/**
 * struct bench_kind - Where interrupts come from
 * @name:	of the kind
 * @start:	make it ready
 * @stop:	undo @start; may find interrupts allocated
 * @alloc:	allocate one
 * @free:	free one
 * @prepare_bulk:	what must be done before @bulk, or NULL
 * @bulk:	allocate many at once, when none is allocated
 * @free_all:	free them all at once
 * @restore:	write to the device what a reset has lost
 */
struct bench_kind {
	const char *name;
	int (*start)(struct bench *bench);
	void (*stop)(struct bench *bench);
	struct msi_map (*alloc)(struct bench *bench);
	int (*free)(struct bench *bench, struct msi_map map);
	void (*prepare_bulk)(struct bench *bench);
	int (*bulk)(struct bench *bench, unsigned int nr);
	int (*free_all)(struct bench *bench);
	int (*restore)(struct bench *bench);
};

extern const struct bench_kind bench_msix;
extern const struct bench_kind bench_msix_at_once;

/**
 * struct bench_args - What was written to the file control, after the command
 * @word:	the first word
 * @nr:		the first word as a number, or 0
 * @nr2:	the second word as a number, or 0
 */
struct bench_args {
	char		word[16];
	unsigned int	nr;
	unsigned int	nr2;
};

/* kinds.c */
int bench_start(struct bench *bench, const struct bench_args *args);
int bench_stop(struct bench *bench, const struct bench_args *args);
const struct bench_kind *bench_find_kind(struct bench *bench, const char *name);
bool bench_is_at_once(struct bench *bench);

/* clock.c */
extern u64 bench_worked;
extern u64 bench_clock_cost;

/* On RISC-V get_cycles() is a clock of 10 MHz; the count of instructions is idle with the CPU */
static inline u64 bench_cycles(void)
{
#ifdef CONFIG_RISCV
	return csr_read(CSR_INSTRET);
#else
	return get_cycles();
#endif
}

/* Instructions so far, but for those that workers of the ims modules executed */
static inline u64 bench_clock(void)
{
	return bench_cycles() - READ_ONCE(bench_worked);
}

int bench_clock_init(void);
void bench_clock_exit(void);
struct tracepoint *bench_find_tracepoint(const char *name);

/* known.c */
int bench_known(struct bench *bench, const struct bench_args *args);
int bench_known_memory(struct bench *bench, const struct bench_args *args);

/* results.c */
void bench_note(struct bench *bench, const char *operation, unsigned int at,
		u64 cost);
void bench_note_many(struct bench *bench, const char *operation, unsigned int at,
		     u64 cost, unsigned int nr);
void bench_note_more(struct bench *bench, const char *operation, unsigned int at,
		     u64 cost);
void bench_note_value(struct bench *bench, const char *operation,
		      unsigned int at, u64 value);
extern const struct file_operations bench_results_fops;

/* costs.c */
irqreturn_t bench_handler(int irq, void *data);
int bench_wait_for_entry(struct bench *bench, unsigned int virq);
int bench_request_and_free(struct bench *bench, unsigned int virq, u64 *cost);
int bench_warm(struct bench *bench, const struct bench_args *args);

/* cold.c */
int bench_cold(struct bench *bench, const struct bench_args *args);

/* growth.c */
int bench_hold(struct bench *bench, const struct bench_args *args);
int bench_drop(struct bench *bench, const struct bench_args *args);
int bench_swap(struct bench *bench, const struct bench_args *args);
int bench_bulk(struct bench *bench, const struct bench_args *args);
int bench_free_all(struct bench *bench, const struct bench_args *args);
int bench_remove(struct bench *bench, const struct bench_args *args);
int bench_restore(struct bench *bench, const struct bench_args *args);
int bench_verify(struct bench *bench, const struct bench_args *args);

/* consumers.c */
int bench_consumers(struct bench *bench, const struct bench_args *args);
void bench_put_consumers(struct bench *bench);

/* doorbell.c */
int bench_deliver(struct bench *bench, const struct bench_args *args);
int bench_accesses(struct bench *bench, const struct bench_args *args);

/* threads.c */
int bench_threads(struct bench *bench, const struct bench_args *args);

/* watch.c */
int bench_watch(struct bench *bench, const struct bench_args *args);
int bench_watched(struct bench *bench, const struct bench_args *args);
int bench_spin(struct bench *bench, const struct bench_args *args);

#endif /* _IMS_BENCH_SUITE_H */
