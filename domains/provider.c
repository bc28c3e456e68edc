// SPDX-License-Identifier: GPL-2.0-only
/*
 * The providers, which translate the messages of passed-through devices in a guest. The
 * core knows no hypervisor: a provider's module does.
 */
#include <linux/bug.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <ims/provider.h>

#include "domains.h"

static LIST_HEAD(device_msi_providers);
static DEFINE_MUTEX(device_msi_providers_lock);

/**
 * device_msi_register_provider() - Register a provider of messages for this guest
 * @provider:	must live until device_msi_unregister_provider() has returned
 *
 * Domains that are created from now on may use it. Of several providers, the one that
 * was registered first is asked first.
 *
 * Context: Process context, may sleep.
 * Return: 0, or with a warning -EINVAL if name, match or translate is missing.
 */
int device_msi_register_provider(struct device_msi_provider *provider)
{
	if (WARN_ON_ONCE(!provider || !provider->name || !provider->match ||
			 !provider->translate))
		return -EINVAL;

	mutex_lock(&device_msi_providers_lock);
	list_add_tail(&provider->node, &device_msi_providers);
	mutex_unlock(&device_msi_providers_lock);
	return 0;
}
EXPORT_SYMBOL_GPL(device_msi_register_provider);

/**
 * device_msi_unregister_provider() - Unregister a provider
 * @provider:	the registered provider
 *
 * Domains that use the provider hold a reference to its module, so call this from the
 * module's exit function.
 *
 * Context: Process context, may sleep. Waits for a match() that is running.
 */
void device_msi_unregister_provider(struct device_msi_provider *provider)
{
	mutex_lock(&device_msi_providers_lock);
	list_del(&provider->node);
	mutex_unlock(&device_msi_providers_lock);
}
EXPORT_SYMBOL_GPL(device_msi_unregister_provider);

/* The provider for this device, with its module referenced; NULL if there is none */
const struct device_msi_provider *device_msi_provider_get(struct device *dev)
{
	struct device_msi_provider *provider, *found = NULL;

	mutex_lock(&device_msi_providers_lock);
	list_for_each_entry(provider, &device_msi_providers, node) {
		if (provider->match(dev) && try_module_get(provider->owner)) {
			found = provider;
			break;
		}
	}
	mutex_unlock(&device_msi_providers_lock);
	return found;
}

void device_msi_provider_put(const struct device_msi_provider *provider)
{
	module_put(provider->owner);
}
