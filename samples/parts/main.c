// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_parts: a vendor driver whose function has parts, each with a driver, interrupts,
 * a PASID and a quota of its own.
 *
 * Copy this to start a driver of your own. The device is devices/ims, which anyone can
 * have: "make device" starts it. This file has the PCI function: it owns the store, and
 * makes the parts, which are auxiliary devices. part.c is their driver, which could be
 * a module of its own. Take power.c from samples/rocker, for the function alone: quiesce
 * and restore are of all parts at once. Leave out debugfs.c, by which the tests fire.
 *
 * The auxiliary bus came with Linux 5.11.
 */
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "parts.h"

#define PARTS_VENDOR_ID		0x1234
#define PARTS_DEVICE_ID		0x1a5e
#define PARTS_REGS_BAR		0
#define PARTS_SLOTS_BAR		2
#define PARTS_SLOTS		4096
#define PARTS_FIRST_PASID	0x100

/* The parts of all functions: their names differ by it, ims_parts.part.0 and so on */
static DEFINE_IDA(parts_ids);

static void parts_release(struct device *dev)
{
	struct parts_part *part = container_of(dev, struct parts_part, aux.dev);

	ida_free(&parts_ids, part->aux.id);
	kfree(part);
}

/* Unbinds the part's driver, whose interrupts go with it */
static void parts_remove_part(void *data)
{
	struct parts_part *part = data;

	auxiliary_device_delete(&part->aux);
	auxiliary_device_uninit(&part->aux);
}

static struct parts_part *parts_new_part(struct parts_function *function)
{
	struct parts_part *part;
	int ret;

	part = kzalloc(sizeof(*part), GFP_KERNEL);
	if (!part)
		return ERR_PTR(-ENOMEM);
	ret = ida_alloc(&parts_ids, GFP_KERNEL);
	if (ret < 0)
		goto err_free;
	part->function = function;
	part->aux.id = ret;
	part->aux.name = "part";
	part->aux.dev.parent = &function->pdev->dev;
	part->aux.dev.release = parts_release;
	ret = auxiliary_device_init(&part->aux);
	if (ret)
		goto err_free_id;
	return part;

err_free_id:
	ida_free(&parts_ids, part->aux.id);
err_free:
	kfree(part);
	return ERR_PTR(ret);
}

/*
 * The part's driver may probe as soon as the part is there, so that the quota comes
 * before. The PASID is that of the process which is to use the part: a real driver has
 * it of iommu_sva_get_pasid(), or of who hands out the part.
 */
static int parts_add_part(struct parts_function *function, unsigned int number)
{
	struct parts_part *part = parts_new_part(function);
	int ret;

	if (IS_ERR(part))
		return PTR_ERR(part);
	part->pasid = PARTS_FIRST_PASID + number;

	ret = device_msi_set_quota(function->msi, &part->aux.dev, PARTS_QUOTA);
	if (!ret)
		ret = auxiliary_device_add(&part->aux);
	if (ret) {
		auxiliary_device_uninit(&part->aux);
		return ret;
	}
	return devm_add_action_or_reset(&function->pdev->dev, parts_remove_part,
					part);
}

static int parts_add_all(struct parts_function *function)
{
	unsigned int i;
	int ret;

	for (i = 0; i < PARTS_NR; i++) {
		ret = parts_add_part(function, i);
		if (ret)
			return dev_err_probe(&function->pdev->dev, ret,
					     "no part %u\n", i);
	}
	return 0;
}

/* ims_layout_pasid: only work of the PASID that a slot has may use it */
static int parts_create_domain(struct parts_function *function)
{
	struct pci_dev *pdev = function->pdev;
	struct ims_window window = {
		.base		= pcim_iomap(pdev, PARTS_SLOTS_BAR, 0),
		.size		= pci_resource_len(pdev, PARTS_SLOTS_BAR),
		.nr_slots	= PARTS_SLOTS,
	};
	struct ims_array_info info = {
		.layout		= &ims_layout_pasid,
		.windows	= &window,
		.nr_windows	= 1,
		.flags		= DEVICE_MSI_NEEDS_PASID,
	};

	if (!window.base)
		return -ENOMEM;
	function->msi = devm_ims_array_create_domain(&pdev->dev, &info);
	if (IS_ERR(function->msi))
		return dev_err_probe(&pdev->dev, PTR_ERR(function->msi),
				     "no interrupts from the array\n");
	return 0;
}

/*
 * Everything is acquired with devm_, and goes in reverse: the parts with their
 * interrupts, then the domain, then its memory.
 */
static int parts_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct parts_function *function;
	int ret;

	function = devm_kzalloc(&pdev->dev, sizeof(*function), GFP_KERNEL);
	if (!function)
		return -ENOMEM;
	function->pdev = pdev;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	function->regs = pcim_iomap(pdev, PARTS_REGS_BAR, 0);
	if (!function->regs)
		return -ENOMEM;
	iowrite32(1, function->regs + PARTS_RESET);

	ret = parts_create_domain(function);
	if (ret)
		return ret;
	pci_set_master(pdev);	/* after the array: see samples/rocker */
	return parts_add_all(function);
}

static const struct pci_device_id parts_pci_ids[] = {
	{ PCI_DEVICE(PARTS_VENDOR_ID, PARTS_DEVICE_ID) },
	{ }
};
MODULE_DEVICE_TABLE(pci, parts_pci_ids);

static struct pci_driver parts_driver = {
	.name		= "ims_parts",
	.id_table	= parts_pci_ids,
	.probe		= parts_probe,
};

static int __init parts_init(void)
{
	int ret;

	parts_debugfs_init();
	ret = auxiliary_driver_register(&parts_part_driver);
	if (ret)
		goto err_debugfs;
	ret = pci_register_driver(&parts_driver);
	if (ret)
		goto err_part;
	return 0;

err_part:
	auxiliary_driver_unregister(&parts_part_driver);
err_debugfs:
	parts_debugfs_exit();
	return ret;
}
module_init(parts_init);

static void __exit parts_exit(void)
{
	pci_unregister_driver(&parts_driver);
	auxiliary_driver_unregister(&parts_part_driver);
	parts_debugfs_exit();
	ida_destroy(&parts_ids);
}
module_exit(parts_exit);

MODULE_DESCRIPTION("Sample: a function with parts that have interrupts of their own");
MODULE_AUTHOR("ims maintainers");
MODULE_LICENSE("GPL");
