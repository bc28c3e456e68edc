// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that sleep, are in reset, or are gone: what creation, allocation and
 * restoring say, and what the slots hold once the device is back.
 */
#include <linux/pci.h>

#include "suite.h"

#define SLOT		9U

static const struct ims_layout test_parked_layout = {
	.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
	.ctrl = IMS_NO_WORD, .access = 4,
};

static long error_with_command(struct test_array *a, u16 clear)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	u16 command;
	long error;

	pci_read_config_word(pdev, PCI_COMMAND, &command);
	pci_write_config_word(pdev, PCI_COMMAND, command & ~clear);
	error = test_error(dev, &a->info);
	pci_write_config_word(pdev, PCI_COMMAND, command);
	return error;
}

static int case_sleeping_device_is_refused(struct test_array *a)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	pci_power_t state = pdev->current_state;
	long error;

	EXPECT(error_with_command(a, PCI_COMMAND_MEMORY) == -ENODEV);
	pdev->current_state = PCI_D3hot;
	error = test_error(dev, &a->info);
	pdev->current_state = state;
	EXPECT(error == -ENODEV);
	EXPECT(test_junk(a, 0) && test_junk(a, SLOTS - 1));
	/* Without bus mastering it is created, and the log says what is missing */
	EXPECT(!error_with_command(a, PCI_COMMAND_MASTER));
	return 0;
}

/* A device may wake up with nothing but ones, and is not absent for that */
static int case_all_ones_are_not_yet_absence(struct test_array *a)
{
	EXPECT(!device_msi_remove_domain(a->dom));
	memset(a->words, 0xff, a->windows[0].size);
	a->dom = ims_array_create_domain(dev, &a->info);
	EXPECT(!IS_ERR(a->dom));
	EXPECT(test_silent(a, 0) && test_ctrl(a, 0) == ~0U);

	memset(a->words, 0xff, a->windows[0].size);
	EXPECT(test_alloc(a, 3).virq > 0);	/* after a reset, say */
	EXPECT(test_silent(a, 3));
	memset(a->words, 0xff, a->windows[0].size);
	EXPECT(device_msi_restore(a->dom) == 0);
	EXPECT(test_silent(a, 0) && test_silent(a, 3));
	return 0;
}

/* Gone while in use: it is told, and what is not gone works on */
static int case_gone_slot_is_told_in_verify(struct test_array *a)
{
	EXPECT(test_alloc(a, 0).virq > 0);
	EXPECT(test_alloc(a, 1).virq > 0);
	EXPECT(device_msi_verify(a->dom, false) == 0);
	memset(a->words, 0xff, a->layout.stride);
	EXPECT(device_msi_verify(a->dom, false) == -ENODEV);
	EXPECT(device_msi_restore(a->dom) == 0);
	EXPECT(device_msi_verify(a->dom, false) == 0);
	return 0;
}

/* A slot that has one word that is not all ones answers; it holds something wrong */
static int case_slot_is_not_gone_if_a_word_is_there(struct test_array *a)
{
	u16 words[] = {
		a->layout.address_lo, a->layout.address_hi, a->layout.data,
		a->layout.ctrl,
	};
	unsigned int i;

	EXPECT(test_alloc(a, 0).virq > 0);
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		memset(a->words, 0xff, a->layout.stride);
		*(u32 *)(a->words + words[i]) = 0xfffffffe;
		EXPECT(device_msi_verify(a->dom, false) == 1);
	}
	EXPECT(device_msi_restore(a->dom) == 0);
	EXPECT(device_msi_verify(a->dom, false) == 0);
	return 0;
}

/* After a reset a free slot may be armed with a message of long ago */
static int free_slots_are_silent_again(const struct test_array *a)
{
	bool parked = a->layout.mask == IMS_MASK_NONE;
	u32 place = test_word(a, 0, a->layout.address_lo);
	struct msi_map map = test_alloc(a, SLOT);
	unsigned int i;

	EXPECT(map.virq > 0);
	memset(a->words, 0xfe, SLOTS * a->layout.stride);
	EXPECT(device_msi_restore(a->dom) == 0);
	for (i = 0; i < SLOTS; i++)
		EXPECT(parked ? test_message(a, i, place + i * 4, 0, 0) :
				test_silent(a, i));
	return 0;
}

