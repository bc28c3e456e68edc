// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reset, error recovery, sleep and kexec. Before each the store is quiesced: no slot
 * holds a message, and the kernel accesses none. Afterwards it is restored: each slot
 * holds what the kernel wants by then. Interrupts stay requested all the time.
 *
 * What the device had to tell meanwhile has no interrupt, unless it remembers. Your
 * driver stops its queues before it quiesces, and looks at each once after it has
 * restored.
 */
#include <linux/device.h>
#include <linux/pm.h>

#include "rocker.h"

/*
 * Bus mastering ends, too, so that PCI saves and restores the config space without: the
 * slots of a device that was reset may hold anything until the array is restored.
 */
static void rocker_quiesce(struct pci_dev *pdev)
{
	struct rocker *rocker = pci_get_drvdata(pdev);

	/*
	 * An error is in the log, and stops neither a reset nor sleep: both end
	 * what the device might send.
	 */
	device_msi_quiesce(rocker->msi);
	pci_clear_master(pdev);
}

/* PCI has restored the config space, or rocker_slot_reset() has */
static int rocker_restore(struct pci_dev *pdev)
{
	struct rocker *rocker = pci_get_drvdata(pdev);
	int ret;

	pci_save_state(pdev);	/* for rocker_slot_reset(): the copy is used up */
	rocker_enable_msix(pdev);	/* rocker: else its array does nothing */
	ret = device_msi_restore(rocker->msi);
	if (ret)
		return ret;
	pci_set_master(pdev);	/* after the array, as in probe() */
	return 0;
}

/* From sysfs, VFIO or another driver; PCI saves and restores the config space */
static void rocker_reset_prepare(struct pci_dev *pdev)
{
	rocker_quiesce(pdev);
}

static void rocker_reset_done(struct pci_dev *pdev)
{
	if (rocker_restore(pdev))
		pci_err(pdev, "no interrupts after the reset\n");
}

/*
 * An error of the link. It may be frozen: the store is not accessed then, which
 * device_msi_quiesce() sees to.
 */
static pci_ers_result_t rocker_error_detected(struct pci_dev *pdev,
					      pci_channel_state_t state)
{
	rocker_quiesce(pdev);
	if (state == pci_channel_io_perm_failure)
		return PCI_ERS_RESULT_DISCONNECT;
	return PCI_ERS_RESULT_NEED_RESET;
}

/* The device was reset, and nobody else restores its config space */
static pci_ers_result_t rocker_slot_reset(struct pci_dev *pdev)
{
	pci_restore_state(pdev);
	if (rocker_restore(pdev))
		return PCI_ERS_RESULT_DISCONNECT;
	return PCI_ERS_RESULT_RECOVERED;
}

/* Every driver below the link agrees that it works again: start the queues */
static void rocker_error_resume(struct pci_dev *pdev)
{
	pci_info(pdev, "recovered from an error\n");
}

const struct pci_error_handlers rocker_err_handlers = {
	.error_detected	= rocker_error_detected,
	.slot_reset	= rocker_slot_reset,
	.resume		= rocker_error_resume,
	.reset_prepare	= rocker_reset_prepare,
	.reset_done	= rocker_reset_done,
};

static int __maybe_unused rocker_suspend(struct device *dev)
{
	rocker_quiesce(to_pci_dev(dev));
	return 0;
}

static int __maybe_unused rocker_resume(struct device *dev)
{
	return rocker_restore(to_pci_dev(dev));
}

/* Sleep of the machine, to memory or to disk, and of the device alone */
const struct dev_pm_ops rocker_pm = {
	SET_SYSTEM_SLEEP_PM_OPS(rocker_suspend, rocker_resume)
	SET_RUNTIME_PM_OPS(rocker_suspend, rocker_resume, NULL)
};

/*
 * A kernel that kexec starts next must find no slot that can send: it does not know
 * this kernel's messages.
 */
void rocker_shutdown(struct pci_dev *pdev)
{
	rocker_quiesce(pdev);
}
