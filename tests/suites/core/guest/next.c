// SPDX-License-Identifier: GPL-2.0-only
/*
 * next KERNEL INITRD APPEND: start another kernel, at once, by kexec.
 *
 * As the first process of that kernel, with nothing else in its initrd: what has the
 * rocker's array, before any driver has touched it? Says so on the second serial port,
 * as case 2 of 2, for tests/vm/run. The kernel's command line has slots=N.
 */
#include <fcntl.h>
#include <glob.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

static FILE *tap;

static void end(const char *why)
{
	if (why)
		fprintf(tap, "# %s\nnot ", why);
	fputs("ok 2 - the next kernel finds no slot that can send\n1..2\n", tap);
	fprintf(tap, "# guest: done %d\n", !!why);
	fflush(tap);
	tcdrain(fileno(tap));
	reboot(LINUX_REBOOT_CMD_POWER_OFF);
	pause();
}

static void copy_line(const char *file, char *line, int size)
{
	FILE *from = fopen(file, "r");

	line[0] = '\0';
	if (from && fgets(line, size, from))
		line[strcspn(line, "\n")] = '\0';
	if (from)
		fclose(from);
}

/* The function's folder, as the prefix of the names of its files */
static int find_rocker(char *folder)
{
	char name[300], line[32];
	unsigned int i;
	glob_t all;

	glob("/sys/bus/pci/devices/*/", 0, NULL, &all);
	for (i = 0; i < all.gl_pathc; i++) {
		snprintf(name, sizeof(name), "%smodalias", all.gl_pathv[i]);
		copy_line(name, line, sizeof(line));
		if (!strncmp(line, "pci:v00001B36d00000006", 22)) {
			strcpy(folder, all.gl_pathv[i]);
			return 1;
		}
	}
	return 0;
}

static void enable_memory(const char *folder)
{
	char name[300];
	int fd;

	snprintf(name, sizeof(name), "%senable", folder);
	fd = open(name, O_WRONLY);
	if (fd < 0 || write(fd, "1", 1) != 1)
		end("the device's memory cannot be enabled");
}

/* How many are not masked and empty, as in ims_layout_standard */
static unsigned int armed_slots(const char *folder, unsigned int slots)
{
	unsigned int i, word, value[4], armed = 0;
	unsigned int *slot;
	char name[300];
	int fd;

	snprintf(name, sizeof(name), "%sresource1", folder);
	fd = open(name, O_RDWR | O_SYNC);
	slot = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	if (fd < 0 || slot == MAP_FAILED)
		end("the device's array cannot be mapped");
	for (i = 0; i < slots; i++, slot += 4) {
		for (word = 0; word < 4; word++)
			value[word] = __atomic_load_n(&slot[word],
						      __ATOMIC_RELAXED);
		fprintf(tap, "# slot %u: %08x %08x %08x %08x\n", i, value[0],
			value[1], value[2], value[3]);
		if (value[0] || value[1] || value[2] || value[3] != 1)
			armed++;
	}
	return armed;
}

static FILE *open_port(const char *name)
{
	FILE *port = fopen(name, "w");
	struct termios raw;

	if (!port || tcgetattr(fileno(port), &raw))
		return NULL;
	cfmakeraw(&raw);
	tcsetattr(fileno(port), TCSANOW, &raw);
	return port;
}

static void look(void)
{
	const char *slots = getenv("slots");
	char line[256], folder[280];

	mkdir("/sys", 0755);
	mkdir("/proc", 0755);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("proc", "/proc", "proc", 0, NULL);
	tap = open_port("/dev/ttyS1");
	if (!tap)
		return;
	copy_line("/proc/version", line, sizeof(line));
	fprintf(tap, "# %s\n", line);
	copy_line("/proc/sys/kernel/tainted", line, sizeof(line));
	fprintf(tap, "# guest: tainted %s\n", line);

	if (!slots || !find_rocker(folder))
		end("there is no rocker, or slots= is missing");
	enable_memory(folder);
	end(armed_slots(folder, atoi(slots)) ? "slots can send" : NULL);
}

int main(int argc, char **argv)
{
	int kernel, initrd;

	if (getpid() == 1) {
		look();
		return 1;
	}
	if (argc != 4) {
		fprintf(stderr, "usage: next KERNEL INITRD APPEND\n");
		return 2;
	}
	kernel = open(argv[1], O_RDONLY);
	initrd = open(argv[2], O_RDONLY);
	if (syscall(SYS_kexec_file_load, kernel, initrd, strlen(argv[3]) + 1,
		    argv[3], 0UL)) {
		perror("kexec_file_load");
		return 1;
	}
	reboot(LINUX_REBOOT_CMD_KEXEC);
	perror("reboot");
	return 1;
}
