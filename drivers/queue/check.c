// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks of a queue: is the driver's description possible, and is the device awake?
 */
#include "queue.h"

#include <linux/device.h>
#include <linux/pci.h>
#include <linux/sizes.h>

#include "../layout.h"
#include "../power.h"

#define IMS_QUEUE_FLAGS	(DEVICE_MSI_VMM_EMULATES | DEVICE_MSI_NEEDS_PASID)

/* Larger than any slot whose words have offsets of 16 bits */
#define IMS_QUEUE_MAX_STRIDE	SZ_64K

static int ims_queue_check_ops(struct device *dev,
			       const struct ims_queue_info *info)
{
	const struct ims_queue_ops *ops = info->ops;
	bool never = info->carry == IMS_QUEUE_NEVER;

	if (WARN_ON_ONCE(!ops || !ops->get_shadow || (!ops->sync && !never))) {
		dev_err(dev, "no %s in struct ims_queue_info; no message could reach the device\n",
			!ops ? "ops" :
			!ops->get_shadow ? "ops->get_shadow" : "ops->sync");
		return -EINVAL;
	}
	if (WARN_ON_ONCE((unsigned int)info->carry > IMS_QUEUE_NEVER ||
			 (ops->sync && never))) {
		dev_err(dev, "carry %u %s ops->sync; see enum ims_queue_carry\n",
			info->carry, ops->sync ? "with" : "without");
		return -EINVAL;
	}
	if (WARN_ON_ONCE(!ops->lock != !ops->unlock)) {
		dev_err(dev, "ops->%s without ops->%s; set both or none\n",
			ops->lock ? "lock" : "unlock",
			ops->lock ? "unlock" : "lock");
		return -EINVAL;
	}
	return 0;
}

/* Return: the name of a member that a layout has and only an array can use, or NULL */
static const char *ims_queue_array_field(const struct ims_layout *layout)
{
	if (layout->reread_ctrl)
		return "reread_ctrl";
	if (layout->data_bits)
		return "data_bits";
	if (layout->mask_bitmap)
		return "mask_bitmap";
	if (layout->drops_masked)
		return "drops_masked";
	if (layout->pasid_apart)
		return "pasid_apart";
	if (layout->indexed)
		return "indexed";
	if (layout->pending_bit)
		return "pending_bit";
	return layout->pending_bitmap ? "pending_bitmap" : NULL;
}

/* Check what a queue demands of a layout beyond ims_layout_check() */
static int ims_queue_check_slot(struct device *dev,
				const struct ims_layout *layout)
{
	const char *field = ims_queue_array_field(layout);
	int ret;

	if (layout->mask == IMS_MASK_NONE || !ims_layout_ctrl_inside(layout)) {
		dev_err(dev, "a slot needs a mask bit, in a ctrl word of its own; without one no command could silence it\n");
		return -EINVAL;
	}
	if (field) {
		dev_err(dev, "the layout has %s, which is for arrays only; clear it\n",
			field);
		return -EINVAL;
	}
	ret = ims_layout_check(dev, layout);
	if (ret)
		return ret;
	if (layout->stride && layout->stride < ims_layout_size(layout)) {
		dev_err(dev, "stride %u is less than the %zu bytes of a slot; it is the size of a shadow, or 0\n",
			layout->stride, ims_layout_size(layout));
		return -EINVAL;
	}
	if (layout->stride > IMS_QUEUE_MAX_STRIDE) {
		dev_err(dev, "stride %u; a shadow has %u bytes at most\n",
			layout->stride, IMS_QUEUE_MAX_STRIDE);
		return -EINVAL;
	}
	return 0;
}

/**
 * ims_queue_check_info() - Check the driver's description of a queue
 * @dev:	the PCI function, for the log
 * @info:	the description
 * @layout:	how a slot is laid out
 *
 * Return: 0, or -EINVAL and the reason in the kernel log.
 */
int ims_queue_check_info(struct device *dev,
			 const struct ims_queue_info *info,
			 const struct ims_layout *layout)
{
	int ret;

	ret = ims_queue_check_ops(dev, info);
	if (ret)
		return ret;
	if (WARN_ON_ONCE(info->flags & ~IMS_QUEUE_FLAGS)) {
		dev_err(dev, "flags 0x%x are not for a queue; see struct ims_queue_info\n",
			info->flags & ~IMS_QUEUE_FLAGS);
		return -EINVAL;
	}
	if (info->max_batch > IMS_QUEUE_MAX_BATCH) {
		dev_err(dev, "%u slots in a command; at most %u\n",
			info->max_batch, IMS_QUEUE_MAX_BATCH);
		return -EINVAL;
	}
	ret = ims_queue_check_slot(dev, layout);
	if (ret)
		return ret;
	if (info->flags & DEVICE_MSI_NEEDS_PASID && !layout->pasid_enable) {
		dev_err(dev, "a PASID is needed, but the layout has no place for one\n");
		return -EINVAL;
	}
	return 0;
}

/* Log once, for the whole domain, why the device cannot send or accepts no commands */
void ims_queue_check_pci(struct pci_dev *pdev)
{
	if (ims_pci_sleeps(pdev))
		dev_warn_ratelimited(&pdev->dev, "the device is in power state %s, where it accepts no command; resume it first\n",
				     pci_power_name(pdev->current_state));
	if (!pdev->is_busmaster)
		dev_info_ratelimited(&pdev->dev, "bus mastering is off; no interrupt comes before pci_set_master()\n");
}
