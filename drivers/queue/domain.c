// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_queue.ko: a store that only commands of the device can change, such as queue
 * memory or a table behind a firmware interface. Here are the functions that a driver
 * calls.
 */
#include "queue.h"

#include <linux/device.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "../layout.h"

/* For a driver without a layout: bits of ctrl other than the mask are 0 */
static const struct ims_layout ims_queue_layout = {
	.stride		= 16,
	.address_lo	= 0,
	.address_hi	= 4,
	.data		= 8,
	.ctrl		= 12,
	.mask		= IMS_MASK_SET,
	.mask_bit	= BIT(0),
};

static struct ims_queue *ims_queue_new(struct device *dev,
				       const struct ims_queue_info *info,
				       const struct ims_layout *layout)
{
	struct ims_queue *queue;

	queue = kzalloc(sizeof(*queue), GFP_KERNEL);
	if (!queue)
		return NULL;
	queue->dev = dev;
	queue->info = *info;
	queue->info.max_batch = info->max_batch ?: 1;
	queue->layout = *layout;
	if (!layout->stride)
		queue->layout.stride = ims_layout_size(layout);
	queue->ops = ims_queue_ops;
	if (!info->ops->read_back && info->carry != IMS_QUEUE_NEVER)
		queue->ops.read_slot = NULL;
	if (!ims_layout_has_sideband(layout))
		queue->ops.set_sideband = NULL;
	mutex_init(&queue->commands);
	raw_spin_lock_init(&queue->lock);
	INIT_LIST_HEAD(&queue->changed);
	INIT_LIST_HEAD(&queue->reports);
	INIT_WORK(&queue->work, ims_queue_commit_work);
	INIT_WORK(&queue->report_work, ims_queue_report_work);
	queue->entries = kvcalloc(queue->info.max_batch,
				  sizeof(*queue->entries), GFP_KERNEL);
	queue->slots = kvcalloc(queue->info.max_batch, sizeof(*queue->slots),
				GFP_KERNEL);
	if (queue->entries && queue->slots)
		return queue;
	ims_queue_free(queue);
	return NULL;
}

/**
 * ims_queue_create_domain() - Create the domain of a queue store
 * @dev:	the PCI function that has the store
 * @info:	the store; copied, but info->ops must live as long as the domain
 *
 * No command is sent yet: a slot is masked and emptied when it is allocated. The
 * caller has enabled bus mastering, or does so later, because a message is a memory
 * write of the device. device_msi_remove_domain() removes the domain; the device must
 * still accept commands then.
 *
 * Context: Process context, may sleep.
 * Return: the domain, or an ERR_PTR: -EINVAL for a wrong argument, -ENOMEM, or an
 * error of device_msi_create_domain(). The reason is in the kernel log.
 */
struct device_msi_domain *
ims_queue_create_domain(struct device *dev, const struct ims_queue_info *info)
{
	struct device_msi_info domain_info = {};
	const struct ims_layout *layout;
	struct device_msi_domain *dom;
	struct ims_queue *queue;
	int ret;

	if (WARN_ON_ONCE(IS_ERR_OR_NULL(dev))) {
		pr_err("no device; give the PCI function that has the store\n");
		return ERR_PTR(-EINVAL);
	}
	if (WARN_ON_ONCE(IS_ERR_OR_NULL(info))) {
		dev_err(dev, "no struct ims_queue_info; it says what the store is\n");
		return ERR_PTR(-EINVAL);
	}
	layout = info->layout ?: &ims_queue_layout;
	ret = ims_queue_check_info(dev, info, layout);
	if (ret)
		return ERR_PTR(ret);

	queue = ims_queue_new(dev, info, layout);
	if (!queue)
		return ERR_PTR(-ENOMEM);

	domain_info.ops = &queue->ops;
	domain_info.store = queue;
	domain_info.nr_slots = info->nr_slots;
	domain_info.nr_expected = info->nr_expected;
	domain_info.flags = info->flags;
	if (info->ops->choose_slot)
		domain_info.flags |= DEVICE_MSI_STORE_CHOOSES;
	domain_info.listener = info->listener;
	dom = device_msi_create_domain(dev, &domain_info);
	if (IS_ERR(dom))
		ims_queue_free(queue);
	else
		ims_queue_check_pci(to_pci_dev(dev));
	return dom;
}
EXPORT_SYMBOL_GPL(ims_queue_create_domain);

static void ims_queue_devm_remove(void *dom)
{
	device_msi_release_domain(dom);
}

