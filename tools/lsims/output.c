// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables of stores and of interrupts, by libsmartcols.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <libsmartcols.h>

#include "lsims.h"

#define STORE_DEFAULTS \
	"DEVICE,STORE,PARENT,ISOLATED,SLOTS,ALLOCATED,REQUESTED,SPARES,QUARANTINED"

struct libscols_table *table_new(const struct options *options, const char *name)
{
	struct libscols_table *table = need(scols_new_table());

	scols_table_set_name(table, name);
	scols_table_enable_json(table, options->json);
	scols_table_enable_raw(table, options->raw);
	scols_table_enable_export(table, options->pairs);
	scols_table_enable_noheadings(table, options->noheadings);
	return table;
}

/* A flag is true, false or null: the library's boolean has no null */
static void set_type(struct libscols_column *cl, const struct column *column)
{
	switch (column->kind) {
	case NUMBER:
	case RATE:
	case FLAG:
		scols_column_set_json_type(cl, SCOLS_JSON_NUMBER);
		break;
	default:
		scols_column_set_json_type(cl, SCOLS_JSON_STRING);
		break;
	}
}

int table_add_columns(struct libscols_table *table, const struct columns *columns,
		      const struct options *options, bool tree)
{
	struct libscols_column *cl;
	size_t i;
	int flags;

	if (tree)
		need(scols_table_new_column(table, "TREE", 0, SCOLS_FL_TREE));
	for (i = 0; i < columns->nr; i++) {
		switch (columns->column[i]->kind) {
		case NUMBER:
		case RATE:
		case HEX:
			flags = SCOLS_FL_RIGHT;
			break;
		default:
			flags = 0;
			break;
		}
		cl = need(scols_table_new_column(table, columns->column[i]->name, 0,
						 flags));
		if (options->json)
			set_type(cl, columns->column[i]);
	}
	return 0;
}

/* What is not known is '-' for people, and null in JSON */
static void fill(struct libscols_line *line, size_t at, char *cell,
		 const struct options *options)
{
	if (!cell && !options->json && !options->pairs)
		cell = need(strdup("-"));
	if (cell && scols_line_refer_data(line, at, cell))
		err(EXIT_FAILURE, "cannot add output data");
}

void table_fill_irq(struct libscols_table *table, void *line, size_t first,
		    const struct columns *columns, const struct store *store,
		    const struct irq *irq, const struct options *options)
{
	size_t i;

	for (i = 0; i < columns->nr; i++)
		fill(line, first + i,
		     irq_cell(store, irq, columns->column[i], options->json), options);
}

int table_print(struct libscols_table *table)
{
	int ret = scols_print_table(table);

	scols_unref_table(table);
	if (ret || fflush(stdout)) {
		warn("cannot write the table");
		return -1;
	}
	return 0;
}

int print_stores(const struct stores *stores, const struct options *options)
{
	struct libscols_table *table;
	struct libscols_line *line;
	struct columns columns;
	size_t i, j;

	if (columns_choose(&columns, store_columns, STORE_DEFAULTS, options))
		return -1;
	table = table_new(options, "stores");
	table_add_columns(table, &columns, options, false);
	for (i = 0; i < stores->nr; i++) {
		line = need(scols_table_new_line(table, NULL));
		for (j = 0; j < columns.nr; j++)
			fill(line, j, store_cell(&stores->store[i], columns.column[j],
						 options->json), options);
	}
	return table_print(table);
}

int print_irqs(const struct stores *stores, const struct options *options,
	       const char *defaults)
{
	struct libscols_table *table;
	struct columns columns;
	struct store *store;
	size_t i, j;

	if (columns_choose(&columns, irq_columns, defaults, options))
		return -1;
	if (options->raw)
		return print_irqs_raw(stores, &columns, options);
	table = table_new(options, "interrupts");
	table_add_columns(table, &columns, options, false);
	for (i = 0; i < stores->nr; i++) {
		store = &stores->store[i];
		for (j = 0; j < store->nr_irqs; j++)
			table_fill_irq(table, need(scols_table_new_line(table, NULL)), 0,
				       &columns, store, &store->irqs[j], options);
	}
	return table_print(table);
}
