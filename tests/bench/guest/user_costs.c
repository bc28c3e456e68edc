// SPDX-License-Identifier: GPL-2.0-only
/*
 * user_costs KIND VECTORS GROUP DEVICE [REGISTERS]: what interrupts of a VFIO device cost its
 * user, in instructions: VFIO_DEVICE_SET_IRQS that enables so many vectors and disables
 * them, and from the register of QEMU's rocker that has vector 0 sent to what read() of
 * its eventfd returns. REGISTERS is a file to map them from, if the VFIO device has none
 * to map.
 *
 * Prints "result KIND OPERATION AT LEAST AVERAGE COUNT", as tests/bench/module/results.c.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../../guest/vfio_device.h"

/* Where a program can read the clock of the CPU by itself, which counts instructions here */
#ifdef __has_builtin
#define HAS_COUNTER	__has_builtin(__builtin_ia32_rdtsc)
#endif

#define ROCKER_NO_REGISTER	(0x10 / 4)	/* the end of a phase, see accesses.py */
#define ROCKER_TEST_IRQ		(0x20 / 4)
#define MAX_VECTORS		64
#define CYCLES			20
#define DELIVERIES		200

struct cost {
	unsigned long long least, sum, count;
};

static const char *kind;
static int device, eventfds[MAX_VECTORS];

static unsigned long long now(void)
{
#if HAS_COUNTER
	return __builtin_ia32_rdtsc();
#else
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
#endif
}

static void note(struct cost *cost, unsigned long long value)
{
	if (!cost->count || value < cost->least)
		cost->least = value;
	cost->sum += value;
	cost->count++;
}

static void print(const char *operation, unsigned int at, const struct cost *cost)
{
	printf("result %s %s %u %llu %llu %llu\n", kind, operation, at,
	       cost->least, cost->sum / cost->count, cost->count);
}

/* A loop of 2000 instructions, see results.py */
static void measure_what_is_known(void)
{
#if HAS_COUNTER
	struct cost nothing = {}, loop = {};
	unsigned long long start;
	unsigned int i;
	long n;

	for (i = 0; i < CYCLES; i++) {
		start = now();
		note(&nothing, now() - start);
		n = 1000;
		start = now();
		asm volatile("1: dec %0; jnz 1b" : "+r"(n) : : "cc");
		note(&loop, now() - start - nothing.least);
	}
	print("known", 0, &loop);
#endif
}

static off_t region(unsigned int index)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = index };

	if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info))
		die("region");
	return info.offset;
}

/* A message is a write of the bus's master, which vfio-pci does not have it be */
static void set_master(void)
{
	off_t at = region(VFIO_PCI_CONFIG_REGION_INDEX) + PCI_COMMAND;
	__u16 command;

	if (pread(device, &command, sizeof(command), at) != sizeof(command))
		die("config");
	command |= PCI_COMMAND_MASTER | PCI_COMMAND_MEMORY;
	if (pwrite(device, &command, sizeof(command), at) != sizeof(command))
		die("config");
}

static volatile __u32 *map_registers(const char *file)
{
	int fd = file ? open(file, O_RDWR | O_SYNC) : device;
	void *at = mmap(NULL, 0x1000, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			file ? 0 : region(VFIO_PCI_BAR0_REGION_INDEX));

	if (at == MAP_FAILED)
		die("registers");
	return at;
}

static void set_irqs(struct vfio_irq_set *set, unsigned int nr)
{
	set->index = VFIO_PCI_MSIX_IRQ_INDEX;
	set->start = 0;
	set->count = nr;
	set->argsz = sizeof(*set) + nr * sizeof(__s32);
	set->flags = VFIO_IRQ_SET_ACTION_TRIGGER |
		(nr ? VFIO_IRQ_SET_DATA_EVENTFD : VFIO_IRQ_SET_DATA_NONE);
	memcpy(set->data, eventfds, nr * sizeof(__s32));
	if (ioctl(device, VFIO_DEVICE_SET_IRQS, set))
		die("VFIO_DEVICE_SET_IRQS");
}

/* The first one, and those after it, when the kernel and ims keep what was freed */
static void enable_and_disable(struct vfio_irq_set *set, unsigned int nr)
{
	struct cost cold = {}, enable = {}, disable = {};
	unsigned long long start;
	unsigned int i;

	for (i = 0; i <= CYCLES; i++) {
		start = now();
		set_irqs(set, nr);
		note(i ? &enable : &cold, now() - start);
		start = now();
		set_irqs(set, 0);
		if (i)
			note(&disable, now() - start);
	}
	print("user_first", nr, &cold);
	print("user_enable", nr, &enable);
	print("user_disable", nr, &disable);
}

static void deliver_once(volatile __u32 *registers, struct cost *cost)
{
	unsigned long long start, count;

	start = now();
	registers[ROCKER_TEST_IRQ] = 0;
	if (read(eventfds[0], &count, sizeof(count)) != sizeof(count))
		die("eventfd");
	note(cost, now() - start);
	if (count != 1) {
		fprintf(stderr, "signalled %llu times\n", count);
		exit(1);
	}
}

static void deliver(volatile __u32 *registers)
{
	struct cost cost = {};
	unsigned int i;

	deliver_once(registers, &cost); /* the first handling allocates */
	cost = (struct cost){};
	(void)registers[ROCKER_NO_REGISTER];
	deliver_once(registers, &cost);
	(void)registers[ROCKER_NO_REGISTER];
	for (i = 1; i < DELIVERIES; i++)
		deliver_once(registers, &cost);
	print("user_deliver", 0, &cost);
}

int main(int argc, char **argv)
{
	char buffer[sizeof(struct vfio_irq_set) + MAX_VECTORS * sizeof(__s32)];
	struct vfio_irq_set *set = (void *)buffer;
	unsigned int nr, i;

	if (argc < 5 || argc > 6) {
		fprintf(stderr, "usage: user_costs KIND VECTORS GROUP DEVICE [REGISTERS]\n");
		return 2;
	}
	kind = argv[1];
	nr = atoi(argv[2]);
	if (!nr || nr > MAX_VECTORS)
		return 2;
	measure_what_is_known();
	device = open_vfio_device(argv[3], argv[4]);
	for (i = 0; i < nr; i++)
		eventfds[i] = eventfd(0, 0);
	enable_and_disable(set, nr);
	set_irqs(set, nr);
	set_master();
	alarm(60); /* nothing arrives: end */
	deliver(map_registers(argv[5]));
	return 0;
}
