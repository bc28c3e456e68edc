// SPDX-License-Identifier: GPL-2.0-only
/* What any module includes */
#include <linux/module.h>
MODULE_LICENSE("GPL");
