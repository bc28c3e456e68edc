/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct msi_map on every kernel: <linux/msi_api.h> has it since v6.2, this
 * file supplies the same two members before that.
 */
#ifndef _IMS_COMPAT_MSI_MAP_H
#define _IMS_COMPAT_MSI_MAP_H

#if __has_include("linux/msi_api.h")
#include <linux/msi_api.h>
#else
/**
 * struct msi_map - Mapping between a device's interrupt index and a Linux irq
 * @index:	slot number in the store, or a negative errno
 * @virq:	Linux interrupt number, never 0 when @index is valid
 */
struct msi_map {
	int	index;
	int	virq;
};
#endif

#endif /* _IMS_COMPAT_MSI_MAP_H */
