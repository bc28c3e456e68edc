// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages that this machine does not make, but another might: the test provides
 * them, as a hypervisor's module does. Nothing sends them.
 */
#include <linux/hw_breakpoint.h>
#include <linux/module.h>
#include <linux/msi.h>
#include <linux/perf_event.h>
#include <ims/provider.h>

#include "suite.h"

#define SLOT		3U
#define ABOVE_4G	1U

/* Of the next messages: the upper half of the address, and the data if not 0 */
static u32 test_hi, test_data;

/* And a lower half of 0, as of a page at a multiple of 4 GiB */
static bool test_no_lo;

/* So many of the next interrupts are there, and then attach() fails with the error */
static unsigned int test_attached;
static int test_attach_error;

static bool test_match(struct device *unused)
{
	return true;
}

static int test_attach(struct device *unused, unsigned int virq)
{
	if (!test_attach_error)
		return 0;
	if (!test_attached)
		return test_attach_error;
	test_attached--;
	return 0;
}

static int test_translate(struct device *unused, unsigned int virq,
			  struct msi_msg *msg)
{
	msg->address_hi = test_hi;
	if (test_no_lo)
		msg->address_lo = 0;
	if (test_data)
		msg->data = test_data;
	return 0;
}

struct device_msi_provider test_provider = {
	.owner		= THIS_MODULE,
	.name		= "ims_test",
	.match		= test_match,
	.attach		= test_attach,
	.translate	= test_translate,
};

/* Request the slot's interrupt: how that ends, and what the slot holds then */
static int request_with(const struct test_array *a, int virq, u32 hi, u32 data)
{
	test_hi = hi;
	test_data = data;
	return request_irq(virq, test_handler, 0, "ims-test", (void *)a);
}

static bool holds(const struct test_array *a, u32 hi)
{
	return test_live(a, SLOT) &&
	       test_message(a, SLOT, test_word(a, SLOT, a->layout.address_lo),
			    hi, test_msg_data(a, SLOT));
}

static bool is_empty(const struct test_array *a, u32 place)
{
	if (a->layout.mask != IMS_MASK_NONE)
		return test_silent(a, SLOT);
	return test_message(a, SLOT, place, 0, 0);
}

/* A message that does not fit is refused, and the slot is as good as before */
static int hi_is_refused(const struct test_array *a)
{
	u32 place = test_word(a, SLOT, a->layout.address_lo);
	struct msi_map map = test_alloc(a, SLOT);

	EXPECT(map.virq > 0);
	EXPECT(request_with(a, map.virq, ABOVE_4G, 0) == -EOPNOTSUPP);
	EXPECT(is_empty(a, place));
	EXPECT(!request_with(a, map.virq, 0, 0));
	EXPECT(holds(a, 0));
	free_irq(map.virq, (void *)a);
	EXPECT(is_empty(a, place));
	return 0;
}

static int hi_is_written(const struct test_array *a)
{
	u32 place = test_word(a, SLOT, a->layout.address_lo);
	struct msi_map map = test_alloc(a, SLOT);
	bool parked = a->layout.mask == IMS_MASK_NONE;

	EXPECT(map.virq > 0);
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	EXPECT(!request_with(a, map.virq, ABOVE_4G, 0));
	EXPECT(holds(a, ABOVE_4G));
	disable_irq(map.virq);
	EXPECT(device_msi_verify(a->dom, false) == 0);
	EXPECT(!parked ||
	       test_message(a, SLOT, place, 0,
			    test_msg_data(a, SLOT)));
	enable_irq(map.virq);
	EXPECT(holds(a, ABOVE_4G));
	EXPECT(device_msi_verify(a->dom, false) == 0);
	free_irq(map.virq, (void *)a);
	EXPECT(is_empty(a, place));
	return 0;
}

/* It could not be told from a parking place that nothing has come to */
static int ones_are_refused(const struct test_array *a)
{
	struct msi_map map = test_alloc(a, SLOT);

	EXPECT(map.virq > 0);
	EXPECT(request_with(a, map.virq, 0, ~0U) == -EOPNOTSUPP);
	EXPECT(!request_with(a, map.virq, 0, ~1U));
	EXPECT(test_msg_data(a, SLOT) == ~1U);
	free_irq(map.virq, (void *)a);
	return 0;
}

/* Of 16 bits, and bit 16 is the slot's enable bit, or nobody's */
static int data_is_refused(const struct test_array *a)
{
	u32 place = test_word(a, SLOT, a->layout.address_lo);
	struct msi_map map = test_alloc(a, SLOT);

	EXPECT(map.virq > 0);
	EXPECT(request_with(a, map.virq, 0, 0x10000) == -EOPNOTSUPP);
	EXPECT(is_empty(a, place));
	EXPECT(!request_with(a, map.virq, 0, 0xffff));
	EXPECT(test_live(a, SLOT) && test_msg_data(a, SLOT) == 0xffff);
	free_irq(map.virq, (void *)a);
	EXPECT(is_empty(a, place));
	return 0;
}

