/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names of the backend for interrupts of a store that was posted for vfio-pci-core in
 * October 2023 (RFC V3, "vfio/pci: Back guest interrupts from Interrupt Message Store"), over
 * <ims/vfio.h>. docs/porting.md has what differs, and the names of the months before.
 *
 * A driver that includes this defines the two functions that are declared below.
 */
#ifndef _IMS_COMPAT_VFIO_PCI_H
#define _IMS_COMPAT_VFIO_PCI_H

#include <linux/err.h>
#include <linux/vfio.h>
#include <ims/vfio.h>

#if __has_include("linux/msi_api.h")
#include <linux/msi_api.h>
#else /* before Linux 6.2 */
/**
 * union msi_instance_cookie - What a driver says of an interrupt
 * @value:	a number, or
 * @ptr:	a pointer
 */
union msi_instance_cookie {
	u64	value;
	void	*ptr;
};
#endif

struct pci_dev;

/*
 * The driver's: it sets @info->dom, @info->consumer and @info->nr_vectors, and what else it
 * wants
 */
static void vfio_pci_ims_info(struct vfio_device *vdev, struct pci_dev *pdev,
			      struct ims_vfio_info *info);

/* The driver's: what the device keeps beside a message for that cookie */
static struct device_msi_sideband
vfio_pci_ims_sideband(const union msi_instance_cookie *cookie);

/**
 * struct vfio_pci_intr_ctx - The vectors of one virtual device
 * @iv:		they
 */
struct vfio_pci_intr_ctx {
	struct ims_vfio	*iv;
};

/* Of the slot that the vector has, too; then it was of the next one only */
static inline int vfio_pci_ims_set_cookie(struct vfio_pci_intr_ctx *intr_ctx,
					  unsigned int vector,
					  union msi_instance_cookie *icookie)
{
	return ims_vfio_set_sideband(intr_ctx->iv, vector,
				     vfio_pci_ims_sideband(icookie));
}

/* Return: 0, or an error of ims_vfio_init(), of which the reason is in the log */
static inline int
vfio_pci_ims_init_intr_ctx(struct vfio_device *vdev,
			   struct vfio_pci_intr_ctx *intr_ctx,
			   struct pci_dev *pdev,
			   union msi_instance_cookie *default_cookie)
{
	struct ims_vfio_info info = {};
	unsigned int i;
	int ret = 0;

	vfio_pci_ims_info(vdev, pdev, &info);
	intr_ctx->iv = ims_vfio_init(&info);
	if (IS_ERR(intr_ctx->iv))
		return PTR_ERR(intr_ctx->iv);
	for (i = 0; i < info.nr_vectors && !ret; i++)
		ret = vfio_pci_ims_set_cookie(intr_ctx, i, default_cookie);
	if (ret) {
		ims_vfio_exit(intr_ctx->iv);
		intr_ctx->iv = NULL;
	}
	return ret;
}

/* Vectors that are in use are disabled before; also of what could not be initialised */
static inline void
vfio_pci_ims_release_intr_ctx(struct vfio_pci_intr_ctx *intr_ctx)
{
	ims_vfio_exit(intr_ctx->iv);
	intr_ctx->iv = NULL;
}

/* Return: 0; -EBUSY if one of them is in use; -EINVAL if there are no such vectors */
static inline int vfio_pci_set_emulated(struct vfio_pci_intr_ctx *intr_ctx,
					unsigned int start, unsigned int count)
{
	return ims_vfio_set_emulated(intr_ctx->iv, start, count);
}

static inline void vfio_pci_send_signal(struct vfio_pci_intr_ctx *intr_ctx,
					unsigned int vector)
{
	ims_vfio_signal(intr_ctx->iv, vector);
}

/* Return: the slot of the vector, or -EINVAL if it has none */
static inline int vfio_pci_ims_hwirq(struct vfio_pci_intr_ctx *intr_ctx,
				     unsigned int vector)
{
	int slot = ims_vfio_slot(intr_ctx->iv, vector);

	return slot < 0 ? -EINVAL : slot;
}

/* Return: what ims_vfio_set_irqs() does; -ENOTTY for another index than that of MSI-X */
static inline int vfio_pci_set_irqs_ioctl(struct vfio_pci_intr_ctx *intr_ctx,
					  uint32_t flags, unsigned int index,
					  unsigned int start,
					  unsigned int count, void *data)
{
	if (index != VFIO_PCI_MSIX_IRQ_INDEX)
		return -ENOTTY;
	return ims_vfio_set_irqs(intr_ctx->iv, flags, start, count, data);
}

#endif /* _IMS_COMPAT_VFIO_PCI_H */
