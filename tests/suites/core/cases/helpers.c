// SPDX-License-Identifier: GPL-2.0-only
/*
 * What many cases do, in short.
 */
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/umh.h>

#include "suite.h"

struct device *core_part(struct core_test *t, unsigned int part)
{
	return &t->parts[part]->dev;
}

struct msi_map core_alloc_for(struct core_test *t, struct device *consumer,
			      unsigned int index)
{
	struct device_msi_req req = { .slots = test_slots(index) };

	return device_msi_alloc_irq(t->dom, consumer, &req);
}

struct msi_map core_alloc(struct core_test *t, unsigned int index)
{
	return core_alloc_for(t, t->dev, index);
}

/* Allocate any @nr slots, each once. The caller knows that they are there. */
int core_fill(struct core_test *t, struct msi_map *maps, unsigned int nr)
{
	unsigned int i, j;

	for (i = 0; i < nr; i++) {
		maps[i] = core_alloc(t, ANY_SLOT);
		EXPECT(maps[i].index >= 0);
		EXPECT(maps[i].index < t->store->nr_slots);
		EXPECT(maps[i].virq > 0);
		EXPECT(device_msi_virq(t->dom, maps[i].index) == maps[i].virq);
		for (j = 0; j < i; j++) {
			EXPECT(maps[j].index != maps[i].index);
			EXPECT(maps[j].virq != maps[i].virq);
		}
	}
	return 0;
}

int core_free(struct core_test *t, struct msi_map map)
{
	return device_msi_free_irq(t->dom, t->dev, map);
}

static irqreturn_t core_handler(int irq, void *data)
{
	return IRQ_HANDLED;
}

/* Released after the case, if the case does not */
int core_request(struct core_test *t, int virq)
{
	int ret;

	if (t->nr_requested == CORE_REQUESTED)
		return -E2BIG;
	ret = request_irq(virq, core_handler, 0, "ims-core-test", t);
	if (!ret)
		t->requested[t->nr_requested++] = virq;
	return ret;
}

void core_release(struct core_test *t, int virq)
{
	unsigned int i = 0;

	while (i < t->nr_requested && t->requested[i] != virq)
		i++;
	if (i == t->nr_requested)
		return;
	t->requested[i] = t->requested[--t->nr_requested];
	free_irq(virq, t);
}

/* An interrupt that lives: its slot is unmasked and has a message */
struct msi_map core_alloc_requested(struct core_test *t, unsigned int index)
{
	struct msi_map map = core_alloc(t, index);
	int ret;

	if (map.index < 0)
		return map;
	/* So that disable_irq() masks at once, and not with the next message */
	irq_set_status_flags(map.virq, IRQ_DISABLE_UNLAZY);
	ret = core_request(t, map.virq);
	if (!ret && !test_slot_live(t->store, map.index))
		ret = -EIO;
	if (ret)
		map.index = ret;
	return map;
}

/* How many slots of the domain have an interrupt? */
unsigned int core_count(struct core_test *t)
{
	unsigned int i, n = 0;

	for (i = 0; i < t->store->nr_slots; i++)
		if (device_msi_virq(t->dom, i) > 0)
			n++;
	return n;
}

/* How many interrupts can be had at most? 0 if that is not to be learnt */
unsigned int core_max_irqs(struct core_test *t)
{
	struct device_msi_caps caps = {};

	return device_msi_supported(t->dev, 0, &caps) ? 0 : caps.max_irqs;
}

/* Is the parent one whose name in the log begins so? */
bool core_parent_is(struct core_test *t, const char *name)
{
	struct device_msi_caps caps = {};

	return !device_msi_supported(t->dev, 0, &caps) &&
		strstarts(caps.parent, name);
}

/* What a person does; the kernel does not read all of its own files. 0: it went well */
int core_shell(const char *format, ...)
{
	char command[256];
	char *argv[4] = { "/bin/sh", "-c", command, NULL };
	char *envp[2] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	return call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
}

int core_set_parameter(const char *name, unsigned int value)
{
	return core_shell("echo %u >/sys/module/ims_core/parameters/%s", value,
			  name);
}

/* The suite runs with any setting; some cases want their own */
int core_with_spares(struct core_test *t, unsigned int nr,
		     int (*run)(struct core_test *t))
{
	int line;

	EXPECT(!core_shell("cat /sys/module/ims_core/parameters/spares >/run/spares"));
	EXPECT(!core_set_parameter("spares", nr));
	line = run(t);
	EXPECT(!core_shell("cat /run/spares >/sys/module/ims_core/parameters/spares"));
	return line;
}

/* VT-d, on a kernel that exports how several are allocated, which can manage then */
bool core_has_blocks(struct core_test *t)
{
	static struct irq_affinity_desc all = { .is_managed = 1 };
	struct device_msi_req req = { .affinity = &all };
	struct msi_map map;

	cpumask_copy(&all.mask, cpu_possible_mask);
	map = device_msi_alloc_irq(t->dom, t->dev, &req);
	if (map.index < 0)
		return false;
	core_free(t, map);
	return core_parent_is(t, "VT-d");
}

/* Of ours; numbers are given from the lowest */
unsigned int core_count_unused(void)
{
	unsigned int irq, n = 0;

	for (irq = 1; irq < 1024; irq++)
		n += test_is_unused(irq);
	return n;
}
