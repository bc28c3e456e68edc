/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A store in ordinary memory that watches how the core treats it.
 */
#ifndef _IMS_TEST_STORE_H
#define _IMS_TEST_STORE_H

#include <linux/completion.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <ims/backend.h>

enum test_op {
	TEST_INIT,
	TEST_ALLOC,
	TEST_FREE,
	TEST_WRITE,
	TEST_MASK,
	TEST_UNMASK,
	TEST_SIDEBAND,
	TEST_RESTORE,
	TEST_SILENCE,
	TEST_GET_PENDING,
	TEST_SET_PENDING,
	TEST_READ,
	TEST_ACKNOWLEDGED,
	TEST_DESTROY,
	TEST_NR_OPS,
};

/**
 * struct test_slot - What the device would hold, and what the store knows of it
 * @msg:	address and data
 * @sideband:	what set_sideband() made effective
 * @asked:	desc->sideband as msi_alloc_store() saw it
 * @masked:	the slot does not send
 * @pending:	a message waits
 * @ready:	between msi_alloc_store() and msi_free_store()
 * @lost:	a test changed it behind the core's back
 */
struct test_slot {
	struct msi_msg			msg;
	struct device_msi_sideband	sideband;
	struct device_msi_sideband	asked;
	bool				masked;
	bool				pending;
	bool				ready;
	bool				lost;
};

/**
 * struct test_call - One call of an operation
 * @op:		which
 * @index:	slot, of the first descriptor if there are several
 * @nr:		number of descriptors
 */
struct test_call {
	enum test_op	op;
	unsigned int	index;
	unsigned int	nr;
};

/* How a store chooses; all but the first are mistakes */
enum test_choice {
	TEST_CHOOSE_SPARSE,	/* every third slot first */
	TEST_CHOOSE_IN_USE,
	TEST_CHOOSE_TWICE,	/* for the second descriptor the first's slot */
	TEST_CHOOSE_BEYOND,
	TEST_CHOOSE_NOTHING,	/* leaves DEVICE_MSI_NO_SLOT */
};

/* desc->slot_data of a slot that the store chose by mistake */
#define TEST_MISTAKE	1UL

#define TEST_REMEMBERED	64U

/**
 * struct test_store - The store, its switches and its records
 * @ops:	one of the tables below
 * @flags:	of struct device_msi_info
 * @nr_slots:	number of slots
 * @slots:	the slots
 * @dev:	the device, as init() got it
 * @init_error:	init() fails with it
 * @alloc_error: msi_alloc_store() fails with it
 * @alloc_error_call: only in this call of it, counted from 1 since
 *		test_store_forget(); 0 for all
 * @alloc_at_most: msi_alloc_store() makes no more slots ready in a call
 * @delay_ms:	msi_alloc_store() and msi_free_store() take so long
 * @gate:	msi_alloc_store() waits for it; NULL for no gate
 * @restore_error: restore() of slot @restore_error_index fails with it
 * @restore_error_index: see @restore_error
 * @sideband_error: set_sideband() refuses with it all but "none"
 * @commit_error: bus_sync_unlock() fails with it
 * @msg_error:	check_msg() refuses with it
 * @choice:	how msi_alloc_store() chooses
 * @watched:	the task whose scheduling points are looked for, or NULL
 * @stretch:	operations that it has called since the last one
 * @last_call:	when it has called one, in cycles; 0: it has called none yet
 * @stretch_begin: @last_call before the scheduling point
 * @longest:	the most of them in a row
 * @longest_cycles: most cycles from the operation before a scheduling point to the
 *		last one before the next point; in between there may have been more
 * @lock:	protects what follows
 * @calls:	how often each operation was called
 * @remembered:	the last calls, a ring
 * @nr_calls:	number of calls that went through the ring
 * @nr_ready:	slots allocated and not freed
 * @sleeping:	operations that may sleep and are being called now
 * @live_writes: messages written to a slot that could send
 * @direct:	how often slots were masked and unmasked without asking the core
 * @gone:	destroy() was called
 * @violations:	number of promises that the core has broken
 * @violation:	the first
 */
struct test_store {
	const struct device_msi_ops	*ops;
	unsigned int			flags;
	unsigned int			nr_slots;
	struct test_slot		*slots;
	struct device			*dev;

	int				init_error;
	int				alloc_error;
	unsigned int			alloc_error_call;
	unsigned int			alloc_at_most;
	unsigned int			delay_ms;
	struct completion		*gate;
	int				restore_error;
	unsigned int			restore_error_index;
	int				sideband_error;
	int				commit_error;
	int				msg_error;
	enum test_choice		choice;

	struct task_struct		*watched;
	unsigned int			stretch;
	u64				last_call;
	u64				stretch_begin;
	unsigned int			longest;
	u64				longest_cycles;

	raw_spinlock_t			lock;	/* the records */
	unsigned int			calls[TEST_NR_OPS];
	struct test_call		remembered[TEST_REMEMBERED];
	unsigned int			nr_calls;
	int				nr_ready;
	int				sleeping;
	unsigned int			live_writes;
	unsigned int			direct;
	bool				gone;
	unsigned int			violations;
	char				violation[80];
};

/*
 * All operations; the same with chip callbacks; and those of a deferred store; the
 * ones without which there is no store; and in between
 */
extern const struct device_msi_ops test_full_ops;
extern const struct device_msi_ops test_direct_ops;
extern const struct device_msi_ops test_deferred_ops;
extern const struct device_msi_ops test_bare_ops;
extern const struct device_msi_ops test_unreadable_ops;
extern const struct device_msi_ops test_read_only_ops;

struct test_store *test_store_create(const struct device_msi_ops *ops,
				     unsigned int flags, unsigned int nr_slots);
void test_store_free(struct test_store *store);

void test_slot_silence(struct test_slot *slot);
bool test_slot_silent(const struct test_store *store, unsigned int index);
bool test_slot_live(const struct test_store *store, unsigned int index);

bool test_choose(struct test_store *store, struct device_msi_desc **descs,
		 unsigned int at);
void test_violation(struct test_store *store, enum test_op op,
		    unsigned int index, const char *what);
void test_record(struct test_store *store, enum test_op op, unsigned int index,
		 unsigned int nr);
unsigned int test_store_calls(struct test_store *store, enum test_op op);
unsigned int test_store_last_nr(struct test_store *store, enum test_op op);
void test_store_forget(struct test_store *store);
bool test_store_saw(struct test_store *store, unsigned int index,
		    const enum test_op *ops, unsigned int nr);

/* How long a task goes on without a scheduling point, in calls of operations */
void test_store_watch(struct test_store *store);
unsigned int test_store_longest(struct test_store *store);

/* What a device does to its slots by itself */
void test_slot_lose(struct test_store *store, unsigned int index, u8 byte,
		    bool masked);
void test_store_reset(struct test_store *store, u8 byte);

#endif /* _IMS_TEST_STORE_H */
