// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text without printf, for files of many rows. Each function writes a character after
 * its text, such as the blank between two fields.
 */
#include "text.h"

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/string.h>

/* Returns false if there is no room, and nothing may be written */
bool device_msi_text_begin(struct device_msi_text *text, struct seq_file *m)
{
	size_t room = seq_get_buf(m, &text->at);

	text->m = m;
	text->start = text->at;
	text->full = room < DEVICE_MSI_TEXT_ROOM;
	text->end = text->at + (text->full ? 0 : room - DEVICE_MSI_TEXT_ROOM);
	if (text->full)
		seq_commit(m, -1);
	return !text->full;
}

void device_msi_text_end(struct device_msi_text *text)
{
	seq_commit(text->m, text->full ? -1 : text->at - text->start);
}

/* Is there room for one more range of CPUs, and for the rest of the row? */
static bool device_msi_text_has_room(struct device_msi_text *text)
{
	if (likely(text->end - text->at >= 24))
		return true;
	text->full = true;
	return false;
}

/* A decimal number, right-aligned */
void device_msi_text_number(struct device_msi_text *text, unsigned int number,
			    unsigned int width, char after)
{
	unsigned int n = 1, rest;
	char *at = text->at;

	for (rest = number; rest >= 10; rest /= 10)
		n++;
	for (; width > n; width--)
		*at++ = ' ';
	text->at = at + n + 1;
	at[n] = after;
	do {
		at[--n] = '0' + number % 10;
		number /= 10;
	} while (n);
}

/* A hexadecimal number of at least so many digits, 1 to 16 */
void device_msi_text_hex(struct device_msi_text *text, u64 number,
			 unsigned int digits, char after)
{
	char *at = text->at;

	while (digits < 16 && number >> 4 * digits)
		digits++;
	while (digits--)
		*at++ = "0123456789abcdef"[number >> 4 * digits & 15];
	*at++ = after;
	text->at = at;
}

/* '-' in place of a number that does not exist, right-aligned */
void device_msi_text_none(struct device_msi_text *text, unsigned int width,
			  char after)
{
	char *at = text->at;

	for (; width > 1; width--)
		*at++ = ' ';
	*at++ = '-';
	*at++ = after;
	text->at = at;
}

/* CPUs as a list, such as 0-3,8; '-' for none */
void device_msi_text_cpus(struct device_msi_text *text,
			  const struct cpumask *cpus, char after)
{
	unsigned int first = cpumask_first(cpus), last, next;

	if (first >= nr_cpu_ids)
		device_msi_text_none(text, 1, after);
	while (first < nr_cpu_ids && device_msi_text_has_room(text)) {
		last = min(cpumask_next_zero(first, cpus), nr_cpu_ids) - 1;
		next = cpumask_next(last, cpus);
		if (last > first)
			device_msi_text_number(text, first, 0, '-');
		device_msi_text_number(text, last, 0,
				       next < nr_cpu_ids ? ',' : after);
		first = next;
	}
}

static char *device_msi_text_octal(char *at, unsigned char c)
{
	*at++ = '\\';
	*at++ = '0' + (c >> 6);
	*at++ = '0' + (c >> 3 & 7);
	*at++ = '0' + (c & 7);
	return at;
}

/*
 * A name as one word, whatever somebody called a thing: a character that is no
 * visible one of ASCII, and a backslash, are \ and three octal digits, as in
 * /proc/mounts. '-' is for no name, so that a name which is just that is \055.
 */
void device_msi_text_name(struct device_msi_text *text, const char *name,
			  char after)
{
	bool dash = name && name[0] == '-' && !name[1];
	char *at = text->at;

	if (!name || !*name) {
		device_msi_text_none(text, 1, after);
		return;
	}
	for (; *name; name++) {
		if (unlikely(text->end - at < 4)) {
			text->full = true;
			return;
		}
		if (likely(*name > ' ' && *name < 0x7f && *name != '\\' && !dash))
			*at++ = *name;
		else
			at = device_msi_text_octal(at, *name);
	}
	*at++ = after;
	text->at = at;
}
