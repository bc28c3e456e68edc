/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_v62: what the runner of its cases knows of them. The runner includes headers of
 * ours, and the driver those of Linux 6.2: nothing here is of either.
 */
#ifndef _TESTS_V62_SUITE_H
#define _TESTS_V62_SUITE_H

#include <linux/types.h>

struct v62_device;

/* Kinds of stores, on each of which a case runs, unless it says on which */
enum v62_store {
	V62_ARRAY,
	V62_QUEUE,
	V62_STORES,
};

/**
 * struct v62_case - One case
 * @name:	what is true if it passes
 * @run:	returns 0, or the line of the expectation that failed
 * @file:	where it is
 * @group:	when it runs: 0, always, or 1, because it may provoke a warning
 * @keeps_memory: why it does not run without memory, or NULL
 * @stores:	a bit for each kind that it runs on, or 0: on all
 * @hwsize:	of the domain, or 0: what is usual for the store
 * @no_domain:	the driver creates none: the case does
 * @by_devres:	the interrupts are freed after remove(), by devres
 */
struct v62_case {
	const char		*name;
	int (*run)(struct v62_device *v62);
	const char		*file;
	unsigned int		group;
	const char		*keeps_memory;
	unsigned int		stores;
	unsigned int		hwsize;
	bool			no_domain;
	bool			by_devres;
};

#define V62_CASE(_name, ...)					\
	{ .name = #_name, .file = __FILE__, .run = case_ ## _name, ## __VA_ARGS__ }

extern const struct v62_case v62_domain_cases[];
extern const struct v62_case v62_alloc_cases[];
extern const struct v62_case v62_arrive_cases[];
extern const struct v62_case v62_disable_cases[];

/* driver.c */
struct v62_device *v62_bind(const struct v62_case *c, enum v62_store store);
const char *v62_unbind(struct v62_device *v62);

#endif /* _TESTS_V62_SUITE_H */
