/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's <linux/pci.h>, and then the names of Linux 6.2 to 6.9: see
 * <linux/ims-62-names.h>. No guard, for the kernel's has one.
 */
#ifndef _IMS_COMPAT_62_NAMES_H
#include <linux/ims-62-names.h>
#else
#include_next <linux/pci.h>
#endif
