// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases of a device that sleeps, that was reset, or whose driver has unbound.
 */
#include <linux/iopoll.h>

#include "device.h"

static void port_sleep(struct port_device *port)
{
	port->pdev->current_state = PCI_D3hot;
}

static void port_wake(struct port_device *port)
{
	port->pdev->current_state = PCI_D0;
}

/* What is freed while the device sleeps may still be sent: nobody else gets the slot */
static int case_a_slot_freed_in_sleep_is_withheld(struct port_device *port)
{
	struct msi_map map, next;

	EXPECT(port_create(port, 4));
	map = port_alloc(port);
	EXPECT(map.index == 0 && !port_request(port, map));
	port_called(port, "");
	port_sleep(port);
	port_free_irq(port, map);
	pci_ims_free_irq(port->pdev, map);
	port_wake(port);
	EXPECT(port_called(port, ""));
	EXPECT(!port_is_silent(&port->slots[0]));

	next = port_alloc(port);
	EXPECT(next.index == 1);
	EXPECT(!ims_62_restore(port->pdev));
	EXPECT(port_is_silent(&port->slots[0]));
	map = port_alloc(port);
	EXPECT(map.index == 0);
	pci_ims_free_irq(port->pdev, map);
	pci_ims_free_irq(port->pdev, next);
	return 0;
}

static int case_the_slots_come_back_after_a_reset(struct port_device *port)
{
	struct msi_map map;
	struct msi_msg msg;

	EXPECT(port_create(port, 4));
	map = port_alloc(port);
	EXPECT(!port_request(port, map));
	msg = port->slots[0].msg;
	memset(port->slots, 0, sizeof(port->slots));
	port->slots[0].masked = true;
	EXPECT(!ims_62_restore(port->pdev));
	EXPECT(!port->slots[0].masked);
	EXPECT(port->slots[0].msg.address_lo == msg.address_lo &&
	       port->slots[0].msg.data == msg.data);
	port_free_irq(port, map);
	pci_ims_free_irq(port->pdev, map);
	return 0;
}

/* port_end() says if a callback is called after remove() */
static int case_unbinding_frees_what_is_allocated(struct port_device *port)
{
	struct pci_dev *pdev = port->pdev;
	struct msi_map maps[3];
	unsigned int i;

	EXPECT(port_create(port, 4));
	for (i = 0; i < 3; i++) {
		maps[i] = port_alloc(port);
		EXPECT(maps[i].index == i);
	}
	EXPECT(!port_request(port, maps[1]));
	port_free_irq(port, maps[1]);
	port_called(port, "");
	port_unbind(port);
	EXPECT(port_called(port, ""));
	for (i = 0; i < 3; i++)
		EXPECT(!irq_get_msi_desc(maps[i].virq));
	EXPECT(!msi_domain_get_virq(&pdev->dev, MSI_SECONDARY_DOMAIN, 0));
	return 0;
}

static bool port_masters_the_bus(struct pci_dev *pdev)
{
	u16 command;

	return !pci_read_config_word(pdev, PCI_COMMAND, &command) &&
	       command & PCI_COMMAND_MASTER;
}

/* A worker of the core ends a domain whose last interrupt was freed late */
static bool port_irq_goes(int virq)
{
	struct irq_data *data;

	return !read_poll_timeout(irq_get_irq_data, data, !data, 500, 60 * USEC_PER_SEC,
				  false, virq);
}

/* Its slot cannot be masked, so the device may send nothing at all */
static int case_unbinding_with_an_irq_stops_the_device(struct port_device *port)
{
	struct pci_dev *pdev = port->pdev;
	struct msi_map maps[2];
	bool masters;

	EXPECT(port_create(port, 4));
	maps[0] = port_alloc(port);
	maps[1] = port_alloc(port);
	EXPECT(!port_request(port, maps[0]));
	EXPECT(port_masters_the_bus(pdev));
	port_called(port, "");
	port->stays_enabled = true;
	port_unbind(port);
	masters = port_masters_the_bus(pdev);
	pci_disable_device(pdev);
	EXPECT(port_called(port, ""));
	EXPECT(!masters);
	port_free_irq(port, maps[0]);
	EXPECT(port_called(port, ""));
	EXPECT(port_irq_goes(maps[0].virq));
	return 0;
}

static int case_a_requested_irq_is_not_freed(struct port_device *port)
{
	struct msi_map map;

	EXPECT(port_create(port, 4));
	map = port_alloc(port);
	EXPECT(!port_request(port, map));
	port_called(port, "");
	pci_ims_free_irq(port->pdev, map);
	EXPECT(port_called(port, ""));
	EXPECT(irq_get_msi_desc(map.virq));
	port_free_irq(port, map);
	pci_ims_free_irq(port->pdev, map);
	EXPECT(!irq_get_msi_desc(map.virq));
	return 0;
}

const struct port_case port_gone_cases[] = {
	PORT_CASE(a_slot_freed_in_sleep_is_withheld),
	PORT_CASE(the_slots_come_back_after_a_reset),
	PORT_CASE(unbinding_frees_what_is_allocated),
	PORT_CASE(unbinding_with_an_irq_stops_the_device, .group = PORT_MISUSE),
	PORT_CASE(a_requested_irq_is_not_freed, .group = PORT_MISUSE),
	{ }
};
