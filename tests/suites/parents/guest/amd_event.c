// SPDX-License-Identifier: GPL-2.0-only
/*
 * amd_event ADDRESS: have the AMD IOMMU whose registers are there (hexadecimal)
 * report an event. QEMU's reports none for memory that is not mapped, so this
 * points its command buffer to where there is no memory, has it fetch a command,
 * and puts everything back. Nobody else may use the IOMMU's commands meanwhile.
 *
 * Registers: AMD I/O Virtualization Technology Specification, 48882, 3.4. Needs
 * the kernel parameter iomem=relaxed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <linux/types.h>

#define COMMAND_BASE	0x0008
#define CONTROL		0x0018
#define COMMAND_HEAD	0x2000
#define COMMAND_TAIL	0x2008
#define SIZE		0x4000

#define COMMANDS_ON	0x1000ULL	/* of CONTROL */
#define BASE_MASK	0x000ffffffffff000ULL
#define NO_MEMORY	0x0000007000000000ULL
#define ONE_COMMAND	16

static __u64 *iommu;

static __u64 get(unsigned long reg)
{
	return __atomic_load_n(&iommu[reg / 8], __ATOMIC_SEQ_CST);
}

static void set(unsigned long reg, __u64 value)
{
	__atomic_store_n(&iommu[reg / 8], value, __ATOMIC_SEQ_CST);
}

/* Setting the base sets head and tail to 0 */
static void move_commands(__u64 base, __u64 position)
{
	__u64 control = get(CONTROL);

	set(CONTROL, control & ~COMMANDS_ON);
	set(COMMAND_BASE, base);
	set(COMMAND_HEAD, position);
	set(COMMAND_TAIL, position);
	set(CONTROL, control);
}

int main(int argc, char **argv)
{
	__u64 base, tail;
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: amd_event ADDRESS\n");
		return 2;
	}
	fd = open("/dev/mem", O_RDWR | O_SYNC);
	iommu = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		     strtoul(argv[1], NULL, 16));
	if (iommu == MAP_FAILED) {
		perror("/dev/mem");
		return 1;
	}
	base = get(COMMAND_BASE);
	tail = get(COMMAND_TAIL);
	if (get(COMMAND_HEAD) != tail) {
		fprintf(stderr, "the IOMMU is busy\n");
		return 1;
	}

	move_commands((base & ~BASE_MASK) | NO_MEMORY, 0);
	set(COMMAND_TAIL, ONE_COMMAND);
	move_commands(base, tail);
	return 0;
}
