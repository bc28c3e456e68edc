// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device that is not there for a while: quiesced by its driver, asleep, or gone. The
 * store is not touched, what the kernel wants is in the shadow, and afterwards the
 * device has it.
 */
#include <linux/pci.h>

#include "suite.h"

static void fall_asleep(struct core_test *t)
{
	to_pci_dev(t->dev)->current_state = PCI_D3hot;
	test_store_forget(t->store);
}

static void awaken(struct core_test *t)
{
	to_pci_dev(t->dev)->current_state = PCI_D0;
}

static bool touched(struct core_test *t)
{
	return t->store->nr_calls;
}

/* As a driver does before a reset */
static int quiesce(struct core_test *t)
{
	EXPECT(!device_msi_quiesce(t->dom));
	test_store_forget(t->store);
	return 0;
}

static int case_quiesced_slots_hold_no_message(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 1);
	struct msi_msg msg;

	EXPECT(map.index == 1);
	EXPECT(core_alloc(t, 2).index == 2);
	msg = core_slot(t, 1)->msg;
	TRY(quiesce(t));
	EXPECT(test_slot_silent(t->store, 1) && test_slot_silent(t->store, 2));
	EXPECT(!device_msi_quiesce(t->dom));
	EXPECT(!touched(t));
	test_store_reset(t->store, 0xa5);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(test_slot_live(t->store, 1) && test_slot_silent(t->store, 2));
	EXPECT(!memcmp(&msg, &core_slot(t, 1)->msg, sizeof(msg)));
	return 0;
}

/* What the kernel does meanwhile the device has afterwards */
static int case_quiesced_store_is_not_touched(struct core_test *t)
{
	struct msi_map live = core_alloc_requested(t, 1);
	struct msi_map masked = core_alloc_requested(t, 2);
	struct msi_map later = core_alloc(t, 3);
	struct msi_map freed = core_alloc_requested(t, 4);
	struct msi_map gone = core_alloc_requested(t, 5);

	EXPECT(live.index == 1 && masked.index == 2 && later.index == 3);
	EXPECT(freed.index == 4 && gone.index == 5);
	TRY(quiesce(t));
	disable_irq(masked.virq);
	EXPECT(!core_request(t, later.virq));
	core_release(t, freed.virq);
	core_release(t, gone.virq);
	EXPECT(!core_free(t, gone));
	EXPECT(!irq_set_affinity(live.virq, cpumask_of(0)));
	EXPECT(!device_msi_set_pasid(t->dom, t->dev, 1, 7));
	EXPECT(device_msi_verify(t->dom, true) == -ENODEV);
	EXPECT(test_store_calls(t->store, TEST_FREE) == 1);
	EXPECT(t->store->nr_calls == 1);

	test_store_reset(t->store, 0xa5);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(test_slot_live(t->store, 1) && test_slot_live(t->store, 3));
	EXPECT(core_slot(t, 1)->sideband.pasid == 7);
	EXPECT(core_slot(t, 2)->masked);
	EXPECT(test_slot_silent(t->store, 4) && test_slot_silent(t->store, 5));
	EXPECT(!device_msi_verify(t->dom, false));
	enable_irq(masked.virq);
	EXPECT(test_slot_live(t->store, 2));
	return 0;
}

static int case_quiesced_domain_allocates_nothing(struct core_test *t)
{
	struct msi_map maps[2];

	TRY(quiesce(t));
	EXPECT(core_alloc(t, 1).index == -EBUSY);
	EXPECT(device_msi_alloc_irqs(t->dom, t->dev, NULL, 1, 2, NULL, maps) ==
	       -EBUSY);
	EXPECT(device_msi_restore_irqs(t->dom, t->dev) == -EBUSY);
	EXPECT(!touched(t) && !core_count(t));
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(core_alloc(t, 1).index == 1);
	return 0;
}

static int case_quiesced_domain_can_be_removed(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 1);

	EXPECT(map.index == 1);
	TRY(quiesce(t));
	core_release(t, map.virq);
	return 0;
}

/* Nobody knows when the device forgets, so the core does it all again */
static int case_restore_of_a_consumer_is_its_own(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 1), part;

	EXPECT(map.index == 1);
	part = core_alloc_for(t, core_part(t, 0), 2);
	EXPECT(part.index == 2 && !core_request(t, part.virq));
	test_store_forget(t->store);
	EXPECT(!device_msi_restore_irqs(t->dom, core_part(t, 0)));
	EXPECT(test_store_calls(t->store, TEST_RESTORE) == 1);
	EXPECT(!device_msi_restore_irqs(t->dom, core_part(t, 1)));
	EXPECT(test_store_calls(t->store, TEST_RESTORE) == 1);
	EXPECT(test_slot_live(t->store, 1) && test_slot_live(t->store, 2));
	return 0;
}

