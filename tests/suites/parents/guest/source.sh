# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A device that sends the message of another: the slot of queue 1 of the first
# of a pair gets what the slot of queue 2 of the second holds. load_pair loads
# the driver of both afresh.

forge_message() {
	local lo hi data
	use_rocker "${pair[1]}" || return
	read -r lo hi data _ < <(device_slot 2)
	use_rocker "${pair[0]}" || return
	[ "$(device_slot 1)" != "$lo $hi $data 00000000" ] || {
		# AMD-Vi: the same index, each in the table of its device
		echo "the messages are the same: $lo $hi $data"
	}
	poke "$driver/$device/$array_bar" 16 "$lo" "$hi" "$data" 0
	[ "$(device_slot 1)" = "$lo $hi $data 00000000" ]
}

# The message of queue 0 comes after the forged one and the IOMMU treats both
# the same way: when it was handled, the other arrived or never will
send_forged() {
	use_rocker "${pair[0]}" || return
	control fire 1 0 || return
	within 60 queue_0_is_handled || queue_0_is_handled
}
queue_0_is_handled() { read_queues && [ "${handled[0]}" -eq "${fired[0]}" ]; }

# strangers N: the second device has fired nothing and was interrupted N times
strangers() {
	use_rocker "${pair[1]}" && handled_are "2=$1"
}

setup_forged() { load_pair && forge_message; }

forged_message_never_arrives() {
	setup_forged || return
	send_forged && send_forged && strangers 0 || return
	use_rocker "${pair[1]}" && control fire 2 || return
	within 60 strangers 1 || strangers 1
}

# No remapping, no check: it does arrive. The proof that the case above can fail.
forged_message_arrives() {
	setup_forged || return
	send_forged || return
	within 60 strangers 1 || strangers 1 || return
	send_forged || return
	within 60 strangers 2 || strangers 2
}

forged_message_is_reported() {
	local before
	setup_forged || return
	room_for_any_fault_in_the_log
	before=$(fault_interrupts)
	send_forged || return
	within 60 more_fault_interrupts_than "$before" || {
		echo "no fault interrupt"
		return 1
	}
	within 60 source_fault_in_log "${pair[0]}" ||
		source_fault_in_log "${pair[0]}"
}
# Reason 0x26: the source-id of the request is not that of the table's entry
source_fault_in_log() { # FUNCTION
	dmesg | grep -E "DMAR: \[INTR-REMAP\] Request device \[(0000:)?${1#0000:}\] fault index 0x[0-9a-f]+ \[fault reason 0x26\]"
}

# Only the first gets a new message. Afterwards each is interrupted by its own.
rebinding_repairs_the_forged_slot() {
	local before status=0
	setup_forged && send_forged || return
	use_rocker "${pair[1]}" && read_queues || return
	before=${handled[2]}
	use_rocker "${pair[0]}" || return
	echo "$device" >"$driver/unbind" && echo "$device" >"$driver/bind" ||
		return
	start_firing "$device" || return
	use_rocker "${pair[1]}" && control fire 2 &&
		within 60 strangers $((before + 1)) || status=1
	stop_firing && strangers $((before + 1)) && return $status
}
