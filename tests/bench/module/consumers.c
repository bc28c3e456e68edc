// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many consumers of one domain: what it costs to find one of them.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "suite.h"

#define MOST	10000U
#define LOOKED_UP 64U

static void consumer_release(struct device *dev)
{
	kfree(dev);
}

static struct device *consumer_create(unsigned int number)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return NULL;
	device_initialize(dev);
	dev->release = consumer_release;
	if (dev_set_name(dev, "ims_bench%u", number)) {
		put_device(dev);
		return NULL;
	}
	return dev;
}

/* A consumer with a quota of its own is remembered, interrupts or none */
static int consumers_grow(struct bench *bench, unsigned int nr)
{
	struct device *dev;
	int ret = 0;

	while (bench->nr_devices < nr && !ret) {
		dev = consumer_create(bench->nr_devices);
		if (!dev)
			return -ENOMEM;
		bench->devices[bench->nr_devices++] = dev;
		ret = device_msi_set_quota(bench->msi, dev, 1);
	}
	return ret;
}

/* "consumers N": look up consumers when there are N besides the device */
int bench_consumers(struct bench *bench, const struct bench_args *args)
{
	unsigned int i, step = max(args->nr / LOOKED_UP, 1U);
	int ret;
	u64 start;

	if (!bench->msi || !args->nr || args->nr > MOST)
		return -EINVAL;
	if (!bench->devices)
		bench->devices = kvcalloc(MOST, sizeof(*bench->devices),
					  GFP_KERNEL);
	if (!bench->devices)
		return -ENOMEM;
	ret = consumers_grow(bench, args->nr);
	for (i = 0; i < args->nr && !ret; i += step) {
		start = bench_clock();
		ret = device_msi_set_quota(bench->msi, bench->devices[i], 2);
		bench_note(bench, "look_up", args->nr, bench_clock() - start);
	}
	return ret;
}

/* Their domain has been removed */
void bench_put_consumers(struct bench *bench)
{
	while (bench->nr_devices)
		put_device(bench->devices[--bench->nr_devices]);
	kvfree(bench->devices);
	bench->devices = NULL;
}
