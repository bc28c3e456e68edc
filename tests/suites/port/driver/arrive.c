// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases of interrupts that arrive: each once, on its handler, on the CPU that it is for.
 */
#include <linux/cpumask.h>
#include <linux/iopoll.h>
#include <linux/jiffies.h>

#include "driver.h"

#define V62_RUN		100U	/* messages in a row, each after the last one was handled */

static int case_each_message_comes_once_to_its_handler(struct v62_device *v62)
{
	unsigned int i;

	EXPECT(v62_open_all(v62, V62_QUEUES) == V62_QUEUES);
	/* One by one, so that none comes in place of another */
	for (i = 0; i < V62_QUEUES; i++) {
		v62_fire(&v62->queues[i]);
		EXPECT(v62_all_arrive(v62));
	}
	for (i = 0; i < 4; i++)
		EXPECT(v62_each_fires(v62));
	return 0;
}

/* As an event of a process: the device looks for its PASID in ctrl */
static int v62_work(struct v62_queue *queue)
{
	queue->fired++;
	v62_write(queue->v62, REG_WORK,
		  queue->pasid << V62_CTRL_PASID_SHIFT | queue->number);
	EXPECT(v62_all_arrive(queue->v62));
	EXPECT(!v62_read(queue->v62, REG_ERRORS));
	return 0;
}

static int case_the_device_has_the_pasid_of_the_cookie(struct v62_device *v62)
{
	unsigned int i;
	int line;

	EXPECT(v62_open_all(v62, V62_QUEUES) == V62_QUEUES);
	for (i = 0; i < V62_QUEUES; i++) {
		line = v62_work(&v62->queues[i]);
		if (line)
			return line;
	}
	return 0;
}

/* As idxd did when a queue of its got another user */
static int case_a_pasid_can_be_set_later(struct v62_device *v62)
{
	struct v62_queue *queue = &v62->queues[1];
	int line;

	EXPECT(v62_open_all(v62, 3) == 3);
	line = v62_work(queue);
	if (line)
		return line;
	v62_release(queue);
	queue->pasid = 0xabcde;
	v62_array_set_pasid(queue->map.virq, queue->pasid);
	EXPECT(!v62_request(queue));
	return v62_work(queue);
}

/* From free_irq() until request_irq() no message is in the slot */
static int case_without_a_handler_the_slot_is_silent(struct v62_device *v62)
{
	struct v62_queue *queue = &v62->queues[1];
	unsigned int round;

	EXPECT(!v62_alloc(queue, NULL));
	EXPECT(v62_is_silent(queue));
	EXPECT(v62_open(&v62->queues[0]) == 0);
	for (round = 0; round < 4; round++) {
		EXPECT(!v62_request(queue));
		EXPECT(v62_device_slot(queue).address_lo);
		EXPECT(!(v62_device_slot(queue).ctrl & V62_CTRL_MASK));
		EXPECT(v62_each_fires(v62));
		v62_release(queue);
		EXPECT(v62_is_silent(queue));
		EXPECT(v62_each_fires(v62));
	}
	return 0;
}

static bool v62_arrives_on(struct v62_queue *queue, unsigned int cpu)
{
	unsigned long limit = jiffies + 60 * HZ;

	/* Without remapping a move is complete with the first interrupt after it */
	do {
		v62_fire(queue);
		if (!v62_all_arrive(queue->v62))
			return false;
		if (READ_ONCE(queue->cpu) == cpu)
			return true;
	} while (time_before(jiffies, limit));
	return false;
}

static int case_a_moved_interrupt_arrives_there(struct v62_device *v62)
{
	unsigned int cpu, round, i;

	EXPECT(num_online_cpus() > 1);
	EXPECT(v62_open_all(v62, 4) == 4);
	for (round = 0; round < 2; round++) {
		for_each_online_cpu(cpu) {
			for (i = 0; i < 3; i++)
				EXPECT(!irq_set_affinity(v62->queues[i].map.virq,
							 cpumask_of(cpu)));
			for (i = 0; i < 3; i++)
				EXPECT(v62_arrives_on(&v62->queues[i], cpu));
			/* And it stays there */
			for (i = 0; i < 3; i++) {
				v62_fire(&v62->queues[i]);
				EXPECT(v62_all_arrive(v62));
				EXPECT(READ_ONCE(v62->queues[i].cpu) == cpu);
			}
			EXPECT(v62_each_fires(v62));	/* the fourth, too */
		}
	}
	return 0;
}

/* Before it is requested, and while it is not */
static int case_an_interrupt_moves_without_a_handler(struct v62_device *v62)
{
	struct v62_queue *queue = &v62->queues[0];
	unsigned int cpu;

	EXPECT(num_online_cpus() > 1);
	EXPECT(!v62_alloc(queue, NULL));
	for_each_online_cpu(cpu) {
		EXPECT(!irq_set_affinity(queue->map.virq, cpumask_of(cpu)));
		EXPECT(v62_is_silent(queue));
		EXPECT(!v62_request(queue));
		EXPECT(v62_arrives_on(queue, cpu));
		v62_release(queue);
	}
	return 0;
}

