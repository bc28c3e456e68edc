// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whoever injects the user's eventfd into a virtual machine is introduced to the interrupt
 * behind it, by the kernel's IRQ bypass manager: where hardware can post interrupts, they
 * need no host CPU then. The kernel calls irq_set_vcpu_affinity of our chip, which is the
 * parent's.
 */
#include "vfio.h"

#include <linux/eventfd.h>
#include <linux/string.h>

#include "../../compat/compat.h"

#if IS_ENABLED(CONFIG_IRQ_BYPASS_MANAGER)
/**
 * ims_bypass_begin() - Offer a vector's interrupt to whoever waits for its eventfd
 * @v:		the vector, whose interrupt is requested
 *
 * Without, interrupts go through the eventfd, which is no error: an eventfd may be that of
 * several vectors, and only one of them can be offered.
 */
void ims_bypass_begin(struct ims_vector *v)
{
	memset(&v->producer, 0, sizeof(v->producer));
	v->posted = !compat_bypass_register(&v->producer, v->trigger,
					    v->map.virq);
}

void ims_bypass_end(struct ims_vector *v)
{
	if (v->posted)
		irq_bypass_unregister_producer(&v->producer);
	v->posted = false;
}
#else
void ims_bypass_begin(struct ims_vector *v)
{
}

void ims_bypass_end(struct ims_vector *v)
{
}
#endif
