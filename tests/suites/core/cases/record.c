// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a test store remembers: how it was called, and the promises that the
 * core did not keep.
 */
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timex.h>

#include "store.h"

static const char * const test_op_names[TEST_NR_OPS] = {
	"init", "msi_alloc_store", "msi_free_store", "write_msg", "mask",
	"unmask", "set_sideband", "restore", "silence", "get_pending",
	"set_pending", "read_slot", "acknowledged", "destroy",
};

void test_violation(struct test_store *store, enum test_op op,
		    unsigned int index, const char *what)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&store->lock, flags);
	if (!store->violations++)
		snprintf(store->violation, sizeof(store->violation),
			 "%s of slot %u: %s", test_op_names[op], index, what);
	raw_spin_unlock_irqrestore(&store->lock, flags);
}

/* The scheduler is asked for, as by a timer when the task has had its share */
static void test_ask_to_schedule(void)
{
	unsigned long flags;

	local_irq_save(flags);	/* the count is the CPU's */
	set_thread_flag(TIF_NEED_RESCHED);
	set_preempt_need_resched();
	local_irq_restore(flags);
}

/* Each operation asks, and sees whether the scheduler has come since the last did */
static void test_look_for_points(struct test_store *store)
{
	u64 now = get_cycles();

	if (!test_thread_flag(TIF_NEED_RESCHED)) {
		store->stretch = 0;
		store->stretch_begin = store->last_call ?: now;
	}
	store->last_call = now;
	store->longest = max(store->longest, ++store->stretch);
	store->longest_cycles = max(store->longest_cycles,
				    now - store->stretch_begin);
	test_ask_to_schedule();
}

void test_store_watch(struct test_store *store)
{
	cond_resched();
	store->stretch = 0;
	store->last_call = 0;
	store->stretch_begin = get_cycles();
	store->longest = 0;
	store->longest_cycles = 0;
	store->watched = current;
}

unsigned int test_store_longest(struct test_store *store)
{
	store->watched = NULL;
	return store->longest;
}

void test_record(struct test_store *store, enum test_op op,
		 unsigned int index, unsigned int nr)
{
	struct test_call *call;
	unsigned long flags;

	raw_spin_lock_irqsave(&store->lock, flags);
	store->calls[op]++;
	call = &store->remembered[store->nr_calls++ % TEST_REMEMBERED];
	call->op = op;
	call->index = index;
	call->nr = nr;
	raw_spin_unlock_irqrestore(&store->lock, flags);
	if (store->gone)
		test_violation(store, op, index, "called after destroy");
	if (store->watched == current)
		test_look_for_points(store);
}

unsigned int test_store_calls(struct test_store *store, enum test_op op)
{
	return READ_ONCE(store->calls[op]);
}

/* For how many slots was the last call of @op? 0 if there was none */
unsigned int test_store_last_nr(struct test_store *store, enum test_op op)
{
	unsigned int calls = min(store->nr_calls, TEST_REMEMBERED);
	const struct test_call *call;
	unsigned int i;

	for (i = 1; i <= calls; i++) {
		call = &store->remembered[(store->nr_calls - i) % TEST_REMEMBERED];
		if (call->op == op)
			return call->nr;
	}
	return 0;
}

/* Count and remember from here on */
void test_store_forget(struct test_store *store)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&store->lock, flags);
	memset(store->calls, 0, sizeof(store->calls));
	store->nr_calls = 0;
	raw_spin_unlock_irqrestore(&store->lock, flags);
}

/*
 * Were @ops called for a slot in this order, whatever came in between? Only as
 * far back as the store remembers.
 */
bool test_store_saw(struct test_store *store, unsigned int index,
		    const enum test_op *ops, unsigned int nr)
{
	unsigned int calls = min(store->nr_calls, TEST_REMEMBERED);
	const struct test_call *call;
	unsigned int i, seen = 0;

	for (i = store->nr_calls - calls; i < store->nr_calls; i++) {
		call = &store->remembered[i % TEST_REMEMBERED];
		if (seen < nr && call->index == index && call->op == ops[seen])
			seen++;
	}
	return seen == nr;
}
