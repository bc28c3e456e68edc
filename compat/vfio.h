/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels that are supported for whoever hands interrupts to
 * users: eventfds, and the IRQ bypass manager.
 */
#ifndef _IMS_COMPAT_VFIO_H
#define _IMS_COMPAT_VFIO_H

#include <linux/errno.h>
#include <linux/eventfd.h>
#include <linux/irqbypass.h>
#include <linux/kconfig.h>

#include "features.h"

/* Before v6.8 an argument said how often an eventfd was signalled */
static inline void compat_eventfd_signal(struct eventfd_ctx *ctx)
{
#ifdef COMPAT_HAVE_EVENTFD_SIGNAL_ONCE
	eventfd_signal(ctx);
#else
	eventfd_signal(ctx, 1);
#endif
}

/*
 * Offer the interrupt @irq to whoever waits for the eventfd. Return: 0 or a negative
 * errno, which is -EOPNOTSUPP of a kernel that has no hypervisor that could wait.
 */
static inline int compat_bypass_register(struct irq_bypass_producer *producer,
					 struct eventfd_ctx *ctx, int irq)
{
#if !IS_ENABLED(CONFIG_IRQ_BYPASS_MANAGER)
	return -EOPNOTSUPP;
#elif defined(COMPAT_HAVE_BYPASS_EVENTFD)
	return irq_bypass_register_producer(producer, ctx, irq);
#else
	producer->token = ctx;
	producer->irq = irq;
	return irq_bypass_register_producer(producer);
#endif
}

static inline void
compat_bypass_unregister(struct irq_bypass_producer *producer)
{
#if IS_ENABLED(CONFIG_IRQ_BYPASS_MANAGER)
	irq_bypass_unregister_producer(producer);
#endif
}

#endif /* _IMS_COMPAT_VFIO_H */
