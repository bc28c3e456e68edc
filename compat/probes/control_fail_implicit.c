// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control: must not compile. Older C only warns of a function without declaration.
 */
#include <linux/irqdomain.h>

static int __maybe_unused probe(struct irq_domain *d)
{
	return no_kernel_declares_this_function(d);
}
