// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where interrupts come from: the kernel's MSI-X (msix.c), an array store in the
 * place of the MSI-X table ("array"), and one of 65536 slots in ordinary memory
 * ("ram"), which nothing sends.
 */
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "suite.h"

static int store_start(struct bench *bench, unsigned int nr_slots)
{
	struct ims_window window = {
		.base		= bench->base,
		.size		= nr_slots * ims_layout_standard.stride,
		.nr_slots	= nr_slots,
	};
	struct ims_array_info info = {
		.windows	= &window,
		.nr_windows	= 1,
	};

	struct device_msi_domain *msi;

	msi = ims_array_create_domain(&bench->pdev->dev, &info);
	if (IS_ERR(msi))
		return PTR_ERR(msi);
	bench->msi = msi;
	return 0;
}

static void store_stop(struct bench *bench)
{
	device_msi_release_domain(bench->msi);
	bench->msi = NULL;
}

static struct msi_map store_alloc(struct bench *bench)
{
	return device_msi_alloc_irq(bench->msi, &bench->pdev->dev, NULL);
}

static int store_free(struct bench *bench, struct msi_map map)
{
	return device_msi_free_irq(bench->msi, &bench->pdev->dev, map);
}

static int store_bulk(struct bench *bench, unsigned int nr)
{
	int ret = device_msi_alloc_irqs(bench->msi, &bench->pdev->dev, NULL, nr,
					nr, NULL, bench->maps);

	return min(ret, 0);
}

static int store_free_all(struct bench *bench)
{
	return device_msi_free_irqs(bench->msi, &bench->pdev->dev);
}

static int store_restore(struct bench *bench)
{
	return device_msi_restore(bench->msi);
}

/* MSI-X is switched on by hand, or the device would send nothing */
static void array_enable(struct pci_dev *pdev, bool enable)
{
	unsigned int at = pdev->msix_cap + PCI_MSIX_FLAGS;
	u16 flags;

	pci_read_config_word(pdev, at, &flags);
	flags &= ~PCI_MSIX_FLAGS_ENABLE;
	if (enable)
		flags |= PCI_MSIX_FLAGS_ENABLE;
	pci_write_config_word(pdev, at, flags);
}

static void array_unmap(struct bench *bench)
{
	array_enable(bench->pdev, false);
	pci_iounmap(bench->pdev, bench->base);
}

static int array_start(struct bench *bench)
{
	struct pci_dev *pdev = bench->pdev;
	u32 table;
	int ret;

	pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_TABLE, &table);
	bench->base = pci_iomap_range(pdev, table & PCI_MSIX_TABLE_BIR,
				      table & PCI_MSIX_TABLE_OFFSET, 0);
	if (!bench->base)
		return -ENOMEM;
	array_enable(pdev, true);

	ret = store_start(bench, pci_msix_vec_count(pdev));
	if (ret)
		array_unmap(bench);
	return ret;
}

static void array_stop(struct bench *bench)
{
	store_stop(bench);
	array_unmap(bench);
}

static int ram_start(struct bench *bench)
{
	void *memory = vzalloc(DEVICE_MSI_MAX_SLOTS * ims_layout_standard.stride);
	int ret;

	if (!memory)
		return -ENOMEM;
	bench->base = (void __iomem __force *)memory;
	ret = store_start(bench, DEVICE_MSI_MAX_SLOTS);
	if (ret)
		vfree(memory);
	return ret;
}

static void ram_stop(struct bench *bench)
{
	store_stop(bench);
	vfree((void __force *)bench->base);
}

static const struct bench_kind bench_array = {
	.name		= "array",
	.start		= array_start,
	.stop		= array_stop,
	.alloc		= store_alloc,
	.free		= store_free,
	.bulk		= store_bulk,
	.free_all	= store_free_all,
	.restore	= store_restore,
};

static const struct bench_kind bench_ram = {
	.name		= "ram",
	.start		= ram_start,
	.stop		= ram_stop,
	.alloc		= store_alloc,
	.free		= store_free,
	.bulk		= store_bulk,
	.free_all	= store_free_all,
	.restore	= store_restore,
};

static const struct bench_kind * const bench_kinds[] = {
	&bench_array,
	&bench_ram,
#ifdef BENCH_HAS_MSIX
	&bench_msix,
#endif
};

/* Is this a parent on which the kernel's MSI-X has no vectors one by one? */
bool bench_is_at_once(struct bench *bench)
{
#ifdef BENCH_HAS_MSIX
	return !pci_msix_can_alloc_dyn(bench->pdev);
#else
	return false;
#endif
}

const struct bench_kind *bench_find_kind(struct bench *bench, const char *name)
{
	unsigned int i;

#ifdef BENCH_HAS_MSIX
	if (bench_is_at_once(bench) && !strcmp(bench_msix_at_once.name, name))
		return &bench_msix_at_once;
#endif
	for (i = 0; i < ARRAY_SIZE(bench_kinds); i++)
		if (!strcmp(bench_kinds[i]->name, name))
			return bench_kinds[i];
	return NULL;
}

/* "start KIND": interrupts come from there now */
int bench_start(struct bench *bench, const struct bench_args *args)
{
	const struct bench_kind *kind = bench_find_kind(bench, args->word);
	int ret;

	if (bench->kind)
		return -EBUSY;
	if (!kind)
		return -EINVAL;
	ret = kind->start(bench);
	if (!ret)
		bench->kind = kind;
	return ret;
}

/* "stop": free what is allocated, and be as before "start" */
int bench_stop(struct bench *bench, const struct bench_args *args)
{
	int ret;

	while (bench->held) {
		ret = bench->kind->free(bench, bench->maps[bench->held - 1]);
		if (ret)
			return ret;
		bench->held--;
	}
	bench->kind->stop(bench);
	bench->kind = NULL;
	bench_put_consumers(bench);
	return 0;
}