static int with_layout(struct ims_layout layout,
		       int (*run)(const struct test_array *a))
{
	struct test_array a;
	int line;

	line = test_array_create(&a, &layout, SLOTS) ? __LINE__ : run(&a);
	test_array_free(&a);
	return line;
}

static int case_upper_half_goes_where_it_fits(struct test_array *unused)
{
	struct ims_layout layout = ims_layout_standard;

	TRY(with_layout(layout, hi_is_written));
	layout.access = 8;
	TRY(with_layout(layout, hi_is_written));
	layout.address_hi = IMS_NO_WORD;
	TRY(with_layout(layout, hi_is_refused));
	layout.access = 4;
	return with_layout(layout, hi_is_refused);
}

static int case_data_goes_where_it_fits(struct test_array *unused)
{
	struct ims_layout layout = {
		.stride = 12, .address_lo = 0, .address_hi = 4, .data = 8,
		.data_bits = 0xffff, .ctrl = 8, .access = 4,
	};

	TRY(with_layout(layout, data_is_refused));
	layout.mask = IMS_MASK_CLEAR;
	layout.mask_bit = BIT(16);
	return with_layout(layout, data_is_refused);
}

/* Parked or not must be one write, or the device could send to a mixture */
static int case_upper_half_of_parked_is_written_at_once(struct test_array *u)
{
	struct ims_layout layout = {
		.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
		.ctrl = IMS_NO_WORD, .access = 8,
	};

	TRY(with_layout(layout, hi_is_written));
	layout.access = 4;
	TRY(with_layout(layout, hi_is_refused));
	layout.access = 8;
	layout.address_hi = 12;
	TRY(with_layout(layout, hi_is_refused));
	layout.address_hi = IMS_NO_WORD;
	TRY(with_layout(layout, hi_is_refused));
	return with_layout(layout, ones_are_refused);
}

#ifdef CONFIG_HAVE_HW_BREAKPOINT
/**
 * struct watch - How often the CPUs access a word
 * @event:	of the debug registers
 * @hits:	reads and writes
 */
static struct watch {
	struct perf_event * __percpu	*event;
	atomic_t			hits;
} watch;

static void watch_hit(struct perf_event *event, struct perf_sample_data *data,
		      struct pt_regs *regs)
{
	atomic_inc(&watch.hits);
}

static int watch_begin(const void *word)
{
	struct perf_event_attr attr;

	hw_breakpoint_init(&attr);
	attr.bp_addr = (unsigned long)word;
	attr.bp_len = HW_BREAKPOINT_LEN_4;
	attr.bp_type = HW_BREAKPOINT_RW;
	atomic_set(&watch.hits, 0);
	watch.event = register_wide_hw_breakpoint(&attr, watch_hit, NULL);
	return IS_ERR_VALUE((__force unsigned long)watch.event) ? -EBUSY : 0;
}

static int watch_end(void)
{
	unregister_wide_hw_breakpoint(watch.event);
	return atomic_read(&watch.hits);
}
#else
/* Cases that watch say TEST_CANNOT_WATCH */
static int watch_begin(const void *word)
{
	return -EOPNOTSUPP;
}

static int watch_end(void)
{
	return 0;
}
#endif

/* Return: how often the data were accessed until the slot could send, or -1 */
static int accesses_of_a_start(const struct test_array *a, int virq, bool no_lo)
{
	int hits, ret;

	ret = watch_begin(a->words + SLOT * a->layout.stride + a->layout.data);
	if (ret)
		return -1;
	test_no_lo = no_lo;
	ret = request_with(a, virq, ABOVE_4G, 0x34);
	test_no_lo = false;
	hits = watch_end();
	return ret ? -1 : hits;
}

/*
 * A message without a lower half is one: its data have arrived before the slot is let
 * go, for they are written and read
 */
static int lo_of_zero_is_written_first(const struct test_array *a)
{
	struct msi_map map = test_alloc(a, SLOT);
	int usual;

	EXPECT(map.virq > 0);
	usual = accesses_of_a_start(a, map.virq, false);
	EXPECT(usual >= 2);
	free_irq(map.virq, (void *)a);
	EXPECT(accesses_of_a_start(a, map.virq, true) == usual);
	free_irq(map.virq, (void *)a);
	return 0;
}

