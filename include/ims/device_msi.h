/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device MSI: the driver API of the generic layer.
 *
 * For the author of a vendor driver. A domain comes from the store that the
 * device has (<ims/ims.h>); interrupts come from the domain, for a consumer:
 * the device itself or a part of it that has a struct device of its own.
 *
 * Whose a pointer is: what a call is given is used during the call, and what it has to
 * keep it copies. What is "borrowed" must stay until the domain is gone: until
 * device_msi_remove_domain() has returned 0, or device_msi_release_domain() has
 * returned. A struct device is referenced for as long as it is needed.
 */
#ifndef _IMS_DEVICE_MSI_H
#define _IMS_DEVICE_MSI_H

#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/msi.h>
#include <linux/types.h>
#include <ims/compat/msi_map.h>

struct device;
struct device_msi_domain;

/* As large as the hardware interrupt number that VT-d can remap per IOMMU */
#define DEVICE_MSI_MAX_SLOTS	65536U

/*
 * For so many interrupts at most does an interrupt parent make room beforehand if
 * nr_expected in the description of a store does not say how many: as many as MSI-X
 * can have
 */
#define DEVICE_MSI_MAX_UNASKED	2048U

/* Number of slots of a store that has no end */
#define DEVICE_MSI_NO_LIMIT	0x7fffffffU

/* device_msi_set_quota(): no limit */
#define DEVICE_MSI_NO_QUOTA	(~0U)

/*
 * The flags of a domain: in struct device_msi_info, in the description of a store,
 * which says which of them it accepts, and for device_msi_supported().
 */

/* request_irq() fails for an interrupt without a PASID */
#define DEVICE_MSI_NEEDS_PASID	0x1U

/*
 * In a virtual machine the VMM emulates this device and its store, so that it sees
 * the messages. Wrong for a passed-through device, whose interrupts would be lost.
 */
#define DEVICE_MSI_VMM_EMULATES	0x2U

/* Of struct device_msi_info only: msi_alloc_store() chooses the slots */
#define DEVICE_MSI_STORE_CHOOSES	0x4U

/* A PASID has 20 bits (PCIe 6.0, 6.20.2.1) */
#define DEVICE_MSI_PASID_MAX	0xfffffU

/* device_msi_sideband.has: a process address space ID; bits that the device defines */
#define DEVICE_MSI_SIDEBAND_PASID	0x1U
#define DEVICE_MSI_SIDEBAND_RAW		0x2U

/**
 * struct device_msi_sideband - Data that the device keeps next to a message
 * @raw:	bits that the device defines, where they are in the slot
 * @pasid:	a process address space ID, 0 to %DEVICE_MSI_PASID_MAX. What it is for
 *		is the device's to say: see enum ims_pasid.
 * @has:	which of them there are: %DEVICE_MSI_SIDEBAND_PASID,
 *		%DEVICE_MSI_SIDEBAND_RAW, both, or 0
 */
struct device_msi_sideband {
	u64	raw;
	u32	pasid;
	u32	has;
};

/**
 * struct device_msi_range - Some slots in a row
 * @first:	number of the first
 * @nr:		how many
 */
struct device_msi_range {
	unsigned int	first;
	unsigned int	nr;
};

/* device_msi_req.slots: this slot and no other */
#define DEVICE_MSI_SLOT(number)	\
	((struct device_msi_range){ .first = (number), .nr = 1 })

/**
 * struct device_msi_listener - A driver that forwards messages elsewhere
 * @msg_changed: the slot's message is this now; all zero: it has none. Called
 *		under the descriptor's raw lock, interrupts off, on each change:
 *		request_irq(), free_irq(), and moves without remapping. In a
 *		queue store the device may take the message later. @msg is valid
 *		during the call, @consumer as long as it has the interrupt.
 * @data:	handed back; borrowed
 *
 * The function is borrowed, too, and so its module must stay.
 */
struct device_msi_listener {
	void (*msg_changed)(void *data, struct device *consumer,
			    unsigned int index, const struct msi_msg *msg);
	void *data;
};

