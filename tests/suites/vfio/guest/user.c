// SPDX-License-Identifier: GPL-2.0-only
/*
 * user GROUP DEVICE: a user of a VFIO device, by container and group. What it does it reads
 * from stdin, a line each, and answers with a line:
 *
 *   info                          count and flags of the MSI-X index
 *   set DATA ACTION START COUNT [VALUE...]
 *                                 VFIO_DEVICE_SET_IRQS: DATA is none, bool or eventfd, ACTION
 *                                 trigger, mask or unmask. A VALUE is 0 or 1; the number of
 *                                 one of the 64 eventfds; -1; closed, or file. "0" or an
 *                                 errno's name
 *   raw ARGSZ FLAGS INDEX START COUNT
 *                                 the same call, with each field as given, and zeroes as data
 *   fire VECTOR [TIMES]           have the device send it, by its doorbell
 *   wait EVENTFD COUNT            until it was signalled so often in all, for a minute at
 *                                 most: how often
 *   counts FIRST LAST             how often each was signalled in all
 *   rounds VECTOR EVENTFD N       fire and wait, N times: how many did not arrive
 *   reset                         VFIO_DEVICE_RESET
 *   fuzz SEED N EVERY             N calls of SET_IRQS with anything in them, and the device
 *                                 sends after each EVERY of them, 0 never: how many
 *                                 succeeded, and failed with an errno that none may have
 *   race SEED N EVERY             two processes do so at the same time
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../guest/vfio_device.h"

#define EVENTFDS	64
#define VALUES		64
#define DOORBELL	0	/* offset in region 0 */

static int device;
static int eventfds[EVENTFDS];
static __u64 counts[EVENTFDS];

/* Add up what was signalled since the last look */
static __u64 look(unsigned int which)
{
	__u64 n;

	if (read(eventfds[which], &n, sizeof(n)) == sizeof(n))
		counts[which] += n;
	return counts[which];
}

static __u64 wait_for(unsigned int which, __u64 count)
{
	struct pollfd poll_fd = { .fd = eventfds[which], .events = POLLIN };

	while (look(which) < count)
		if (poll(&poll_fd, 1, 60000) != 1)
			break;
	return look(which);
}

static int fire(__u32 vector)
{
	return pwrite(device, &vector, sizeof(vector), DOORBELL) ==
		sizeof(vector) ? 0 : -errno;
}

static __s32 value_of(const char *word)
{
	static int closed = -1, file = -1;

	if (!strcmp(word, "closed")) {
		if (closed < 0) { /* a number that no file gets */
			closed = fcntl(0, F_DUPFD, 500);
			close(closed);
		}
		return closed;
	}
	if (!strcmp(word, "file")) {
		if (file < 0)
			file = open("/dev/null", O_RDWR);
		return file;
	}
	return atoi(word);
}

static int set_irqs(__u32 flags, __u32 start, __u32 count,
		    const void *data, size_t size)
{
	char buffer[sizeof(struct vfio_irq_set) + VALUES * sizeof(__s32)];
	struct vfio_irq_set *set = (void *)buffer;

	*set = (struct vfio_irq_set) {
		.argsz = sizeof(*set) + size, .flags = flags,
		.index = VFIO_PCI_MSIX_IRQ_INDEX, .start = start, .count = count,
	};
	memcpy(set->data, data, size);
	return ioctl(device, VFIO_DEVICE_SET_IRQS, set) < 0 ? -errno : 0;
}

/* set DATA ACTION START COUNT [VALUE...] */
static int set(char **words, int nr)
{
	int is_eventfd = !strcmp(words[0], "eventfd");
	int is_bool = !strcmp(words[0], "bool");
	__u32 flags = is_eventfd ? VFIO_IRQ_SET_DATA_EVENTFD :
			 is_bool ? VFIO_IRQ_SET_DATA_BOOL :
				   VFIO_IRQ_SET_DATA_NONE;
	__s32 fds[VALUES], value;
	__u8 bools[VALUES];
	int i;

	flags |= !strcmp(words[1], "trigger") ? VFIO_IRQ_SET_ACTION_TRIGGER :
		 !strcmp(words[1], "mask") ? VFIO_IRQ_SET_ACTION_MASK :
					     VFIO_IRQ_SET_ACTION_UNMASK;
	for (i = 4; i < nr && i - 4 < VALUES; i++) {
		value = value_of(words[i]);
		bools[i - 4] = value;
		fds[i - 4] = value >= 0 && value < EVENTFDS &&
			strcmp(words[i], "closed") && strcmp(words[i], "file") ?
			eventfds[value] : value;
	}
	return set_irqs(flags, atoi(words[2]), atoi(words[3]),
			is_eventfd ? (void *)fds : bools,
			(nr - 4) * (is_eventfd ? sizeof(__s32) : is_bool));
}

/* raw ARGSZ FLAGS INDEX START COUNT */
static int raw(char **words)
{
	char buffer[sizeof(struct vfio_irq_set) + VALUES * sizeof(__s32)] = {};
	struct vfio_irq_set *set = (void *)buffer;

	*set = (struct vfio_irq_set) {
		.argsz = strtoul(words[0], NULL, 0),
		.flags = strtoul(words[1], NULL, 0),
		.index = strtoul(words[2], NULL, 0),
		.start = strtoul(words[3], NULL, 0),
		.count = strtoul(words[4], NULL, 0),
	};
	return ioctl(device, VFIO_DEVICE_SET_IRQS, set) < 0 ? -errno : 0;
}

/* What a call may fail with if there is memory, and room in the store */
static int is_expected(int error)
{
	return error == EINVAL || error == EBADF || error == ENOTTY;
}

