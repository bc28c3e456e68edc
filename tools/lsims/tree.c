// SPDX-License-Identifier: GPL-2.0-only
/*
 * --tree: below each function its stores, then their consumers, then the interrupts of
 * these.
 */
#include <stdlib.h>
#include <string.h>
#include <libsmartcols.h>

#include "lsims.h"

#define TREE_DEFAULTS "IRQ,CPUS,NAME,MESSAGE,COUNT,STATE,AGREES"

static int compare_consumers(const void *a, const void *b)
{
	const struct irq *first = *(const struct irq * const *)a;
	const struct irq *second = *(const struct irq * const *)b;
	int order = strverscmp(first->field[FIELD_CONSUMER] ?: "",
			       second->field[FIELD_CONSUMER] ?: "");

	/* They are in one array, by slot */
	return order ?: (first < second ? -1 : first > second);
}

static struct libscols_line *new_line(struct libscols_table *table,
				      struct libscols_line *parent, const char *text)
{
	struct libscols_line *line = need(scols_table_new_line(table, parent));

	scols_line_set_data(line, 0, text);
	return line;
}

static void add_store(struct libscols_table *table, struct libscols_line *function,
		      const struct columns *columns, const struct store *store,
		      const struct options *options)
{
	struct irq **irqs = need(calloc(store->nr_irqs + 1, sizeof(*irqs)));
	struct libscols_line *root, *owner = NULL, *line;
	const char *consumer = NULL, *last = NULL;
	char slot[32];
	size_t i;

	for (i = 0; i < store->nr_irqs; i++)
		irqs[i] = &store->irqs[i];
	qsort(irqs, store->nr_irqs, sizeof(*irqs), compare_consumers);
	root = new_line(table, function, store->key[KEY_STORE]);
	for (i = 0; i < store->nr_irqs; i++, last = consumer) {
		consumer = irqs[i]->field[FIELD_CONSUMER] ?: "unknown consumer";
		if (!last || strcmp(last, consumer))
			owner = new_line(table, root, consumer);
		snprintf(slot, sizeof(slot), "slot %s", irqs[i]->field[FIELD_SLOT]);
		line = new_line(table, owner, slot);
		table_fill_irq(table, line, 1, columns, store, irqs[i], options);
	}
	free(irqs);
}

int print_tree(const struct stores *stores, const struct options *options)
{
	struct libscols_line *function = NULL;
	struct libscols_table *table;
	const struct store *store;
	struct columns columns;
	const char *last = NULL;
	size_t i;

	if (columns_choose(&columns, irq_columns, TREE_DEFAULTS, options))
		return -1;
	table = table_new(options, "functions");
	table_add_columns(table, &columns, options, true);
	for (i = 0; i < stores->nr; i++, last = store->key[KEY_DEVICE]) {
		store = &stores->store[i];
		if (!last || strcmp(last, store->key[KEY_DEVICE]))
			function = new_line(table, NULL, store->key[KEY_DEVICE]);
		add_store(table, function, &columns, store, options);
	}
	return table_print(table);
}
