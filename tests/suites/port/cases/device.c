// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver: its callbacks record that they were called, and change the device in memory.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/string.h>

#include "device.h"

static struct port_device port_device;

static void port_record(struct port_device *port, char call)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&port->lock, flags);
	if (port->removed)
		port->late++;
	if (port->nr_calls < PORT_CALLS - 1)
		port->calls[port->nr_calls++] = call;
	raw_spin_unlock_irqrestore(&port->lock, flags);
}

/* Were exactly these callbacks called since the last question? */
bool port_called(struct port_device *port, const char *calls)
{
	unsigned long flags;
	bool same;

	raw_spin_lock_irqsave(&port->lock, flags);
	port->calls[port->nr_calls] = '\0';
	same = !strcmp(port->calls, calls);
	if (!same)
		pr_info("called: \"%s\", not \"%s\"\n", port->calls, calls);
	port->nr_calls = 0;
	raw_spin_unlock_irqrestore(&port->lock, flags);
	return same;
}

/* A callback gets what is its own, never what is the kernel's */
static struct port_slot *port_slot_of(struct irq_data *data, char call)
{
	struct port_device *port = &port_device;
	struct msi_desc *desc = irq_data_get_msi_desc(data);
	struct msi_domain_info *info = data->domain->host_data;

	port_record(port, call);
	port->last = data;
	if (data->irq && data == irq_get_irq_data(data->irq))
		port->strange = __LINE__;
	if (data->irq != desc->irq || data->hwirq != desc->msi_index)
		port->strange = __LINE__;
	if (info->data != port || data->chip != info->chip)
		port->strange = __LINE__;
	return desc->data.dcookie.ptr;
}

static void port_mask(struct irq_data *data)
{
	port_slot_of(data, 'm')->masked = true;
}

static void port_unmask(struct irq_data *data)
{
	port_slot_of(data, 'u')->masked = false;
}

static void port_shutdown(struct irq_data *data)
{
	port_slot_of(data, 's')->masked = true;
}

static bool port_is_empty(const struct msi_msg *msg)
{
	return !msg->address_lo && !msg->address_hi && !msg->data;
}

static void port_write_msi_msg(struct irq_data *data, struct msi_msg *msg)
{
	port_slot_of(data, port_is_empty(msg) ? 'e' : 'w')->msg = *msg;
}

static void port_bus_lock(struct irq_data *data)
{
	port_slot_of(data, 'l');
}

static void port_bus_sync_unlock(struct irq_data *data)
{
	port_slot_of(data, 'y');
}

static void port_prepare_desc(struct irq_domain *domain, msi_alloc_info_t *arg,
			      struct msi_desc *desc)
{
	struct msi_domain_info *info = domain->host_data;
	struct port_device *port = info->data;

	port_record(port, 'p');
	port->hwsize = info->hwsize;
	desc->data.dcookie.ptr = &port->slots[desc->msi_index % PORT_SLOTS];
	arg->hwirq = desc->msi_index;
}

const struct msi_domain_template port_templates[PORT_NR_STORES] = {
	[PORT_DIRECT] = {
		.chip = {
			.name			= "PORT-DIRECT",
			.irq_mask		= port_mask,
			.irq_unmask		= port_unmask,
			.irq_shutdown		= port_shutdown,
			.irq_write_msi_msg	= port_write_msi_msg,
		},
		.ops.prepare_desc	= port_prepare_desc,
		.info = {
			.flags			= MSI_FLAG_ALLOC_SIMPLE_MSI_DESCS |
						  MSI_FLAG_FREE_MSI_DESCS,
			.bus_token		= DOMAIN_BUS_PCI_DEVICE_IMS,
		},
	},
	[PORT_QUEUE] = {
		.chip = {
			.name			= "PORT-QUEUE",
			.irq_mask		= port_mask,
			.irq_unmask		= port_unmask,
			.irq_write_msi_msg	= port_write_msi_msg,
			.irq_bus_lock		= port_bus_lock,
			.irq_bus_sync_unlock	= port_bus_sync_unlock,
		},
		.ops.prepare_desc	= port_prepare_desc,
		.info = {
			.flags			= MSI_FLAG_ALLOC_SIMPLE_MSI_DESCS |
						  MSI_FLAG_FREE_MSI_DESCS,
			.bus_token		= DOMAIN_BUS_PCI_DEVICE_IMS,
		},
	},
};

bool port_create(struct port_device *port, unsigned int hwsize)
{
	return pci_create_ims_domain(port->pdev, &port_templates[port->store],
				     hwsize, port);
}

struct msi_map port_alloc(struct port_device *port)
{
	union msi_instance_cookie cookie = { .value = 62 };

	return pci_ims_alloc_irq(port->pdev, &cookie, NULL);
}

static irqreturn_t port_interrupt(int irq, void *data)
{
	return IRQ_HANDLED;
}

int port_request(struct port_device *port, struct msi_map map)
{
	return request_irq(map.virq, port_interrupt, 0, "port", port);
}

void port_free_irq(struct port_device *port, struct msi_map map)
{
	free_irq(map.virq, port);
}

bool port_is_silent(const struct port_slot *slot)
{
	return slot->masked && port_is_empty(&slot->msg);
}

static int port_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int ret;

	ret = pci_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);
	port_device.pdev = pdev;
	return 0;
}

static void port_remove(struct pci_dev *pdev)
{
	port_device.removed = true;
	/* That switches bus mastering off, too */
	if (!port_device.stays_enabled)
		pci_disable_device(pdev);
}

/* The device of devices/ims: here no more than a PCI function */
static const struct pci_device_id port_ids[] = {
	{ PCI_DEVICE(0x1234, 0x1a5e) },
	{ }
};

static struct pci_driver port_driver = {
	.name		= "ims_port_test",
	.id_table	= port_ids,
	.probe		= port_probe,
	.remove		= port_remove,
};

/* What the device holds at first is no message, and not masked either */
struct port_device *port_bind(enum port_store store)
{
	struct port_device *port = &port_device;
	int ret;

	memset(port, 0, sizeof(*port));
	raw_spin_lock_init(&port->lock);
	port->store = store;
	ret = pci_register_driver(&port_driver);
	if (!ret && !port->pdev) {
		pci_unregister_driver(&port_driver);
		ret = -ENODEV;
	}
	return ret ? ERR_PTR(ret) : port;
}

/* A case may have done so */
void port_unbind(struct port_device *port)
{
	if (!port->pdev)
		return;
	pci_unregister_driver(&port_driver);
	port->pdev = NULL;
}

/* Return: what is wrong in the end, or NULL */
const char *port_end(struct port_device *port)
{
	port_unbind(port);
	if (port->late)
		return "a callback was called after remove()";
	return port->strange ? "a callback got something strange" : NULL;
}
