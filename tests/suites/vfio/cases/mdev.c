// SPDX-License-Identifier: GPL-2.0-only
/* A driver that was written for the helper of 2021, but for the two functions below */
#include "suite.h"

/**
 * struct mdev_device - What the header needs of it, which is nothing of the kernel's
 * @t:		the case, for its domain and consumer
 * @iv:		the vectors
 */
struct mdev_device {
	struct test_vfio	*t;
	struct ims_vfio		*iv;
};

static struct ims_vfio **mdev_ims_vfio(struct mdev_device *mdev)
{
	return &mdev->iv;
}

static void mdev_ims_info(struct mdev_device *mdev, struct ims_vfio_info *info)
{
	info->dom = mdev->t->info.dom;
	info->consumer = mdev->t->info.consumer;
}

#include <ims/compat/mdev.h>

static int trigger(struct mdev_device *mdev, u32 type, unsigned int start,
		   unsigned int count, void *data)
{
	return mdev_set_msix_trigger(mdev, VFIO_PCI_MSIX_IRQ_INDEX, start, count,
				     VFIO_IRQ_SET_ACTION_TRIGGER | type, data);
}

static int drive(struct mdev_device *mdev)
{
	s32 fds[3] = { test_eventfd(0), test_eventfd(1), test_eventfd(2) };
	unsigned int i;
	u8 bools[3] = { 1, 0, 1 };

	/* The store wants a PASID of each */
	EXPECT(trigger(mdev, VFIO_IRQ_SET_DATA_EVENTFD, 0, 3, fds) < 0);
	mdev_irqs_set_pasid(mdev, PASID);
	EXPECT(!trigger(mdev, VFIO_IRQ_SET_DATA_EVENTFD, 0, 3, fds));
	EXPECT(ims_vfio_slot(mdev->iv, 0) == -ENOENT);
	for (i = 1; i < 3; i++)
		EXPECT(test_ctrl(mdev->t, ims_vfio_slot(mdev->iv, i)) >> 12 == PASID);
	mdev_msix_send_signal(mdev, 0);
	EXPECT(test_count(0) == 1);
	EXPECT(!trigger(mdev, VFIO_IRQ_SET_DATA_BOOL, 0, 3, bools));
	EXPECT(test_count(0) == 1 && !test_count(1) && test_count(2) == 1);
	EXPECT(mdev_set_msix_trigger(mdev, VFIO_PCI_MSI_IRQ_INDEX, 0, 3,
				     VFIO_IRQ_SET_ACTION_TRIGGER |
				     VFIO_IRQ_SET_DATA_BOOL, bools) == -EINVAL);
	EXPECT(!trigger(mdev, VFIO_IRQ_SET_DATA_NONE, 0, 0, NULL));
	EXPECT(ims_vfio_slot(mdev->iv, 1) == -ENOENT);
	return 0;
}

/* Vector 0 is emulated, as that of idxd was */
static int case_a_driver_of_2021_has_its_names(struct test_vfio *t)
{
	struct mdev_device mdev = { .t = t };
	bool ims_map[3] = { false, true, true };
	int line;

	EXPECT(mdev_irqs_init(&mdev, 0, ims_map) == -EINVAL);
	EXPECT(!mdev_irqs_init(&mdev, 3, ims_map));
	line = drive(&mdev);
	mdev_irqs_free(&mdev);
	EXPECT(!mdev.iv);
	return line;
}

const struct test_case test_mdev_cases[] = {
	CASE(a_driver_of_2021_has_its_names),
	{}
};
