// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that forwards messages. The first part has what such a driver has, and
 * <ims/ims.h> alone.
 */
#include <ims/ims.h>

struct heard {
	unsigned int	index;
	u32		address_lo;
};

static void heard(void *data, struct device *consumer, unsigned int index,
		  const struct msi_msg *msg)
{
	struct heard *last = data;

	last->index = index;
	last->address_lo = msg->address_lo;
}

static const struct device_msi_req in_a_row = {
	.slots		= { .first = 4, .nr = 4 },
	.contiguous	= true,
};

/* Two beside those that are spread */
static int alloc_row(struct device_msi_domain *dom, struct device *consumer,
		     struct msi_map *maps)
{
	struct irq_affinity affd = { .pre_vectors = 2 };

	return device_msi_alloc_irqs(dom, consumer, &in_a_row, 3, 3, &affd,
				     maps);
}

#include "doorbell.h"
#include "suite.h"

static int case_listener_hears_of_messages(struct test_array *a)
{
	struct heard last = {};
	struct test_array b;
	struct msi_map map;
	int line = __LINE__;

	if (test_array_prepare(&b, &ims_layout_standard, SLOTS))
		goto out;
	b.info.listener.msg_changed = heard;
	b.info.listener.data = &last;
	b.dom = ims_array_create_domain(dev, &b.info);
	map = test_alloc(&b, 6);
	if (map.virq <= 0 ||
	    request_irq(map.virq, test_handler, 0, "ims-test", &b))
		goto out;
	line = last.index == 6 && test_is_doorbell(last.address_lo) ? 0 : __LINE__;
	free_irq(map.virq, &b);
	if (!line && (last.index != 6 || last.address_lo))
		line = __LINE__;
out:
	test_array_free(&b);
	return line;
}

static int case_row_is_had_with_the_header_alone(struct test_array *a)
{
	struct msi_map maps[3];
	int nr = alloc_row(a->dom, dev, maps);

	if (nr == -EOPNOTSUPP)	/* of kernels that cannot manage */
		return 0;
	EXPECT(nr == 3 && maps[0].index == 4 && maps[2].index == 6);
	EXPECT(device_msi_get_affinity(a->dom, 6) != cpu_possible_mask);
	EXPECT(device_msi_get_affinity(a->dom, 4) == cpu_possible_mask);
	return device_msi_free_irqs(a->dom, dev) ? __LINE__ : 0;
}

const struct test_case test_listener_cases[] = {
	CASE(listener_hears_of_messages),
	CASE(row_is_had_with_the_header_alone),
	{ }
};
