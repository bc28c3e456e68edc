// SPDX-License-Identifier: GPL-2.0-only
/*
 * What stands in a cell: memory to be freed, or NULL for nothing.
 */
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lsims.h"

static char *cell_copy(const char *text)
{
	return text ? need(strdup(text)) : NULL;
}

static char *cell_flag(const char *text, bool json)
{
	if (!text)
		return NULL;
	if (*text == '0')
		return cell_copy(json ? "false" : "no");
	return cell_copy(json ? "true" : "yes");
}

static char *cell_hex(const char *text)
{
	char *cell;

	if (!text)
		return NULL;
	if (asprintf(&cell, "0x%s", text) < 0)
		cell = NULL;
	return need(cell);
}

/* A slot without a message has none to show */
static char *cell_message(const char *address, const char *data)
{
	char *cell, *at;

	if (!address || !data)
		return NULL;
	if (address[0] == '0' && !address[1] && data[0] == '0' && !data[1])
		return cell_copy("empty");
	cell = need(malloc(strlen(address) + strlen(data) + 2));
	at = stpcpy(cell, address);
	*at++ = ':';
	strcpy(at, data);
	return cell;
}

static char *cell_driver(const struct store *store)
{
	const char *bus = store->key[KEY_BUS] ?: "pci";
	char path[4096], link[4096];
	ssize_t length;

	snprintf(path, sizeof(path), "%s/sys/bus/%s/devices/%s/driver", sysroot, bus,
		 store->key[KEY_DEVICE]);
	length = readlink(path, link, sizeof(link) - 1);
	if (length < 0)
		return NULL;
	link[length] = '\0';
	return cell_copy(basename(link));
}

static char *cell_rate(const struct irq *irq)
{
	char *cell;

	if (irq->rate < 0)
		return NULL;
	if (asprintf(&cell, "%.1f", irq->rate) < 0)
		cell = NULL;
	return need(cell);
}

static char *cell_per_cpu(const struct irq *irq)
{
	const char *number = irq->field[FIELD_IRQ];

	return number ? path_read_line("/sys/kernel/irq/%s/per_cpu_count", number) : NULL;
}

char *store_cell(const struct store *store, const struct column *column, bool json)
{
	switch (column->kind) {
	case FLAG:
		return cell_flag(store->key[column->from], json);
	case DRIVER:
		return cell_driver(store);
	default:
		return cell_copy(store->key[column->from]);
	}
}

char *irq_cell(const struct store *store, const struct irq *irq,
	       const struct column *column, bool json)
{
	const char * const *field = irq->field;

	switch (column->kind) {
	case FLAG:
		return cell_flag(field[column->from], json);
	case HEX:
		return cell_hex(field[column->from]);
	case MESSAGE:
		return cell_message(field[FIELD_ADDRESS], field[FIELD_DATA]);
	case HELD:
		return cell_message(field[FIELD_HELD_ADDRESS], field[FIELD_HELD_DATA]);
	case RATE:
		return cell_rate(irq);
	case PERCPU:
		return cell_per_cpu(irq);
	case STORE:
		return cell_copy(store->key[column->from]);
	default:
		return cell_copy(field[column->from]);
	}
}
