// SPDX-License-Identifier: GPL-2.0-only
/*
 * What any user may see of the interrupts of stores: /sys/kernel/irq has the name of
 * the store of each (chip_name), its slot (hwirq), who requested it and how often it
 * came; /proc/irq where it is.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "lsims.h"

static struct store *store_of(struct stores *stores, const char *chip,
			      const char *device)
{
	struct store *store;
	size_t i;

	for (i = 0; i < stores->nr; i++)
		if (!strcmp(stores->store[i].key[KEY_STORE], chip))
			return &stores->store[i];
	store = stores_add(stores);
	store->key[KEY_STORE] = store_keep(store, need(strdup(chip)));
	store->key[KEY_DEVICE] = store_keep(store, need(strdup(device)));
	return store;
}

static const char *keep_line(struct store *store, char *line)
{
	return line ? store_keep(store, line) : NULL;
}

/* per_cpu_count has a number for each CPU, with commas */
static char *total_of(char *counts)
{
	unsigned long long sum = 0;
	char *count, *rest = counts, *total;

	if (!counts)
		return NULL;
	while ((count = strsep(&rest, ",")))
		sum += strtoull(count, NULL, 10);
	free(counts);
	if (asprintf(&total, "%llu", sum) < 0)
		total = NULL;
	return need(total);
}

static void read_irq(struct store *store, const char *number)
{
	struct irq *irq = store_add_irq(store);
	const char **field = irq->field;

	field[FIELD_SLOT] = keep_line(store, path_read_line("/sys/kernel/irq/%s/hwirq",
							    number));
	if (!field[FIELD_SLOT]) {	/* it goes just now */
		store->nr_irqs--;
		return;
	}
	field[FIELD_IRQ] = store_keep(store, need(strdup(number)));
	field[FIELD_NAME] =
		keep_line(store, path_read_line("/sys/kernel/irq/%s/actions", number));
	field[FIELD_COUNT] =
		keep_line(store, total_of(path_read_line("/sys/kernel/irq/%s/per_cpu_count",
							 number)));
	field[FIELD_AFFINITY] =
		keep_line(store, path_read_line("/proc/irq/%s/smp_affinity_list", number));
	field[FIELD_NODE] = keep_line(store, path_read_line("/proc/irq/%s/node", number));
	if (field[FIELD_NODE] && *field[FIELD_NODE] == '-')
		field[FIELD_NODE] = NULL;
	if (field[FIELD_NAME])
		field[FIELD_CPUS] =
			keep_line(store, path_read_line("/proc/irq/%s/effective_affinity_list",
							number));
	field[FIELD_STATE] = field[FIELD_NAME] ? "requested" : "allocated";
}

static char *number_text(size_t number)
{
	char *text;

	if (asprintf(&text, "%zu", number) < 0)
		text = NULL;
	return need(text);
}

/* What can be counted. How many slots a store has, and how many spares, cannot. */
static void count_irqs(struct store *store)
{
	size_t i, requested = 0;

	for (i = 0; i < store->nr_irqs; i++)
		requested += !!store->irqs[i].field[FIELD_NAME];
	store->key[KEY_ALLOCATED] = store_keep(store, number_text(store->nr_irqs));
	store->key[KEY_REQUESTED] = store_keep(store, number_text(requested));
}

void sysfs_read(struct stores *stores, const char *wanted)
{
	DIR *dir = path_opendir("/sys/kernel/irq");
	struct dirent *entry;
	char *chip, *device;
	size_t i;

	while (dir && (entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		chip = path_read_line("/sys/kernel/irq/%s/chip_name", entry->d_name);
		device = chip ? device_of_store(chip) : NULL;
		if (device && device_matches(wanted, chip, device))
			read_irq(store_of(stores, chip, device), entry->d_name);
		free(device);
		free(chip);
	}
	if (dir)
		closedir(dir);
	for (i = 0; i < stores->nr; i++)
		count_irqs(&stores->store[i]);
}
