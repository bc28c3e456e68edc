// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that uses the kernel's MSI-X of its function and a store beside it.
 * The two share the directory msi_irqs/ in sysfs, and must not mind each other.
 *
 * The device is QEMU's rocker, which sends an MSI-X message on request. The
 * store is an array in ordinary memory, so that nothing sends its messages; with
 * split=1 it is the rest of the MSI-X table, behind the vectors of the kernel,
 * and its messages are sent as those are. With steal=1 it is the beginning of the
 * table, which is a mistake while the kernel has MSI-X on.
 * In /sys/kernel/debug/ims_neighbour, control switches each on and off, in any
 * order ("msix on", "ims off"), fires an entry of the table ("fire 1"), and restores
 * the store ("restore"); irqs lists the interrupts that there are.
 */
#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/seq_file.h>
#include <linux/vmalloc.h>
#include <ims/ims.h>

static bool vmm_emulates;
module_param(vmm_emulates, bool, 0644);
MODULE_PARM_DESC(vmm_emulates, "Declare that the VMM emulates the store (default: N)");

#define ROCKER_VENDOR_ID	0x1b36
#define ROCKER_DEVICE_ID	0x0006
#define ROCKER_REGS_BAR		0
#define ROCKER_TEST_IRQ		0x20	/* write N: send message N */

#define ROCKER_TABLE_BAR	1

#define MSIX_VECTORS		2
#define IMS_SLOTS		3

static bool split;
module_param(split, bool, 0444);
MODULE_PARM_DESC(split,
		 "The store is what the MSI-X vectors leave of the table; they must be on first (default: N)");

static bool steal;
module_param(steal, bool, 0444);
MODULE_PARM_DESC(steal,
		 "The store is the first entries of the table, whoever uses them (default: N)");

/**
 * struct neighbour - The device with both kinds of interrupts
 * @pdev:	the device
 * @regs:	its registers
 * @debugfs:	its folder
 * @lock:	serialises switching and listing
 * @nr_msix:	MSI-X vectors, 0 while that is off
 * @handled:	interrupts that arrived, by MSI-X vector
 * @dom:	the store, NULL while that is off
 * @words:	the store's memory, unless it is in the table
 * @table:	the MSI-X table
 * @nr_ims:	the store's interrupts
 * @virqs:	their numbers
 * @ims_handled: those that arrived
 */
struct neighbour {
	struct pci_dev			*pdev;
	void __iomem			*regs;
	struct dentry			*debugfs;
	struct mutex			lock;	/* switching, listing */
	unsigned int			nr_msix;
	atomic_t			handled[MSIX_VECTORS];
	struct device_msi_domain	*dom;
	void				*words;
	void __iomem			*table;
	unsigned int			nr_ims;
	unsigned int			virqs[IMS_SLOTS];
	atomic_t			ims_handled[IMS_SLOTS];
};

static irqreturn_t neighbour_interrupt(int irq, void *handled)
{
	atomic_inc(handled);
	return IRQ_HANDLED;
}

static void neighbour_msix_off(struct neighbour *n)
{
	while (n->nr_msix) {
		n->nr_msix--;
		free_irq(pci_irq_vector(n->pdev, n->nr_msix),
			 &n->handled[n->nr_msix]);
	}
	pci_free_irq_vectors(n->pdev);
}

static int neighbour_msix_on(struct neighbour *n)
{
	int ret;

	if (n->nr_msix)
		return -EBUSY;
	ret = pci_alloc_irq_vectors(n->pdev, MSIX_VECTORS, MSIX_VECTORS,
				    PCI_IRQ_MSIX);
	if (ret < 0)
		return ret;

	while (n->nr_msix < MSIX_VECTORS) {
		atomic_set(&n->handled[n->nr_msix], 0);
		ret = request_irq(pci_irq_vector(n->pdev, n->nr_msix),
				  neighbour_interrupt, 0,
				  "neighbour-msix", &n->handled[n->nr_msix]);
		if (ret) {
			neighbour_msix_off(n);
			return ret;
		}
		n->nr_msix++;
	}
	return 0;
}

static void neighbour_ims_off(struct neighbour *n)
{
	while (n->nr_ims) {
		n->nr_ims--;
		free_irq(n->virqs[n->nr_ims], &n->ims_handled[n->nr_ims]);
	}
	device_msi_release_domain(n->dom);
	n->dom = NULL;
	vfree(n->words);
	n->words = NULL;
}

static int neighbour_ims_request_all(struct neighbour *n, unsigned int nr)
{
	struct msi_map map;
	int ret;

	while (n->nr_ims < nr) {
		map = device_msi_alloc_irq(n->dom, &n->pdev->dev, NULL);
		if (map.index < 0)
			return map.index;
		atomic_set(&n->ims_handled[n->nr_ims], 0);
		ret = request_irq(map.virq, neighbour_interrupt, 0,
				  "neighbour-ims", &n->ims_handled[n->nr_ims]);
		if (ret)
			return ret;
		n->virqs[n->nr_ims++] = map.virq;
	}
	return 0;
}

static int neighbour_memory(struct neighbour *n, struct ims_window *window)
{
	window->nr_slots = IMS_SLOTS;
	window->size = IMS_SLOTS * ims_layout_standard.stride;
	n->words = vzalloc(window->size);
	window->base = (void __iomem __force *)n->words;
	return n->words ? 0 : -ENOMEM;
}

