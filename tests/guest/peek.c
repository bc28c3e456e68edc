// SPDX-License-Identifier: GPL-2.0-only
/*
 * peek RESOURCE OFFSET COUNT: print COUNT 32-bit words of a PCI BAR, from
 * /sys/bus/pci/devices/<device>/resource<n>, in hexadecimal. What the device
 * holds, without asking the modules under test.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <linux/types.h>

int main(int argc, char **argv)
{
	unsigned long offset, count, i;
	struct stat st;
	__u32 *bar, word;
	int fd;

	if (argc != 4) {
		fprintf(stderr, "usage: peek RESOURCE OFFSET COUNT\n");
		return 2;
	}
	offset = strtoul(argv[2], NULL, 0);
	count = strtoul(argv[3], NULL, 0);

	fd = open(argv[1], O_RDWR | O_SYNC);
	if (fd < 0 || fstat(fd, &st)) {
		perror(argv[1]);
		return 1;
	}
	bar = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (bar == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	for (i = 0; i < count; i++) {
		/* One access of 32 bits, as the device expects */
		word = __atomic_load_n(&bar[offset / 4 + i], __ATOMIC_RELAXED);
		printf("%08x%c", word, i + 1 < count ? ' ' : '\n');
	}
	return 0;
}
