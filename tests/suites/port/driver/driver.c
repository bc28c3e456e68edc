// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver: it binds to the device, has an interrupt for each queue, and fires.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "driver.h"

/* Slots of queues behind commands, which no index is equal to */
#define V62_FIRST_NUMBER	1000

static struct v62_device *v62_next;	/* which probe() gets */

static irqreturn_t v62_interrupt(int irq, void *data)
{
	struct v62_queue *queue = data;

	WRITE_ONCE(queue->cpu, raw_smp_processor_id());
	atomic_inc(&queue->handled);
	v62_write(queue->v62, REG_ACK, queue->number);
	return IRQ_HANDLED;
}

/* Called from prepare_desc(), first */
void v62_prepared(struct msi_domain_info *info, struct msi_desc *desc)
{
	struct v62_device *v62 = v62_next;
	struct v62_prepared *prepared;

	if (desc->msi_index >= V62_QUEUES)
		return;
	prepared = &v62->prepared[desc->msi_index];
	prepared->icookie = desc->data.icookie;
	prepared->data = info->data;
	prepared->dev = desc->dev;
	prepared->times++;
}

int v62_alloc(struct v62_queue *queue, const struct irq_affinity_desc *affdesc)
{
	const struct v62_chip *chip = queue->v62->chip;
	union msi_instance_cookie cookie = chip->cookie(queue);

	queue->map = pci_ims_alloc_irq(queue->v62->pdev, &cookie, affdesc);
	memset(&cookie, 0xff, sizeof(cookie));	/* it was copied */
	if (queue->map.index < 0)
		return queue->map.index;
	queue->last_virq = queue->map.virq;
	if (chip->assign)
		chip->assign(queue);
	return 0;
}

int v62_request(struct v62_queue *queue)
{
	int ret;

	ret = request_irq(queue->map.virq, v62_interrupt, 0, queue->name, queue);
	queue->requested = !ret;
	return ret;
}

int v62_open(struct v62_queue *queue)
{
	return v62_alloc(queue, NULL) ?: v62_request(queue);
}

/* Return: how many queues could be opened */
int v62_open_all(struct v62_device *v62, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (v62_open(&v62->queues[i]))
			break;
	return i;
}

void v62_release(struct v62_queue *queue)
{
	if (queue->requested)
		free_irq(queue->map.virq, queue);
	queue->requested = false;
}

void v62_free(struct v62_queue *queue)
{
	v62_release(queue);
	if (queue->map.virq)
		pci_ims_free_irq(queue->v62->pdev, queue->map);
	queue->map.virq = 0;
}

static void v62_free_all(void *data)
{
	struct v62_device *v62 = data;
	unsigned int i;

	for (i = 0; i < V62_QUEUES; i++)
		v62_free(&v62->queues[i]);
}

void v62_fire(struct v62_queue *queue)
{
	queue->fired++;
	v62_write(queue->v62, REG_FIRE, queue->number);
}

/* Does it get so many interrupts? There may be more */
bool v62_handles(struct v62_queue *queue, int count)
{
	int handled;

	return !read_poll_timeout(atomic_read, handled, handled >= count, 500,
				  V62_LIMIT_US, false, &queue->handled);
}

/* Every message that was asked for, each once */
bool v62_all_arrive(struct v62_device *v62)
{
	u32 under_way, fired = 0;
	unsigned int i;

	for (i = 0; i < V62_QUEUES; i++) {
		fired += v62->queues[i].fired;
		if (!v62_handles(&v62->queues[i], v62->queues[i].fired))
			return false;
	}
	if (read_poll_timeout(v62_read, under_way, !under_way, 500, V62_LIMIT_US, false,
			      v62, REG_UNDER_WAY))
		return false;
	for (i = 0; i < V62_QUEUES; i++) {
		if (v62->queues[i].requested)
			synchronize_irq(v62->queues[i].map.virq);
		if (atomic_read(&v62->queues[i].handled) != v62->queues[i].fired)
			return false;
	}
	return v62_read(v62, REG_SENT) == fired;
}

bool v62_each_fires(struct v62_device *v62)
{
	unsigned int i;

	for (i = 0; i < V62_QUEUES; i++)
		if (v62->queues[i].requested)
			v62_fire(&v62->queues[i]);
	return v62_all_arrive(v62);
}

/* The slot as the device would use it now */
struct v62_slot v62_device_slot(struct v62_queue *queue)
{
	struct v62_device *v62 = queue->v62;

	v62_write(v62, REG_SELECT, queue->number);
	return (struct v62_slot) {
		.address_lo	= v62_read(v62, REG_SLOT),
		.address_hi	= v62_read(v62, REG_SLOT + 4),
		.data		= v62_read(v62, REG_SLOT + 8),
		.ctrl		= v62_read(v62, REG_SLOT + 12),
	};
}

/* Masked, and without a message */
bool v62_is_silent(struct v62_queue *queue)
{
	struct v62_slot slot = v62_device_slot(queue);

	return !slot.address_lo && !slot.address_hi && !slot.data &&
	       slot.ctrl & V62_CTRL_MASK;
}