/*
 * When it switches MSI-X on, the kernel masks the whole table, whatever we have
 * in there: so it must have done that. Later it minds its own entries only.
 */
static int neighbour_rest_of_table(struct neighbour *n,
				   struct ims_window *window)
{
	int entries = pci_msix_vec_count(n->pdev);

	if (!n->nr_msix || entries <= MSIX_VECTORS)
		return -EINVAL;
	window->nr_slots = min(entries - MSIX_VECTORS, IMS_SLOTS);
	window->size = window->nr_slots * ims_layout_standard.stride;
	window->base = n->table + MSIX_VECTORS * ims_layout_standard.stride;
	return 0;
}

static int neighbour_window(struct neighbour *n, struct ims_window *window)
{
	if (split)
		return neighbour_rest_of_table(n, window);
	if (!steal)
		return neighbour_memory(n, window);
	window->nr_slots = IMS_SLOTS;
	window->size = IMS_SLOTS * ims_layout_standard.stride;
	window->base = n->table;
	return 0;
}

static int neighbour_ims_on(struct neighbour *n)
{
	struct ims_window window = {};
	struct ims_array_info info = {
		.windows = &window,
		.nr_windows = 1,
		.flags = vmm_emulates ? DEVICE_MSI_VMM_EMULATES : 0,
	};
	int ret;

	if (n->dom)
		return -EBUSY;
	ret = neighbour_window(n, &window);
	if (ret)
		return ret;

	n->dom = ims_array_create_domain(&n->pdev->dev, &info);
	if (IS_ERR(n->dom)) {
		ret = PTR_ERR(n->dom);
		n->dom = NULL;
	} else {
		ret = neighbour_ims_request_all(n, window.nr_slots);
	}
	if (ret)
		neighbour_ims_off(n);
	return ret;
}

static int neighbour_control(struct neighbour *n, const char *text)
{
	unsigned int vector;

	if (sysfs_streq(text, "msix on"))
		return neighbour_msix_on(n);
	if (sysfs_streq(text, "ims on"))
		return neighbour_ims_on(n);
	if (sysfs_streq(text, "restore"))
		return device_msi_restore(n->dom);
	if (sysfs_streq(text, "msix off"))
		neighbour_msix_off(n);
	else if (sysfs_streq(text, "ims off"))
		neighbour_ims_off(n);
	else if (sscanf(text, "fire %u", &vector) == 1)
		iowrite32(vector, n->regs + ROCKER_TEST_IRQ);
	else
		return -EINVAL;
	return 0;
}

static ssize_t neighbour_control_write(struct file *file,
				       const char __user *from, size_t size,
				       loff_t *pos)
{
	struct neighbour *n = file->private_data;
	char text[16];
	int ret;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, size))
		return -EFAULT;
	text[size] = '\0';

	mutex_lock(&n->lock);
	ret = neighbour_control(n, text);
	mutex_unlock(&n->lock);
	return ret ?: size;
}

static const struct file_operations neighbour_control_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= neighbour_control_write,
};

static int neighbour_irqs_show(struct seq_file *m, void *unused)
{
	struct neighbour *n = m->private;
	unsigned int i;

	mutex_lock(&n->lock);
	for (i = 0; i < n->nr_msix; i++)
		seq_printf(m, "msix %d handled %d\n",
			   pci_irq_vector(n->pdev, i),
			   atomic_read(&n->handled[i]));
	for (i = 0; i < n->nr_ims; i++)
		seq_printf(m, "ims %u handled %d\n", n->virqs[i],
			   atomic_read(&n->ims_handled[i]));
	mutex_unlock(&n->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(neighbour_irqs);

static int neighbour_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct neighbour *n;
	int ret;

	n = devm_kzalloc(&pdev->dev, sizeof(*n), GFP_KERNEL);
	if (!n)
		return -ENOMEM;
	n->pdev = pdev;
	mutex_init(&n->lock);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);
	n->regs = pcim_iomap(pdev, ROCKER_REGS_BAR, 0);
	n->table = pcim_iomap(pdev, ROCKER_TABLE_BAR, 0);
	if (!n->regs || !n->table)
		return -ENOMEM;

	pci_set_drvdata(pdev, n);
	n->debugfs = debugfs_create_dir(KBUILD_MODNAME, NULL);
	debugfs_create_file("control", 0200, n->debugfs, n,
			    &neighbour_control_fops);
	debugfs_create_file("irqs", 0400, n->debugfs, n, &neighbour_irqs_fops);
	return 0;
}

static void neighbour_remove(struct pci_dev *pdev)
{
	struct neighbour *n = pci_get_drvdata(pdev);

	debugfs_remove_recursive(n->debugfs);
	neighbour_ims_off(n);
	neighbour_msix_off(n);
}

static const struct pci_device_id neighbour_ids[] = {
	{ PCI_DEVICE(ROCKER_VENDOR_ID, ROCKER_DEVICE_ID) },
	{ }
};

static struct pci_driver neighbour_driver = {
	.name		= KBUILD_MODNAME,
	.id_table	= neighbour_ids,
	.probe		= neighbour_probe,
	.remove		= neighbour_remove,
};
module_pci_driver(neighbour_driver);

MODULE_DESCRIPTION("Test: MSI-X and an IMS array of one PCI function");
MODULE_LICENSE("GPL");
