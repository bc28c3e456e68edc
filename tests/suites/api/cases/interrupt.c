// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts of an array, from allocation to free.
 */
#include <linux/vmalloc.h>

#include "suite.h"

/* More than the vectors of the guest's two CPUs, and than a table of AMD-Vi has */
#define MANY	1024U

static int case_slots_by_number_and_any(struct test_array *a)
{
	struct msi_map map = test_alloc(a, 5);

	EXPECT(map.index == 5 && map.virq > 0);
	EXPECT(device_msi_virq(a->dom, 5) == map.virq);
	map = device_msi_alloc_irq(a->dom, dev, NULL);
	EXPECT(map.index == 0 && map.virq > 0);
	EXPECT(test_alloc(a, 5).index == -EBUSY);
	EXPECT(test_alloc(a, SLOTS).index == -EINVAL);
	EXPECT(device_msi_virq(a->dom, 6) == -ENOENT);
	EXPECT(device_msi_virq(a->dom, SLOTS) == -ENOENT);
	return 0;
}

static int case_full_store_then_room_again(struct test_array *a)
{
	struct msi_map map, last = {};
	unsigned int i;

	for (i = 0; i < SLOTS; i++) {
		last = device_msi_alloc_irq(a->dom, dev, NULL);
		EXPECT(last.index == i);
	}
	EXPECT(device_msi_alloc_irq(a->dom, dev, NULL).index == -ENOSPC);
	EXPECT(!device_msi_free_irq(a->dom, dev, last));
	map = device_msi_alloc_irq(a->dom, dev, NULL);
	EXPECT(map.index == last.index);
	return 0;
}

static int case_free_takes_only_what_was_allocated(struct test_array *a)
{
	struct msi_map map = test_alloc(a, 3);
	struct msi_map wrong = { .index = 3, .virq = map.virq + 1 };

	EXPECT(device_msi_free_irq(a->dom, dev, wrong) == -EINVAL);
	wrong.index = 4;
	wrong.virq = map.virq;
	EXPECT(device_msi_free_irq(a->dom, dev, wrong) == -EINVAL);
	wrong.index = -ENOSPC;
	EXPECT(device_msi_free_irq(a->dom, dev, wrong) == -EINVAL);
	EXPECT(!device_msi_free_irq(a->dom, dev, map));
	EXPECT(device_msi_free_irq(a->dom, dev, map) == -EINVAL);
	EXPECT(!test_has_irq(map.virq));
	return 0;
}

static int case_consumers_are_freed_apart(struct test_array *a)
{
	struct device *other = dev->parent;
	struct device_msi_req req = { .slots = DEVICE_MSI_SLOT(1) };

	EXPECT(test_alloc(a, 0).virq > 0);
	EXPECT(device_msi_alloc_irq(a->dom, other, &req).virq > 0);
	EXPECT(!device_msi_free_irqs(a->dom, other));
	EXPECT(device_msi_virq(a->dom, 0) > 0);
	EXPECT(device_msi_virq(a->dom, 1) == -ENOENT);
	return 0;
}

/* A device that wakes up unmasked from a reset, while the slot was free */
static int case_unmasked_free_slot_is_silenced(struct test_array *a)
{
	memset(a->words, 0, a->windows[0].size);
	*(u32 *)a->words = 0xfee00000;
	EXPECT(test_alloc(a, 0).virq > 0);
	EXPECT(test_silent(a, 0));
	return 0;
}

static int case_message_lives_while_requested(struct test_array *a)
{
	struct msi_map map = test_alloc(a, 2);

	EXPECT(map.virq > 0);
	EXPECT(test_silent(a, 2));
	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	EXPECT(test_live(a, 2));
	EXPECT(!test_masked(a, 2));
	free_irq(map.virq, a);
	EXPECT(test_silent(a, 2));
	return 0;
}

