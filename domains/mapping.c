// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a mapping of device memory leads to, on x86, where the kernel exports functions
 * that walk its page tables. Stores use it to find mappings of the same memory.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pgtable.h>
#include <ims/backend.h>

/**
 * device_msi_is_mapped() - Is anything mapped at an address?
 * @at:		as ioremap() and others return it
 *
 * Context: Any.
 * Return: true if the kernel has mapped something there.
 */
bool device_msi_is_mapped(const void __iomem *at)
{
	unsigned int level;
	pte_t *pte = lookup_address((unsigned long)at, &level);

	return pte && !pte_none(*pte);
}
EXPORT_SYMBOL_GPL(device_msi_is_mapped);

/**
 * device_msi_phys() - The physical address of mapped memory
 * @at:		an address for which device_msi_is_mapped() is true
 *
 * Context: Any.
 * Return: the physical address; 0 if that is not known.
 */
u64 device_msi_phys(const void __iomem *at)
{
	return slow_virt_to_phys((void __force *)at);
}
EXPORT_SYMBOL_GPL(device_msi_phys);

/**
 * device_msi_zero_is_harmless() - May a device write to address 0?
 *
 * Context: Any.
 * Return: true: an IOMMU does not map it, and Linux on x86 keeps nothing in the first page
 *	   of memory.
 */
bool device_msi_zero_is_harmless(void)
{
	return true;
}
EXPORT_SYMBOL_GPL(device_msi_zero_is_harmless);
