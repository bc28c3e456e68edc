/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_v62: what the runner of its cases knows of them. The runner includes headers of
 * ours, and the driver those of Linux 6.2: nothing here is of either.
 */
#ifndef _TESTS_V62_SUITE_H
#define _TESTS_V62_SUITE_H

#include <linux/types.h>

struct v62_chip;
struct v62_device;

/**
 * struct v62_case - One case
 * @name:	what is true if it passes
 * @run:	returns 0, or the line of the expectation that failed
 * @file:	where it is
 * @group:	when it runs: 0, always, or 1, because it may provoke a warning
 * @keeps_memory: why it does not run without memory, or NULL
 * @chip:	the kind of store
 * @hwsize:	of the domain, or 0: what is usual for the chip
 * @no_domain:	the driver creates none: the case does
 * @by_devres:	the interrupts are freed after remove(), by devres
 */
struct v62_case {
	const char		*name;
	int (*run)(struct v62_device *v62);
	const char		*file;
	unsigned int		group;
	const char		*keeps_memory;
	const struct v62_chip	*chip;
	unsigned int		hwsize;
	bool			no_domain;
	bool			by_devres;
};

#define V62_CASE(_store, _name, ...)				\
	{ .name = #_store "_" #_name, .file = __FILE__,		\
	  .run = case_ ## _name, .chip = &v62_ ## _store ## _chip, ## __VA_ARGS__ }

/* The same of both stores */
#define V62_CASES(_name, ...)					\
	V62_CASE(array, _name, ## __VA_ARGS__),			\
	V62_CASE(queue, _name, ## __VA_ARGS__)

extern const struct v62_case v62_domain_cases[];
extern const struct v62_case v62_alloc_cases[];
extern const struct v62_case v62_arrive_cases[];
extern const struct v62_case v62_disable_cases[];

/* driver.c */
struct v62_device *v62_bind(const struct v62_case *c);
const char *v62_unbind(struct v62_device *v62);

#endif /* _TESTS_V62_SUITE_H */
