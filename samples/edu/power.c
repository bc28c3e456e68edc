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

#include "edu.h"

static void edu_quiesce(struct pci_dev *pdev)
{
	struct edu *edu = pci_get_drvdata(pdev);

	/*
	 * An error is in the log, and stops neither a reset nor sleep: both end
	 * what the device might send.
	 */
	device_msi_quiesce(edu->msi);
}

/*
 * PCI has restored the config space, or edu_slot_reset() has. edu: its memory is not
 * reset; have yours mask every slot, as edu_silence() does, if it does not come up so.
 */
static int edu_restore(struct pci_dev *pdev)
{
	struct edu *edu = pci_get_drvdata(pdev);

	pci_save_state(pdev);	/* for edu_slot_reset(): the copy is used up */
	return device_msi_restore(edu->msi);
}

/* From sysfs, VFIO or another driver; PCI saves and restores the config space */
static void edu_reset_prepare(struct pci_dev *pdev)
{
	edu_quiesce(pdev);
}

static void edu_reset_done(struct pci_dev *pdev)
{
	if (edu_restore(pdev))
		pci_err(pdev, "no interrupts after the reset\n");
}

/*
 * An error of the link. It may be frozen: the store is not accessed then, which
 * device_msi_quiesce() sees to.
 */
static pci_ers_result_t edu_error_detected(struct pci_dev *pdev,
					   pci_channel_state_t state)
{
	edu_quiesce(pdev);
	if (state == pci_channel_io_perm_failure)
		return PCI_ERS_RESULT_DISCONNECT;
	return PCI_ERS_RESULT_NEED_RESET;
}

/* The device was reset, and nobody else restores its config space */
static pci_ers_result_t edu_slot_reset(struct pci_dev *pdev)
{
	pci_restore_state(pdev);
	pci_set_master(pdev);	/* before the commands, as in probe() */
	if (edu_restore(pdev))
		return PCI_ERS_RESULT_DISCONNECT;
	return PCI_ERS_RESULT_RECOVERED;
}

/* Every driver below the link agrees that it works again: start the queues */
static void edu_error_resume(struct pci_dev *pdev)
{
	pci_info(pdev, "recovered from an error\n");
}

const struct pci_error_handlers edu_err_handlers = {
	.error_detected	= edu_error_detected,
	.slot_reset	= edu_slot_reset,
	.resume		= edu_error_resume,
	.reset_prepare	= edu_reset_prepare,
	.reset_done	= edu_reset_done,
};

static int __maybe_unused edu_suspend(struct device *dev)
{
	edu_quiesce(to_pci_dev(dev));
	return 0;
}

static int __maybe_unused edu_resume(struct device *dev)
{
	return edu_restore(to_pci_dev(dev));
}

/* Sleep of the machine, to memory or to disk, and of the device alone */
const struct dev_pm_ops edu_pm = {
	SET_SYSTEM_SLEEP_PM_OPS(edu_suspend, edu_resume)
	SET_RUNTIME_PM_OPS(edu_suspend, edu_resume, NULL)
};

/*
 * A kernel that kexec starts next must find no slot that can send: it does not know
 * this kernel's messages. If the store could not be quiesced, nothing is sent either.
 */
void edu_shutdown(struct pci_dev *pdev)
{
	edu_quiesce(pdev);
	pci_clear_master(pdev);
}
