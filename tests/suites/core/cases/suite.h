/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The suite over the test store: what a case is, what it is given, and the
 * short forms that many cases use.
 */
#ifndef _IMS_TEST_SUITE_H
#define _IMS_TEST_SUITE_H

#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/kernel.h>
#include <linux/platform_device.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <ims/backend.h>

#include "cases.h"
#include "store.h"

#define CORE_SLOTS	16U
#define CORE_PARTS	3U
#define CORE_REQUESTED	1024U
#define CORE_EXPECTED	4096U

/**
 * enum core_group - Cases that run together, by the module parameter group
 * @CORE_ORDINARY:	the rest
 * @CORE_BUDGET:	with max_irqs of ims_core at the module parameter budget
 * @CORE_STRESS:	many threads; fills the log
 * @CORE_BIG:		as many interrupts as the parent has
 * @CORE_MISUSE:	provoke a warning, and leave things behind on purpose
 * @CORE_NR_GROUPS:	their number
 */
enum core_group {
	CORE_ORDINARY,
	CORE_BUDGET,
	CORE_STRESS,
	CORE_BIG,
	CORE_MISUSE,
	CORE_NR_GROUPS,
};

/**
 * struct core_test - What a case is given
 * @dev:	the PCI function
 * @parts:	bound devices that are parts of it
 * @store:	a store
 * @dom:	its domain; NULL once a case has removed it
 * @second:	from core_second(), or NULL
 * @requested:	irqs from core_request(), released after the case
 * @nr_requested: their number
 * @why:	what was wrong after the case, or empty
 */
struct core_test {
	struct device			*dev;
	struct platform_device		*parts[CORE_PARTS];
	struct test_store		*store;
	struct device_msi_domain	*dom;
	struct core_test		*second;
	int				requested[CORE_REQUESTED];
	unsigned int			nr_requested;
	char				why[128];
};

/**
 * struct core_case - One case
 * @name:	what is true if it passes
 * @file:	where it is
 * @run:	returns 0, or the line of the expectation that failed
 * @group:	when it runs
 * @keeps_memory: why it does not run without memory, or NULL
 * @ops:	of the store; NULL for all
 * @flags:	of the domain
 * @nr_slots:	0 for CORE_SLOTS
 */
struct core_case {
	const char			*name;
	const char			*file;
	int (*run)(struct core_test *t);
	enum core_group			group;
	const char			*keeps_memory;
	const struct device_msi_ops	*ops;
	unsigned int			flags;
	unsigned int			nr_slots;
};

/* A row for the same case over a store with chip callbacks */
#define CASE_DIRECT(_name, ...) \
	{ .name = #_name "_directly", .file = __FILE__, .run = case_ ## _name, \
	  .ops = &test_direct_ops, ## __VA_ARGS__ }

/* Each file's cases, ended by an empty one */
extern const struct core_case core_domain_cases[];
extern const struct core_case core_alloc_cases[];
extern const struct core_case core_bulk_cases[];
extern const struct core_case core_row_cases[];
extern const struct core_case core_block_cases[];
extern const struct core_case core_model_cases[];
extern const struct core_case core_choose_cases[];
extern const struct core_case core_failure_cases[];
extern const struct core_case core_consumer_cases[];
extern const struct core_case core_devres_cases[];
extern const struct core_case core_quota_cases[];
extern const struct core_case core_life_cases[];
extern const struct core_case core_state_cases[];
extern const struct core_case core_activation_cases[];
extern const struct core_case core_direct_cases[];
extern const struct core_case core_quiesce_cases[];
extern const struct core_case core_spare_cases[];
extern const struct core_case core_renew_cases[];
extern const struct core_case core_unbind_cases[];
extern const struct core_case core_affinity_cases[];
extern const struct core_case core_sideband_cases[];
extern const struct core_case core_restore_cases[];
extern const struct core_case core_arguments_cases[];
extern const struct core_case core_flood_cases[];
extern const struct core_case core_budget_cases[];
extern const struct core_case core_stretch_cases[];
extern const struct core_case core_crowd_cases[];
extern const struct core_case core_entries_cases[];
extern const struct core_case core_stress_cases[];
extern const struct core_case core_race_cases[];
extern const struct core_case core_big_cases[];
extern const struct core_case core_example_cases[];
extern const struct core_case core_misuse_cases[];

/* fixture.c: around a case */
int core_fixture_init(struct device *dev);
void core_fixture_exit(void);
int core_setup(struct core_test *t, const struct core_case *c);
void core_teardown(struct core_test *t);
struct core_test *core_second(struct core_test *t,
			      const struct device_msi_ops *ops,
			      unsigned int flags, unsigned int nr_slots);
struct platform_device *core_part_create(struct device *dev);
extern struct workqueue_struct *core_workers;
extern unsigned int core_budget;

/* helpers.c: short forms */
struct device *core_part(struct core_test *t, unsigned int part);
struct msi_map core_alloc(struct core_test *t, unsigned int index);
struct msi_map core_alloc_for(struct core_test *t, struct device *consumer,
			      unsigned int index);
int core_fill(struct core_test *t, struct msi_map *maps, unsigned int nr);
int core_free(struct core_test *t, struct msi_map map);
int core_request(struct core_test *t, int virq);
void core_release(struct core_test *t, int virq);
struct msi_map core_alloc_requested(struct core_test *t, unsigned int index);
unsigned int core_count(struct core_test *t);
unsigned int core_max_irqs(struct core_test *t);
unsigned int core_count_unused(void);
__printf(1, 2) int core_shell(const char *format, ...);
bool core_parent_is(struct core_test *t, const char *name);
bool core_has_blocks(struct core_test *t);
int core_set_parameter(const char *name, unsigned int value);
int core_with_spares(struct core_test *t, unsigned int nr,
		     int (*run)(struct core_test *t));

static inline struct test_slot *core_slot(struct core_test *t,
					  unsigned int index)
{
	return &t->store->slots[index];
}

#endif /* _IMS_TEST_SUITE_H */
