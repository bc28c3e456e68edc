/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The queue store's private state. store.c has the operations that the core calls, and
 * command.c the commands that the store has the driver send.
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
 * struct ims_queue_words - The words of a slot, as a command carries them
 * @msg:	address and data
 * @ctrl:	the ctrl word, with the mask bit and the sideband
 */
struct ims_queue_words {
	struct msi_msg	msg;
	u32		ctrl;
};

/**
 * struct ims_queue_slot - An allocated slot
 * @desc:	the core's descriptor of the slot
 * @shadow:	the driver's memory for the slot, which commands read
 * @node:	in queue->changed, or empty
 * @msg:	the message that the kernel wants
 * @ctrl:	the ctrl word that the kernel wants, masked: the sideband and the
 *		device's own bits
 * @send:	the kernel wants the slot unmasked, with @msg
 * @sending:	the words that the command under way carries
 * @sent:	the words that the device holds, if @known
 * @round:	queue->round of the last command that carried the slot
 * @connected:	commands carry the slot. Otherwise what is wanted is written to the
 *		shadow, and that is all.
 * @known:	the device has acknowledged @sent, and no later command has failed
 * @failed:	how many commands for the slot have failed in a row
 * @under_way:	a command carries the slot, and no restore has come since it began
 * @quarantined: the slot is in quarantine: no command carries it until it is restored
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
	bool			connected;
	bool			known;
	u8			failed;
	bool			under_way;
	bool			quarantined;
};

/**
 * struct ims_queue - A queue store
 * @dev:	the device, for the log
 * @info:	the driver's description of the store
 * @layout:	how a shadow is laid out; its stride is the size of a shadow
 * @ops:	the operations that the core calls; without those that the driver lacks
 * @commands:	serialises commands; acquired after the domain's lock
 * @entries:	the slots of the command under way, as the driver gets them
 * @slots:	the slots of the command under way
 * @lock:	protects all slots and the members below; acquired under a descriptor's
 *		raw lock
 * @command:	the slots in @slots are connected: a command carries them. Otherwise only
 *		their shadows are written.
 * @round:	counts commands, so that a command carries a slot only once
 * @changed:	the slots for which the device may hold other words than wanted
 * @held:	depth of nested ims_queue_begin(), during which @work commits nothing.
 *		Incremented with the mutex held, too: no command of @work is in flight then
 * @restoring:	the core is restoring one slot after the other, and @failures was reset
 *		with the first of them. A reset with each slot would have a dead device
 *		tried far more often. Cleared when the core commits all slots; commands
 *		are sent meanwhile.
 * @failures:	how many commands have failed in a row, whatever their slots
 * @stats:	what ims_queue_get_stats() returns
 * @work:	commits the changes that no caller waits for
 * @abandoned:	the driver unbinds while interrupts are requested: once the cleared slots
 *		are committed, none of its operations is called any more
 * @reports:	struct ims_queue_report, not yet given to the driver
 * @report_work: gives @reports to the driver
 */
struct ims_queue {
	struct device			*dev;
	struct ims_queue_info		info;
	struct ims_layout		layout;
	struct device_msi_ops		ops;
	struct mutex			commands;	/* one command at a time */
	struct ims_queue_entry		*entries;
	struct ims_queue_slot		**slots;
	raw_spinlock_t			lock;		/* all slots */
	bool				command;
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

static inline struct ims_queue_slot *
ims_queue_slot(const struct device_msi_desc *desc)
{
	return (struct ims_queue_slot *)desc->slot_data;
}

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

/* Most slots of a command: all their shadows are written under the driver's lock */
#define IMS_QUEUE_MAX_BATCH	1024U

/* How many slots are handled with interrupts off before they are enabled for a while */
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
