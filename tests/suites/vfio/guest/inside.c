// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first process of a virtual machine that was given parts of samples/vfio, and its
 * only one. It does what it is asked on the second serial port, a line each, and answers
 * with a line: 0, an errno, or what was asked for.
 *
 * load, unload		the driver of the parts, ims_plain
 * rounds P V N		raise vector V of part P and wait for it, N times
 * counts P		how often each vector of part P came
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

/* A file of ims_plain's for a part, by its number; -1 and errno if it cannot be opened */
static int open_file(unsigned int part, const char *name, int flags)
{
	glob_t parts;
	char path[256];
	int fd = -1;

	if (glob("/sys/kernel/debug/ims_plain/*", 0, NULL, &parts)) {
		errno = ENODEV;
		return -1;
	}
	errno = ENODEV;
	if (part < parts.gl_pathc) {
		snprintf(path, sizeof(path), "%s/%s", parts.gl_pathv[part], name);
		fd = open(path, flags);
	}
	globfree(&parts);
	return fd;
}

static int load(void)
{
	int fd = open("/ims_plain.ko", O_RDONLY);

	return fd < 0 || syscall(SYS_finit_module, fd, "", 0) ? errno : 0;
}

static int unload(void)
{
	return syscall(SYS_delete_module, "ims_plain", 0) ? errno : 0;
}

static int rounds(unsigned int part, const char *text)
{
	int fd = open_file(part, "rounds", O_WRONLY);
	int ret;

	if (fd < 0)
		return errno;
	ret = write(fd, text, strlen(text)) < 0 ? errno : 0;
	close(fd);
	return ret;
}

/* Answers itself, unless there is an error */
static int counts(unsigned int part, FILE *port)
{
	char text[256];
	int fd = open_file(part, "counts", O_RDONLY);
	ssize_t len;

	if (fd < 0)
		return errno;
	len = read(fd, text, sizeof(text));
	close(fd);
	if (len < 0)
		return errno;
	fwrite(text, 1, len, port);
	return 0;
}

static void obey(char *line, FILE *port)
{
	unsigned int part;
	int at = 0, ret = EINVAL;

	line[strcspn(line, "\n")] = 0;
	if (!strcmp(line, "load")) {
		ret = load();
	} else if (!strcmp(line, "unload")) {
		ret = unload();
	} else if (sscanf(line, "rounds %u %n", &part, &at) == 1 && at) {
		ret = rounds(part, line + at);
	} else if (sscanf(line, "counts %u", &part) == 1) {
		ret = counts(part, port);
		if (!ret)
			return;
	}
	fprintf(port, "%d\n", ret);
}

int main(void)
{
	struct termios raw;
	char line[128];
	FILE *port;

	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	port = fopen("/dev/ttyS1", "r+");
	if (!port)
		return 1; /* panics, which QEMU's end shows */
	setvbuf(port, NULL, _IONBF, 0);
	tcgetattr(fileno(port), &raw);
	cfmakeraw(&raw);
	tcsetattr(fileno(port), TCSANOW, &raw);
	fprintf(port, "ready\n");
	while (fgets(line, sizeof(line), port))
		obey(line, port);
	return 1;
}
