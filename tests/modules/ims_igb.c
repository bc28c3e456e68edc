// SPDX-License-Identifier: GPL-2.0-only
/*
 * The virtual functions of QEMU's igb (Intel's 82576), each with an interrupt
 * per vector from an array store: its MSI-X table, driven as samples/rocker
 * drives rocker's. No packet is ever sent.
 *
 * On the physical function the driver only makes virtual ones possible. In
 * /sys/kernel/debug/ims_igb/<virtual function>/, queues lists the interrupts and
 * control takes "fire N", as those of ims_rocker do. With msix=1 the kernel's
 * own MSI-X of the physical function is on as well: its vector 0, which is in
 * the same two files of the physical function.
 */
#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/seq_file.h>
#include <ims/ims.h>

#define IGB_PF_DEVICE_ID	0x10c9
#define IGB_VF_DEVICE_ID	0x10ca
#define IGB_REGS_BAR		0
#define IGB_MAX_VECTORS		3	/* of a virtual function */

/* The same offsets on both kinds of functions; a VF has bits 0 to 2 */
#define IGB_GPIE		0x1514	/* PF: how interrupts are delivered */
#define IGB_GPIE_MSIX		0x10
#define IGB_EICS		0x1520	/* raise */
#define IGB_EIMS		0x1524	/* let through, bits that are 1 */
#define IGB_EIMC		0x1528	/* hold back, bits that are 1 */
#define IGB_EIAC		0x152c	/* forget the cause once it was sent */
#define IGB_EITR(n)		(0x1680 + 4 * (n))	/* time between two */

static bool msix;
module_param(msix, bool, 0444);
MODULE_PARM_DESC(msix, "Use the kernel's MSI-X on the physical function (default: N)");

static struct dentry *igb_debugfs;

struct igb;

/**
 * struct igb_vector - One vector, with an interrupt of its own
 * @igb:	its function
 * @index:	its number
 * @virq:	the interrupt, 0 for none
 * @map:	how to free it, if it is from the store
 * @fired:	messages that the device was asked to send
 * @handled:	interrupts that arrived
 * @cpu:	where the last one arrived
 * @name:	in /proc/interrupts
 */
struct igb_vector {
	struct igb	*igb;
	unsigned int	index;
	int		virq;
	struct msi_map	map;
	unsigned int	fired;
	atomic_t	handled;
	unsigned int	cpu;
	char		name[32];
};

/**
 * struct igb - A function, physical or virtual
 * @pdev:	the function
 * @regs:	its registers
 * @msi:	its store, if it is virtual
 * @lock:	firing
 * @nr_vectors:	vectors in use
 * @vectors:	these
 */
struct igb {
	struct pci_dev			*pdev;
	void __iomem			*regs;
	struct device_msi_domain	*msi;
	struct mutex			lock;	/* firing */
	unsigned int			nr_vectors;
	struct igb_vector		vectors[IGB_MAX_VECTORS];
};

static irqreturn_t igb_interrupt(int irq, void *data)
{
	struct igb_vector *vector = data;

	WRITE_ONCE(vector->cpu, smp_processor_id());
	atomic_inc(&vector->handled);
	return IRQ_HANDLED;
}

/* "fire VECTOR" */
static ssize_t igb_control_write(struct file *file, const char __user *from,
				 size_t size, loff_t *pos)
{
	struct igb *igb = file->private_data;
	unsigned int index;
	char text[16];

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, size))
		return -EFAULT;
	text[size] = '\0';
	if (sscanf(text, "fire %u", &index) != 1 || index >= igb->nr_vectors)
		return -EINVAL;

	mutex_lock(&igb->lock);
	igb->vectors[index].fired++;
	iowrite32(BIT(index), igb->regs + IGB_EICS);
	mutex_unlock(&igb->lock);
	return size;
}

static const struct file_operations igb_control_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= igb_control_write,
};

