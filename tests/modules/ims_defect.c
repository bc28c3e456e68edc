// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_defect: one mistake of each kind that the debug kernel is there to find, by
 * the parameter defect. A run in which it stays unseen proves nothing.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>

static char *defect = "none";
module_param(defect, charp, 0444);
MODULE_PARM_DESC(defect, "leak, freed, shift, order, nesting, sleep or timer");

static unsigned int bits = 99;
module_param(bits, uint, 0444);

static void leak(void)
{
	static unsigned long sum;

	/* Nothing in memory is the pointer */
	sum = ~(unsigned long)kzalloc(4000, GFP_KERNEL);
	pr_info("ims_defect: %u\n", (u8)sum);
}

static void freed(void)
{
	char *byte = kzalloc(64, GFP_KERNEL);
	char *again = byte;

	OPTIMIZER_HIDE_VAR(again);	/* compilers see it otherwise */
	kfree(byte);
	pr_info("ims_defect: %d\n", READ_ONCE(again[8]));
}

static void shift(void)
{
	pr_info("ims_defect: %d\n", 1 << bits);
}

static DEFINE_MUTEX(a);
static DEFINE_MUTEX(b);

static void order(void)
{
	mutex_lock(&a);
	mutex_lock(&b);
	mutex_unlock(&b);
	mutex_unlock(&a);
	mutex_lock(&b);
	mutex_lock(&a);
	mutex_unlock(&a);
	mutex_unlock(&b);
}

static DEFINE_RAW_SPINLOCK(raw);
static DEFINE_SPINLOCK(sleeps_on_rt);

static void nesting(void)
{
	raw_spin_lock(&raw);
	spin_lock(&sleeps_on_rt);
	spin_unlock(&sleeps_on_rt);
	raw_spin_unlock(&raw);
}

static void sleep(void)
{
	raw_spin_lock(&raw);
	might_sleep();
	raw_spin_unlock(&raw);
}

static void rings(struct timer_list *timer)
{
}

static void timer(void)
{
	struct timer_list *t = kzalloc(sizeof(*t), GFP_KERNEL);

	if (!t)
		return;
	timer_setup(t, rings, 0);
	mod_timer(t, jiffies + 100 * HZ);
	kfree(t);
}

static const struct {
	const char *name;
	void (*commit)(void);
} defects[] = {
	{ "leak", leak },
	{ "freed", freed },
	{ "shift", shift },
	{ "order", order },
	{ "nesting", nesting },
	{ "sleep", sleep },
	{ "timer", timer },
};

static int __init ims_defect_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(defects); i++)
		if (!strcmp(defects[i].name, defect)) {
			defects[i].commit();
			return 0;
		}
	return -EINVAL;
}
module_init(ims_defect_init);

static void __exit ims_defect_exit(void)
{
}
module_exit(ims_defect_exit);

MODULE_DESCRIPTION("Mistakes that a debug kernel must find");
MODULE_LICENSE("GPL");