/**
 * devm_ims_queue_create_domain() - ims_queue_create_domain() for a probe()
 * @dev:	the PCI function that has the store
 * @info:	the store; copied, but info->ops must live as long as the domain
 *
 * The domain is removed when the driver is unbound from @dev, after everything
 * that was acquired with devm_ functions later, such as the interrupts.
 *
 * Context: Process context, may sleep.
 * Return: as ims_queue_create_domain(), or ERR_PTR(-ENOMEM).
 */
struct device_msi_domain *
devm_ims_queue_create_domain(struct device *dev,
			     const struct ims_queue_info *info)
{
	struct device_msi_domain *dom;
	int ret;

	dom = ims_queue_create_domain(dev, info);
	if (IS_ERR(dom))
		return dom;

	ret = devm_add_action_or_reset(dev, ims_queue_devm_remove, dom);
	return ret ? ERR_PTR(ret) : dom;
}
EXPORT_SYMBOL_GPL(devm_ims_queue_create_domain);

static int ims_queue_do_begin(void *store, void *unused)
{
	struct ims_queue *queue = store;

	mutex_lock(&queue->commands);
	raw_spin_lock_irq(&queue->lock);
	WRITE_ONCE(queue->held, queue->held + 1);
	raw_spin_unlock_irq(&queue->lock);
	mutex_unlock(&queue->commands);
	return 0;
}

static int ims_queue_do_end(void *store, void *unused)
{
	struct ims_queue *queue = store;
	unsigned int held;

	raw_spin_lock_irq(&queue->lock);
	held = queue->held;
	if (held)
		WRITE_ONCE(queue->held, held - 1);
	raw_spin_unlock_irq(&queue->lock);
	if (WARN_ON_ONCE(!held)) {
		dev_err(queue->dev, "ims_queue_end() without ims_queue_begin()\n");
		return -EINVAL;
	}
	return held == 1 ? ims_queue_commit_all(queue) : 0;
}

static int ims_queue_copy_stats(void *store, void *stats)
{
	struct ims_queue *queue = store;

	if (WARN_ON_ONCE(!stats)) {
		dev_err(queue->dev, "ims_queue_get_stats() without room for them\n");
		return -EINVAL;
	}
	raw_spin_lock_irq(&queue->lock);
	memcpy(stats, &queue->stats, sizeof(queue->stats));
	raw_spin_unlock_irq(&queue->lock);
	return 0;
}

/**
 * ims_queue_begin() - Postpone commits until ims_queue_end()
 * @dom:	a domain of this store
 *
 * Until ims_queue_end(), the changes of request_irq(), enable_irq(), affinities and the
 * like are recorded and not committed, so that fewer commands carry more slots.
 * free_irq() and allocations still commit at once. A command in flight is waited for.
 * Calls nest.
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: 0, -EINVAL for a wrong argument, or -ENODEV if the domain was removed.
 */
int ims_queue_begin(struct device_msi_domain *dom)
{
	return device_msi_call_store(dom, THIS_MODULE, ims_queue_do_begin, NULL);
}
EXPORT_SYMBOL_GPL(ims_queue_begin);

/**
 * ims_queue_end() - Commit what was postponed, and wait for the device
 * @dom:	a domain of this store
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: 0, also when another ims_queue_end() is still due; -EIO if a slot is in
 * quarantine, which is in the log; -EINVAL, with a warning, for a wrong argument or
 * without an ims_queue_begin(); -ENODEV if the domain was removed.
 */
int ims_queue_end(struct device_msi_domain *dom)
{
	return device_msi_call_store(dom, THIS_MODULE, ims_queue_do_end, NULL);
}
EXPORT_SYMBOL_GPL(ims_queue_end);

/**
 * ims_queue_get_stats() - Count what a queue store has done so far
 * @dom:	a domain of this store
 * @stats:	set to the counts
 *
 * Context: Process context, may sleep. Takes the domain's lock.
 * Return: 0, -EINVAL for a wrong argument, or -ENODEV if the domain was removed.
 */
int ims_queue_get_stats(struct device_msi_domain *dom,
			struct ims_queue_stats *stats)
{
	return device_msi_call_store(dom, THIS_MODULE, ims_queue_copy_stats,
				     stats);
}
EXPORT_SYMBOL_GPL(ims_queue_get_stats);

MODULE_DESCRIPTION("Interrupt Message Store: messages behind device commands");
MODULE_AUTHOR("ims maintainers");
MODULE_LICENSE("GPL");
MODULE_VERSION(IMS_VERSION);
