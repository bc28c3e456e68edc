// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/device_msi_table/IMS-<device>, for programs: lines "key=value" about
 * the store, a line with the names of the fields, and a row per allocated slot. What
 * they mean is in docs/debugfs.md, which promises that they stay: keys and fields are
 * only added.
 */
#include "internals.h"
#include "show.h"
#include "text.h"

#include <linux/atomic.h>
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/numa.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <ims/provider.h>

enum device_msi_verdict { UNKNOWN, AGREES, DIFFERS, UNCOMMITTED };

/* Does the device hold what it should? As device_msi_verify() judges, but for the commit */
static enum device_msi_verdict
device_msi_table_judge(struct device_msi_irq *irq, struct device_msi_slot *held,
		       struct device_msi_slot *should)
{
	struct device_msi_domain *dom = irq->owner->dom;
	struct irq_desc *desc = irq_data_to_desc(irq->data);
	unsigned long flags;
	bool waits;
	int ret;

	if (!dom->ops->read_slot || !device_msi_reachable(dom)) {
		device_msi_read_shadow(irq, should);
		return UNKNOWN;
	}
	ret = device_msi_compare(irq, false, held, should);
	if (ret <= 0)
		return ret ? UNKNOWN : AGREES;
	if (!dom->deferred)
		return DIFFERS;
	raw_spin_lock_irqsave(&desc->lock, flags);
	waits = !dom->ops->acknowledged(&irq->desc);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return waits ? UNCOMMITTED : DIFFERS;
}

/* A flag and a blank */
static void device_msi_table_flag(struct device_msi_text *text, bool flag)
{
	device_msi_text_char(text, flag ? '1' : '0');
	device_msi_text_char(text, ' ');
}

static void device_msi_table_none(struct device_msi_text *text)
{
	device_msi_text_char(text, '-');
	device_msi_text_char(text, ' ');
}

static void device_msi_table_msg(struct device_msi_text *text,
				 const struct msi_msg *msg)
{
	device_msi_text_hex(text, (u64)msg->address_hi << 32 | msg->address_lo, 1,
			    ' ');
	device_msi_text_hex(text, msg->data, 1, ' ');
}

/* cpus affinity node */
static void device_msi_table_where(struct device_msi_text *text,
				   struct irq_data *d)
{
	int node = irq_data_get_node(d);

	if (irqd_is_activated(d))
		device_msi_text_cpus(text, irq_data_get_effective_affinity_mask(d),
				     ' ');
	else
		device_msi_table_none(text);
	device_msi_text_cpus(text, irq_data_get_affinity_mask(d), ' ');
	if (node == NUMA_NO_NODE)
		device_msi_table_none(text);
	else
		device_msi_text_number(text, node, 0, ' ');
}

/*
 * name: what request_irq() called it. free_irq() removes the action under the
 * descriptor's lock, and then its name may go.
 */
static void device_msi_table_action(struct device_msi_text *text,
				    struct irq_desc *desc)
{
	unsigned long flags;

	if (!READ_ONCE(desc->action)) {
		device_msi_table_none(text);
		return;
	}
	raw_spin_lock_irqsave(&desc->lock, flags);
	device_msi_text_name(text, desc->action ? desc->action->name : NULL, ' ');
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/* pending: a message waits in the device for the slot to be unmasked */
static void device_msi_table_pending(struct device_msi_text *text,
				     struct device_msi_irq *irq)
{
	struct device_msi_domain *dom = irq->owner->dom;
	struct irq_desc *desc = irq_data_to_desc(irq->data);
	bool pending = false, known;
	unsigned long flags;

	if (!dom->ops->get_pending) {
		device_msi_table_none(text);
		return;
	}
	raw_spin_lock_irqsave(&desc->lock, flags);
	known = device_msi_reachable(dom);
	if (known)
		pending = dom->ops->get_pending(&irq->desc);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	if (known)
		device_msi_table_flag(text, pending);
	else
		device_msi_table_none(text);
}

/* pasid sideband */
static void device_msi_table_sideband(struct device_msi_text *text,
				      const struct device_msi_sideband *sideband)
{
	if (sideband->has & DEVICE_MSI_SIDEBAND_PASID)
		device_msi_text_hex(text, sideband->pasid, 1, ' ');
	else
		device_msi_table_none(text);
	if (sideband->has & DEVICE_MSI_SIDEBAND_RAW)
		device_msi_text_hex(text, sideband->raw, 1, ' ');
	else
		device_msi_table_none(text);
}

/* state agrees: the end of a row */
static void device_msi_table_end(struct device_msi_text *text,
				 const struct device_msi_irq *irq,
				 enum device_msi_verdict verdict)
{
	if (irq->quarantined)
		device_msi_text_raw(text, "quarantine ");
	else if (irq->data && device_msi_irq_requested(irq))
		device_msi_text_raw(text, "requested ");
	else
		device_msi_text_raw(text, "allocated ");

	switch (verdict) {
	case UNKNOWN:
		device_msi_text_raw(text, "-\n");
		break;
	case AGREES:
		device_msi_text_raw(text, "yes\n");
		break;
	case DIFFERS:
		device_msi_text_raw(text, "no\n");
		break;
	case UNCOMMITTED:
		device_msi_text_raw(text, "uncommitted\n");
		break;
	}
	device_msi_text_end(text);
}

/* A row of an interrupt that the kernel has an irq for */
static void device_msi_table_irq(struct device_msi_text *text,
				 struct device_msi_irq *irq)
{
	struct irq_desc *desc = irq_data_to_desc(irq->data);
	struct device_msi_slot held = {}, should;
	enum device_msi_verdict verdict = device_msi_table_judge(irq, &held, &should);

