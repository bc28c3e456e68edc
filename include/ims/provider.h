/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device MSI in a virtual machine: what a hypervisor's module provides. For the
 * author of such a module; a vendor driver does not need this.
 *
 * A passed-through device stores what the guest writes, and sends it on the
 * host's bus. The guest's own message means something else there, or nothing.
 * A provider asks the hypervisor for the address and data that the device must
 * store so that its interrupt arrives in this guest.
 */
#ifndef _IMS_PROVIDER_H
#define _IMS_PROVIDER_H

#include <linux/list.h>
#include <linux/types.h>

struct device;
struct module;
struct msi_msg;

/**
 * struct device_msi_provider - Who makes messages that work outside of a guest
 * @owner:	THIS_MODULE; held while a domain uses it
 * @name:	for the log and for people. As the whole structure borrowed, until
 *		device_msi_unregister_provider() has returned.
 * @isolated:	the hypervisor has the hardware check which device a message
 *		comes from
 * @match:	can it make messages for this device? Asked where device MSI would
 *		be refused because this is a guest. May sleep; must not call
 *		device MSI.
 * @attach:	an interrupt of @dev was allocated; acquire what @translate will
 *		need. @virq is its Linux number, unique until @detach. May sleep,
 *		but holds up every other allocation: it must not allocate or free
 *		interrupts itself, nor wait for who does. Returns 0 or a negative
 *		errno, which fails the allocation. Optional.
 * @detach:	undo @attach. The slot is masked and cleared. Context as @attach.
 *		Never called for an interrupt that was still requested when its
 *		domain was removed. Optional.
 * @translate:	on entry @msg is what this guest's interrupt controller takes as
 *		the interrupt @virq; make it the address and data that the device
 *		must store. Called at request_irq(), twice if the parent does not
 *		remap, and whenever the interrupt moves to another CPU there;
 *		it must give the same answer for the same @msg. Called under
 *		the descriptor's raw lock, interrupts off. Returns 0 or a negative
 *		errno: request_irq() then fails, but not that of a managed
 *		interrupt, which the kernel starts where nothing can fail. After
 *		a move, what the slot holds is right no more: it is masked and
 *		cleared until a later move succeeds, or the interrupt is freed
 *		and requested again. Each failure is in the log.
 * @node:	the core's
 */
struct device_msi_provider {
	struct module		*owner;
	const char		*name;
	bool			isolated;
	bool (*match)(struct device *dev);
	int (*attach)(struct device *dev, unsigned int virq);
	void (*detach)(struct device *dev, unsigned int virq);
	int (*translate)(struct device *dev, unsigned int virq,
			 struct msi_msg *msg);
	struct list_head	node;
};

int device_msi_register_provider(struct device_msi_provider *provider);
void device_msi_unregister_provider(struct device_msi_provider *provider);

#endif /* _IMS_PROVIDER_H */
