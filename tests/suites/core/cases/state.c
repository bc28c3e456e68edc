// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts as the rest of the system expects them: the state that generic
 * code asks for, wake-up, posting to a virtual CPU, names.
 */
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>

#include "suite.h"

/* Allocated, requested and masked */
static struct msi_map alloc_masked(struct core_test *t, unsigned int index)
{
	struct msi_map map = core_alloc_requested(t, index);

	if (map.index >= 0)
		disable_irq(map.virq);
	return map;
}

static int case_pending_is_the_stores(struct core_test *t)
{
	struct msi_map map = alloc_masked(t, 6);
	bool pending = true;

	EXPECT(map.index == 6);
	EXPECT(!irq_get_irqchip_state(map.virq, IRQCHIP_STATE_PENDING,
				      &pending));
	EXPECT(!pending);
	core_slot(t, 6)->pending = true;
	EXPECT(!irq_get_irqchip_state(map.virq, IRQCHIP_STATE_PENDING,
				      &pending));
	EXPECT(pending);
	EXPECT(!irq_set_irqchip_state(map.virq, IRQCHIP_STATE_PENDING, false));
	EXPECT(!core_slot(t, 6)->pending);
	EXPECT(!irq_set_irqchip_state(map.virq, IRQCHIP_STATE_PENDING, true));
	EXPECT(core_slot(t, 6)->pending);
	EXPECT(test_store_calls(t->store, TEST_GET_PENDING) == 2);
	EXPECT(test_store_calls(t->store, TEST_SET_PENDING) == 2);
	enable_irq(map.virq);
	return 0;
}

static int case_masked_is_told(struct core_test *t)
{
	struct msi_map map = alloc_masked(t, 6);
	bool masked = false;

	EXPECT(map.index == 6);
	EXPECT(!irq_get_irqchip_state(map.virq, IRQCHIP_STATE_MASKED, &masked));
	EXPECT(masked);
	enable_irq(map.virq);
	EXPECT(!irq_get_irqchip_state(map.virq, IRQCHIP_STATE_MASKED, &masked));
	EXPECT(!masked);
	return 0;
}

/* Neither the store nor an interrupt parent of x86 knows these */
static int case_unknown_state_is_an_error(struct core_test *t)
{
	struct msi_map map = alloc_masked(t, 6);
	bool state;

	EXPECT(map.index == 6);
	EXPECT(irq_get_irqchip_state(map.virq, IRQCHIP_STATE_ACTIVE, &state) <
	       0);
	EXPECT(irq_set_irqchip_state(map.virq, IRQCHIP_STATE_ACTIVE, true) < 0);
	EXPECT(irq_set_irqchip_state(map.virq, IRQCHIP_STATE_LINE_LEVEL, true) <
	       0);
	enable_irq(map.virq);
	return 0;
}

/*
 * Then the parent is asked. None knows whether a message waits. An ITS can raise an
 * interrupt by command, which the kernel keeps until it is enabled.
 */
static int case_store_without_pending_is_an_error(struct core_test *t)
{
	struct msi_map map = alloc_masked(t, 6);
	bool pending;
	int ret;

	EXPECT(map.index == 6);
	EXPECT(irq_get_irqchip_state(map.virq, IRQCHIP_STATE_PENDING,
				     &pending) < 0);
	ret = irq_set_irqchip_state(map.virq, IRQCHIP_STATE_PENDING, true);
	EXPECT(core_parent_is(t, "GICv3 ITS") ? !ret : ret < 0);
	enable_irq(map.virq);
	return 0;
}

static int case_wake_up_can_be_asked_for(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 6);

	EXPECT(map.index == 6);
	EXPECT(!enable_irq_wake(map.virq));
	EXPECT(!disable_irq_wake(map.virq));
	EXPECT(test_slot_live(t->store, 6));
	return 0;
}

/*
 * What KVM calls to post an interrupt to a virtual CPU, here for none. The
 * remapping hardware decides; without any, nobody can. The driver of AMD-Vi
 * follows the argument, so that it cannot be called so.
 */
