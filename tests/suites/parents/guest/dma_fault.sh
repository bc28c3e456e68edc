# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A device accesses memory that it may not, and the IOMMU tells by an interrupt.

# Exactly this function has accessed that address, as each IOMMU words it
dma_fault_in_log() { # FUNCTION ADDRESS
	dmesg | grep -E "DMAR:.*Request device \[(0000:)?${1#0000:}\] fault addr 0x$2 |$1: AMD-Vi: Event logged \[IO_PAGE_FAULT .*address=0x0*$2 "
}

# Each address is used once, so that the line in the log is of this fault. In a
# file: a case runs in a shell of its own.
next_address() {
	echo >>/run/addresses
	printf '%x' $((0xabc00000 + 0x1000 * $(wc -l </run/addresses)))
}

one_dma_fault() { # read|write
	local before address
	address=$(next_address)
	room_for_a_fault_in_the_log
	before=$(fault_interrupts)
	edu_dma "$1" "$address" || return
	within 60 more_fault_interrupts_than "$before" || {
		echo "no fault interrupt for a $1 at $address"
		return 1
	}
	within 60 dma_fault_in_log "$edu" "$address" ||
		dma_fault_in_log "$edu" "$address" || {
		echo "the log has no $1 of $edu at $address"
		return 1
	}
}

dma_faults() { one_dma_fault read && one_dma_fault write; }
