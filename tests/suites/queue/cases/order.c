// SPDX-License-Identifier: GPL-2.0-only
/*
 * In what order a shadow is written: a device that reads shadows by itself may look after
 * each word, and is not to find half a message unmasked. The CPU's debug registers look
 * as such a device does. Those of x86 do so after the write; on arm64 it is before, and
 * the handler would have to carry the write out.
 */
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>

#include "suite.h"

#define WATCHED		3U

/**
 * struct looks - What was seen of one slot's shadow
 * @layout:	of the slot
 * @shadow:	its words
 * @fake:	the device that they belong to
 * @changes:	words of a message that were written
 * @open:	those that were written unmasked
 * @unmasked:	times that it was unmasked
 * @sent:	the words that it had then
 */
static struct looks {
	const struct ims_layout	*layout;
	const u32		*shadow;
	struct fake_device	*fake;
	unsigned int		changes;
	unsigned int		open;
	unsigned int		unmasked;
	struct msi_msg		sent;
} looks;

static u32 word_now(u16 offset)
{
	return fake_word(looks.fake, looks.shadow, offset);
}

static bool masked_now(void)
{
	return word_now(looks.layout->ctrl) & looks.layout->mask_bit;
}

static void word_was_written(struct perf_event *event,
			     struct perf_sample_data *data,
			     struct pt_regs *regs)
{
	looks.changes++;
	looks.open += !masked_now();
}

static void ctrl_was_written(struct perf_event *event,
			     struct perf_sample_data *data,
			     struct pt_regs *regs)
{
	if (masked_now())
		return;
	looks.unmasked++;
	looks.sent.address_lo = word_now(looks.layout->address_lo);
	looks.sent.data = word_now(looks.layout->data);
}

static struct perf_event * __percpu *look_at(u16 offset,
					     perf_overflow_handler_t handler)
{
	struct perf_event_attr attr;

	hw_breakpoint_init(&attr);
	attr.bp_addr = (unsigned long)looks.shadow + offset;
	attr.bp_len = HW_BREAKPOINT_LEN_4;
	attr.bp_type = HW_BREAKPOINT_W;
	return register_wide_hw_breakpoint(&attr, handler, NULL);
}

static bool is_looking(struct perf_event * __percpu *event)
{
	return !IS_ERR_VALUE((__force unsigned long)event);
}

static bool look(struct perf_event * __percpu *events[WATCHED])
{
	events[0] = look_at(looks.layout->ctrl, ctrl_was_written);
	events[1] = look_at(looks.layout->address_lo, word_was_written);
	events[2] = look_at(looks.layout->data, word_was_written);
	return is_looking(events[0]) && is_looking(events[1]) &&
		is_looking(events[2]);
}

static void look_away(struct perf_event * __percpu *events[WATCHED])
{
	unsigned int i;

	for (i = 0; i < WATCHED; i++)
		if (is_looking(events[i]))
			unregister_wide_hw_breakpoint(events[i]);
}

static int case_no_shadow_has_half_a_message(struct queue_test *t)
{
	struct perf_event * __percpu *events[WATCHED];
	struct msi_msg msg = {};
	struct msi_map map;
	bool seen;

	t->fake->no_command = true;
	map = queue_alloc(t, 3);
	EXPECT(map.index == 3);
	looks = (struct looks) {
		.layout	= t->fake->layout,
		.shadow	= fake_slot(t->fake, 3)->shadow,
		.fake	= t->fake,
	};
	seen = look(events) && !queue_request(t, map.virq);
	if (seen) {
		msg = queue_parent_msg(map.virq);
		queue_release(t, map.virq);
	}
	look_away(events);
	EXPECT(seen);
	/* Two words by request_irq(), two by free_irq() */
	EXPECT(looks.changes >= 4 && looks.unmasked == 1);
	EXPECT(!looks.open);
	EXPECT(looks.sent.address_lo == msg.address_lo &&
	       looks.sent.data == msg.data);
	return 0;
}

const struct queue_case queue_order_cases[] = {
	CASE(no_shadow_has_half_a_message, .ops = &fake_reading_ops,
	     .carry = IMS_QUEUE_NEVER,
	     .keeps_memory = "debug registers are not what is tested"),
	{}
};
