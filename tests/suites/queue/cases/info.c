// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stores that cannot be: refused, with the reason in the log.
 */
#include <linux/pci.h>

#include "suite.h"

/* 0 if there is such a domain; it goes at once */
static int create(struct queue_test *t, const struct ims_queue_info *info)
{
	struct device_msi_domain *dom = ims_queue_create_domain(t->dev, info);

	return IS_ERR(dom) ? PTR_ERR(dom) : device_msi_remove_domain(dom);
}

static int create_with(struct queue_test *t, const struct ims_layout *layout)
{
	struct ims_queue_info info = {
		.ops = &fake_ops, .priv = t->fake, .layout = layout,
		.nr_slots = 1,
	};

	return create(t, &info);
}

static int case_layout_is_checked(struct queue_test *t)
{
	struct ims_layout layout = ims_layout_standard;

	EXPECT(!create_with(t, NULL));
	EXPECT(!create_with(t, &layout));
	layout.mask = IMS_MASK_NONE;
	EXPECT(create_with(t, &layout) == -EINVAL);
	layout.mask_bit = 0;
	EXPECT(create_with(t, &layout) == -EINVAL);

	layout = ims_layout_standard;
	layout.ctrl = IMS_NO_WORD;
	EXPECT(create_with(t, &layout) == -EINVAL);
	layout.ctrl = 0;
	layout.ctrl_stride = 4;		/* outside */
	EXPECT(create_with(t, &layout) == -EINVAL);

	layout = ims_layout_standard;
	layout.data = layout.address_lo;
	EXPECT(create_with(t, &layout) == -EINVAL);
	layout.data = 9;
	EXPECT(create_with(t, &layout) == -EINVAL);
	layout = ims_layout_standard;
	layout.stride = 0;		/* so that only the word itself is missed */
	layout.data = IMS_NO_WORD;
	EXPECT(create_with(t, &layout) == -EINVAL);
	layout.data = 8;
	layout.address_lo = IMS_NO_WORD;
	EXPECT(create_with(t, &layout) == -EINVAL);
	layout = ims_layout_standard;
	layout.mask_bit = 3;
	EXPECT(create_with(t, &layout) == -EINVAL);
	layout = ims_layout_standard;
	layout.mask = 3;
	EXPECT(create_with(t, &layout) == -EINVAL);
	layout = ims_layout_standard;
	layout.reread_ctrl = true;
	EXPECT(create_with(t, &layout) == -EINVAL);
	layout = ims_layout_pasid;
	layout.raw = BIT(12);
	EXPECT(create_with(t, &layout) == -EINVAL);
	return 0;
}

static int case_stride_is_the_size_of_a_slot(struct queue_test *t)
{
	struct ims_layout layout = ims_layout_standard;

	layout.stride = 0;
	EXPECT(!create_with(t, &layout));
	layout.stride = 15;
	EXPECT(create_with(t, &layout) == -EINVAL);
	layout.stride = 16;
	EXPECT(!create_with(t, &layout));
	layout.stride = 65536;
	EXPECT(!create_with(t, &layout));
	layout.stride++;
	EXPECT(create_with(t, &layout) == -EINVAL);
	return 0;
}

static int case_size_is_checked(struct queue_test *t)
{
	struct ims_queue_info info = { .ops = &fake_ops, .priv = t->fake };

	EXPECT(create(t, &info) == -EINVAL);
	info.nr_slots = DEVICE_MSI_MAX_SLOTS + 1;
	EXPECT(create(t, &info) == -EINVAL);
	info.nr_slots = DEVICE_MSI_NO_LIMIT - 1;
	EXPECT(create(t, &info) == -EINVAL);
	info.nr_slots = DEVICE_MSI_MAX_SLOTS;
	EXPECT(!create(t, &info));
	info.nr_slots = DEVICE_MSI_NO_LIMIT;
	EXPECT(!create(t, &info));
	info.max_batch = 1024;
	EXPECT(!create(t, &info));
	info.max_batch++;
	EXPECT(create(t, &info) == -EINVAL);
	info.max_batch = UINT_MAX;
	EXPECT(create(t, &info) == -EINVAL);
	return 0;
}

