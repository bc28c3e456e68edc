// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases of allocation: what the descriptor of an interrupt is, which index it gets, and
 * how it is found by that.
 */
#include <linux/workqueue.h>

#include "driver.h"

#define V62_FEW		8U	/* the hwsize of domains that get full */

static int v62_alloc_all(struct v62_device *v62, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		EXPECT(!v62_alloc(&v62->queues[i], NULL));
	return 0;
}

static int case_prepare_desc_sees_each_cookie(struct v62_device *v62)
{
	const struct v62_prepared *prepared;
	struct v62_queue *queue;
	unsigned int i;
	int line;

	line = v62_alloc_all(v62, V62_QUEUES);
	if (line)
		return line;
	for (i = 0; i < V62_QUEUES; i++) {
		queue = &v62->queues[i];
		EXPECT(queue->map.index >= 0 && queue->map.index < V62_QUEUES);
		EXPECT(queue->map.virq > 0);
		prepared = &v62->prepared[queue->map.index];
		EXPECT(prepared->icookie.value == v62->chip->cookie(queue).value);
		EXPECT(prepared->data == v62);
		EXPECT(prepared->dev == &v62->pdev->dev);
		EXPECT(prepared->times == 1);
	}
	return 0;
}

static int case_the_descriptor_is_that_of_the_interrupt(struct v62_device *v62)
{
	struct v62_queue *queue;
	struct msi_desc *desc;
	struct irq_data *data;
	unsigned int i;
	int line;

	line = v62_alloc_all(v62, V62_QUEUES);
	if (line)
		return line;
	for (i = 0; i < V62_QUEUES; i++) {
		queue = &v62->queues[i];
		desc = irq_get_msi_desc(queue->map.virq);
		data = irq_get_irq_data(queue->map.virq);
		EXPECT(desc && data);
		EXPECT(irq_data_get_msi_desc(data) == desc);
		EXPECT(desc->msi_index == queue->map.index);
		EXPECT(desc->irq == queue->map.virq);
		EXPECT(desc->nvec_used == 1);
		EXPECT(desc->dev == &v62->pdev->dev);
		EXPECT(!desc->affinity);
		EXPECT(data->hwirq == queue->map.index);
	}
	return 0;
}

/* What prepare_desc() wrote into a descriptor is there, with what it found */
static int case_the_drivers_data_are_in_the_descriptor(struct v62_device *v62)
{
	bool is_queue = v62->chip == &v62_queue_chip;
	struct v62_queue *queue;
	struct msi_desc *desc;
	unsigned int i;
	int line;

	line = v62_alloc_all(v62, V62_QUEUES);
	if (line)
		return line;
	for (i = 0; i < V62_QUEUES; i++) {
		queue = &v62->queues[i];
		desc = irq_get_msi_desc(queue->map.virq);
		EXPECT(desc);
		if (is_queue) {
			EXPECT(desc->data.icookie.ptr == queue);
			EXPECT(desc->data.dcookie.value == queue->number);
		} else {
			EXPECT(desc->data.icookie.value == v62_ctrl_of_pasid(queue->pasid));
			EXPECT(desc->data.dcookie.iobase == v62->slots + queue->map.index);
		}
	}
	return 0;
}

/* 0 of one that is freed */
static int each_index_has_its_irq(struct v62_device *v62)
{
	struct v62_queue *queue;
	unsigned int i;

	for (i = 0; i < V62_QUEUES; i++) {
		queue = &v62->queues[i];
		EXPECT(msi_domain_get_virq(&v62->pdev->dev, MSI_SECONDARY_DOMAIN,
					   queue->map.index) == queue->map.virq);
	}
	return 0;
}

static int case_an_index_has_its_irq_until_it_is_freed(struct v62_device *v62)
{
	struct device *dev = &v62->pdev->dev;
	unsigned int i;
	int line;

	EXPECT(!msi_domain_get_virq(dev, MSI_SECONDARY_DOMAIN, 0));
	line = v62_alloc_all(v62, V62_QUEUES);
	if (line)
		return line;
	line = each_index_has_its_irq(v62);
	if (line)
		return line;
	/* The domain of MSI-X, which the driver does not use, is another */
	EXPECT(!msi_domain_get_virq(dev, MSI_DEFAULT_DOMAIN, 0));

	for (i = 0; i < V62_QUEUES; i += 2)
		v62_free(&v62->queues[i]);
	return each_index_has_its_irq(v62);
}

static int case_a_cookie_is_not_needed(struct v62_device *v62)
{
	struct v62_queue *queue = &v62->queues[0];

	queue->map = pci_ims_alloc_irq(v62->pdev, NULL, NULL);
	EXPECT(queue->map.index >= 0 && queue->map.virq > 0);
	queue->last_virq = queue->map.virq;
	queue->number = queue->map.index;
	EXPECT(!v62->prepared[queue->map.index].icookie.value);
	EXPECT(!v62_request(queue));
	EXPECT(v62_each_fires(v62));
	return 0;
}

