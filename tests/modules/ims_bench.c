// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an interrupt costs: from an array store and from the kernel's own MSI-X,
 * on the same device in the same boot. The device is QEMU's rocker, whose MSI-X
 * table is the array, so only one kind can be in use at a time.
 *
 * Meant for a guest with one CPU whose clock counts instructions (tests/vm/run
 * --measure). There a cost is the same each time but for what else happens in
 * between, a timer interrupt or a slab that is empty, and that only adds: the
 * least of many tries is the cost.
 *
 * /sys/kernel/debug/ims_bench/control takes, in this order:
 *
 *	start KIND	msix, array, or memory: an array of 65536 slots in RAM
 *	time		try everything many times
 *	hold N		allocate until N interrupts are allocated
 *	stop		free them all
 *
 * and results has a line "KIND_OPERATION INSTRUCTIONS" for each cost.
 */
#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/timex.h>
#include <linux/vmalloc.h>
#include <ims/ims.h>

#define TRIES			200
#define LAST			64U	/* "at N" is the least of these many before */
#define MAX_COSTS		32

/* The least that an operation has cost so far */
struct bench_cost {
	char	name[32];
	u64	least;
};

struct bench {
	struct pci_dev			*pdev;
	const struct bench_kind		*kind;	/* NULL: stopped */
	struct device_msi_domain	*msi;
	void __iomem			*base;	/* of the array */
	struct msi_map			*maps;	/* what "hold" has allocated */
	unsigned int			held;
	struct bench_cost		costs[MAX_COSTS];
	struct dentry			*debugfs;
};

/* Where interrupts come from */
struct bench_kind {
	const char *name;
	int (*start)(struct bench *bench);
	void (*stop)(struct bench *bench);
	struct msi_map (*alloc)(struct bench *bench);
	void (*free)(struct bench *bench, struct msi_map map);
};

/* The kernel's MSI-X. Switching it on allocates the first vector, not measured. */
static int msix_start(struct bench *bench)
{
	int ret = pci_alloc_irq_vectors(bench->pdev, 1, 1, PCI_IRQ_MSIX);

	return min(ret, 0);
}

static void msix_stop(struct bench *bench)
{
	pci_free_irq_vectors(bench->pdev);
}

static struct msi_map msix_alloc(struct bench *bench)
{
	return pci_msix_alloc_irq_at(bench->pdev, MSI_ANY_INDEX, NULL);
}

static void msix_free(struct bench *bench, struct msi_map map)
{
	pci_msix_free_irq(bench->pdev, map);
}

static int store_start(struct bench *bench, unsigned int nr_slots)
{
	struct ims_window window = {
		.base		= bench->base,
		.size		= nr_slots * ims_layout_standard.stride,
		.nr_slots	= nr_slots,
	};
	struct ims_array_info info = {
		.windows	= &window,
		.nr_windows	= 1,
	};

	bench->msi = ims_array_create_domain(&bench->pdev->dev, &info);
	return PTR_ERR_OR_ZERO(bench->msi);
}

/* An array store: the same table, with MSI-X switched on by hand */
static void array_enable(struct pci_dev *pdev, u32 enable)
{
	/* The flags are the upper half of the capability's first word */
	pci_clear_and_set_config_dword(pdev, pdev->msix_cap,
				       PCI_MSIX_FLAGS_ENABLE << 16,
				       enable << 16);
}

static void array_unmap(struct bench *bench)
{
	array_enable(bench->pdev, 0);
	pci_iounmap(bench->pdev, bench->base);
}

static int array_start(struct bench *bench)
{
	struct pci_dev *pdev = bench->pdev;
	int nr_slots = pci_msix_vec_count(pdev);
	u32 table;
	int ret;

	pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_TABLE, &table);
	bench->base = pci_iomap_range(pdev, table & PCI_MSIX_TABLE_BIR,
				      table & PCI_MSIX_TABLE_OFFSET, 0);
	if (!bench->base)
		return -ENOMEM;
	array_enable(pdev, PCI_MSIX_FLAGS_ENABLE);

	ret = store_start(bench, nr_slots);
	if (ret)
		array_unmap(bench);
	return ret;
}

static void array_stop(struct bench *bench)
{
	device_msi_remove_domain(bench->msi);
	array_unmap(bench);
}

static struct msi_map array_alloc(struct bench *bench)
{
	return device_msi_alloc_irq(bench->msi, &bench->pdev->dev, NULL);
}

