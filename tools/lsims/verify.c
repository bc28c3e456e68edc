// SPDX-License-Identifier: GPL-2.0-only
/*
 * --verify: does each device hold what the kernel says it should? The kernel's table has
 * the verdict, which is that of device_msi_verify(): a slot that is masked or parked
 * is right if it is what such a slot should be.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lsims.h"

#define WRONG_DEFAULTS "STORE,SLOT,IRQ,CONSUMER,NAME,MESSAGE,HELD,MASKED,HELD-MASKED,AGREES"

/* A device gets so many looks to acknowledge a change that is under way */
#define LOOKS		20
#define BETWEEN_NS	100000000

struct verdict {
	size_t	right;
	size_t	wrong;
	size_t	uncommitted;
	size_t	unknown;
};

static void add_verdict(struct verdict *sum, const struct irq *irq)
{
	const char *agrees = irq->field[FIELD_AGREES];

	if (!agrees)
		sum->unknown++;
	else if (!strcmp(agrees, "yes"))
		sum->right++;
	else if (!strcmp(agrees, "uncommitted"))
		sum->uncommitted++;
	else
		sum->wrong++;
}

static struct verdict judge(const struct store *store)
{
	struct verdict sum = { 0 };
	size_t i;

	for (i = 0; i < store->nr_irqs; i++)
		add_verdict(&sum, &store->irqs[i]);
	return sum;
}

/* Read the stores, again while a device has yet to acknowledge something */
static int read_committed(struct stores *stores, const struct options *options)
{
	const struct timespec between = { .tv_nsec = BETWEEN_NS };
	size_t i, uncommitted = 0;
	int looks;

	for (looks = 1; ; looks++) {
		if (stores_read(stores, options, false))
			return -1;
		for (i = 0, uncommitted = 0; i < stores->nr; i++)
			uncommitted += judge(&stores->store[i]).uncommitted;
		if (!uncommitted || looks == LOOKS)
			return 0;
		stores_free(stores);
		nanosleep(&between, NULL);
	}
}

/* Why nothing of this store was compared, and what helps */
static const char *why_unknown(const struct store *store)
{
	const char *access = store->key[KEY_ACCESS];

	if (store->key[KEY_READABLE] && !strcmp(store->key[KEY_READABLE], "0"))
		return "this kind of store cannot be read";
	if (access && !strcmp(access, "quiesced"))
		return "its driver has quiesced it; try again when it has restored it";
	if (access && !strcmp(access, "asleep"))
		return "the device is asleep or gone; try again when it is awake";
	return "the store could not read it, or the driver has disposed of the irq";
}

/* Keep the interrupts that are wrong, for the table */
static void keep_wrong(struct store *store)
{
	size_t from, to = 0;
	const char *agrees;

	for (from = 0; from < store->nr_irqs; from++) {
		agrees = store->irqs[from].field[FIELD_AGREES];
		if (agrees && strcmp(agrees, "yes"))
			store->irqs[to++] = store->irqs[from];
	}
	store->nr_irqs = to;
}

static void say(const struct store *store, const struct verdict *sum,
		const struct options *options)
{
	if (sum->unknown)
		warnx("%s: %zu slots not compared: %s", store->key[KEY_STORE],
		      sum->unknown, why_unknown(store));
	if (!options->json && !options->pairs && !options->raw && !options->noheadings)
		printf("%s: %zu slots agree, %zu do not, %zu are not acknowledged\n",
		       store->key[KEY_STORE], sum->right, sum->wrong, sum->uncommitted);
}

/* Returns the exit status */
int verify(const struct options *options)
{
	size_t i, wrong = 0, unknown = 0;
	struct stores stores;
	struct verdict sum;
	int ret = 0;

	if (read_committed(&stores, options))
		return EXIT_FAILURE;
	if (stores.limited) {
		warnx("nothing is compared: %s", stores.limited);
		stores_free(&stores);
		return EXIT_FAILURE;
	}
	for (i = 0; i < stores.nr; i++) {
		sum = judge(&stores.store[i]);
		wrong += sum.wrong + sum.uncommitted;
		unknown += sum.unknown;
		say(&stores.store[i], &sum, options);
		keep_wrong(&stores.store[i]);
	}
	if (wrong || options->json)
		ret = print_irqs(&stores, options, WRONG_DEFAULTS);
	stores_free(&stores);
	if (wrong)
		return EXIT_DISAGREE;
	return ret || unknown ? EXIT_FAILURE : EXIT_SUCCESS;
}
