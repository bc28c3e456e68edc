// SPDX-License-Identifier: GPL-2.0-only
/*
 * ims_array.ko: a store that is an array in device memory, of the standard
 * 16-byte slots.
 *
 * The ctrl word of an allocated slot is cached in desc->slot_data, so that
 * masking is one write and the read that flushes it, and unmasking one write.
 */
#include <linux/device.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <ims/backend.h>
#include <ims/ims.h>

/**
 * struct ims_array - One store
 * @base:	the mapped slots
 */
struct ims_array {
	void __iomem *base;
};

static void __iomem *ims_array_slot(const struct ims_array *array,
				    unsigned int index)
{
	return array->base + (size_t)index * IMS_SLOT_SIZE;
}

static void __iomem *ims_array_desc_slot(const struct device_msi_desc *desc)
{
	return ims_array_slot(desc->store, desc->index);
}

static void ims_array_mask(struct device_msi_desc *desc)
{
	void __iomem *slot = ims_array_desc_slot(desc);

	if (desc->slot_data & IMS_CTRL_MASKED)
		return;
	desc->slot_data |= IMS_CTRL_MASKED;
	writel(desc->slot_data, slot + IMS_SLOT_CTRL);
	/*
	 * Writes are posted and a message is a write too: once this read is
	 * answered the device has seen the mask bit, and what it sent before
	 * has passed (PCI ordering rules).
	 */
	readl(slot + IMS_SLOT_CTRL);
}

static void ims_array_unmask(struct device_msi_desc *desc)
{
	desc->slot_data &= ~(unsigned long)IMS_CTRL_MASKED;
	writel(desc->slot_data, ims_array_desc_slot(desc) + IMS_SLOT_CTRL);
}

static void ims_array_write_msg(struct device_msi_desc *desc,
				const struct msi_msg *msg)
{
	void __iomem *slot = ims_array_desc_slot(desc);
	bool live = !(desc->slot_data & IMS_CTRL_MASKED);

	/* The device must not send the new address with the old data */
	if (live)
		ims_array_mask(desc);
	writel(msg->address_lo, slot + IMS_SLOT_ADDRESS_LO);
	writel(msg->address_hi, slot + IMS_SLOT_ADDRESS_HI);
	writel(msg->data, slot + IMS_SLOT_DATA);
	if (live)
		ims_array_unmask(desc);
}

/* A PCI read that nobody answers returns all ones; no ctrl word looks so */
static int ims_array_check_ctrl(struct device *dev, unsigned int index,
				u32 ctrl)
{
	if (ctrl != ~0U)
		return 0;
	dev_err(dev,
		"IMS array: slot %u reads as all ones; is the device gone, in reset, or its memory disabled?\n",
		index);
	return -ENODEV;
}

/* Whatever the device held, from now on the slot is masked and empty */
static void ims_array_silence(void __iomem *slot, u32 ctrl)
{
	writel(ctrl | IMS_CTRL_MASKED, slot + IMS_SLOT_CTRL);
	writel(0, slot + IMS_SLOT_ADDRESS_LO);
	writel(0, slot + IMS_SLOT_ADDRESS_HI);
	writel(0, slot + IMS_SLOT_DATA);
}

static int ims_array_init(struct device *dev, void *store,
			  unsigned int nr_slots)
{
	void __iomem *slot;
	unsigned int i;
	u32 ctrl;
	int ret;

	for (i = 0; i < nr_slots; i++) {
		slot = ims_array_slot(store, i);
		ctrl = readl(slot + IMS_SLOT_CTRL);
		ret = ims_array_check_ctrl(dev, i, ctrl);
		if (ret)
			return ret;
		ims_array_silence(slot, ctrl);
	}
	readl(ims_array_slot(store, 0));	/* flush */
	return 0;
}

/*
 * Masked since ims_array_init() or since it was freed, unless the device was
 * reset in between and does not wake up masked. Learn the other bits of ctrl.
 */
static int ims_array_alloc_store(struct device *consumer,
				 struct device_msi_desc **descs,
				 unsigned int nr)
{
	void __iomem *slot;
	unsigned int i;
	u32 ctrl;
	int ret;

	for (i = 0; i < nr; i++) {
		slot = ims_array_desc_slot(descs[i]);
		ctrl = readl(slot + IMS_SLOT_CTRL);
		ret = ims_array_check_ctrl(consumer, descs[i]->index, ctrl);
		if (ret)
			return ret;
		if (!(ctrl & IMS_CTRL_MASKED)) {
			ims_array_silence(slot, ctrl);
			readl(slot + IMS_SLOT_CTRL);	/* flush */
		}
		descs[i]->slot_data = ctrl | IMS_CTRL_MASKED;
	}
	return nr;
}

