// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases of an interrupt's life: which callbacks are called when, and how many interrupts
 * there are.
 */
#include "device.h"

/* Two things that 6.2 did not do: the slot is made silent at its allocation, and masked
 * before irq_shutdown()
 */
static int case_a_direct_chip_is_called_in_order(struct port_device *port)
{
	struct msi_map map;

	EXPECT(port_create(port, 0));
	EXPECT(port_called(port, ""));
	map = port_alloc(port);
	EXPECT(map.index == 0 && map.virq > 0);
	EXPECT(port_called(port, "pme"));
	EXPECT(port_is_silent(&port->slots[0]));

	EXPECT(!port_request(port, map));
	EXPECT(port_called(port, "wu"));
	EXPECT(!port->slots[0].masked && port->slots[0].msg.address_lo);
	port_free_irq(port, map);
	EXPECT(port_called(port, "mse"));
	EXPECT(port_is_silent(&port->slots[0]));

	pci_ims_free_irq(port->pdev, map);
	EXPECT(port_called(port, ""));
	return 0;
}

/* The device hears of a slot first when it is requested: before, its queue may not exist */
static int case_a_queue_is_silent_until_it_is_told(struct port_device *port)
{
	struct msi_map map;

	EXPECT(port_create(port, 0));
	map = port_alloc(port);
	EXPECT(map.index == 0 && map.virq > 0);
	EXPECT(port_called(port, "p"));
	pci_ims_free_irq(port->pdev, map);
	EXPECT(port_called(port, ""));

	map = port_alloc(port);
	EXPECT(port_called(port, "p"));
	EXPECT(!port_request(port, map));
	EXPECT(port_called(port, "lwuy"));
	EXPECT(!port->slots[0].masked && port->slots[0].msg.address_lo);
	port_free_irq(port, map);
	EXPECT(port_called(port, "lmey"));
	EXPECT(port_is_silent(&port->slots[0]));
	pci_ims_free_irq(port->pdev, map);
	EXPECT(port_called(port, ""));
	return 0;
}

/* The kernel masks only when an interrupt arrives meanwhile */
static int case_disabling_for_a_while_sends_no_command(struct port_device *port)
{
	struct msi_map map;

	EXPECT(port_create(port, 0));
	map = port_alloc(port);
	EXPECT(!port_request(port, map));
	EXPECT(port_called(port, "plwuy"));
	disable_irq(map.virq);
	enable_irq(map.virq);
	EXPECT(port_called(port, ""));
	port_free_irq(port, map);
	pci_ims_free_irq(port->pdev, map);
	return 0;
}

/* With IRQ_DISABLE_UNLAZY it masks at once, and the device has that when it returns */
static int case_disabling_at_once_is_a_command(struct port_device *port)
{
	struct msi_map map;

	EXPECT(port_create(port, 0));
	map = port_alloc(port);
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	EXPECT(!port_request(port, map));
	EXPECT(port_called(port, "plwuy"));
	disable_irq_nosync(map.virq);
	EXPECT(port_called(port, "lmwy"));
	disable_irq(map.virq);
	enable_irq(map.virq);
	EXPECT(port_called(port, ""));
	enable_irq(map.virq);
	EXPECT(port_called(port, "lwuy"));

	/* Freed while disabled, and requested again */
	disable_irq(map.virq);
	EXPECT(port_called(port, "lmwy"));
	port_free_irq(port, map);
	EXPECT(port_called(port, "lmey"));
	EXPECT(!port_request(port, map));
	EXPECT(port_called(port, "lwuy"));
	port_free_irq(port, map);
	pci_ims_free_irq(port->pdev, map);
	return 0;
}

static int case_a_size_of_zero_is_no_limit(struct port_device *port)
{
	struct msi_map maps[PORT_SLOTS];
	unsigned int i;

	EXPECT(port_create(port, 0));
	for (i = 0; i < PORT_SLOTS; i++) {
		maps[i] = port_alloc(port);
		EXPECT(maps[i].index == i && maps[i].virq > 0);
	}
	EXPECT(port->hwsize == 0x7fffffff);
	for (i = 0; i < PORT_SLOTS; i++)
		pci_ims_free_irq(port->pdev, maps[i]);
	return 0;
}

static int case_a_full_domain_says_so(struct port_device *port)
{
	struct msi_map maps[2], more;

	EXPECT(port_create(port, 2));
	maps[0] = port_alloc(port);
	maps[1] = port_alloc(port);
	EXPECT(maps[1].index == 1);
	port_called(port, "");
	more = port_alloc(port);
	EXPECT(more.index == -ENOSPC && !more.virq);
	EXPECT(port_called(port, ""));
	pci_ims_free_irq(port->pdev, maps[0]);
	more = port_alloc(port);
	EXPECT(more.index == 0 && more.virq > 0);
	pci_ims_free_irq(port->pdev, more);
	pci_ims_free_irq(port->pdev, maps[1]);
	return 0;
}

static int case_an_irq_has_a_descriptor_while_it_is_allocated(struct port_device *port)
{
	struct msi_desc *desc;
	struct msi_map map;

	EXPECT(port_create(port, 0));
	map = port_alloc(port);
	desc = irq_get_msi_desc(map.virq);
	EXPECT(desc && desc->irq == map.virq && desc->data.icookie.value == 62);
	EXPECT(!port_request(port, map));
	EXPECT(irq_data_get_msi_desc(port->last) == desc);
	EXPECT(irq_data_get_msi_desc(irq_get_irq_data(map.virq)) == desc);
	port_free_irq(port, map);
	pci_ims_free_irq(port->pdev, map);
	EXPECT(!irq_get_msi_desc(map.virq));
	EXPECT(!irq_get_msi_desc(0));
	return 0;
}

const struct port_case port_life_cases[] = {
	PORT_CASE(a_direct_chip_is_called_in_order, .stores = BIT(PORT_DIRECT)),
	PORT_CASE(a_queue_is_silent_until_it_is_told, .stores = BIT(PORT_QUEUE)),
	PORT_CASE(disabling_for_a_while_sends_no_command, .stores = BIT(PORT_QUEUE)),
	PORT_CASE(disabling_at_once_is_a_command, .stores = BIT(PORT_QUEUE)),
	PORT_CASE(a_size_of_zero_is_no_limit),
	PORT_CASE(a_full_domain_says_so),
	PORT_CASE(an_irq_has_a_descriptor_while_it_is_allocated),
	{ }
};
