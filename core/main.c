// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_core.ko: device MSI on stock kernels.
 */
#include "internals.h"
#include "offline.h"
#include "show.h"

#include <linux/module.h>

static int __init ims_core_init(void)
{
	int ret;

	ret = device_msi_irq_cache_init();
	if (ret)
		return ret;
	ret = device_msi_live_init();
	if (ret)
		goto err_cache;
	ret = device_msi_collect_init();
	if (ret)
		goto err_live;
	ret = device_msi_offline_init();
	if (ret)
		goto err_collect;
	ret = device_msi_reclaim_init();
	if (ret)
		goto err_offline;
	device_msi_debugfs_init();
	return 0;

err_offline:
	device_msi_offline_exit();
err_collect:
	device_msi_collect_exit();
err_live:
	device_msi_live_exit();
err_cache:
	device_msi_irq_cache_exit();
	return ret;
}
module_init(ims_core_init);

static void __exit ims_core_exit(void)
{
	device_msi_debugfs_exit();
	device_msi_reclaim_exit();
	device_msi_offline_exit();
	device_msi_collect_exit();
	device_msi_live_exit();
	device_msi_irq_cache_exit();
}
module_exit(ims_core_exit);

MODULE_DESCRIPTION("Device MSI: interrupts from messages that a device stores itself");
MODULE_AUTHOR("ims maintainers");
MODULE_LICENSE("GPL");
MODULE_VERSION(IMS_VERSION);
