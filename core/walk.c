// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of a file in debugfs: a head, then the interrupts of a domain by the numbers
 * of their slots. The domain's lock is held for some rows at a time, of a deferred store,
 * which may take long to read a slot, for one: an interrupt that is allocated or freed
 * in between is shown or not. A position is 0, the head, or the
 * number of a slot + 1; it only grows, so that no slot is shown twice.
 */
#include "internals.h"
#include "show.h"

#include <linux/sched.h>
#include <linux/seq_file.h>

#define DEVICE_MSI_ROWS_LOCKED	16

static void *device_msi_seq_find(struct device_msi_domain *dom, loff_t *pos)
{
	unsigned long index = *pos - 1;
	struct device_msi_irq *irq;

	/* Most are in a row, and to look one up costs less than to search */
	irq = xa_load(&dom->irqs, index);
	if (!irq)
		irq = xa_find(&dom->irqs, &index, ULONG_MAX, XA_PRESENT);
	if (irq)
		*pos = index + 1;
	return irq;
}

void *device_msi_seq_start(struct seq_file *m, loff_t *pos)
{
	struct device_msi_domain *dom = m->private;

	device_msi_lock(dom);
	return *pos ? device_msi_seq_find(dom, pos) : SEQ_START_TOKEN;
}

void *device_msi_seq_next(struct seq_file *m, void *row, loff_t *pos)
{
	struct device_msi_domain *dom = m->private;

	if (dom->deferred || !(*pos % DEVICE_MSI_ROWS_LOCKED)) {
		device_msi_unlock(dom);
		cond_resched();
		device_msi_lock(dom);
	}
	++*pos;
	return device_msi_seq_find(dom, pos);
}

void device_msi_seq_stop(struct seq_file *m, void *row)
{
	device_msi_unlock(m->private);
}
