// SPDX-License-Identifier: GPL-2.0-only
/*
 * The handle that a driver holds. Every call looks the handle up in the table of live
 * domains before it dereferences it: to use a handle after its domain was removed is
 * an error, and not a walk through freed memory.
 */
#include "internals.h"

#include <linux/bug.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>

/* Looked up under RCU, so that no call waits for a call of another domain */
static struct rhashtable device_msi_live;

static const struct rhashtable_params device_msi_live_params = {
	.head_offset		= offsetof(struct device_msi_domain, live),
	.key_offset		= offsetof(struct device_msi_domain, handle),
	.key_len		= sizeof(struct device_msi_domain *),
	.automatic_shrinking	= true,
};

int device_msi_live_init(void)
{
	return rhashtable_init(&device_msi_live, &device_msi_live_params);
}

void device_msi_live_exit(void)
{
	rhashtable_destroy(&device_msi_live);
}

/* Return: 0, or -ENOMEM */
int device_msi_publish(struct device_msi_domain *dom)
{
	dom->handle = dom;
	return rhashtable_insert_fast(&device_msi_live, &dom->live,
				      device_msi_live_params) ? -ENOMEM : 0;
}

bool device_msi_is_live(struct device_msi_domain *dom)
{
	return rhashtable_lookup_fast(&device_msi_live, &dom,
				      device_msi_live_params);
}

/* Return: the domain of a handle, with a reference; NULL if it is not live */
static struct device_msi_domain *
device_msi_get(const struct device_msi_domain *handle)
{
	struct device_msi_domain *dom;

	rcu_read_lock();
	dom = rhashtable_lookup(&device_msi_live, &handle,
				device_msi_live_params);
	if (dom && !kref_get_unless_zero(&dom->ref))
		dom = NULL;
	rcu_read_unlock();
	return dom;
}

/*
 * Make the driver's handle invalid. A call that has found the domain just before sees
 * dom->removed once it has the domain's lock.
 */
void device_msi_unpublish(struct device_msi_domain *dom)
{
	rhashtable_remove_fast(&device_msi_live, &dom->live,
			       device_msi_live_params);
}

void device_msi_put(struct device_msi_domain *dom)
{
	kref_put(&dom->ref, device_msi_domain_destroy);
}

/*
 * Lock the domain, and free what drivers have disposed of by themselves: no caller
 * has to mind such interrupts.
 */
void device_msi_lock(struct device_msi_domain *dom)
{
	mutex_lock(&dom->lock);
	device_msi_collect_disposed(dom);
}

/* Consumer records are freed without the lock, see struct device_msi_domain */
void device_msi_unlock(struct device_msi_domain *dom)
{
	LIST_HEAD(idle);

	list_splice_init(&dom->idle, &idle);
	mutex_unlock(&dom->lock);
	device_msi_consumers_free(&idle);
}

void device_msi_exit(struct device_msi_domain *dom)
{
	device_msi_unlock(dom);
	device_msi_put(dom);
}

/**
 * device_msi_check_context() - Check that the caller may sleep
 * @caller:	return address in the driver, for the log
 *
 * Without CONFIG_PREEMPT_COUNT a kernel does not count spin locks: there, only
 * interrupts that are off and interrupt context are found.
 *
 * Return: 0, or -EINVAL with a line in the log.
 */
int device_msi_check_context(unsigned long caller)
{
	if (likely(!preempt_count() && !irqs_disabled() &&
		   !rcu_preempt_depth()))
		return 0;
	pr_err_ratelimited("%ps calls a function that may sleep where it must not%s, and is refused; call it from process context, without spin locks\n",
			   (void *)caller,
			   irqs_disabled() ? ", with interrupts off" : "");
	WARN_ON_ONCE(1);
	return -EINVAL;
}

/**
 * device_msi_check_pointer() - Check that an argument is a pointer
 * @ptr:	the argument of a driver's call
 * @what:	what @ptr should point to, for the log
 * @caller:	return address in the driver, for the log
 *
 * Return: 0, or -EINVAL with a line in the log if @ptr is NULL or an ERR_PTR.
 */
int device_msi_check_pointer(const void *ptr, const char *what,
			     unsigned long caller)
{
	if (!IS_ERR_OR_NULL(ptr))
		return 0;
	if (ptr)
		pr_err_ratelimited("%ps passes the error %pe as a %s; check it with IS_ERR() first\n",
				   (void *)caller, ptr, what);
	else
		pr_err_ratelimited("%ps passes NULL as a %s; pass a valid one\n",
				   (void *)caller, what);
	WARN_ON_ONCE(1);
	return -EINVAL;
}

/*
 * Begin a call of a driver: check the arguments, reference the domain and lock it,
 * until device_msi_exit().
 * Return: 0; -EINVAL for a wrong argument or context; or -ENODEV if the domain was
 * removed.
 */
int device_msi_enter_from(struct device_msi_domain *dom, unsigned long caller)
{
	int ret;

	ret = device_msi_check_pointer(dom, "domain", caller);
	if (!ret)
		ret = device_msi_check_context(caller);
	if (ret)
		return ret;

	if (!device_msi_get(dom)) {
		pr_err_ratelimited("%ps uses a domain that was removed; make such calls before device_msi_remove_domain()\n",
				   (void *)caller);
		WARN_ON_ONCE(1);
		return -ENODEV;
	}

	device_msi_lock(dom);
	if (dom->removed) {	/* while this call waited for the lock */
		device_msi_exit(dom);
		return -ENODEV;
	}
	return 0;
}

/*
 * Begin a call for a consumer. The reference to the consumer is dropped after the
 * lock is released, so that no other put_device() under the lock is the last.
 */
int device_msi_enter_for_from(struct device_msi_domain *dom,
			      struct device *consumer, unsigned long caller)
{
	int ret;

	ret = device_msi_check_pointer(consumer, "consumer", caller);
	if (!ret)
		ret = device_msi_enter_from(dom, caller);
	if (!ret)
		get_device(consumer);
	return ret;
}

void device_msi_exit_for(struct device_msi_domain *dom, struct device *consumer)
{
	device_msi_exit(dom);
	put_device(consumer);
}

/*
 * Lock the domain again after device_msi_unlock() in the middle of a call, which
 * keeps its reference.
 * Return: 0, or -ENODEV if the domain was removed meanwhile; the domain is locked in
 * either case.
 */
int device_msi_relock(struct device_msi_domain *dom)
{
	device_msi_lock(dom);
	return dom->removed ? -ENODEV : 0;
}
