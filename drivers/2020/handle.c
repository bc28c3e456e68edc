// SPDX-License-Identifier: GPL-2.0-only
/*
 * The handles of domains. The driver has a pointer to struct irq_domain that really
 * points to a struct ims_2020_domain; a table has those that are valid.
 */
#include "internals.h"

#include <linux/hashtable.h>
#include <linux/irqdomain.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

/* The domains that drivers may use; the lock protects this table only */
static DEFINE_HASHTABLE(ims_2020_domains, 6);
static DEFINE_SPINLOCK(ims_2020_domains_lock);

static struct ims_2020_domain *ims_2020_domain_find(struct irq_domain *domain)
{
	struct ims_2020_domain *ours;

	lockdep_assert_held(&ims_2020_domains_lock);
	hash_for_each_possible(ims_2020_domains, ours, node,
			       (unsigned long)domain)
		if ((struct irq_domain *)ours == domain)
			return ours;
	return NULL;
}

/* The domain of a handle, referenced; NULL if the handle is not, or no longer, valid */
struct ims_2020_domain *ims_2020_domain_get(struct irq_domain *domain)
{
	struct ims_2020_domain *ours;

	spin_lock(&ims_2020_domains_lock);
	ours = ims_2020_domain_find(domain);
	if (ours)
		refcount_inc(&ours->ref);
	spin_unlock(&ims_2020_domains_lock);
	return ours;
}

void ims_2020_domain_put(struct ims_2020_domain *domain)
{
	if (!refcount_dec_and_test(&domain->ref))
		return;
	xa_destroy(&domain->blocks);
	kfree_rcu(domain, rcu);
}

/* Make a handle invalid. Return: its domain, with the reference that the handle had */
struct ims_2020_domain *ims_2020_domain_retire(struct irq_domain *domain)
{
	struct ims_2020_domain *ours;

	spin_lock(&ims_2020_domains_lock);
	ours = ims_2020_domain_find(domain);
	if (ours)
		hash_del(&ours->node);
	spin_unlock(&ims_2020_domains_lock);
	return ours;
}

struct ims_2020_domain *ims_2020_domain_new(void)
{
	struct ims_2020_domain *domain;

	domain = kzalloc(sizeof(*domain), GFP_KERNEL);
	if (!domain)
		return NULL;
	refcount_set(&domain->ref, 1);
	INIT_LIST_HEAD(&domain->devices);
	INIT_LIST_HEAD(&domain->sets);
	xa_init_flags(&domain->blocks, XA_FLAGS_ALLOC);
	return domain;
}

/* Make the handle of a domain valid. Return: the handle */
struct irq_domain *ims_2020_domain_publish(struct ims_2020_domain *domain)
{
	spin_lock(&ims_2020_domains_lock);
	hash_add(ims_2020_domains, &domain->node, (unsigned long)domain);
	spin_unlock(&ims_2020_domains_lock);
	return (struct irq_domain *)domain;
}
