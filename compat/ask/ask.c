// SPDX-License-Identifier: GPL-2.0-only
/* The header that every module includes */
#include <linux/module.h>
MODULE_LICENSE("GPL");
