// SPDX-License-Identifier: GPL-2.0-only
/*
 * The vectors of a function: interrupts from an array store, which is its MSI-X table,
 * or the kernel's own MSI-X.
 */
#include <linux/interrupt.h>

#include "igb.h"

static irqreturn_t igb_interrupt(int irq, void *data)
{
	struct igb_vector *vector = data;

	WRITE_ONCE(vector->cpu, smp_processor_id());
	atomic_inc(&vector->handled);
	return IRQ_HANDLED;
}

/* Nothing is sent from here on, whatever the table holds */
static void igb_hold_back(void *data)
{
	struct igb *igb = data;

	iowrite32(BIT(igb->nr_vectors) - 1, igb->regs + IGB_EIMC);
}

/*
 * Every message as soon as it is raised, and again when it is raised again. Without
 * MSI-X mode of the PF no function sends anything but one INTx.
 */
void igb_let_through(struct igb *igb)
{
	unsigned int i;

	if (!igb->pdev->is_virtfn)
		iowrite32(IGB_GPIE_MSIX, igb->regs + IGB_GPIE);
	if (!igb->nr_vectors)
		return;
	for (i = 0; i < igb->nr_vectors; i++)
		iowrite32(0, igb->regs + IGB_EITR(i));
	iowrite32(BIT(igb->nr_vectors) - 1, igb->regs + IGB_EIAC);
	iowrite32(BIT(igb->nr_vectors) - 1, igb->regs + IGB_EIMS);
}

static int igb_start(struct igb *igb)
{
	igb_let_through(igb);
	return devm_add_action_or_reset(&igb->pdev->dev, igb_hold_back, igb);
}

static void igb_release_vectors(void *data)
{
	struct igb *igb = data;
	struct igb_vector *vector;
	unsigned int i;

	for (i = 0; i < igb->nr_vectors; i++) {
		vector = &igb->vectors[i];
		if (!vector->virq)
			continue;
		free_irq(vector->virq, vector);
		vector->virq = 0;
		if (igb->msi)
			device_msi_free_irq(igb->msi, &igb->pdev->dev,
					    vector->map);
	}
}

static int igb_request_vector(struct igb_vector *vector, int virq)
{
	int ret;

	snprintf(vector->name, sizeof(vector->name), "%s-%u",
		 vector->igb->pdev->is_virtfn ? "igb-vf" : "igb-pf",
		 vector->index);
	ret = request_irq(virq, igb_interrupt, 0, vector->name, vector);
	if (!ret)
		vector->virq = virq;
	return ret;
}

static int igb_open_vector(struct igb_vector *vector)
{
	struct igb *igb = vector->igb;
	struct device_msi_req req = { .slots = DEVICE_MSI_SLOT(vector->index) };
	int ret;

	vector->map = device_msi_alloc_irq(igb->msi, &igb->pdev->dev, &req);
	if (vector->map.index < 0)
		return vector->map.index;
	ret = igb_request_vector(vector, vector->map.virq);
	if (ret)
		device_msi_free_irq(igb->msi, &igb->pdev->dev, vector->map);
	return ret;
}

/* MSI-X by hand, with the kernel's use of it left out */
static void igb_switch_msix(struct pci_dev *pdev, bool on)
{
	u16 flags;

	pci_read_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, &flags);
	flags &= ~PCI_MSIX_FLAGS_ENABLE;
	if (on)
		flags |= PCI_MSIX_FLAGS_ENABLE;
	pci_write_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, flags);
}

void igb_enable_msix(struct pci_dev *pdev)
{
	igb_switch_msix(pdev, true);
}

static void igb_disable_msix(void *pdev)
{
	igb_switch_msix(pdev, false);
}

static int igb_create_store(struct igb *igb)
{
	struct pci_dev *pdev = igb->pdev;
	struct ims_window window = {};
	struct ims_array_info info = {
		.windows	= &window,
		.nr_windows	= 1,
	};
	u32 table;
	u8 bar;
	int ret;

	pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_TABLE, &table);
	bar = table & PCI_MSIX_TABLE_BIR;
	table &= PCI_MSIX_TABLE_OFFSET;

	window.base = pcim_iomap(pdev, bar, 0);
	if (!window.base)
		return -ENOMEM;
	window.base += table;
	window.size = pci_resource_len(pdev, bar) - table;
	window.nr_slots = igb->nr_vectors;

	igb_enable_msix(pdev);
	ret = devm_add_action_or_reset(&pdev->dev, igb_disable_msix, pdev);
	if (ret)
		return ret;

	igb->msi = devm_ims_array_create_domain(&pdev->dev, &info);
	return PTR_ERR_OR_ZERO(igb->msi);
}

/* An interrupt per vector, from the store */
int igb_setup_store(struct igb *igb)
{
	int nr = pci_msix_vec_count(igb->pdev);
	unsigned int i;
	int ret;

	if (nr < 0)
		return nr;
	igb->nr_vectors = min(nr, IGB_MAX_VECTORS);
	ret = igb_create_store(igb);
	if (ret)
		return ret;

	ret = devm_add_action(&igb->pdev->dev, igb_release_vectors, igb);
	for (i = 0; !ret && i < igb->nr_vectors; i++)
		ret = igb_open_vector(&igb->vectors[i]);
	return ret ?: igb_start(igb);
}

static void igb_free_msix(void *pdev)
{
	pci_free_irq_vectors(pdev);
}

/* Vector 0, from the kernel */
int igb_setup_msix(struct igb *igb)
{
	struct pci_dev *pdev = igb->pdev;
	int ret;

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, igb_free_msix, pdev);
	if (ret)
		return ret;

	igb->nr_vectors = 1;
	ret = devm_add_action(&pdev->dev, igb_release_vectors, igb);
	if (!ret)
		ret = igb_request_vector(&igb->vectors[0],
					 pci_irq_vector(pdev, 0));
	return ret ?: igb_start(igb);
}
