// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases of the domain: which templates make one, how long it lives, and what is over when
 * the driver is unbound. That a domain can be made again then, every case shows.
 */
#include <linux/slab.h>

#include "driver.h"

static bool v62_is_refused(struct v62_device *v62, const struct msi_domain_template *template)
{
	return !v62_create_domain(v62, template);
}

/* Each without one thing that it must have, or with one that it must not */
static int v62_refuses_templates(struct v62_device *v62, struct msi_domain_template *template)
{
	const struct msi_domain_template *good = v62->chip->template;

	*template = *good;
	template->info.bus_token = DOMAIN_BUS_PCI_DEVICE_MSIX;
	EXPECT(v62_is_refused(v62, template));

	*template = *good;
	template->info.flags &= ~MSI_FLAG_ALLOC_SIMPLE_MSI_DESCS;
	EXPECT(v62_is_refused(v62, template));

	*template = *good;
	template->info.flags &= ~MSI_FLAG_FREE_MSI_DESCS;
	EXPECT(v62_is_refused(v62, template));

	*template = *good;
	template->chip.irq_mask = NULL;
	EXPECT(v62_is_refused(v62, template));

	*template = *good;
	template->chip.irq_unmask = NULL;
	EXPECT(v62_is_refused(v62, template));

	*template = *good;
	template->chip.irq_write_msi_msg = NULL;
	EXPECT(v62_is_refused(v62, template));

	*template = *good;
	template->chip.irq_set_affinity = irq_chip_set_affinity_parent;
	EXPECT(v62_is_refused(v62, template));

	EXPECT(!pci_create_ims_domain(v62->pdev, good, V62_INDICES + 1, v62));
	return 0;
}

static int case_templates_that_are_not_complete_are_refused(struct v62_device *v62)
{
	struct msi_domain_template *template = kmalloc(sizeof(*template), GFP_KERNEL);
	int line;

	EXPECT(template);
	line = v62_refuses_templates(v62, template);
	kfree(template);
	if (line)
		return line;

	/* None of them is in the way of the right one */
	EXPECT(v62_create_domain(v62, v62->chip->template));
	EXPECT(!v62_open(&v62->queues[0]));
	EXPECT(v62_each_fires(v62));
	return 0;
}

static int case_the_template_is_copied(struct v62_device *v62)
{
	struct msi_domain_template *template = kmalloc(sizeof(*template), GFP_KERNEL);
	bool created;

	EXPECT(template);
	*template = *v62->chip->template;
	created = v62_create_domain(v62, template);
	*template = (struct msi_domain_template){};
	kfree(template);
	EXPECT(created);
	EXPECT(v62_open_all(v62, 4) == 4);
	EXPECT(v62_each_fires(v62));
	return 0;
}

/* Of 65536 indices at most: that many are an index space, and no table */
static int case_the_largest_domain_works(struct v62_device *v62)
{
	EXPECT(pci_create_ims_domain(v62->pdev, v62->chip->template, V62_INDICES, v62));
	EXPECT(v62_open_all(v62, V62_QUEUES) == V62_QUEUES);
	EXPECT(v62_each_fires(v62));
	return 0;
}

static int case_a_domain_without_interrupts_goes(struct v62_device *v62)
{
	return 0;
}

static int case_what_is_not_requested_goes(struct v62_device *v62)
{
	unsigned int i;

	for (i = 0; i < V62_QUEUES; i++)
		EXPECT(!v62_alloc(&v62->queues[i], NULL));
	return 0;
}

static int case_what_is_requested_goes(struct v62_device *v62)
{
	EXPECT(v62_open_all(v62, V62_QUEUES) == V62_QUEUES);
	EXPECT(v62_each_fires(v62));
	return 0;
}

/* The interrupts were allocated after the domain was created: they go before it */
static int case_devres_frees_first_what_came_last(struct v62_device *v62)
{
	EXPECT(v62_open_all(v62, V62_QUEUES / 2) == V62_QUEUES / 2);
	EXPECT(!v62_alloc(&v62->queues[V62_QUEUES / 2], NULL));
	EXPECT(v62_each_fires(v62));
	return 0;
}

/* May warn: Linux 6.6 does */
static int case_a_second_domain_is_refused(struct v62_device *v62)
{
	EXPECT(v62_open_all(v62, 2) == 2);
	EXPECT(v62_is_refused(v62, v62->chip->template));
	EXPECT(v62_open(&v62->queues[2]) == 0);
	EXPECT(v62_each_fires(v62));
	return 0;
}

/* Likewise */
static int case_freeing_nothing_changes_nothing(struct v62_device *v62)
{
	struct msi_map failed = { .index = -ENOSPC };
	struct msi_map empty = { .index = 0 };

	EXPECT(v62_open_all(v62, 2) == 2);
	pci_ims_free_irq(v62->pdev, failed);
	pci_ims_free_irq(v62->pdev, empty);
	EXPECT(v62_each_fires(v62));
	return 0;
}

const struct v62_case v62_domain_cases[] = {
	V62_CASE(templates_that_are_not_complete_are_refused, .no_domain = true),
	V62_CASE(the_template_is_copied, .no_domain = true),
	V62_CASE(the_largest_domain_works, .stores = BIT(V62_QUEUE), .no_domain = true),
	V62_CASE(a_domain_without_interrupts_goes),
	V62_CASE(what_is_not_requested_goes),
	V62_CASE(what_is_requested_goes),
	V62_CASE(devres_frees_first_what_came_last, .by_devres = true),
	V62_CASE(a_second_domain_is_refused, .group = 1),
	V62_CASE(freeing_nothing_changes_nothing, .group = 1),
	{ }
};
