/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ims_old: a driver as it was written for the IMS patches of 2020 and 2021.
 */
#ifndef _TESTS_OLD_H
#define _TESTS_OLD_H

#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/irqchip/irq-ims-msi.h>

struct old_device;

struct old_queue {
	struct old_device	*old;
	unsigned int		hwirq;
	int			irq;	/* 0: closed */
	unsigned int		fired;
	atomic_t		handled;
	unsigned int		cpu;
	char			name[32];
};

/* A kind of device */
struct old_ops {
	int (*create)(struct old_device *old);
	struct irq_domain *(*create_domain)(struct old_device *old);
	void (*destroy)(struct old_device *old);
	int (*fire)(struct old_queue *queue);
	int (*set_pasid)(struct old_queue *queue, unsigned int pasid);
	int (*write_pasid)(struct old_queue *queue, unsigned int pasid);
	unsigned int (*read_pasid)(struct old_queue *queue);
	void (*allocate)(bool begins);
};

struct old_device {
	struct device		part;	/* whom the interrupts are for */
	struct device		guest;	/* another part, for a while */
	struct pci_dev		*pdev;
	const struct old_ops	*ops;
	void __iomem		*regs;
	struct ims_slot __iomem	*slots;
	struct irq_domain	*domain;
	struct dentry		*debugfs;
	struct mutex		lock;	/* opening, closing, firing */
	unsigned int		nr_queues;
	struct old_queue	*queues;
};

extern const struct old_ops old_array_ops;
extern const struct old_ops old_queue_ops;

#endif /* _TESTS_OLD_H */
