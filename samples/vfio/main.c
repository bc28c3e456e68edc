// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_shared: a PCI function whose parts are given to users. Here is the function's driver,
 * which makes the parts; part.c is the driver of a part, device.c has what differs between
 * the two devices that this is for. What the function's driver does for reset and sleep is
 * in samples/rocker.
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
	part->pasid = SHARED_FIRST_PASID + ret;
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

static int shared_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct shared_function *function;
	unsigned int i;
	int ret;

	function = devm_kzalloc(&pdev->dev, sizeof(*function), GFP_KERNEL);
	if (!function)
		return -ENOMEM;
	function->pdev = pdev;
	function->device = (const struct shared_device *)id->driver_data;
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	function->regs = pcim_iomap(pdev, 0, 0);
	if (!function->regs)
		return -ENOMEM;
	ret = function->device->create_domain(function);
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
	{ PCI_DEVICE(0x1b36, 0x0006),
	  .driver_data = (kernel_ulong_t)&shared_rocker },
	{ PCI_DEVICE(0x1234, 0x1a5e),
	  .driver_data = (kernel_ulong_t)&shared_ims },
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
