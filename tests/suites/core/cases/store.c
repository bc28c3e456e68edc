// SPDX-License-Identifier: GPL-2.0-only
/*
 * The test store. Every operation first checks what <ims/backend.h> promises
 * its caller: a promise that is not kept is counted, and the first one's text
 * fails the case.
 */
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "store.h"

static const struct msi_msg no_msg;

/* @change: 1 entered, -1 left an operation that may sleep */
static void test_sleeping(struct test_store *store, enum test_op op,
			  unsigned int index, int change)
{
	unsigned long flags;
	bool alone;

	if (irqs_disabled())
		test_violation(store, op, index, "interrupts are off");
	raw_spin_lock_irqsave(&store->lock, flags);
	store->sleeping += change;
	alone = store->sleeping <= 1;
	raw_spin_unlock_irqrestore(&store->lock, flags);
	if (!alone)
		test_violation(store, op, index, "two at a time");
}

static void test_count_ready(struct test_store *store, int change)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&store->lock, flags);
	store->nr_ready += change;
	raw_spin_unlock_irqrestore(&store->lock, flags);
}

static unsigned long test_slot_data(const struct test_store *store,
				    unsigned int index)
{
	return (unsigned long)&store->slots[index];
}

/* Slots that nobody may touch are not read either: an index may be wild */
static struct test_slot *test_desc_slot(struct device_msi_desc *desc,
					enum test_op op)
{
	struct test_store *store = desc->store;
	struct test_slot *slot;

	if (desc->index >= store->nr_slots) {
		test_violation(store, op, desc->index, "no such slot");
		return NULL;
	}
	slot = &store->slots[desc->index];
	if (!store->ops->msi_alloc_store)
		return slot;
	if (!slot->ready)
		test_violation(store, op, desc->index, "not allocated");
	else if (desc->slot_data != test_slot_data(store, desc->index))
		test_violation(store, op, desc->index, "slot_data changed");
	return slot;
}

/* The start of an operation under the descriptor's lock */
static struct test_slot *test_atomic_op(struct device_msi_desc *desc,
					enum test_op op)
{
	test_record(desc->store, op, desc->index, 1);
	if (!irqs_disabled())
		test_violation(desc->store, op, desc->index,
			       "interrupts are on");
	return test_desc_slot(desc, op);
}

static int test_init(struct device *dev, void *data, unsigned int nr_slots)
{
	struct test_store *store = data;
	unsigned int i;

	store->dev = dev;
	test_record(store, TEST_INIT, 0, nr_slots);
	if (nr_slots != store->nr_slots)
		test_violation(store, TEST_INIT, 0, "wrong size");
	for (i = 0; i < store->nr_slots; i++)
		test_slot_silence(&store->slots[i]);
	return store->init_error;
}

static void test_destroy(void *data)
{
	struct test_store *store = data;

	if (store->nr_ready)
		test_violation(store, TEST_DESTROY, 0, "slots still allocated");
	test_record(store, TEST_DESTROY, 0, 0);
	store->gone = true;
}

static bool test_make_ready(struct test_store *store, struct device *consumer,
			    struct device_msi_desc **descs, unsigned int at)
{
	struct device_msi_desc *desc = descs[at];
	struct test_slot *slot;

	if (desc->consumer != consumer)
		test_violation(store, TEST_ALLOC, desc->index, "other consumer");
	if (desc->index == DEVICE_MSI_NO_SLOT &&
	    store->flags & DEVICE_MSI_STORE_CHOOSES) {
		if (!test_choose(store, descs, at))
			return false;
		if (desc->slot_data == TEST_MISTAKE)
			return true;
	}
	if (desc->index >= store->nr_slots) {
		test_violation(store, TEST_ALLOC, desc->index, "no such slot");
		return false;
	}

	slot = &store->slots[desc->index];
	if (slot->ready)
		test_violation(store, TEST_ALLOC, desc->index, "is allocated");
	else if (!slot->lost && !test_slot_silent(store, desc->index))
		test_violation(store, TEST_ALLOC, desc->index, "not silent");
	test_slot_silence(slot);
	slot->asked = desc->sideband;
	slot->ready = true;
	desc->slot_data = test_slot_data(store, desc->index);
	test_count_ready(store, 1);
	return true;
}

static int test_alloc_fails(const struct test_store *store)
{
	if (!store->alloc_error_call ||
	    store->alloc_error_call == store->calls[TEST_ALLOC])
		return store->alloc_error;
	return 0;
}

