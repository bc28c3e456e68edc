// SPDX-License-Identifier: GPL-2.0-only
/*
 * A provider of messages for a guest, as a hypervisor's module would be. The
 * devices of the tests are emulated, so that the guest's messages are right and
 * the hypercall that a real one makes has nothing to do; it counts, and fails
 * when told to.
 */
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/msi.h>
#include <ims/provider.h>

static bool knows = true;
module_param(knows, bool, 0644);
MODULE_PARM_DESC(knows, "Say that it can make messages for every device (default: Y)");

static bool fail_attach;
module_param(fail_attach, bool, 0644);
MODULE_PARM_DESC(fail_attach, "Refuse new interrupts (default: N)");

static bool fail_translate;
module_param(fail_translate, bool, 0644);
MODULE_PARM_DESC(fail_translate, "Make no message (default: N)");

/* The counts are for the scripts to read; their writers hold different locks */
static int attached;
module_param(attached, int, 0444);
MODULE_PARM_DESC(attached, "Interrupts that are attached");

static int translated;
module_param(translated, int, 0444);
MODULE_PARM_DESC(translated, "Messages that were made");

static bool provider_match(struct device *dev)
{
	return knows;
}

static int provider_attach(struct device *dev, unsigned int virq)
{
	might_sleep();
	if (fail_attach)
		return -EREMOTEIO;
	attached++;
	return 0;
}

static void provider_detach(struct device *dev, unsigned int virq)
{
	might_sleep();
	attached--;
}

static int provider_translate(struct device *dev, unsigned int virq,
			      struct msi_msg *msg)
{
	if (fail_translate)
		return -EREMOTEIO;
	translated++;
	return 0;
}

static struct device_msi_provider provider = {
	.owner		= THIS_MODULE,
	.name		= "test provider",
	.isolated	= true,
	.match		= provider_match,
	.attach		= provider_attach,
	.detach		= provider_detach,
	.translate	= provider_translate,
};

static int __init provider_init(void)
{
	return device_msi_register_provider(&provider);
}
module_init(provider_init);

static void __exit provider_exit(void)
{
	device_msi_unregister_provider(&provider);
}
module_exit(provider_exit);

MODULE_DESCRIPTION("Test: a provider of messages for guests");
MODULE_LICENSE("GPL");
