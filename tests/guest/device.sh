# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The device of devices/ims, by its test driver: how it is loaded with a store of
# some kind, and what is tried on any. rocker.sh, which this sources, has the rest.

sample=ims_device
store='ims_array ims_queue' # the modules of both
. ./tap.sh
. ./rocker.sh

# Load the driver afresh: load_device PARAMETER...
load_device() {
	end_of_device || return
	load_rocker "$@" || {
		dmesg | tail -n 3
		return 1
	}
}

# What the device has against its driver, or the driver against its store, it
# says. A case is a subshell, so that the sum is in a file.
end_of_device() {
	[ -d /sys/module/ims_device ] || return 0
	find_rocker && no_errors || return
	state handled >>/run/handled
	modprobe -r ims_device && ! dmesg | grep 'shadows were not put'
}

at_least_interrupts() { # COUNT
	awk -v least="$1" '{ sum += $1 } END {
		print sum, "interrupts in this guest"
		exit sum < least
	}' /run/handled
}

# state NAME: a number of the device or the driver
state() {
	local lines line
	mapfile -t lines <"$debugfs/state"
	for line in "${lines[@]}"; do
		[[ $line != "$1 "* ]] || echo "${line#* }"
	done
}

state_is() { # NAME NUMBER
	local value
	value=$(state "$1")
	[ "$value" = "$2" ] || {
		echo "$1 is $value, not $2"
		return 1
	}
}

# devices/ims/slots.py has the names of the errors, by number
no_errors() {
	[ "$(state errors)" = 0 ] || {
		echo "the device complains: error $(state error), detail $(state detail)"
		return 1
	}
}

# tell COMMAND [NUMBER...]: those that are not about queues
tell() { echo "$*" >"$debugfs/control"; }

set_register() { poke "$driver/$device/resource0" "$1" "$(printf %x "$2")"; }

# What the device would send for a queue: address_lo address_hi data ctrl
held_slot() { sed -n "s/^$1 //p" "$debugfs/slots"; }

every_slot_has_its_message() {
	if grep -vE "^[0-9]+ $doorbell " "$debugfs/slots"; then
		echo "is what the device has, and no message"
		return 1
	fi
	awk '{ n++; seen[$2 $4]++ }
		END { exit n != queues || length(seen) != n }
	' queues="$queues" "$debugfs/slots"
}

# Each one more message, and each is handled
every_slot_fires() {
	local queue before
	read_queues || return
	before=("${handled[@]}")
	# shellcheck disable=SC2046 # words wanted
	control fire $(all_queues) || return
	within 60 all_fired_were_handled || all_fired_were_handled || return
	for queue in "${!handled[@]}"; do
		[ "${handled[queue]}" -gt "${before[queue]}" ] || {
			echo "queue $queue: still ${handled[queue]}"
			return 1
		}
	done
}

# run_while ROUNDS COMMAND...: have the device fire each open queue, again as soon
# as it was handled, and do something meanwhile: so many times, or what the variable
# ROUNDS says, and until there were enough interrupts
run_while() {
	local least=${ROUNDS:-$1} rounds=0 before
	shift
	before=$(state handled)
	tell run 1000000 || return
	until [ $rounds -ge "$least" ] && enough_since "$before"; do
		"$@" || return
		rounds=$((rounds + 1))
	done
	tell stop || return
	within 60 run_is_over || run_is_over || return
	sleep 0.2 # no duplicate comes late
	run_is_over && echo "$rounds rounds, $(($(state handled) - before)) interrupts"
}
enough_since() { [ $(($(state handled) - $1)) -ge "${ENOUGH:-2500}" ]; }
run_is_over() { state_is running 0 && all_fired_were_handled; }

all_fired_were_handled() {
	local queue bad=0
	read_queues || return
	for queue in "${!irq[@]}"; do
		if [ "${handled[queue]}" -ne "${fired[queue]}" ]; then
			echo "queue $queue: fired ${fired[queue]}, handled ${handled[queue]}"
			bad=1
		fi
	done
	return $bad
}

# What goes on beside a run

write_affinity() {
	local queue cpus
	cpus=$(nproc)
	for queue in "${!irq[@]}"; do
		[ "${irq[queue]}" -eq 0 ] ||
			echo $((turn++ % cpus)) \
				>"/proc/irq/${irq[queue]}/smp_affinity_list" ||
			return
	done
}
turn=0

# With every interrupt on CPU 1 before it goes
toggle_cpu_1() {
	local queue online=/sys/devices/system/cpu/cpu1/online
	for queue in "${!irq[@]}"; do
		echo 1 >"/proc/irq/${irq[queue]}/smp_affinity_list" || return
	done
	sleep 0.1
	echo 0 >$online && sleep 0.05 && echo 1 >$online
}

# The second half of the queues, which are closed at first; each has a message
# while it is open
open_and_close() {
	local queue
	for queue in $(seq $((queues / 2)) $((queues - 1))); do
		control open "$queue" && control fire "$queue" || return
	done
	for queue in $(seq $((queues / 2)) $((queues - 1))); do
		within 60 queue_was_handled "$queue" ||
			queue_was_handled "$queue" || return
		control close "$queue" || return
	done
}
queue_was_handled() {
	read_queues || return
	[ "${handled[$1]}" -eq "${fired[$1]}" ] || {
		echo "queue $1: fired ${fired[$1]}, handled ${handled[$1]}"
		return 1
	}
}

# One queue is disabled for a while. It must not be handled meanwhile.
disable_and_enable() {
	local before
	control disable 1 || return
	read_queues || return
	before=${handled[1]}
	sleep 0.05
	read_queues || return
	[ "${handled[1]}" -eq "$before" ] || {
		echo "queue 1 was handled while it was disabled"
		return 1
	}
	control enable 1
	sleep 0.05
}

affinity_while_firing() { read_queues && run_while 5 write_affinity; }
cpu_offline_while_firing() { read_queues && run_while 3 toggle_cpu_1; }
disabled_while_firing() { run_while 5 disable_and_enable; }
neighbours_while_firing() {
	local queue
	for queue in $(seq $((queues / 2)) $((queues - 1))); do
		control close "$queue" || return
	done
	run_while 3 open_and_close || return
	for queue in $(seq $((queues / 2)) $((queues - 1))); do
		control open "$queue" || return
	done
}

# The device goes while every queue fires and moves, and the kernel finds out later, as
# by a hotplug port; nothing stays behind. There is no device afterwards. (Its server
# ending would be closer. QEMU 11.1 survives that at times only: error_setv() asserts.)
surprise_removal_under_load() { # PARAMETER...
	. ./power.sh
	load_device "$@" && read_queues || return
	run_while 1 write_affinity && tell run 1000000 || return
	tell gone 1 || return
	write_affinity && control close 1 && control disable 2 || return
	recovery_step gone && control close 3 || return
	read_queues && write_affinity || return
	! grep -E '^ *3 .*quarantine' "$slots" || return # what shall it send
	echo 1 >"/sys/bus/pci/devices/$device/remove" || return
	! grep IMS- /proc/interrupts || return
	! find /sys/kernel/debug/device_msi -mindepth 1 | grep . || return
	# shellcheck disable=SC2086 # words wanted
	modprobe -r ims_device $store ims_core
}

# refuses ERRNO-TEXT COMMAND...: a command that must not succeed
refuses() {
	local text=$1
	shift
	! tell "$@" 2>/run/error || {
		echo "$* succeeded"
		return 1
	}
	grep -q "$text" /run/error || {
		cat /run/error
		return 1
	}
}
