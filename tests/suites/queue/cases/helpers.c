// SPDX-License-Identifier: GPL-2.0-only
/*
 * What many cases do, in short.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/workqueue.h>

#include "suite.h"

struct msi_map queue_alloc(struct queue_test *t, unsigned int index)
{
	struct device_msi_req req = { .slots = test_slots(index) };

	return device_msi_alloc_irq(t->dom, t->dev, &req);
}

/* Exactly @nr, of any slots. Return: 0, or what went wrong */
int queue_alloc_many(struct queue_test *t, struct msi_map *maps,
		     unsigned int nr)
{
	int ret = device_msi_alloc_irqs(t->dom, t->dev, NULL, nr, nr, NULL,
					maps);

	return ret == (int)nr ? 0 : ret ?: -EIO;
}

int queue_free(struct queue_test *t, struct msi_map map)
{
	return device_msi_free_irq(t->dom, t->dev, map);
}

static irqreturn_t queue_handler(int irq, void *data)
{
	struct queue_test *t = data;

	atomic_inc(&t->handled);
	return IRQ_HANDLED;
}

/* Released after the case, if the case does not */
int queue_request(struct queue_test *t, int virq)
{
	int ret;

	if (t->nr_requested == ARRAY_SIZE(t->requested))
		return -E2BIG;
	ret = request_irq(virq, queue_handler, 0, "ims-queue-test", t);
	if (!ret)
		t->requested[t->nr_requested++] = virq;
	return ret;
}

void queue_release(struct queue_test *t, int virq)
{
	unsigned int i = 0;

	while (i < t->nr_requested && t->requested[i] != virq)
		i++;
	if (i == t->nr_requested)
		return;
	t->requested[i] = t->requested[--t->nr_requested];
	queue_wait_fired();
	free_irq(virq, t);
}

/* An interrupt that lives: the device has its message */
struct msi_map queue_alloc_requested(struct queue_test *t, unsigned int index)
{
	struct msi_map map = queue_alloc(t, index);
	int ret;

	if (map.index < 0)
		return map;
	ret = queue_request(t, map.virq);
	if (!ret && !queue_live(t, map))
		ret = -EIO;
	if (ret)
		map.index = ret;
	return map;
}

/* What our parents want the device to send */
struct msi_msg queue_parent_msg(int virq)
{
	struct irq_data *d = irq_get_irq_data(virq);
	struct irq_desc *desc = irq_data_to_desc(d);
	struct msi_msg msg = {};
	unsigned long flags;

	raw_spin_lock_irqsave(&desc->lock, flags);
	for (d = d->parent_data; d; d = d->parent_data) {
		if (d->chip && d->chip->irq_compose_msi_msg) {
			d->chip->irq_compose_msi_msg(d, &msg);
			break;
		}
	}
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return msg;
}

/* The device has the interrupt's message, and sends it; the listener too */
bool queue_live(struct queue_test *t, struct msi_map map)
{
	struct msi_msg msg = queue_parent_msg(map.virq);
	struct fake_slot *slot = fake_slot(t->fake, map.index);

	return !queue_msg_is_empty(&msg) && fake_has_msg(t->fake, map.index, &msg) &&
	       !fake_masked(t->fake, map.index) &&
	       !memcmp(&slot->told, &msg, sizeof(msg));
}

/* The store counts what the device counts */
bool queue_stats_agree(struct queue_test *t)
{
	const struct ims_queue_stats *total = &t->fake->total;
	struct ims_queue_stats stats = {};

	/* No command is under way after this */
	device_msi_synchronize(t->dom);
	return !ims_queue_get_stats(t->dom, &stats) &&
	       stats.commands == total->commands &&
	       stats.failed == total->failed && stats.slots == total->slots;
}

unsigned int queue_quarantined(struct queue_test *t)
{
	struct ims_queue_stats stats = {};

	ims_queue_get_stats(t->dom, &stats);
	return stats.quarantined;
}