static int any_fd(void)
{
	switch (random() % 64) {
	case 0: return random();
	case 1: return value_of("closed");
	case 2: return value_of("file");
	case 3: case 4: case 5: case 6: return -1;
	default: return eventfds[random() % EVENTFDS];
	}
}

/* Anything at all, but half of it as a user might mean it */
static void fuzz(unsigned int seed, unsigned int calls, unsigned int every,
		 unsigned int *succeeded, unsigned int *unexpected)
{
	char buffer[sizeof(struct vfio_irq_set) + VALUES * sizeof(__s32)];
	struct vfio_irq_set *set = (void *)buffer;
	__s32 *fds = (void *)set->data;
	int i;

	srandom(seed);
	*succeeded = 0;
	*unexpected = 0;
	while (calls--) {
		for (i = 0; i < VALUES; i++)
			fds[i] = any_fd();
		set->argsz = random() % 4 ? sizeof(buffer) : random() % 300;
		set->flags = random() % 4 ? 1U << random() % 3 | 8U << random() % 3 :
					    random();
		set->index = random() % 8 ? VFIO_PCI_MSIX_IRQ_INDEX : random();
		set->start = random() % 8 ? random() % 20 : random();
		set->count = random() % 8 ? random() % 8 : random() % 300;
		if (!ioctl(device, VFIO_DEVICE_SET_IRQS, set))
			++*succeeded;
		else
			*unexpected += !is_expected(errno);
		if (every && !(calls % every))
			fire(random() % 16);
	}
}

static const char *name_of(int error)
{
	switch (error) {
	case 0: return "0";
	case EINVAL: return "EINVAL";
	case EBADF: return "EBADF";
	case ENOTTY: return "ENOTTY";
	case EFAULT: return "EFAULT";
	case EIO: return "EIO";
	case EDQUOT: return "EDQUOT";
	case ENOSPC: return "ENOSPC";
	case ENOMEM: return "ENOMEM";
	default: return strerror(error);
	}
}

static void answer_errno(int ret)
{
	puts(name_of(-ret));
}

static void answer_fuzz(unsigned int seed, unsigned int calls, unsigned int every)
{
	unsigned int succeeded, unexpected;

	fuzz(seed, calls, every, &succeeded, &unexpected);
	printf("%u %u\n", succeeded, unexpected);
}

static void answer_race(unsigned int seed, unsigned int calls, unsigned int every)
{
	unsigned int succeeded, unexpected;
	int status = 0;
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	fuzz(seed + !pid, calls, every, &succeeded, &unexpected);
	if (!pid)
		_exit(unexpected || !succeeded);
	waitpid(pid, &status, 0);
	printf("%u %u\n", succeeded, unexpected + !!status);
}

static void answer_rounds(__u32 vector, unsigned int which, unsigned int n)
{
	__u64 before = look(which);
	unsigned int missing = 0, i;

	for (i = 1; i <= n; i++)
		missing += fire(vector) || wait_for(which, before + i) < before + i;
	printf("%u\n", missing);
}

static void answer(char **words, int nr)
{
	struct vfio_irq_info info = {
		.argsz = sizeof(info), .index = VFIO_PCI_MSIX_IRQ_INDEX,
	};
	int i, ret = 0;

	if (!strcmp(words[0], "info")) {
		ret = ioctl(device, VFIO_DEVICE_GET_IRQ_INFO, &info);
		printf("%u %#x\n", ret ? 0 : info.count, info.flags);
	} else if (!strcmp(words[0], "set") && nr >= 5) {
		answer_errno(set(words + 1, nr - 1));
	} else if (!strcmp(words[0], "fire") && nr >= 2) {
		for (i = nr > 2 ? atoi(words[2]) : 1; i && !ret; i--)
			ret = fire(atoi(words[1]));
		answer_errno(ret);
	} else if (!strcmp(words[0], "wait") && nr == 3) {
		printf("%llu\n", (unsigned long long)
		       wait_for(atoi(words[1]), atoi(words[2])));
	} else if (!strcmp(words[0], "counts") && nr == 3) {
		for (i = atoi(words[1]); i <= atoi(words[2]); i++)
			printf("%llu ", (unsigned long long)look(i));
		puts("");
	} else if (!strcmp(words[0], "rounds") && nr == 4) {
		answer_rounds(atoi(words[1]), atoi(words[2]), atoi(words[3]));
	} else if (!strcmp(words[0], "reset")) {
		answer_errno(ioctl(device, VFIO_DEVICE_RESET) ? -errno : 0);
	} else if (!strcmp(words[0], "raw") && nr == 6) {
		answer_errno(raw(words + 1));
	} else if (!strcmp(words[0], "fuzz") && nr == 4) {
		answer_fuzz(atoi(words[1]), atoi(words[2]), atoi(words[3]));
	} else if (!strcmp(words[0], "race") && nr == 4) {
		answer_race(atoi(words[1]), atoi(words[2]), atoi(words[3]));
	} else {
		puts("?");
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	char line[1024], *words[VALUES + 8], *word;
	int i, nr;

	if (argc != 3) {
		fprintf(stderr, "usage: user GROUP DEVICE\n");
		return 2;
	}
	device = open_vfio_device(argv[1], argv[2]);
	for (i = 0; i < EVENTFDS; i++)
		eventfds[i] = eventfd(0, EFD_NONBLOCK);
	while (fgets(line, sizeof(line), stdin)) {
		nr = 0;
		for (word = strtok(line, "\n "); word && nr < VALUES + 8;
		     word = strtok(NULL, "\n "))
			words[nr++] = word;
		if (nr)
			answer(words, nr);
	}
	return 0;
}
