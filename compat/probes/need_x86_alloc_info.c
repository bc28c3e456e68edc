// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v5.10, "x86/msi: Consolidate MSI allocation" and the series around it
 * Why: the argument with which interrupt parents on x86 are asked
 * Halves: the commit that adds the member desc has the parents read it
 * Missing: the x86 MSI base refactor of Linux 5.10 (struct irq_alloc_info with desc)
 * Fix: @
 */
#include <linux/msi.h>
#include <asm/hw_irq.h>

static void __maybe_unused probe(struct irq_alloc_info *info,
				 struct msi_desc *desc)
{
	info->type = X86_IRQ_ALLOC_TYPE_PCI_MSIX;
	info->desc = desc;
}
