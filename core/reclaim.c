// SPDX-License-Identifier: GPL-2.0-only
/*
 * When spares are disposed of: for a request, of this domain or another, that would
 * get no interrupt otherwise; when the kernel is short of memory; and when they were
 * not needed for a while.
 */
#include "internals.h"

#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/shrinker.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "../compat/compat.h"

static unsigned int device_msi_spare_seconds = 10;

static int device_msi_set_spare_seconds(const char *text,
					const struct kernel_param *param);

static const struct kernel_param_ops device_msi_spare_seconds_ops = {
	.set	= device_msi_set_spare_seconds,
	.get	= param_get_uint,
};
module_param_cb(spare_seconds, &device_msi_spare_seconds_ops,
		&device_msi_spare_seconds, 0644);
MODULE_PARM_DESC(spare_seconds,
		 "After as many seconds, or twice as many, spares that were not needed are given back (default: 10)");

/* All domains. The list's lock is taken before that of a domain's spares */
static LIST_HEAD(device_msi_spare_domains);
static DEFINE_MUTEX(device_msi_spare_domains_lock);

static atomic_t device_msi_spare_total = ATOMIC_INIT(0);

/* How many spares were added or removed since this module was loaded */
static atomic_t device_msi_spare_changes = ATOMIC_INIT(0);

static struct shrinker *device_msi_spare_shrinker;

static void device_msi_spares_age(struct work_struct *work);
static DECLARE_DELAYED_WORK(device_msi_spares_age_work, device_msi_spares_age);

static void device_msi_spares_shrink(struct work_struct *work);
static DECLARE_WORK(device_msi_spares_shrink_work, device_msi_spares_shrink);

static unsigned long device_msi_spare_time(void)
{
	return max(READ_ONCE(device_msi_spare_seconds), 1U) *
		(unsigned long)HZ;
}

static void device_msi_spares_age_soon(void)
{
	queue_delayed_work(device_msi_wq, &device_msi_spares_age_work,
			   device_msi_spare_time());
}

/*
 * The new time holds for existing spares, too, and for those to come: what was queued
 * with the old time stays queued after all spares are gone
 */
static int device_msi_set_spare_seconds(const char *text,
					const struct kernel_param *param)
{
	int ret = param_set_uint(text, param);

	if (!ret && delayed_work_pending(&device_msi_spares_age_work))
		mod_delayed_work(device_msi_wq, &device_msi_spares_age_work,
				 device_msi_spare_time());
	return ret;
}

/* Count a spare that was added (1) or removed (-1) */
void device_msi_spares_count(int change)
{
	atomic_inc(&device_msi_spare_changes);
	atomic_add(change, &device_msi_spare_total);
	if (change > 0)
		device_msi_spares_age_soon();
}

static unsigned int device_msi_spares_dispose(struct device_msi_domain *dom,
					      unsigned int nr)
{
	lockdep_assert_held(&dom->spares.lock);
	nr = device_msi_spare_dispose(dom, nr);
	dom->spares.low = atomic_read(&dom->spares.nr);
	return nr;
}

/* Dispose of all spares of all domains. Return: how many there were */
static unsigned int device_msi_spares_dispose_all(void)
{
	struct device_msi_domain *dom;
	unsigned int nr = 0;

	if (!atomic_read(&device_msi_spare_total))
		return 0;
	mutex_lock(&device_msi_spare_domains_lock);
	list_for_each_entry(dom, &device_msi_spare_domains, spares.node) {
		mutex_lock(&dom->spares.lock);
		nr += device_msi_spares_dispose(dom, UINT_MAX);
		mutex_unlock(&dom->spares.lock);
		cond_resched();
	}
	mutex_unlock(&device_msi_spare_domains_lock);
	return nr;
}

/* To be read before an allocation, for device_msi_spares_reclaim() */
int device_msi_spares_changes(void)
{
	return atomic_read(&device_msi_spare_changes);
}

/**
 * device_msi_spares_reclaim() - Dispose of all spares of all domains
 * @moved:	device_msi_spares_changes() from before the allocation
 *
 * For an allocation that failed for want of something that a spare may have.
 *
 * Context: Process context. The lock of a domain may be held, that of its spares not.
 * Return: true if the allocation is to be tried again: a spare was disposed of, or
 * was added or removed meanwhile by somebody else, who may have freed what is wanted.
 */
bool device_msi_spares_reclaim(int moved)
{
	return device_msi_spares_dispose_all() ||
		atomic_read(&device_msi_spare_changes) != moved;
}

/* Dispose of as many spares as were never needed since the last time */
static void device_msi_spares_age(struct work_struct *work)
{
	struct device_msi_domain *dom;

	mutex_lock(&device_msi_spare_domains_lock);
	list_for_each_entry(dom, &device_msi_spare_domains, spares.node) {
		mutex_lock(&dom->spares.lock);
		device_msi_spares_dispose(dom, dom->spares.low);
		dom->spares.room = 0;
		mutex_unlock(&dom->spares.lock);
		cond_resched();
	}
	mutex_unlock(&device_msi_spare_domains_lock);
	if (atomic_read(&device_msi_spare_total))
		device_msi_spares_age_soon();
}

/*
 * Done by a work, because the kernel may call the shrinker within an allocation that is
 * made with those locks held which this function takes.
 */
static void device_msi_spares_shrink(struct work_struct *work)
{
	device_msi_spares_dispose_all();
}

static unsigned long device_msi_shrink_count(struct shrinker *shrinker,
					     struct shrink_control *sc)
{
	return atomic_read(&device_msi_spare_total) ?: SHRINK_EMPTY;
}

static unsigned long device_msi_shrink_scan(struct shrinker *shrinker,
					    struct shrink_control *sc)
{
	queue_work(device_msi_wq, &device_msi_spares_shrink_work);
	return SHRINK_STOP;
}

int device_msi_reclaim_init(void)
{
	device_msi_spare_shrinker =
		compat_shrinker_register("ims-spares", device_msi_shrink_count,
					 device_msi_shrink_scan);
	return device_msi_spare_shrinker ? 0 : -ENOMEM;
}

/* Called when there are no domains, and so no spares, any more */
void device_msi_reclaim_exit(void)
{
	compat_shrinker_unregister(device_msi_spare_shrinker);
	cancel_delayed_work_sync(&device_msi_spares_age_work);
	cancel_work_sync(&device_msi_spares_shrink_work);
}

void device_msi_spares_init(struct device_msi_domain *dom)
{
	mutex_init(&dom->spares.lock);
	xa_init(&dom->spares.irqs);
	INIT_LIST_HEAD(&dom->spares.node);
}

void device_msi_spares_begin(struct device_msi_domain *dom)
{
	mutex_lock(&device_msi_spare_domains_lock);
	list_add_tail(&dom->spares.node, &device_msi_spare_domains);
	mutex_unlock(&device_msi_spare_domains_lock);
}

/* The domain is removed, so no spare is added any more */
void device_msi_spares_end(struct device_msi_domain *dom)
{
	mutex_lock(&device_msi_spare_domains_lock);
	list_del_init(&dom->spares.node);
	mutex_unlock(&device_msi_spare_domains_lock);

	mutex_lock(&dom->spares.lock);
	device_msi_spares_dispose(dom, UINT_MAX);
	mutex_unlock(&dom->spares.lock);
	xa_destroy(&dom->spares.irqs);
}
