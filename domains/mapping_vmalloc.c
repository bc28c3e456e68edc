// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a mapping of device memory leads to, where ioremap() maps into the area of
 * vmalloc(). Stores use it to find mappings of the same memory.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>
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
	const void *address = (const void __force *)at;

	return is_vmalloc_addr(address) && vmalloc_to_page(address);
}
EXPORT_SYMBOL_GPL(device_msi_is_mapped);

/**
 * device_msi_phys() - The physical address of mapped memory
 * @at:		an address for which device_msi_is_mapped() is true
 *
 * The kernel computes the page's number from the address of its struct page. With
 * CONFIG_SPARSEMEM_VMEMMAP it need not read the latter, which device memory does not have.
 *
 * Context: Any.
 * Return: the physical address; 0 if that is not known.
 */
u64 device_msi_phys(const void __iomem *at)
{
	const void *address = (const void __force *)at;

	if (!IS_ENABLED(CONFIG_SPARSEMEM_VMEMMAP))
		return 0;
	return PFN_PHYS(vmalloc_to_pfn(address)) + offset_in_page(address);
}
EXPORT_SYMBOL_GPL(device_msi_phys);

/**
 * device_msi_zero_is_harmless() - May a device write to address 0?
 *
 * Context: Any.
 * Return: false: a machine may have memory there that is in use, or a device.
 */
bool device_msi_zero_is_harmless(void)
{
	return false;
}
EXPORT_SYMBOL_GPL(device_msi_zero_is_harmless);
