// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stores with chip callbacks of their own: those are called as long as nothing forbids
 * it, and the core is asked in every other state of a slot. Rows of other files' cases
 * run over such a store, too (CASE_DIRECT).
 */
#include <linux/cpumask.h>
#include <linux/pci.h>

#include "suite.h"

/* As the kernel calls them, whatever it believes of the slot */
static void mask_and_unmask(int virq)
{
	struct irq_data *d = irq_get_irq_data(virq);
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;

	raw_spin_lock_irqsave(&desc->lock, flags);
	d->chip->irq_mask(d);
	d->chip->irq_unmask(d);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/* How often did the callbacks of the store change the slot meanwhile? */
static unsigned int direct_changes(struct core_test *t, int virq)
{
	unsigned int before = t->store->direct;

	mask_and_unmask(virq);
	return t->store->direct - before;
}

static int case_live_slot_is_masked_directly(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 1);

	EXPECT(map.index == 1);
	EXPECT(direct_changes(t, map.virq) == 2);
	EXPECT(test_slot_live(t->store, 1));
	t->store->direct = 0;
	disable_irq(map.virq);
	EXPECT(core_slot(t, 1)->masked && t->store->direct == 1);
	enable_irq(map.virq);
	EXPECT(test_slot_live(t->store, 1) && t->store->direct == 2);
	return 0;
}

/* What others ask for while the kernel holds it masked changes nothing about that */
static int case_direct_again_after_a_change(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 1);

	EXPECT(map.index == 1);
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 1, 7));
	EXPECT(direct_changes(t, map.virq) == 2);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(direct_changes(t, map.virq) == 2);
	EXPECT(!device_msi_quiesce(t->dom));
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(direct_changes(t, map.virq) == 2);
	core_release(t, map.virq);
	EXPECT(!core_request(t, map.virq));
	EXPECT(direct_changes(t, map.virq) == 2);
	EXPECT(test_slot_live(t->store, 1));
	return 0;
}

static int case_slot_without_a_message_is_not(struct core_test *t)
{
	struct msi_map map = core_alloc(t, 1);

	EXPECT(map.index == 1);
	EXPECT(!direct_changes(t, map.virq));
	EXPECT(test_slot_silent(t->store, 1));
	EXPECT(!core_request(t, map.virq));
	EXPECT(test_slot_live(t->store, 1));
	core_release(t, map.virq);
	EXPECT(!direct_changes(t, map.virq));
	EXPECT(test_slot_silent(t->store, 1));
	return 0;
}

/*
 * A move whose message the store refuses; a fixed message does not move. The driver of
 * IMSICs has the message written, and does not hear of an error.
 */
static int case_slot_whose_move_failed_is_not(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 1);
	struct device_msi_caps caps = {};
	struct irq_desc *desc;
	struct irq_data *d;
	unsigned long flags;
	unsigned int cpu;
	int ret;

	EXPECT(map.index == 1);
	EXPECT(!device_msi_supported(t->dev, 0, &caps));
	if (caps.fixed_message)
		return 0;
	d = irq_get_irq_data(map.virq);
	desc = irq_data_to_desc(d);
	t->store->msg_error = -EOPNOTSUPP;
	cpu = core_parent_is(t, "IMSIC") ?
	      cpumask_any_but(cpu_online_mask, cpumask_first
			      (irq_data_get_effective_affinity_mask(d))) : 0;
	raw_spin_lock_irqsave(&desc->lock, flags);
	ret = d->chip->irq_set_affinity(d, cpumask_of(cpu), false);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	t->store->msg_error = 0;
	EXPECT(ret == (core_parent_is(t, "IMSIC") ? IRQ_SET_MASK_OK_DONE : -EOPNOTSUPP));
	EXPECT(!direct_changes(t, map.virq));
	EXPECT(test_slot_silent(t->store, 1));
	core_release(t, map.virq);
	EXPECT(!core_request(t, map.virq));
	EXPECT(test_slot_live(t->store, 1));
	return 0;
}