/* As if the device had sent the message that the parent wants now */
void queue_fire(int virq)
{
	struct irq_data *d = irq_get_irq_data(virq);
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;

	raw_spin_lock_irqsave(&desc->lock, flags);
	irq_chip_retrigger_hierarchy(d);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

static long queue_nothing(void *unused)
{
	return 0;
}

/*
 * Before free_irq() of what queue_fire() has fired: it may still be on its way,
 * taken by a CPU that has not looked up its vector yet, or pending in that CPU's
 * APIC behind another. The kernel absorbs one stray of a vector that is given back,
 * and says "No irq handler" of the next. A real device is stopped by its driver
 * first; here it is this. A CPU that runs a thread has taken all that was pending
 * for it. A function call by interrupt is not enough: its vector has a higher
 * priority than a device's.
 */
void queue_wait_fired(void)
{
	int cpu;

	cpus_read_lock();
	for_each_online_cpu(cpu)
		work_on_cpu(cpu, queue_nothing, NULL);
	cpus_read_unlock();
}

/* The same, and it arrives: a move that was under way has ended then */
bool queue_fires(struct queue_test *t, int virq)
{
	int before = atomic_read(&t->handled);

	queue_fire(virq);
	return SOON(atomic_read(&t->handled) != before);
}

int queue_cpu_of(int virq)
{
	struct irq_data *d = irq_get_irq_data(virq);

	return cpumask_first(irq_data_get_effective_affinity_mask(d));
}

/*
 * Asked to move a started interrupt to no CPU, the vectors of x86 and the driver of IMSICs
 * only say whether the rest of the last move is yet to be done, by the CPU that the
 * interrupt left. Until then the kernel postpones the next one to the next interrupt.
 */
bool queue_is_moving(const struct queue_test *t, int virq)
{
	struct irq_data *d = irq_get_irq_data(virq);
	struct irq_desc *desc = irq_data_to_desc(d);
	unsigned long flags;
	int ret = 0;

	if (!t->masked_moves && !IS_ENABLED(CONFIG_X86))
		return false;
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (irqd_is_activated(d))
		ret = irq_chip_set_affinity_parent(d, cpu_none_mask, false);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return ret == -EBUSY;
}

/*
 * Until the last move is complete. On x86 its interrupt has to arrive for that. If none was
 * fired, this ends without it, and the next move needs a nudge.
 */
void queue_wait_moved(const struct queue_test *t, int virq)
{
	unsigned long end = jiffies + (t->masked_moves ? 60 : 1) * HZ;

	while (queue_is_moving(t, virq) && time_before(jiffies, end))
		usleep_range(200, 1000);
}

/* A move that was left pending happens with an interrupt, when the last is complete */
static bool queue_nudge(const struct queue_test *t, int virq)
{
	queue_fire(virq);
	queue_wait_fired();
	queue_wait_moved(t, virq);
	return false;
}

/* Now, and not when it next fires */
int queue_move_to(struct queue_test *t, int virq, int cpu)
{
	if (queue_cpu_of(virq) == cpu)
		return 0;
	queue_wait_moved(t, virq);
	EXPECT(!irq_set_affinity(virq, cpumask_of(cpu)));
	EXPECT(SOON(queue_cpu_of(virq) == cpu || queue_nudge(t, virq)));
	return 0;
}

/*
 * The same while the device does not answer, or refuses: a parent that waits for it moves
 * later
 */
int queue_ask_to_move(struct queue_test *t, int virq, int cpu)
{
	if (!t->masked_moves)
		return queue_move_to(t, virq, cpu);
	queue_wait_moved(t, virq);
	EXPECT(!irq_set_affinity(virq, cpumask_of(cpu)));
	return 0;
}

/* One that is not the first; or none, which is the first */
int queue_other_cpu(void)
{
	return cpumask_last(cpu_online_mask);
}
