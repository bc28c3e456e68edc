# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# SET_IRQS of a device that fails: devices/ims with queue=1, whose registers have it fail,
# hang or disappear at a command. Six tries of a command are one too few (docs/queue.md).

register() { poke "$bars/resource0" "$1" "$(printf %x "$2")"; } # OFFSET VALUE

# Of the next commands so many: 1 fail, 2 never end, 3 are done and said to have failed
fail_commands() { register $((0x10c)) $(($1 << 24 | $2)); } # KIND TIMES

# The sample resets the device, and restores it, when a slot is in quarantine
nr_resets() { dmesg | grep -c 'was reset, because it failed'; }
was_reset() { [ "$(nr_resets)" -gt "$1" ]; } # SINCE
nothing_is_in_quarantine() { grep -q 'in quarantine: 0$' "$slots"; }
is_well_again() { # RESETS-BEFORE
	within 60 was_reset "$1" || {
		echo "the sample did not reset the device"
		return 1
	}
	within 60 nothing_is_in_quarantine
}

# refused CALL...: EIO, and then the device is reset, for a call that is under way has its
# answer first
refused() {
	local resets
	resets=$(nr_resets)
	expect EIO "$@" && is_well_again "$resets"
}

# A pause is not an error
a_command_that_is_tried_again_is_no_error() { # KIND
	local resets
	resets=$(nr_resets)
	open_part 0 && fail_commands "$1" 5 || return
	expect 0 set eventfd trigger 0 2 0 1 && has_slots 0 2 || return
	expect 0 rounds 0 0 3 && expect 0 rounds 1 1 3 || return
	[ "$(nr_resets)" -eq "$resets" ]
}

# Vectors 0 and 1 are in use; what fails is the command of an allocation
without_the_allocation_all_is_as_before() { # KIND
	open_part 0 && expect 0 set eventfd trigger 0 2 0 1 || return
	open_part 1 && expect 0 set eventfd trigger 0 1 0 || return
	use_user 0
	fail_commands "$1" 6 && refused set eventfd trigger 0 6 20 21 22 23 24 25 || return
	has_slots 0 2 && has_slots 1 1 || return
	expect 0 rounds 0 0 2 && expect 0 rounds 1 1 2 && expect 0 fire 2 || return
	expect '0 0 0 0 0 0 ' counts 20 25 || return
	expect 0 set eventfd trigger 2 4 2 3 4 5 && expect 0 rounds 5 5 2 || return
	use_user 1
	expect 0 rounds 0 0 2
}

# Vector 1 has its slot already: the command is that of request_irq(), which returns 0
without_the_request_all_is_as_before() { # KIND
	open_part 0 && expect 0 set eventfd trigger 0 2 0 1 || return
	expect 0 set eventfd trigger 1 1 -1 || return
	fail_commands "$1" 6 || return
	refused set eventfd trigger 1 1 1 && has_slots 0 2 || return
	expect 0 fire 1 && expect 0 rounds 0 0 2 && expect '2 0 ' counts 0 1 || return
	expect 0 set eventfd trigger 1 1 1 && expect 0 rounds 1 1 2
}

# Of a vector that was masked first, unmasking has the first command
without_the_unmasking_it_stays_masked() { # KIND
	open_part 0 && expect 0 set bool mask 0 2 1 1 || return
	expect 0 set eventfd trigger 0 2 0 1 || return
	fail_commands "$1" 6 || return
	refused set none unmask 0 2 || return
	expect 0 fire 0 && expect 0 fire 1 && expect '0 0 ' counts 0 1 || return
	expect 0 set none unmask 0 2 && expect 1 wait 0 1 && expect 1 wait 1 1
}

# Nobody can refuse to disable a vector
disabling_works_all_the_same() { # KIND
	local resets
	open_part 0 && expect 0 set eventfd trigger 0 4 0 1 2 3 || return
	resets=$(nr_resets)
	fail_commands "$1" 6 || return
	expect 0 set eventfd trigger 0 1 -1 && is_well_again "$resets" || return
	expect 0 fire 0 && expect 0 rounds 3 3 2 && expect '0 ' counts 0 0 || return
	resets=$(nr_resets)
	fail_commands "$1" 6 || return
	expect 0 set none trigger 0 0 && is_well_again "$resets" || return
	has_slots 0 0 && expect 0 set eventfd trigger 0 4 0 1 2 3 && expect 0 rounds 0 0 2
}

a_user_closes_while_commands_fail() { # KIND
	local resets
	open_part 0 && expect 0 set eventfd trigger 0 4 0 1 2 3 || return
	resets=$(nr_resets)
	fail_commands "$1" 6 || return
	close_part 0 && is_well_again "$resets" && has_slots 0 0 || return
	open_part 0 && expect 0 set eventfd trigger 0 16 "${all[@]}" && expect 0 rounds 3 3 2
}

calls_are_over_or_it_was_reset() { # RESETS-BEFORE
	read -r -t 0 <&"${from[0]}" || was_reset "$1"
}

# Calls of anything, while the device fails now and then
calls_survive_a_failing_device() {
	local resets first
	first=$(nr_resets)
	open_part 0 && say fuzz 3 10000 0 || return
	until read -r -t 0 <&"${from[0]}"; do
		resets=$(nr_resets)
		fail_commands 1 7 || return
		within 10 calls_are_over_or_it_was_reset "$resets" || return
	done
	IFS='' read -r answer <&"${from[0]}" && fail_commands 0 0 || return
	resets=$(($(nr_resets) - first))
	echo "succeeded, and failed as the device did: $answer; resets: $resets"
	[ "$resets" -gt 1 ] && [ "${answer#* }" -gt 0 ] || return
	within 60 nothing_is_in_quarantine || return
	expect 0 set none trigger 0 0 && has_slots 0 0 || return
	expect 0 set eventfd trigger 0 16 "${all[@]}" && expect 0 rounds 1 1 2
}

# The device does not come back: errors at once, and whoever cleans up can
a_device_that_disappears_leaves_nothing() {
	load_shared || return
	open_part 0 && expect 0 set eventfd trigger 0 4 0 1 2 3 || return
	register $((0x14)) 1 || return
	expect EIO set eventfd trigger 4 2 4 5 || return
	expect 0 set eventfd trigger 0 1 -1 && expect 0 set none trigger 0 0 || return
	expect EIO set eventfd trigger 0 1 0 && expect '0 0 0 0 0 0 ' counts 0 5 || return
	close_part 0 && unload_shared || return
	register $((0x14)) 0 && load_shared || return
	open_part 0 && expect 0 set eventfd trigger 0 16 "${all[@]}" && expect 0 rounds 0 0 2
}

run_failing_commands() {
	local kind
	for kind in 1 2 3; do
		run_case a_command_that_is_tried_again_is_no_error $kind
		run_case without_the_allocation_all_is_as_before $kind
		run_case without_the_request_all_is_as_before $kind
		run_case without_the_unmasking_it_stays_masked $kind
		run_case disabling_works_all_the_same $kind
		run_case a_user_closes_while_commands_fail $kind
	done
	run_case calls_survive_a_failing_device
	run_case a_device_that_disappears_leaves_nothing
}
