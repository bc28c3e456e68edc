// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel says of each store in debugfs, as docs/debugfs.md describes it: lines
 * "key=value", the names of the fields, and a row for each interrupt. Fields and keys
 * that this program does not know are left out.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lsims.h"

/* Read a file, or so much that its head is there. Returns text to be freed, or NULL. */
static char *read_file(const char *name, bool head_only)
{
	size_t size = 0, room = 65536;
	char *text = need(malloc(room));
	int fd = path_open(TABLES "/%s", name);
	ssize_t got = -1;

	while (fd >= 0) {
		got = read(fd, text + size, room - size - 1);
		if (got <= 0)
			break;
		size += got;
		text[size] = '\0';
		if (head_only && strstr(text, "\nslot "))
			break;
		if (room - size < 65536) {
			room *= 2;
			text = need(realloc(text, room));
		}
	}
	if (got < 0) {
		free(text);
		text = NULL;
	}
	if (fd >= 0)
		close(fd);
	return text;
}

/* \ and three octal digits are a character; in place */
static void unescape(char *from)
{
	char *to = from;

	while (*from) {
		if (from[0] == '\\' && strspn(from + 1, "01234567") >= 3) {
			*to++ = (from[1] - '0') << 6 | (from[2] - '0') << 3 |
				(from[3] - '0');
			from += 4;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
}

/* A value in place; NULL if there is none */
static const char *value_of(char *text)
{
	if (text[0] == '-' && !text[1])
		return NULL;
	if (strchr(text, '\\'))
		unescape(text);
	return text;
}

/*
 * Cut a word off a row, in place. A table has a million of them, and strsep() would
 * take as long for each as all the rest.
 */
static const char *next_word(char **rest)
{
	char *word = *rest, *end = word;
	bool escaped = false;

	for (; *end && *end != ' '; end++)
		escaped |= *end == '\\';
	*rest = *end ? end + 1 : NULL;
	*end = '\0';
	if (word[0] == '-' && !word[1])
		return NULL;
	if (escaped)
		unescape(word);
	return word;
}

static void parse_key(struct store *store, char *line, char *value)
{
	int i;

	*value++ = '\0';
	for (i = 0; i < NR_KEYS; i++)
		if (!strcmp(line, store_keys[i]))
			store->key[i] = value_of(value);
}

/* Which field is at which place of a row; -1 is one that is not known */
struct order {
	int	field[64];
	int	nr;
};

static void parse_names(struct order *order, char *line)
{
	char *name, *rest = line;
	int i;

	while ((name = strsep(&rest, " ")) && order->nr < 64) {
		for (i = 0; i < NR_FIELDS && strcmp(name, irq_fields[i]); i++)
			;
		order->field[order->nr++] = i < NR_FIELDS ? i : -1;
	}
}

static void parse_row(struct store *store, const struct order *order, char *line)
{
	struct irq *irq = store_add_irq(store);
	const char *value;
	char *rest = line;
	int at;

	for (at = 0; rest && at < order->nr; at++) {
		value = next_word(&rest);
		if (order->field[at] >= 0)
			irq->field[order->field[at]] = value;
	}
	if (!irq->field[FIELD_SLOT])
		store->nr_irqs--;
}

static void parse(struct store *store, char *text, bool head_only)
{
	struct order order = { .nr = 0 };
	char *line, *value, *rest = text;

	while ((line = strsep(&rest, "\n")) && *line) {
		value = order.nr ? NULL : strchr(line, '=');
		if (value)
			parse_key(store, line, value);
		else if (order.nr)
			parse_row(store, &order, line);
		else if (!head_only)
			parse_names(&order, line);
		if (!value && head_only)
			break;
	}
}

/* A store that goes while it is read is none */
static void read_table(struct stores *stores, const char *name, bool head_only)
{
	struct store *store;
	char *text = read_file(name, head_only);

	if (!text) {
		if (errno != ENOENT && errno != EIO)
			warn("%s/%s", TABLES, name);
		return;
	}
	store = stores_add(stores);
	store_keep(store, text);
	parse(store, text, head_only);
	if (store->key[KEY_STORE] && store->key[KEY_DEVICE])
		return;
	warnx("%s/%s is not a table that this lsims knows", TABLES, name);
	store->key[KEY_STORE] = store_keep(store, need(strdup(name)));
	store->key[KEY_DEVICE] = store->key[KEY_STORE];
}

#define WHAT_THEY_HAVE "messages, states and what devices hold"

/* Why the tables cannot be read, and what helps; NULL if they can */
const char *tables_missing(void)
{
	DIR *dir = path_opendir(TABLES);

	if (dir) {
		closedir(dir);
		return NULL;
	}
	if (errno == EACCES || errno == EPERM)
		return "only root may read debugfs, which has " WHAT_THEY_HAVE;
	if (!path_exists("/sys/kernel/debug"))
		return "this kernel has no debugfs, which has " WHAT_THEY_HAVE;
	/* Each debugfs has that of regulators, or some other; an empty one is a folder */
	if (!path_exists("/sys/kernel/debug/device_msi"))
		return "debugfs is not mounted; run: mount -t debugfs debugfs /sys/kernel/debug";
	return "ims_core has no device_msi_table in debugfs; it is older than this lsims";
}

int tables_read(struct stores *stores, const char *device, bool heads_only)
{
	DIR *dir = path_opendir(TABLES);
	struct dirent *entry;
	char *name;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		name = device_of_store(entry->d_name);
		if (name && device_matches(device, entry->d_name, name))
			read_table(stores, entry->d_name, heads_only);
		free(name);
	}
	closedir(dir);
	return 0;
}
