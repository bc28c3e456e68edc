// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reset, error recovery and sleep of a function, by the kernel's own machinery: igb is
 * a PCI Express device, which reports errors, has a function-level reset and is put to
 * D3hot. The callbacks are those of samples/rocker, for functions with a store or
 * without one. Nothing is fired while a function is away.
 */
#include <linux/device.h>
#include <linux/pm.h>

#include "igb.h"

static void igb_set_away(struct igb *igb, bool away)
{
	mutex_lock(&igb->lock);
	igb->away = away;
	mutex_unlock(&igb->lock);
}

static void igb_quiesce(struct pci_dev *pdev)
{
	struct igb *igb = pci_get_drvdata(pdev);

	igb_set_away(igb, true);
	if (igb->msi)
		device_msi_quiesce(igb->msi);
}

/* Config space is as it was before; the registers are those of a reset device */
static int igb_restore(struct pci_dev *pdev)
{
	struct igb *igb = pci_get_drvdata(pdev);
	int ret = 0;

	pci_save_state(pdev);	/* for igb_slot_reset(): the copy is used up */
	if (igb->msi) {
		igb_enable_msix(pdev);
		ret = device_msi_restore(igb->msi);
	}
	igb_let_through(igb);
	igb_set_away(igb, false);
	return ret;
}

static void igb_reset_prepare(struct pci_dev *pdev)
{
	igb_quiesce(pdev);
}

static void igb_reset_done(struct pci_dev *pdev)
{
	if (igb_restore(pdev))
		pci_err(pdev, "no interrupts after the reset\n");
}

static pci_ers_result_t igb_error_detected(struct pci_dev *pdev,
					   pci_channel_state_t state)
{
	pci_info(pdev, "error: the link %s\n",
		 state == pci_channel_io_normal ? "works" : "is frozen");
	igb_quiesce(pdev);
	if (state == pci_channel_io_perm_failure)
		return PCI_ERS_RESULT_DISCONNECT;
	return PCI_ERS_RESULT_NEED_RESET;
}

/*
 * The kernel asks the physical function first, so that the virtual ones are there
 * again: it restores their number with that one's config space
 */
static pci_ers_result_t igb_slot_reset(struct pci_dev *pdev)
{
	pci_restore_state(pdev);
	if (igb_restore(pdev))
		return PCI_ERS_RESULT_DISCONNECT;
	return PCI_ERS_RESULT_RECOVERED;
}

static void igb_error_resume(struct pci_dev *pdev)
{
	pci_info(pdev, "recovered from an error\n");
}

const struct pci_error_handlers igb_err_handlers = {
	.error_detected	= igb_error_detected,
	.slot_reset	= igb_slot_reset,
	.resume		= igb_error_resume,
	.reset_prepare	= igb_reset_prepare,
	.reset_done	= igb_reset_done,
};

static int __maybe_unused igb_suspend(struct device *dev)
{
	igb_quiesce(to_pci_dev(dev));
	return 0;
}

static int __maybe_unused igb_resume(struct device *dev)
{
	return igb_restore(to_pci_dev(dev));
}

const struct dev_pm_ops igb_pm = {
	SET_SYSTEM_SLEEP_PM_OPS(igb_suspend, igb_resume)
	SET_RUNTIME_PM_OPS(igb_suspend, igb_resume, NULL)
};
