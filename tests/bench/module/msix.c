// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own MSI-X. Switching it on allocates the first vector, which is not
 * measured, but for the allocation of many at once, and where there is no other way.
 */
#include <linux/msi.h>

#include "suite.h"

static int msix_start(struct bench *bench)
{
	int ret = pci_alloc_irq_vectors(bench->pdev, 1, 1, PCI_IRQ_MSIX);

	return min(ret, 0);
}

static void msix_stop(struct bench *bench)
{
	pci_free_irq_vectors(bench->pdev);
}

static struct msi_map msix_alloc(struct bench *bench)
{
	return pci_msix_alloc_irq_at(bench->pdev, MSI_ANY_INDEX, NULL);
}

static int msix_free(struct bench *bench, struct msi_map map)
{
	pci_msix_free_irq(bench->pdev, map);
	return 0;
}

static int msix_bulk(struct bench *bench, unsigned int nr)
{
	int ret = pci_alloc_irq_vectors(bench->pdev, nr, nr, PCI_IRQ_MSIX);

	return min(ret, 0);
}

static int msix_free_all(struct bench *bench)
{
	pci_free_irq_vectors(bench->pdev);
	return 0;
}

static int msix_restore(struct bench *bench)
{
	pci_restore_msi_state(bench->pdev);
	return 0;
}

/*
 * Some parents give a device its vectors only all at once: the next one is to be had when
 * all were freed, and MSI-X is switched off and on.
 */
static int msix_at_once_start(struct bench *bench)
{
	return 0;
}

static struct msi_map msix_at_once_alloc(struct bench *bench)
{
	int ret = pci_alloc_irq_vectors(bench->pdev, 1, 1, PCI_IRQ_MSIX);

	if (ret < 0)
		return (struct msi_map) { .index = ret };
	return (struct msi_map) { .virq = pci_irq_vector(bench->pdev, 0) };
}

static int msix_at_once_free(struct bench *bench, struct msi_map map)
{
	pci_free_irq_vectors(bench->pdev);
	return 0;
}

const struct bench_kind bench_msix_at_once = {
	.name		= "msix",
	.start		= msix_at_once_start,
	.stop		= msix_stop,
	.alloc		= msix_at_once_alloc,
	.free		= msix_at_once_free,
	.bulk		= msix_bulk,
	.free_all	= msix_free_all,
	.restore	= msix_restore,
};

const struct bench_kind bench_msix = {
	.name		= "msix",
	.start		= msix_start,
	.stop		= msix_stop,
	.alloc		= msix_alloc,
	.free		= msix_free,
	.prepare_bulk	= msix_stop,
	.bulk		= msix_bulk,
	.free_all	= msix_free_all,
	.restore	= msix_restore,
};
