// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of devices and stores: a store of a device is IMS-<device>, further ones are
 * IMS-<device>-1 and so on.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lsims.h"

#define PREFIX "IMS-"

/* The device of a store, to be freed. NULL if that is no name of a store. */
char *device_of_store(const char *store)
{
	char *device, *end;

	if (strncmp(store, PREFIX, strlen(PREFIX)) || !strcmp(store, PREFIX "spare"))
		return NULL;
	device = need(strdup(store + strlen(PREFIX)));
	end = strrchr(device, '-');
	if (end && end != device && end[1] &&
	    strspn(end + 1, "0123456789") == strlen(end + 1))
		*end = '\0';
	return device;
}

/* Is it the one that is wanted? A PCI function is also found without its domain. */
bool device_matches(const char *wanted, const char *store, const char *device)
{
	if (!wanted || !strcasecmp(wanted, store) || !strcasecmp(wanted, device))
		return true;
	return !strncmp(device, "0000:", 5) && !strcasecmp(wanted, device + 5);
}
