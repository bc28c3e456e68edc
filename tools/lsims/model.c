// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stores and interrupts in memory.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "lsims.h"

const char * const store_keys[NR_KEYS] = {
	"store", "device", "bus", "module", "parent", "provider", "isolated", "message",
	"deferred", "readable", "access", "slots", "allocated", "requested", "spares",
	"quarantined",
};

const char * const irq_fields[NR_FIELDS] = {
	"slot", "irq", "cpus", "affinity", "node", "consumer", "name", "address", "data",
	"held_address", "held_data", "held_ctrl", "masked", "held_masked", "pending",
	"pasid", "sideband", "count", "state", "agrees",
};

/* Memory that was asked for, or the end */
void *need(void *memory)
{
	if (!memory)
		err(EXIT_FAILURE, "cannot allocate memory");
	return memory;
}

/* Have the store own a piece of memory. Returns the memory. */
char *store_keep(struct store *store, char *text)
{
	store->text = need(realloc(store->text,
				   (store->nr_text + 1) * sizeof(*store->text)));
	store->text[store->nr_text++] = text;
	return text;
}

struct irq *store_add_irq(struct store *store)
{
	struct irq *irq;

	if (store->nr_irqs == store->room) {
		store->room = store->room ? store->room * 2 : 64;
		store->irqs = need(realloc(store->irqs,
					   store->room * sizeof(*store->irqs)));
	}
	irq = &store->irqs[store->nr_irqs++];
	memset(irq, 0, sizeof(*irq));
	irq->rate = -1;
	return irq;
}

struct store *stores_add(struct stores *stores)
{
	struct store *store;

	stores->store = need(realloc(stores->store,
				     (stores->nr + 1) * sizeof(*stores->store)));
	store = &stores->store[stores->nr++];
	memset(store, 0, sizeof(*store));
	return store;
}

static int compare_stores(const void *a, const void *b)
{
	const struct store *first = a, *second = b;

	return strverscmp(first->key[KEY_STORE], second->key[KEY_STORE]);
}

static int compare_irqs(const void *a, const void *b)
{
	const struct irq *first = a, *second = b;
	unsigned long x = strtoul(first->field[FIELD_SLOT], NULL, 10);
	unsigned long y = strtoul(second->field[FIELD_SLOT], NULL, 10);

	return x < y ? -1 : x > y;
}

/* Stores by name, interrupts by slot */
void stores_sort(struct stores *stores)
{
	size_t i;

	if (stores->nr)
		qsort(stores->store, stores->nr, sizeof(*stores->store), compare_stores);
	for (i = 0; i < stores->nr; i++)
		if (stores->store[i].nr_irqs)
			qsort(stores->store[i].irqs, stores->store[i].nr_irqs,
			      sizeof(struct irq), compare_irqs);
}

void stores_free(struct stores *stores)
{
	size_t i, j;

	for (i = 0; i < stores->nr; i++) {
		for (j = 0; j < stores->store[i].nr_text; j++)
			free(stores->store[i].text[j]);
		free(stores->store[i].text);
		free(stores->store[i].irqs);
	}
	free(stores->store);
	memset(stores, 0, sizeof(*stores));
}
