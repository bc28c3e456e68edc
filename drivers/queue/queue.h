/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A queue store: shared by store.c, which is what the core asks of it, and
 * command.c, which is what it asks of the device.
 */
#ifndef _IMS_QUEUE_H
#define _IMS_QUEUE_H

/* The prefix of every line in the log: include this header before those of Linux */
#define dev_fmt(fmt)	"IMS queue: " fmt
#define pr_fmt(fmt)	"IMS queue: " fmt

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <ims/backend.h>
#include <ims/ims.h>

struct pci_dev;

/**
 * struct ims_queue_words - A slot, as the device is to have it
 * @msg:	address and data
 * @ctrl:	with mask bit and sideband
 */
struct ims_queue_words {
	struct msi_msg	msg;
	u32		ctrl;
};

/**
 * struct ims_queue_slot - An allocated slot
 * @desc:	the core's part of it
 * @shadow:	the driver's
 * @node:	in queue->changed, or empty
 * @msg:	what the kernel wants
 * @ctrl:	likewise; masked, with the sideband and the device's own bits
 * @send:	likewise: it may send @msg
 * @sending:	what the command under way tells the device
 * @sent:	what the device has, if @known
 * @round:	of the last command that told it
 * @known:	no command that may have changed it has failed since
 * @failed:	commands in a row that failed
 * @under_way:	a command is, and the slot was not restored since it began
 * @quarantined: there are no more until the slot is restored
 */
struct ims_queue_slot {
	const struct device_msi_desc *desc;
	void			*shadow;
	struct list_head	node;
	struct msi_msg		msg;
	u32			ctrl;
	bool			send;
	struct ims_queue_words	sending;
	struct ims_queue_words	sent;
	u32			round;
	bool			known;
	u8			failed;
	bool			under_way;
	bool			quarantined;
};

/**
 * struct ims_queue - A store
 * @dev:	the device, for the log
 * @info:	what the driver gave
 * @layout:	of a shadow; its stride is the size of one
 * @ops:	the core's operations; without those that the driver lacks
 * @commands:	one command at a time; taken after the domain's lock
 * @entries:	room for the command under way
 * @slots:	likewise
 * @lock:	all slots, and what follows; taken under a descriptor's raw lock
 * @round:	counts commands, so that one tells a slot once
 * @changed:	slots of which the device has, or may have, something else
 * @held:	nested ims_queue_begin(): the device is not told by the worker
 * @restoring:	the core restores slot after slot, and @failures was reset with the
 *		first: with each, a dead device would be tried far more often. Until
 *		the core commits all slots; it delays no command.
 * @failures:	commands in a row that failed, of whatever slots
 * @stats:	counts
 * @work:	tells the device what nobody waits for
 * @abandoned:	the driver is gone, or about to go
 * @reports:	struct ims_queue_report, to be told to the driver
 * @report_work:	tells the driver
 */
struct ims_queue {
	struct device			*dev;
	struct ims_queue_info		info;
	struct ims_layout		layout;
	struct device_msi_ops		ops;
	struct mutex			commands;	/* one at a time */
	struct ims_queue_entry		*entries;
	struct ims_queue_slot		**slots;
	raw_spinlock_t			lock;		/* all slots */
	u32				round;
	struct list_head		changed;
	unsigned int			held;
	bool				restoring;
	unsigned int			failures;
	struct ims_queue_stats		stats;
	struct work_struct		work;
	bool				abandoned;
	struct list_head		reports;
	struct work_struct		report_work;
};

static inline struct ims_queue_entry
ims_queue_entry(const struct ims_queue_slot *slot)
{
	return (struct ims_queue_entry) {
		.consumer	= slot->desc->consumer,
		.shadow		= slot->shadow,
		.index		= slot->desc->index,
	};
}

/* store.c */
extern const struct device_msi_ops ims_queue_ops;
void ims_queue_free(struct ims_queue *queue);

/* As many slots in a command at most: each has its shadow written under the driver's lock */
#define IMS_QUEUE_MAX_BATCH	1024U

/* As many slots are looked at before interrupts are let in */
#define IMS_QUEUE_STRETCH	64U

/* check.c */
int ims_queue_check_info(struct device *dev,
			 const struct ims_queue_info *info,
			 const struct ims_layout *layout);
void ims_queue_check_pci(struct pci_dev *pdev);

/* command.c */
bool ims_queue_enlist(struct ims_queue *queue, struct ims_queue_slot *slot);
bool ims_queue_is_acknowledged_locked(const struct ims_queue *queue,
				      const struct ims_queue_slot *slot);
void ims_queue_change(struct ims_queue *queue, struct ims_queue_slot *slot);
int ims_queue_commit(struct ims_queue *queue, struct ims_queue_slot *slot);
int ims_queue_commit_all(struct ims_queue *queue);
void ims_queue_forget(struct ims_queue *queue, struct ims_queue_slot *slot);
void ims_queue_commit_work(struct work_struct *work);

/* quarantine.c */
void ims_queue_add_report(struct ims_queue *queue,
			  const struct ims_queue_slot *slot, int error);
void ims_queue_report_work(struct work_struct *work);
void ims_queue_drop_reports(struct ims_queue *queue);

#endif /* _IMS_QUEUE_H */
