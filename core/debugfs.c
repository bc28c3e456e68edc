// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/device_msi/IMS-<device>: where the interrupts come from, and a
 * row per allocated slot with what the device really holds. The row of a slot that
 * cannot be read has the message of the shadow, and no ctrl word.
 */
#include "internals.h"

#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <ims/provider.h>

static struct dentry *device_msi_debugfs_dir;

/*
 * Append a number, right-aligned. There may be tens of thousands of rows, and the
 * kernel's printf takes some 500 instructions for each number.
 */
static char *device_msi_print_number(char *at, unsigned int number,
				     unsigned int base, int width, char pad)
{
	static const char digits[] = "0123456789abcdef";
	char text[10];	/* the last digit first */
	int n = 0;

	do {
		text[n++] = digits[number % base];
		number /= base;
	} while (number);
	for (; width > n; width--)
		*at++ = pad;
	while (n)
		*at++ = text[--n];
	return at;
}

static char *device_msi_print_decimal(char *at, unsigned int number, int width)
{
	at = device_msi_print_number(at, number, 10, width, ' ');
	*at++ = ' ';
	return at;
}

static char *device_msi_print_word(char *at, u32 word)
{
	return device_msi_print_number(at, word, 16, 8, '0');
}

/* Append '-' in place of a number that does not exist */
static char *device_msi_print_none(char *at, int width)
{
	memset(at, ' ', width + 1);
	at[width - 1] = '-';
	return at + width + 1;
}

static void device_msi_show_irq(struct seq_file *m, struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;
	struct irq_data *d = irq->data;
	struct device_msi_slot slot = { .msg = irq->msg };
	const struct cpumask *cpus;
	int unread = -EOPNOTSUPP;
	char row[80], *at = row;

	at = device_msi_print_decimal(at, irq->desc.index, 5);
	at = device_msi_print_decimal(at, d->irq, 5);
	cpus = irq_data_get_effective_affinity_mask(d);
	if (irqd_is_activated(d))
		at = device_msi_print_decimal(at, cpumask_first(cpus), 4);
	else
		at = device_msi_print_none(at, 4);

	if (dom->ops->read_slot && device_msi_reachable(dom))
		unread = dom->ops->read_slot(&irq->desc, &slot);
	at = device_msi_print_word(at, slot.msg.address_hi);
	at = device_msi_print_word(at, slot.msg.address_lo);
	*at++ = ' ';
	at = device_msi_print_word(at, slot.msg.data);
	*at++ = ' ';
	if (unread) {
		at = device_msi_print_none(at, 8);
	} else {
		at = device_msi_print_word(at, slot.ctrl);
		*at++ = ' ';
	}
	seq_write(m, row, at - row);
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

/*
 * The domain's lock is held for a row at a time: an interrupt that is allocated or
 * freed in between is shown or not. A position is 0, the head, or the number of a
 * slot + 1; it only grows, so that no slot is shown twice.
 */
static void *device_msi_seq_find(struct device_msi_domain *dom, loff_t *pos)
{
	unsigned long index = *pos - 1;
	struct device_msi_irq *irq;

	irq = xa_find(&dom->irqs, &index, ULONG_MAX, XA_PRESENT);
	while (irq && !irq->data) {	/* in quarantine, its irq disposed of by a driver */
		cond_resched();
		irq = xa_find_after(&dom->irqs, &index, ULONG_MAX, XA_PRESENT);
	}
	if (irq)
		*pos = index + 1;
	return irq;
}

static void *device_msi_seq_start(struct seq_file *m, loff_t *pos)
{
	struct device_msi_domain *dom = m->private;

	device_msi_lock(dom);
	return *pos ? device_msi_seq_find(dom, pos) : SEQ_START_TOKEN;
}

static void *device_msi_seq_next(struct seq_file *m, void *row, loff_t *pos)
{
	struct device_msi_domain *dom = m->private;

	device_msi_unlock(dom);
	cond_resched();
	device_msi_lock(dom);
	++*pos;
	return device_msi_seq_find(dom, pos);
}

static void device_msi_seq_stop(struct seq_file *m, void *row)
{
	device_msi_unlock(m->private);
}

static int device_msi_seq_show(struct seq_file *m, void *row)
{
	if (row == SEQ_START_TOKEN)
		device_msi_show_head(m, m->private);
	else
		device_msi_show_irq(m, row);
	return 0;
}

static const struct seq_operations device_msi_sops = {
	.start	= device_msi_seq_start,
	.next	= device_msi_seq_next,
	.stop	= device_msi_seq_stop,
	.show	= device_msi_seq_show,
};
DEFINE_SEQ_ATTRIBUTE(device_msi);

void device_msi_debugfs_add(struct device_msi_domain *dom)
{
	dom->debugfs = debugfs_create_file(dom->domain->name, 0400,
					   device_msi_debugfs_dir, dom,
					   &device_msi_fops);
}

/* debugfs_remove() waits for readers: afterwards nobody reads the domain */
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
