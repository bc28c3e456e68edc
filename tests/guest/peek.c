// SPDX-License-Identifier: GPL-2.0-only
/*
 * peek RESOURCE OFFSET COUNT: print COUNT 32-bit words of a PCI BAR, from
 * /sys/bus/pci/devices/<device>/resource<n>, in hexadecimal. What the device
 * holds, without asking the modules under test.
 *
 * poke RESOURCE OFFSET WORD...: write these, one after the other, each hexa-
 * decimal. The same program under another name.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <linux/types.h>

static __u32 *map_bar(const char *resource)
{
	struct stat st;
	__u32 *bar;
	int fd;

	fd = open(resource, O_RDWR | O_SYNC);
	if (fd < 0 || fstat(fd, &st)) {
		perror(resource);
		exit(1);
	}
	bar = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (bar == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return bar;
}

/* Each access is one of 32 bits, as the device expects */
static void peek(__u32 *at, unsigned long count)
{
	unsigned long i;

	for (i = 0; i < count; i++)
		printf("%08x%c", __atomic_load_n(&at[i], __ATOMIC_RELAXED),
		       i + 1 < count ? ' ' : '\n');
}

static void poke(__u32 *at, char **words, unsigned long count)
{
	unsigned long i;

	for (i = 0; i < count; i++)
		__atomic_store_n(&at[i], strtoul(words[i], NULL, 16),
				 __ATOMIC_RELAXED);
}

int main(int argc, char **argv)
{
	int writes = !strcmp(program_invocation_short_name, "poke");
	unsigned long offset;

	if (argc < 4 || (!writes && argc > 4)) {
		fprintf(stderr,
			"usage: peek RESOURCE OFFSET COUNT\n       poke RESOURCE OFFSET WORD...\n");
		return 2;
	}
	offset = strtoul(argv[2], NULL, 0);

	if (writes)
		poke(map_bar(argv[1]) + offset / 4, argv + 3, argc - 3);
	else
		peek(map_bar(argv[1]) + offset / 4, strtoul(argv[3], NULL, 0));
	return 0;
}
