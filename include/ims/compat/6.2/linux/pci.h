/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's <linux/pci.h>, and then the names of Linux 6.2 to 6.9: see ../names.h. No
 * guard: the kernel's header, which ../names.h includes, has one.
 */
#ifndef _IMS_COMPAT_62_NAMES_H
#include "../names.h"
#else
#include_next <linux/pci.h>
#endif
