// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refusals that no machine here can show: a device behind Hyper-V's host bridge
 * or Intel VMD, or with an interrupt parent that QEMU does not have, or that nobody
 * knows. The irq_domain that such a device would point to is forged, device MSI is asked
 * for, and then the device's own domain is put back and its ordinary MSI-X must work.
 *
 * The device is QEMU's rocker, which sends an MSI-X message on request. Results
 * are TAP in /sys/kernel/debug/ims_forge; a refusal's sentence is in a comment.
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/iommu.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/seq_file.h>
#include <linux/vmalloc.h>
#include <ims/ims.h>

#define ROCKER_VENDOR_ID	0x1b36
#define ROCKER_DEVICE_ID	0x0006
#define ROCKER_REGS_BAR		0
#define ROCKER_TEST_IRQ		0x20	/* write N: send message N */

#define FORGE_SLOTS		4U

static struct pci_dev *rocker;
static void __iomem *rocker_regs;
static void *forge_words;

static void forge_compose(struct irq_data *d, struct msi_msg *msg)
{
}

/* Hyper-V's and VMD's chips compose; the kernel's own lets the parent do so */
static struct irq_chip forge_composing = {
	.name			= "forged",
	.irq_compose_msi_msg	= forge_compose,
};

static struct irq_chip forge_plain = {
	.name			= "forged",
};

static struct msi_domain_info forge_composing_info = {
	.chip	= &forge_composing,
};

static struct msi_domain_info forge_plain_info = {
	.chip	= &forge_plain,
};

/* Since Linux 6.11 such a parent on arm64 is known by its prefix */
#if defined(CONFIG_ARM64) && defined(MSI_ANY_INDEX)	/* with MSI parents */
#define FORGE_PREFIXES
static struct msi_parent_ops forge_parent_ops;

static void forge_set_prefix(struct irq_domain *d, const char *prefix)
{
	forge_parent_ops.prefix = prefix;
	d->msi_parent_ops = &forge_parent_ops;
	d->flags |= IRQ_DOMAIN_FLAG_MSI_PARENT;
}
#else
static void forge_set_prefix(struct irq_domain *d, const char *prefix)
{
}
#endif

static int forge_alloc(struct irq_domain *d, unsigned int virq,
		       unsigned int nr, void *arg)
{
	return -EIO;	/* nobody may get so far */
}

static const struct irq_domain_ops forge_domain_ops = {
	.alloc	= forge_alloc,
};

/**
 * struct forge_case - One platform, as a device's irq_domain shows it
 * @name:	of the case
 * @token:	the domain's bus token
 * @flags:	its IRQ_DOMAIN_FLAG_*
 * @host_data:	what its driver keeps there
 * @prefix:	of the names of its devices' domains, if it is an MSI parent
 * @orphan:	it has no parent
 * @none:	the device has no domain at all
 * @own:	it is the device's own, nothing is forged
 * @works:	it is one to which device MSI may be added: the control
 */
struct forge_case {
	const char			*name;
	enum irq_domain_bus_token	token;
	unsigned int			flags;
	void				*host_data;
	const char			*prefix;
	bool				orphan;
	bool				none;
	bool				own;
	bool				works;
};

static const struct forge_case forge_cases[] = {
	{
		.name	= "control: the device's own domain",
		.own	= true,
		.works	= true,
	}, {
		.name	= "control on x86: a shared PCI/MSI domain",
		.token	= DOMAIN_BUS_PCI_MSI,
		.flags	= IRQ_DOMAIN_FLAG_MSI,
		.host_data = &forge_plain_info,
		.works	= IS_ENABLED(CONFIG_X86),
	}, {
#ifdef FORGE_PREFIXES
		.name	= "MBI",
		.prefix	= "MBI-",
	}, {
		.name	= "GICv5",
		.prefix	= "ITS-v5-",
	}, {
#endif
		.name	= "VMD before Linux 6.17",
		.token	= DOMAIN_BUS_VMD_MSI,
		.flags	= IRQ_DOMAIN_FLAG_MSI,
		.host_data = &forge_composing_info,
	}, {
		.name	= "VMD since Linux 6.17",
		.token	= DOMAIN_BUS_VMD_MSI,
		.host_data = POISON_POINTER_DELTA + (void *)0x100,
	}, {
		.name	= "Hyper-V PCI before Linux 6.17",
		.token	= DOMAIN_BUS_PCI_MSI,
		.flags	= IRQ_DOMAIN_FLAG_MSI,
		.host_data = &forge_composing_info,
	}, {
		.name	= "Hyper-V PCI since Linux 6.17",
		.token	= DOMAIN_BUS_PCI_MSI,
		.host_data = POISON_POINTER_DELTA + (void *)0x100,
	}, {
		.name	= "unknown parent",
		.orphan	= true,
	}, {
		.name	= "no parent",
		.none	= true,
	},
};

