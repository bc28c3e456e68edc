// SPDX-License-Identifier: GPL-2.0-only
/*
 * --raw of interrupts, without libsmartcols: a store may have tens of thousands, and the
 * library keeps a copy of each cell. It looks the same: one blank between two cells,
 * and \x20 for a blank in one.
 */
#include <ctype.h>
#include <err.h>
#include <stdlib.h>

#include "lsims.h"

static void put_cell(const char *cell)
{
	const unsigned char *c = (const unsigned char *)(cell ?: "-");

	for (; *c; c++)
		if (*c > ' ' && *c < 0x7f && *c != '\\')
			putchar_unlocked(*c);
		else
			printf("\\x%02x", *c);
}

static void put_irq(const struct store *store, const struct irq *irq,
		    const struct columns *columns)
{
	const struct column *column;
	char *cell;
	size_t i;

	for (i = 0; i < columns->nr; i++) {
		column = columns->column[i];
		if (i)
			putchar_unlocked(' ');
		if (column->kind == TEXT || column->kind == NUMBER || column->kind == NAME) {
			put_cell(irq->field[column->from]);
			continue;
		}
		cell = irq_cell(store, irq, column, false);
		put_cell(cell);
		free(cell);
	}
	putchar_unlocked('\n');
}

int print_irqs_raw(const struct stores *stores, const struct columns *columns,
		   const struct options *options)
{
	size_t i, j;

	for (i = 0; i < columns->nr && !options->noheadings; i++)
		printf("%s%c", columns->column[i]->name, i + 1 < columns->nr ? ' ' : '\n');
	for (i = 0; i < stores->nr; i++)
		for (j = 0; j < stores->store[i].nr_irqs; j++)
			put_irq(&stores->store[i], &stores->store[i].irqs[j], columns);
	if (fflush(stdout)) {
		warn("cannot write the table");
		return -1;
	}
	return 0;
}