static void array_free(struct bench *bench, struct msi_map map)
{
	device_msi_free_irq(bench->msi, &bench->pdev->dev, map);
}

/* An array store in ordinary memory, as large as one can be */
static int memory_start(struct bench *bench)
{
	void *memory = vzalloc(DEVICE_MSI_MAX_SLOTS * ims_layout_standard.stride);
	int ret;

	if (!memory)
		return -ENOMEM;
	bench->base = (void __iomem __force *)memory;
	ret = store_start(bench, DEVICE_MSI_MAX_SLOTS);
	if (ret)
		vfree(memory);
	return ret;
}

static void memory_stop(struct bench *bench)
{
	device_msi_remove_domain(bench->msi);
	vfree((void __force *)bench->base);
}

static const struct bench_kind kinds[] = {
	{ "msix", msix_start, msix_stop, msix_alloc, msix_free },
	{ "array", array_start, array_stop, array_alloc, array_free },
	{ "memory", memory_start, memory_stop, array_alloc, array_free },
};

/* Only after the last reading of the clock: this costs much more than it notes */
static void bench_note(struct bench *bench, const char *operation, u64 cost)
{
	struct bench_cost *c = bench->costs;
	char name[sizeof(c->name)];

	snprintf(name, sizeof(name), "%s_%s", bench->kind->name, operation);
	for (; c < bench->costs + MAX_COSTS; c++) {
		if (!c->name[0]) {
			strscpy(c->name, name, sizeof(c->name));
			c->least = cost;
		}
		if (!strcmp(c->name, name)) {
			c->least = min(c->least, cost);
			return;
		}
	}
	WARN_ON_ONCE(1);	/* MAX_COSTS is too small */
}

static irqreturn_t bench_handler(int irq, void *data)
{
	return IRQ_HANDLED;
}

static int time_alloc_and_free(struct bench *bench)
{
	const struct bench_kind *kind = bench->kind;
	cycles_t start, allocated, freed;
	struct msi_map map;

	start = get_cycles();
	map = kind->alloc(bench);
	allocated = get_cycles();
	if (map.index < 0)
		return map.index;
	kind->free(bench, map);
	freed = get_cycles();

	bench_note(bench, "alloc", allocated - start);
	bench_note(bench, "free", freed - allocated);
	bench_note(bench, "alloc_free", freed - start);
	return 0;
}

static int time_full_cycle(struct bench *bench)
{
	const struct bench_kind *kind = bench->kind;
	cycles_t start, end;
	struct msi_map map;
	int ret;

	start = get_cycles();
	map = kind->alloc(bench);
	if (map.index < 0)
		return map.index;
	ret = request_irq(map.virq, bench_handler, 0, "ims-bench", bench);
	if (!ret)
		free_irq(map.virq, bench);
	kind->free(bench, map);
	end = get_cycles();

	if (!ret)
		bench_note(bench, "full_cycle", end - start);
	return ret;
}

/* As the kernel calls them: under the descriptor's lock */
static void time_mask_and_unmask(struct bench *bench, struct irq_data *d)
{
	struct irq_desc *desc = irq_data_to_desc(d);
	cycles_t start, masked, unmasked;
	unsigned long flags;

	raw_spin_lock_irqsave(&desc->lock, flags);
	start = get_cycles();
	d->chip->irq_mask(d);
	masked = get_cycles();
	d->chip->irq_unmask(d);
	unmasked = get_cycles();
	raw_spin_unlock_irqrestore(&desc->lock, flags);

	bench_note(bench, "mask", masked - start);
	bench_note(bench, "unmask", unmasked - masked);
}

/* What an interrupt that is requested costs while it lives */
static int time_requested(struct bench *bench)
{
	struct msi_map map = bench->kind->alloc(bench);
	cycles_t start;
	unsigned int i;
	int ret;

	if (map.index < 0)
		return map.index;
	ret = request_irq(map.virq, bench_handler, 0, "ims-bench", bench);
	for (i = 0; i < TRIES && !ret; i++) {
		time_mask_and_unmask(bench, irq_get_irq_data(map.virq));

		start = get_cycles();
		irq_set_affinity(map.virq, cpumask_of(0));
		bench_note(bench, "set_affinity", get_cycles() - start);
	}
	if (!ret)
		free_irq(map.virq, bench);
	bench->kind->free(bench, map);
	return ret;
}

