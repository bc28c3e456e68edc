// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store of a chip with irq_bus_lock() or irq_bus_sync_unlock(): a queue store, whose
 * command is what irq_bus_sync_unlock() does. Between the two the other callbacks write
 * down what that command carries.
 */
#include "internals.h"

#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/sched.h>

#define IMS_62_MASK_BIT		BIT(0)

static void *ims_62_queue_get_shadow(void *priv, struct device *consumer,
				     unsigned int index)
{
	struct ims_62_domain *domain = priv;
	struct ims_62_irq *irq = domain->next;
	int ret;

	if (WARN_ON_ONCE(!irq))
		return ERR_PTR(-EINVAL);
	ret = ims_62_irq_begin(domain, index);
	if (ret)
		return ERR_PTR(ret);
	return &irq->shadow;
}

static void ims_62_queue_put_shadow(void *priv,
				    const struct ims_queue_entry *entry)
{
	ims_62_irq_end(container_of((struct ims_62_shadow *)entry->shadow,
				    struct ims_62_irq, shadow));
}

/*
 * The store masks and empties a slot when it is allocated. Linux sent no command then: the
 * device hears of a slot first when its interrupt is requested.
 */
static bool ims_62_is_silent(const struct ims_62_irq *irq)
{
	const struct ims_62_shadow *shadow = &irq->shadow;

	return !irq->carried && !shadow->address_lo && !shadow->address_hi &&
	       !shadow->data && shadow->ctrl & IMS_62_MASK_BIT;
}

/*
 * What is written down is all of the slot, each time: after a command that failed, or a
 * reset, the device may hold anything.
 */
static void ims_62_queue_command(struct ims_62_irq *irq)
{
	const struct irq_chip *chip = &irq->domain->template.chip;
	const struct ims_62_shadow *shadow = &irq->shadow;
	bool masked = irq->held || shadow->ctrl & IMS_62_MASK_BIT;
	struct msi_msg msg = {
		.address_lo	= shadow->address_lo,
		.address_hi	= shadow->address_hi,
		.data		= shadow->data,
	};

	lockdep_assert_held(&irq->domain->command);
	irq->carried = true;
	if (chip->irq_bus_lock)
		chip->irq_bus_lock(&irq->data);
	if (masked)
		ims_62_call_mask(irq);
	ims_62_call_write(irq, &msg);
	if (!masked)
		ims_62_call_unmask(irq);
	if (chip->irq_bus_sync_unlock)
		chip->irq_bus_sync_unlock(&irq->data);
}

/* Return: 0, or -ENODEV if the driver has unbound */
static int ims_62_queue_sync_one(struct ims_62_irq *irq)
{
	struct ims_62_domain *domain = irq->domain;
	int ret = 0;

	mutex_lock(&domain->command);
	if (irq->shadow.ctrl & IMS_62_MASK_BIT)
		irq->held = false;
	if (READ_ONCE(domain->gone))
		ret = -ENODEV;
	else if (!ims_62_is_silent(irq))
		ims_62_queue_command(irq);
	mutex_unlock(&domain->command);
	return ret;
}

static int ims_62_queue_sync(void *priv, const struct ims_queue_entry *entries,
			     unsigned int nr)
{
	struct ims_62_shadow *shadow;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < nr && !ret; i++) {
		shadow = entries[i].shadow;
		ret = ims_62_queue_sync_one(container_of(shadow,
							 struct ims_62_irq,
							 shadow));
		cond_resched();
	}
	return ret;
}

const struct ims_queue_ops ims_62_queue_ops = {
	.get_shadow	= ims_62_queue_get_shadow,
	.put_shadow	= ims_62_queue_put_shadow,
	.sync		= ims_62_queue_sync,
};

/*
 * disable_irq() masks at once only with IRQ_DISABLE_UNLAZY. The queue store does not, as
 * the kernel keeps what arrives; Linux 6.2 had the device masked when disable_irq()
 * returned.
 */
static void ims_62_queue_hold(struct ims_62_irq *irq)
{
	struct irq_data *d = irq_get_irq_data(irq->desc.irq);
	struct ims_62_domain *domain = irq->domain;
	bool held;

	mutex_lock(&domain->command);
	held = d && irqd_irq_disabled(d) && irqd_irq_masked(d) &&
	       !(irq->shadow.ctrl & IMS_62_MASK_BIT);
	if (held != irq->held && !READ_ONCE(domain->gone)) {
		irq->held = held;
		ims_62_queue_command(irq);
	}
	mutex_unlock(&domain->command);
}

/*
 * disable_irq() or enable_irq() has returned: if the interrupt is of a queue, have the
 * device mask its slot, or unmask it
 */
static void ims_62_queue_follow(unsigned int virq, bool enabled)
{
	struct ims_62_irq *irq = ims_62_irq_get(virq);

	if (!irq)
		return;
	if (ims_62_is_queue(&irq->domain->template.chip)) {
		ims_62_queue_hold(irq);
		if (enabled)
			device_msi_synchronize(irq->domain->msi);
	}
	ims_62_irq_put(irq);
}

/**
 * ims_62_disable_irq() - disable_irq()
 * @irq:	an interrupt, of this module or another
 *
 * Context: As disable_irq(). Of an interrupt whose chip has irq_bus_lock(): process
 * context, may sleep, as in Linux 6.2; neither in the interrupt's handler nor in a callback
 * of the driver's chip.
 */
void ims_62_disable_irq(unsigned int irq)
{
	disable_irq(irq);
	ims_62_queue_follow(irq, false);
}
EXPORT_SYMBOL_GPL(ims_62_disable_irq);

/**
 * ims_62_disable_irq_nosync() - disable_irq_nosync()
 * @irq:	an interrupt, of this module or another
 *
 * Context: As disable_irq_nosync(). Of an interrupt whose chip has irq_bus_lock(): as
 * ims_62_disable_irq().
 */
void ims_62_disable_irq_nosync(unsigned int irq)
{
	disable_irq_nosync(irq);
	ims_62_queue_follow(irq, false);
}
EXPORT_SYMBOL_GPL(ims_62_disable_irq_nosync);

/**
 * ims_62_enable_irq() - enable_irq()
 * @irq:	an interrupt, of this module or another
 *
 * Of an interrupt whose chip has irq_bus_lock(), it waits until the device has the slot.
 *
 * Context: As enable_irq(). Of an interrupt whose chip has irq_bus_lock(): as
 * ims_62_disable_irq().
 */
void ims_62_enable_irq(unsigned int irq)
{
	enable_irq(irq);
	ims_62_queue_follow(irq, true);
}
EXPORT_SYMBOL_GPL(ims_62_enable_irq);
