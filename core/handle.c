// SPDX-License-Identifier: GPL-2.0-only
/*
 * The handle that a driver holds. Every call looks it up in the table of live
 * domains before it follows it: a handle used after the domain was removed is
 * an error and not a walk through freed memory.
 */
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/spinlock.h>

#include "internals.h"

static DEFINE_HASHTABLE(device_msi_live, 6);
static DEFINE_SPINLOCK(device_msi_live_lock);

void device_msi_publish(struct device_msi_domain *dom)
{
	spin_lock(&device_msi_live_lock);
	hash_add(device_msi_live, &dom->live, (unsigned long)dom);
	spin_unlock(&device_msi_live_lock);
}

static struct device_msi_domain *device_msi_find(const void *handle)
{
	struct device_msi_domain *dom;

	hash_for_each_possible(device_msi_live, dom, live, (unsigned long)handle)
		if (dom == handle)
			return dom;
	return NULL;
}

bool device_msi_is_live(struct device_msi_domain *dom)
{
	bool live;

	spin_lock(&device_msi_live_lock);
	live = device_msi_find(dom);
	spin_unlock(&device_msi_live_lock);
	return live;
}

/* Take the driver's handle away */
void device_msi_retire(struct device_msi_domain *dom)
{
	spin_lock(&device_msi_live_lock);
	hash_del(&dom->live);
	spin_unlock(&device_msi_live_lock);
}

void device_msi_put(struct device_msi_domain *dom)
{
	kref_put(&dom->ref, device_msi_domain_destroy);
}

/* With the lock, what drivers have disposed of by themselves is not there any more */
void device_msi_lock(struct device_msi_domain *dom)
{
	mutex_lock(&dom->lock);
	device_msi_collect_disposed(dom);
}

void device_msi_unlock(struct device_msi_domain *dom)
{
	struct hlist_head idle;

	hlist_move_list(&dom->idle, &idle);
	mutex_unlock(&dom->lock);
	device_msi_consumers_put(&idle);
}

void device_msi_leave(struct device_msi_domain *dom)
{
	device_msi_unlock(dom);
	device_msi_put(dom);
}

/*
 * Begin a call: with the domain's lock held and a reference, until
 * device_msi_leave(). -ENODEV if the domain was removed.
 */
int device_msi_enter(struct device_msi_domain *dom)
{
	bool live;

	if (WARN_ON_ONCE(IS_ERR_OR_NULL(dom)))
		return -EINVAL;

	spin_lock(&device_msi_live_lock);
	live = device_msi_find(dom);
	if (live)
		kref_get(&dom->ref);
	spin_unlock(&device_msi_live_lock);
	if (WARN_ONCE(!live, "device MSI: domain used after it was removed\n"))
		return -ENODEV;

	device_msi_lock(dom);
	if (dom->removed) {	/* while we waited */
		device_msi_leave(dom);
		return -ENODEV;
	}
	return 0;
}

/* A call in the name of a consumer, whose last reference must not be ours */
int device_msi_enter_for(struct device_msi_domain *dom, struct device *consumer)
{
	int ret;

	if (WARN_ON_ONCE(!consumer))
		return -EINVAL;
	ret = device_msi_enter(dom);
	if (!ret)
		get_device(consumer);
	return ret;
}

void device_msi_leave_for(struct device_msi_domain *dom, struct device *consumer)
{
	device_msi_leave(dom);
	put_device(consumer);
}
