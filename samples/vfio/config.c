// SPDX-License-Identifier: GPL-2.0-only
/*
 * The config space of a part: that of a PCI function with one BAR and MSI-X. A VMM shows
 * its own to the guest, and asks here for what the device has. What the user may change
 * are the bits that a PCI function keeps, and they have no effect.
 */
#include <linux/pci_regs.h>
#include <linux/uaccess.h>

#include "shared.h"

#define SHARED_MSIX_CAP		0x40

static void shared_config_put(struct shared_user *user, unsigned int at,
			      unsigned int size, u32 value)
{
	__le32 word = cpu_to_le32(value);

	memcpy(user->config + at, &word, size);
}

void shared_config_init(struct shared_user *user)
{
	struct pci_dev *pdev = user->part->function->pdev;

	memset(user->config, 0, sizeof(user->config));
	shared_config_put(user, PCI_VENDOR_ID, 2, pdev->vendor);
	shared_config_put(user, PCI_DEVICE_ID, 2, pdev->device);
	shared_config_put(user, PCI_STATUS, 2, PCI_STATUS_CAP_LIST);
	shared_config_put(user, PCI_CLASS_REVISION, 4, PCI_CLASS_OTHERS << 16);
	shared_config_put(user, PCI_CAPABILITY_LIST, 1, SHARED_MSIX_CAP);
	shared_config_put(user, SHARED_MSIX_CAP, 1, PCI_CAP_ID_MSIX);
	shared_config_put(user, SHARED_MSIX_CAP + PCI_MSIX_FLAGS, 2,
			  SHARED_VECTORS - 1);
	shared_config_put(user, SHARED_MSIX_CAP + PCI_MSIX_TABLE, 4,
			  SHARED_TABLE);
	shared_config_put(user, SHARED_MSIX_CAP + PCI_MSIX_PBA, 4, SHARED_PBA);
}

ssize_t shared_config_read(struct shared_user *user, char __user *buf,
			   size_t count, loff_t offset)
{
	if (copy_to_user(buf, user->config + offset, count))
		return -EFAULT;
	return count;
}

/* Command, BAR 0 and the control word of MSI-X, whose size stays */
ssize_t shared_config_write(struct shared_user *user, const char __user *buf,
			    size_t count, loff_t offset)
{
	u8 wanted[4] = {};
	size_t i;

	if (count > sizeof(wanted) || copy_from_user(wanted, buf, count))
		return -EFAULT;
	for (i = 0; i < count; i++)
		switch (offset + i) {
		case PCI_COMMAND:
		case PCI_COMMAND + 1:
		case PCI_BASE_ADDRESS_0 + 2:
		case PCI_BASE_ADDRESS_0 + 3:
			user->config[offset + i] = wanted[i];
			break;
		case PCI_BASE_ADDRESS_0 + 1:
			user->config[offset + i] = wanted[i] &
				~((SHARED_REGION_SIZE - 1) >> 8);
			break;
		case SHARED_MSIX_CAP + PCI_MSIX_FLAGS + 1:
			user->config[offset + i] = wanted[i] &
				(PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL) >> 8;
			break;
		}
	return count;
}