static int case_sleeping_device_is_not_touched(struct core_test *t)
{
	struct msi_map live = core_alloc_requested(t, 1);
	struct msi_map masked = core_alloc_requested(t, 2);
	struct msi_map other = core_alloc(t, 3);

	EXPECT(live.index == 1 && masked.index == 2 && other.index == 3);
	fall_asleep(t);
	disable_irq(masked.virq);
	EXPECT(!core_request(t, other.virq));
	EXPECT(!irq_set_affinity(live.virq, cpumask_of(0)));
	EXPECT(core_alloc(t, 4).index == -ENODEV);
	EXPECT(device_msi_restore(t->dom) == -ENODEV);
	EXPECT(device_msi_verify(t->dom, false) == -ENODEV);
	EXPECT(!touched(t));
	awaken(t);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(test_slot_live(t->store, 1) && test_slot_live(t->store, 3));
	EXPECT(core_slot(t, 2)->masked);
	enable_irq(masked.virq);
	return 0;
}

/* A device that keeps its slots asleep, and whose driver does not restore them */
static int case_device_woke_up_and_nobody_restored(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 1);

	EXPECT(map.index == 1);
	fall_asleep(t);
	disable_irq(map.virq);
	EXPECT(!core_slot(t, 1)->masked);
	awaken(t);
	enable_irq(map.virq);
	EXPECT(test_slot_live(t->store, 1));
	disable_irq(map.virq);
	EXPECT(core_slot(t, 1)->masked);
	enable_irq(map.virq);
	EXPECT(!device_msi_verify(t->dom, false));
	return 0;
}

/* Its slot may hold the message when the device wakes up */
static int case_interrupt_freed_asleep_is_withheld(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 1);

	EXPECT(map.index == 1);
	EXPECT(!device_msi_set_quota(t->dom, t->dev, 1));
	fall_asleep(t);
	core_release(t, map.virq);
	EXPECT(!core_free(t, map));
	EXPECT(!touched(t));
	awaken(t);
	EXPECT(device_msi_virq(t->dom, 1) == -ENOENT);
	EXPECT(test_has_irq(map.virq));
	EXPECT(core_alloc(t, 2).index == -EDQUOT);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(test_slot_silent(t->store, 1));
	EXPECT(!test_has_irq(map.virq));
	EXPECT(core_alloc(t, 1).index == 1);
	return 0;
}

/* Nothing comes of a device that was taken out: there is nothing to wait for */
static int case_interrupt_of_a_device_that_is_gone(struct core_test *t)
{
	struct pci_dev *pdev = to_pci_dev(t->dev);
	struct msi_map map = core_alloc_requested(t, 1);

	EXPECT(map.index == 1);
	pdev->error_state = pci_channel_io_perm_failure;
	core_slot(t, 1)->lost = true;
	test_store_forget(t->store);
	core_release(t, map.virq);
	EXPECT(!core_free(t, map));
	EXPECT(!test_has_irq(map.virq));
	EXPECT(t->store->nr_calls == test_store_calls(t->store, TEST_FREE));
	return 0;
}

/* In error_detected() the link may be frozen: what is freed then is withheld */
static int case_frozen_device_is_not_touched(struct core_test *t)
{
	struct pci_dev *pdev = to_pci_dev(t->dev);
	struct msi_map map = core_alloc_requested(t, 1);
	struct msi_map freed = core_alloc_requested(t, 2);

	EXPECT(map.index == 1 && freed.index == 2);
	pdev->error_state = pci_channel_io_frozen;
	test_store_forget(t->store);
	EXPECT(!device_msi_quiesce(t->dom));
	core_release(t, freed.virq);
	EXPECT(!core_free(t, freed));
	EXPECT(!touched(t));
	EXPECT(test_has_irq(freed.virq));
	EXPECT(!device_msi_restore(t->dom));	/* slot_reset() */
	pdev->error_state = pci_channel_io_normal;
	EXPECT(test_slot_live(t->store, 1) && test_slot_silent(t->store, 2));
	EXPECT(!test_has_irq(freed.virq));
	return 0;
}

static int case_store_that_cannot_be_quiesced(struct core_test *t)
{
	EXPECT(device_msi_quiesce(t->dom) == -EOPNOTSUPP);
	EXPECT(core_alloc_requested(t, 1).index == 1);
	return 0;
}

const struct core_case core_quiesce_cases[] = {
	CASE(quiesced_slots_hold_no_message),
	CASE_DIRECT(quiesced_slots_hold_no_message),
	CASE(quiesced_store_is_not_touched),
	CASE_DIRECT(quiesced_store_is_not_touched),
	CASE(quiesced_domain_allocates_nothing),
	CASE(quiesced_domain_can_be_removed),
	CASE_DIRECT(quiesced_domain_can_be_removed),
	CASE(restore_of_a_consumer_is_its_own),
	CASE_DIRECT(restore_of_a_consumer_is_its_own),
	CASE(sleeping_device_is_not_touched),
	CASE_DIRECT(sleeping_device_is_not_touched),
	CASE(device_woke_up_and_nobody_restored),
	CASE_DIRECT(device_woke_up_and_nobody_restored),
	CASE(interrupt_freed_asleep_is_withheld),
	CASE_DIRECT(interrupt_freed_asleep_is_withheld),
	CASE(interrupt_of_a_device_that_is_gone),
	CASE_DIRECT(interrupt_of_a_device_that_is_gone),
	CASE(frozen_device_is_not_touched),
	CASE_DIRECT(frozen_device_is_not_touched),
	CASE(store_that_cannot_be_quiesced, .ops = &test_read_only_ops),
	{}
};
