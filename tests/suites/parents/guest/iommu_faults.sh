# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Faults that an IOMMU reports by an interrupt of its own.

# How many it has reported so: dmar0 of VT-d, AMD-Vi of AMD's
fault_interrupts() {
	awk -v cpus="$(nproc)" '/ (dmar[0-9]+|AMD-Vi[^ ]*)$/ {
		for (i = 2; i < 2 + cpus; i++)
			n += $i
	} END { print n + 0 }' /proc/interrupts
}

# VT-d's driver prints no more than 10 lines in 5 seconds and counts three for a
# fault (drivers/iommu/intel/dmar.c), so that one which follows too soon is not
# in the log. Of the guest's time: a slow host does not matter.
room_for_a_fault_in_the_log() { sleep 2; }
room_for_any_fault_in_the_log() { sleep 6; }

more_fault_interrupts_than() { [ "$(fault_interrupts)" -gt "$1" ]; }

# Before, beside and after ours. PROVOKE is a function that provokes faults and
# fails unless each was reported by an interrupt.
faults_arrive_before_our_modules() { "$1"; } # PROVOKE

faults_arrive_while_ours_fire() { # PROVOKE
	local status=0
	load_rocker && start_firing "${pair[@]}" || return
	"$1" && "$1" || status=1
	echo "$(fault_interrupts) fault interrupts"
	stop_firing && return $status
}

faults_arrive_after_our_modules() { unload_rocker && "$1"; } # PROVOKE
