// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every case gets, new: a device, its domain and some consumers. And what
 * must be true when it has ended, whatever it did.
 */
#include <linux/device.h>
#include <linux/string.h>

#include "suite.h"

struct workqueue_struct *queue_workers;

static struct device *queue_dev;
static unsigned int queue_irqs; /* as the last case left them */
static unsigned int queue_last_part;

int queue_fixture_init(struct device *dev)
{
	queue_dev = dev;
	queue_irqs = test_count_irqs(test_failslab);
	queue_workers = alloc_workqueue("ims-queue-test", WQ_UNBOUND, 0);
	return queue_workers ? 0 : -ENOMEM;
}

void queue_fixture_exit(void)
{
	destroy_workqueue(queue_workers);
}

/* What a slot is if nothing is said: that of MSI-X, other bits of ctrl 0 */
static const struct ims_layout queue_default_layout = {
	.stride		= 16,
	.address_lo	= 0,
	.address_hi	= 4,
	.data		= 8,
	.ctrl		= 12,
	.mask		= IMS_MASK_SET,
	.mask_bit	= BIT(0),
};

static int queue_open(struct queue_test *t, const struct queue_case *c)
{
	const struct ims_layout *layout = c->layout ?: &queue_default_layout;
	struct ims_queue_info info = {
		.ops		= c->ops ?: &fake_ops,
		.layout		= c->layout,
		.nr_slots	= c->nr_slots ?: QUEUE_SLOTS,
		.max_batch	= c->max_batch,
		.carry		= c->carry,
		.flags		= c->flags,
		.listener	= { .msg_changed = fake_msg_changed },
	};

	t->fake = fake_create(t->dev, layout, c->max_batch);
	if (!t->fake)
		return -ENOMEM;
	info.priv = t->fake;
	info.listener.data = t->fake;
	t->dom = ims_queue_create_domain(t->dev, &info);
	return PTR_ERR_OR_ZERO(t->dom);
}

/* 0, or the line of what went wrong; queue_teardown() follows anyway */
int queue_setup(struct queue_test *t, const struct queue_case *c)
{
	struct device_msi_caps caps;
	unsigned int i;

	memset(t, 0, sizeof(*t));
	t->dev = queue_dev;
	for (i = 0; i < QUEUE_PARTS; i++) {
		t->parts[i] = platform_device_register_data(t->dev,
							    "ims-queue-part",
							    queue_last_part++,
							    NULL, 0);
		EXPECT(!IS_ERR(t->parts[i]));
	}
	EXPECT(!device_msi_supported(t->dev, 0, &caps));
	EXPECT(caps.queue);
	t->moves = !caps.fixed_message;
	t->masked_moves = !strcmp(caps.parent, "IMSIC");
	t->per_move = t->moves + t->masked_moves;
	EXPECT(!queue_open(t, c));
	return 0;
}

static void queue_complain(struct queue_test *t, const char *format,
			   unsigned int number)
{
	if (!t->why[0])
		snprintf(t->why, sizeof(t->why), format, number);
}

static void queue_check_device(struct queue_test *t)
{
	struct fake_device *fake = t->fake;
	struct fake_slot *slot;
	unsigned long index;

	if (fake->violations && !t->why[0])
		snprintf(t->why, sizeof(t->why), "%u violations, first: %s",
			 fake->violations, fake->violation);
	if (atomic_read(&fake->inside) || fake->locked)
		queue_complain(t, "%u calls are still inside",
			       atomic_read(&fake->inside));
	if (fake->in_use != t->left_shadows)
		queue_complain(t, "%u shadows never put", fake->in_use);
	xa_for_each(&fake->slots, index, slot)
		if (slot->knows && !slot->error && !fake_silent(fake, index))
			queue_complain(t, "slot %u is not silent", index);
}

/* Remove the domain, while the device does what it is told */
int queue_remove(struct queue_test *t)
{
	struct device_msi_domain *dom = t->dom;

	t->dom = NULL;
	return device_msi_remove_domain(dom);
}

static void queue_close(struct queue_test *t)
{
	struct fake_device *fake = t->fake;
	bool has_domain = !IS_ERR_OR_NULL(t->dom);
	int ret;

	if (!fake)
		return;
	fake_let_go(fake);
	fake->watch = NULL;
	fake->delay_ms = 0;
	fake->fail_percent = 0;
	fake_forget(fake);
	while (t->nr_requested)
		queue_release(t, t->requested[0]);
	if (has_domain) {
		if (!queue_stats_agree(t))
			queue_complain(t, "%u commands: the statistics differ",
				       fake->total.commands);
		ret = queue_remove(t);
		if (ret)
			queue_complain(t, "removing the domain: error %u", -ret);
	}
	if (!t->dom)
		queue_check_device(t);
	fake_free(fake);
}

void queue_teardown(struct queue_test *t)
{
	unsigned int i, irqs;

	queue_close(t);
	for (i = 0; i < QUEUE_PARTS; i++)
		if (!IS_ERR_OR_NULL(t->parts[i]))
			platform_device_unregister(t->parts[i]);

	irqs = test_more_irqs(&queue_irqs, test_failslab);
	if (irqs)
		queue_complain(t, "%u interrupts left", irqs);
}
