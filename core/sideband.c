// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sideband: what a device keeps next to a message, such as a PASID. The driver says
 * it, the store may refuse it.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/spinlock.h>

int device_msi_check_sideband(struct device_msi_domain *dom,
			      const struct device_msi_sideband *sideband)
{
	const u32 known = DEVICE_MSI_SIDEBAND_PASID | DEVICE_MSI_SIDEBAND_RAW;

	if (!sideband->has)
		return 0;
	if (sideband->has & ~known) {
		dev_err_ratelimited(dom->dev, "no such sideband: 0x%x\n",
				    sideband->has & ~known);
		return -EINVAL;
	}
	if (sideband->has & DEVICE_MSI_SIDEBAND_PASID &&
	    sideband->pasid > DEVICE_MSI_PASID_MAX) {
		dev_err_ratelimited(dom->dev,
				    "PASID 0x%x has more than 20 bits\n",
				    sideband->pasid);
		return -EINVAL;
	}
	if (!dom->info.ops->set_sideband) {
		dev_err_ratelimited(dom->dev,
				    "this store keeps no sideband with a message; ask for none\n");
		return -EOPNOTSUPP;
	}
	return 0;
}

static int device_msi_try_sideband(struct device_msi_irq *irq,
				   struct device_msi_sideband sideband)
{
	struct device_msi_sideband old = irq->desc.sideband;
	int ret;

	irq->desc.sideband = sideband;
	ret = device_msi_ops_for(irq)->set_sideband(&irq->desc);
	if (ret)
		irq->desc.sideband = old;
	else
		irq->held = false;
	return ret;
}

/* Of an interrupt that the kernel does not know yet, or no more */
int device_msi_write_sideband(struct device_msi_irq *irq,
			      struct device_msi_sideband sideband)
{
	unsigned long flags;
	int ret;

	local_irq_save(flags);
	ret = device_msi_try_sideband(irq, sideband);
	local_irq_restore(flags);
	return ret;
}

/* Of one that may fire any time: the device must not send the old with the new */
static int device_msi_change_sideband(struct device_msi_irq *irq,
				      struct device_msi_sideband sideband)
{
	struct irq_desc *desc = irq_data_to_desc(irq->data);
	const struct device_msi_ops *ops;
	unsigned long flags;
	int ret;

	raw_spin_lock_irqsave(&desc->lock, flags);
	if (device_msi_lacks_pasid(irq->owner->dom, &sideband) &&
	    (irq->requested || irq->activated)) {
		raw_spin_unlock_irqrestore(&desc->lock, flags);
		return -EBUSY;
	}
	ops = device_msi_ops_for(irq);
	ops->mask(&irq->desc);
	ret = device_msi_try_sideband(irq, sideband);
	if (device_msi_may_send(irq))
		device_msi_unmask_slot(ops, irq);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return ret;
}

/*
 * Inline: who calls it is named in the log. Of what there is, the kinds in @keep stay.
 */
static __always_inline int
device_msi_replace_sideband(struct device_msi_domain *dom,
			    struct device *consumer, unsigned int index,
			    struct device_msi_sideband sideband, u32 keep)
{
	struct device_msi_irq *irq;
	int ret;

	ret = device_msi_enter_for(dom, consumer);
	if (ret)
		return ret;

	ret = device_msi_check_sideband(dom, &sideband);
	if (ret)
		goto out;

	irq = device_msi_irq_at(dom, index);
	if (!irq) {
		ret = -ENOENT;
	} else if (irq->owner->dev != consumer) {
		ret = -EPERM;
	} else if (dom->info.ops->set_sideband) {
		if (irq->desc.sideband.has & keep) {
			sideband.raw = irq->desc.sideband.raw;
			sideband.has |= keep;
		}
		ret = device_msi_change_sideband(irq, sideband);
	}
	if (!ret)
		ret = device_msi_commit(dom, &irq->desc);
	if (ret)
		dev_err_ratelimited(dom->dev,
				    "slot %u: sideband not changed for %s: %pe\n",
				    index, dev_name(consumer), ERR_PTR(ret));
out:
	device_msi_exit_for(dom, consumer);
	return ret;
}

/**
 * device_msi_set_sideband() - Change the data next to a message
 * @dom:	the domain
 * @consumer:	the device that was given at allocation
 * @index:	slot number
 * @sideband:	the new data, all of them; all zero for none
 *
 * The slot is masked meanwhile: no message goes out with half of it. What the
 * device sent before carries the old data.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: 0; -EINVAL for a wrong argument, such as a PASID of more than 20 bits;
 * -ENODEV if the domain was removed; -ENOENT if the slot has no interrupt;
 * -EPERM if that belongs to another consumer; -EBUSY if it is requested, and
 * the domain wants a PASID with it and @sideband has none; -EOPNOTSUPP if the
 * store has no room for it; or the store's own error. After an error the old data
 * stay, unless the device of a queue store has failed to take the new ones.
 */
int device_msi_set_sideband(struct device_msi_domain *dom,
			    struct device *consumer, unsigned int index,
			    struct device_msi_sideband sideband)
{
	return device_msi_replace_sideband(dom, consumer, index, sideband, 0);
}
EXPORT_SYMBOL_GPL(device_msi_set_sideband);

/**
 * device_msi_set_pasid() - Change the PASID next to a message
 * @dom:	the domain
 * @consumer:	the device that was given at allocation
 * @index:	slot number
 * @pasid:	0 to %DEVICE_MSI_PASID_MAX
 *
 * The bits that the device defines stay as they are.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: as device_msi_set_sideband().
 */
int device_msi_set_pasid(struct device_msi_domain *dom, struct device *consumer,
			 unsigned int index, u32 pasid)
{
	struct device_msi_sideband sideband = {
		.has	= DEVICE_MSI_SIDEBAND_PASID,
		.pasid	= pasid,
	};

	return device_msi_replace_sideband(dom, consumer, index, sideband,
					   DEVICE_MSI_SIDEBAND_RAW);
}
EXPORT_SYMBOL_GPL(device_msi_set_pasid);