/* The device may have come back from its reset with the slot unmasked */
static void ims_array_restore(struct device_msi_desc *desc,
			      const struct msi_msg *msg)
{
	desc->slot_data &= ~(unsigned long)IMS_CTRL_MASKED;
	ims_array_mask(desc);
	ims_array_write_msg(desc, msg);
}

static void ims_array_read_slot(void *store, unsigned int index,
				struct device_msi_slot *slot)
{
	void __iomem *at = ims_array_slot(store, index);

	slot->msg.address_lo = readl(at + IMS_SLOT_ADDRESS_LO);
	slot->msg.address_hi = readl(at + IMS_SLOT_ADDRESS_HI);
	slot->msg.data = readl(at + IMS_SLOT_DATA);
	slot->ctrl = readl(at + IMS_SLOT_CTRL);
	slot->masked = slot->ctrl & IMS_CTRL_MASKED;
}

static void ims_array_destroy(void *store)
{
	kfree(store);
}

static const struct device_msi_ops ims_array_ops = {
	.owner		 = THIS_MODULE,
	.init		 = ims_array_init,
	.msi_alloc_store = ims_array_alloc_store,
	.write_msg	 = ims_array_write_msg,
	.mask		 = ims_array_mask,
	.unmask		 = ims_array_unmask,
	.restore	 = ims_array_restore,
	.read_slot	 = ims_array_read_slot,
	.destroy	 = ims_array_destroy,
};

static int ims_array_check_info(struct device *dev,
				const struct ims_array_info *info)
{
	if (!info->base || !IS_ALIGNED((unsigned long)info->base, 4)) {
		dev_err(dev, "IMS array: base is %s; map the array first\n",
			info->base ? "not aligned to 4 bytes" : "NULL");
		return -EINVAL;
	}
	if (WARN_ON_ONCE(info->flags & ~DEVICE_MSI_VMM_EMULATES))
		return -EINVAL;
	if (info->size / IMS_SLOT_SIZE < info->nr_slots) {
		dev_err(dev,
			"IMS array: %u slots need %llu bytes, %zu are mapped\n",
			info->nr_slots, (u64)info->nr_slots * IMS_SLOT_SIZE,
			info->size);
		return -EINVAL;
	}
	return 0;
}

/**
 * ims_array_create_domain() - Create the domain of an array store
 * @dev:	the PCI function that has the array
 * @info:	the array; copied
 *
 * Masks and clears every slot. The caller has enabled the device's memory and
 * bus mastering: a message is a memory write of the device. The domain goes
 * with device_msi_remove_domain().
 *
 * Context: Process context, may sleep.
 * Return: the domain, or an ERR_PTR: -EINVAL for a wrong argument, or an error
 * of device_msi_create_domain(). The reason is in the kernel log.
 */
struct device_msi_domain *
ims_array_create_domain(struct device *dev, const struct ims_array_info *info)
{
	struct device_msi_info domain_info = { .ops = &ims_array_ops };
	struct device_msi_domain *dom;
	struct ims_array *array;
	int ret;

	if (WARN_ON_ONCE(!dev || !info))
		return ERR_PTR(-EINVAL);
	ret = ims_array_check_info(dev, info);
	if (ret)
		return ERR_PTR(ret);

	array = kzalloc(sizeof(*array), GFP_KERNEL);
	if (!array)
		return ERR_PTR(-ENOMEM);
	array->base = info->base;

	domain_info.store = array;
	domain_info.nr_slots = info->nr_slots;
	domain_info.flags = info->flags;
	dom = device_msi_create_domain(dev, &domain_info);
	if (IS_ERR(dom))
		kfree(array);
	return dom;
}
EXPORT_SYMBOL_GPL(ims_array_create_domain);

static void ims_array_devm_remove(void *dom)
{
	device_msi_remove_domain(dom);
}

/**
 * devm_ims_array_create_domain() - ims_array_create_domain() for a probe()
 * @dev:	the PCI function that has the array
 * @info:	the array; copied
 *
 * The domain is removed when the driver is unbound from @dev, after everything
 * that was acquired with devm_ functions later, such as the interrupts.
 *
 * Context: Process context, may sleep.
 * Return: as ims_array_create_domain(), or ERR_PTR(-ENOMEM).
 */
struct device_msi_domain *
devm_ims_array_create_domain(struct device *dev,
			     const struct ims_array_info *info)
{
	struct device_msi_domain *dom;
	int ret;

	dom = ims_array_create_domain(dev, info);
	if (IS_ERR(dom))
		return dom;

	ret = devm_add_action_or_reset(dev, ims_array_devm_remove, dom);
	return ret ? ERR_PTR(ret) : dom;
}
EXPORT_SYMBOL_GPL(devm_ims_array_create_domain);

MODULE_DESCRIPTION("Interrupt Message Store: an array in device memory");
MODULE_LICENSE("GPL");
MODULE_VERSION(IMS_VERSION);
