// SPDX-License-Identifier: GPL-2.0-only
/* A driver that was written for the backend of 2023, but for the two functions below */
#include <linux/pci.h>

#include <ims/compat/vfio_pci.h>

#include "suite.h"

/* Its device is nothing to the header */
static void vfio_pci_ims_info(struct vfio_device *vdev, struct pci_dev *pdev,
			      struct ims_vfio_info *info)
{
	struct test_vfio *t = (void *)vdev;

	info->dom = t->info.dom;
	info->consumer = &pdev->dev;
	info->nr_vectors = 3;
}

/* idxd's was a PASID */
static struct device_msi_sideband
vfio_pci_ims_sideband(const union msi_instance_cookie *cookie)
{
	return (struct device_msi_sideband) {
		.has = DEVICE_MSI_SIDEBAND_PASID, .pasid = cookie->value,
	};
}

static int set(struct vfio_pci_intr_ctx *ctx, u32 type, unsigned int count,
	       void *data)
{
	return vfio_pci_set_irqs_ioctl(ctx, VFIO_IRQ_SET_ACTION_TRIGGER | type,
				       VFIO_PCI_MSIX_IRQ_INDEX, 0, count, data);
}

static u32 pasid_of(struct test_vfio *t, struct vfio_pci_intr_ctx *ctx,
		    unsigned int vector)
{
	return test_ctrl(t, vfio_pci_ims_hwirq(ctx, vector)) >> 12;
}

static int drive(struct test_vfio *t, struct vfio_pci_intr_ctx *ctx)
{
	s32 fds[3] = { test_eventfd(0), test_eventfd(1), test_eventfd(2) };
	union msi_instance_cookie other = { .value = 7 };
	u8 bools[3] = { 1, 0, 1 };

	EXPECT(vfio_pci_set_emulated(ctx, 2, 2) == -EINVAL);
	EXPECT(!vfio_pci_set_emulated(ctx, 0, 1));
	EXPECT(!vfio_pci_ims_set_cookie(ctx, 2, &other));
	EXPECT(vfio_pci_ims_set_cookie(ctx, 0, &other) == -EINVAL);
	EXPECT(!set(ctx, VFIO_IRQ_SET_DATA_EVENTFD, 3, fds));
	EXPECT(vfio_pci_ims_hwirq(ctx, 0) == -EINVAL);
	EXPECT(vfio_pci_ims_hwirq(ctx, 1) >= 0 && vfio_pci_ims_hwirq(ctx, 2) >= 0);
	EXPECT(pasid_of(t, ctx, 1) == PASID && pasid_of(t, ctx, 2) == 7);
	/* In use, all or none */
	EXPECT(vfio_pci_set_emulated(ctx, 0, 2) == -EBUSY);
	vfio_pci_send_signal(ctx, 0);
	EXPECT(test_count(0) == 1);
	EXPECT(!set(ctx, VFIO_IRQ_SET_DATA_BOOL, 3, bools));
	EXPECT(test_count(0) == 1 && !test_count(1) && test_count(2) == 1);
	EXPECT(vfio_pci_set_irqs_ioctl(ctx, VFIO_IRQ_SET_ACTION_TRIGGER |
				       VFIO_IRQ_SET_DATA_BOOL,
				       VFIO_PCI_REQ_IRQ_INDEX, 0, 3, bools) == -ENOTTY);
	EXPECT(!set(ctx, VFIO_IRQ_SET_DATA_NONE, 0, NULL));
	EXPECT(vfio_pci_ims_hwirq(ctx, 1) == -EINVAL);
	EXPECT(!vfio_pci_set_emulated(ctx, 1, 1));
	return set(ctx, VFIO_IRQ_SET_DATA_EVENTFD, 3, fds) ||
	       vfio_pci_ims_hwirq(ctx, 1) != -EINVAL ? __LINE__ : 0;
}

static int case_a_driver_of_2023_has_its_names(struct test_vfio *t)
{
	union msi_instance_cookie cookie = { .value = PASID };
	struct pci_dev *pdev = to_pci_dev(t->info.consumer);
	struct vfio_device *vdev = (void *)t;
	struct vfio_pci_intr_ctx ctx;
	int line;

	EXPECT(!vfio_pci_ims_init_intr_ctx(vdev, &ctx, pdev, &cookie));
	line = drive(t, &ctx);
	vfio_pci_ims_release_intr_ctx(&ctx);
	EXPECT(!ctx.iv);
	return line;
}

const struct test_case test_vfio_pci_cases[] = {
	CASE(a_driver_of_2023_has_its_names),
	{}
};