static int case_needed_pasid_needs_a_place(struct queue_test *t)
{
	struct ims_queue_info info = {
		.ops = &fake_ops, .priv = t->fake, .nr_slots = 1,
		.flags = DEVICE_MSI_NEEDS_PASID,
	};

	EXPECT(create(t, &info) == -EINVAL);
	info.layout = &ims_layout_pasid;
	EXPECT(!create(t, &info));
	return 0;
}

static int case_nothing_is_told_before_an_allocation(struct queue_test *t)
{
	EXPECT(!create_with(t, NULL));
	EXPECT(!queue_commands(t));
	EXPECT(queue_stats_agree(t));
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(!queue_commands(t));
	return 0;
}

/* It is created, for it needs no command yet, and the log has a line */
static int case_sleeping_device_is_named(struct queue_test *t)
{
	struct pci_dev *pdev = to_pci_dev(t->dev);
	pci_power_t state = pdev->current_state;
	int line;

	pdev->current_state = PCI_D3hot;
	line = create_with(t, NULL) ? __LINE__ : 0;
	pdev->current_state = state;
	return line;
}

static int refused(struct queue_test *t, const struct ims_queue_ops *ops,
		   unsigned int flags)
{
	struct ims_queue_info info = {
		.ops = ops, .priv = t->fake, .nr_slots = 1, .flags = flags,
	};

	EXPECT(create(t, &info) == -EINVAL);
	return 0;
}

static int case_missing_operations(struct queue_test *t)
{
	struct ims_queue_ops ops = fake_ops;

	TRY(refused(t, NULL, 0));
	ops.get_shadow = NULL;
	TRY(refused(t, &ops, 0));
	ops = fake_ops;
	ops.sync = NULL;
	TRY(refused(t, &ops, 0));
	ops = fake_ops;
	ops.unlock = NULL;
	TRY(refused(t, &ops, 0));
	ops = fake_ops;
	ops.lock = NULL;
	return refused(t, &ops, 0);
}

static int case_carry_and_sync_go_together(struct queue_test *t)
{
	struct ims_queue_info info = {
		.ops = &fake_ops, .priv = t->fake, .nr_slots = 1,
	};

	info.carry = IMS_QUEUE_NEVER;
	EXPECT(create(t, &info) == -EINVAL);
	info.carry = IMS_QUEUE_NEVER + 1;
	EXPECT(create(t, &info) == -EINVAL);
	info.ops = &fake_reading_ops;
	info.carry = IMS_QUEUE_FROM_CONNECT;
	EXPECT(create(t, &info) == -EINVAL);
	return 0;
}

static int case_unknown_flags(struct queue_test *t)
{
	TRY(refused(t, &fake_ops, BIT(31)));
	return refused(t, &fake_ops, DEVICE_MSI_STORE_CHOOSES);	/* not ours */
}

static int case_no_device_or_description(struct queue_test *t)
{
	struct ims_queue_info info = { .ops = &fake_ops, .nr_slots = 1 };

	EXPECT(PTR_ERR(ims_queue_create_domain(NULL, &info)) == -EINVAL);
	EXPECT(PTR_ERR(ims_queue_create_domain(t->dev, NULL)) == -EINVAL);
	EXPECT(PTR_ERR(devm_ims_queue_create_domain(NULL, &info)) == -EINVAL);
	EXPECT(PTR_ERR(ims_queue_create_domain(ERR_PTR(-ENODEV), &info)) ==
	       -EINVAL);
	EXPECT(PTR_ERR(ims_queue_create_domain(t->dev, ERR_PTR(-ENOMEM))) ==
	       -EINVAL);
	return 0;
}

#define MISUSE(_name)	CASE(_name, .group = QUEUE_MISUSE)

const struct queue_case queue_info_cases[] = {
	CASE(layout_is_checked),
	CASE(stride_is_the_size_of_a_slot),
	CASE(size_is_checked),
	CASE(needed_pasid_needs_a_place),
	CASE(sleeping_device_is_named),
	CASE(nothing_is_told_before_an_allocation),
	MISUSE(missing_operations),
	MISUSE(carry_and_sync_go_together),
	MISUSE(unknown_flags),
	MISUSE(no_device_or_description),
	{}
};