static int case_affinity_is_honoured_or_refused(struct test_array *a)
{
	struct irq_affinity_desc affinity = {};
	struct device_msi_req req = {
		.slots = DEVICE_MSI_SLOT(0),
		.affinity = &affinity,
	};
	struct irq_data *d;
	struct msi_map map;
	bool honoured;

	cpumask_set_cpu(num_online_cpus() - 1, &affinity.mask);
	map = device_msi_alloc_irq(a->dom, dev, &req);
	EXPECT(map.virq > 0);
	d = irq_get_irq_data(map.virq);
	EXPECT(cpumask_equal(irq_data_get_affinity_mask(d), &affinity.mask));
	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	honoured = cpumask_equal(irq_data_get_effective_affinity_mask(d),
				 &affinity.mask);
	free_irq(map.virq, a);
	EXPECT(honoured);

	/* Before 5.16 no kernel exports a way */
	affinity.is_managed = 1;
	req.slots.first = 1;
	map = device_msi_alloc_irq(a->dom, dev, &req);
	if (map.index == -EOPNOTSUPP)
		return 0;
	EXPECT(map.virq > 0);
	EXPECT(irqd_affinity_is_managed(irq_get_irq_data(map.virq)));
	return 0;
}

/* Requested and freed again, an interrupt gives its CPU vector back */
static int test_request_once(struct test_array *array)
{
	struct msi_map map = device_msi_alloc_irq(array->dom, dev, NULL);
	int ret;

	if (map.index < 0)
		return map.index;
	ret = request_irq(map.virq, test_handler, 0, "ims-test", array);
	if (!ret)
		free_irq(map.virq, array);
	return ret;
}

/*
 * Many more interrupts than CPU vectors can be allocated. AMD-Vi's table of a
 * device is smaller: there the error is the one for "full". On IMSICs each that is
 * allocated has an identity.
 */
static int case_allocation_keeps_no_vectors(struct test_array *a)
{
	struct device_msi_caps caps = {};
	struct test_array big;
	unsigned int i;
	int ret;

	EXPECT(!device_msi_supported(dev, 0, &caps));
	ret = test_array_create(&big, &ims_layout_standard, MANY);
	for (i = 0; !ret && i < MANY; i++)
		ret = test_request_once(&big);
	test_array_free(&big);
	if (!strncmp(caps.parent, "AMD-Vi", 6))
		EXPECT(ret == -ENOSPC && i > 500);
	else if (!strcmp(caps.parent, "IMSIC"))
		EXPECT(ret == -ENOSPC && i <= caps.max_irqs && i + 50 > caps.max_irqs);
	else
		EXPECT(!ret);
	return 0;
}

/* See make_room() in main.c */
static int as_many_as_unasked(struct test_array *big)
{
	unsigned int nr = big->windows[0].nr_slots;
	struct msi_map *maps = vmalloc(array_size(nr, sizeof(*maps)));
	int ret;

	EXPECT(maps);
	ret = device_msi_alloc_irqs(big->dom, dev, NULL, 1, nr, NULL, maps);
	vfree(maps);
	EXPECT(ret == DEVICE_MSI_MAX_UNASKED);
	EXPECT(device_msi_alloc_irq(big->dom, dev, NULL).index == -ENOSPC);
	EXPECT(!device_msi_free_irqs(big->dom, dev));
	return 0;
}

static int case_store_that_does_not_say_has_room_for_some(struct test_array *unused)
{
	struct test_array big;
	int line;

	line = test_array_create(&big, &ims_layout_standard,
				 2 * DEVICE_MSI_MAX_UNASKED) ?
		__LINE__ : as_many_as_unasked(&big);
	test_array_free(&big);
	return line;
}

#ifdef CONFIG_ARM64
#define NO_TABLE	NULL
#else
#define NO_TABLE	"NOT RUN: only an ITS has a table that is made beforehand"
#endif

static int case_free_while_requested_is_refused(struct test_array *a)
{
	struct msi_map map = test_alloc(a, 1);

	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	EXPECT(device_msi_free_irq(a->dom, dev, map) == -EBUSY);
	EXPECT(device_msi_free_irqs(a->dom, dev) == -EBUSY);
	EXPECT(device_msi_virq(a->dom, 1) == map.virq);
	EXPECT(!test_silent(a, 1));
	free_irq(map.virq, a);
	EXPECT(!device_msi_free_irq(a->dom, dev, map));
	return 0;
}

const struct test_case test_interrupt_cases[] = {
	CASE(slots_by_number_and_any),
	CASE(full_store_then_room_again),
	CASE(free_takes_only_what_was_allocated),
	CASE(consumers_are_freed_apart),
	CASE(unmasked_free_slot_is_silenced),
	CASE(message_lives_while_requested),
	CASE(affinity_is_honoured_or_refused),
	CASE(allocation_keeps_no_vectors),
	CASE(store_that_does_not_say_has_room_for_some, .cannot_run = NO_TABLE),
	CASE(free_while_requested_is_refused, .group = TEST_MISUSE),
	{ }
};
