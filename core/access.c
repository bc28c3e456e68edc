// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the core accesses a slot. While the device cannot be reached (asleep, quiesced,
 * or gone) a change goes to the shadow alone, and the slot is stale until it is
 * written again.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/irq.h>
#include <linux/string.h>

static void device_msi_absent_write(struct device_msi_desc *desc,
				    const struct msi_msg *msg)
{
}

static void device_msi_absent(struct device_msi_desc *desc)
{
}

static int device_msi_absent_sideband(struct device_msi_desc *desc)
{
	return 0;
}

/*
 * Used instead of the store's operations when neither device nor driver may be
 * touched.
 */
const struct device_msi_ops device_msi_absent_ops = {
	.write_msg	= device_msi_absent_write,
	.mask		= device_msi_absent,
	.unmask		= device_msi_absent,
	.set_sideband	= device_msi_absent_sideband,
};

/*
 * Set desc.direct, by which the store's own chip callbacks change the slot without
 * the core. To be called under the descriptor's raw lock after a change of msg, held,
 * no_msg, stale or orphaned.
 */
static void device_msi_update_direct(struct device_msi_irq *irq)
{
	bool direct = !irq->stale && !irq->orphaned &&
		      !device_msi_must_not_send(irq);

	irq->desc.direct = direct ? DEVICE_MSI_DIRECT : 0;
}

/* From now on changes go to the shadow alone, until the slot is written again */
void device_msi_set_stale(struct device_msi_irq *irq)
{
	irq->stale = true;
	irq->desc.direct = 0;
}

/* The device can be accessed, and its store is not quiesced */
bool device_msi_reachable(const struct device_msi_domain *dom)
{
	return !READ_ONCE(dom->quiesced) &&
	       device_msi_device_reachable(dom->dev);
}

/*
 * Write a stale slot again: the device is awake, and its driver has not called
 * device_msi_restore(), perhaps because the device keeps its store while asleep.
 */
static void device_msi_refresh(struct device_msi_irq *irq)
{
	const struct device_msi_ops *ops = irq->owner->dom->ops;

	/*
	 * A deferred store knows what its device holds, so the changes are enough. A
	 * device that was reset needs device_msi_restore() in any case.
	 */
	if (!irq->owner->dom->deferred && ops->restore) {
		device_msi_restore_slot(irq);
		return;
	}
	irq->stale = false;
	ops->mask(&irq->desc);
	ops->write_msg(&irq->desc, &irq->msg);
	if (ops->set_sideband)
		irq->held = !!ops->set_sideband(&irq->desc);
	if (device_msi_may_send(irq))
		device_msi_unmask_slot(ops, irq);
	/* Its move was asked for meanwhile, and goes on once the device has the empty slot */
	if (irq->target != DEVICE_MSI_NO_CPU)
		device_msi_raise_after_commit(irq);
}

/**
 * device_msi_ops_for() - Choose the operations to change a slot with
 * @irq:	the slot's interrupt
 *
 * Context: The descriptor's raw lock held, interrupts off.
 * Return: the store's operations; or, while the device cannot be reached,
 * device_msi_absent_ops, which do nothing: the slot is then stale, and the caller's
 * change is in the shadow alone.
 */
const struct device_msi_ops *device_msi_ops_for(struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;

	if (unlikely(irq->orphaned || !device_msi_reachable(dom))) {
		device_msi_set_stale(irq);
		return &device_msi_absent_ops;
	}
	if (unlikely(irq->stale) && irq->data)
		device_msi_refresh(irq);
	return irq->stale ? &device_msi_absent_ops : dom->ops;
}

/*
 * Raise the interrupt if a message came in while the slot was masked and the device
 * does not send it after unmasking.
 */
void device_msi_raise_missed(const struct device_msi_ops *ops,
			     struct device_msi_irq *irq)
{
	if (ops->test_clear_missed && ops->test_clear_missed(&irq->desc))
		irq_chip_retrigger_hierarchy(irq->data);
}

/* Unmask a slot that may send */
void device_msi_unmask_slot(const struct device_msi_ops *ops,
			    struct device_msi_irq *irq)
{
	device_msi_update_direct(irq);
	ops->unmask(&irq->desc);
	device_msi_raise_missed(ops, irq);
}

/*
 * Write a message to the shadow and the slot. The listener is code of the driver, so
 * it is not called once the driver has gone.
 */
void device_msi_write(const struct device_msi_ops *ops,
		      struct device_msi_irq *irq, const struct msi_msg *msg)
{
	struct device_msi_domain *dom = irq->owner->dom;
	const struct device_msi_listener *listener = &dom->info.listener;
	bool changed = memcmp(msg, &irq->msg, sizeof(*msg));

	irq->msg = *msg;
	device_msi_update_direct(irq);
	ops->write_msg(&irq->desc, msg);
	if (listener->msg_changed && changed && !irq->orphaned)
		listener->msg_changed(listener->data, irq->desc.consumer,
				      irq->desc.index, msg);
}

/* Mask and empty a slot: then nothing that the device does with it can reach a CPU */
void device_msi_clear_slot(const struct device_msi_ops *ops,
			   struct device_msi_irq *irq)
{
	static const struct msi_msg none;

	ops->mask(&irq->desc);
	if (!device_msi_msg_is_empty(&irq->msg))
		device_msi_write(ops, irq, &none);
}

/*
 * Check a message that the parent has composed, and have the provider translate it.
 * @error is why it could not be composed, or 0. Return: 0, or an error of the parent, the
 * provider or the store, which is in the log.
 */
int device_msi_accept_msg(struct device_msi_domain *dom,
			  struct device_msi_irq *irq, struct irq_data *d,
			  struct msi_msg *msg, int error)
{
	int ret = error;

	if (!ret)
		ret = device_msi_parent_translate(&dom->parent, &dom->msi, d, msg);
	if (!ret && dom->ops->check_msg)
		ret = dom->ops->check_msg(&irq->desc, msg);
	if (ret)
		dev_err_ratelimited(dom->dev,
				    "slot %u stays masked, no message could be made for irq %u: %pe; free and request it again\n",
				    irq->desc.index, d->irq, ERR_PTR(ret));
	return ret;
}

/* Compose the message of an interrupt. Return: as device_msi_accept_msg() */
int device_msi_compose_msg(struct device_msi_domain *dom,
			   struct device_msi_irq *irq, struct irq_data *d,
			   struct msi_msg *msg)
{
	return device_msi_accept_msg(dom, irq, d, msg,
				     device_msi_parent_msg(&dom->parent, d, msg));
}

/**
 * device_msi_restore_slot() - Write the shadow to a slot, whatever the slot holds
 * @irq:	the slot's interrupt, for which the kernel has an irq
 *
 * Context: The descriptor's raw lock held, interrupts off; the device can be
 * accessed.
 * Return: 0, or an error of the store: the slot is not unmasked then.
 */
int device_msi_restore_slot(struct device_msi_irq *irq)
{
	const struct device_msi_ops *ops = irq->owner->dom->ops;
	int ret;

	ret = ops->restore(&irq->desc, &irq->msg);
	irq->stale = !!ret;
	if (!ret) {
		/* Without its sideband a message may reach the wrong address space */
		if (ops->set_sideband)
			ret = ops->set_sideband(&irq->desc);
		irq->held = !!ret;
	}
	device_msi_update_direct(irq);
	if (irq->stale)
		return ret;
	if (device_msi_may_send(irq))
		device_msi_unmask_slot(ops, irq);
	return ret;
}
