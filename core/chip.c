// SPDX-License-Identifier: GPL-2.0-only
/*
 * The irq_chip and the irq_domain callbacks: what the kernel asks of one
 * interrupt, turned into what the store does to one slot.
 *
 * On delivery the store is never touched: handle_edge_irq() calls the parent's
 * ack through irq_chip_ack_parent() and the driver's handler.
 */
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/string.h>

#include "internals.h"

static const struct device_msi_ops *device_msi_ops(struct irq_data *d)
{
	return device_msi_domain_of(d)->ops;
}

static void device_msi_mask(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);

	device_msi_ops(d)->mask(&irq->desc);
}

static void device_msi_unmask(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);

	if (unlikely(device_msi_must_not_send(irq)))
		return;
	device_msi_ops(d)->unmask(&irq->desc);
}

static void device_msi_write(const struct device_msi_ops *ops,
			     struct device_msi_irq *irq,
			     const struct msi_msg *msg)
{
	irq->msg = *msg;
	ops->write_msg(&irq->desc, msg);
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
	device_msi_write(ops, irq, &none);
}

static int device_msi_make_msg(struct device_msi_domain *dom,
			       struct device_msi_irq *irq, struct irq_data *d,
			       struct msi_msg *msg)
{
	int ret = device_msi_parent_msg(&dom->parent, &dom->msi, d, msg);

	if (ret)
		dev_err(dom->dev,
			"device MSI: slot %u stays masked, no message could be made for irq %u: %pe; free and request it again\n",
			irq->desc.index, d->irq, ERR_PTR(ret));
	return ret;
}

/*
 * A move inside the parent. With interrupt remapping the message stays as it
 * is (IRQ_SET_MASK_OK_DONE). Without, the kernel has masked us before it calls
 * (IRQCHIP_MOVE_DEFERRED, or the default before that flag existed), and the
 * message needs to go out only if it did change: startup calls this with the
 * CPU that activation has chosen a moment ago.
 */
static int device_msi_set_affinity(struct irq_data *d,
				   const struct cpumask *mask, bool force)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct device_msi_domain *dom = device_msi_domain_of(d);
	struct msi_msg msg;
	int ret, err;

	ret = irq_chip_set_affinity_parent(d, mask, force);
	if (ret < 0 || ret == IRQ_SET_MASK_OK_DONE || READ_ONCE(dom->removed))
		return ret;

	err = device_msi_make_msg(dom, irq, d, &msg);
	irq->no_msg = !!err;
	if (err) {
		device_msi_clear_slot(dom->ops, irq);
		return err;
	}
	if (memcmp(&msg, &irq->msg, sizeof(msg)))
		device_msi_write(dom->ops, irq, &msg);
	return ret;
}

/*
 * request_irq() begins, in process context. The last moment to refuse: a
 * managed interrupt is activated where nothing can fail any more.
 */
static int device_msi_request(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);
	struct device_msi_domain *dom = device_msi_domain_of(d);
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;
	bool lacks_pasid;

	raw_spin_lock_irqsave(&desc->lock, flags);
	lacks_pasid = device_msi_lacks_pasid(dom, &irq->desc.sideband);
	WRITE_ONCE(irq->requested, !lacks_pasid);
	irq->activated = false;
	raw_spin_unlock_irqrestore(&desc->lock, flags);

	if (lacks_pasid) {
		dev_err(dom->dev,
			"device MSI: slot %u requested without a PASID; call device_msi_set_pasid() first\n",
			irq->desc.index);
		return -EINVAL;
	}
	device_msi_sysfs_request(d);
	return 0;
}

/*
 * free_irq() ends: it is deactivated, and its handler is gone. Or request_irq()
 * failed: then say what the kernel does not. A managed interrupt is activated
 * only when one of its CPUs is online.
 */
static void device_msi_release(struct irq_data *d)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);

	if (!irq->activated && !irqd_affinity_is_managed(d))
		dev_err(device_msi_domain_of(d)->dev,
			"device MSI: slot %u: irq %u got no vector of a CPU; request fewer at a time, or allow more CPUs\n",
			irq->desc.index, d->irq);
	device_msi_sysfs_release(d);
	WRITE_ONCE(irq->requested, false);
}

/*
 * Whether a message waits is the store's to know; what happens behind the
 * message, such as an interrupt in service, the parent's. The kernel's
 * irq_chip_get_parent_state() reports success if the parent does not know.
 */
static int device_msi_get_state(struct irq_data *d,
				enum irqchip_irq_state which, bool *state)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);

	switch (which) {
	case IRQCHIP_STATE_PENDING:
		if (!device_msi_ops(d)->get_pending)
			break;
		*state = device_msi_ops(d)->get_pending(&irq->desc);
		return 0;
	case IRQCHIP_STATE_MASKED:
		*state = !device_msi_may_send(irq);
		return 0;
	default:
		break;
	}
	for (d = d->parent_data; d; d = d->parent_data)
		if (d->chip && d->chip->irq_get_irqchip_state)
			return d->chip->irq_get_irqchip_state(d, which, state);
	return -EOPNOTSUPP;
}

