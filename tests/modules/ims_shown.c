// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_shown.ko: two domains with interrupts to look at in debugfs, while it is
 * loaded. One store can be read, the other cannot. The device is QEMU's edu; the
 * parameters vendor and device name another, such as one that is refused.
 *
 * With the parameter many there is a third domain with so many interrupts, of which
 * writing to the parameter keep frees all but every so-manieth, and reads says how
 * many slots were read.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/pci.h>
#include <linux/vmalloc.h>
#include <ims/backend.h>

#define EDU_VENDOR_ID	0x1234
#define EDU_DEVICE_ID	0x11e8

#define SHOWN_SLOTS	4U

static unsigned int many;
module_param(many, uint, 0444);
MODULE_PARM_DESC(many, "Interrupts of a third domain");

static unsigned int vendor = EDU_VENDOR_ID;
module_param(vendor, uint, 0444);
MODULE_PARM_DESC(vendor, "Vendor of the PCI function");

static unsigned int device = EDU_DEVICE_ID;
module_param(device, uint, 0444);
MODULE_PARM_DESC(device, "Device ID of the PCI function");

static char *name = "ims-shown";
module_param(name, charp, 0444);
MODULE_PARM_DESC(name, "Name that the interrupts are requested with");

static unsigned int shown_reads;
module_param_named(reads, shown_reads, uint, 0444);
MODULE_PARM_DESC(reads, "Slots that were read so far");

static struct device_msi_slot *shown_slots;	/* of any store: so much they share */
static struct msi_map *shown_maps;		/* of the third domain */
static struct device_msi_domain *shown_many;

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
	shown_reads++;
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
	struct device_msi_req req = { .slots = DEVICE_MSI_SLOT(index) };

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
			    name, shown);
	if (ret)
		device_msi_release_domain(shown->dom);
	return ret;
}

static void shown_close(struct shown_domain *shown)
{
	free_irq(shown->requested.virq, shown);
	device_msi_release_domain(shown->dom);
}

static int shown_open_many(void)
{
	struct device_msi_info info = {
		.ops = &shown_readable_ops, .nr_slots = many,
	};
	struct device_msi_domain *dom;
	int ret;

	if (!many)
		return 0;
	dom = device_msi_create_domain(&shown_pdev->dev, &info);
	if (IS_ERR(dom))
		return PTR_ERR(dom);
	ret = device_msi_alloc_irqs(dom, &shown_pdev->dev, NULL, many, many,
				    NULL, shown_maps);
	if (ret < 0) {
		device_msi_release_domain(dom);
		return ret;
	}
	shown_many = dom;
	return 0;
}

static int shown_keep(const char *text, const struct kernel_param *param)
{
	unsigned int every, i;
	int ret;

	ret = kstrtouint(text, 0, &every);
	if (ret || !every || !shown_many)
		return ret ?: -EINVAL;
	for (i = 0; i < many && !ret; i++)
		if (i % every)
			ret = device_msi_free_irq(shown_many, &shown_pdev->dev,
						  shown_maps[i]);
	return ret;
}

static const struct kernel_param_ops shown_keep_ops = {
	.set	= shown_keep,
};
module_param_cb(keep, &shown_keep_ops, NULL, 0200);
MODULE_PARM_DESC(keep, "Free all of many but every so-manieth, once");

static int __init ims_shown_init(void)
{
	int ret = -ENOMEM;

	shown_pdev = pci_get_device(vendor, device, NULL);
	if (!shown_pdev)
		return -ENODEV;
	shown_slots = vzalloc(array_size(max(many, SHOWN_SLOTS),
					 sizeof(*shown_slots)));
	shown_maps = vzalloc(array_size(max(many, 1U), sizeof(*shown_maps)));
	if (!shown_slots || !shown_maps)
		goto err_put;
	ret = shown_open(&shown_domains[0], &shown_readable_ops, 0);
	if (ret)
		goto err_put;
	ret = shown_open(&shown_domains[1], &shown_unreadable_ops, 2);
	if (ret)
		goto err_close_first;
	ret = shown_open_many();
	if (ret)
		goto err_close;
	return 0;

err_close:
	shown_close(&shown_domains[1]);
err_close_first:
	shown_close(&shown_domains[0]);
err_put:
	vfree(shown_maps);
	vfree(shown_slots);
	pci_dev_put(shown_pdev);
	return ret;
}
module_init(ims_shown_init);

static void __exit ims_shown_exit(void)
{
	device_msi_release_domain(shown_many);
	shown_close(&shown_domains[1]);
	shown_close(&shown_domains[0]);
	vfree(shown_maps);
	vfree(shown_slots);
	pci_dev_put(shown_pdev);
}
module_exit(ims_shown_exit);

MODULE_DESCRIPTION("Interrupts for debugfs to show");
MODULE_LICENSE("GPL");
