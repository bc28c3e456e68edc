// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whoever injects the user's eventfd into a virtual machine is introduced to the interrupt
 * behind it, by the kernel's IRQ bypass manager: where hardware can post interrupts, they
 * need no host CPU then. The kernel calls irq_set_vcpu_affinity of our chip, which is the
 * parent's.
 */
#include "vfio.h"

#include <linux/string.h>

#include "../../compat/vfio.h"

/**
 * ims_bypass_begin() - Offer a vector's interrupt to whoever waits for its eventfd
 * @v:		the vector, whose interrupt is requested
 *
 * Without, interrupts go through the eventfd. It is no error if they have to: an eventfd
 * may be that of several vectors, of which only one can be offered.
 */
void ims_bypass_begin(struct ims_vector *v)
{
	memset(&v->producer, 0, sizeof(v->producer));
	v->offered = !compat_bypass_register(&v->producer, v->trigger,
					     v->map.virq);
}

/**
 * ims_bypass_end() - Undo ims_bypass_begin()
 * @v:		the vector, whose interrupt is still requested
 */
void ims_bypass_end(struct ims_vector *v)
{
	if (v->offered)
		compat_bypass_unregister(&v->producer);
	v->offered = false;
}
