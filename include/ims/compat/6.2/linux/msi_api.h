/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's <linux/msi_api.h>, which exists from Linux 6.2 on, and then the names of
 * Linux 6.2 to 6.9: see <linux/ims-62-names.h>, which has what a driver needs of it before.
 */
#ifndef _IMS_COMPAT_62_NAMES_H
#include <linux/ims-62-names.h>
#elif !defined(IMS_62_HAS_NO_MSI_API)
#include_next <linux/msi_api.h>
#endif
