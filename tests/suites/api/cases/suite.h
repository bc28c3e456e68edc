/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The suite over arrays in ordinary memory: what a case is, what it is given,
 * and how it looks at the memory.
 */
#ifndef _IMS_TEST_API_SUITE_H
#define _IMS_TEST_API_SUITE_H

#include <linux/device.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <ims/ims.h>

#include "cases.h"

#define SLOTS		16U
#define TEST_WINDOWS	4U

/* Where edu has no registers: reads are all ones, writes go nowhere */
#define EDU_HOLE	0x1000

/* What a device may wake up with */
#define TEST_JUNK	0x5a
#define TEST_JUNK_WORD	0x5a5a5a5aU

/**
 * enum test_group - Cases that run together, by the module parameter group
 * @TEST_ORDINARY:	the rest
 * @TEST_MISUSE:	provoke a warning, or leave things behind
 * @TEST_MESSAGES:	with messages of the test's choice; allow_guest of ims_core
 *			must be off
 * @TEST_NR_GROUPS:	their number
 */
enum test_group {
	TEST_ORDINARY,
	TEST_MISUSE,
	TEST_MESSAGES,
	TEST_NR_GROUPS,
};

/**
 * struct test_array - An array in ordinary memory
 * @layout:	of its slots
 * @words:	the slots
 * @ctrls:	the ctrl words outside of them, or NULL
 * @masks:	a bitmap of mask bits, or NULL
 * @windows:	where they are; the first has all that is not said otherwise
 * @info:	what it was created with
 * @dom:	its domain, NULL once a case has removed it
 * @there:	how @words are mapped, while test_array_hide() hides them; else 0
 */
struct test_array {
	struct ims_layout		layout;
	void				*words;
	void				*ctrls;
	u32				*masks;
	struct ims_window		windows[TEST_WINDOWS];
	struct ims_array_info		info;
	struct device_msi_domain	*dom;
	unsigned long			there;
};

/* Why a case does not run, or NULL: of those for which memory is hidden */
#if defined(CONFIG_X86) || defined(CONFIG_ARM64)
#define TEST_CANNOT_HIDE	NULL
#else
#define TEST_CANNOT_HIDE	"NOT RUN: nothing here finds the kernel's page tables"
#endif

/* And of those that count accesses; elsewhere the kernel does not step over a watchpoint */
#ifdef CONFIG_X86
#define TEST_CANNOT_WATCH	NULL
#else
#define TEST_CANNOT_WATCH	"NOT RUN: the kernel cannot go on after a watchpoint of a driver"
#endif

/**
 * struct test_case - One case
 * @name:	what is true if it passes
 * @run:	returns 0, or the line of the expectation that failed; is given an
 *		array of SLOTS standard slots
 * @bare:	that array has no domain yet
 * @file:	where it is
 * @group:	when it runs
 * @keeps_memory: why it does not run without memory, or NULL
 * @cannot_run:	why it does not run on this architecture, or NULL
 */
struct test_case {
	const char	*name;
	int (*run)(struct test_array *a);
	bool		bare;
	const char	*file;
	enum test_group	group;
	const char	*keeps_memory;
	const char	*cannot_run;
};

/* Each file's cases, ended by an empty one */
extern const struct test_case test_domain_cases[];
extern const struct test_case test_interrupt_cases[];
extern const struct test_case test_refused_cases[];
extern const struct test_case test_layout_cases[];
extern const struct test_case test_listener_cases[];
extern const struct test_case test_reread_cases[];
extern const struct test_case test_window_cases[];
extern const struct test_case test_sideband_cases[];
extern const struct test_case test_parked_cases[];
extern const struct test_case test_message_cases[];
extern const struct test_case test_memory_cases[];
extern const struct test_case test_absent_cases[];
extern const struct test_case test_ctrl_cases[];
extern const struct test_case test_pending_cases[];
extern const struct test_case test_bitmap_cases[];
extern const struct test_case test_index_cases[];

/* message.c: whom the group TEST_MESSAGES gets its messages from */
struct device_msi_provider;
extern struct device_msi_provider test_provider;

/* fixture.c */
extern struct device *dev;
int test_array_prepare(struct test_array *array,
		       const struct ims_layout *layout, unsigned int nr_slots);
int test_array_create(struct test_array *array,
		      const struct ims_layout *layout, unsigned int nr_slots);
int test_array_free(struct test_array *array);
long test_error(struct device *on, const struct ims_array_info *info);
struct msi_map test_alloc(const struct test_array *array, unsigned int index);
irqreturn_t test_handler(int irq, void *data);
bool test_parent_is(const char *name);
int test_waits(unsigned int virq);
u32 test_word(const struct test_array *array, unsigned int index, u16 offset);
u32 test_msg_data(const struct test_array *array, unsigned int index);
u32 test_ctrl(const struct test_array *array, unsigned int index);
bool test_masked(const struct test_array *array, unsigned int index);
bool test_message(const struct test_array *array, unsigned int index,
		  u32 address_lo, u32 address_hi, u32 data);
bool test_silent(const struct test_array *array, unsigned int index);
bool test_live(const struct test_array *array, unsigned int index);
bool test_junk(const struct test_array *array, unsigned int index);
void test_window_at(const struct test_array *array, struct ims_window *window,
		    unsigned int first, unsigned int nr);

/* hide.c */
void test_array_hide(struct test_array *array);
void test_array_show(struct test_array *array);

#endif /* _IMS_TEST_API_SUITE_H */
