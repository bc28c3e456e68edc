/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The suite over a device with a queue store: what a case is, what it is given,
 * and the short forms that many cases use.
 */
#ifndef _IMS_TEST_QUEUE_SUITE_H
#define _IMS_TEST_QUEUE_SUITE_H

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/platform_device.h>
#include <linux/workqueue.h>

#include "cases.h"
#include "device.h"

#define QUEUE_SLOTS	512U
#define QUEUE_PARTS	3U

/**
 * enum queue_group - Cases that run together, by the module parameter group
 * @QUEUE_ORDINARY:	the rest
 * @QUEUE_MISUSE:	provoke a warning
 * @QUEUE_ISOLATED:	need a CPU that is isolated from managed interrupts
 * @QUEUE_NR_GROUPS:	their number
 */
enum queue_group {
	QUEUE_ORDINARY,
	QUEUE_MISUSE,
	QUEUE_ISOLATED,
	QUEUE_NR_GROUPS,
};

/**
 * struct queue_test - What a case is given
 * @dev:	the PCI function
 * @parts:	devices that are parts of it
 * @fake:	the device behind the store
 * @dom:	the domain; NULL once a case has removed it
 * @moves:	a move changes the message
 * @masked_moves: the parent moves when the device has acknowledged an empty slot
 * @per_move:	commands and changes of the message that one move makes
 * @requested:	irqs from queue_request(), released after the case
 * @nr_requested: their number
 * @left_shadows: what the driver of a released domain has back by itself
 * @handled:	interrupts that arrived
 * @why:	what was wrong after the case, or empty
 */
struct queue_test {
	struct device			*dev;
	struct platform_device		*parts[QUEUE_PARTS];
	struct fake_device		*fake;
	struct device_msi_domain	*dom;
	bool				moves;
	bool				masked_moves;
	unsigned int			per_move;
	int				requested[QUEUE_SLOTS];
	unsigned int			nr_requested;
	unsigned int			left_shadows;
	atomic_t			handled;
	char				why[128];
};

/**
 * struct queue_case - One case
 * @name:	what is true if it passes
 * @file:	where it is
 * @run:	returns 0, or the line of the expectation that failed
 * @group:	when it runs
 * @keeps_memory: why it does not run without memory, or NULL
 * @ops:	of the device; NULL for all
 * @layout:	NULL for ims_layout_standard
 * @carry:	from when on commands carry a slot
 * @flags:	of the domain
 * @nr_slots:	0 for QUEUE_SLOTS
 * @max_batch:	of the device, as the store is told
 */
struct queue_case {
	const char			*name;
	const char			*file;
	int (*run)(struct queue_test *t);
	enum queue_group		group;
	const char			*keeps_memory;
	const struct ims_queue_ops	*ops;
	const struct ims_layout		*layout;
	enum ims_queue_carry		carry;
	unsigned int			flags;
	unsigned int			nr_slots;
	unsigned int			max_batch;
};

/* Each file's cases, ended by an empty one */
extern const struct queue_case queue_info_cases[];
extern const struct queue_case queue_alloc_cases[];
extern const struct queue_case queue_life_cases[];
extern const struct queue_case queue_begin_cases[];
extern const struct queue_case queue_connect_cases[];
extern const struct queue_case queue_order_cases[];	/* of x86 only */
extern const struct queue_case queue_disable_cases[];
extern const struct queue_case queue_move_cases[];
extern const struct queue_case queue_offline_cases[];
extern const struct queue_case queue_managed_cases[];
extern const struct queue_case queue_failure_cases[];
extern const struct queue_case queue_quarantine_cases[];
extern const struct queue_case queue_activation_cases[];
extern const struct queue_case queue_raised_cases[];
extern const struct queue_case queue_restore_cases[];
extern const struct queue_case queue_sideband_cases[];
extern const struct queue_case queue_listener_cases[];
extern const struct queue_case queue_slot_cases[];
extern const struct queue_case queue_batch_cases[];
extern const struct queue_case queue_point_cases[];
extern const struct queue_case queue_stress_cases[];
extern const struct queue_case queue_misuse_cases[];

/* fixture.c: around a case */
int queue_fixture_init(struct device *dev);
void queue_fixture_exit(void);
int queue_setup(struct queue_test *t, const struct queue_case *c);
void queue_teardown(struct queue_test *t);
int queue_remove(struct queue_test *t);
extern struct workqueue_struct *queue_workers;
extern unsigned int queue_isolated;

/* helpers.c: short forms */
struct msi_map queue_alloc(struct queue_test *t, unsigned int index);
int queue_alloc_many(struct queue_test *t, struct msi_map *maps,
		     unsigned int nr);
struct msi_map queue_alloc_requested(struct queue_test *t, unsigned int index);
int queue_free(struct queue_test *t, struct msi_map map);
int queue_request(struct queue_test *t, int virq);
void queue_release(struct queue_test *t, int virq);
struct msi_msg queue_parent_msg(int virq);
bool queue_live(struct queue_test *t, struct msi_map map);
bool queue_stats_agree(struct queue_test *t);
unsigned int queue_quarantined(struct queue_test *t);
void queue_fire(int virq);
void queue_wait_fired(void);
bool queue_fires(struct queue_test *t, int virq);
int queue_cpu_of(int virq);
bool queue_is_moving(const struct queue_test *t, int virq);
void queue_wait_moved(const struct queue_test *t, int virq);
int queue_ask_to_move(struct queue_test *t, int virq, int cpu);
int queue_move_to(struct queue_test *t, int virq, int cpu);
int queue_other_cpu(void);

/**
 * struct queue_dying - What commands see of a CPU
 * @cpu:	which
 * @with:	commands while it was online
 * @without:	later
 */
struct queue_dying {
	int		cpu;
	unsigned int	with;
	unsigned int	without;
};

/* offline.c: what managed.c sees too */
void queue_watch_dying(struct fake_device *fake,
		       const struct ims_queue_entry *entries,
		       unsigned int nr);
int queue_offline_is_rolled_back(int cpu);

/* Is it true at last? The limit is generous; nothing waits for it if all is well */
#define SOON(condition)						\
({								\
	unsigned long _end = jiffies + 60 * HZ;			\
	bool _is;						\
								\
	for (;;) {						\
		_is = condition;				\
		if (_is || time_after(jiffies, _end))		\
			break;					\
		usleep_range(200, 1000);			\
	}							\
	_is;							\
})

static inline struct device *queue_part(struct queue_test *t, unsigned int part)
{
	return &t->parts[part]->dev;
}

static inline u64 queue_commands(struct queue_test *t)
{
	return READ_ONCE(t->fake->commands);
}

#endif /* _IMS_TEST_QUEUE_SUITE_H */
