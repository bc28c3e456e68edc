// SPDX-License-Identifier: GPL-2.0-only
/* What becomes of slots, sidebands and masks when vectors get eventfds */
#include "suite.h"

static int set_none(struct test_vfio *t, u32 action, unsigned int start,
		    unsigned int count)
{
	return ims_vfio_set_irqs(t->iv, VFIO_IRQ_SET_DATA_NONE | action, start,
				 count, NULL);
}

static bool is_masked(const struct test_vfio *t, unsigned int vector)
{
	return test_ctrl(t, t->slots[vector]) & ims_layout_pasid.mask_bit;
}

static int case_the_driver_knows_the_slots(struct test_vfio *t)
{
	unsigned int i;

	EXPECT(!test_pasids(t) && !test_set(t, 0, VECTORS));
	for (i = 0; i < EMULATED; i++) {
		EXPECT(t->slots[i] >= 0);
		EXPECT(ims_vfio_slot(t->iv, i) == t->slots[i]);
		EXPECT(ims_vfio_virq(t->iv, i) ==
		       device_msi_virq(t->dom, t->slots[i]));
		EXPECT(!test_silent(t, t->slots[i]) && !is_masked(t, i));
	}
	EXPECT(t->slots[EMULATED] == -1);
	EXPECT(ims_vfio_slot(t->iv, EMULATED) == -ENOENT);
	return 0;
}

/* ims_layout_pasid has it in bits 31 to 12 */
static int case_a_pasid_comes_before_the_slot(struct test_vfio *t)
{
	struct device_msi_sideband other = {
		.has = DEVICE_MSI_SIDEBAND_PASID, .pasid = 7,
	};

	EXPECT(test_set(t, 0, 1) < 0 && t->slots[0] == -1);
	EXPECT(!test_pasids(t) && !test_set(t, 0, 2));
	EXPECT(test_ctrl(t, t->slots[0]) >> 12 == PASID);
	EXPECT(!ims_vfio_set_sideband(t->iv, 0, other));
	EXPECT(test_ctrl(t, t->slots[0]) >> 12 == 7);
	EXPECT(test_ctrl(t, t->slots[1]) >> 12 == PASID);
	/* Disabled by its user, who is the same */
	EXPECT(!set_none(t, VFIO_IRQ_SET_ACTION_TRIGGER, 0, 0));
	EXPECT(t->slots[0] == -1 && !test_set(t, 0, 1));
	EXPECT(test_ctrl(t, t->slots[0]) >> 12 == 7);
	return 0;
}

static int case_the_next_user_inherits_no_pasid(struct test_vfio *t)
{
	EXPECT(!test_pasids(t) && !test_set(t, 0, 2));
	ims_vfio_close(t->iv);
	EXPECT(t->slots[0] == -1 && t->slots[1] == -1);
	EXPECT(test_set(t, 0, 1) < 0);
	return 0;
}

/* Of a call that fails nothing stays, and of those before all */
static int case_what_the_driver_refuses_is_undone(struct test_vfio *t)
{
	EXPECT(!test_pasids(t) && !test_set(t, 1, 1));
	t->refused = 4;
	EXPECT(test_set(t, 0, VECTORS) == -EBUSY);
	EXPECT(t->slots[1] >= 0 && ims_vfio_slot(t->iv, 1) == t->slots[1]);
	EXPECT(t->slots[0] == -1 && t->slots[2] == -1 && t->slots[4] == -1);
	EXPECT(ims_vfio_slot(t->iv, 0) == -ENOENT);
	EXPECT(!ims_vfio_signal(t->iv, 1) && test_count(1) == 1);
	EXPECT(!ims_vfio_signal(t->iv, 0) && !test_count(0));
	t->refused = -1;
	EXPECT(!test_set(t, 0, VECTORS) && t->slots[4] >= 0);
	return 0;
}

static int case_a_vector_without_eventfd_keeps_its_slot(struct test_vfio *t)
{
	s32 none = -1;
	int slot;

	EXPECT(!test_pasids(t) && !test_set(t, 3, 1));
	slot = t->slots[3];
	EXPECT(!ims_vfio_set_irqs(t->iv, VFIO_IRQ_SET_DATA_EVENTFD |
				  VFIO_IRQ_SET_ACTION_TRIGGER, 3, 1, &none));
	EXPECT(t->slots[3] == slot && test_silent(t, slot));
	EXPECT(!ims_vfio_signal(t->iv, 3) && !test_count(3));
	EXPECT(!test_set(t, 3, 1) && t->slots[3] == slot && !is_masked(t, 3));
	return 0;
}

static int case_masks_are_in_the_store(struct test_vfio *t)
{
	EXPECT(!test_pasids(t));
	EXPECT(!set_none(t, VFIO_IRQ_SET_ACTION_MASK, 1, 1));
	EXPECT(!test_set(t, 0, 2));
	EXPECT(!is_masked(t, 0) && is_masked(t, 1));
	EXPECT(!set_none(t, VFIO_IRQ_SET_ACTION_MASK, 0, 2));
	EXPECT(is_masked(t, 0) && is_masked(t, 1));
	/* Once is enough, however often it was masked */
	EXPECT(!set_none(t, VFIO_IRQ_SET_ACTION_UNMASK, 0, 2));
	EXPECT(!is_masked(t, 0) && !is_masked(t, 1));
	return 0;
}

static int case_a_masked_vector_is_signalled_once(struct test_vfio *t)
{
	unsigned int i;

	EXPECT(!test_pasids(t) && !test_set(t, 0, VECTORS));
	for (i = EMULATED - 1; i <= EMULATED; i++) {
		EXPECT(!set_none(t, VFIO_IRQ_SET_ACTION_MASK, i, 1));
		EXPECT(!ims_vfio_signal(t->iv, i) && !ims_vfio_signal(t->iv, i));
		EXPECT(!test_count(i));
		EXPECT(!set_none(t, VFIO_IRQ_SET_ACTION_UNMASK, i, 1));
		EXPECT(test_count(i) == 1);
		EXPECT(!set_none(t, VFIO_IRQ_SET_ACTION_UNMASK, i, 1));
		EXPECT(!test_count(i));
	}
	return 0;
}

static int case_restore_writes_the_slots_again(struct test_vfio *t)
{
	__le32 before[SLOTS * 4];
	unsigned int i;

	EXPECT(!test_pasids(t) && !test_set(t, 0, VECTORS));
	EXPECT(!set_none(t, VFIO_IRQ_SET_ACTION_MASK, 2, 1));
	memcpy(before, t->words, sizeof(before));
	for (i = 0; i < EMULATED; i++)
		memset(&t->words[t->slots[i] * 4], 0, 16);
	EXPECT(!ims_vfio_restore(t->iv));
	EXPECT(!memcmp(before, t->words, sizeof(before)));
	return 0;
}

const struct test_case test_vector_cases[] = {
	CASE(the_driver_knows_the_slots),
	CASE(a_pasid_comes_before_the_slot),
	CASE(the_next_user_inherits_no_pasid),
	CASE(what_the_driver_refuses_is_undone),
	CASE(a_vector_without_eventfd_keeps_its_slot),
	CASE(masks_are_in_the_store),
	CASE(a_masked_vector_is_signalled_once),
	CASE(restore_writes_the_slots_again),
	{ }
};