static int igb_queues_show(struct seq_file *m, void *unused)
{
	struct igb *igb = m->private;
	struct igb_vector *vector;
	unsigned int i;

	seq_puts(m, "queue   irq cpu    fired  handled\n");
	mutex_lock(&igb->lock);
	for (i = 0; i < igb->nr_vectors; i++) {
		vector = &igb->vectors[i];
		seq_printf(m, "%5u %5d %3u %8u %8d\n", i, vector->virq,
			   READ_ONCE(vector->cpu), vector->fired,
			   atomic_read(&vector->handled));
	}
	mutex_unlock(&igb->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(igb_queues);

static void igb_remove_debugfs(void *dir)
{
	debugfs_remove_recursive(dir);
}

static int igb_add_debugfs(struct igb *igb)
{
	struct dentry *dir;

	dir = debugfs_create_dir(pci_name(igb->pdev), igb_debugfs);
	debugfs_create_file("queues", 0400, dir, igb, &igb_queues_fops);
	debugfs_create_file("control", 0200, dir, igb, &igb_control_fops);
	return devm_add_action_or_reset(&igb->pdev->dev, igb_remove_debugfs,
					dir);
}

/* Nothing is sent from here on, whatever the table holds */
static void igb_quiesce(void *data)
{
	struct igb *igb = data;

	iowrite32(BIT(IGB_MAX_VECTORS) - 1, igb->regs + IGB_EIMC);
}

/* Every message as soon as it is raised, and again when it is raised again */
static int igb_let_through(struct igb *igb)
{
	unsigned int i;

	for (i = 0; i < igb->nr_vectors; i++)
		iowrite32(0, igb->regs + IGB_EITR(i));
	iowrite32(BIT(igb->nr_vectors) - 1, igb->regs + IGB_EIAC);
	iowrite32(BIT(igb->nr_vectors) - 1, igb->regs + IGB_EIMS);
	return devm_add_action_or_reset(&igb->pdev->dev, igb_quiesce, igb);
}

static void igb_release_vectors(void *data)
{
	struct igb *igb = data;
	struct igb_vector *vector;
	unsigned int i;

	for (i = 0; i < igb->nr_vectors; i++) {
		vector = &igb->vectors[i];
		if (!vector->virq)
			continue;
		free_irq(vector->virq, vector);
		vector->virq = 0;
		if (igb->msi)
			device_msi_free_irq(igb->msi, &igb->pdev->dev,
					    vector->map);
	}
}

static int igb_request_vector(struct igb_vector *vector, int virq)
{
	struct igb *igb = vector->igb;
	int ret;

	snprintf(vector->name, sizeof(vector->name), "%s-%u",
		 igb->msi ? "igb-vf" : "igb-pf", vector->index);
	ret = request_irq(virq, igb_interrupt, 0, vector->name, vector);
	if (!ret)
		vector->virq = virq;
	return ret;
}

static int igb_vf_open_vector(struct igb_vector *vector)
{
	struct igb *igb = vector->igb;
	struct device_msi_req req = { .slots = DEVICE_MSI_SLOT(vector->index) };
	int ret;

	vector->map = device_msi_alloc_irq(igb->msi, &igb->pdev->dev, &req);
	if (vector->map.index < 0)
		return vector->map.index;
	ret = igb_request_vector(vector, vector->map.virq);
	if (ret)
		device_msi_free_irq(igb->msi, &igb->pdev->dev, vector->map);
	return ret;
}

/* MSI-X by hand, with the kernel's use of it left out */
static void igb_vf_switch_msix(struct pci_dev *pdev, bool on)
{
	u16 flags;

	pci_read_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, &flags);
	flags &= ~PCI_MSIX_FLAGS_ENABLE;
	if (on)
		flags |= PCI_MSIX_FLAGS_ENABLE;
	pci_write_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, flags);
}

static void igb_vf_disable_msix(void *pdev)
{
	igb_vf_switch_msix(pdev, false);
}