static int case_posting_reaches_the_parent(struct core_test *t)
{
	struct msi_map map = core_alloc_requested(t, 6);
	struct device_msi_caps caps = {};
	struct msi_msg msg;
	int ret;

	EXPECT(map.index == 6);
	EXPECT(irq_get_irq_data(map.virq)->chip->irq_set_vcpu_affinity);
	EXPECT(!device_msi_supported(t->dev, 0, &caps));
	if (caps.fixed_message && !strstarts(caps.parent, "VT-d"))
		return 0;
	msg = core_slot(t, 6)->msg;
	ret = irq_set_vcpu_affinity(map.virq, NULL);
	EXPECT(caps.fixed_message ? !ret : ret < 0);
	EXPECT(!memcmp(&msg, &core_slot(t, 6)->msg, sizeof(msg)));
	EXPECT(test_slot_live(t->store, 6));
	return 0;
}

static int case_chip_is_named_after_the_device(struct core_test *t)
{
	struct msi_map map = core_alloc_for(t, core_part(t, 0), 11);
	struct irq_data *d;
	char name[64];

	EXPECT(map.index == 11);
	d = irq_get_irq_data(map.virq);
	snprintf(name, sizeof(name), "IMS-%s", dev_name(t->dev));
	EXPECT(!strcmp(d->chip->name, name));
	EXPECT(d->hwirq == 11);
	return 0;
}

static bool chip_is_named(struct core_test *t, const char *name)
{
	struct msi_map map = core_alloc(t, 0);
	bool is;

	if (map.index < 0)
		return false;
	is = !strcmp(irq_get_irq_data(map.virq)->chip->name, name) &&
	     !strcmp(irq_get_irq_data(map.virq)->domain->name, name);
	core_free(t, map);
	return is;
}

/* In the order in which they are created; the number of one that went is free */
static int case_stores_of_a_device_have_names_of_their_own(struct core_test *t)
{
	struct device_msi_info info = { .ops = &test_bare_ops, .nr_slots = 1 };
	static struct core_test third;
	struct core_test *second;
	char name[64];
	bool is;

	snprintf(name, sizeof(name), "IMS-%s", dev_name(t->dev));
	EXPECT(chip_is_named(t, name));
	second = core_second(t, &test_full_ops, 0, 4);
	EXPECT(second);
	snprintf(name, sizeof(name), "IMS-%s-1", dev_name(t->dev));
	EXPECT(chip_is_named(second, name));

	EXPECT(!device_msi_remove_domain(t->dom));
	t->dom = NULL;
	EXPECT(chip_is_named(second, name));
	info.store = t->store;
	third.dev = t->dev;
	third.dom = device_msi_create_domain(t->dev, &info);
	EXPECT(!IS_ERR(third.dom));
	snprintf(name, sizeof(name), "IMS-%s", dev_name(t->dev));
	is = chip_is_named(&third, name);
	device_msi_release_domain(third.dom);
	EXPECT(is);
	return 0;
}

/* The remapping hardware checks the requester ID, which parts do not have */
static int case_message_is_the_functions(struct core_test *t)
{
	struct msi_map map = core_alloc_for(t, core_part(t, 0), 11);
	struct msi_desc *desc;

	EXPECT(map.index == 11);
	desc = irq_get_msi_desc(map.virq);
	EXPECT(desc && desc->dev == t->dev);
	return 0;
}

const struct core_case core_state_cases[] = {
	CASE(pending_is_the_stores),
	CASE(masked_is_told),
	CASE(unknown_state_is_an_error),
	CASE(store_without_pending_is_an_error, .ops = &test_unreadable_ops),
	CASE(wake_up_can_be_asked_for),
	CASE(posting_reaches_the_parent),
	CASE(chip_is_named_after_the_device),
	CASE(stores_of_a_device_have_names_of_their_own),
	CASE(message_is_the_functions),
	{}
};
