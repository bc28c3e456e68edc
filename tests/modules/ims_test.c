// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exported functions, called rightly and wrongly, on an array in ordinary
 * memory: what the device would hold is then there to look at. The interrupts
 * come from the real parent of a real PCI function, but nothing sends them.
 *
 * Results are TAP in /sys/kernel/debug/ims_test. With misuse=1 the cases run
 * that provoke a warning, and leave things behind on purpose.
 */
#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <ims/ims.h>

static bool misuse;
module_param(misuse, bool, 0444);
MODULE_PARM_DESC(misuse, "Run the cases that provoke a warning (default: N)");

/* QEMU's edu: a PCI function that has no use for interrupts of ours */
#define EDU_VENDOR_ID	0x1234
#define EDU_DEVICE_ID	0x11e8

#define SLOTS		16U

static struct device *dev;

/* A case returns 0, or the line of the expectation that failed */
#define EXPECT(condition)			\
	do {					\
		if (!(condition))		\
			return __LINE__;	\
	} while (0)

struct test_array {
	u32 *words;
	struct ims_array_info info;
	struct device_msi_domain *dom;
};

static void test_array_free(struct test_array *array)
{
	if (!IS_ERR_OR_NULL(array->dom))
		device_msi_remove_domain(array->dom);
	vfree(array->words);
}

static int test_array_create(struct test_array *array, unsigned int nr_slots)
{
	size_t size = nr_slots * IMS_SLOT_SIZE;

	memset(array, 0, sizeof(*array));
	array->words = vmalloc(size);
	if (!array->words)
		return -ENOMEM;
	memset(array->words, 0x5a, size);	/* what a device may wake up with */
	array->info.base = (void __iomem __force *)array->words;
	array->info.size = size;
	array->info.nr_slots = nr_slots;
	array->dom = ims_array_create_domain(dev, &array->info);
	return PTR_ERR_OR_ZERO(array->dom);
}

static const u32 *test_slot(const struct test_array *array, unsigned int index)
{
	return array->words + index * IMS_SLOT_SIZE / sizeof(u32);
}

static bool test_slot_silent(const struct test_array *array,
			     unsigned int index)
{
	const u32 *slot = test_slot(array, index);

	return !slot[0] && !slot[1] && !slot[2] && (slot[3] & IMS_CTRL_MASKED);
}

static struct msi_map test_alloc(const struct test_array *array,
				 unsigned int index)
{
	struct device_msi_req req = { .index = index };

	return device_msi_alloc_irq(array->dom, dev, &req);
}

static irqreturn_t test_handler(int irq, void *data)
{
	return IRQ_HANDLED;
}

static int case_creation_silences_every_slot(struct test_array *a)
{
	unsigned int i;

	for (i = 0; i < SLOTS; i++)
		EXPECT(test_slot_silent(a, i));
	/* What is not ours to change in ctrl is kept */
	EXPECT(test_slot(a, 0)[3] == (0x5a5a5a5a | IMS_CTRL_MASKED));
	return 0;
}

static long create_error(struct device *on, struct ims_array_info info)
{
	struct device_msi_domain *dom = ims_array_create_domain(on, &info);

	if (IS_ERR(dom))
		return PTR_ERR(dom);
	device_msi_remove_domain(dom);
	return 0;
}

static int case_bad_arrays_are_refused(struct test_array *a)
{
	struct ims_array_info info = a->info;

	info.nr_slots = 0;
	EXPECT(create_error(dev, info) == -EINVAL);
	info.nr_slots = SLOTS + 1;
	EXPECT(create_error(dev, info) == -EINVAL);
	info.nr_slots = DEVICE_MSI_MAX_SLOTS + 1;
	info.size = SIZE_MAX;
	EXPECT(create_error(dev, info) == -EINVAL);
	info = a->info;
	info.base = NULL;
	EXPECT(create_error(dev, info) == -EINVAL);
	info.base = a->info.base + 2;
	EXPECT(create_error(dev, info) == -EINVAL);
	return 0;
}

