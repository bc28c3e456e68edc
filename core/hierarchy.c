// SPDX-License-Identifier: GPL-2.0-only
/*
 * The irq_domain callbacks: how an irq is bound to a slot, and when the slot gets its
 * message.
 */
#include "internals.h"
#include "offline.h"

#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>

#include "../compat/compat.h"

static int device_msi_domain_translate(struct irq_domain *d,
				       struct irq_fwspec *fwspec,
				       unsigned long *hwirq, unsigned int *type)
{
	*hwirq = fwspec->param[0];
	*type = IRQ_TYPE_NONE;
	return 0;
}

/**
 * device_msi_attach() - Bind an irq to a slot
 * @irq:	the slot's interrupt
 * @d:		our irq_data of the irq, which is allocated in the parent
 *
 * Does what irq_domain_set_info() does, which looks the irq up three times.
 * irq_domain_set_hwirq_and_chip() is called once per chip: since v7.1 it has
 * /proc/interrupts make room for the chip's name.
 */
void device_msi_attach(struct device_msi_irq *irq, struct irq_data *d)
{
	struct device_msi_domain *dom = irq->owner->dom;
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;

	if (!dom->chip_known)
		irq_domain_set_hwirq_and_chip(dom->domain, d->irq,
					      irq->desc.index, &dom->chip, irq);
	dom->chip_known = true;

	raw_spin_lock_irqsave(&desc->lock, flags);
	d->hwirq = irq->desc.index;
	d->chip_data = irq;
	d->common->msi_desc = &dom->msi;
	if (dom->parent.ops->flow_handler)
		irq_set_chip_handler_name_locked(d, &dom->chip,
						 dom->parent.ops->flow_handler,
						 "edge");
	else
		d->chip = &dom->chip;	/* the parent has set a flow handler */
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	irq->data = d;
}

static int device_msi_domain_alloc(struct irq_domain *d, unsigned int virq,
				   unsigned int nr_irqs, void *arg)
{
	struct device_msi_domain *dom = d->host_data;
	struct irq_fwspec *fwspec = arg;
	struct device_msi_irq *irq = dom->mapping;

	if (nr_irqs > 1)
		return device_msi_block_fill(&dom->parent, &dom->msi, d, virq,
					     arg);
	if (WARN_ON_ONCE(!irq || irq->desc.index != fwspec->param[0]))
		return -EINVAL;

	compat_irq_set_node(virq, dev_to_node(irq->desc.consumer));
	dom->alloc_error = device_msi_parent_alloc(&dom->parent, &dom->msi,
						   d, virq);
	if (dom->alloc_error)
		return dom->alloc_error;

	device_msi_attach(irq, irq_get_irq_data(virq));
	WRITE_ONCE(dom->number_hint, virq + 1);
	if (device_msi_moves_by_commit(dom))
		compat_irq_move_now(virq);
	return 0;
}

/*
 * Return: our irq_data of an irq, without a look-up if the core is disposing of it.
 * The irq may be another, such as a spare of this domain that a request in another
 * domain disposes of.
 */
static struct irq_data *device_msi_data_to_free(struct device_msi_domain *dom,
						unsigned int virq)
{
	if (READ_ONCE(dom->freed.virq) == virq)
		return dom->freed.data;
	return irq_get_irq_data(virq);
}

static void device_msi_domain_free(struct irq_domain *d, unsigned int virq,
				   unsigned int nr_irqs)
{
	struct device_msi_domain *dom = d->host_data;
	struct irq_data *data = device_msi_data_to_free(dom, virq);
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(data);
	bool disposed = irq && irq->mapped;

	if (!irq && !device_msi_is_unused(data))
		device_msi_spare_was_disposed(dom, data);
	else if (disposed)
		device_msi_irq_was_disposed(irq);
	else if (irq)
		irq->data = NULL;
	data->common->msi_desc = NULL;
	irq_domain_reset_irq_data(data);
	device_msi_parent_free(&dom->parent, &dom->msi, d, virq);
	/*
	 * The lowest number that the domain has freed, so that numbers do not creep
	 * up.
	 */
	if (virq < dom->number_hint)
		WRITE_ONCE(dom->number_hint, virq);
	if (!disposed)
		return;
	/* device_msi_lock() collects it, or a work if nobody locks the domain */
	irq->mapped = false;
	irq->disposed = true;
	WRITE_ONCE(dom->disposed, true);
	device_msi_collect_soon(dom);
}

static int device_msi_domain_activate(struct irq_domain *d,
				      struct irq_data *irqd, bool early)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(irqd);
	struct device_msi_domain *dom = d->host_data;
	const struct device_msi_ops *ops;
	struct msi_msg msg;
	int ret;

	if (WARN_ON_ONCE(!irq))	/* started by its number, but not allocated */
		return -EINVAL;
	irq->had_vector = true;	/* the kernel activates parents before their child */
	if (device_msi_lacks_pasid(dom, &irq->desc.sideband)) {
		dev_err_ratelimited(dom->dev,
				    "slot %u started without a PASID; call device_msi_set_pasid() first\n",
				    irq->desc.index);
		return -EINVAL;
	}
	ret = device_msi_compose_msg(dom, irq, irqd, &msg);
	if (ret)
		return ret;
	irq->activated = true;
	irq->no_msg = false;
	irq->target = DEVICE_MSI_NO_CPU;	/* the message below is of the CPU that it is on */
	device_msi_parent_enable(&dom->parent, irqd);
	ops = device_msi_ops_for(irq);
	device_msi_write(ops, irq, &msg);
	/*
	 * The kernel does not unmask if enable_irq() was called before request_irq().
	 */
	if (device_msi_may_send(irq))
		device_msi_unmask_slot(ops, irq);
	return 0;
}

static void device_msi_domain_deactivate(struct irq_domain *d,
					 struct irq_data *irqd)
{
	struct device_msi_irq *irq = irq_data_get_irq_chip_data(irqd);

	if (WARN_ON_ONCE(!irq))
		return;
	irq->activated = false;
	device_msi_record_cpu(irq);
	device_msi_clear_slot(device_msi_ops_for(irq), irq);
	/* The kernel deactivates the parents after their child */
	device_msi_parent_disable(&irq->owner->dom->parent, irqd);
}

const struct irq_domain_ops device_msi_domain_ops = {
	.translate	= device_msi_domain_translate,
	.alloc		= device_msi_domain_alloc,
	.free		= device_msi_domain_free,
	.activate	= device_msi_domain_activate,
	.deactivate	= device_msi_domain_deactivate,
};