static int device_msi_set_state(struct irq_data *d,
				enum irqchip_irq_state which, bool state)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(d);

	if (which == IRQCHIP_STATE_PENDING && device_msi_ops(d)->set_pending)
		return device_msi_ops(d)->set_pending(&irq->desc, state);
	for (d = d->parent_data; d; d = d->parent_data)
		if (d->chip && d->chip->irq_set_irqchip_state)
			return d->chip->irq_set_irqchip_state(d, which, state);
	return -EOPNOTSUPP;
}

/**
 * device_msi_chip_init() - Fill in the domain's irq_chip
 * @dom:	a domain with its parent found and its name allocated
 *
 * The chip is per domain because /proc/interrupts shows its name, and because
 * the parent decides how interrupts move.
 */
void device_msi_chip_init(struct device_msi_domain *dom)
{
	struct irq_chip *chip = &dom->chip;

	chip->irq_ack = irq_chip_ack_parent;
	chip->irq_mask = device_msi_mask;
	chip->irq_unmask = device_msi_unmask;
	chip->irq_retrigger = irq_chip_retrigger_hierarchy;
	chip->irq_set_affinity = device_msi_set_affinity;
	/* Posted interrupts: the parent then sends to a virtual CPU */
	chip->irq_set_vcpu_affinity = irq_chip_set_vcpu_affinity_parent;
	chip->irq_request_resources = device_msi_request;
	chip->irq_release_resources = device_msi_release;
	chip->irq_get_irqchip_state = device_msi_get_state;
	chip->irq_set_irqchip_state = device_msi_set_state;
	/* The flags of MSI-X in the kernel, and what the parent adds */
	chip->flags = IRQCHIP_SKIP_SET_WAKE | IRQCHIP_ONESHOT_SAFE |
		      IRQCHIP_AFFINITY_PRE_STARTUP |
		      dom->parent.ops->chip_flags;
}

static int device_msi_domain_translate(struct irq_domain *d,
				       struct irq_fwspec *fwspec,
				       unsigned long *hwirq, unsigned int *type)
{
	*hwirq = fwspec->param[0];
	*type = IRQ_TYPE_NONE;
	return 0;
}

static int device_msi_domain_alloc(struct irq_domain *d, unsigned int virq,
				   unsigned int nr_irqs, void *arg)
{
	struct device_msi_domain *dom = d->host_data;
	struct irq_fwspec *fwspec = arg;
	struct device_msi_irq *irq = xa_load(&dom->irqs, fwspec->param[0]);

	if (WARN_ON_ONCE(!irq || nr_irqs != 1))
		return -EINVAL;

	dom->alloc_error = device_msi_parent_alloc(&dom->parent, &dom->msi,
						   d, virq);
	if (dom->alloc_error)
		return dom->alloc_error;

	/* As irq_domain_set_info(), which looks the number up three times */
	irq->data = irq_get_irq_data(virq);
	irq->data->hwirq = irq->desc.index;
	irq->data->chip_data = irq;
	irq->data->common->msi_desc = &dom->msi;
	irq_set_chip_handler_name_locked(irq->data, &dom->chip,
					 dom->parent.ops->flow_handler, "edge");
	return 0;
}

static void device_msi_domain_free(struct irq_domain *d, unsigned int virq,
				   unsigned int nr_irqs)
{
	struct irq_data *data = irq_get_irq_data(virq);
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(data);
	struct device_msi_domain *dom = d->host_data;

	irq->data = NULL;
	data->common->msi_desc = NULL;
	irq_domain_reset_irq_data(data);
	device_msi_parent_free(&dom->parent, &dom->msi, d, virq);
}

static int device_msi_domain_activate(struct irq_domain *d,
				      struct irq_data *irqd, bool early)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(irqd);
	struct device_msi_domain *dom = d->host_data;
	struct msi_msg msg;
	int ret;

	irq->activated = true;	/* our parents were, before us */
	ret = device_msi_make_msg(dom, irq, irqd, &msg);
	if (ret)
		return ret;
	irq->no_msg = false;
	device_msi_write(dom->ops, irq, &msg);
	return 0;
}

static void device_msi_domain_deactivate(struct irq_domain *d,
					 struct irq_data *irqd)
{
	struct device_msi_domain *dom = d->host_data;

	device_msi_clear_slot(dom->ops, irq_data_get_irq_chip_data(irqd));
}

const struct irq_domain_ops device_msi_domain_ops = {
	.translate	= device_msi_domain_translate,
	.alloc		= device_msi_domain_alloc,
	.free		= device_msi_domain_free,
	.activate	= device_msi_domain_activate,
	.deactivate	= device_msi_domain_deactivate,
};
