// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands of /sys/kernel/debug/ims_bench/<device>/control. The devices are QEMU's
 * nvme, which can have 2048 MSI-X vectors, and rocker, which sends their messages
 * when it is told to. The file clock tells how many instructions the guest has
 * executed.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "suite.h"

#define ROCKER_DEVICE_ID	0x0006
#define NVME_DEVICE_ID		0x0010

static struct dentry *bench_debugfs;

/**
 * struct bench_command - What can be written to the file control
 * @word:	its first word
 * @run:	what it does
 * @started:	whether interrupts must come from somewhere
 */
struct bench_command {
	const char *word;
	int (*run)(struct bench *bench, const struct bench_args *args);
	bool started;
};

static const struct bench_command bench_commands[] = {
	{ "known", bench_known },
	{ "memory", bench_known_memory },
	{ "start", bench_start },
	{ "cold", bench_cold },
	{ "watch", bench_watch },
	{ "watched", bench_watched },
	{ "spin", bench_spin },
	{ "stop", bench_stop, true },
	{ "warm", bench_warm, true },
	{ "hold", bench_hold, true },
	{ "drop", bench_drop, true },
	{ "swap", bench_swap, true },
	{ "bulk", bench_bulk, true },
	{ "freeall", bench_free_all, true },
	{ "remove", bench_remove, true },
	{ "restore", bench_restore, true },
	{ "verify", bench_verify, true },
	{ "consumers", bench_consumers, true },
	{ "deliver", bench_deliver, true },
	{ "accesses", bench_accesses, true },
	{ "threads", bench_threads, true },
};

static int bench_control(struct bench *bench, const char *text)
{
	const struct bench_command *command;
	struct bench_args args = { };
	char word[16];

	if (sscanf(text, "%15s %15s %u", word, args.word, &args.nr2) < 1)
		return -EINVAL;
	if (kstrtouint(args.word, 10, &args.nr))
		args.nr = 0;
	for (command = bench_commands;
	     command < bench_commands + ARRAY_SIZE(bench_commands); command++) {
		if (strcmp(command->word, word))
			continue;
		if (command->started && !bench->kind)
			return -ENXIO;
		return command->run(bench, &args);
	}
	return -EINVAL;
}

static ssize_t bench_control_write(struct file *file, const char __user *from,
				   size_t size, loff_t *pos)
{
	char text[48] = "";
	int ret;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, size))
		return -EFAULT;
	ret = bench_control(file->private_data, text);
	return ret ?: size;
}

static const struct file_operations bench_control_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= bench_control_write,
};

static int bench_clock_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%llu\n", bench_clock());
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(bench_clock);

static void bench_vfree(void *memory)
{
	vfree(memory);
}

/* Ordinary memory, in pages, until the driver goes */
static void *bench_memory(struct pci_dev *pdev, size_t size)
{
	void *memory = vzalloc(size);

	if (memory && devm_add_action_or_reset(&pdev->dev, bench_vfree, memory))
		return NULL;
	return memory;
}

static int bench_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct bench *bench;
	int ret;

	bench = devm_kzalloc(&pdev->dev, sizeof(*bench), GFP_KERNEL);
	if (!bench)
		return -ENOMEM;
	bench->pdev = pdev;
	bench->results = bench_memory(pdev, BENCH_MAX_RESULTS *
				      sizeof(*bench->results));
	bench->maps = bench_memory(pdev, DEVICE_MSI_MAX_SLOTS *
				   sizeof(*bench->maps));
	bench->costs = bench_memory(pdev, DEVICE_MSI_MAX_SLOTS *
				    sizeof(*bench->costs));
	if (!bench->results || !bench->maps || !bench->costs)
		return -ENOMEM;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);
	if (id->device == ROCKER_DEVICE_ID) {
		bench->regs = pcim_iomap(pdev, 0, 0);
		if (!bench->regs)
			return -ENOMEM;
	}
	pci_set_drvdata(pdev, bench);

	bench->debugfs = debugfs_create_dir(pci_name(pdev), bench_debugfs);
	debugfs_create_file("control", 0200, bench->debugfs, bench,
			    &bench_control_fops);
	debugfs_create_file("results", 0400, bench->debugfs, bench,
			    &bench_results_fops);
	return 0;
}

static void bench_shutdown(struct pci_dev *pdev)
{
	struct bench *bench = pci_get_drvdata(pdev);

	debugfs_remove_recursive(bench->debugfs);
	if (bench->kind)
		bench_remove(bench, NULL);
}

static const struct pci_device_id bench_ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_REDHAT, ROCKER_DEVICE_ID) },
	{ PCI_DEVICE(PCI_VENDOR_ID_REDHAT, NVME_DEVICE_ID) },
	{ }
};

/* No MODULE_DEVICE_TABLE(): the devices are of other drivers unless this is asked for */
static struct pci_driver bench_driver = {
	.name		= "ims_bench",
	.id_table	= bench_ids,
	.probe		= bench_probe,
	.remove		= bench_shutdown,
};

static int __init bench_init(void)
{
	int ret;

	ret = bench_clock_init();
	if (ret)
		return ret;
	bench_debugfs = debugfs_create_dir("ims_bench", NULL);
	debugfs_create_file("clock", 0400, bench_debugfs, NULL,
			    &bench_clock_fops);
	ret = pci_register_driver(&bench_driver);
	if (ret) {
		debugfs_remove_recursive(bench_debugfs);
		bench_clock_exit();
	}
	return ret;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
	pci_unregister_driver(&bench_driver);
	debugfs_remove_recursive(bench_debugfs);
	bench_clock_exit();
}
module_exit(bench_exit);

MODULE_DESCRIPTION("What an interrupt costs, from a store and from MSI-X");
MODULE_LICENSE("GPL");
