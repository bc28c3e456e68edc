/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_port_test: what main.c, which runs the cases, and the cases share. It has no name of
 * Linux 6.2.
 */
#ifndef _IMS_PORT_SUITE_H
#define _IMS_PORT_SUITE_H

#include <linux/types.h>

struct port_device;

enum port_group {
	PORT_ORDINARY,
	PORT_MISUSE,	/* they provoke a warning */
	PORT_NR_GROUPS,
};

/* A kind of chip: its callbacks reach the device, or write down what a command carries */
enum port_store {
	PORT_DIRECT,
	PORT_QUEUE,
	PORT_NR_STORES,
};

/**
 * struct port_case - A row of a table of cases
 * @name:	what is true if it passes
 * @file:	where it is
 * @run:	returns 0, or the line of what is not so
 * @group:	enum port_group
 * @keeps_memory: why it does not run without memory, or NULL
 * @stores:	a bit for each kind that it runs on, or 0: on all
 */
struct port_case {
	const char	*name;
	const char	*file;
	int (*run)(struct port_device *port);
	unsigned int	group;
	const char	*keeps_memory;
	unsigned int	stores;
};

extern const struct port_case port_refused_cases[];
extern const struct port_case port_life_cases[];
extern const struct port_case port_gone_cases[];

/* device.c */
struct port_device *port_bind(enum port_store store);
void port_unbind(struct port_device *port);
const char *port_end(struct port_device *port);

#endif /* _IMS_PORT_SUITE_H */
