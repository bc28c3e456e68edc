/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the modules with in-kernel cases share: how a case says what it expects,
 * and how results are shown.
 */
#ifndef _IMS_TEST_CASES_H
#define _IMS_TEST_CASES_H

#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/irq.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <ims/device_msi.h>

/* A row of a table of cases, which has name, file and run */
#define CASE(_name, ...) \
	{ .name = #_name, .file = __FILE__, .run = case_ ## _name, ## __VA_ARGS__ }

#define EXPECT(condition)			\
	do {					\
		if (!(condition))		\
			return __LINE__;	\
	} while (0)

/* For what has a slot as argument: any will do */
#define ANY_SLOT	(~0U)

static inline struct device_msi_range test_slots(unsigned int index)
{
	if (index == ANY_SLOT)
		return (struct device_msi_range){};
	return DEVICE_MSI_SLOT(index);
}

/* An expectation that is a function of its own */
#define TRY(call)				\
	do {					\
		int _line = (call);		\
						\
		if (_line)			\
			return _line;		\
	} while (0)

/*
 * How often something is done that may be done less often: with KASAN, which is on in
 * the debug kernel, and lockdep all takes ten times as long
 */
static inline unsigned int test_times(unsigned int nr)
{
	return IS_ENABLED(CONFIG_KASAN) ? DIV_ROUND_UP(nr, 4) : nr;
}

/**
 * struct test_result - How a case ended
 * @name:	what is true if it passed
 * @file:	where it is
 * @line:	of the expectation that failed, or 0
 * @why:	what was wrong after the case, or empty
 * @failed:	how many allocations failed in it, with the parameter failslab
 * @skipped:	why it did not run, or NULL
 */
struct test_result {
	const char	*name;
	const char	*file;
	int		line;
	char		why[128];
	unsigned int	failed;
	const char	*skipped;
};

static inline bool test_has_failed(const struct test_result *result)
{
	return result->line || result->why[0];
}

/* As TAP, for a file in debugfs */
static inline void test_results_show(struct seq_file *m,
				     const struct test_result *results,
				     unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		seq_printf(m, "%sok %u - %s%s%s\n",
			   test_has_failed(&results[i]) ? "not " : "",
			   i + 1, results[i].name,
			   results[i].skipped ? " # SKIP " : "",
			   results[i].skipped ?: "");
		if (results[i].failed)
			seq_printf(m, "# failed %u\n", results[i].failed);
		if (results[i].line)
			seq_printf(m, "# line %d of %s or of what it calls\n",
				   results[i].line, kbasename(results[i].file));
		if (results[i].why[0])
			seq_printf(m, "# %s\n", results[i].why);
	}
	seq_printf(m, "1..%u\n", nr);
}

/**
 * enum test_failslab - What becomes of memory, by the module parameter failslab
 * @TEST_FAILS_NOTHING:	it is there
 * @TEST_FAILS_ONE:	a case runs once for each of its allocations, which fails
 * @TEST_FAILS_ALL_FROM: likewise, and so do all that follow
 *
 * failslab and fail_page_alloc of the kernel do that. The suite failslab sets
 * them so that only allocations on behalf of the modules under test count.
 */
enum test_failslab {
	TEST_FAILS_NOTHING,
	TEST_FAILS_ONE,
	TEST_FAILS_ALL_FROM,
};

extern unsigned int test_failslab;	/* the parameter: enum test_failslab */

/* Of one case; more than any has */
#define TEST_MAX_FAILED	5000U

#ifdef CONFIG_FAULT_INJECTION
#include <linux/sched.h>

#define TEST_CAN_FAIL	true

static inline void test_fail_from(unsigned int nth, enum test_failslab how)
{
	current->make_it_fail = how == TEST_FAILS_ALL_FROM;
	current->fail_nth = nth;
}

/* Was there an n-th allocation? */
static inline bool test_fail_end(void)
{
	bool failed = !current->fail_nth;

	current->fail_nth = 0;
	current->make_it_fail = 0;
	return failed;
}
#else
#define TEST_CAN_FAIL	false

static inline void test_fail_from(unsigned int nth, enum test_failslab how)
{
}

static inline bool test_fail_end(void)
{
	return false;
}
#endif

/*
 * Run a case until it makes no n-th allocation. Those at the end of many are often of
 * a kind, so not each of them; what is missed shows, for sites that fail are recorded.
 * What a case expects may be false then; that everything comes back, which @run
 * checks at its end, may not.
 */
static inline void test_run_failing(struct test_result *result,
				    enum test_failslab how, const void *c,
				    void (*run)(const void *c,
						struct test_result *result))
{
	char why[sizeof(result->why)];

	unsigned int nth;

	for (nth = 1; nth < TEST_MAX_FAILED; nth += 1 + nth / 32) {
		test_fail_from(nth, how);
		run(c, result);
		result->line = 0;
		if (!test_fail_end())
			return;
		result->failed++;
		if (result->why[0])
			break;
	}
	strscpy(why, result->why[0] ? result->why : "no end of them",
		sizeof(why));
	snprintf(result->why, sizeof(result->why), "allocation %u: %.100s",
		 nth, why);
}

/* Is the case one of those that begin with a name of the list, divided by commas? */
static inline bool test_is_among(const char *name, const char *only)
{
	size_t len;

	if (!*only)
		return true;
	for (; *only; only += len + (only[len] == ',')) {
		len = strcspn(only, ",");
		if (!strncmp(name, only, len))
			return true;
	}
	return false;
}

static inline const char *test_chip_of(int virq)
{
	struct irq_data *d = irq_get_irq_data(virq);

	return d && d->chip && d->chip->name ? d->chip->name : "";
}

static inline bool test_is_ours(int virq)
{
	return strstarts(test_chip_of(virq), "IMS-");
}

/* A number that the kernel knows, and that is nobody's */
static inline bool test_is_spare(int virq)
{
	return !strcmp(test_chip_of(virq), "IMS-spare");
}

/* Likewise, because others of the block that the parent allocated it in are used */
static inline bool test_is_unused(int virq)
{
	return !strcmp(test_chip_of(virq), "IMS-unused");
}

/* Is there an interrupt of this number, for anybody to have? */
static inline bool test_has_irq(int virq)
{
	return irq_get_irq_data(virq) && !test_is_spare(virq) &&
		!test_is_unused(virq);
}

/*
 * How many interrupts of ours are there in the system? Numbers are given from the
 * lowest: a leak shows below this, of cases that run often and so must be quick
 * below less.
 */
static inline unsigned int test_count_all_irqs(bool quick, bool nobodys)
{
	unsigned int irq, n = 0;

	for (irq = 1; irq < (quick ? 512 : 8192); irq++)
		if (test_is_ours(irq) && (nobodys || test_has_irq(irq)))
			n++;
	return n;
}

/* Without those that a domain keeps for its next allocations */
static inline unsigned int test_count_irqs(bool quick)
{
	return test_count_all_irqs(quick, false);
}

/* How many more there are than at the last count */
static inline unsigned int test_more_irqs(unsigned int *last, bool quick)
{
	unsigned int before = *last;

	*last = test_count_all_irqs(quick, true);
	return *last - before;
}

/*
 * For who looks at threads that work in rounds, until so many are done or no thread is
 * left. A look takes a lock: more of them than rounds only slow those down.
 */
static inline void test_until_rounds(const atomic_t *done, int rounds,
				     const atomic_t *threads)
{
	do {
		usleep_range(500, 1000);
	} while (atomic_read(threads) && atomic_read(done) < rounds);
}

#endif /* _IMS_TEST_CASES_H */
