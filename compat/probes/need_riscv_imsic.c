// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v6.10, "irqchip/riscv-imsic: Add device MSI domain support for PCI devices"
 * Why: IMSICs are the only interrupt parent on RISC-V; it has the number of identities
 * Halves: a kernel that has the export has the driver that makes it
 * Missing: support for the IMSICs of RISC-V (CONFIG_RISCV_IMSIC, since Linux 6.10)
 * Fix: @
 * Export: imsic_get_global_config
 */
#include <linux/irqchip/riscv-imsic.h>

static unsigned int __maybe_unused probe(void)
{
	return imsic_get_global_config()->nr_ids;
}