static int case_absent_device_is_refused(struct test_array *a)
{
	memset(a->words, 0xff, a->info.size);
	EXPECT(create_error(dev, a->info) == -ENODEV);
	return 0;
}

static int case_non_pci_device_is_refused(struct test_array *a)
{
	struct platform_device *pdev;
	long created, supported;

	pdev = platform_device_register_simple("ims-test", PLATFORM_DEVID_NONE,
					       NULL, 0);
	EXPECT(!IS_ERR(pdev));
	created = create_error(&pdev->dev, a->info);
	supported = device_msi_supported(&pdev->dev, 0, NULL);
	platform_device_unregister(pdev);
	EXPECT(created == -EOPNOTSUPP);
	EXPECT(supported == -EOPNOTSUPP);
	return 0;
}

static int case_supported_tells_the_parent(struct test_array *a)
{
	struct device_msi_caps caps = {};

	EXPECT(!device_msi_supported(dev, 0, &caps));
	EXPECT(caps.parent);
	EXPECT(caps.isolated == caps.fixed_message);
	return 0;
}

static int case_two_domains_on_one_device(struct test_array *a)
{
	struct test_array b;
	int ret;

	ret = test_array_create(&b, SLOTS);
	if (!ret)
		ret = test_alloc(&b, 0).virq > 0 && test_alloc(a, 0).virq > 0 ?
			0 : __LINE__;
	test_array_free(&b);
	return ret;
}

static int case_slots_by_number_and_any(struct test_array *a)
{
	struct msi_map map = test_alloc(a, 5);

	EXPECT(map.index == 5 && map.virq > 0);
	EXPECT(device_msi_virq(a->dom, 5) == map.virq);
	map = device_msi_alloc_irq(a->dom, dev, NULL);
	EXPECT(map.index == 0 && map.virq > 0);
	EXPECT(test_alloc(a, 5).index == -EBUSY);
	EXPECT(test_alloc(a, SLOTS).index == -EINVAL);
	EXPECT(device_msi_virq(a->dom, 6) == -ENOENT);
	EXPECT(device_msi_virq(a->dom, SLOTS) == -ENOENT);
	return 0;
}

static int case_full_store_then_room_again(struct test_array *a)
{
	struct msi_map map, last = {};
	unsigned int i;

	for (i = 0; i < SLOTS; i++) {
		last = device_msi_alloc_irq(a->dom, dev, NULL);
		EXPECT(last.index == i);
	}
	EXPECT(device_msi_alloc_irq(a->dom, dev, NULL).index == -ENOSPC);
	EXPECT(!device_msi_free_irq(a->dom, dev, last));
	map = device_msi_alloc_irq(a->dom, dev, NULL);
	EXPECT(map.index == last.index);
	return 0;
}

static int case_free_takes_only_what_was_allocated(struct test_array *a)
{
	struct msi_map map = test_alloc(a, 3);
	struct msi_map wrong = { .index = 3, .virq = map.virq + 1 };

	EXPECT(device_msi_free_irq(a->dom, dev, wrong) == -EINVAL);
	wrong.index = 4;
	wrong.virq = map.virq;
	EXPECT(device_msi_free_irq(a->dom, dev, wrong) == -EINVAL);
	wrong.index = -ENOSPC;
	EXPECT(device_msi_free_irq(a->dom, dev, wrong) == -EINVAL);
	EXPECT(!device_msi_free_irq(a->dom, dev, map));
	EXPECT(device_msi_free_irq(a->dom, dev, map) == -EINVAL);
	EXPECT(!irq_get_irq_data(map.virq));
	return 0;
}