static struct forge_result {
	const char	*name;
	const char	*why_not;
	int		created;
	bool		works;
	bool		msix_works;
} forge_results[ARRAY_SIZE(forge_cases) + 3];
static unsigned int forge_nr_results;

static int forge_create(struct device *dev)
{
	struct ims_window window = {
		.base		= (void __iomem __force *)forge_words,
		.size		= FORGE_SLOTS * ims_layout_standard.stride,
		.nr_slots	= FORGE_SLOTS,
	};
	struct ims_array_info info = {
		.windows	= &window,
		.nr_windows	= 1,
	};
	struct device_msi_domain *dom = ims_array_create_domain(dev, &info);

	if (IS_ERR(dom))
		return PTR_ERR(dom);
	return device_msi_remove_domain(dom);
}

static irqreturn_t forge_interrupt(int irq, void *arrived)
{
	complete(arrived);
	return IRQ_HANDLED;
}

/* The function's ordinary MSI-X: one vector, fired, handled */
static bool forge_msix_works(void)
{
	DECLARE_COMPLETION_ONSTACK(arrived);
	bool works = false;
	int virq;

	if (pci_alloc_irq_vectors(rocker, 1, 1, PCI_IRQ_MSIX) != 1)
		return false;
	virq = pci_irq_vector(rocker, 0);
	if (!request_irq(virq, forge_interrupt, 0, "ims-forge", &arrived)) {
		iowrite32(0, rocker_regs + ROCKER_TEST_IRQ);
		works = wait_for_completion_timeout(&arrived, 60 * HZ);
		free_irq(virq, &arrived);
	}
	pci_free_irq_vectors(rocker);
	return works;
}

static void forge_ask(const char *name, struct device *dev, bool works)
{
	struct forge_result *result = &forge_results[forge_nr_results++];
	struct device_msi_caps caps = {};

	device_msi_supported(dev, 0, &caps);
	result->name = name;
	result->works = works;
	result->why_not = caps.why_not;
	result->created = forge_create(dev);
}

/* Where all parents of this machine end: one that device MSI knows */
static struct irq_domain *forge_root(struct irq_domain *d)
{
	while (d->parent)
		d = d->parent;
	return d;
}

static int forge_run(const struct forge_case *c)
{
	struct device *dev = &rocker->dev;
	struct irq_domain *real = dev_get_msi_domain(dev);
	struct irq_domain *forged = NULL;
	struct fwnode_handle *fwnode;

	fwnode = irq_domain_alloc_named_fwnode("ims-forged");
	if (!fwnode)
		return -ENOMEM;
	if (!c->none && !c->own) {
		forged = irq_domain_create_hierarchy(c->orphan ? NULL :
						     forge_root(real), c->flags,
						     0, fwnode,
						     &forge_domain_ops,
						     c->host_data);
		if (!forged) {
			irq_domain_free_fwnode(fwnode);
			return -ENOMEM;
		}
		irq_domain_update_bus_token(forged, c->token);
		if (c->prefix)
			forge_set_prefix(forged, c->prefix);
	}

	if (!c->own)
		dev_set_msi_domain(dev, forged);
	forge_ask(c->name, dev, c->works);
	dev_set_msi_domain(dev, real);
	forge_results[forge_nr_results - 1].msix_works = forge_msix_works();

	if (forged)
		irq_domain_remove(forged);
	irq_domain_free_fwnode(fwnode);
	return 0;
}

