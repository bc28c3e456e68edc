// SPDX-License-Identifier: GPL-2.0-only
/*
 * QEMU's igb (Intel's 82576): its virtual functions, each with an interrupt per vector
 * from an array store, which is its MSI-X table, driven as samples/rocker drives
 * rocker's. No packet is ever sent.
 *
 * By default the driver only makes virtual functions possible on the physical one.
 * With store=1 that has an array store as well; with msix=1 the kernel's own MSI-X is
 * on: its vector 0. debugfs.c has the files of a function, power.c what becomes of its
 * store in a reset and in sleep.
 */
#include <linux/module.h>
#include <linux/pm_runtime.h>

#include "igb.h"

static bool msix;
module_param(msix, bool, 0444);
MODULE_PARM_DESC(msix, "Use the kernel's MSI-X on the physical function (default: N)");

static bool store;
module_param(store, bool, 0444);
MODULE_PARM_DESC(store, "Use an array store on the physical function (default: N)");

static int igb_setup(struct igb *igb)
{
	if (igb->pdev->is_virtfn || store)
		return igb_setup_store(igb);
	if (msix)
		return igb_setup_msix(igb);
	igb_let_through(igb);
	return 0;
}

static int igb_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	struct igb *igb;
	unsigned int i;
	int ret;

	igb = devm_kzalloc(dev, sizeof(*igb), GFP_KERNEL);
	if (!igb)
		return -ENOMEM;
	pci_set_drvdata(pdev, igb);
	igb->pdev = pdev;
	mutex_init(&igb->lock);
	for (i = 0; i < IGB_MAX_VECTORS; i++) {
		igb->vectors[i].igb = igb;
		igb->vectors[i].index = i;
	}

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	igb->regs = pcim_iomap(pdev, IGB_REGS_BAR, 0);
	if (!igb->regs)
		return -ENOMEM;

	ret = igb_setup(igb);
	if (ret)
		return dev_err_probe(dev, ret, "no interrupts\n");
	pci_set_master(pdev);	/* a message is a write of the device */
	pci_save_state(pdev);	/* for igb_slot_reset() */
	ret = igb_add_debugfs(igb);
	if (ret)
		return ret;

	/* May sleep from now on, if power/control of the device says "auto" */
	pm_runtime_put_noidle(dev);
	return 0;
}

/* The virtual functions go with the driver that made them */
static void igb_remove(struct pci_dev *pdev)
{
	pm_runtime_get_noresume(&pdev->dev);
	if (!pdev->is_virtfn)
		pci_disable_sriov(pdev);
}

static const struct pci_device_id igb_ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, IGB_PF_DEVICE_ID) },
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, IGB_VF_DEVICE_ID) },
	{ }
};

static struct pci_driver igb_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= igb_ids,
	.probe			= igb_probe,
	.remove			= igb_remove,
	.sriov_configure	= pci_sriov_configure_simple,
	.err_handler		= &igb_err_handlers,
	.driver.pm		= &igb_pm,
};

static int __init igb_init(void)
{
	int ret;

	igb_debugfs_init();
	ret = pci_register_driver(&igb_driver);
	if (ret)
		igb_debugfs_exit();
	return ret;
}
module_init(igb_init);

static void __exit igb_exit(void)
{
	pci_unregister_driver(&igb_driver);
	igb_debugfs_exit();
}
module_exit(igb_exit);

MODULE_DESCRIPTION("Test: functions of QEMU's igb with IMS arrays");
MODULE_LICENSE("GPL");
