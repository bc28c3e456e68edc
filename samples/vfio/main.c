// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_shared: a PCI function whose parts are given to users, on QEMU's rocker. The
 * function's driver has the registers and the array, and makes the parts; part.c is the
 * driver of a part. What a driver of the function itself does for reset and sleep is in
 * samples/rocker.
 */
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "shared.h"

static unsigned int quota = SHARED_VECTORS;
module_param(quota, uint, 0444);
MODULE_PARM_DESC(quota, "Most interrupts of the array that a part may have (default: 16)");

static DEFINE_IDA(shared_ids);

static void shared_part_release(struct device *dev)
{
	struct auxiliary_device *aux = to_auxiliary_dev(dev);

	ida_free(&shared_ids, aux->id);
	kfree(container_of(aux, struct shared_part, aux));
}

static void shared_remove_part(void *data)
{
	struct shared_part *part = data;

	auxiliary_device_delete(&part->aux);
	auxiliary_device_uninit(&part->aux);
}

static struct shared_part *shared_new_part(struct shared_function *function)
{
	struct shared_part *part;
	int ret;

	part = kzalloc(sizeof(*part), GFP_KERNEL);
	if (!part)
		return ERR_PTR(-ENOMEM);
	ret = ida_alloc(&shared_ids, GFP_KERNEL);
	if (ret < 0)
		goto err_free;
	part->function = function;
	part->aux.id = ret;
	part->aux.name = "part";
	part->aux.dev.parent = &function->pdev->dev;
	part->aux.dev.release = shared_part_release;
	ret = auxiliary_device_init(&part->aux);
	if (ret)
		goto err_free_id;
	return part;

err_free_id:
	ida_free(&shared_ids, part->aux.id);
err_free:
	kfree(part);
	return ERR_PTR(ret);
}

/* The part's driver may probe as soon as the part is there: the quota comes before */
static int shared_add_part(struct shared_function *function)
{
	struct shared_part *part = shared_new_part(function);
	int ret;

	if (IS_ERR(part))
		return PTR_ERR(part);
	ret = device_msi_set_quota(function->msi, &part->aux.dev, quota);
	if (!ret)
		ret = auxiliary_device_add(&part->aux);
	if (ret) {
		auxiliary_device_uninit(&part->aux);
		return ret;
	}
	return devm_add_action_or_reset(&function->pdev->dev,
					shared_remove_part, part);
}

static void shared_enable_msix(struct pci_dev *pdev, bool enable)
{
	u16 flags;

	pci_read_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, &flags);
	flags &= ~PCI_MSIX_FLAGS_ENABLE;
	if (enable)
		flags |= PCI_MSIX_FLAGS_ENABLE;
	pci_write_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, flags);
}

static void shared_disable_msix(void *data)
{
	shared_enable_msix(data, false);
}

/* rocker: its array is its MSI-X table, which does nothing unless MSI-X is enabled */
static int shared_create_domain(struct shared_function *function)
{
	struct pci_dev *pdev = function->pdev;
	struct ims_window window = {};
	struct ims_array_info info = {
		.layout		= &ims_layout_standard,
		.windows	= &window,
		.nr_windows	= 1,
	};
	int nr = pci_msix_vec_count(pdev);
	void __iomem *bar;
	int ret;
	u32 table;

	if (nr < 0)
		return nr;
	pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_TABLE, &table);
	bar = pcim_iomap(pdev, table & PCI_MSIX_TABLE_BIR, 0);
	if (!bar)
		return -ENOMEM;
	window.base = bar + (table & PCI_MSIX_TABLE_OFFSET);
	window.nr_slots = nr;
	window.size = nr * PCI_MSIX_ENTRY_SIZE;
	shared_enable_msix(pdev, true);
	ret = devm_add_action_or_reset(&pdev->dev, shared_disable_msix, pdev);
	if (ret)
		return ret;
	function->msi = devm_ims_array_create_domain(&pdev->dev, &info);
	return PTR_ERR_OR_ZERO(function->msi);
}

static int shared_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct shared_function *function;
	unsigned int i;
	int ret;

	function = devm_kzalloc(&pdev->dev, sizeof(*function), GFP_KERNEL);
	if (!function)
		return -ENOMEM;
	function->pdev = pdev;
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	function->regs = pcim_iomap(pdev, 0, 0);
	if (!function->regs)
		return -ENOMEM;
	ret = shared_create_domain(function);
	if (ret)
		return dev_err_probe(&pdev->dev, ret,
				     "no interrupts from the array\n");
	pci_set_master(pdev);	/* after the array: see samples/rocker */
	for (i = 0; i < SHARED_PARTS; i++) {
		ret = shared_add_part(function);
		if (ret)
			return dev_err_probe(&pdev->dev, ret, "no part %u\n", i);
	}
	return 0;
}

static const struct pci_device_id shared_pci_ids[] = {
	{ PCI_DEVICE(0x1b36, 0x0006) },
	{ }
};
MODULE_DEVICE_TABLE(pci, shared_pci_ids);

static struct pci_driver shared_driver = {
	.name		= "ims_shared",
	.id_table	= shared_pci_ids,
	.probe		= shared_probe,
};

static int __init shared_init(void)
{
	int ret;

	ret = auxiliary_driver_register(&shared_part_driver);
	if (ret)
		return ret;
	ret = pci_register_driver(&shared_driver);
	if (ret)
		auxiliary_driver_unregister(&shared_part_driver);
	return ret;
}
module_init(shared_init);

static void __exit shared_exit(void)
{
	pci_unregister_driver(&shared_driver);
	auxiliary_driver_unregister(&shared_part_driver);
	ida_destroy(&shared_ids);
}
module_exit(shared_exit);

MODULE_DESCRIPTION("Sample: parts of a PCI function for users, as VFIO devices");
MODULE_AUTHOR("ims maintainers");
MODULE_LICENSE("GPL");
