// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v6.17, "irqbypass: Require producers to pass in Linux IRQ number during registration"
 * Why: a producer is registered for an eventfd and an irq, which were its members before
 * Halves: the compiler sees which prototype there is
 */
#include <linux/irqbypass.h>

static int __maybe_unused probe(struct irq_bypass_producer *producer,
				struct eventfd_ctx *ctx)
{
	return irq_bypass_register_producer(producer, ctx, 0);
}
