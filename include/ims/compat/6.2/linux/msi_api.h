/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's <linux/msi_api.h>, which exists from Linux 6.2 on, or what it has of use
 * here; and then the names of Linux 6.2 to 6.9: see ../names.h.
 */
#ifndef _IMS_COMPAT_62_NAMES_H
#include "../names.h"
#elif __has_include_next(<linux/msi_api.h>)
#include_next <linux/msi_api.h>
#elif !defined(_IMS_COMPAT_62_MSI_API_H)
#define _IMS_COMPAT_62_MSI_API_H

#include <linux/kernel.h>

/* As in <ims/compat/msi_map.h>, which includes this file if the path has it */
struct msi_map {
	int	index;
	int	virq;
};

#define MSI_ANY_INDEX	UINT_MAX

#endif