static int case_consumers_are_freed_apart(struct test_array *a)
{
	struct device *other = dev->parent;
	struct device_msi_req req = { .index = 1 };

	EXPECT(test_alloc(a, 0).virq > 0);
	EXPECT(device_msi_alloc_irq(a->dom, other, &req).virq > 0);
	EXPECT(!device_msi_free_irqs(a->dom, other));
	EXPECT(device_msi_virq(a->dom, 0) > 0);
	EXPECT(device_msi_virq(a->dom, 1) == -ENOENT);
	return 0;
}

/* A device that wakes up unmasked from a reset, while the slot was free */
static int case_unmasked_free_slot_is_silenced(struct test_array *a)
{
	memset(a->words, 0, a->info.size);
	a->words[0] = 0xfee00000;
	EXPECT(test_alloc(a, 0).virq > 0);
	EXPECT(test_slot_silent(a, 0));
	return 0;
}

static int case_message_lives_while_requested(struct test_array *a)
{
	struct msi_map map = test_alloc(a, 2);
	const u32 *slot = test_slot(a, 2);

	EXPECT(test_slot_silent(a, 2));
	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	EXPECT((slot[0] & 0xfff00000) == 0xfee00000);
	EXPECT(!(slot[3] & IMS_CTRL_MASKED));
	free_irq(map.virq, a);
	EXPECT(test_slot_silent(a, 2));
	return 0;
}

static int case_affinity_is_honoured_or_refused(struct test_array *a)
{
	struct irq_affinity_desc affinity = {};
	struct device_msi_req req = { .index = 0, .affinity = &affinity };
	struct irq_data *d;
	struct msi_map map;

	cpumask_set_cpu(num_online_cpus() - 1, &affinity.mask);
	map = device_msi_alloc_irq(a->dom, dev, &req);
	if (map.index == -EOPNOTSUPP)	/* 5.10 exports no way */
		return 0;
	EXPECT(map.virq > 0);
	d = irq_get_irq_data(map.virq);
	EXPECT(cpumask_equal(irq_data_get_affinity_mask(d), &affinity.mask));
	return 0;
}

/* Requested and freed again, an interrupt gives its CPU vector back */
static int test_request_once(struct test_array *array)
{
	struct msi_map map = device_msi_alloc_irq(array->dom, dev, NULL);
	int ret;

	if (map.index < 0)
		return map.index;
	ret = request_irq(map.virq, test_handler, 0, "ims-test", array);
	if (!ret)
		free_irq(map.virq, array);
	return ret;
}

/*
 * Many more interrupts than CPU vectors can be allocated. AMD-Vi's table of a
 * device is smaller: there the error is the one for "full".
 */
static int case_allocation_keeps_no_vectors(struct test_array *a)
{
	struct device_msi_caps caps = {};
	struct test_array big;
	unsigned int i;
	int ret;

	EXPECT(!device_msi_supported(dev, 0, &caps));
	ret = test_array_create(&big, 4096);
	for (i = 0; !ret && i < 4096; i++)
		ret = test_request_once(&big);
	test_array_free(&big);
	if (!strncmp(caps.parent, "AMD-Vi", 6))
		EXPECT(ret == -ENOSPC && i > 500);
	else
		EXPECT(!ret);
	return 0;
}

/* The device's memory goes away with its driver: nobody may write to it */
static int case_removal_while_requested_is_refused(struct test_array *a)
{
	struct msi_map map = test_alloc(a, 1);

	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	EXPECT(device_msi_remove_domain(a->dom) == -EBUSY);
	a->dom = NULL;
	EXPECT(test_slot_silent(a, 1));
	memset(a->words, 0xa5, a->info.size);
	enable_irq(map.virq);	/* the refusal has disabled it */
	disable_irq(map.virq);
	free_irq(map.virq, a);
	EXPECT(!memchr_inv(a->words, 0xa5, a->info.size));
	return 0;
}