static int bench_time(struct bench *bench)
{
	cycles_t start;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < TRIES && !ret; i++) {
		start = get_cycles();
		bench_note(bench, "nothing", get_cycles() - start);
		ret = time_alloc_and_free(bench) ?: time_full_cycle(bench);
	}
	return ret ?: time_requested(bench);
}

static int bench_hold(struct bench *bench, unsigned int nr)
{
	char name[sizeof(bench->costs->name)];
	cycles_t start, end;
	struct msi_map map;

	if (nr > DEVICE_MSI_MAX_SLOTS)
		return -EINVAL;
	snprintf(name, sizeof(name), "alloc_at_%u", nr);

	while (bench->held < nr) {
		start = get_cycles();
		map = bench->kind->alloc(bench);
		end = get_cycles();
		if (map.index < 0)
			return map.index;
		bench->maps[bench->held++] = map;
		if (bench->held + LAST > nr)
			bench_note(bench, name, end - start);
	}
	return 0;
}

static int bench_stop(struct bench *bench)
{
	while (bench->held)
		bench->kind->free(bench, bench->maps[--bench->held]);
	bench->kind->stop(bench);
	bench->kind = NULL;
	return 0;
}

static int bench_start(struct bench *bench, const char *name)
{
	const struct bench_kind *kind = kinds;
	int ret;

	if (bench->kind)
		return -EBUSY;
	while (strcmp(kind->name, name))
		if (++kind == kinds + ARRAY_SIZE(kinds))
			return -EINVAL;

	ret = kind->start(bench);
	if (!ret)
		bench->kind = kind;
	return ret;
}

static int bench_control(struct bench *bench, const char *text)
{
	unsigned int nr;
	char name[8];

	if (sscanf(text, "start %7s", name) == 1)
		return bench_start(bench, name);
	if (!bench->kind)
		return -ENXIO;
	if (sscanf(text, "hold %u", &nr) == 1)
		return bench_hold(bench, nr);
	if (sysfs_streq(text, "time"))
		return bench_time(bench);
	if (sysfs_streq(text, "stop"))
		return bench_stop(bench);
	return -EINVAL;
}

static ssize_t bench_control_write(struct file *file, const char __user *from,
				   size_t size, loff_t *pos)
{
	char text[32] = "";
	int ret;

	if (size >= sizeof(text) || copy_from_user(text, from, size))
		return -EINVAL;
	ret = bench_control(file->private_data, text);
	return ret ?: size;
}

static const struct file_operations bench_control_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= bench_control_write,
};

static int bench_results_show(struct seq_file *m, void *unused)
{
	struct bench *bench = m->private;
	struct bench_cost *c;

	for (c = bench->costs; c < bench->costs + MAX_COSTS && c->name[0]; c++)
		seq_printf(m, "%s %llu\n", c->name, c->least);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(bench_results);

static int bench_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct bench *bench;
	int ret;

	bench = devm_kzalloc(&pdev->dev, sizeof(*bench), GFP_KERNEL);
	if (!bench)
		return -ENOMEM;
	bench->pdev = pdev;
	bench->maps = devm_kcalloc(&pdev->dev, DEVICE_MSI_MAX_SLOTS,
				   sizeof(*bench->maps), GFP_KERNEL);
	if (!bench->maps)
		return -ENOMEM;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);
	pci_set_drvdata(pdev, bench);

	bench->debugfs = debugfs_create_dir("ims_bench", NULL);
	debugfs_create_file("control", 0200, bench->debugfs, bench,
			    &bench_control_fops);
	debugfs_create_file("results", 0400, bench->debugfs, bench,
			    &bench_results_fops);
	return 0;
}

static void bench_remove(struct pci_dev *pdev)
{
	struct bench *bench = pci_get_drvdata(pdev);

	debugfs_remove_recursive(bench->debugfs);
	if (bench->kind)
		bench_stop(bench);
}

static const struct pci_device_id bench_ids[] = {
	{ PCI_DEVICE(0x1b36, 0x0006) }, { }	/* QEMU's rocker */
};

/* No MODULE_DEVICE_TABLE(): the device is the sample driver's unless asked for */
static struct pci_driver bench_driver = {
	.name		= "ims_bench",
	.id_table	= bench_ids,
	.probe		= bench_probe,
	.remove		= bench_remove,
};
module_pci_driver(bench_driver);

MODULE_DESCRIPTION("What an interrupt costs, from a store and from MSI-X");
MODULE_LICENSE("GPL");
