// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v4.5, "x86/irq: Export functions to allow MSI domains in modules"
 * Why: the root of all interrupt parents on x86
 * Halves: without the export the build ends here
 * Missing: the export of x86_vector_domain (CONFIG_TRIM_UNUSED_KSYMS?)
 * Fix: @, or build it without
 * Export: x86_vector_domain
 */
#include <asm/irqdomain.h>

static const void * __maybe_unused probe(void)
{
	return x86_vector_domain;
}
