// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the stores: from debugfs, or, where that cannot be read, what any user may
 * see. What is missing is said, with the reason and what to do.
 */
#include <err.h>
#include <errno.h>
#include <string.h>

#include "lsims.h"

static int say_no_device(const char *device)
{
	if (path_exists("/sys/bus/pci/devices/%s", device) ||
	    path_exists("/sys/bus/pci/devices/0000:%s", device))
		warnx("%s has no store; its driver makes one (device_msi_create_domain())",
		      device);
	else
		warnx("%s: no such device or store; lsims without --device lists the stores",
		      device);
	return -1;
}

/* Returns 0, or -1 after saying why nothing can be read */
int stores_read(struct stores *stores, const struct options *options, bool heads_only)
{
	int ret = 0;

	memset(stores, 0, sizeof(*stores));
	if (!path_exists("/sys/module/ims_core")) {
		warnx("ims_core is not loaded, so that there is no store; run: modprobe ims_core");
		return -1;
	}
	stores->limited = tables_missing();
	if (stores->limited)
		sysfs_read(stores, options->device);
	else
		ret = tables_read(stores, options->device, heads_only);
	if (ret) {
		warnx("%s: %s", TABLES, strerror(-ret));
		return -1;
	}
	stores_sort(stores);
	if (options->device && !stores->nr)
		return say_no_device(options->device);
	return 0;
}