static int test_alloc(struct device *consumer, struct device_msi_desc **descs,
		      unsigned int nr)
{
	struct test_store *store = descs[0]->store;
	unsigned int index = descs[0]->index;
	unsigned int i = 0;
	int ret;

	test_record(store, TEST_ALLOC, index, nr);
	test_sleeping(store, TEST_ALLOC, index, 1);
	ret = test_alloc_fails(store);
	if (store->delay_ms)
		msleep(store->delay_ms);
	if (store->gate && !wait_for_completion_timeout(store->gate, 20 * HZ))
		test_violation(store, TEST_ALLOC, index, "the gate stayed shut");
	while (!ret && i < min(nr, store->alloc_at_most) &&
	       test_make_ready(store, consumer, descs, i))
		i++;
	test_sleeping(store, TEST_ALLOC, index, -1);
	return ret ?: i;
}

static void test_free_one(struct test_store *store, struct device *consumer,
			  struct device_msi_desc *desc)
{
	struct test_slot *slot;

	if (desc->slot_data == TEST_MISTAKE)
		return;
	if (desc->consumer != consumer)
		test_violation(store, TEST_FREE, desc->index, "other consumer");
	slot = test_desc_slot(desc, TEST_FREE);
	if (!slot || !slot->ready)
		return;
	if (!slot->lost && !test_slot_silent(store, desc->index))
		test_violation(store, TEST_FREE, desc->index, "not silent");
	if (!slot->lost && slot->sideband.has)
		test_violation(store, TEST_FREE, desc->index, "has a sideband");
	test_slot_silence(slot);
	test_count_ready(store, -1);
}

static void test_free(struct device *consumer, struct device_msi_desc **descs,
		      unsigned int nr)
{
	struct test_store *store = descs[0]->store;
	unsigned int index = descs[0]->index;
	unsigned int i;

	test_record(store, TEST_FREE, index, nr);
	test_sleeping(store, TEST_FREE, index, 1);
	if (store->delay_ms)
		msleep(store->delay_ms);
	for (i = 0; i < nr; i++)
		test_free_one(store, consumer, descs[i]);
	test_sleeping(store, TEST_FREE, index, -1);
}

static void test_write_msg(struct device_msi_desc *desc,
			   const struct msi_msg *msg)
{
	struct test_slot *slot = test_atomic_op(desc, TEST_WRITE);
	struct test_store *store = desc->store;

	if (!slot)
		return;
	if (!slot->masked)
		store->live_writes++;
	slot->msg = *msg;
}

static void test_mask(struct device_msi_desc *desc)
{
	struct test_slot *slot = test_atomic_op(desc, TEST_MASK);

	if (slot)
		slot->masked = true;
}

static void test_unmask(struct device_msi_desc *desc)
{
	struct test_slot *slot = test_atomic_op(desc, TEST_UNMASK);
	struct test_store *store = desc->store;

	if (!slot)
		return;
	if (!memcmp(&slot->msg, &no_msg, sizeof(no_msg)))
		test_violation(store, TEST_UNMASK, desc->index, "no message");
	if (store->flags & DEVICE_MSI_NEEDS_PASID &&
	    !(slot->sideband.has & DEVICE_MSI_SIDEBAND_PASID))
		test_violation(store, TEST_UNMASK, desc->index, "no PASID");
	slot->masked = false;
}

static int test_set_sideband(struct device_msi_desc *desc)
{
	struct test_slot *slot = test_atomic_op(desc, TEST_SIDEBAND);
	struct test_store *store = desc->store;

	if (!slot)
		return -ENXIO;
	if (!slot->masked)
		test_violation(store, TEST_SIDEBAND, desc->index, "not masked");
	if (store->sideband_error && desc->sideband.has)
		return store->sideband_error;
	slot->sideband = desc->sideband;
	return 0;
}

/* What was pending in the device stays so: only it knows */
static int test_restore(struct device_msi_desc *desc,
			const struct msi_msg *msg)
{
	struct test_slot *slot = test_atomic_op(desc, TEST_RESTORE);
	const struct test_store *store = desc->store;

	if (!slot)
		return -ENXIO;
	slot->masked = true;
	if (store->restore_error && store->restore_error_index == desc->index)
		return store->restore_error;
	slot->msg = *msg;
	slot->lost = false;
	return 0;
}

static int test_silence(void *data, unsigned int first, unsigned int nr)
{
	struct test_store *store = data;
	unsigned int i;

	test_record(store, TEST_SILENCE, first, nr);
	for (i = first; i < first + nr; i++) {
		if (store->slots[i].ready)
			test_violation(store, TEST_SILENCE, i, "is allocated");
		test_slot_silence(&store->slots[i]);
	}
	return 0;
}

