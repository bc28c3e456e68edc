/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What debugfs shows of a domain: a file for people and one for programs.
 */
#ifndef _IMS_CORE_SHOW_H
#define _IMS_CORE_SHOW_H

#include <linux/types.h>

struct dentry;
struct device_msi_domain;
struct seq_file;

/* debugfs.c */
void device_msi_debugfs_init(void);
void device_msi_debugfs_exit(void);
void device_msi_debugfs_add(struct device_msi_domain *dom);
void device_msi_debugfs_remove(struct device_msi_domain *dom);

/* walk.c */
void *device_msi_seq_start(struct seq_file *m, loff_t *pos);
void *device_msi_seq_next(struct seq_file *m, void *row, loff_t *pos);
void device_msi_seq_stop(struct seq_file *m, void *row);

/* human.c */
struct dentry *device_msi_human_add(struct device_msi_domain *dom,
				    struct dentry *dir);

/* table.c */
struct dentry *device_msi_table_add(struct device_msi_domain *dom,
				    struct dentry *dir);

#endif /* _IMS_CORE_SHOW_H */