static int case_free_while_requested_is_refused(struct test_array *a)
{
	struct msi_map map = test_alloc(a, 1);

	EXPECT(!request_irq(map.virq, test_handler, 0, "ims-test", a));
	EXPECT(device_msi_free_irq(a->dom, dev, map) == -EBUSY);
	EXPECT(device_msi_free_irqs(a->dom, dev) == -EBUSY);
	EXPECT(device_msi_virq(a->dom, 1) == map.virq);
	EXPECT(!test_slot_silent(a, 1));
	free_irq(map.virq, a);
	EXPECT(!device_msi_free_irq(a->dom, dev, map));
	return 0;
}

static int case_null_arguments_are_errors(struct test_array *a)
{
	struct msi_map map = {};

	EXPECT(create_error(NULL, a->info) == -EINVAL);
	EXPECT(PTR_ERR(ims_array_create_domain(dev, NULL)) == -EINVAL);
	EXPECT(device_msi_supported(NULL, 0, NULL) == -EINVAL);
	EXPECT(device_msi_alloc_irq(NULL, dev, NULL).index == -EINVAL);
	EXPECT(device_msi_alloc_irq(a->dom, NULL, NULL).index == -EINVAL);
	EXPECT(device_msi_free_irq(NULL, dev, map) == -EINVAL);
	EXPECT(device_msi_free_irqs(NULL, dev) == -EINVAL);
	EXPECT(device_msi_free_irqs(a->dom, NULL) == -EINVAL);
	EXPECT(device_msi_virq(NULL, 0) == -EINVAL);
	EXPECT(device_msi_remove_domain(ERR_PTR(-ENODEV)) == -EINVAL);
	EXPECT(device_msi_remove_domain(NULL) == 0);
	return 0;
}

#define CASE(name, is_misuse) { #name, case_ ## name, is_misuse }
static struct {
	const char *name;
	int (*run)(struct test_array *array);
	bool misuse;
	int line;
} tests[] = {
	CASE(creation_silences_every_slot, false),
	CASE(bad_arrays_are_refused, false),
	CASE(absent_device_is_refused, false),
	CASE(non_pci_device_is_refused, false),
	CASE(supported_tells_the_parent, false),
	CASE(two_domains_on_one_device, false),
	CASE(slots_by_number_and_any, false),
	CASE(full_store_then_room_again, false),
	CASE(free_takes_only_what_was_allocated, false),
	CASE(consumers_are_freed_apart, false),
	CASE(unmasked_free_slot_is_silenced, false),
	CASE(message_lives_while_requested, false),
	CASE(affinity_is_honoured_or_refused, false),
	CASE(allocation_keeps_no_vectors, false),
	CASE(null_arguments_are_errors, true),
	CASE(free_while_requested_is_refused, true),
	CASE(removal_while_requested_is_refused, true),
};

static int results_show(struct seq_file *m, void *unused)
{
	unsigned int i, n = 0;

	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		if (tests[i].misuse != misuse)
			continue;
		seq_printf(m, "%sok %u - %s\n", tests[i].line ? "not " : "",
			   ++n, tests[i].name);
		if (tests[i].line)
			seq_printf(m, "# line %d of ims_test.c\n",
				   tests[i].line);
	}
	seq_printf(m, "1..%u\n", n);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(results);

static struct dentry *results;

static int __init ims_test_init(void)
{
	struct test_array array;
	struct pci_dev *pdev;
	unsigned int i;

	pdev = pci_get_device(EDU_VENDOR_ID, EDU_DEVICE_ID, NULL);
	if (!pdev)
		return -ENODEV;
	dev = &pdev->dev;

	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		if (tests[i].misuse != misuse)
			continue;
		tests[i].line = test_array_create(&array, SLOTS) ?
			__LINE__ : tests[i].run(&array);
		test_array_free(&array);
	}
	results = debugfs_create_file("ims_test", 0400, NULL, NULL,
				      &results_fops);
	return 0;
}
module_init(ims_test_init);

static void __exit ims_test_exit(void)
{
	debugfs_remove(results);
	put_device(dev);
}
module_exit(ims_test_exit);

MODULE_DESCRIPTION("Tests of the device MSI and IMS array API");
MODULE_LICENSE("GPL");
