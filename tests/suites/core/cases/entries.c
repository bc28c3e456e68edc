// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries in msi_irqs/: a moment after request_irq() each interrupt has one, however
 * many are requested at a time, and none after free_irq().
 *
 * The kernel makes the directory when a driver uses MSI; nobody does here, so the
 * cases make it.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/kernfs.h>
#include <linux/sysfs.h>

#include "suite.h"

#define REQUESTS	150U	/* more than two batches */
#define SECONDS		60U

static struct attribute *entries_none[] = { NULL };

static const struct attribute_group entries_group = {
	.name	= "msi_irqs",
	.attrs	= entries_none,
};

static bool has_entry(struct core_test *t, int virq)
{
	struct kernfs_node *folder, *entry = NULL;
	char name[12];

	snprintf(name, sizeof(name), "%d", virq);
	folder = kernfs_find_and_get(t->dev->kobj.sd, "msi_irqs");
	if (folder)
		entry = kernfs_find_and_get(folder, name);
	kernfs_put(entry);
	kernfs_put(folder);
	return entry;
}

static unsigned int count_entries(struct core_test *t,
				  const struct msi_map *maps)
{
	unsigned int i, nr = 0;

	for (i = 0; i < REQUESTS; i++)
		nr += has_entry(t, maps[i].virq);
	return nr;
}

static bool entries_come_to(struct core_test *t, const struct msi_map *maps,
			    unsigned int nr)
{
	unsigned int tries = SECONDS * 50;

	while (count_entries(t, maps) < nr && --tries)
		msleep(20);
	return tries;
}

static int request_all(struct core_test *t, const struct msi_map *maps)
{
	unsigned int i;

	for (i = 0; i < REQUESTS; i++)
		EXPECT(!core_request(t, maps[i].virq));
	return 0;
}

static int all_appear(struct core_test *t, const struct msi_map *maps)
{
	unsigned int i;

	EXPECT(!count_entries(t, maps));
	TRY(request_all(t, maps));
	EXPECT(entries_come_to(t, maps, REQUESTS));
	for (i = 0; i < REQUESTS; i += 2) {
		core_release(t, maps[i].virq);
		EXPECT(!has_entry(t, maps[i].virq));
		EXPECT(has_entry(t, maps[i + 1].virq));
	}
	for (i = 0; i < REQUESTS; i += 2)
		EXPECT(!core_request(t, maps[i].virq));
	EXPECT(entries_come_to(t, maps, REQUESTS));
	for (i = 0; i < REQUESTS; i++)
		core_release(t, maps[i].virq);
	EXPECT(!count_entries(t, maps));
	return 0;
}

/* Freed when the work has come to some of them: none is made of what is left */
static int freed_in_between(struct core_test *t, const struct msi_map *maps)
{
	unsigned int round, i;

	for (round = 0; round < 5; round++) {
		TRY(request_all(t, maps));
		EXPECT(entries_come_to(t, maps, 1 + 20 * round));
		for (i = 0; i < REQUESTS; i++)
			core_release(t, maps[REQUESTS - 1 - i].virq);
		EXPECT(!count_entries(t, maps));
	}
	/* Whatever is due is done before the domain is gone */
	EXPECT(!device_msi_remove_domain(t->dom));
	t->dom = NULL;
	EXPECT(!count_entries(t, maps));
	return 0;
}

static int with_entries(struct core_test *t,
			int (*run)(struct core_test *t,
				   const struct msi_map *maps))
{
	static struct msi_map maps[REQUESTS];	/* too large for a stack */
	int line;

	EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, REQUESTS, REQUESTS,
				     NULL, maps) == REQUESTS);
	EXPECT(!sysfs_create_group(&t->dev->kobj, &entries_group));
	line = run(t, maps);
	while (t->nr_requested)
		core_release(t, t->requested[0]);
	sysfs_remove_group(&t->dev->kobj, &entries_group);
	return line;
}

static int case_entries_of_many_requests_all_appear(struct core_test *t)
{
	return with_entries(t, all_appear);
}

static int case_no_entry_outlives_its_request(struct core_test *t)
{
	return with_entries(t, freed_in_between);
}

#define ENTRIES(_name) CASE(_name, .nr_slots = REQUESTS,		\
			    .keeps_memory = "entries are made by a work")

const struct core_case core_entries_cases[] = {
	ENTRIES(entries_of_many_requests_all_appear),
	ENTRIES(no_entry_outlives_its_request),
	{}
};