/* In a domain of eight: free four out of order, and get the same four */
static int case_freed_indices_are_used_again(struct v62_device *v62)
{
	static const unsigned int freed[] = { 5, 0, 7, 2 };
	unsigned long indices = 0;
	struct v62_queue *queue;
	unsigned int i, round;

	EXPECT(v62_open_all(v62, V62_FEW) == V62_FEW);
	EXPECT(v62_each_fires(v62));
	for (round = 0; round < 4; round++) {
		for (i = 0; i < ARRAY_SIZE(freed); i++) {
			queue = &v62->queues[freed[(i + round) % ARRAY_SIZE(freed)]];
			__set_bit(queue->map.index, &indices);
			v62_free(queue);
			EXPECT(v62_is_silent(queue));
		}
		EXPECT(hweight_long(indices) == ARRAY_SIZE(freed));
		EXPECT(v62_each_fires(v62));	/* those that remain */

		for (i = 0; i < ARRAY_SIZE(freed); i++) {
			queue = &v62->queues[freed[i]];
			EXPECT(!v62_open(queue));
			EXPECT(__test_and_clear_bit(queue->map.index, &indices));
		}
		EXPECT(v62_each_fires(v62));
	}
	return 0;
}

/* Others than before get the slots */
static int case_all_are_freed_and_others_come(struct v62_device *v62)
{
	unsigned int i, round;

	for (round = 0; round < 4; round++) {
		EXPECT(v62_open_all(v62, V62_QUEUES) == V62_QUEUES);
		EXPECT(v62_each_fires(v62));
		for (i = 0; i < V62_QUEUES; i++)
			v62_free(&v62->queues[round & 1 ? V62_QUEUES - 1 - i : i]);
	}
	return 0;
}

static int case_a_full_domain_refuses_and_works_on(struct v62_device *v62)
{
	struct v62_queue *more = &v62->queues[V62_FEW];
	int index, ret;

	EXPECT(v62_open_all(v62, V62_QUEUES) == V62_FEW);
	EXPECT(more->map.index < 0 && !more->map.virq);
	ret = v62_alloc(more, NULL);
	EXPECT(ret == -EBUSY || ret == -ENOSPC);	/* 6.6: xa_alloc() says -EBUSY */
	EXPECT(!more->map.virq);
	EXPECT(v62_each_fires(v62));

	index = v62->queues[3].map.index;
	v62_free(&v62->queues[3]);
	EXPECT(!v62_open(more));
	EXPECT(more->map.index == index);
	EXPECT(v62_open(&v62->queues[3]) < 0);
	EXPECT(v62_each_fires(v62));
	return 0;
}

/* Some queues, which open, get a message and close, again and again */
struct v62_churn {
	struct work_struct	work;
	struct v62_queue	*queues;
	unsigned int		nr;
	bool			failed;
};

static void v62_churn(struct work_struct *work)
{
	struct v62_churn *churn = container_of(work, struct v62_churn, work);
	struct v62_queue *queue;
	unsigned int i;

	for (i = 0; i < 8 * churn->nr && !churn->failed; i++) {
		queue = &churn->queues[i % churn->nr];
		v62_free(queue);
		churn->failed = v62_open(queue);
		if (churn->failed)
			break;
		v62_fire(queue);
		churn->failed = !v62_handles(queue, queue->fired);
	}
}

/* Nobody but the kernel keeps the callers apart */
static int case_several_allocate_at_the_same_time(struct v62_device *v62)
{
	struct workqueue_struct *wq = alloc_workqueue("v62", WQ_UNBOUND, 4);
	struct v62_churn churns[4];
	unsigned int i;

	EXPECT(wq);
	for (i = 0; i < 4; i++) {
		churns[i] = (struct v62_churn) {
			.queues = &v62->queues[i * V62_QUEUES / 4],
			.nr = V62_QUEUES / 4,
		};
		INIT_WORK_ONSTACK(&churns[i].work, v62_churn);
		queue_work(wq, &churns[i].work);
	}
	for (i = 0; i < 4; i++) {
		flush_work(&churns[i].work);
		destroy_work_on_stack(&churns[i].work);
	}
	destroy_workqueue(wq);
	for (i = 0; i < 4; i++)
		EXPECT(!churns[i].failed);
	EXPECT(v62_each_fires(v62));
	return 0;
}

const struct v62_case v62_alloc_cases[] = {
	V62_CASE(prepare_desc_sees_each_cookie, .hwsize = V62_QUEUES),
	V62_CASE(the_descriptor_is_that_of_the_interrupt),
	V62_CASE(the_drivers_data_are_in_the_descriptor),
	V62_CASE(an_index_has_its_irq_until_it_is_freed, .hwsize = V62_QUEUES),
	V62_CASE(a_cookie_is_not_needed, .stores = BIT(V62_ARRAY), .hwsize = V62_QUEUES),
	V62_CASE(freed_indices_are_used_again, .hwsize = V62_FEW),
	V62_CASE(all_are_freed_and_others_come),
	V62_CASE(a_full_domain_refuses_and_works_on, .hwsize = V62_FEW),
	V62_CASE(several_allocate_at_the_same_time, .hwsize = V62_QUEUES),
	{ }
};
