// SPDX-License-Identifier: GPL-2.0-only
/*
 * lsims: list the interrupt message stores of this machine, and their interrupts.
 */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <libsmartcols.h>

#include "lsims.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

#define IRQ_DEFAULTS \
	"SLOT,IRQ,CPUS,AFFINITY,NODE,CONSUMER,NAME,MESSAGE,HELD,MASKED,PENDING,COUNT,STATE,AGREES"

enum mode { LIST, TREE, VERIFY, WATCH };

static const struct option longopts[] = {
	{ "device",	  required_argument, NULL, 'd' },
	{ "help",	  no_argument,	     NULL, 'h' },
	{ "iterations",	  required_argument, NULL, 'i' },
	{ "json",	  no_argument,	     NULL, 'J' },
	{ "list-columns", no_argument,	     NULL, 'H' },
	{ "noheadings",	  no_argument,	     NULL, 'n' },
	{ "output",	  required_argument, NULL, 'o' },
	{ "output-all",	  no_argument,	     NULL, 'O' },
	{ "pairs",	  no_argument,	     NULL, 'P' },
	{ "raw",	  no_argument,	     NULL, 'r' },
	{ "sysroot",	  required_argument, NULL, 's' },
	{ "tree",	  no_argument,	     NULL, 'T' },
	{ "verify",	  no_argument,	     NULL, 'x' },
	{ "version",	  no_argument,	     NULL, 'V' },
	{ "watch",	  optional_argument, NULL, 'w' },
	{ }
};

static const char usage[] =
	"\nUsage:\n lsims [options]\n"
	"\nList the interrupt message stores of this machine, and their interrupts.\n"
	"\nOptions:\n"
	" -d, --device <device>   list the interrupts of this device or store\n"
	" -T, --tree              list functions, stores, consumers and interrupts\n"
	" -x, --verify            compare what devices hold with what they should\n"
	" -w, --watch[=<seconds>] show how often interrupts come, again and again (2)\n"
	" -i, --iterations <n>    look so often with --watch, then end\n"
	" -J, --json              use JSON output format\n"
	" -P, --pairs             use key=\"value\" output format\n"
	" -r, --raw               use raw output format\n"
	" -n, --noheadings        don't print headings\n"
	" -o, --output <list>     output columns; +<list> adds to the default\n"
	" -O, --output-all        output all columns\n"
	" -H, --list-columns      list the available columns\n"
	" -s, --sysroot <dir>     use <dir> in place of /\n"
	"\n"
	" -h, --help              display this help\n"
	" -V, --version           display version\n"
	"\nExit status: 0 success, 1 failure, 2 a device does not hold what it should.\n"
	"\nFor more details see lsims(8).\n";

static double parse_seconds(const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end || !(seconds >= 0.01 && seconds <= 86400))
		errx(EXIT_FAILURE, "invalid number of seconds: %s; 0.01 to 86400", text);
	return seconds;
}

static unsigned long parse_iterations(const char *text)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || !number)
		errx(EXIT_FAILURE, "invalid number of iterations: %s", text);
	return number;
}

static void list_columns(void)
{
	puts("Columns of stores:");
	columns_list(stdout, store_columns);
	puts("\nColumns of interrupts (--device, --tree, --verify, --watch):");
	columns_list(stdout, irq_columns);
}

static void set_mode(enum mode *mode, enum mode wanted)
{
	if (*mode != LIST && *mode != wanted)
		errx(EXIT_FAILURE, "--tree, --verify and --watch are mutually exclusive");
	*mode = wanted;
}

/* Is it an option that says how to print? Then it is noted. */
static bool parse_format(int option, struct options *options)
{
	switch (option) {
	case 'J':
		options->json = true;
		return true;
	case 'n':
		options->noheadings = true;
		return true;
	case 'o':
		options->columns = optarg;
		return true;
	case 'O':
		options->all = true;
		return true;
	case 'P':
		options->pairs = true;
		return true;
	case 'r':
		options->raw = true;
		return true;
	default:
		return false;
	}
}

/* Is it an option that only has something printed? Then that is all. */
static void obey_and_exit(int option)
{
	switch (option) {
	case 'H':
		list_columns();
		exit(EXIT_SUCCESS);
	case 'h':
		fputs(usage, stdout);
		exit(EXIT_SUCCESS);
	case 'V':
		puts("lsims from ims " VERSION);
		exit(EXIT_SUCCESS);
	case '?':
		fputs("Try 'lsims --help' for more information.\n", stderr);
		exit(EXIT_FAILURE);
	}
}

static void parse_one(int option, struct options *options, enum mode *mode)
{
	switch (option) {
	case 'd':
		options->device = optarg;
		break;
	case 'i':
		options->iterations = parse_iterations(optarg);
		break;
	case 's':
		sysroot = optarg;
		break;
	case 'T':
		set_mode(mode, TREE);
		break;
	case 'x':
		set_mode(mode, VERIFY);
		break;
	case 'w':
		set_mode(mode, WATCH);
		if (optarg)
			options->interval = parse_seconds(optarg);
		break;
	}
}

static enum mode parse(int argc, char **argv, struct options *options)
{
	enum mode mode = LIST;
	int c;

	while ((c = getopt_long(argc, argv, "d:hi:JHno:OPrs:TxVw::", longopts,
				NULL)) != -1) {
		obey_and_exit(c);
		if (!parse_format(c, options))
			parse_one(c, options, &mode);
	}
	if (optind < argc)
		errx(EXIT_FAILURE, "unexpected argument: %s; a device is named with --device",
		     argv[optind]);
	if (options->json + options->pairs + options->raw > 1)
		errx(EXIT_FAILURE, "--json, --pairs and --raw are mutually exclusive");
	return mode;
}

static int list(enum mode mode, const struct options *options)
{
	bool interrupts = options->device || mode == TREE;
	struct stores stores;
	int ret;

	if (stores_read(&stores, options, !interrupts))
		return EXIT_FAILURE;
	if (stores.limited)
		warnx("not all is shown: %s", stores.limited);
	if (mode == TREE)
		ret = print_tree(&stores, options);
	else if (interrupts)
		ret = print_irqs(&stores, options, stores.nr > 1 ?
				 "STORE," IRQ_DEFAULTS : IRQ_DEFAULTS);
	else
		ret = print_stores(&stores, options);
	stores_free(&stores);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct options options = { .interval = 2 };
	enum mode mode;

	setlocale(LC_ALL, "");
	scols_init_debug(0);
	mode = parse(argc, argv, &options);
	switch (mode) {
	case VERIFY:
		return verify(&options);
	case WATCH:
		return watch(&options);
	default:
		return list(mode, &options);
	}
}
