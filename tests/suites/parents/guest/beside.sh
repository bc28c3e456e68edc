# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The kernel's MSI-X of one rocker, with ims_neighbour, while ours fire: on the
# other rocker, and in the rest of the same table.

load_beside() {
	unload_rocker
	reserve "${pair[0]}" ims_rocker && reserve "${pair[1]}" ims_neighbour &&
		modprobe ims_core allow_guest=1 &&
		modprobe ims_neighbour split=1 && load_both_drivers
}
load_both_drivers() {
	modprobe ims_rocker && use_rocker "${pair[0]}" &&
		[ -e "$neighbour_driver/${pair[1]}" ]
}

unload_beside() {
	modprobe -r ims_neighbour && unload_rocker &&
		reserve "${pair[0]}" && reserve "${pair[1]}"
}

# Entries of the table from FIRST to LAST: fire each N times, one at a time
fire_entries() { # FIRST LAST N
	local entry round
	for round in $(seq "$3"); do
		for entry in $(seq "$1" "$2"); do
			echo "fire $entry" >"$neighbour/control" || return
			expected[entry]=$((${expected[entry]:-0} + 1))
		done
		within 60 entries_handled || entries_handled || return
	done
}

# irqs lists them in the order of the table
entries_handled() {
	local entry=0 handled
	while read -r _ _ _ handled; do
		[ "$handled" -eq "${expected[entry]:-0}" ] || {
			echo "entry $entry: fired ${expected[entry]:-0}, handled $handled"
			return 1
		}
		entry=$((entry + 1))
	done <"$neighbour/irqs"
	[ $entry -ge ${#expected[@]} ]
}

# How many lines each kind has, both with a chip of that device
chips_are() { # MSIX IMS
	local other=${pair[1]} msix ims
	msix=$(grep -cE "PCI-MSI.* neighbour-msix\$" /proc/interrupts)
	ims=$(grep -c "IMS-$other .* neighbour-ims\$" /proc/interrupts)
	[ "$msix $ims" = "$1 $2" ] || {
		grep neighbour- /proc/interrupts
		return 1
	}
}

msix_of_another_device_while_ours_fire() {
	local status=0
	expected=()
	load_beside && switch msix on && chips_are 2 0 || return
	start_firing "${pair[0]}" || return
	fire_entries 0 1 20 || status=1
	stop_firing && unload_beside && return $status
}

msix_of_the_same_function_while_ours_fire() {
	local status=0
	expected=()
	load_beside && switch msix on && switch ims on && chips_are 2 2 ||
		return
	start_firing "${pair[0]}" || return
	fire_entries 0 3 20 || status=1
	# Ours come and go: the kernel's stay as they are
	switch ims off && unset 'expected[2]' 'expected[3]' &&
		fire_entries 0 1 5 || status=1
	switch ims on && fire_entries 0 3 5 || status=1
	stop_firing && unload_beside && return $status
}