/* And masked it is parked */
static int lo_of_zero_is_a_message(const struct test_array *a)
{
	u32 place = test_word(a, SLOT, a->layout.address_lo);
	struct msi_map map = test_alloc(a, SLOT);
	int ret;

	EXPECT(map.virq > 0);
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	test_no_lo = true;
	ret = request_with(a, map.virq, ABOVE_4G, 0x34);
	test_no_lo = false;
	EXPECT(!ret);
	EXPECT(test_message(a, SLOT, 0, ABOVE_4G, 0x34));
	EXPECT(device_msi_verify(a->dom, false) == 0);
	disable_irq(map.virq);
	EXPECT(test_message(a, SLOT, place, 0, 0x34));
	EXPECT(device_msi_verify(a->dom, false) == 0);
	enable_irq(map.virq);
	EXPECT(test_message(a, SLOT, 0, ABOVE_4G, 0x34));
	free_irq(map.virq, (void *)a);
	EXPECT(is_empty(a, place));
	return 0;
}

static const struct ims_layout test_wide_layout = {
	.stride = 16, .address_lo = 0, .address_hi = 4, .data = 8,
	.ctrl = IMS_NO_WORD, .access = 8,
};

static int case_parked_address_with_a_lower_half_of_zero(struct test_array *u)
{
	return with_layout(test_wide_layout, lo_of_zero_is_a_message);
}

static int case_data_come_before_a_lower_half_of_zero(struct test_array *u)
{
	return with_layout(test_wide_layout, lo_of_zero_is_written_first);
}

/* Allocate with a parent that has so many interrupts more. Return: how many, or why not */
static int alloc_from(const struct test_array *a, unsigned int left, int error,
		      unsigned int min, unsigned int max)
{
	struct msi_map maps[8];
	int ret;

	test_attached = left;
	test_attach_error = error;
	ret = device_msi_alloc_irqs(a->dom, dev, NULL, min, max, NULL, maps);
	test_attach_error = 0;
	return ret;
}

static int case_error_of_the_parent_comes_through(struct test_array *a)
{
	EXPECT(alloc_from(a, 0, -EREMOTEIO, 1, 1) == -EREMOTEIO);
	EXPECT(alloc_from(a, 2, -EREMOTEIO, 3, 8) == -EREMOTEIO);
	EXPECT(alloc_from(a, 0, -ENOSPC, 1, 8) == -ENOSPC);
	EXPECT(device_msi_virq(a->dom, 0) == -ENOENT);
	EXPECT(alloc_from(a, 3, -EREMOTEIO, 3, 8) == 3);
	EXPECT(alloc_from(a, 5, -ENOSPC, 1, 8) == 5);
	EXPECT(device_msi_virq(a->dom, 7) > 0);
	EXPECT(device_msi_virq(a->dom, 8) == -ENOENT);
	return 0;
}

/* So many lines would fit into the log; ../guest/api counts them */
#define FLOOD		300U

static int requests_with_hi_are_refused(const struct test_array *a)
{
	struct msi_map map = test_alloc(a, SLOT);
	unsigned int i;

	EXPECT(map.virq > 0);
	for (i = 0; i < FLOOD; i++)
		EXPECT(request_with(a, map.virq, ABOVE_4G, 0) == -EOPNOTSUPP);
	return 0;
}

static int case_refusals_do_not_flood_the_log(struct test_array *a)
{
	struct ims_layout layout = ims_layout_standard;
	unsigned int i;

	for (i = 0; i < FLOOD; i++) {
		EXPECT(alloc_from(a, 0, -ENOSPC, 1, 1) == -ENOSPC);
		EXPECT(alloc_from(a, 0, -EREMOTEIO, 1, 1) == -EREMOTEIO);
	}
	layout.address_hi = IMS_NO_WORD;
	TRY(with_layout(layout, requests_with_hi_are_refused));
	layout.mask = IMS_MASK_NONE;
	layout.mask_bit = 0;
	return with_layout(layout, requests_with_hi_are_refused);
}

const struct test_case test_message_cases[] = {
	CASE(upper_half_goes_where_it_fits, .group = TEST_MESSAGES),
	CASE(data_goes_where_it_fits, .group = TEST_MESSAGES),
	CASE(upper_half_of_parked_is_written_at_once, .group = TEST_MESSAGES),
	CASE(parked_address_with_a_lower_half_of_zero, .group = TEST_MESSAGES),
	CASE(data_come_before_a_lower_half_of_zero, .group = TEST_MESSAGES,
	     .cannot_run = TEST_CANNOT_WATCH),
	CASE(error_of_the_parent_comes_through, .group = TEST_MESSAGES),
	CASE(refusals_do_not_flood_the_log, .group = TEST_MESSAGES,
	     .keeps_memory = "it is about the log"),
	{ }
};
