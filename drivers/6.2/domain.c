// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_62.ko: the IMS interface of Linux 6.2 to 6.9 on the stores of today, for drivers that
 * were written for it. docs/porting.md says what differs. A new driver does not need this
 * module.
 *
 * This file creates domains, finds them, and removes them when their driver unbinds.
 */
#include "internals.h"

#include <linux/device.h>
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

/* The domains by their function; the lock protects this table only */
static DEFINE_HASHTABLE(ims_62_domains, 6);
static DEFINE_SPINLOCK(ims_62_domains_lock);

static struct ims_62_domain *ims_62_domain_find(struct pci_dev *pdev)
{
	struct ims_62_domain *domain;

	lockdep_assert_held(&ims_62_domains_lock);
	hash_for_each_possible(ims_62_domains, domain, node, (unsigned long)pdev)
		if (domain->pdev == pdev)
			return domain;
	return NULL;
}

/* The domain of a function, referenced; NULL if it has none, or none yet */
struct ims_62_domain *ims_62_domain_get(struct pci_dev *pdev)
{
	struct ims_62_domain *domain;

	spin_lock(&ims_62_domains_lock);
	domain = ims_62_domain_find(pdev);
	if (domain && domain->msi)
		refcount_inc(&domain->ref);
	else
		domain = NULL;
	spin_unlock(&ims_62_domains_lock);
	return domain;
}

void ims_62_domain_put(struct ims_62_domain *domain)
{
	if (!refcount_dec_and_test(&domain->ref))
		return;
	xa_destroy(&domain->irqs);
	pci_dev_put(domain->pdev);
	kfree(domain);
}

static struct ims_62_domain *
ims_62_domain_new(struct pci_dev *pdev, const struct ims_62_template *template,
		  unsigned int nr_slots, void *data)
{
	struct ims_62_domain *domain;
	struct ims_62_template *ours;

	domain = kzalloc(sizeof(*domain), GFP_KERNEL);
	if (!domain)
		return NULL;
	refcount_set(&domain->ref, 1);
	mutex_init(&domain->lock);
	mutex_init(&domain->command);
	xa_init(&domain->irqs);
	domain->pdev = pci_dev_get(pdev);
	ours = &domain->template;
	*ours = *template;
	snprintf(ours->name, sizeof(ours->name), "%s-%s",
		 template->chip.name ?: "IMS", pci_name(pdev));
	ours->chip.name = ours->name;
	ours->info.hwsize = nr_slots;
	ours->info.ops = &ours->ops;
	ours->info.chip = &ours->chip;
	ours->info.chip_data = NULL;
	ours->info.data = data;
	domain->domain.name = ours->name;
	domain->domain.ops = &ims_62_domain_ops;
	domain->domain.host_data = &ours->info;
	return domain;
}

/* Make a domain that of its function, unless that has one */
static bool ims_62_domain_claim(struct ims_62_domain *domain)
{
	bool first;

	spin_lock(&ims_62_domains_lock);
	first = !ims_62_domain_find(domain->pdev);
	if (first)
		hash_add(ims_62_domains, &domain->node,
			 (unsigned long)domain->pdev);
	spin_unlock(&ims_62_domains_lock);
	if (!first)
		dev_err(&domain->pdev->dev,
			"the function has an IMS domain already, which ends when its driver unbinds\n");
	return first;
}

static void ims_62_domain_publish(struct ims_62_domain *domain,
				  struct device_msi_domain *msi)
{
	spin_lock(&ims_62_domains_lock);
	domain->msi = msi;
	spin_unlock(&ims_62_domains_lock);
}

static void ims_62_domain_unclaim(struct ims_62_domain *domain)
{
	spin_lock(&ims_62_domains_lock);
	hash_del(&domain->node);
	spin_unlock(&ims_62_domains_lock);
	ims_62_domain_put(domain);
}

static struct device_msi_domain *
ims_62_create_store(struct ims_62_domain *domain)
{
	struct device_msi_info direct = {
		.ops		= &ims_62_direct_ops,
		.store		= domain,
		.nr_slots	= domain->template.info.hwsize,
	};
	struct ims_queue_info queue = {
		.ops		= &ims_62_queue_ops,
		.priv		= domain,
		.nr_slots	= domain->template.info.hwsize,
	};
	struct device *dev = &domain->pdev->dev;
	struct device_msi_domain *msi;

	if (ims_62_is_queue(&domain->template.chip))
		return ims_queue_create_domain(dev, &queue);
	refcount_inc(&domain->ref);
	msi = device_msi_create_domain(dev, &direct);
	/* After an error the core does not call destroy() */
	if (IS_ERR(msi))
		ims_62_domain_put(domain);
	return msi;
}

