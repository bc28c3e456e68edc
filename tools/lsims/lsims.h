/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lsims: what its files share. A store and its interrupts are what the kernel says of
 * them, as text: a field is NULL where the kernel says '-', or where nothing was read.
 */
#ifndef LSIMS_H
#define LSIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct libscols_table;

/* Keys of a store, in the order of store_keys[] */
enum key {
	KEY_STORE, KEY_DEVICE, KEY_BUS, KEY_MODULE, KEY_PARENT, KEY_PROVIDER,
	KEY_ISOLATED, KEY_MESSAGE, KEY_DEFERRED, KEY_READABLE, KEY_ACCESS, KEY_SLOTS,
	KEY_ALLOCATED, KEY_REQUESTED, KEY_SPARES, KEY_QUARANTINED,
	NR_KEYS
};

extern const char * const store_keys[NR_KEYS];

/* Fields of an interrupt, in the order of irq_fields[] */
enum field {
	FIELD_SLOT, FIELD_IRQ, FIELD_CPUS, FIELD_AFFINITY, FIELD_NODE, FIELD_CONSUMER,
	FIELD_NAME, FIELD_ADDRESS, FIELD_DATA, FIELD_HELD_ADDRESS, FIELD_HELD_DATA,
	FIELD_HELD_CTRL, FIELD_MASKED, FIELD_HELD_MASKED, FIELD_PENDING, FIELD_PASID,
	FIELD_SIDEBAND, FIELD_COUNT, FIELD_STATE, FIELD_AGREES,
	NR_FIELDS
};

extern const char * const irq_fields[NR_FIELDS];

/**
 * struct irq - One interrupt
 * @field:	what the kernel says of it
 * @rate:	interrupts in a second since the last look; negative if not known
 */
struct irq {
	const char	*field[NR_FIELDS];
	double		rate;
};

/**
 * struct store - One store
 * @key:	what the kernel says of it
 * @irqs:	its interrupts, by slot
 * @nr_irqs:	how many
 * @room:	how many @irqs has room for
 * @text:	memory that @key and @irqs point into
 * @nr_text:	how many pieces
 */
struct store {
	const char	*key[NR_KEYS];
	struct irq	*irqs;
	size_t		nr_irqs;
	size_t		room;
	char		**text;
	size_t		nr_text;
};

/**
 * struct stores - What was read
 * @store:	the stores, by name
 * @nr:		how many
 * @limited:	why only what any user may see was read, and what helps; or NULL
 */
struct stores {
	struct store	*store;
	size_t		nr;
	const char	*limited;
};

/**
 * struct options - What was asked for
 * @device:	a device or a store, or NULL for all
 * @columns:	the argument of --output, or NULL
 * @all:	all columns
 * @json:	JSON
 * @raw:	columns are not aligned
 * @pairs:	KEY="value"
 * @noheadings:	no line of headings
 * @interval:	seconds between two looks of --watch
 * @iterations:	how many looks; 0 is until interrupted
 */
struct options {
	const char	*device;
	const char	*columns;
	bool		all;
	bool		json;
	bool		raw;
	bool		pairs;
	bool		noheadings;
	double		interval;
	unsigned long	iterations;
};

/* What the exit status says, after EXIT_SUCCESS and EXIT_FAILURE */
#define EXIT_DISAGREE	2

/* model.c */
void *need(void *memory);
char *store_keep(struct store *store, char *text);
struct irq *store_add_irq(struct store *store);
struct store *stores_add(struct stores *stores);
void stores_sort(struct stores *stores);
void stores_free(struct stores *stores);

/* path.c */
extern const char *sysroot;
int path_open(const char *format, ...) __attribute__((format(printf, 1, 2)));
void *path_opendir(const char *path);
bool path_exists(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *path_read_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* source.c */
int stores_read(struct stores *stores, const struct options *options, bool heads_only);

/* source_table.c */
#define TABLES "/sys/kernel/debug/device_msi_table"
const char *tables_missing(void);
int tables_read(struct stores *stores, const char *device, bool heads_only);

/* source_sysfs.c */
void sysfs_read(struct stores *stores, const char *device);

/* device.c */
bool device_matches(const char *wanted, const char *store, const char *device);
char *device_of_store(const char *store);

/* columns.c */
/**
 * struct column - A column that can be asked for
 * @name:	its heading
 * @help:	what it is
 * @kind:	how it is shown
 * @from:	the key or the field that it has
 */
struct column {
	const char	*name;
	const char	*help;
	enum { TEXT, NAME, NUMBER, FLAG, HEX, MESSAGE, HELD, RATE, PERCPU, DRIVER, STORE } kind;
	int		from;
};

#define MAX_COLUMNS 64
struct columns {
	const struct column	*column[MAX_COLUMNS];
	size_t			nr;
};

extern const struct column store_columns[], irq_columns[];
int columns_choose(struct columns *chosen, const struct column *known,
		   const char *defaults, const struct options *options);
void columns_list(FILE *out, const struct column *known);

/* cell.c */
char *store_cell(const struct store *store, const struct column *column, bool json);
char *irq_cell(const struct store *store, const struct irq *irq,
	       const struct column *column, bool json);

/* output.c */
struct libscols_table *table_new(const struct options *options, const char *name);
int table_add_columns(struct libscols_table *table, const struct columns *columns,
		      const struct options *options, bool tree);
void table_fill_irq(struct libscols_table *table, void *line, size_t first,
		    const struct columns *columns, const struct store *store,
		    const struct irq *irq, const struct options *options);
int table_print(struct libscols_table *table);
int print_stores(const struct stores *stores, const struct options *options);
int print_irqs(const struct stores *stores, const struct options *options,
	       const char *defaults);

/* raw.c */
int print_irqs_raw(const struct stores *stores, const struct columns *columns,
		   const struct options *options);

/* tree.c, verify.c, watch.c */
int print_tree(const struct stores *stores, const struct options *options);
int verify(const struct options *options);
int watch(const struct options *options);

#endif /* LSIMS_H */