static int case_restore_silences_free_slots(struct test_array *a)
{
	struct test_array b;
	int line = __LINE__;

	TRY(free_slots_are_silent_again(a));
	if (!test_array_create(&b, &test_parked_layout, SLOTS))
		line = free_slots_are_silent_again(&b);
	test_array_free(&b);
	return line;
}

/* Back, but not restored: before the slot may send, all of it is written again */
static int is_written_again(const struct test_array *a, int virq)
{
	bool parked = a->layout.mask == IMS_MASK_NONE;

	memset(a->words, 0xff, SLOTS * a->layout.stride);
	disable_irq(virq);
	enable_irq(virq);
	EXPECT(test_live(a, SLOT));
	EXPECT(device_msi_restore(a->dom) == 0);
	EXPECT(test_live(a, SLOT));
	EXPECT(parked || !test_masked(a, SLOT));
	EXPECT(device_msi_verify(a->dom, false) == 0);
	return 0;
}

static int restored_while_gone(struct test_array *a)
{
	struct msi_map map;
	int line = 0;

	test_array_hide(a);
	EXPECT(*(u32 *)a->words == ~0U);
	EXPECT(device_msi_restore(a->dom) == -ENODEV);
	EXPECT(test_alloc(a, SLOT).index == -ENODEV);
	test_array_show(a);
	EXPECT(device_msi_restore(a->dom) == 0);

	map = test_alloc(a, SLOT);
	EXPECT(map.virq > 0);
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	test_array_hide(a);
	if (device_msi_restore(a->dom) != -ENODEV)
		line = __LINE__;
	test_array_show(a);
	line = line ?: is_written_again(a, map.virq);
	free_irq(map.virq, a);
	return line;
}

static int case_restore_of_a_device_that_is_gone_fails(struct test_array *a)
{
	struct ims_layout layouts[] = {
		ims_layout_standard, ims_layout_standard, test_parked_layout,
	};
	struct test_array b;
	unsigned int i;
	int line = 0;

	layouts[1].mask = IMS_MASK_CLEAR;
	for (i = 0; !line && i < ARRAY_SIZE(layouts); i++) {
		pr_info("ims_test: gone: layout %u\n", i);
		line = test_array_create(&b, &layouts[i], SLOTS) ?
			__LINE__ : restored_while_gone(&b);
		test_array_free(&b);
	}
	return line;
}

/* Its slots are parked, and hold what no driver has written */
static int removed_untouched(struct test_array *a)
{
	unsigned int i;

	memset(a->words, TEST_JUNK, SLOTS * a->layout.stride);
	EXPECT(!device_msi_remove_domain(a->dom));
	a->dom = NULL;
	for (i = 0; i < SLOTS; i++)
		EXPECT(test_junk(a, i));
	return 0;
}

static int untouched_at_the_end(bool gone)
{
	struct ims_layout layout = {
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = 12, .mask = IMS_MASK_SET, .mask_bit = BIT(1),
		.drops_masked = true, .access = 4,
	};
	struct pci_dev *pdev = to_pci_dev(dev);
	pci_channel_state_t error_state = pdev->error_state;
	pci_power_t state = pdev->current_state;
	struct test_array a;
	int line = __LINE__;

	if (!test_array_create(&a, &layout, SLOTS)) {
		if (gone)
			pdev->error_state = pci_channel_io_perm_failure;
		else
			pdev->current_state = PCI_D3hot;
		line = removed_untouched(&a);
		pdev->error_state = error_state;
		pdev->current_state = state;
	}
	test_array_free(&a);
	return line;
}

/* Not even to be parked elsewhere: a read may be fatal */
static int case_slots_out_of_reach_are_not_touched_at_the_end(struct test_array *unused)
{
	return untouched_at_the_end(true) ?: untouched_at_the_end(false);
}

const struct test_case test_absent_cases[] = {
	CASE(sleeping_device_is_refused, .bare = true),
	CASE(all_ones_are_not_yet_absence),
	CASE(gone_slot_is_told_in_verify),
	CASE(slot_is_not_gone_if_a_word_is_there),
	CASE(restore_silences_free_slots),
	CASE(slots_out_of_reach_are_not_touched_at_the_end),
	CASE(restore_of_a_device_that_is_gone_fails,
	     .cannot_run = TEST_CANNOT_HIDE),
	{ }
};