static bool test_get_pending(struct device_msi_desc *desc)
{
	struct test_slot *slot = test_atomic_op(desc, TEST_GET_PENDING);

	return slot && slot->pending;
}

static int test_set_pending(struct device_msi_desc *desc, bool pending)
{
	struct test_slot *slot = test_atomic_op(desc, TEST_SET_PENDING);

	if (slot)
		slot->pending = pending;
	return 0;
}

static int test_read_slot(struct device_msi_desc *desc,
			  struct device_msi_slot *read)
{
	struct test_store *store = desc->store;
	struct test_slot *slot;

	test_record(store, TEST_READ, desc->index, 1);
	slot = test_desc_slot(desc, TEST_READ);
	if (!slot)
		return -EINVAL;
	read->msg = slot->msg;
	read->ctrl = slot->masked;
	read->masked = slot->masked;
	return 0;
}

static int test_check_msg(struct device_msi_desc *desc,
			  const struct msi_msg *msg)
{
	const struct test_store *store = desc->store;

	return store->msg_error;
}

/* Without asking the core: then all is well, also with the device */
static void test_direct_op(struct device_msi_desc *desc, enum test_op op)
{
	struct test_store *store = desc->store;
	const struct pci_dev *pdev = to_pci_dev(store->dev);

	if (pdev->current_state != PCI_D0 ||
	    pdev->error_state != pci_channel_io_normal)
		test_violation(store, op, desc->index, "the device is away");
	store->direct++;
}

static void test_direct_mask(struct device_msi_desc *desc)
{
	test_direct_op(desc, TEST_MASK);
	test_mask(desc);
}

static void test_direct_unmask(struct device_msi_desc *desc)
{
	test_direct_op(desc, TEST_UNMASK);
	test_unmask(desc);
}

static void test_chip_mask(struct irq_data *d)
{
	device_msi_mask_by(d, test_direct_mask);
}

static void test_chip_unmask(struct irq_data *d)
{
	device_msi_unmask_by(d, test_direct_unmask);
}

static int test_sync(void *data, struct device_msi_desc *desc)
{
	return 0;
}

/* In the same context as mask(), but of interrupts, too, that the kernel knows no more */
static bool test_acknowledged(struct device_msi_desc *desc)
{
	struct test_store *store = desc->store;

	if (!irqs_disabled())
		test_violation(store, TEST_ACKNOWLEDGED, desc->index,
			       "interrupts are on");
	return true;
}

static int test_bus_sync_unlock(struct device_msi_desc *desc)
{
	const struct test_store *store = desc->store;

	return store->commit_error;
}

#define TEST_FULL_OPS				\
	.owner		 = THIS_MODULE,		\
	.init		 = test_init,		\
	.msi_alloc_store = test_alloc,		\
	.msi_free_store	 = test_free,		\
	.write_msg	 = test_write_msg,	\
	.mask		 = test_mask,		\
	.unmask		 = test_unmask,		\
	.set_sideband	 = test_set_sideband,	\
	.restore	 = test_restore,	\
	.silence	 = test_silence,	\
	.get_pending	 = test_get_pending,	\
	.set_pending	 = test_set_pending,	\
	.read_slot	 = test_read_slot,	\
	.destroy	 = test_destroy

const struct device_msi_ops test_full_ops = {
	TEST_FULL_OPS,
};

const struct device_msi_ops test_direct_ops = {
	TEST_FULL_OPS,
	.chip_mask	 = test_chip_mask,
	.chip_unmask	 = test_chip_unmask,
	.check_msg	 = test_check_msg,
};

const struct device_msi_ops test_deferred_ops = {
	TEST_FULL_OPS,
	.sync		 = test_sync,
	.acknowledged	 = test_acknowledged,
	.bus_sync_unlock = test_bus_sync_unlock,
};

const struct device_msi_ops test_bare_ops = {
	.owner		 = THIS_MODULE,
	.write_msg	 = test_write_msg,
	.mask		 = test_mask,
	.unmask		 = test_unmask,
};

const struct device_msi_ops test_unreadable_ops = {
	.owner		 = THIS_MODULE,
	.init		 = test_init,
	.msi_alloc_store = test_alloc,
	.msi_free_store	 = test_free,
	.write_msg	 = test_write_msg,
	.mask		 = test_mask,
	.unmask		 = test_unmask,
	.restore	 = test_restore,
	.destroy	 = test_destroy,
};

const struct device_msi_ops test_read_only_ops = {
	.owner		 = THIS_MODULE,
	.init		 = test_init,
	.write_msg	 = test_write_msg,
	.mask		 = test_mask,
	.unmask		 = test_unmask,
	.read_slot	 = test_read_slot,
	.destroy	 = test_destroy,
};
