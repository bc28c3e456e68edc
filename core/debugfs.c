// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of a domain in debugfs, both with its name: device_msi/IMS-<device> for
 * people, and device_msi_table/IMS-<device> for programs, which docs/debugfs.md
 * describes. Each has a folder of its own, so that a script which reads all files for
 * people finds no others.
 */
#include "internals.h"
#include "show.h"

#include <linux/debugfs.h>

static struct dentry *device_msi_human_dir;
static struct dentry *device_msi_table_dir;

void device_msi_debugfs_add(struct device_msi_domain *dom)
{
	dom->debugfs = device_msi_human_add(dom, device_msi_human_dir);
	dom->table = device_msi_table_add(dom, device_msi_table_dir);
}

/* debugfs_remove() waits for readers: afterwards nobody reads the domain */
void device_msi_debugfs_remove(struct device_msi_domain *dom)
{
	debugfs_remove(dom->table);
	debugfs_remove(dom->debugfs);
}

void device_msi_debugfs_init(void)
{
	device_msi_human_dir = debugfs_create_dir("device_msi", NULL);
	device_msi_table_dir = debugfs_create_dir("device_msi_table", NULL);
}

void device_msi_debugfs_exit(void)
{
	debugfs_remove(device_msi_table_dir);
	debugfs_remove(device_msi_human_dir);
}
