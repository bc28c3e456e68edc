/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of ims_vfio.ko share: the vectors of a VFIO device. They include this
 * header before others, so that their messages begin in the same way.
 */
#ifndef _IMS_DRIVERS_VFIO_H
#define _IMS_DRIVERS_VFIO_H

#define dev_fmt(fmt)	"IMS VFIO: " fmt
#define pr_fmt(fmt)	"IMS VFIO: " fmt

#include <linux/irqbypass.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <ims/vfio.h>

struct eventfd_ctx;

/**
 * struct ims_vector - One virtual vector
 * @lock:	from signalling to what is signalled
 * @trigger:	the user's eventfd, or NULL; of a vector with a slot it is there as long as
 *		the interrupt is requested. Written with @lock held.
 * @next:	the eventfd that ims_vfio_set_irqs() has for it, until that cannot fail any
 *		more
 * @map:	its slot and interrupt; .virq 0: none
 * @sideband:	for the slot that it gets next
 * @producer:	the interrupt, for a hypervisor that can have hardware post it
 * @name:	in /proc/interrupts
 * @emulated:	the driver signals it; it has no slot
 * @masked:	the user does not want to hear of it
 * @pending:	signalled while it was masked. Written with @lock held.
 * @offered:	@producer is registered
 * @changed:	by the call of ims_vfio_set_irqs() that runs, which may have to undo that
 * @fresh:	and its slot
 */
struct ims_vector {
	spinlock_t			lock;	/* of the eventfd, while it is signalled */
	struct eventfd_ctx		*trigger;
	struct eventfd_ctx		*next;
	struct msi_map			map;
	struct device_msi_sideband	sideband;
	struct irq_bypass_producer	producer;
	char				*name;
	bool				emulated;
	bool				masked;
	bool				pending;
	bool				offered;
	bool				changed;
	bool				fresh;
};

/**
 * struct ims_vfio - The vectors of one VFIO device
 * @info:	what the driver described; .emulated is not used
 * @lock:	what the user asks for comes one after the other
 * @vectors:	by number
 */
struct ims_vfio {
	struct ims_vfio_info	info;
	struct mutex		lock;	/* of all but signalling */
	struct ims_vector	*vectors;
};

/* vector.c: one vector */
int ims_vector_start(struct ims_vfio *iv, unsigned int vector);
int ims_vector_synchronize(struct ims_vfio *iv, unsigned int vector);
void ims_vector_undo(struct ims_vfio *iv, unsigned int vector);
void ims_vector_change(struct ims_vfio *iv, unsigned int vector);
void ims_vector_stop(struct ims_vector *v);
void ims_vector_drop(struct ims_vfio *iv, unsigned int vector);
void ims_vector_mask(struct ims_vector *v, bool masked);
void ims_vector_signal(struct ims_vector *v);

/* bypass.c: interrupts that hardware may post to a virtual CPU */
void ims_bypass_begin(struct ims_vector *v);
void ims_bypass_end(struct ims_vector *v);

#endif /* _IMS_DRIVERS_VFIO_H */
