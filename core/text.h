/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text of a file that may have tens of thousands of rows: it is written into the
 * file's buffer, without the kernel's printf, which takes some 500 instructions for
 * each number.
 */
#ifndef _IMS_CORE_TEXT_H
#define _IMS_CORE_TEXT_H

#include <linux/cpumask.h>
#include <linux/string.h>
#include <linux/types.h>

struct seq_file;

/*
 * What a row has besides names and lists of CPUs is shorter than this. So much room is
 * left when a row is begun, and after each name and each list.
 */
#define DEVICE_MSI_TEXT_ROOM	256

/**
 * struct device_msi_text - Text that is being written
 * @m:		the file
 * @start:	where the text begins
 * @at:		where it goes on
 * @end:	end of what names and lists of CPUs may fill of the buffer
 * @full:	the buffer is too small: the file shows this row again, in a larger one
 */
struct device_msi_text {
	struct seq_file	*m;
	char		*start;
	char		*at;
	char		*end;
	bool		full;
};

bool device_msi_text_begin(struct device_msi_text *text, struct seq_file *m);
void device_msi_text_end(struct device_msi_text *text);
void device_msi_text_number(struct device_msi_text *text, unsigned int number,
			    unsigned int width, char after);
void device_msi_text_hex(struct device_msi_text *text, u64 number,
			 unsigned int digits, char after);
void device_msi_text_none(struct device_msi_text *text, unsigned int width,
			  char after);
void device_msi_text_cpus(struct device_msi_text *text,
			  const struct cpumask *cpus, char after);
void device_msi_text_name(struct device_msi_text *text, const char *name,
			  char after);

static inline void device_msi_text_char(struct device_msi_text *text, char c)
{
	*text->at++ = c;
}

/* A string that is known here, as it is */
#define device_msi_text_raw(_text, _string)	\
	device_msi_text_copy(_text, _string, sizeof(_string) - 1)

static inline void device_msi_text_copy(struct device_msi_text *text,
					const char *string, size_t size)
{
	memcpy(text->at, string, size);
	text->at += size;
}

#endif /* _IMS_CORE_TEXT_H */
