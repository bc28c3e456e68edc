/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is a PCI function in a sleep state, or gone? Both stores check the first when their
 * domain is created.
 */
#ifndef _IMS_POWER_H
#define _IMS_POWER_H

#include <linux/pci.h>

/* Not in PCI_UNKNOWN, the state before the first pci_enable_device() */
static inline bool ims_pci_sleeps(const struct pci_dev *pdev)
{
	pci_power_t state = pdev->current_state;

	return state == PCI_D1 || state == PCI_D2 || state == PCI_D3hot ||
	       state == PCI_D3cold;
}

/* Unplugged, or failed for good in error recovery */
static inline bool ims_pci_is_gone(const struct pci_dev *pdev)
{
	return pdev->error_state == pci_channel_io_perm_failure;
}

#endif /* _IMS_POWER_H */
