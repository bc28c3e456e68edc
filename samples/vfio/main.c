// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_shared: a PCI function whose parts are given to users. Here is the function's driver.
 * part.c makes the parts VFIO devices, or mdev.c on Linux 5.10; user.c is what their users
 * can do; device.c has what differs between the two devices that this is for. What the
 * function's driver does for reset and sleep is in samples/rocker.
 */
#include <linux/idr.h>
#include <linux/module.h>

#include "shared.h"

unsigned int shared_vectors = 16;
module_param_named(vectors, shared_vectors, uint, 0444);
MODULE_PARM_DESC(vectors, "Vectors of a part, 2 to 96, the last of them without a slot (default: 16)");

unsigned int shared_quota = 16;
module_param_named(quota, shared_quota, uint, 0444);
MODULE_PARM_DESC(quota, "Most interrupts of the store that a part may have (default: 16)");

static bool queue;
module_param(queue, bool, 0444);
MODULE_PARM_DESC(queue, "Of devices/ims: messages are behind commands, not in an array (default: N)");

static DEFINE_IDA(shared_ids);

/* A part has a number, and by that the PASID of who has it */
int shared_part_init(struct shared_part *part, struct shared_function *function)
{
	int id = ida_alloc(&shared_ids, GFP_KERNEL);

	if (id < 0)
		return id;
	part->function = function;
	part->id = id;
	part->pasid = SHARED_FIRST_PASID + id;
	return 0;
}

void shared_part_exit(struct shared_part *part)
{
	ida_free(&shared_ids, part->id);
}

static int shared_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct shared_function *function;
	int ret;

	function = devm_kzalloc(&pdev->dev, sizeof(*function), GFP_KERNEL);
	if (!function)
		return -ENOMEM;
	function->pdev = pdev;
	init_rwsem(&function->calls);
	function->device = (const struct shared_device *)id->driver_data;
	if (queue && function->device == &shared_ims)
		function->device = &shared_ims_queue;
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	function->regs = pcim_iomap(pdev, 0, 0);
	if (!function->regs)
		return -ENOMEM;
	ret = function->device->create_domain(function);
	if (ret)
		return dev_err_probe(&pdev->dev, ret,
				     "no interrupts from the store\n");
	pci_set_master(pdev);	/* after the store: see samples/rocker */
	return shared_add_parts(function);
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

	if (shared_vectors < 2 || shared_vectors > SHARED_MAX_VECTORS)
		return -EINVAL;
	ret = shared_register_parts();
	if (ret)
		return ret;
	ret = pci_register_driver(&shared_driver);
	if (ret)
		shared_unregister_parts();
	return ret;
}
module_init(shared_init);

static void __exit shared_exit(void)
{
	pci_unregister_driver(&shared_driver);
	shared_unregister_parts();
	ida_destroy(&shared_ids);
}
module_exit(shared_exit);

MODULE_DESCRIPTION("Sample: parts of a PCI function for users, as VFIO devices");
MODULE_AUTHOR("ims maintainers");
MODULE_LICENSE("GPL");
