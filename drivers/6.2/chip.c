// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of the driver's irq_chip. The driver gets an irq_data of ours, never the
 * kernel's. It is not called any more once it has unbound.
 */
#include "internals.h"

/*
 * Mask the slot. With irq_shutdown() Linux called that instead of irq_mask() in
 * free_irq(): see ims_62_call_write().
 */
void ims_62_call_mask(struct ims_62_irq *irq)
{
	irq->masked = true;
	if (!READ_ONCE(irq->domain->gone))
		irq->domain->template.chip.irq_mask(&irq->data);
}

void ims_62_call_unmask(struct ims_62_irq *irq)
{
	irq->masked = false;
	irq->started = true;
	if (!READ_ONCE(irq->domain->gone))
		irq->domain->template.chip.irq_unmask(&irq->data);
}

/*
 * Write a message. An empty one ends what request_irq() began: in Linux irq_shutdown()
 * came before it.
 */
void ims_62_call_write(struct ims_62_irq *irq, const struct msi_msg *msg)
{
	const struct irq_chip *chip = &irq->domain->template.chip;
	struct msi_msg copy = *msg;

	if (READ_ONCE(irq->domain->gone))
		return;
	if (irq->started && !msg->address_lo && !msg->address_hi && !msg->data) {
		irq->started = false;
		if (chip->irq_shutdown)
			chip->irq_shutdown(&irq->data);
	}
	chip->irq_write_msi_msg(&irq->data, &copy);
}
