// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases of what is refused, with a line in the log that says why, and of calls that have no
 * domain.
 */
#include "device.h"

static struct msi_domain_template port_bad;

/* A template with one thing too many, or too few */
#define REFUSED(port, change)						\
	do {								\
		struct port_device *_port = port;			\
									\
		port_bad = port_templates[_port->store];		\
		change;							\
		EXPECT(!pci_create_ims_domain(_port->pdev, &port_bad, 0, _port)); \
	} while (0)

static int port_set_type(struct irq_data *d, unsigned int type)
{
	return 0;
}

static unsigned int port_startup(struct irq_data *d)
{
	return 0;
}

static void port_do_nothing(struct irq_data *d)
{
}

static int port_prepare(struct irq_domain *domain, struct device *dev, int nvec,
			msi_alloc_info_t *arg)
{
	return 0;
}

static void port_set_desc(msi_alloc_info_t *arg, struct msi_desc *desc)
{
}

static void port_post_free(struct irq_domain *domain, struct device *dev)
{
}

/* As in Linux 6.2 */
static int case_a_template_needs_what_it_needed(struct port_device *port)
{
	REFUSED(port, port_bad.info.bus_token = 0);
	REFUSED(port, port_bad.info.flags = MSI_FLAG_FREE_MSI_DESCS);
	REFUSED(port, port_bad.chip.irq_write_msi_msg = NULL);
	REFUSED(port, port_bad.chip.irq_set_affinity = irq_chip_set_affinity_parent);
	EXPECT(port_create(port, 0));
	return 0;
}

/* A driver would wait for what is never called */
static int case_what_would_not_be_called_is_refused(struct port_device *port)
{
	REFUSED(port, port_bad.ops.msi_prepare = port_prepare);
	REFUSED(port, port_bad.ops.set_desc = port_set_desc);
	REFUSED(port, port_bad.ops.msi_post_free = port_post_free);
	REFUSED(port, port_bad.chip.irq_startup = port_startup);
	REFUSED(port, port_bad.chip.irq_enable = port_do_nothing);
	REFUSED(port, port_bad.chip.irq_set_type = port_set_type);
	REFUSED(port, port_bad.info.handler = handle_simple_irq);
	EXPECT(port_create(port, 0));
	return 0;
}

static int case_more_slots_than_there_can_be_are_refused(struct port_device *port)
{
	EXPECT(!port_create(port, 65537));
	EXPECT(port_create(port, 65536));
	return 0;
}

static int case_a_function_without_a_driver_is_refused(struct port_device *port)
{
	struct pci_dev *pdev = port->pdev;

	port_unbind(port);
	EXPECT(!pci_create_ims_domain(pdev, &port_templates[port->store], 0, port));
	return 0;
}

static int case_a_function_has_one_domain(struct port_device *port)
{
	struct msi_map map;

	EXPECT(port_create(port, 4));
	EXPECT(!port_create(port, 4));
	map = port_alloc(port);
	EXPECT(map.index == 0 && map.virq > 0);
	EXPECT(port->hwsize == 4);
	pci_ims_free_irq(port->pdev, map);
	EXPECT(!port_create(port, 4));
	return 0;
}

static int case_nothing_comes_without_a_domain(struct port_device *port)
{
	struct msi_map map = { .index = 0, .virq = 1 };

	pci_ims_free_irq(port->pdev, map);
	map = port_alloc(port);
	EXPECT(map.index == -ENODEV && !map.virq);
	EXPECT(!msi_domain_get_virq(&port->pdev->dev, MSI_SECONDARY_DOMAIN, 0));
	EXPECT(ims_62_restore(port->pdev) == -ENODEV);
	EXPECT(port_called(port, ""));
	return 0;
}

const struct port_case port_refused_cases[] = {
	PORT_CASE(a_template_needs_what_it_needed),
	PORT_CASE(what_would_not_be_called_is_refused),
	PORT_CASE(more_slots_than_there_can_be_are_refused),
	PORT_CASE(a_function_without_a_driver_is_refused),
	PORT_CASE(a_function_has_one_domain),
	PORT_CASE(nothing_comes_without_a_domain),
	{ }
};
