# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# samples/parts on the device of devices/ims: four parts, each with a driver, four queues,
# a PASID and a quota of six interrupts. Sourced after device.sh, whose functions for the
# queues of a device are for those of a part here.

# Linux has the bus since 5.11
auxiliary=/sys/bus/auxiliary
part_driver=$auxiliary/drivers/ims_parts.part

load_parts() {
	end_of_device || return # both drivers are for it
	[ ! -d /sys/module/ims_parts ] || modprobe -r ims_parts
	modprobe ims_core allow_guest=1 && modprobe ims_parts || return
	device=$(basename "$(echo /sys/bus/pci/drivers/ims_parts/0000:*)")
	bars=/sys/bus/pci/devices/$device
	parts=("$part_driver"/ims_parts.part.*)
	parts=("${parts[@]##*/}")
	[ ${#parts[@]} -eq 4 ] || {
		echo "parts: ${parts[*]}"
		return 1
	}
	# A test may have left its layout
	[ "$(errors_of_device)" = 00000000 ]
}

use_part() { # NUMBER
	part=${parts[$1]} queues=4
	debugfs=/sys/kernel/debug/ims_parts/$part
}

errors_of_device() { peek "$bars/resource0" 8 1; }

# part_slots: of the part in use, lines "slot pasid"
part_slots() { awk 'FNR > 1 { print $6, $7 }' "$debugfs/queues"; }

# Each queue of these parts fires once more
parts_fire() { # NUMBER...
	local number
	for number; do
		use_part "$number" && every_slot_fires || return
	done
	[ "$(errors_of_device)" = 00000000 ]
}

each_part_has_its_interrupts() {
	local number
	load_parts || return
	for number in 0 1 2 3; do
		use_part $number
		# Two at once may come as one
		every_slot_fires && control fire "$number" || return
		within 60 all_fired_were_handled || all_fired_were_handled || return
	done
	# What came for one was no other's
	for number in 0 1 2 3; do
		use_part $number && handled_are 0=1 1=1 2=1 3=1 "$number=2" || return
	done
	grep -c 'IMS-.*ims_parts\.part\.' /proc/interrupts | grep -x 16
}

# The device has it in ctrl, and lets no work of another PASID use the slot
each_part_has_its_pasid() {
	local number slot pasid ctrl last
	load_parts || return
	for number in 0 1 2 3; do
		use_part $number
		while read -r slot pasid; do
			[ "$pasid" = "10$number" ] || return
			last=$slot
			ctrl=$(peek "$bars/resource2" $((slot * 16 + 12)) 1)
			[ "$ctrl" = "$(printf %08x $((0x$pasid << 12 | 8)))" ] || {
				echo "$part: slot $slot has ctrl $ctrl"
				return 1
			}
		done < <(part_slots)
	done
	# That of queue 3 of part 3, by part 0
	use_part 0 && echo "forge $last" >"$debugfs/control" || return
	[ "$(errors_of_device)" = 00000001 ] || return
	use_part 3 && control fire 3 || return
	within 60 handled_are 3=1 && handled_are 3=1
}

each_part_has_its_quota() {
	load_parts && use_part 1 || return
	echo "more 1" >"$debugfs/control" && echo "more 1" >"$debugfs/control" || return
	! echo "more 1" >"$debugfs/control" 2>/run/error || {
		echo "a seventh interrupt"
		return 1
	}
	grep 'Disk quota exceeded' /run/error || return
	use_part 2 && echo "more 1" >"$debugfs/control" && parts_fire 0 1 2 3
}

# Its interrupts go with its driver, also those that nobody requested
a_part_goes_and_the_others_stay() {
	local slots slot
	load_parts && use_part 1 && echo "more 1" >"$debugfs/control" || return
	slots=$(part_slots)
	echo "$part" >"$part_driver/unbind" || return
	! grep "$part\$" /proc/interrupts || return
	[ "$(awk '/^slots:/ { print $3 }' "/sys/kernel/debug/device_msi/IMS-$device")" = 12 ] ||
		return
	while read -r slot _; do
		[ "$(peek "$bars/resource2" $((slot * 16)) 4)" = \
			"00000000 00000000 00000000 00000001" ] || {
			echo "slot $slot: $(peek "$bars/resource2" $((slot * 16)) 4)"
			return 1
		}
	done <<<"$slots"
	parts_fire 0 2 3 || return
	echo "${parts[1]}" >"$part_driver/bind" && parts_fire 1 2
}

# The function goes first: its parts, their drivers and interrupts go with it
a_function_goes_with_its_parts() {
	load_parts || return
	echo "$device" >/sys/bus/pci/drivers/ims_parts/unbind || return
	! grep IMS- /proc/interrupts && ! ls -d $auxiliary/devices/ims_parts.* 2>/dev/null &&
		! ls "/sys/kernel/debug/device_msi/IMS-$device" 2>/dev/null || return
	echo "$device" >/sys/bus/pci/drivers/ims_parts/bind && parts_fire 0 1 2 3 || return
	modprobe -r ims_parts && ! grep IMS- /proc/interrupts
}

try_parts() {
	[ -d $auxiliary ] || {
		echo "# parts: NOT RUN: Linux $(uname -r) has no auxiliary bus"
		return
	}
	run_case each_part_has_its_interrupts
	run_case each_part_has_its_pasid
	run_case each_part_has_its_quota
	run_case a_part_goes_and_the_others_stay
	run_case a_function_goes_with_its_parts
}
