// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control: must not compile. Older C only warns of a pointer to another type, which
 * is how an argument that has changed shows.
 */
#include <linux/irqdomain.h>

static void __maybe_unused probe(struct irq_fwspec *not_a_domain)
{
	irq_domain_remove(not_a_domain);
}
