// SPDX-License-Identifier: GPL-2.0-only
/*
 * eventfds COMMAND...: run it with eventfds, 100 to 115. Of modprobe, they are those of a
 * module while it begins.
 */
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd;

	for (fd = 100; fd < 116; fd++)
		if (dup2(eventfd(0, EFD_NONBLOCK), fd) < 0)
			perror("eventfd");
	if (argc > 1)
		execvp(argv[1], argv + 1);
	perror("eventfds");
	return 1;
}