bool v62_create_domain(struct v62_device *v62, const struct msi_domain_template *template)
{
	return pci_create_ims_domain(v62->pdev, template, v62->c->hwsize ?: v62->chip->hwsize,
				     v62);
}

/* The last thing that devres does here: there is no interrupt and no domain any more */
static void v62_stop(void *data)
{
	struct v62_device *v62 = data;
	unsigned int i;

	for (i = 0; i < V62_QUEUES; i++)
		if (!v62_is_silent(&v62->queues[i]))
			v62->why = "a slot is not masked and empty";
	if (v62_read(v62, REG_ERRORS))
		v62->why = "the device complains";
	v62_write(v62, REG_RESET, 1);
	v62->pdev = NULL;
}

static int v62_setup(struct v62_device *v62)
{
	int ret;

	v62_write(v62, REG_RESET, 1);
	v62_write(v62, REG_SOURCE, v62->chip->source);
	ret = devm_add_action_or_reset(&v62->pdev->dev, v62_stop, v62);
	if (ret)
		return ret;
	if (!v62->c->no_domain && !v62_create_domain(v62, v62->chip->template)) {
		dev_err(&v62->pdev->dev, "Failed to create IMS domain\n");
		return -ENXIO;
	}
	return v62->c->by_devres ?
		devm_add_action_or_reset(&v62->pdev->dev, v62_free_all, v62) : 0;
}

static int v62_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct v62_device *v62 = v62_next;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);
	v62->regs = pcim_iomap(pdev, 0, 0);
	v62->slots = pcim_iomap(pdev, 2, 0);
	if (!v62->regs || !v62->slots)
		return -ENOMEM;
	if (v62_read(v62, REG_ID) != V62_ID)
		return -ENODEV;
	v62->pdev = pdev;
	pci_set_drvdata(pdev, v62);
	return v62_setup(v62);
}

static void v62_remove(struct pci_dev *pdev)
{
	struct v62_device *v62 = pci_get_drvdata(pdev);

	if (!v62->c->by_devres)
		v62_free_all(v62);
}

static const struct pci_device_id v62_ids[] = {
	{ PCI_DEVICE(0x1234, 0x1a5e) },
	{ }
};
MODULE_DEVICE_TABLE(pci, v62_ids);

static struct pci_driver v62_driver = {
	.name		= "ims_v62",
	.id_table	= v62_ids,
	.probe		= v62_probe,
	.remove		= v62_remove,
};

static const struct v62_chip * const v62_chips[V62_STORES] = {
	[V62_ARRAY] = &v62_array_chip,
	[V62_QUEUE] = &v62_queue_chip,
};

static struct v62_device *v62_new(const struct v62_case *c, const struct v62_chip *chip)
{
	struct v62_device *v62 = kzalloc(sizeof(*v62), GFP_KERNEL);
	struct v62_queue *queue;
	unsigned int i;

	if (!v62)
		return NULL;
	v62->c = c;
	v62->chip = chip;
	mutex_init(&v62->command);
	raw_spin_lock_init(&v62->lock);
	for (i = 0; i < V62_QUEUES; i++) {
		queue = &v62->queues[i];
		queue->v62 = v62;
		queue->number = chip->assign ? i : V62_FIRST_NUMBER - i;
		queue->pasid = 0x54321 + i;
		snprintf(queue->name, sizeof(queue->name), "v62-queue-%u", i);
	}
	return v62;
}

/* As by modprobe: one device, which is free */
struct v62_device *v62_bind(const struct v62_case *c, enum v62_store store)
{
	struct v62_device *v62 = v62_new(c, v62_chips[store]);
	int ret;

	if (!v62)
		return ERR_PTR(-ENOMEM);
	v62_next = v62;
	ret = pci_register_driver(&v62_driver);
	if (!ret && !v62->pdev) {
		pci_unregister_driver(&v62_driver);
		ret = -ENODEV;
	}
	if (!ret)
		return v62;
	kfree(v62);
	return ERR_PTR(ret);
}

static const char *v62_wrong_in_the_end(struct v62_device *v62)
{
	struct v62_queue *queue;
	unsigned int i;

	if (v62->why)
		return v62->why;
	if (v62->pdev)
		return "the driver is still bound";
	if (v62->written_unmasked)
		return "a message was written into a slot that was not masked";
	if (v62->failed_commands)
		return "a command failed";
	for (i = 0; i < V62_QUEUES; i++) {
		queue = &v62->queues[i];
		if (atomic_read(&queue->handled) != queue->fired)
			return "an interrupt is missing, or came twice";
		if (queue->last_virq && irq_get_irq_data(queue->last_virq))
			return "an interrupt outlives the driver";
	}
	return NULL;
}

/* As by rmmod. Return: what is wrong afterwards, or NULL */
const char *v62_unbind(struct v62_device *v62)
{
	const char *why;

	pci_unregister_driver(&v62_driver);
	why = v62_wrong_in_the_end(v62);
	kfree(v62);
	return why;
}
