/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A driver of Linux 6.2 for a device in memory, which records what is asked of it.
 */
#ifndef _IMS_PORT_DEVICE_H
#define _IMS_PORT_DEVICE_H

#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#include "suite.h"

#define PORT_SLOTS	16U
#define PORT_CALLS	64U

/**
 * struct port_slot - What the device holds in a slot
 * @msg:	the message
 * @masked:	it does not send
 */
struct port_slot {
	struct msi_msg	msg;
	bool		masked;
};

/**
 * struct port_device - The device
 * @pdev:	the PCI function, NULL while no driver is bound
 * @store:	the kind of its chip
 * @lock:	protects what follows
 * @calls:	a letter for each callback: (p)repare_desc, (m)ask, (u)nmask, (s)hutdown,
 *		(w)rite, (e)mpty message written, (l)ock, s(y)nc_unlock
 * @nr_calls:	how many
 * @removed:	remove() was called: no callback may follow
 * @stays_enabled: remove() does not disable the function: the case does
 * @late:	how many did
 * @strange:	the line of a callback that got something that is not so, or 0
 * @last:	the irq_data that a callback got last
 * @hwsize:	of the domain's info, as prepare_desc() saw it
 * @slots:	what the device holds
 */
struct port_device {
	struct pci_dev		*pdev;
	enum port_store		store;
	raw_spinlock_t		lock;
	char			calls[PORT_CALLS];
	unsigned int		nr_calls;
	bool			removed;
	bool			stays_enabled;
	unsigned int		late;
	int			strange;
	struct irq_data		*last;
	unsigned int		hwsize;
	struct port_slot	slots[PORT_SLOTS];
};

extern const struct msi_domain_template port_templates[PORT_NR_STORES];

bool port_create(struct port_device *port, unsigned int hwsize);
struct msi_map port_alloc(struct port_device *port);
int port_request(struct port_device *port, struct msi_map map);
void port_free_irq(struct port_device *port, struct msi_map map);
bool port_called(struct port_device *port, const char *calls);
bool port_is_silent(const struct port_slot *slot);

/*
 * As CASE() and EXPECT() of tests/modules/cases.h, which includes headers of ours: a file
 * of a driver of Linux 6.2 cannot
 */
#define PORT_CASE(_name, ...)					\
	{ .name = #_name, .file = __FILE__, .run = case_ ## _name, ## __VA_ARGS__ }

#define EXPECT(condition)			\
	do {					\
		if (!(condition))		\
			return __LINE__;	\
	} while (0)

#endif /* _IMS_PORT_DEVICE_H */
