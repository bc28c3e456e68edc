/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the modules with in-kernel cases share: how a case says what it expects,
 * and how results are shown.
 */
#ifndef _IMS_TEST_CASES_H
#define _IMS_TEST_CASES_H

#include <linux/irq.h>
#include <linux/seq_file.h>
#include <linux/string.h>

/* A row of a table of cases, which has name, file and run */
#define CASE(_name, ...) \
	{ .name = #_name, .file = __FILE__, .run = case_ ## _name, ## __VA_ARGS__ }

#define EXPECT(condition)			\
	do {					\
		if (!(condition))		\
			return __LINE__;	\
	} while (0)

/* An expectation that is a function of its own */
#define TRY(call)				\
	do {					\
		int _line = (call);		\
						\
		if (_line)			\
			return _line;		\
	} while (0)

/**
 * struct test_result - How a case ended
 * @name:	what is true if it passed
 * @file:	where it is
 * @line:	of the expectation that failed, or 0
 * @why:	what was wrong after the case, or empty
 */
struct test_result {
	const char	*name;
	const char	*file;
	int		line;
	char		why[128];
};

/* As TAP, for a file in debugfs */
static inline void test_results_show(struct seq_file *m,
				     const struct test_result *results,
				     unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		seq_printf(m, "%sok %u - %s\n",
			   results[i].line || results[i].why[0] ? "not " : "",
			   i + 1, results[i].name);
		if (results[i].line)
			seq_printf(m, "# line %d of %s or of what it calls\n",
				   results[i].line, kbasename(results[i].file));
		if (results[i].why[0])
			seq_printf(m, "# %s\n", results[i].why);
	}
	seq_printf(m, "1..%u\n", nr);
}

/* Interrupt numbers are given from the lowest: a leak shows below this */
#define TEST_COUNTED_IRQS	8192

/* How many interrupts of ours are there in the system? */
static inline unsigned int test_count_irqs(void)
{
	struct irq_data *d;
	unsigned int irq, n = 0;

	for (irq = 1; irq < TEST_COUNTED_IRQS; irq++) {
		d = irq_get_irq_data(irq);
		if (d && d->chip && d->chip->name &&
		    strstarts(d->chip->name, "IMS-"))
			n++;
	}
	return n;
}

#endif /* _IMS_TEST_CASES_H */
