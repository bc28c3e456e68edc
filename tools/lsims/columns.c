// SPDX-License-Identifier: GPL-2.0-only
/*
 * The columns that there are, and the choice of some by --output.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lsims.h"

const struct column store_columns[] = {
	{ "DEVICE", "device whose identity the messages carry", NAME, KEY_DEVICE },
	{ "STORE", "name of the store, also in /proc/interrupts", NAME, KEY_STORE },
	{ "BUS", "bus of the device", NAME, KEY_BUS },
	{ "DRIVER", "driver of the device", DRIVER, KEY_DEVICE },
	{ "MODULE", "module that knows the store", NAME, KEY_MODULE },
	{ "PARENT", "interrupt parent, where the messages come from", NAME, KEY_PARENT },
	{ "PROVIDER", "hypervisor's module that translates messages", NAME, KEY_PROVIDER },
	{ "ISOLATED", "other devices cannot send these messages", FLAG, KEY_ISOLATED },
	{ "MESSAGE", "a move changes the message (moves) or not (fixed)", TEXT, KEY_MESSAGE },
	{ "DEFERRED", "changes are effective after a commit", FLAG, KEY_DEFERRED },
	{ "READABLE", "what the device holds can be read", FLAG, KEY_READABLE },
	{ "ACCESS", "yes, or why the device is not accessed", TEXT, KEY_ACCESS },
	{ "SLOTS", "slots of the store", NUMBER, KEY_SLOTS },
	{ "ALLOCATED", "allocated interrupts, also those in quarantine", NUMBER, KEY_ALLOCATED },
	{ "REQUESTED", "requested interrupts", NUMBER, KEY_REQUESTED },
	{ "SPARES", "freed interrupts kept for the next allocations", NUMBER, KEY_SPARES },
	{ "QUARANTINED", "freed ones that the device may still send", NUMBER, KEY_QUARANTINED },
	{ }
};

const struct column irq_columns[] = {
	{ "STORE", "name of the store", STORE, KEY_STORE },
	{ "DEVICE", "device of the store", STORE, KEY_DEVICE },
	{ "SLOT", "number of the slot", NUMBER, FIELD_SLOT },
	{ "IRQ", "Linux interrupt number", NUMBER, FIELD_IRQ },
	{ "CPUS", "CPUs that it is sent to", TEXT, FIELD_CPUS },
	{ "AFFINITY", "CPUs that it may be sent to", TEXT, FIELD_AFFINITY },
	{ "NODE", "NUMA node of its memory", NUMBER, FIELD_NODE },
	{ "CONSUMER", "device that it was allocated for", NAME, FIELD_CONSUMER },
	{ "NAME", "name that it was requested with", NAME, FIELD_NAME },
	{ "MESSAGE", "address and data that the device should hold", MESSAGE, FIELD_ADDRESS },
	{ "HELD", "address and data that the device holds", HELD, FIELD_HELD_ADDRESS },
	{ "ADDRESS", "address that the device should hold", HEX, FIELD_ADDRESS },
	{ "DATA", "data that it should hold", HEX, FIELD_DATA },
	{ "HELD-ADDRESS", "address that the device holds", HEX, FIELD_HELD_ADDRESS },
	{ "HELD-DATA", "data that it holds", HEX, FIELD_HELD_DATA },
	{ "HELD-CTRL", "ctrl word that it holds", HEX, FIELD_HELD_CTRL },
	{ "MASKED", "the slot should not send", FLAG, FIELD_MASKED },
	{ "HELD-MASKED", "the device's slot does not send", FLAG, FIELD_HELD_MASKED },
	{ "PENDING", "a message waits for the slot to be unmasked", FLAG, FIELD_PENDING },
	{ "PASID", "process address space ID next to the message", HEX, FIELD_PASID },
	{ "SIDEBAND", "bits next to the message that the device defines", HEX, FIELD_SIDEBAND },
	{ "COUNT", "how often it came", NUMBER, FIELD_COUNT },
	{ "PERCPU", "how often on each CPU", PERCPU, FIELD_IRQ },
	{ "RATE", "how often in a second, since the last look of --watch", RATE, FIELD_COUNT },
	{ "STATE", "allocated, requested or quarantine", TEXT, FIELD_STATE },
	{ "AGREES", "the device holds what it should: yes, no or uncommitted", TEXT, FIELD_AGREES },
	{ }
};

static const struct column *column_named(const struct column *known,
					 const char *name, size_t length)
{
	for (; known->name; known++)
		if (strlen(known->name) == length && !strncasecmp(known->name, name, length))
			return known;
	return NULL;
}

static int columns_add(struct columns *chosen, const struct column *known,
		       const char *list)
{
	const struct column *column;
	size_t length;

	for (;; list += length + 1) {
		length = strcspn(list, ",");
		column = column_named(known, list, length);
		if (!column) {
			warnx("unknown column: %.*s; lsims --list-columns has them",
			      (int)length, list);
			return -1;
		}
		if (chosen->nr == MAX_COLUMNS) {
			warnx("more than %d columns", MAX_COLUMNS);
			return -1;
		}
		chosen->column[chosen->nr++] = column;
		if (!list[length])
			return 0;
	}
}

/* Returns 0, or -1 after saying which column there is not */
int columns_choose(struct columns *chosen, const struct column *known,
		   const char *defaults, const struct options *options)
{
	const char *list = options->columns;

	chosen->nr = 0;
	if (options->all) {
		for (; known->name; known++)
			chosen->column[chosen->nr++] = known;
		return 0;
	}
	if (!list)
		return columns_add(chosen, known, defaults);
	if (*list != '+')
		return columns_add(chosen, known, list);
	return columns_add(chosen, known, defaults) ?:
	       columns_add(chosen, known, list + 1);
}

void columns_list(FILE *out, const struct column *known)
{
	for (; known->name; known++)
		fprintf(out, " %12s  %s\n", known->name, known->help);
}
