// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupts of a domain: the driver allocates and frees them, and finds their
 * descriptors.
 */
#include "internals.h"

#include <linux/cpumask.h>
#include <linux/irqdesc.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/slab.h>

/* struct ims_62_irq by interrupt number; readers use RCU */
static DEFINE_XARRAY(ims_62_irqs);

/* An irq_data whose domain has these operations is ours, not the kernel's */
const struct irq_domain_ops ims_62_domain_ops = {
};

static struct ims_62_irq *ims_62_irq_new(struct ims_62_domain *domain,
					 const union ims_62_icookie *icookie,
					 const struct irq_affinity_desc *affdesc)
{
	struct ims_62_irq *irq;

	irq = kzalloc(sizeof(*irq), GFP_KERNEL);
	if (!irq)
		return NULL;
	refcount_set(&irq->ref, 1);
	refcount_inc(&domain->ref);
	irq->domain = domain;
	if (icookie)
		irq->icookie = *icookie;
	irq->desc.nvec_used = 1;
	irq->desc.dev = &domain->pdev->dev;
	if (affdesc) {
		irq->affinity = *affdesc;
		irq->desc.affinity = &irq->affinity;
	}
	irq->data.common = &irq->common;
	irq->data.chip = &domain->template.chip;
	irq->data.domain = &domain->domain;
	return irq;
}

void ims_62_irq_put(struct ims_62_irq *irq)
{
	if (!refcount_dec_and_test(&irq->ref))
		return;
	ims_62_domain_put(irq->domain);
	kfree_rcu(irq, rcu);
}

/* The core has chosen the slot of domain->next: have the driver prepare it */
int ims_62_irq_begin(struct ims_62_domain *domain, unsigned int index)
{
	struct ims_62_irq *irq = domain->next;
	struct ims_62_ops *ops = &domain->template.ops;
	msi_alloc_info_t arg = { .hwirq = index };
	int ret;

	ret = xa_err(xa_store(&domain->irqs, index, irq, GFP_KERNEL));
	if (ret)
		return ret;
	refcount_inc(&irq->ref);
	irq->masked = true;
	irq->started = false;
	irq->carried = false;
	irq->held = false;
	irq->desc.msi_index = index;
	irq->desc.data.dcookie = (union ims_62_dcookie){};
	irq->desc.data.icookie = irq->icookie;
	if (ops->prepare_desc)
		ops->prepare_desc(&domain->domain, &arg, &irq->desc);
	irq->data.hwirq = arg.hwirq;
	return 0;
}

/* The slot is free again */
void ims_62_irq_end(struct ims_62_irq *irq)
{
	/* By now another interrupt may have the number */
	if (irq->desc.irq)
		xa_cmpxchg(&ims_62_irqs, irq->desc.irq, irq, NULL, GFP_KERNEL);
	xa_erase(&irq->domain->irqs, irq->desc.msi_index);
	ims_62_irq_put(irq);
}

/* The interrupt of a number, referenced; NULL if it is none of ours */
struct ims_62_irq *ims_62_irq_get(unsigned int virq)
{
	struct ims_62_irq *irq;

	rcu_read_lock();
	irq = xa_load(&ims_62_irqs, virq);
	if (irq && !refcount_inc_not_zero(&irq->ref))
		irq = NULL;
	rcu_read_unlock();
	return irq;
}

static bool ims_62_is_requested(const struct ims_62_irq *irq)
{
	struct irq_data *data = irq_get_irq_data(irq->desc.irq);

	return data && irq_desc_has_action(irq_data_to_desc(data));
}

unsigned int ims_62_count_requested(struct ims_62_domain *domain)
{
	struct ims_62_irq *irq;
	unsigned int nr = 0;
	unsigned long index;

	xa_for_each(&domain->irqs, index, irq) {
		nr += ims_62_is_requested(irq);
		cond_resched();
	}
	return nr;
}

/* The queue store does not give back the slots of a driver that has unbound */
void ims_62_irq_end_all(struct ims_62_domain *domain)
{
	struct ims_62_irq *irq;
	unsigned long index;

	xa_for_each(&domain->irqs, index, irq) {
		ims_62_irq_end(irq);
		cond_resched();
	}
}

/* The interrupt of @irq is allocated: let the driver find it by its number */
static int ims_62_irq_number(struct ims_62_irq *irq, unsigned int virq)
{
	irq->data.irq = virq;
	WRITE_ONCE(irq->desc.irq, virq);
	return xa_err(xa_store(&ims_62_irqs, virq, irq, GFP_KERNEL));
}

static struct msi_map ims_62_alloc(struct ims_62_domain *domain,
				   struct ims_62_irq *irq)
{
	struct device_msi_req req = { .affinity = irq->desc.affinity };
	struct device *dev = &domain->pdev->dev;
	struct msi_map map;
	int ret;

	mutex_lock(&domain->lock);
	domain->next = irq;
	map = device_msi_alloc_irq(domain->msi, dev, &req);
	domain->next = NULL;
	if (map.index >= 0) {
		ret = ims_62_irq_number(irq, map.virq);
		if (ret) {
			device_msi_free_irq(domain->msi, dev, map);
			map.index = ret;
		}
	}
	mutex_unlock(&domain->lock);
	if (map.index < 0)
		map.virq = 0;
	return map;
}

