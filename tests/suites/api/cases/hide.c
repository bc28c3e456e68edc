// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device that does not answer: where the memory of an array was, there are registers
 * that edu does not have. The kernel exports nothing that would map them at the same
 * address, so the entry of the kernel's page tables is changed by hand.
 */
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/pgtable.h>
#include <linux/smp.h>

#include "suite.h"

#if defined(CONFIG_X86)
#define TEST_DEVICE	PAGE_KERNEL_NOCACHE

static pte_t *test_entry(unsigned long at)
{
	unsigned int level;

	return lookup_address(at, &level);
}

static void test_forget_page(void *at)
{
	asm volatile("invlpg (%0)" : : "r" (at) : "memory");
}

static void test_set_entry(pte_t *entry, unsigned long at, unsigned long pte)
{
	WRITE_ONCE(*entry, __pte(pte));
	on_each_cpu(test_forget_page, (void *)at, 1);
}
#elif defined(CONFIG_ARM64)
#define TEST_DEVICE	pgprot_device(PAGE_KERNEL)

/* The root of the tables is a register. vmalloc() maps pages of ordinary size */
static pte_t *test_entry(unsigned long at)
{
	phys_addr_t root = read_sysreg(ttbr1_el1) & GENMASK_ULL(47, PAGE_SHIFT);
	pgd_t *pgd = pgd_offset_pgd((pgd_t *)phys_to_virt(root), at);

	return pte_offset_kernel(pmd_offset(pud_offset(p4d_offset(pgd, at), at),
					    at), at);
}

/* An entry has to be invalid before it may become another */
static void test_set_entry(pte_t *entry, unsigned long at, unsigned long pte)
{
	WRITE_ONCE(*entry, __pte(0));
	flush_tlb_kernel_range(at, at + PAGE_SIZE);
	WRITE_ONCE(*entry, __pte(pte));
	dsb(ishst);
	isb();
}
#endif

#ifdef TEST_DEVICE
/* Nobody uses the memory meanwhile but the case. Return: what was mapped */
static unsigned long test_remap(const struct test_array *array,
				unsigned long pte)
{
	unsigned long at = (unsigned long)array->words;
	pte_t *entry = test_entry(at);
	unsigned long old = pte_val(*entry);

	test_set_entry(entry, at, pte);
	return old;
}

/* Cover the first page of the slots. What they hold is there again later */
void test_array_hide(struct test_array *array)
{
	resource_size_t hole = pci_resource_start(to_pci_dev(dev), 0) +
			       EDU_HOLE;

	array->there = test_remap(array, hole | pgprot_val(TEST_DEVICE));
}

void test_array_show(struct test_array *array)
{
	if (array->there)
		test_remap(array, array->there);
	array->there = 0;
}
#else
/* Cases that hide memory say TEST_CANNOT_HIDE */
void test_array_hide(struct test_array *array)
{
}

void test_array_show(struct test_array *array)
{
}
#endif
