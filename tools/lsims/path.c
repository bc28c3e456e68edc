// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of the kernel, below the folder that --sysroot names.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lsims.h"

const char *sysroot = "";

static void path_make(char path[PATH_MAX], const char *format, va_list args)
{
	int length = snprintf(path, PATH_MAX, "%s", sysroot);

	vsnprintf(path + length, PATH_MAX - length, format, args);
}

/* Returns a file descriptor, or -1 with errno */
int path_open(const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;

	va_start(args, format);
	path_make(path, format, args);
	va_end(args);
	return open(path, O_RDONLY | O_CLOEXEC);
}

void *path_opendir(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s", sysroot, name);
	return opendir(path);
}

bool path_exists(const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;

	va_start(args, format);
	path_make(path, format, args);
	va_end(args);
	return !access(path, F_OK);
}

/* The first line of a small file, to be freed; NULL if it has none or cannot be read */
char *path_read_line(const char *format, ...)
{
	char path[PATH_MAX], line[4096];
	ssize_t size = 0;
	va_list args;
	int fd;

	va_start(args, format);
	path_make(path, format, args);
	va_end(args);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	size = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (size <= 0)
		return NULL;
	line[size] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return *line ? need(strdup(line)) : NULL;
}
