// SPDX-License-Identifier: GPL-2.0-only
/* Calls that make no sense, and change nothing */
#include "suite.h"

#define NONE		VFIO_IRQ_SET_DATA_NONE
#define BOOL		VFIO_IRQ_SET_DATA_BOOL
#define EVENTFD		VFIO_IRQ_SET_DATA_EVENTFD
#define MASK		VFIO_IRQ_SET_ACTION_MASK
#define UNMASK		VFIO_IRQ_SET_ACTION_UNMASK
#define TRIGGER		VFIO_IRQ_SET_ACTION_TRIGGER

static const struct {
	u32		flags;
	unsigned int	start;
	unsigned int	count;
	bool		without_data;
	int		error;
} wrong_calls[] = {
	{ 0, 0, 1, false, -EINVAL },
	{ NONE, 0, 1, false, -EINVAL },
	{ EVENTFD, 0, 1, false, -EINVAL },
	{ TRIGGER, 0, 1, false, -EINVAL },
	{ NONE | BOOL | TRIGGER, 0, 1, false, -EINVAL },
	{ NONE | EVENTFD | TRIGGER, 0, 1, false, -EINVAL },
	{ BOOL | EVENTFD | TRIGGER, 0, 1, false, -EINVAL },
	{ NONE | MASK | UNMASK, 0, 1, false, -EINVAL },
	{ NONE | MASK | TRIGGER, 0, 1, false, -EINVAL },
	{ NONE | MASK | UNMASK | TRIGGER, 0, 1, false, -EINVAL },
	{ NONE | TRIGGER | 0x40, 0, 1, false, -EINVAL },
	{ NONE | TRIGGER | 0x80000000, 0, 1, false, -EINVAL },
	{ ~0U, 0, 1, false, -EINVAL },
	{ NONE | TRIGGER, VECTORS, 1, false, -EINVAL },
	{ NONE | TRIGGER, 0, VECTORS + 1, false, -EINVAL },
	{ NONE | TRIGGER, VECTORS - 1, 2, false, -EINVAL },
	{ NONE | TRIGGER, VECTORS + 1, 0, false, -EINVAL },
	{ NONE | TRIGGER, 1, ~0U, false, -EINVAL },
	{ NONE | TRIGGER, ~0U, 1, false, -EINVAL },
	{ NONE | TRIGGER, ~0U, 2, false, -EINVAL },
	{ EVENTFD | TRIGGER, 0, 0, false, -EINVAL },
	{ BOOL | TRIGGER, 0, 0, false, -EINVAL },
	{ NONE | MASK, 0, 0, false, -EINVAL },
	{ NONE | UNMASK, 0, 0, false, -EINVAL },
	{ EVENTFD | TRIGGER, 0, 1, true, -EINVAL },
	{ BOOL | TRIGGER, 0, 1, true, -EINVAL },
	{ BOOL | MASK, 0, 1, true, -EINVAL },
	{ EVENTFD | MASK, 0, 1, false, -ENOTTY },
	{ EVENTFD | UNMASK, 0, 1, false, -ENOTTY },
	{ EVENTFD | TRIGGER, 0, VECTORS, false, -EBADF },
};

static int case_wrong_calls_change_nothing(struct test_vfio *t)
{
	s32 fds[VECTORS + 2] = {};
	unsigned int i;

	for (i = 0; i < VECTORS; i++)
		fds[i] = test_eventfd(i);
	fds[VECTORS - 1] = 500;	/* none */
	EXPECT(!test_pasids(t) && !test_set(t, 2, 1));
	for (i = 0; i < ARRAY_SIZE(wrong_calls); i++)
		if (ims_vfio_set_irqs(t->iv, wrong_calls[i].flags,
				      wrong_calls[i].start, wrong_calls[i].count,
				      wrong_calls[i].without_data ? NULL : fds) !=
		    wrong_calls[i].error) {
			pr_err("call %u\n", i);
			return __LINE__;
		}
	for (i = 0; i < VECTORS; i++) {
		EXPECT((ims_vfio_slot(t->iv, i) >= 0) == (i == 2));
		EXPECT(!test_count(i));
	}
	EXPECT(!(test_ctrl(t, t->slots[2]) & ims_layout_pasid.mask_bit));
	EXPECT(!ims_vfio_signal(t->iv, 2) && test_count(2) == 1);
	return 0;
}

static int case_wrong_vectors_are_errors(struct test_vfio *t)
{
	struct device_msi_sideband none = {};

	EXPECT(ims_vfio_slot(t->iv, 0) == -ENOENT);
	EXPECT(ims_vfio_virq(t->iv, 0) == -ENOENT);
	EXPECT(ims_vfio_slot(t->iv, EMULATED) == -ENOENT);
	EXPECT(ims_vfio_slot(t->iv, VECTORS) == -EINVAL);
	EXPECT(ims_vfio_virq(t->iv, VECTORS) == -EINVAL);
	EXPECT(ims_vfio_virq(t->iv, ~0U) == -EINVAL);
	EXPECT(ims_vfio_signal(t->iv, VECTORS) == -EINVAL);
	EXPECT(ims_vfio_set_sideband(t->iv, VECTORS, none) == -EINVAL);
	EXPECT(ims_vfio_set_sideband(t->iv, EMULATED, none) == -EINVAL);
	EXPECT(ims_vfio_set_emulated(t->iv, VECTORS, 1) == -EINVAL);
	EXPECT(ims_vfio_set_emulated(t->iv, 0, VECTORS + 1) == -EINVAL);
	EXPECT(ims_vfio_set_emulated(t->iv, 1, ~0U) == -EINVAL);
	return 0;
}

static int case_wrong_numbers_of_vectors_are_refused(struct test_vfio *t)
{
	struct ims_vfio_info info = t->info;
	struct ims_vfio *iv;

	info.nr_vectors = 0;
	EXPECT(PTR_ERR(ims_vfio_init(&info)) == -EINVAL);
	info.nr_vectors = 2049;
	info.emulated = NULL;
	EXPECT(PTR_ERR(ims_vfio_init(&info)) == -EINVAL);
	info.nr_vectors = 2048;
	iv = ims_vfio_init(&info);
	EXPECT(!IS_ERR(iv));
	ims_vfio_exit(iv);
	ims_vfio_exit(NULL);
	ims_vfio_exit(ERR_PTR(-ENOMEM));
	return 0;
}

static int case_null_is_refused(struct test_vfio *t)
{
	struct ims_vfio_info info = t->info;

	EXPECT(PTR_ERR(ims_vfio_init(NULL)) == -EINVAL);
	info.dom = ERR_PTR(-ENOMEM);
	EXPECT(PTR_ERR(ims_vfio_init(&info)) == -EINVAL);
	info = t->info;
	info.consumer = NULL;
	EXPECT(PTR_ERR(ims_vfio_init(&info)) == -EINVAL);
	return 0;
}

const struct test_case test_wrong_cases[] = {
	CASE(wrong_calls_change_nothing),
	CASE(wrong_vectors_are_errors),
	CASE(wrong_numbers_of_vectors_are_refused),
	CASE(null_is_refused, .group = 1),
	{ }
};
