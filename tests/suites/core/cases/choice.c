// SPDX-License-Identifier: GPL-2.0-only
/*
 * The test store chooses its slots by itself, rightly or wrongly.
 */
#include "store.h"

static unsigned int test_choose_sparse(const struct test_store *store)
{
	unsigned int first, i;

	for (first = 0; first < 3; first++)
		for (i = first; i < store->nr_slots; i += 3)
			if (!store->slots[i].ready)
				return i;
	return DEVICE_MSI_NO_SLOT;
}

static unsigned int test_first_in_use(const struct test_store *store)
{
	unsigned int i = 0;

	while (i < store->nr_slots - 1 && !store->slots[i].ready)
		i++;
	return i;
}

/* Choose for descs[@at]; false if the store is full */
bool test_choose(struct test_store *store, struct device_msi_desc **descs,
		 unsigned int at)
{
	struct device_msi_desc *desc = descs[at];

	desc->slot_data = TEST_MISTAKE;
	switch (store->choice) {
	case TEST_CHOOSE_NOTHING:
		return true;
	case TEST_CHOOSE_BEYOND:
		desc->index = store->nr_slots;
		return true;
	case TEST_CHOOSE_IN_USE:
		desc->index = test_first_in_use(store);
		return true;
	case TEST_CHOOSE_TWICE:
		if (at) {
			desc->index = descs[0]->index;
			return true;
		}
		break;
	case TEST_CHOOSE_SPARSE:
		break;
	}
	desc->slot_data = 0;
	desc->index = test_choose_sparse(store);
	return desc->index != DEVICE_MSI_NO_SLOT;
}
