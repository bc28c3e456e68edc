// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control: must not compile. If it does, the compiler is not the compiler.
 */
#include <linux/irqdomain.h>

static int __maybe_unused probe(struct irq_domain *d)
{
	return d->no_kernel_has_this_member;
}
