// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_shown.ko: two domains with interrupts to look at in debugfs, while it is
 * loaded. One store can be read, the other cannot. The device is QEMU's edu.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <ims/backend.h>

#define EDU_VENDOR_ID	0x1234
#define EDU_DEVICE_ID	0x11e8

#define SHOWN_SLOTS	4U

static struct device_msi_slot shown_slots[SHOWN_SLOTS];

/* ctrl as most devices have it: 1 masks */
static void shown_mask(struct device_msi_desc *desc)
{
	shown_slots[desc->index].ctrl = 1;
}

static void shown_unmask(struct device_msi_desc *desc)
{
	shown_slots[desc->index].ctrl = 0;
}

static void shown_write_msg(struct device_msi_desc *desc,
			    const struct msi_msg *msg)
{
	shown_slots[desc->index].msg = *msg;
}

static int shown_read_slot(struct device_msi_desc *desc,
			   struct device_msi_slot *slot)
{
	*slot = shown_slots[desc->index];
	slot->masked = slot->ctrl;
	return 0;
}

/* Without an owner, whom a domain would keep from going: it goes before this module */
static const struct device_msi_ops shown_readable_ops = {
	.write_msg	= shown_write_msg,
	.mask		= shown_mask,
	.unmask		= shown_unmask,
	.read_slot	= shown_read_slot,
};

static const struct device_msi_ops shown_unreadable_ops = {
	.write_msg	= shown_write_msg,
	.mask		= shown_mask,
	.unmask		= shown_unmask,
};

static irqreturn_t shown_handler(int irq, void *data)
{
	return IRQ_HANDLED;
}

/* A domain with two interrupts, of which one is requested */
struct shown_domain {
	struct device_msi_domain *dom;
	struct msi_map requested;
};

static struct pci_dev *shown_pdev;
static struct shown_domain shown_domains[2];

static struct msi_map shown_alloc(struct device_msi_domain *dom,
				  unsigned int index)
{
	struct device_msi_req req = { .index = index };

	return device_msi_alloc_irq(dom, &shown_pdev->dev, &req);
}

static int shown_open(struct shown_domain *shown,
		      const struct device_msi_ops *ops, unsigned int first)
{
	struct device_msi_info info = { .ops = ops, .nr_slots = SHOWN_SLOTS };
	struct msi_map map;
	int ret;

	shown->dom = device_msi_create_domain(&shown_pdev->dev, &info);
	if (IS_ERR(shown->dom))
		return PTR_ERR(shown->dom);
	shown->requested = shown_alloc(shown->dom, first);
	map = shown_alloc(shown->dom, first + 1);
	ret = map.index < 0 ? map.index :
		request_irq(shown->requested.virq, shown_handler, 0,
			    "ims-shown", shown);
	if (ret)
		device_msi_remove_domain(shown->dom);
	return ret;
}

static void shown_close(struct shown_domain *shown)
{
	free_irq(shown->requested.virq, shown);
	device_msi_remove_domain(shown->dom);
}

static int __init ims_shown_init(void)
{
	int ret;

	shown_pdev = pci_get_device(EDU_VENDOR_ID, EDU_DEVICE_ID, NULL);
	if (!shown_pdev)
		return -ENODEV;
	ret = shown_open(&shown_domains[0], &shown_readable_ops, 0);
	if (ret)
		goto err_put;
	ret = shown_open(&shown_domains[1], &shown_unreadable_ops, 2);
	if (ret)
		goto err_close;
	return 0;

err_close:
	shown_close(&shown_domains[0]);
err_put:
	pci_dev_put(shown_pdev);
	return ret;
}
module_init(ims_shown_init);

static void __exit ims_shown_exit(void)
{
	shown_close(&shown_domains[1]);
	shown_close(&shown_domains[0]);
	pci_dev_put(shown_pdev);
}
module_exit(ims_shown_exit);

MODULE_DESCRIPTION("Interrupts for debugfs to show");
MODULE_LICENSE("GPL");