static bool v62_run_is_over(struct v62_device *v62)
{
	return !v62_read(v62, REG_RUNNING);
}

/* Each queue has the next message as soon as the last one was handled */
static int case_none_is_missing_while_they_move(struct v62_device *v62)
{
	unsigned long limit = jiffies + 300 * HZ;
	unsigned int cpu = 0, i;

	EXPECT(num_online_cpus() > 1);
	EXPECT(v62_open_all(v62, 4) == 4);
	v62_write(v62, REG_COUNT, V62_RUN);
	for (i = 0; i < 4; i++) {
		v62->queues[i].fired += V62_RUN;
		v62_write(v62, REG_RUN, v62->queues[i].number);
	}
	while (!v62_run_is_over(v62)) {
		cpu = cpumask_next(cpu, cpu_online_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
		for (i = 0; i < 4; i++)
			EXPECT(!irq_set_affinity(v62->queues[i].map.virq, cpumask_of(cpu)));
		EXPECT(time_before(jiffies, limit));
		cond_resched();
	}
	EXPECT(v62_all_arrive(v62));
	return 0;
}

/* Too large for the stack of a kernel for many CPUs */
static struct irq_affinity_desc v62_affdesc;

static const struct irq_affinity_desc *v62_affinity(unsigned int cpu, bool managed)
{
	cpumask_copy(&v62_affdesc.mask, cpumask_of(cpu));
	v62_affdesc.is_managed = managed;
	return &v62_affdesc;
}

static int case_an_affinity_is_that_of_the_interrupt(struct v62_device *v62)
{
	struct v62_queue *queue = v62->queues;
	struct msi_desc *desc;
	unsigned int cpu;

	EXPECT(num_online_cpus() > 1);
	for_each_online_cpu(cpu) {
		EXPECT(queue < v62->queues + V62_QUEUES);
		EXPECT(!v62_alloc(queue, v62_affinity(cpu, false)));
		desc = irq_get_msi_desc(queue->map.virq);
		EXPECT(desc && desc->affinity && desc->affinity != &v62_affdesc);
		EXPECT(cpumask_equal(&desc->affinity->mask, cpumask_of(cpu)));
		EXPECT(cpumask_equal(irq_get_affinity_mask(queue->map.virq), cpumask_of(cpu)));

		/* From its first message on */
		EXPECT(!v62_request(queue));
		v62_fire(queue);
		EXPECT(v62_all_arrive(v62));
		EXPECT(READ_ONCE(queue->cpu) == cpu);
		queue++;
	}
	return 0;
}

/* And the only index of the domain is free again */
static int case_an_affinity_without_cpus_is_refused(struct v62_device *v62)
{
	cpumask_clear(&v62_affdesc.mask);
	EXPECT(v62_alloc(&v62->queues[0], &v62_affdesc) < 0);
	EXPECT(!v62->queues[0].map.virq);
	EXPECT(!v62_open(&v62->queues[0]));
	EXPECT(v62_each_fires(v62));
	return 0;
}

/* Nobody but the kernel moves it. On kernels before 5.16 there is no such interrupt. */
static int case_a_managed_affinity_stays(struct v62_device *v62)
{
	struct v62_queue *queue = &v62->queues[0];
	int ret;

	EXPECT(cpu_online(1));
	ret = v62_alloc(queue, v62_affinity(1, true));
	if (ret == -EOPNOTSUPP)
		return 0;
	EXPECT(!ret);
	EXPECT(irqd_affinity_is_managed(irq_get_irq_data(queue->map.virq)));
	EXPECT(cpumask_equal(irq_get_affinity_mask(queue->map.virq), cpumask_of(1)));
	EXPECT(!v62_request(queue));
	v62_fire(queue);
	EXPECT(v62_all_arrive(v62));
	EXPECT(READ_ONCE(queue->cpu) == 1);
	return 0;
}

const struct v62_case v62_arrive_cases[] = {
	V62_CASE(each_message_comes_once_to_its_handler),
	V62_CASE(the_device_has_the_pasid_of_the_cookie, .stores = BIT(V62_ARRAY)),
	V62_CASE(a_pasid_can_be_set_later, .stores = BIT(V62_ARRAY)),
	V62_CASE(without_a_handler_the_slot_is_silent),
	V62_CASE(a_moved_interrupt_arrives_there),
	V62_CASE(an_interrupt_moves_without_a_handler),
	V62_CASE(none_is_missing_while_they_move),
	V62_CASE(an_affinity_is_that_of_the_interrupt),
	V62_CASE(an_affinity_without_cpus_is_refused, .hwsize = 1),
	V62_CASE(a_managed_affinity_stays),
	{ }
};
