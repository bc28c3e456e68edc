// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control: must not compile. If it does, no compiler saw the probes.
 */
#include <linux/irqdomain.h>

static int __maybe_unused probe(struct irq_domain *d)
{
	return d->no_kernel_has_this_member;
}
