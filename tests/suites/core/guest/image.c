// SPDX-License-Identifier: GPL-2.0-only
/*
 * image save RESOURCE: sleep to disk, with an image of the memory, which the kernel
 * gives to this program (Documentation/power/userland-swsusp.rst) and this one keeps in
 * the memory of a PCI device, that outlasts a restart of the machine: there is no disk.
 * Restarts, and returns when the image has been restored.
 *
 * image restore RESOURCE: after the restart, if there is an image: restore it, once.
 */
#include <fcntl.h>
#include <linux/suspend_ioctls.h>
#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE	4096
#define MAGIC	0x4547414d49534d49

/* The first page of the device's memory; the others are the image */
struct head {
	__u64	magic;
	__u64	pages;
};

static struct head *head;
static size_t max_pages;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static char *page(size_t n) { return (char *)head + (n + 1) * PAGE; }

static void map(const char *resource)
{
	int fd = open(resource, O_RDWR);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		fail(resource);
	max_pages = st.st_size / PAGE - 1;
	head = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (head == MAP_FAILED)
		fail("mmap");
	close(fd);
}

static int open_snapshot(int mode)
{
	int fd = open("/dev/snapshot", mode);

	if (fd < 0)
		fail("/dev/snapshot");
	return fd;
}

/* Devices have been frozen for the image and work again, tasks stay frozen */
static void keep(int fd)
{
	size_t n = 0;
	ssize_t got;

	while (n < max_pages && (got = read(fd, page(n), PAGE)) == PAGE)
		n++;
	if (n == max_pages || got)
		fail("the image does not fit");
	head->pages = n;
	head->magic = MAGIC;
	reboot(RB_AUTOBOOT);
	fail("reboot");
}

static void save(void)
{
	int fd = open_snapshot(O_RDONLY);
	int saving = 1;

	sync();
	if (ioctl(fd, SNAPSHOT_PREF_IMAGE_SIZE, 0) || ioctl(fd, SNAPSHOT_FREEZE))
		fail("freeze");
	if (ioctl(fd, SNAPSHOT_CREATE_IMAGE, &saving))
		fail("create");
	if (saving)
		keep(fd);
	ioctl(fd, SNAPSHOT_UNFREEZE);
	printf("restored from an image of %llu pages\n", head->pages);
}

static void restore(void)
{
	size_t n;
	int fd;

	if (head->magic != MAGIC)
		return;
	head->magic = 0;
	fd = open_snapshot(O_WRONLY);
	for (n = 0; n < head->pages; n++)
		if (write(fd, page(n), PAGE) != PAGE)
			fail("write");
	if (ioctl(fd, SNAPSHOT_FREEZE))
		fail("freeze");
	ioctl(fd, SNAPSHOT_ATOMIC_RESTORE);
	fail("restore");
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: image save|restore RESOURCE\n");
		return 2;
	}
	map(argv[2]);
	if (!strcmp(argv[1], "save"))
		save();
	else
		restore();
	return 0;
}
