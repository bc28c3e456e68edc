// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_vfio_test.ko: the functions of <ims/vfio.h>, called rightly and wrongly, without
 * VFIO, which would look at a call before they do. The store is in ordinary memory, so
 * that nothing sends a message, and the eventfds are those of the process that loads the
 * module (tests/suites/vfio/guest/eventfds.c).
 *
 * Results are TAP in /sys/kernel/debug/ims_vfio_test.
 */
#include <linux/eventfd.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include "suite.h"

/* QEMU's edu: a PCI function that has no use for interrupts of ours */
#define SUITE_VENDOR	0x1234
#define SUITE_DEVICE	0x11e8

#define SUITE_NAME	"ims_vfio_test"
#define SUITE_CASE	struct test_case

static const char * const suite_groups[] = { "ordinary", "misuse" };

static const struct test_case * const suite_tables[] = {
	test_wrong_cases,
	test_vector_cases,
	test_mdev_cases,
	test_vfio_pci_cases,
};

static int eventfds = 100;
module_param(eventfds, int, 0444);
MODULE_PARM_DESC(eventfds, "The first of the eventfds");

static struct device *test_dev;
static unsigned int test_irqs; /* as the last case left them */

s32 test_eventfd(unsigned int nr)
{
	return eventfds + nr;
}

/* How often an eventfd was signalled since the last look */
u64 test_count(unsigned int nr)
{
	struct eventfd_ctx *ctx = eventfd_ctx_fdget(test_eventfd(nr));
	struct wait_queue_entry nobody;
	u64 count = 0;

	if (IS_ERR(ctx))
		return ~0ULL;
	init_waitqueue_entry(&nobody, NULL);
	INIT_LIST_HEAD(&nobody.entry);
	eventfd_ctx_remove_wait_queue(ctx, &nobody, &count);
	eventfd_ctx_put(ctx);
	return count;
}

/* Give these vectors the eventfds of their numbers */
int test_set(struct test_vfio *t, unsigned int first, unsigned int nr)
{
	s32 fds[VECTORS];
	unsigned int i;

	for (i = 0; i < nr; i++)
		fds[i] = test_eventfd(first + i);
	return ims_vfio_set_irqs(t->iv, VFIO_IRQ_SET_DATA_EVENTFD |
					VFIO_IRQ_SET_ACTION_TRIGGER,
				 first, nr, fds);
}

/* Each that is not emulated has the PASID, without which it gets no interrupt */
int test_pasids(struct test_vfio *t)
{
	struct device_msi_sideband sideband = {
		.has = DEVICE_MSI_SIDEBAND_PASID, .pasid = PASID,
	};
	unsigned int i;
	int ret = 0;

	for (i = 0; i < VECTORS && !ret; i++)
		if (i != EMULATED)
			ret = ims_vfio_set_sideband(t->iv, i, sideband);
	return ret;
}

u32 test_ctrl(const struct test_vfio *t, unsigned int slot)
{
	return le32_to_cpu(t->words[slot * 4 + 3]);
}

/* Masked and empty */
bool test_silent(const struct test_vfio *t, unsigned int slot)
{
	return !t->words[slot * 4] && !t->words[slot * 4 + 1] &&
	       !t->words[slot * 4 + 2] &&
	       test_ctrl(t, slot) & ims_layout_pasid.mask_bit;
}

static int test_assign(void *priv, unsigned int vector, unsigned int slot)
{
	struct test_vfio *t = priv;

	if ((int)vector == t->refused)
		return -EBUSY;
	/* Nothing arrives before the driver knows by which slot */
	if (t->slots[vector] != -1 || !test_silent(t, slot))
		return -EBADSLT;
	t->slots[vector] = slot;
	return 0;
}

static void test_unassign(void *priv, unsigned int vector, unsigned int slot)
{
	struct test_vfio *t = priv;

	t->slots[vector] = t->slots[vector] == (int)slot ? -1 : -2;
}

static const struct ims_vfio_ops test_ops = {
	.assign		= test_assign,
	.unassign	= test_unassign,
};

static const unsigned long test_emulated = BIT(EMULATED);

static int test_create(struct test_vfio *t)
{
	struct ims_window window = { .nr_slots = SLOTS, .size = SLOTS * 16 };
	struct ims_array_info array = {
		.layout = &ims_layout_pasid, .windows = &window,
		.nr_windows = 1, .flags = DEVICE_MSI_NEEDS_PASID,
	};

	memset(t, 0, sizeof(*t));
	memset(t->slots, -1, sizeof(t->slots));
	t->refused = -1;
	t->words = vmalloc(window.size);
	if (!t->words)
		return -ENOMEM;
	memset(t->words, JUNK, window.size);
	window.base = (void __iomem __force *)t->words;
	t->dom = ims_array_create_domain(test_dev, &array);
	if (IS_ERR(t->dom))
		return PTR_ERR(t->dom);
	t->info = (struct ims_vfio_info) {
		.dom = t->dom, .consumer = test_dev, .ops = &test_ops,
		.priv = t, .nr_vectors = VECTORS, .emulated = &test_emulated,
	};
	t->iv = ims_vfio_init(&t->info);
	return PTR_ERR_OR_ZERO(t->iv);
}

/* Return: 0, or what is wrong in the end: each slot is free, and the driver knows it */
static const char *test_remove(struct test_vfio *t)
{
	const char *why = NULL;
	unsigned int i;

	ims_vfio_exit(t->iv);
	for (i = 0; i < VECTORS; i++)
		if (t->slots[i] != -1)
			why = "a vector still has a slot";
	if (!IS_ERR_OR_NULL(t->dom)) {
		for (i = 0; i < SLOTS; i++)
			if (!test_silent(t, i))
				why = "a slot is not masked and empty";
		if (device_msi_remove_domain(t->dom))
			why = "the domain cannot be removed";
	}
	vfree(t->words);
	for (i = 0; i < VECTORS; i++)
		test_count(i);
	return why;
}

static void suite_run_once(const void *which, struct test_result *result)
{
	const struct test_case *c = which;
	struct test_vfio t;
	const char *why;

	result->line = test_create(&t) ? __LINE__ : c->run(&t);
	why = test_remove(&t);
	if (why)
		strscpy(result->why, why, sizeof(result->why));
	else if (test_more_irqs(&test_irqs, test_failslab))
		strscpy(result->why, "interrupts left", sizeof(result->why));
}

static int suite_begin(struct device *edu, unsigned int which)
{
	struct eventfd_ctx *ctx = eventfd_ctx_fdget(eventfds);
	int ret;

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	eventfd_ctx_put(ctx);
	/* A store wants memory decoding; without a BIOS nobody else has switched it on */
	ret = pci_enable_device(to_pci_dev(edu));
	if (ret)
		return ret;
	test_dev = edu;
	test_irqs = test_count_irqs(test_failslab);
	return 0;
}

static void suite_end(void)
{
	pci_disable_device(to_pci_dev(test_dev));
}

#include "runner.h"

MODULE_DESCRIPTION("Tests of ims_vfio");
