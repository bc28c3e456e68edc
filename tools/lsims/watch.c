// SPDX-License-Identifier: GPL-2.0-only
/*
 * --watch: the interrupts again and again, and how often each came since the last look.
 */
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lsims.h"

#define WATCH_DEFAULTS "STORE,SLOT,IRQ,CPUS,CONSUMER,NAME,COUNT,RATE,STATE"

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = 1;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static const struct store *same_store(const struct stores *stores,
				      const struct store *wanted)
{
	size_t i;

	for (i = 0; i < stores->nr; i++)
		if (!strcmp(stores->store[i].key[KEY_STORE], wanted->key[KEY_STORE]))
			return &stores->store[i];
	return NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static unsigned long slot_of(const struct irq *irq)
{
	return strtoul(irq->field[FIELD_SLOT], NULL, 10);
}

/* The kernel's counts have 32 bits, and begin anew with the irq */
static void add_rate(struct irq *irq, const struct irq *before, double seconds)
{
	uint32_t came;

	if (!same_text(irq->field[FIELD_IRQ], before->field[FIELD_IRQ]) ||
	    !irq->field[FIELD_COUNT] || !before->field[FIELD_COUNT])
		return;
	came = strtoul(irq->field[FIELD_COUNT], NULL, 10) -
	       strtoul(before->field[FIELD_COUNT], NULL, 10);
	irq->rate = came / seconds;
}

/* Both have their interrupts by slot */
static void add_rates(struct store *store, const struct store *before, double seconds)
{
	size_t i, j = 0;

	for (i = 0; before && i < store->nr_irqs; i++) {
		while (j < before->nr_irqs &&
		       slot_of(&before->irqs[j]) < slot_of(&store->irqs[i]))
			j++;
		if (j < before->nr_irqs &&
		    slot_of(&before->irqs[j]) == slot_of(&store->irqs[i]))
			add_rate(&store->irqs[i], &before->irqs[j], seconds);
	}
}

static void wait_for(double seconds)
{
	struct timespec time = { .tv_sec = seconds };

	time.tv_nsec = (seconds - time.tv_sec) * 1e9;
	nanosleep(&time, NULL);		/* a signal ends it */
}

static int look(struct stores *last, double *when, const struct options *options)
{
	struct stores stores;
	double since = *when;
	size_t i;
	int ret;

	if (stores_read(&stores, options, false))
		return -1;
	*when = now();
	for (i = 0; i < stores.nr; i++)
		add_rates(&stores.store[i], same_store(last, &stores.store[i]),
			  *when - since);
	if (isatty(STDOUT_FILENO))
		fputs("\033[H\033[J", stdout);
	ret = print_irqs(&stores, options, WATCH_DEFAULTS);
	stores_free(last);
	*last = stores;
	return ret;
}

/* Returns the exit status */
int watch(const struct options *options)
{
	const struct sigaction action = { .sa_handler = on_signal };
	unsigned long looks;
	struct stores last;
	double when;
	int ret = 0;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (stores_read(&last, options, false))
		return EXIT_FAILURE;
	when = now();
	for (looks = 0; !ret && (!options->iterations || looks < options->iterations);
	     looks++) {
		wait_for(options->interval);
		if (interrupted)
			break;
		ret = look(&last, &when, options);
	}
	stores_free(&last);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}
