// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v6.3, "iommu/x86: Replace IOMMU_CAP_INTR_REMAP with
 *        IRQ_DOMAIN_FLAG_ISOLATED_MSI"
 * Why: says whether the hardware checks which device a message comes from
 * Halves: the flag alone, which no remapping driver sets, reads as "not isolated"
 */
#include <linux/irqdomain.h>

static int __maybe_unused probe(void)
{
	return IRQ_DOMAIN_FLAG_ISOLATED_MSI;
}
