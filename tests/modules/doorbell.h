/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an address that interrupts go to looks like, as doorbell.sh says it for the shell.
 */
#ifndef _IMS_TEST_DOORBELL_H
#define _IMS_TEST_DOORBELL_H

#include <linux/types.h>
#ifdef CONFIG_RISCV
#include <linux/cpumask.h>
#include <linux/irqchip/riscv-imsic.h>

/* Is it the address of a hart's IMSIC? Those of all harts are pages in a row */
static inline bool test_is_imsic(u32 address_lo)
{
	const struct imsic_global_config *all = imsic_get_global_config();

	return !(address_lo & 0xfff) &&
	       address_lo - (u32)all->base_addr <
			nr_cpu_ids << (IMSIC_MMIO_PAGE_SHIFT + all->guest_index_bits);
}
#else
static inline bool test_is_imsic(u32 address_lo)
{
	return false;
}
#endif

/*
 * Is it the lower half of such an address? On x86 the APICs' is the same for all CPUs. The
 * doorbell of an ITS is the register 0x40 of a page, also where an SMMU maps it; that of an
 * IMSIC is a page, which QEMU's machines do not have at a multiple of 4 GiB.
 */
static inline bool test_is_doorbell(u32 address_lo)
{
	if (IS_ENABLED(CONFIG_X86))
		return address_lo >> 20 == 0xfee;
	if (IS_ENABLED(CONFIG_ARM64))
		return address_lo >> 12 && (address_lo & 0xfff) == 0x040;
	return test_is_imsic(address_lo);
}

#endif /* _IMS_TEST_DOORBELL_H */