/* The sideband of slot 1 cannot be restored, and the one of slot 2 can */
static int case_slot_that_lacks_its_sideband_is_not(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 1);
	struct msi_map other = core_alloc_requested(t, 2);

	EXPECT(map.index == 1 && other.index == 2);
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 1, 7));
	t->store->sideband_error = -EIO;
	EXPECT(device_msi_restore(t->dom) == -EIO);
	EXPECT(!direct_changes(t, map.virq));
	EXPECT(core_slot(t, 1)->masked);
	EXPECT(direct_changes(t, other.virq) == 2);
	t->store->sideband_error = 0;
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 1, 8));
	EXPECT(direct_changes(t, map.virq) == 2);
	EXPECT(test_slot_live(t->store, 1));
	return 0;
}

static int case_slot_that_was_not_restored_is_not(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 1);

	EXPECT(map.index == 1);
	t->store->restore_error = -EIO;
	t->store->restore_error_index = 1;
	EXPECT(device_msi_restore(t->dom) == -EIO);
	EXPECT(!direct_changes(t, map.virq));
	EXPECT(core_slot(t, 1)->masked);
	t->store->restore_error = 0;
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(direct_changes(t, map.virq) == 2);
	return 0;
}

static int case_quiesced_slot_is_not(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 1);

	EXPECT(map.index == 1);
	EXPECT(!device_msi_quiesce(t->dom));
	test_store_forget(t->store);
	mask_and_unmask(map.virq);
	EXPECT(!t->store->nr_calls && test_slot_silent(t->store, 1));
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(test_slot_live(t->store, 1));
	return 0;
}

/* D1 to D3cold; an unknown state is none of them, but that is the core's to know */
static int case_slot_of_a_sleeping_device_is_not(struct core_test *t)
{
	static const pci_power_t states[] = {
		PCI_D1, PCI_D2, PCI_D3hot, PCI_D3cold,
	};
	struct pci_dev *pdev = to_pci_dev(t->dev);
	struct msi_map map = core_alloc_requested(t, 1);
	unsigned int i;

	EXPECT(map.index == 1);
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		pdev->current_state = states[i];
		test_store_forget(t->store);
		mask_and_unmask(map.virq);
		EXPECT(!t->store->nr_calls);
		pdev->current_state = PCI_D0;
		/* First it is written again, which nobody has done so far */
		mask_and_unmask(map.virq);
		EXPECT(test_store_calls(t->store, TEST_RESTORE) == 1);
		EXPECT(direct_changes(t, map.virq) == 2);
	}
	pdev->current_state = PCI_UNKNOWN;
	test_store_forget(t->store);
	EXPECT(!direct_changes(t, map.virq));
	EXPECT(test_store_calls(t->store, TEST_UNMASK) == 1);
	return 0;
}

static int case_slot_of_a_device_that_is_gone_is_not(struct core_test *t)
{
	struct pci_dev *pdev = to_pci_dev(t->dev);
	struct msi_map map = core_alloc_requested(t, 1);

	EXPECT(map.index == 1);
	pdev->error_state = pci_channel_io_perm_failure;
	test_store_forget(t->store);
	mask_and_unmask(map.virq);
	EXPECT(!t->store->nr_calls);
	pdev->error_state = pci_channel_io_normal;
	return 0;
}

const struct core_case core_direct_cases[] = {
	CASE(live_slot_is_masked_directly, .ops = &test_direct_ops),
	CASE(direct_again_after_a_change, .ops = &test_direct_ops),
	CASE(slot_without_a_message_is_not, .ops = &test_direct_ops),
	CASE(slot_whose_move_failed_is_not, .ops = &test_direct_ops),
	CASE(slot_that_lacks_its_sideband_is_not, .ops = &test_direct_ops),
	CASE(slot_that_was_not_restored_is_not, .ops = &test_direct_ops),
	CASE(quiesced_slot_is_not, .ops = &test_direct_ops),
	CASE(slot_of_a_sleeping_device_is_not, .ops = &test_direct_ops),
	CASE(slot_of_a_device_that_is_gone_is_not, .ops = &test_direct_ops),
	{}
};