/**
 * ims_62_alloc_irq() - pci_ims_alloc_irq()
 * @pdev:	the function
 * @icookie:	for the driver's callbacks, as data.icookie of the descriptor, or NULL;
 *		copied
 * @affdesc:	CPUs to start on, or NULL; copied
 *
 * Calls prepare_desc(), and of a direct chip irq_mask() and irq_write_msi_msg() with an
 * empty message; no callback of a chip with irq_bus_lock().
 *
 * Context: Process context, may sleep. Not in a callback of the driver's chip.
 * Return: the slot's number in index and the number for request_irq() in virq; or in index
 * -ENODEV without a domain, -ENOMEM, -ENOSPC if all slots or messages are in use, or
 * another errno of device_msi_alloc_irq(), and 0 in virq.
 */
struct msi_map ims_62_alloc_irq(struct pci_dev *pdev,
				const union ims_62_icookie *icookie,
				const struct irq_affinity_desc *affdesc)
{
	struct msi_map map = { .index = -ENODEV };
	struct ims_62_domain *domain;
	struct ims_62_irq *irq;

	domain = ims_62_domain_get(pdev);
	if (!domain)
		return map;
	map.index = -ENOMEM;
	irq = ims_62_irq_new(domain, icookie, affdesc);
	if (irq) {
		map = ims_62_alloc(domain, irq);
		ims_62_irq_put(irq);
	}
	ims_62_domain_put(domain);
	return map;
}
EXPORT_SYMBOL_GPL(ims_62_alloc_irq);

/**
 * ims_62_free_irq() - pci_ims_free_irq()
 * @pdev:	the function
 * @map:	what pci_ims_alloc_irq() returned
 *
 * The caller has called free_irq() before: an interrupt that is requested is not freed,
 * which is in the kernel log with a warning.
 *
 * Context: Process context, may sleep. Not in a callback of the driver's chip.
 */
void ims_62_free_irq(struct pci_dev *pdev, struct msi_map map)
{
	struct ims_62_domain *domain;

	if (WARN_ON_ONCE(map.index < 0 || map.virq <= 0))
		return;
	domain = ims_62_domain_get(pdev);
	if (!domain)
		return;
	device_msi_free_irq(domain->msi, &pdev->dev, map);
	ims_62_domain_put(domain);
}
EXPORT_SYMBOL_GPL(ims_62_free_irq);

/**
 * ims_62_get_virq() - msi_domain_get_virq()
 * @dev:	the function
 * @domid:	%IMS_62_SECONDARY_DOMAIN for its IMS, %IMS_62_DEFAULT_DOMAIN for its MSI or
 *		MSI-X
 * @index:	the slot's number
 *
 * Context: Process context, may sleep.
 * Return: the interrupt's number, 0 if there is none.
 */
unsigned int ims_62_get_virq(struct device *dev, unsigned int domid,
			     unsigned int index)
{
	struct ims_62_domain *domain;
	int virq;

	if (WARN_ON_ONCE(!dev_is_pci(dev) || domid > IMS_62_SECONDARY_DOMAIN))
		return 0;
	if (domid == IMS_62_DEFAULT_DOMAIN)
		return max(pci_irq_vector(to_pci_dev(dev), index), 0);
	domain = ims_62_domain_get(to_pci_dev(dev));
	if (!domain)
		return 0;
	virq = device_msi_virq(domain->msi, index);
	ims_62_domain_put(domain);
	return max(virq, 0);
}
EXPORT_SYMBOL_GPL(ims_62_get_virq);

/**
 * ims_62_desc_of_irq() - irq_get_msi_desc()
 * @irq:	an interrupt's number
 *
 * Context: Any. The descriptor is valid until the interrupt is freed.
 * Return: the descriptor of an interrupt of pci_ims_alloc_irq(); NULL for any other, also
 * of MSI-X.
 */
struct ims_62_desc *ims_62_desc_of_irq(unsigned int irq)
{
	struct ims_62_irq *ours;

	rcu_read_lock();
	ours = xa_load(&ims_62_irqs, irq);
	rcu_read_unlock();
	return ours ? &ours->desc : NULL;
}
EXPORT_SYMBOL_GPL(ims_62_desc_of_irq);

/**
 * ims_62_desc_of_data() - irq_data_get_msi_desc()
 * @d:		what a callback of the driver's chip has got, or an interrupt's irq_data of
 *		the kernel's
 *
 * Context: Any. The descriptor is valid until the interrupt is freed.
 * Return: as ims_62_desc_of_irq().
 */
struct ims_62_desc *ims_62_desc_of_data(struct irq_data *d)
{
	if (d->domain && d->domain->ops == &ims_62_domain_ops)
		return &container_of(d, struct ims_62_irq, data)->desc;
	return ims_62_desc_of_irq(d->irq);
}
EXPORT_SYMBOL_GPL(ims_62_desc_of_data);