/*
 * The driver unbinds, and may have unmapped its device in remove(). Interrupts that are
 * still requested are a mistake of the driver. Their slots cannot be masked any more, so
 * the device is stopped from sending anything.
 */
static void ims_62_domain_release(struct device *dev, void *res)
{
	struct ims_62_domain *domain = *(struct ims_62_domain **)res;
	unsigned int requested;

	WRITE_ONCE(domain->gone, true);
	requested = ims_62_count_requested(domain);
	if (requested) {
		dev_err(dev, "the driver unbinds while %u interrupts are requested, and its slots may be unmapped; bus mastering is switched off, call free_irq() and pci_ims_free_irq() in remove()\n",
			requested);
		pci_clear_master(domain->pdev);
	}
	device_msi_release_domain(domain->msi);
	if (ims_62_is_queue(&domain->template.chip))
		ims_62_irq_end_all(domain);
	ims_62_domain_unclaim(domain);
	module_put(THIS_MODULE);
}

/* Have the domain end when the driver unbinds */
static bool ims_62_domain_watch(struct ims_62_domain *domain)
{
	struct ims_62_domain **res;

	res = devres_alloc(ims_62_domain_release, sizeof(*res), GFP_KERNEL);
	if (!res)
		return false;
	*res = domain;
	__module_get(THIS_MODULE);
	devres_add(&domain->pdev->dev, res);
	return true;
}

static bool ims_62_domain_start(struct ims_62_domain *domain)
{
	struct device_msi_domain *msi;

	msi = ims_62_create_store(domain);
	if (IS_ERR(msi))
		return false;
	ims_62_domain_publish(domain, msi);
	if (ims_62_domain_watch(domain))
		return true;
	ims_62_domain_publish(domain, NULL);
	device_msi_release_domain(msi);
	return false;
}

/**
 * ims_62_create_domain() - pci_create_ims_domain()
 * @pdev:	the function, which is bound to its driver
 * @template:	the driver's callbacks; copied
 * @hwsize:	how many slots there are, at most %DEVICE_MSI_MAX_SLOTS; 0: without limit,
 *		which here is %DEVICE_MSI_NO_LIMIT
 * @data:	what prepare_desc() finds as data of the domain's info; borrowed until the
 *		driver unbinds
 *
 * The domain ends when the driver unbinds, after its remove(), without a further call of
 * @template.
 *
 * Context: Process context, may sleep.
 * Return: true; false for any error, which is in the kernel log.
 */
bool ims_62_create_domain(struct pci_dev *pdev,
			  const struct ims_62_template *template,
			  unsigned int hwsize, void *data)
{
	struct ims_62_domain *domain;

	if (WARN_ON_ONCE(!pdev || !template) ||
	    !ims_62_check(pdev, template, hwsize))
		return false;
	domain = ims_62_domain_new(pdev, template,
				   hwsize ?: DEVICE_MSI_NO_LIMIT, data);
	if (!domain)
		return false;
	if (!ims_62_domain_claim(domain)) {
		ims_62_domain_put(domain);
		return false;
	}
	if (ims_62_domain_start(domain))
		return true;
	ims_62_domain_unclaim(domain);
	return false;
}
EXPORT_SYMBOL_GPL(ims_62_create_domain);

/**
 * ims_62_restore() - Make the device hold its slots again, after a reset
 * @pdev:	the function
 *
 * Linux 6.2 had nothing for it: a driver that resets its device, or has it sleep, calls
 * this afterwards, as device_msi_restore(). Interrupts in quarantine become free.
 *
 * Context: Process context, may sleep. Not in a callback of the driver's chip.
 * Return: 0; -ENODEV without a domain; or as device_msi_restore().
 */
int ims_62_restore(struct pci_dev *pdev)
{
	struct ims_62_domain *domain = ims_62_domain_get(pdev);
	int ret;

	if (!domain)
		return -ENODEV;
	ret = device_msi_restore(domain->msi);
	ims_62_domain_put(domain);
	return ret;
}
EXPORT_SYMBOL_GPL(ims_62_restore);

MODULE_DESCRIPTION("Interrupt Message Store: the interface of Linux 6.2 to 6.9");
MODULE_AUTHOR("ims maintainers");
MODULE_LICENSE("GPL");
MODULE_VERSION(IMS_VERSION);
