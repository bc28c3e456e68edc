/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts whose moves take a while, and CPUs that go offline meanwhile: offline.c. To be
 * included after internals.h.
 */
#ifndef _IMS_CORE_OFFLINE_H
#define _IMS_CORE_OFFLINE_H

/* A move changes the message, and the device sends the old one until a commit */
static inline bool device_msi_moves_by_commit(const struct device_msi_domain *dom)
{
	return dom->deferred && !dom->parent.ops->fixed_message;
}

/*
 * A move is complete only a while after the kernel has asked for it, and the CPU that the
 * interrupt moves off must be online until then
 */
static inline bool device_msi_moves_slowly(const struct device_msi_domain *dom)
{
	return device_msi_moves_by_commit(dom) || dom->parent.ops->parent_writes;
}

/*
 * The parent frees the old message when it moves an interrupt: the device must not have it
 * then, see masked_move.c
 */
static inline bool device_msi_moves_masked(const struct device_msi_domain *dom)
{
	return dom->deferred && dom->parent.ops->parent_writes;
}

int device_msi_offline_init(void);
void device_msi_offline_exit(void);
void device_msi_offline_add(struct device_msi_domain *dom);
void device_msi_offline_remove(struct device_msi_domain *dom);
const struct cpumask *device_msi_usable_cpus(const struct cpumask *mask);
int device_msi_move_slowly(struct irq_data *d, const struct cpumask *mask,
			   bool force);

/* masked_move.c */
void device_msi_complete_move(struct device_msi_irq *irq);
void device_msi_masked_move_chip_init(struct device_msi_domain *dom);

#endif /* _IMS_CORE_OFFLINE_H */
