/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The suite over ims_vfio: what a case is given, and how it calls what a user would.
 */
#ifndef _IMS_TEST_VFIO_SUITE_H
#define _IMS_TEST_VFIO_SUITE_H

#include <linux/err.h>
#include <linux/vfio.h>
#include <ims/ims.h>
#include <ims/vfio.h>

#include "cases.h"

#define SLOTS		16U
#define VECTORS		8U
#define EMULATED	7U	/* the vector that is */
#define PASID		0x12345U

/* What the slots hold before the store has them */
#define JUNK		0x5a

/**
 * struct test_vfio - The vectors of a case
 * @words:	the slots, in ordinary memory, of ims_layout_pasid
 * @dom:	their domain
 * @info:	what @iv was made from
 * @iv:		the vectors
 * @slots:	of each vector, as the driver knows them, or -1
 * @refused:	a vector that the driver refuses a slot, or -1
 */
struct test_vfio {
	__le32			*words;
	struct device_msi_domain *dom;
	struct ims_vfio_info	info;
	struct ims_vfio		*iv;
	int			slots[VECTORS];
	int			refused;
};

/**
 * struct test_case - One case
 * @name:	what is true if it passes
 * @run:	returns 0, or the line of the expectation that failed
 * @file:	where it is
 * @group:	when it runs: 0, always, or 1, which provokes a warning
 * @keeps_memory: why it does not run without memory, or NULL
 */
struct test_case {
	const char	*name;
	int (*run)(struct test_vfio *t);
	const char	*file;
	unsigned int	group;
	const char	*keeps_memory;
};

extern const struct test_case test_wrong_cases[];
extern const struct test_case test_vector_cases[];
extern const struct test_case test_mdev_cases[];
extern const struct test_case test_vfio_pci_cases[];

/* main.c */
s32 test_eventfd(unsigned int nr);
u64 test_count(unsigned int nr);
int test_set(struct test_vfio *t, unsigned int first, unsigned int nr);
int test_pasids(struct test_vfio *t);
u32 test_ctrl(const struct test_vfio *t, unsigned int slot);
bool test_silent(const struct test_vfio *t, unsigned int slot);

#endif /* _IMS_TEST_VFIO_SUITE_H */
