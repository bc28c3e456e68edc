// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/device_msi/IMS-<device>: where the interrupts come from, and a
 * row per allocated slot with what the device really holds; a slot that cannot
 * be read has no ctrl word, and shows the message that it should hold.
 */
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/seq_file.h>
#include <ims/provider.h>

#include "internals.h"

static struct dentry *device_msi_debugfs_dir;

static void device_msi_show_irq(struct seq_file *m, struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;
	struct irq_data *d = irq->data;
	struct device_msi_slot slot = { .msg = irq->msg };
	const struct cpumask *cpus;
	int unread = -EOPNOTSUPP;

	cpus = irq_data_get_effective_affinity_mask(d);
	seq_printf(m, "%5u %5u ", irq->desc.index, d->irq);
	if (irqd_is_activated(d))
		seq_printf(m, "%4u ", cpumask_first(cpus));
	else
		seq_puts(m, "   - ");

	if (dom->ops->read_slot && device_msi_reachable(dom))
		unread = dom->ops->read_slot(&irq->desc, &slot);
	seq_printf(m, "%08x%08x %08x ", slot.msg.address_hi,
		   slot.msg.address_lo, slot.msg.data);
	if (unread)
		seq_puts(m, "       - ");
	else
		seq_printf(m, "%08x ", slot.ctrl);
	seq_printf(m, "%s\n", irq->quarantined ? "(quarantine)" :
		   dev_name(irq->desc.consumer));
}

static int device_msi_show(struct seq_file *m, void *unused)
{
	struct device_msi_domain *dom = m->private;
	struct device_msi_irq *irq;
	struct irq_domain *d;
	unsigned long index;

	seq_puts(m, "chain:");
	for (d = dom->domain; d; d = d->parent)
		seq_printf(m, " %s%s", d->name, d->parent ? " ->" : "\n");
	seq_printf(m, "parent: %s, %sisolated, message %s\n",
		   dom->parent.ops->name,
		   dom->parent.isolated ? "" : "not ",
		   dom->parent.ops->fixed_message ? "fixed" : "moves");
	if (dom->parent.provider)
		seq_printf(m, "provider: %s\n", dom->parent.provider->name);
	seq_printf(m, "slots: %u, %u allocated\n", dom->info.nr_slots,
		   dom->nr_irqs);
	device_msi_lock(dom);
	if (dom->quiesced)
		seq_puts(m, "quiesced: the store is not accessed\n");
	if (dom->ops->show)
		dom->ops->show(dom->info.store, m);
	seq_puts(m, " slot   irq  cpu          address     data     ctrl consumer\n");
	xa_for_each(&dom->irqs, index, irq)
		if (irq->data)
			device_msi_show_irq(m, irq);
	device_msi_unlock(dom);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(device_msi);

void device_msi_debugfs_add(struct device_msi_domain *dom)
{
	dom->debugfs = debugfs_create_file(dom->domain->name, 0400,
					   device_msi_debugfs_dir, dom,
					   &device_msi_fops);
}

/* Waits for readers: afterwards nobody looks at the domain */
void device_msi_debugfs_remove(struct device_msi_domain *dom)
{
	debugfs_remove(dom->debugfs);
}

void device_msi_debugfs_init(void)
{
	device_msi_debugfs_dir = debugfs_create_dir("device_msi", NULL);
}

void device_msi_debugfs_exit(void)
{
	debugfs_remove(device_msi_debugfs_dir);
}
