// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/device_msi/IMS-<device>, for people: where the interrupts come from,
 * and a row per allocated slot with what the device really holds. The row of a slot
 * that cannot be read has the message of the shadow, and no ctrl word.
 */
#include "internals.h"
#include "show.h"
#include "text.h"

#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <ims/provider.h>

static void device_msi_show_irq(struct seq_file *m, struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;
	struct irq_data *d = irq->data;
	struct device_msi_slot slot = { .msg = irq->msg };
	struct device_msi_text text;
	const struct cpumask *cpus;
	int unread = -EOPNOTSUPP;

	if (!d)		/* in quarantine, its irq disposed of by a driver */
		return;
	if (dom->ops->read_slot && device_msi_reachable(dom))
		unread = dom->ops->read_slot(&irq->desc, &slot);

	if (!device_msi_text_begin(&text, m))
		return;
	device_msi_text_number(&text, irq->desc.index, 5, ' ');
	device_msi_text_number(&text, d->irq, 5, ' ');
	cpus = irq_data_get_effective_affinity_mask(d);
	if (irqd_is_activated(d))
		device_msi_text_number(&text, cpumask_first(cpus), 4, ' ');
	else
		device_msi_text_none(&text, 4, ' ');
	device_msi_text_hex(&text, (u64)slot.msg.address_hi << 32 |
			    slot.msg.address_lo, 16, ' ');
	device_msi_text_hex(&text, slot.msg.data, 8, ' ');
	if (unread)
		device_msi_text_none(&text, 8, ' ');
	else
		device_msi_text_hex(&text, slot.ctrl, 8, ' ');
	device_msi_text_end(&text);
	seq_puts(m, irq->quarantined ? "(quarantine)" :
		 dev_name(irq->desc.consumer));
	seq_putc(m, '\n');
}

static void device_msi_show_head(struct seq_file *m,
				 struct device_msi_domain *dom)
{
	struct irq_domain *d;

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
	if (dom->quiesced)
		seq_puts(m, "quiesced: the store is not accessed\n");
	if (dom->ops->show)
		dom->ops->show(dom->info.store, m);
	seq_puts(m, " slot   irq  cpu          address     data     ctrl consumer\n");
}

static int device_msi_human_show(struct seq_file *m, void *row)
{
	if (row == SEQ_START_TOKEN)
		device_msi_show_head(m, m->private);
	else
		device_msi_show_irq(m, row);
	return 0;
}

static const struct seq_operations device_msi_human_sops = {
	.start	= device_msi_seq_start,
	.next	= device_msi_seq_next,
	.stop	= device_msi_seq_stop,
	.show	= device_msi_human_show,
};

DEFINE_SEQ_ATTRIBUTE(device_msi_human);

struct dentry *device_msi_human_add(struct device_msi_domain *dom,
				    struct dentry *dir)
{
	return debugfs_create_file(dom->domain->name, 0400, dir, dom,
				   &device_msi_human_fops);
}
