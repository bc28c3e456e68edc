// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device that fails some times and then works, at every point: it is tried
 * again, and nobody notices.
 */
#include <linux/cpumask.h>
#include <linux/ktime.h>
#include <linux/umh.h>

#include "suite.h"

/* Commands in a row that may fail, but for the last */
#define FAILURES	5U

static struct msi_map maps[16];

/* After @n failures and what they were for: as if they had not been */
static int unnoticed(struct queue_test *t, unsigned int n)
{
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(t->fake->failed == n);
	EXPECT(!queue_quarantined(t));
	EXPECT(!t->fake->lost);
	EXPECT(queue_stats_agree(t));
	fake_forget(t->fake);
	return 0;
}

/* It may have taken what it says that it has not */
static void fail_next(struct queue_test *t, unsigned int n)
{
	fake_fail(t->fake, 1, n, n % 2 ? -EIO : -ETIMEDOUT);
	t->fake->takes_anyway = n > 2;
}

static int case_failures_of_alloc(struct queue_test *t)
{
	struct msi_map map;
	unsigned int n;

	for (n = 1; n <= FAILURES; n++) {
		fail_next(t, n);
		map = queue_alloc(t, n);
		EXPECT(map.index == n);
		TRY(unnoticed(t, n));
		EXPECT(fake_silent(t->fake, n));
		fail_next(t, n);
		EXPECT(!queue_alloc_many(t, maps, 8));
		/* Each goes alone after a failure */
		EXPECT(t->fake->failed == n);
		fake_forget(t->fake);
		EXPECT(!device_msi_free_irqs(t->dom, t->dev));
	}
	return 0;
}

static int case_failures_of_request(struct queue_test *t)
{
	struct msi_map map;
	unsigned int n;

	for (n = 1; n <= FAILURES; n++) {
		map = queue_alloc(t, n);
		EXPECT(map.index == n);
		fail_next(t, n);
		EXPECT(!queue_request(t, map.virq));
		EXPECT(queue_live(t, map));
		TRY(unnoticed(t, n));
	}
	return 0;
}

static int case_failures_of_a_move(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);
	int cpu = queue_other_cpu();
	unsigned int n;

	EXPECT(map.index == 0);
	if (!t->moves || !cpu)
		return 0;
	for (n = 1; n <= FAILURES; n++) {
		TRY(queue_move_to(t, map.virq, 0));
		EXPECT(queue_fires(t, map.virq));
		EXPECT(!device_msi_synchronize(t->dom));
		fail_next(t, n);
		TRY(queue_ask_to_move(t, map.virq, cpu));
		EXPECT(SOON(queue_live(t, map)));
		TRY(unnoticed(t, n));
		EXPECT(queue_fires(t, map.virq));
	}
	return 0;
}

static int case_failures_of_free(struct queue_test *t)
{
	struct msi_map map;
	unsigned int n;

	for (n = 1; n <= FAILURES; n++) {
		map = queue_alloc_requested(t, n);
		EXPECT(map.index == n);
		fail_next(t, n);
		queue_release(t, map.virq);
		EXPECT(fake_silent(t->fake, n));
		TRY(unnoticed(t, n));
		EXPECT(!queue_free(t, map));
		EXPECT(!t->fake->in_use);
	}
	return 0;
}

static int case_failures_of_the_sideband(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);
	unsigned int n;

	EXPECT(map.index == 0);
	for (n = 1; n <= FAILURES; n++) {
		fail_next(t, n);
		EXPECT(!device_msi_set_pasid(t->dom, t->dev, 0, n));
		EXPECT(fake_ctrl(t->fake, 0) == (n << 12 | BIT(3)));
		EXPECT(queue_live(t, map));
		TRY(unnoticed(t, n));
	}
	return 0;
}

static int case_failures_of_restore(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);
	unsigned int n;

	EXPECT(map.index == 0);
	EXPECT(queue_alloc(t, 1).index == 1);
	for (n = 1; n <= FAILURES; n++) {
		fake_scramble(t->fake, 0xa5);
		fail_next(t, n);
		EXPECT(!device_msi_restore(t->dom));
		EXPECT(queue_live(t, map) && fake_silent(t->fake, 1));
		TRY(unnoticed(t, n));
	}
	return 0;
}

/* What changes meanwhile is taken along, and the pauses grow, not the tries */
static int case_change_during_failures(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 0);
	unsigned int i;

	EXPECT(map.index == 0);
	irq_set_status_flags(map.virq, IRQ_NOAUTOEN);
	EXPECT(!queue_request(t, map.virq));
	fake_fail(t->fake, 1, 4, -EIO);
	enable_irq(map.virq);
	EXPECT(SOON(queue_commands(t)));
	for (i = 0; i < 100; i++) {
		disable_irq_nosync(map.virq);
		enable_irq(map.virq);
	}
	EXPECT(!irq_set_affinity(map.virq, cpumask_of(queue_other_cpu())));
	EXPECT(!device_msi_synchronize(t->dom));
	EXPECT(queue_live(t, map));
	EXPECT(queue_commands(t) <= 4 + 1 + t->per_move);
	return 0;
}

