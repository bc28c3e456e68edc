// SPDX-License-Identifier: GPL-2.0-only
/*
 * Domains of arrays: how they come, where they do not, and how they go.
 */
#include <linux/delay.h>
#include <linux/irq.h>
#include <linux/platform_device.h>

#include "suite.h"

static int case_creation_silences_every_slot(struct test_array *a)
{
	unsigned int i;

	for (i = 0; i < SLOTS; i++)
		EXPECT(test_silent(a, i));
	/* What is not ours to change in ctrl is kept */
	EXPECT(test_ctrl(a, 0) == (TEST_JUNK_WORD | 1));
	return 0;
}

static int case_non_pci_device_is_refused(struct test_array *a)
{
	struct platform_device *pdev;
	long created, supported;

	pdev = platform_device_register_simple("ims-test", PLATFORM_DEVID_NONE,
					       NULL, 0);
	EXPECT(!IS_ERR(pdev));
	created = test_error(&pdev->dev, &a->info);
	supported = device_msi_supported(&pdev->dev, 0, NULL);
	platform_device_unregister(pdev);
	EXPECT(created == -EOPNOTSUPP);
	EXPECT(supported == -EOPNOTSUPP);
	return 0;
}

static int case_supported_tells_the_parent(struct test_array *a)
{
	struct device_msi_caps caps = {};

	EXPECT(!device_msi_supported(dev, 0, &caps));
	EXPECT(caps.parent);
	EXPECT(caps.isolated == caps.fixed_message);
	EXPECT(device_msi_is_isolated(a->dom) == caps.isolated);
	return 0;
}

static int case_two_domains_on_one_device(struct test_array *a)
{
	struct test_array b;
	int ret;

	ret = test_array_create(&b, &ims_layout_standard, SLOTS);
	if (!ret)
		ret = test_alloc(&b, 0).virq > 0 && test_alloc(a, 0).virq > 0 ?
			0 : __LINE__;
	test_array_free(&b);
	return ret;
}

/* The device's memory goes away with its driver: nobody may write to it */
static int case_removal_while_requested_is_refused(struct test_array *a)
{
	struct msi_map map = test_alloc(a, 1);

	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	EXPECT(device_msi_remove_domain(a->dom) == -EBUSY);
	EXPECT(!test_silent(a, 1));
	free_irq(map.virq, a);
	return 0;
}

/* The memory goes with the driver: from then on it is not accessed any more */
static int case_release_while_requested_ends_all_access(struct test_array *a)
{
	struct msi_map map = test_alloc(a, 1);

	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	device_msi_release_domain(a->dom);
	a->dom = NULL;
	EXPECT(test_silent(a, 1));
	memset(a->words, 0xa5, a->windows[0].size);
	enable_irq(map.virq);	/* the release has disabled it */
	disable_irq(map.virq);
	free_irq(map.virq, a);
	while (test_has_irq(map.virq))
		usleep_range(500, 1000);
	EXPECT(!memchr_inv(a->words, 0xa5, a->windows[0].size));
	return 0;
}

static int case_null_arguments_are_errors(struct test_array *a)
{
	struct msi_map map = {};

	EXPECT(test_error(NULL, &a->info) == -EINVAL);
	EXPECT(test_error(ERR_PTR(-ENODEV), &a->info) == -EINVAL);
	EXPECT(PTR_ERR(ims_array_create_domain(dev, NULL)) == -EINVAL);
	EXPECT(PTR_ERR(ims_array_create_domain(dev, ERR_PTR(-ENOMEM))) ==
	       -EINVAL);
	EXPECT(device_msi_supported(NULL, 0, NULL) == -EINVAL);
	EXPECT(!device_msi_is_isolated(NULL));
	EXPECT(device_msi_alloc_irq(NULL, dev, NULL).index == -EINVAL);
	EXPECT(device_msi_alloc_irq(a->dom, NULL, NULL).index == -EINVAL);
	EXPECT(device_msi_free_irq(NULL, dev, map) == -EINVAL);
	EXPECT(device_msi_free_irqs(NULL, dev) == -EINVAL);
	EXPECT(device_msi_free_irqs(a->dom, NULL) == -EINVAL);
	EXPECT(device_msi_virq(NULL, 0) == -EINVAL);
	EXPECT(device_msi_remove_domain(ERR_PTR(-ENODEV)) == -EINVAL);
	EXPECT(device_msi_remove_domain(NULL) == 0);
	return 0;
}

const struct test_case test_domain_cases[] = {
	CASE(creation_silences_every_slot),
	CASE(non_pci_device_is_refused, .bare = true),
	CASE(supported_tells_the_parent),
	CASE(two_domains_on_one_device),
	CASE(removal_while_requested_is_refused, .group = TEST_MISUSE),
	CASE(release_while_requested_ends_all_access, .group = TEST_MISUSE),
	CASE(null_arguments_are_errors, .group = TEST_MISUSE),
	{ }
};
