// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_recover: an error of a PCI Express link and the recovery from it, as the kernel
 * does that (drivers/pci/pcie/err.c), for a device that cannot report errors: none of
 * QEMU's conventional PCI devices can. Steps are written to the parameter "step":
 *
 *	nonfatal DEVICE		error_detected(), the link works
 *	fatal DEVICE		error_detected(), the link is frozen
 *	gone DEVICE		error_detected(), there is no device any more; also of
 *				a driver that knows no errors, as a hotplug port does it
 *	reset DEVICE		a reset of the bus, and slot_reset()
 *	resume DEVICE		the link works, and resume()
 *	shutdown DEVICE		shutdown(), as before kexec
 *
 * A callback that returns something else than it should fails the write.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/string.h>

static int recover_detect(struct pci_dev *pdev,
			  const struct pci_error_handlers *handlers,
			  pci_channel_state_t state)
{
	pci_ers_result_t want = state == pci_channel_io_perm_failure ?
		PCI_ERS_RESULT_DISCONNECT : PCI_ERS_RESULT_NEED_RESET;

	pdev->error_state = state;
	if (!handlers || !handlers->error_detected)
		return state == pci_channel_io_perm_failure ? 0 : -EOPNOTSUPP;
	return handlers->error_detected(pdev, state) == want ? 0 : -EPROTO;
}

/*
 * The config space is nobody's to restore but the driver's. A function on the root bus
 * cannot be reset by its bus, and stays as it is.
 */
static int recover_reset(struct pci_dev *pdev,
			 const struct pci_error_handlers *handlers)
{
	int ret = 0;

	if (!handlers || !handlers->slot_reset)
		return -EOPNOTSUPP;
	if (pdev->bus->self)
		ret = pci_bridge_secondary_bus_reset(pdev->bus->self);
	if (ret)
		return ret;
	return handlers->slot_reset(pdev) == PCI_ERS_RESULT_RECOVERED ?
		0 : -EPROTO;
}

static int recover_resume(struct pci_dev *pdev,
			  const struct pci_error_handlers *handlers)
{
	if (!handlers || !handlers->resume)
		return -EOPNOTSUPP;
	pdev->error_state = pci_channel_io_normal;
	handlers->resume(pdev);
	return 0;
}

static int recover_shut_down(struct pci_dev *pdev)
{
	struct pci_driver *driver = to_pci_driver(pdev->dev.driver);

	if (!driver->shutdown)
		return -EOPNOTSUPP;
	driver->shutdown(pdev);
	return 0;
}

static int recover_do(struct pci_dev *pdev, const char *step)
{
	const struct pci_error_handlers *handlers =
		to_pci_driver(pdev->dev.driver)->err_handler;

	if (!strcmp(step, "shutdown"))
		return recover_shut_down(pdev);
	if (!strcmp(step, "nonfatal"))
		return recover_detect(pdev, handlers, pci_channel_io_normal);
	if (!strcmp(step, "fatal"))
		return recover_detect(pdev, handlers, pci_channel_io_frozen);
	if (!strcmp(step, "gone"))
		return recover_detect(pdev, handlers,
				      pci_channel_io_perm_failure);
	if (!strcmp(step, "reset"))
		return recover_reset(pdev, handlers);
	if (!strcmp(step, "resume"))
		return recover_resume(pdev, handlers);
	return -EINVAL;
}

static int recover_set_step(const char *text, const struct kernel_param *param)
{
	unsigned int domain, bus, slot, function;
	struct pci_dev *pdev;
	char step[16];
	int ret = -ENXIO;

	if (sscanf(text, "%15s %x:%x:%x.%x", step, &domain, &bus, &slot,
		   &function) != 5)
		return -EINVAL;
	pdev = pci_get_domain_bus_and_slot(domain, bus,
					   PCI_DEVFN(slot, function));
	if (!pdev)
		return -ENODEV;
	device_lock(&pdev->dev);
	if (pdev->dev.driver)
		ret = recover_do(pdev, step);
	device_unlock(&pdev->dev);
	pci_dev_put(pdev);
	return ret;
}

static const struct kernel_param_ops recover_step_ops = {
	.set = recover_set_step,
};
module_param_cb(step, &recover_step_ops, NULL, 0200);
MODULE_PARM_DESC(step, "nonfatal, fatal, gone, reset, resume or shutdown, and a device");

MODULE_DESCRIPTION("Error recovery of PCI devices that report no errors");
MODULE_LICENSE("GPL");