static int igb_vf_create_store(struct igb *igb)
{
	struct pci_dev *pdev = igb->pdev;
	struct ims_window window = {};
	struct ims_array_info info = {
		.windows	= &window,
		.nr_windows	= 1,
	};
	u32 table;
	u8 bar;
	int ret;

	pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_TABLE, &table);
	bar = table & PCI_MSIX_TABLE_BIR;
	table &= PCI_MSIX_TABLE_OFFSET;

	window.base = pcim_iomap(pdev, bar, 0);
	if (!window.base)
		return -ENOMEM;
	window.base += table;
	window.size = pci_resource_len(pdev, bar) - table;
	window.nr_slots = igb->nr_vectors;

	igb_vf_switch_msix(pdev, true);
	ret = devm_add_action_or_reset(&pdev->dev, igb_vf_disable_msix, pdev);
	if (ret)
		return ret;

	igb->msi = devm_ims_array_create_domain(&pdev->dev, &info);
	return PTR_ERR_OR_ZERO(igb->msi);
}

static int igb_vf_setup(struct igb *igb)
{
	int nr = pci_msix_vec_count(igb->pdev);
	unsigned int i;
	int ret;

	if (nr < 0)
		return nr;
	igb->nr_vectors = min(nr, IGB_MAX_VECTORS);
	ret = igb_vf_create_store(igb);
	if (ret)
		return ret;

	ret = devm_add_action(&igb->pdev->dev, igb_release_vectors, igb);
	for (i = 0; !ret && i < igb->nr_vectors; i++)
		ret = igb_vf_open_vector(&igb->vectors[i]);
	return ret ?: igb_let_through(igb);
}

static void igb_pf_free_msix(void *pdev)
{
	pci_free_irq_vectors(pdev);
}

/* Without MSI-X mode of the PF no function sends anything but one INTx */
static int igb_pf_setup(struct igb *igb)
{
	struct pci_dev *pdev = igb->pdev;
	int ret;

	iowrite32(IGB_GPIE_MSIX, igb->regs + IGB_GPIE);
	if (!msix)
		return 0;

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, igb_pf_free_msix, pdev);
	if (ret)
		return ret;

	igb->nr_vectors = 1;
	ret = devm_add_action(&pdev->dev, igb_release_vectors, igb);
	if (!ret)
		ret = igb_request_vector(&igb->vectors[0],
					 pci_irq_vector(pdev, 0));
	return ret ?: igb_let_through(igb);
}

static int igb_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	struct igb *igb;
	unsigned int i;
	int ret;

	igb = devm_kzalloc(dev, sizeof(*igb), GFP_KERNEL);
	if (!igb)
		return -ENOMEM;
	igb->pdev = pdev;
	mutex_init(&igb->lock);
	for (i = 0; i < IGB_MAX_VECTORS; i++) {
		igb->vectors[i].igb = igb;
		igb->vectors[i].index = i;
	}

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	igb->regs = pcim_iomap(pdev, IGB_REGS_BAR, 0);
	if (!igb->regs)
		return -ENOMEM;

	ret = pdev->is_virtfn ? igb_vf_setup(igb) : igb_pf_setup(igb);
	if (ret)
		return dev_err_probe(dev, ret, "no interrupts\n");
	pci_set_master(pdev);	/* a message is a write of the device */
	return igb_add_debugfs(igb);
}

/* The virtual functions go with the driver that made them */
static void igb_remove(struct pci_dev *pdev)
{
	if (!pdev->is_virtfn)
		pci_disable_sriov(pdev);
}

static const struct pci_device_id igb_ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, IGB_PF_DEVICE_ID) },
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, IGB_VF_DEVICE_ID) },
	{ }
};

static struct pci_driver igb_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= igb_ids,
	.probe			= igb_probe,
	.remove			= igb_remove,
	.sriov_configure	= pci_sriov_configure_simple,
};

static int __init igb_init(void)
{
	int ret;

	igb_debugfs = debugfs_create_dir(KBUILD_MODNAME, NULL);
	ret = pci_register_driver(&igb_driver);
	if (ret)
		debugfs_remove(igb_debugfs);
	return ret;
}
module_init(igb_init);

static void __exit igb_exit(void)
{
	pci_unregister_driver(&igb_driver);
	debugfs_remove(igb_debugfs);
}
module_exit(igb_exit);

MODULE_DESCRIPTION("Test: virtual functions of QEMU's igb with IMS arrays");
MODULE_LICENSE("GPL");
