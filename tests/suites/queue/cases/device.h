/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device with a queue store, in ordinary memory: it takes messages by command
 * only, fails and dawdles as a case wants, and watches how the store treats it.
 */
#ifndef _IMS_TEST_DEVICE_H
#define _IMS_TEST_DEVICE_H

#include <linux/completion.h>
#include <linux/msi.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>
#include <ims/ims.h>

static inline bool queue_msg_is_empty(const struct msi_msg *msg)
{
	return !msg->address_lo && !msg->address_hi && !msg->data;
}

/* Room for a slot of any layout here */
#define FAKE_WORDS	40U

/* How many slots fake_choosing_ops gives out; 3 must not divide it */
#define FAKE_CHOICE	20U

/* What is in a slot that nobody has told anything: a message, not masked */
#define FAKE_GARBAGE	0x5a

/**
 * struct fake_slot - A slot
 * @shadow:	what get_shadow() gives
 * @last:	the shadow as the store left it
 * @has:	what the device has
 * @consumer:	while it is in use, or NULL
 * @told:	the last message of the listener
 * @changes:	how often that came
 * @error:	every command with this slot fails with it
 * @read_error:	read_back() of it fails with it
 * @command:	number of the last command with this slot
 * @knows:	the device has taken it once
 */
struct fake_slot {
	u32		shadow[FAKE_WORDS];
	u32		last[FAKE_WORDS];
	u32		has[FAKE_WORDS];
	struct device	*consumer;
	struct msi_msg	told;
	unsigned int	changes;
	int		error;
	int		read_error;
	u64		command;
	bool		knows;
};

enum fake_shadow {
	FAKE_SHADOW_GOOD,
	FAKE_SHADOW_NULL,
	FAKE_SHADOW_ODD,
};

/**
 * struct fake_device - The device, its switches and its records
 * @dev:	whose store it is
 * @layout:	of a slot
 * @max_batch:	as many slots in a command at most
 * @slots:	struct fake_slot by index
 * @get_error:	get_shadow() fails with it
 * @get_error_index: for this index only
 * @get_shadow:	what get_shadow() gives
 * @own:	bits of ctrl that are the device's own, in layout->preserve
 * @no_command:	shadows change without a command
 * @error:	commands number @fail_first to @fail_last fail with it, counted from
 *		1 since fake_forget()
 * @fail_first:	see @error
 * @fail_last:	see @error
 * @fail_percent: so many of the others fail, by chance
 * @takes_anyway: the device takes what it says that it failed to take
 * @read_error:	read_back() fails with it
 * @delay_ms:	a command takes so long
 * @held:	commands wait for @gate
 * @gate:	see @held
 * @entered:	a command waits
 * @watch:	called in a command, before it has an effect
 * @on_lock:	called once, by lock()
 * @on_lost:	called by quarantined()
 * @data:	the case's
 * @lock:	what the listener writes
 * @inside:	calls of the store that are under way
 * @locked:	between lock() and unlock()
 * @commands:	calls of sync() since fake_forget()
 * @failed:	those that failed
 * @total:	the same since the beginning, as the store counts
 * @in_use:	slots with a shadow
 * @lost:	calls of quarantined()
 * @lost_index:	of the last
 * @lost_error:	of the last
 * @lost_consumer: of the last; not to be followed
 * @violations:	promises that the store has broken
 * @violation:	the first
 */
struct fake_device {
	struct device		*dev;
	const struct ims_layout	*layout;
	unsigned int		max_batch;
	struct xarray		slots;

	int			get_error;
	unsigned int		get_error_index;
	enum fake_shadow	get_shadow;
	u32			own;
	bool			no_command;
	int			error;
	u64			fail_first;
	u64			fail_last;
	unsigned int		fail_percent;
	bool			takes_anyway;
	int			read_error;
	unsigned int		delay_ms;
	bool			held;
	struct completion	gate;
	struct completion	entered;
	void (*watch)(struct fake_device *fake,
		      const struct ims_queue_entry *entries, unsigned int nr);
	void (*on_lock)(struct fake_device *fake);
	void (*on_lost)(struct fake_device *fake);
	void			*data;

	raw_spinlock_t		lock;	/* what the listener writes */
	atomic_t		inside;
	bool			locked;
	u64			commands;
	u64			failed;
	struct ims_queue_stats	total;
	unsigned int		in_use;
	unsigned int		lost;
	unsigned int		lost_index;
	int			lost_error;
	const struct device	*lost_consumer;
	unsigned int		violations;
	char			violation[80];
};

/* All operations but choose_slot(); without lock() and what is optional */
extern const struct ims_queue_ops fake_ops;
extern const struct ims_queue_ops fake_bare_ops;

/* Of a device that reads shadows by itself; of one that chooses every third slot first */
extern const struct ims_queue_ops fake_reading_ops;
extern const struct ims_queue_ops fake_choosing_ops;

struct fake_device *fake_create(struct device *dev,
				const struct ims_layout *layout,
				unsigned int max_batch);
void fake_free(struct fake_device *fake);
struct fake_slot *fake_slot(struct fake_device *fake, unsigned int index);
void fake_msg_changed(void *data, struct device *consumer, unsigned int index,
		      const struct msi_msg *msg);

/* Switches */
void fake_forget(struct fake_device *fake);
void fake_fail(struct fake_device *fake, u64 first, u64 last, int error);
void fake_hold(struct fake_device *fake);
void fake_let_go(struct fake_device *fake);
bool fake_wait_held(struct fake_device *fake);
void fake_scramble(struct fake_device *fake, u8 byte);

/* What the device has */
u32 fake_word(const struct fake_device *fake, const u32 *words, u16 offset);
bool fake_masked(struct fake_device *fake, unsigned int index);
bool fake_silent(struct fake_device *fake, unsigned int index);
bool fake_has_msg(struct fake_device *fake, unsigned int index,
		  const struct msi_msg *msg);
u32 fake_ctrl(struct fake_device *fake, unsigned int index);

#endif /* _IMS_TEST_DEVICE_H */