	device_msi_text_number(text, irq->desc.index, 0, ' ');
	device_msi_text_number(text, irq->data->irq, 0, ' ');
	device_msi_table_where(text, irq->data);
	device_msi_text_name(text, dev_name(irq->desc.consumer), ' ');
	device_msi_table_action(text, desc);
	device_msi_table_msg(text, &should.msg);
	if (verdict == UNKNOWN) {
		device_msi_text_raw(text, "- - - ");
		device_msi_table_flag(text, should.masked);
		device_msi_table_none(text);
	} else {
		device_msi_table_msg(text, &held.msg);
		device_msi_text_hex(text, held.ctrl, 1, ' ');
		device_msi_table_flag(text, should.masked);
		device_msi_table_flag(text, held.masked);
	}
	device_msi_table_pending(text, irq);
	device_msi_table_sideband(text, &irq->desc.sideband);
	device_msi_text_number(text, desc->tot_count, 0, ' ');
	device_msi_table_end(text, irq, verdict);
}

/* A row of one in quarantine whose driver has disposed of its irq */
static void device_msi_table_slot(struct device_msi_text *text,
				  struct device_msi_irq *irq)
{
	device_msi_text_number(text, irq->desc.index, 0, ' ');
	device_msi_text_raw(text, "- - - - ");
	device_msi_text_name(text, dev_name(irq->desc.consumer), ' ');
	device_msi_text_raw(text, "- - - - - - - - - ");
	device_msi_table_sideband(text, &irq->desc.sideband);
	device_msi_text_raw(text, "- ");
	device_msi_table_end(text, irq, UNKNOWN);
}

static void device_msi_table_value(struct seq_file *m, const char *key,
				   const char *value)
{
	struct device_msi_text text;

	seq_printf(m, "%s=", key);
	if (!device_msi_text_begin(&text, m))
		return;
	device_msi_text_name(&text, value, '\n');
	device_msi_text_end(&text);
}

static void device_msi_table_counts(struct seq_file *m,
				    struct device_msi_domain *dom)
{
	unsigned int requested = 0, quarantined = 0, n = 0;
	XA_STATE(xas, &dom->irqs, 0);
	struct device_msi_irq *irq;

	/* Entries stay, because the domain's lock is held */
	rcu_read_lock();
	xas_for_each(&xas, irq, ULONG_MAX) {
		if (!xa_is_zero(irq)) {	/* such a slot is set aside */
			quarantined += irq->quarantined;
			requested += !irq->quarantined && irq->data &&
				     device_msi_irq_requested(irq);
		}
		if (++n % 1024)
			continue;
		xas_pause(&xas);
		rcu_read_unlock();
		cond_resched();
		rcu_read_lock();
	}
	rcu_read_unlock();
	seq_printf(m, "slots=%u\nallocated=%u\nrequested=%u\nspares=%d\nquarantined=%u\n",
		   dom->info.nr_slots, dom->nr_irqs, requested,
		   atomic_read(&dom->spares.nr), quarantined);
}

/* Says why the device is not accessed, if it is not */
static const char *device_msi_table_access(const struct device_msi_domain *dom)
{
	if (dom->quiesced)
		return "quiesced";
	return device_msi_reachable(dom) ? "yes" : "asleep";
}

static void device_msi_table_head(struct seq_file *m,
				  struct device_msi_domain *dom)
{
	const struct bus_type *bus = dom->dev->bus;
	const struct module *owner = dom->info.ops->owner;

	seq_puts(m, "version=1\n");
	device_msi_table_value(m, "store", dom->domain->name);
	device_msi_table_value(m, "device", dev_name(dom->dev));
	device_msi_table_value(m, "bus", bus ? bus->name : NULL);
	device_msi_table_value(m, "module", owner ? owner->name : NULL);
	device_msi_table_value(m, "parent", dom->parent.ops->name);
	device_msi_table_value(m, "provider", dom->parent.provider ?
			       dom->parent.provider->name : NULL);
	seq_printf(m, "isolated=%d\n", dom->parent.isolated);
	device_msi_table_value(m, "message",
			       dom->parent.ops->fixed_message ? "fixed" : "moves");
	seq_printf(m, "deferred=%d\n", dom->deferred);
	seq_printf(m, "readable=%d\n", !!dom->info.ops->read_slot);
	device_msi_table_value(m, "access", device_msi_table_access(dom));
	device_msi_table_counts(m, dom);
	seq_puts(m, "slot irq cpus affinity node consumer name address data held_address held_data held_ctrl masked held_masked pending pasid sideband count state agrees\n");
}

static int device_msi_table_show(struct seq_file *m, void *row)
{
	struct device_msi_irq *irq = row;
	struct device_msi_text text;

	/* A slot is read only if there is room to show it */
	if (row == SEQ_START_TOKEN)
		device_msi_table_head(m, m->private);
	else if (!device_msi_text_begin(&text, m))
		return 0;
	else if (irq->data)
		device_msi_table_irq(&text, irq);
	else
		device_msi_table_slot(&text, irq);
	return 0;
}

static const struct seq_operations device_msi_table_sops = {
	.start	= device_msi_seq_start,
	.next	= device_msi_seq_next,
	.stop	= device_msi_seq_stop,
	.show	= device_msi_table_show,
};
DEFINE_SEQ_ATTRIBUTE(device_msi_table);

struct dentry *device_msi_table_add(struct device_msi_domain *dom,
				    struct dentry *dir)
{
	return debugfs_create_file(dom->domain->name, 0400, dir, dom,
				   &device_msi_table_fops);
}
