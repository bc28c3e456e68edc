// SPDX-License-Identifier: GPL-2.0-only
/*
 * A domain whose parent allocates in blocks, beside a model of what it should have:
 * interrupts are allocated, requested and freed at random.
 */
#include <linux/irq.h>
#include <linux/slab.h>

#include "suite.h"

#define SLOTS		64U
#define ROUNDS		400U

/**
 * struct model - What there should be
 * @maps:	by slot; virq is 0 where there is none
 * @requested:	by slot
 * @nr:		how many there are
 * @random:	state of a generator
 * @spares:	some are kept, and with them their blocks
 */
struct model {
	struct msi_map	maps[SLOTS];
	bool		requested[SLOTS];
	unsigned int	nr;
	u32		random;
	bool		spares;
};

static unsigned int roll(struct model *m, unsigned int sides)
{
	m->random = m->random * 1664525 + 1013904223;
	return (m->random >> 16) % sides;
}

static int model_add(struct core_test *t, struct model *m, struct msi_map map)
{
	unsigned int i;

	EXPECT(map.index >= 0 && map.index < SLOTS && map.virq > 0);
	EXPECT(!m->maps[map.index].virq);
	EXPECT(test_slot_silent(t->store, map.index));
	for (i = 0; i < SLOTS; i++)
		EXPECT(m->maps[i].virq != map.virq);
	m->maps[map.index] = map;
	m->nr++;
	return 0;
}

static int model_alloc(struct core_test *t, struct model *m)
{
	struct msi_map maps[SLOTS];
	unsigned int nr = 1 + roll(m, 24);
	int i, got;

	if (roll(m, 2)) {
		maps[0] = core_alloc(t, ANY_SLOT);
		if (m->nr == SLOTS) {
			EXPECT(maps[0].index == -ENOSPC);
			return 0;
		}
		return model_add(t, m, maps[0]);
	}
	got = device_msi_alloc_irqs(t->dom, t->dev, NULL, 1, nr, NULL, maps);
	EXPECT(got == (m->nr == SLOTS ? -ENOSPC : min(nr, SLOTS - m->nr)));
	for (i = 0; i < got; i++)
		TRY(model_add(t, m, maps[i]));
	return 0;
}

static int model_free(struct core_test *t, struct model *m, unsigned int i)
{
	if (!m->maps[i].virq)
		return 0;
	if (m->requested[i])
		core_release(t, m->maps[i].virq);
	m->requested[i] = false;
	EXPECT(!core_free(t, m->maps[i]));
	EXPECT(test_slot_silent(t->store, i));
	m->maps[i].virq = 0;
	m->nr--;
	return 0;
}

static int model_request(struct core_test *t, struct model *m, unsigned int i)
{
	if (!m->maps[i].virq || m->requested[i])
		return 0;
	EXPECT(!core_request(t, m->maps[i].virq));
	EXPECT(test_slot_live(t->store, i));
	m->requested[i] = true;
	return 0;
}

static int model_check(struct core_test *t, const struct model *m)
{
	unsigned int i;

	for (i = 0; i < SLOTS; i++) {
		EXPECT(device_msi_virq(t->dom, i) ==
		       (m->maps[i].virq ?: -ENOENT));
		EXPECT(test_slot_live(t->store, i) == m->requested[i]);
		if (m->maps[i].virq)
			EXPECT(irq_get_irq_data(m->maps[i].virq)->hwirq == i);
	}
	EXPECT(m->spares || m->nr || !core_count_unused());
	EXPECT(m->nr + core_count_unused() <= 2 * SLOTS);
	return 0;
}

/* Grows and shrinks in turn, down to nothing */
static int model_run(struct core_test *t, struct model *m)
{
	unsigned int i, k;

	for (i = 0; i < test_times(ROUNDS); i++) {
		if (roll(m, 3) == 0)
			TRY(model_alloc(t, m));
		TRY(model_request(t, m, roll(m, SLOTS)));
		for (k = roll(m, i % 100 < 50 ? 4 : 20); k; k--)
			TRY(model_free(t, m, roll(m, SLOTS)));
		if (i % 20 == 0)
			TRY(model_check(t, m));
	}
	for (i = 0; i < SLOTS; i++)
		TRY(model_free(t, m, i));
	return model_check(t, m);
}

static int run_model(struct core_test *t, bool spares)
{
	struct model *m = kzalloc(sizeof(*m), GFP_KERNEL);
	int line;

	EXPECT(m);
	m->random = 20261129;
	m->spares = spares;
	line = model_run(t, m);
	kfree(m);
	return line;
}

static int without_spares(struct core_test *t)
{
	return run_model(t, false);
}

static int with_few_spares(struct core_test *t)
{
	return run_model(t, true);
}

static int case_blocks_are_as_a_model_says(struct core_test *t)
{
	TRY(core_with_spares(t, 0, without_spares));
	return core_with_spares(t, 8, with_few_spares);
}

const struct core_case core_model_cases[] = {
	CASE(blocks_are_as_a_model_says, .nr_slots = SLOTS),
	{}
};