/**
 * struct device_msi_req - What a driver wants of its interrupts
 * @slots:	slots that may be used; .nr 0: any. %DEVICE_MSI_SLOT(n) is exactly
 *		one.
 * @align:	a power of two: the number of the first slot is a multiple of it. For
 *		several interrupts only with @contiguous. 0 is 1.
 * @contiguous:	several interrupts have slots in a row, maps[0] the lowest. Of the
 *		rows of free slots the lowest with room for @max is used; if there is
 *		none, the longest, if it has room for @min.
 * @affinity:	CPUs to start on, each interrupt on the same, or NULL for the system
 *		default. The consumer's node is preferred among them, and it stays
 *		so until somebody moves the interrupt. With is_managed the kernel
 *		keeps it there, shut down while they are offline; before v5.16 it
 *		exports no way to ask for that, and the request fails with
 *		-EOPNOTSUPP. Copied.
 * @sideband:	for the store, the same of each interrupt; all zero for none
 *
 * All zero: any slots, the default affinity and no sideband.
 *
 * A store that chooses its slots by itself refuses @align, @contiguous, and more than one
 * slot in @slots, with -EOPNOTSUPP.
 */
struct device_msi_req {
	struct device_msi_range		slots;
	unsigned int			align;
	bool				contiguous;
	const struct irq_affinity_desc	*affinity;
	struct device_msi_sideband	sideband;
};

/**
 * struct device_msi_caps - What a device can have here
 * @why_not:	NULL, or the sentence that says why there is no device MSI and
 *		what to do; the rest is then zero. As @parent a constant of ims_core,
 *		which a driver's module keeps loaded.
 * @parent:	name of the interrupt parent ("VT-d remapping", ...)
 * @array:	a store in device memory works
 * @queue:	a store that only a device command changes works
 * @isolated:	the hardware checks which device a message comes from. Functions
 *		behind a bridge that sends in its own name, and those of one
 *		IOMMU group, count as one device.
 * @fixed_message: a message never changes while its interrupt is requested,
 *		not even when the interrupt moves to another CPU
 * @max_irqs:	how many can be allocated at most: the parent's table, and what
 *		is left of the max_irqs parameter of ims_core. Others take from
 *		both, so that it is a bound and no promise.
 * @max_requested: how many of them can be requested at a time at most: the
 *		vectors of the CPUs that are online, shared with all devices
 */
struct device_msi_caps {
	const char	*why_not;
	const char	*parent;
	bool		array;
	bool		queue;
	bool		isolated;
	bool		fixed_message;
	unsigned int	max_irqs;
	unsigned int	max_requested;
};

int device_msi_supported(struct device *dev, unsigned int flags,
			 struct device_msi_caps *caps);
bool device_msi_is_isolated(struct device_msi_domain *dom);
int __must_check device_msi_remove_domain(struct device_msi_domain *dom);
void device_msi_release_domain(struct device_msi_domain *dom);

struct msi_map device_msi_alloc_irq(struct device_msi_domain *dom,
				    struct device *consumer,
				    const struct device_msi_req *req);
int device_msi_alloc_irqs(struct device_msi_domain *dom,
			  struct device *consumer,
			  const struct device_msi_req *req, unsigned int min,
			  unsigned int max, struct irq_affinity *affd,
			  struct msi_map *maps);
int device_msi_free_irq(struct device_msi_domain *dom, struct device *consumer,
			struct msi_map map);
int device_msi_free_irqs(struct device_msi_domain *dom,
			 struct device *consumer);

struct msi_map devm_device_msi_alloc_irq(struct device_msi_domain *dom,
					 struct device *consumer,
					 const struct device_msi_req *req);
int devm_device_msi_alloc_irqs(struct device_msi_domain *dom,
			       struct device *consumer,
			       const struct device_msi_req *req,
			       unsigned int min, unsigned int max,
			       struct irq_affinity *affd, struct msi_map *maps);

int device_msi_virq(struct device_msi_domain *dom, unsigned int index);
const struct cpumask *device_msi_get_affinity(struct device_msi_domain *dom,
					      unsigned int index);
int device_msi_set_quota(struct device_msi_domain *dom,
			 struct device *consumer, unsigned int quota);

int device_msi_set_sideband(struct device_msi_domain *dom,
			    struct device *consumer, unsigned int index,
			    struct device_msi_sideband sideband);
int device_msi_set_pasid(struct device_msi_domain *dom,
			 struct device *consumer, unsigned int index,
			 u32 pasid);

int device_msi_synchronize(struct device_msi_domain *dom);
int device_msi_quiesce(struct device_msi_domain *dom);
int device_msi_restore(struct device_msi_domain *dom);
int device_msi_restore_irqs(struct device_msi_domain *dom,
			    struct device *consumer);
int device_msi_verify(struct device_msi_domain *dom, bool repair);

#endif /* _IMS_DEVICE_MSI_H */
