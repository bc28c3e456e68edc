// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a user of a driver can do again and again, such as through an ioctl that
 * allocates or requests for him, is in the log now and then only. ../guest/core
 * counts the lines.
 */
#include <linux/pci.h>

#include "suite.h"

/* So many lines would fit into the log */
#define FLOOD	300U

static int case_bad_requests_do_not_flood_the_log(struct core_test *t)
{
	struct msi_map maps[4];
	unsigned int i;

	for (i = 0; i < FLOOD; i++) {
		EXPECT(core_alloc(t, CORE_SLOTS + 83).index == -EINVAL);
		EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, 4, 3, NULL,
					     maps) == -EINVAL);
	}
	return 0;
}

static int case_bad_sidebands_do_not_flood_the_log(struct core_test *t)
{
	struct device_msi_sideband sideband = { .pasid = 0x654321 };
	struct device_msi_req req = {
		.slots = DEVICE_MSI_SLOT(6),
		.sideband = { .has = DEVICE_MSI_SIDEBAND_RAW, .raw = 77 },
	};
	unsigned int i;

	EXPECT(core_alloc(t, 5).index == 5);
	t->store->sideband_error = -ERANGE;
	for (i = 0; i < FLOOD; i++) {
		sideband.has = DEVICE_MSI_SIDEBAND_PASID;
		EXPECT(device_msi_set_sideband(t->dom, t->dev, 5, sideband) ==
		       -EINVAL);
		sideband.has = DEVICE_MSI_SIDEBAND_RAW | 8;
		EXPECT(device_msi_set_sideband(t->dom, t->dev, 5, sideband) ==
		       -EINVAL);
		EXPECT(device_msi_set_pasid(t->dom, t->dev, 5, 1) == -ERANGE);
		EXPECT(device_msi_alloc_irq(t->dom, t->dev, &req).index ==
		       -ERANGE);
	}
	return 0;
}

static int case_missing_sideband_does_not_flood_the_log(struct core_test *t)
{
	unsigned int i;

	EXPECT(core_alloc(t, 5).index == 5);
	for (i = 0; i < FLOOD; i++)
		EXPECT(device_msi_set_pasid(t->dom, t->dev, 5, 1) ==
		       -EOPNOTSUPP);
	return 0;
}

/* As one may who resets the device, or has it sleep */
static int case_absent_device_does_not_flood_the_log(struct core_test *t)
{
	struct pci_dev *pdev = to_pci_dev(t->dev);
	unsigned int i;

	pdev->current_state = PCI_D3hot;
	for (i = 0; i < FLOOD; i++) {
		EXPECT(core_alloc(t, 5).index == -ENODEV);
		EXPECT(device_msi_verify(t->dom, false) == -ENODEV);
		EXPECT(device_msi_restore(t->dom) == -ENODEV);
	}
	pdev->current_state = PCI_D0;
	EXPECT(!device_msi_quiesce(t->dom));
	for (i = 0; i < FLOOD; i++)
		EXPECT(core_alloc(t, 5).index == -EBUSY);
	return 0;
}

#define FLOODING(_name, ...)	\
	CASE(_name, .keeps_memory = "it is about the log", ## __VA_ARGS__)

const struct core_case core_flood_cases[] = {
	FLOODING(bad_requests_do_not_flood_the_log),
	FLOODING(bad_sidebands_do_not_flood_the_log),
	FLOODING(missing_sideband_does_not_flood_the_log,
		 .ops = &test_bare_ops),
	FLOODING(absent_device_does_not_flood_the_log),
	{}
};