static void forge_ask_non_pci(const char *name, struct device *dev)
{
	forge_ask(name, dev, false);
	forge_results[forge_nr_results - 1].msix_works = forge_msix_works();
}

/* Also one that points to the interrupt parent of the rocker, as firmware may have it */
static int forge_non_pci(void)
{
	struct platform_device *pdev;

	pdev = platform_device_register_simple("ims-forge", PLATFORM_DEVID_NONE,
					       NULL, 0);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	forge_ask_non_pci("not a PCI device", &pdev->dev);
	dev_set_msi_domain(&pdev->dev, dev_get_msi_domain(&rocker->dev));
	forge_ask_non_pci("not a PCI device, but its interrupt parent delivers",
			  &pdev->dev);
	platform_device_unregister(pdev);
	return 0;
}

/*
 * Behind an IOMMU that translates. Linux 7.2 itself has no RISC-V IOMMU do so, but lets
 * any driver; a machine without one has nothing to forge.
 */
static int forge_translated(void)
{
#ifdef CONFIG_RISCV
	struct device *dev = &rocker->dev;
	struct iommu_domain *translating;
	int ret;

	if (!iommu_get_domain_for_dev(dev))
		return 0;
	translating = iommu_paging_domain_alloc(dev);
	if (IS_ERR(translating))
		return PTR_ERR(translating);
	ret = iommu_attach_device(translating, dev);
	if (!ret) {
		forge_ask("RISC-V IOMMU that translates", dev, false);
		iommu_detach_device(translating, dev);
		forge_results[forge_nr_results - 1].msix_works = forge_msix_works();
	}
	iommu_domain_free(translating);
	return ret;
#else
	return 0;
#endif
}

static int forge_run_all(void)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(forge_cases) && !ret; i++)
		ret = forge_run(&forge_cases[i]);
	return ret ?: forge_non_pci() ?: forge_translated();
}

static bool forge_ok(const struct forge_result *r)
{
	if (r->works)
		return !r->why_not && !r->created && r->msix_works;
	return r->why_not && r->created == -EOPNOTSUPP && r->msix_works;
}

static int forge_show(struct seq_file *m, void *unused)
{
	const struct forge_result *r;
	unsigned int i;

	for (i = 0; i < forge_nr_results; i++) {
		r = &forge_results[i];
		seq_printf(m, "%sok %u - %s\n", forge_ok(r) ? "" : "not ",
			   i + 1, r->name);
		if (r->why_not)
			seq_printf(m, "# refused: %s|%s\n", r->why_not, r->name);
		if (!forge_ok(r))
			seq_printf(m, "# created %d, MSI-X afterwards %d\n",
				   r->created, r->msix_works);
	}
	seq_printf(m, "1..%u\n", i);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(forge);

static struct dentry *forge_file;

static int forge_map(void)
{
	int ret;

	ret = pci_enable_device(rocker);
	if (ret)
		return ret;
	pci_set_master(rocker);
	rocker_regs = pci_iomap(rocker, ROCKER_REGS_BAR, 0);
	forge_words = vzalloc(FORGE_SLOTS * ims_layout_standard.stride);
	return rocker_regs && forge_words ? 0 : -ENOMEM;
}

static void forge_unmap(void)
{
	vfree(forge_words);
	if (rocker_regs)
		pci_iounmap(rocker, rocker_regs);
	pci_disable_device(rocker);
	pci_dev_put(rocker);
}

static int __init forge_init(void)
{
	int ret;

	rocker = pci_get_device(ROCKER_VENDOR_ID, ROCKER_DEVICE_ID, NULL);
	if (!rocker)
		return -ENODEV;
	ret = forge_map();
	if (!ret)
		ret = forge_run_all();
	if (ret) {
		forge_unmap();
		return ret;
	}
	forge_file = debugfs_create_file("ims_forge", 0400, NULL, NULL,
					 &forge_fops);
	return 0;
}
module_init(forge_init);

static void __exit forge_exit(void)
{
	debugfs_remove(forge_file);
	forge_unmap();
}
module_exit(forge_exit);

MODULE_DESCRIPTION("Test: refusals of platforms that are forged");
MODULE_LICENSE("GPL");
