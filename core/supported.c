// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a driver can know before it creates a domain.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/module.h>

/**
 * device_msi_supported() - Ask what device MSI offers to a device on this machine
 * @dev:	the device whose identity the messages would carry
 * @flags:	what the driver would give in struct device_msi_info or a store's
 *		description: %DEVICE_MSI_VMM_EMULATES counts here
 * @caps:	filled in, also with the reason of a refusal; may be NULL
 *
 * A refusal is not logged: a driver that can do without device MSI asks this first.
 *
 * Context: Process context, may sleep.
 * Return: 0; -EINVAL for a wrong argument; -EOPNOTSUPP if no interrupt from a store
 * of this device can be delivered, with the reason in @caps->why_not.
 */
int device_msi_supported(struct device *dev, unsigned int flags,
			 struct device_msi_caps *caps)
{
	struct device_msi_parent parent;
	struct device_msi_caps found = {};
	int ret;

	ret = device_msi_check_pointer(dev, "device", _RET_IP_);
	if (!ret)
		ret = device_msi_check_context(_RET_IP_);
	if (ret)
		return ret;
	if (flags & ~DEVICE_MSI_INFO_FLAGS) {
		dev_err(dev, "%ps asks with unknown flags 0x%x\n",
			(void *)_RET_IP_, flags & ~DEVICE_MSI_INFO_FLAGS);
		WARN_ON_ONCE(1);
		return -EINVAL;
	}

	ret = device_msi_parent_find(dev, flags, &parent);
	if (ret) {
		found.why_not = parent.why_not;
	} else {
		found.parent = parent.ops->name;
		found.array = true;
		found.queue = true;
		found.isolated = parent.isolated;
		found.fixed_message = parent.ops->fixed_message;
		found.max_requested = parent.ops->max_requested();
		found.max_irqs = min(parent.ops->max_irqs ?: found.max_requested,
				     device_msi_budget_left());
		device_msi_parent_put(&parent);
	}
	if (caps)
		*caps = found;
	return ret;
}
EXPORT_SYMBOL_GPL(device_msi_supported);

/**
 * device_msi_is_isolated() - Does the hardware check who sends a domain's messages?
 * @dom:	the domain
 *
 * What device_msi_supported() says in @isolated, of a domain that exists.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: true if no other device, and no other part of the machine, can raise the
 * interrupts of this domain; false if one can, and for a wrong handle.
 */
bool device_msi_is_isolated(struct device_msi_domain *dom)
{
	bool isolated;

	if (device_msi_enter(dom))
		return false;
	isolated = dom->parent.isolated;
	device_msi_exit(dom);
	return isolated;
}
EXPORT_SYMBOL_GPL(device_msi_is_isolated);