/* Far more than a dead device is allowed, but never many in a row */
static int case_failures_count_in_a_row_only(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 0);
	unsigned int i;

	EXPECT(map.index == 0);
	for (i = 0; i < 70; i++) {
		fake_fail(t->fake, 1, 1, -EIO);
		EXPECT(!queue_request(t, map.virq));
		EXPECT(queue_live(t, map));
		queue_release(t, map.virq);
		EXPECT(t->fake->failed == 1 && queue_commands(t) == 3);
	}
	return 0;
}

/* Of 1, 2, 4, 8 and 16 ms. Longer they may be: the machine may be busy */
static int case_failures_are_followed_by_pauses(struct queue_test *t)
{
	struct msi_map map = queue_alloc(t, 0);
	ktime_t start;

	EXPECT(map.index == 0);
	fake_fail(t->fake, 1, FAILURES, -EIO);
	start = ktime_get();
	EXPECT(!queue_request(t, map.virq));
	EXPECT(ktime_ms_delta(ktime_get(), start) >= (1 << FAILURES) - 1);
	EXPECT(t->fake->failed == FAILURES && queue_live(t, map));
	return 0;
}

static int case_bad_slot_takes_no_other_along(struct queue_test *t)
{
	unsigned int i;

	EXPECT(!queue_alloc_many(t, maps, ARRAY_SIZE(maps)));
	fake_slot(t->fake, 5)->error = -EIO;
	fake_forget(t->fake);
	EXPECT(!ims_queue_begin(t->dom));
	for (i = 0; i < ARRAY_SIZE(maps); i++)
		EXPECT(!queue_request(t, maps[i].virq));
	EXPECT(ims_queue_end(t->dom) == -EIO);
	for (i = 0; i < ARRAY_SIZE(maps); i++)
		EXPECT(queue_live(t, maps[i]) == (maps[i].index != 5));
	EXPECT(queue_quarantined(t) == 1);
	EXPECT(SOON(READ_ONCE(t->fake->lost) == 1));
	EXPECT(t->fake->lost_index == 5 && t->fake->lost_error == -EIO);
	/* One for all, one each for the others, the tries and the last word */
	EXPECT(queue_commands(t) <= ARRAY_SIZE(maps) + 7);
	fake_slot(t->fake, 5)->error = 0;
	EXPECT(!device_msi_restore(t->dom));
	return 0;
}

/* Only a process can read debugfs. There is no other domain than ours. */
static bool file_says(const char *folder, const char *how, const char *text)
{
	static char command[160];
	char *argv[4] = { "/bin/bash", "-c", command, NULL };
	char *envp[2] = { "PATH=/usr/bin:/bin", NULL };

	snprintf(command, sizeof(command),
		 "grep -q %s '%s' /sys/kernel/debug/%s/IMS-*", how, text, folder);
	return !call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
}

static bool debugfs_says(const char *text)
{
	return file_says("device_msi", "-F", text);
}

/* The table for programs has such a row: a regular expression */
static bool table_says(const char *row)
{
	return file_says("device_msi_table", "-x", row);
}

static int case_debugfs_shows_what_became_of_commands(struct queue_test *t)
{
	struct msi_map map = queue_alloc_requested(t, 0);

	EXPECT(map.index == 0);
	EXPECT(debugfs_says("commands: 2, 0 failed; slots committed: 2; in quarantine: 0"));
	EXPECT(!debugfs_says("(quarantine)"));
	EXPECT(table_says("0 .* requested yes"));
	fake_fail(t->fake, 1, U64_MAX, -EIO);
	queue_release(t, map.virq);
	EXPECT(!queue_free(t, map));
	EXPECT(debugfs_says("commands: 8, 6 failed; slots committed: 2; in quarantine: 1"));
	EXPECT(debugfs_says("(quarantine)"));
	EXPECT(table_says("0 .* quarantine uncommitted"));
	fake_forget(t->fake);
	EXPECT(!device_msi_restore(t->dom));
	EXPECT(debugfs_says("in quarantine: 0"));
	EXPECT(!debugfs_says("(quarantine)"));
	EXPECT(!table_says("0 .*"));
	return 0;
}

#define PASID(_name)	CASE(_name, .layout = &ims_layout_pasid)

const struct queue_case queue_failure_cases[] = {
	CASE(failures_of_alloc, .max_batch = 8),
	CASE(failures_of_request),
	CASE(failures_of_a_move),
	CASE(failures_of_free),
	PASID(failures_of_the_sideband),
	CASE(failures_of_restore),
	CASE(change_during_failures),
	CASE(failures_count_in_a_row_only),
	CASE(failures_are_followed_by_pauses),
	CASE(bad_slot_takes_no_other_along, .max_batch = 32),
	CASE(debugfs_shows_what_became_of_commands),
	{}
};
