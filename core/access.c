// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the core reaches a slot of the store, and what becomes of a change while the
 * device cannot be reached: asleep, quiesced, or gone. Then the shadow alone
 * changes, and the slot is stale until it is written again.
 */
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/string.h>

#include "internals.h"

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

/* In place of the store's, where neither device nor driver may be touched */
const struct device_msi_ops device_msi_absent_ops = {
	.write_msg	= device_msi_absent_write,
	.mask		= device_msi_absent,
	.unmask		= device_msi_absent,
	.set_sideband	= device_msi_absent_sideband,
};

/*
 * The store's own chip callbacks change a slot without asking here only as long as
 * nothing forbids it. Whoever changes what this looks at calls it, under the same
 * lock: the message, held, no_msg, stale and orphaned.
 */
static void device_msi_update_direct(struct device_msi_irq *irq)
{
	bool direct = !irq->stale && !irq->orphaned &&
		      !device_msi_must_not_send(irq);

	irq->desc.direct = direct ? DEVICE_MSI_DIRECT : 0;
}

/* From now on the shadow alone changes */
void device_msi_set_stale(struct device_msi_irq *irq)
{
	irq->stale = true;
	irq->desc.direct = 0;
}

/* The device can be accessed, and its store holds what was last written to it */
bool device_msi_reachable(const struct device_msi_domain *dom)
{
	return !READ_ONCE(dom->quiesced) &&
	       device_msi_device_reachable(dom->dev);
}

/*
 * The device woke up, and its driver has not restored the store, perhaps as the
 * device keeps it: write this slot again, for the kernel has changed it meanwhile.
 */
static void device_msi_refresh(struct device_msi_irq *irq)
{
	const struct device_msi_ops *ops = irq->owner->dom->ops;

	/* A deferred store knows what its device has, unless that was reset */
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
		device_msi_let_send(ops, irq);
}

/**
 * device_msi_ops_for() - The operations to change a slot with
 * @irq:	its interrupt
 *
 * Context: The descriptor's raw lock held, interrupts off.
 * Return: those of the store; or, while the device cannot be reached, some that do
 * nothing: the slot is then stale, and the caller changes the shadow.
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

/* A message that came in while the slot was masked arrives, by the device or by us */
void device_msi_raise_missed(const struct device_msi_ops *ops,
			     struct device_msi_irq *irq)
{
	if (ops->take_missed && ops->take_missed(&irq->desc))
		irq_chip_retrigger_hierarchy(irq->data);
}

void device_msi_let_send(const struct device_msi_ops *ops,
			 struct device_msi_irq *irq)
{
	device_msi_update_direct(irq);
	ops->unmask(&irq->desc);
	device_msi_raise_missed(ops, irq);
}

/* A listener is part of the driver: it hears nothing once that has gone */
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

/*
 * Masked and without a message: nothing that the device does with this slot
 * can reach a CPU.
 */
void device_msi_clear_slot(const struct device_msi_ops *ops,
			   struct device_msi_irq *irq)
{
	static const struct msi_msg none;

	ops->mask(&irq->desc);
	if (!device_msi_msg_is_empty(&irq->msg))
		device_msi_write(ops, irq, &none);
}

int device_msi_make_msg(struct device_msi_domain *dom,
			struct device_msi_irq *irq, struct irq_data *d,
			struct msi_msg *msg)
{
	int ret = device_msi_parent_msg(&dom->parent, &dom->msi, d, msg);

	if (!ret && dom->ops->check_msg)
		ret = dom->ops->check_msg(&irq->desc, msg);
	if (ret)
		dev_err_ratelimited(dom->dev,
				    "device MSI: slot %u stays masked, no message could be made for irq %u: %pe; free and request it again\n",
				    irq->desc.index, d->irq, ERR_PTR(ret));
	return ret;
}

/**
 * device_msi_restore_slot() - Make a slot what the shadow says, whatever it holds
 * @irq:	its interrupt, which the kernel knows
 *
 * Context: The descriptor's raw lock held, interrupts off; the device can be
 * accessed.
 * Return: 0, or an error of the store: the slot is not unmasked.
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
		device_msi_let_send(ops, irq);
	return ret;
}
