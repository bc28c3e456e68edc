# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The device under test as the scripts see it: the first of those that the sample
# drives (the array rockers), or the one that use_rocker names. The sample is
# ims_rocker, or another with the same files in debugfs, with the modules of its
# store, and the array in array_bar.

. ./doorbell.sh

sample=${sample:-ims_rocker}
store=${store:-ims_array}
driver=/sys/bus/pci/drivers/$sample
array_bar=${array_bar:-resource1}

# Load the sample and what it needs, afresh: load_rocker [PARAMETER...]
load_rocker() {
	unload_rocker
	modprobe ims_core allow_guest=1 || return
	modprobe "$sample" "$@" || return
	find_rocker
}

unload_rocker() {
	# shellcheck disable=SC2086 # words wanted
	[ ! -d /sys/module/ims_core ] || modprobe -r "$sample" $store ims_core
}

find_rocker() {
	rockers=("$driver"/0000:*)
	rockers=("${rockers[@]##*/}")
	use_rocker "${rockers[0]}"
}

# What follows is about this one, if there are several
use_rocker() { # DEVICE
	device=$1
	[ -e "$driver/$device" ] || {
		echo "$sample is bound to no device $device"
		return 1
	}
	debugfs=/sys/kernel/debug/$sample/$device
	slots=/sys/kernel/debug/device_msi/IMS-$device
	queues=$(($(wc -l <"$debugfs/queues") - 1))
}

# What follows runs thousands of times: bash forks for nothing here, opens a file once,
# and reads no pipe, of which it takes one character at a time

# control COMMAND QUEUE...
control() {
	local command=$1 queue
	shift
	for queue; do
		echo "$command $queue" || return
	done >"$debugfs/control"
}

all_queues() { eval "echo {0..$((queues - 1))}"; }

# read_queues: fill the arrays irq, fired and handled, by queue; of all, or it fails
read_queues() {
	local lines line field
	irq=() fired=() handled=()
	mapfile -s 1 -t lines <"$debugfs/queues"
	[ ${#lines[@]} -eq "$queues" ] || {
		echo "$device: ${#lines[@]} queues, not $queues"
		return 1
	}
	for line in "${lines[@]}"; do
		# shellcheck disable=SC2206 # words: queue irq slot fired handled
		field=($line)
		irq[field[0]]=${field[1]}
		fired[field[0]]=${field[3]} handled[field[0]]=${field[4]}
	done
}

# The 16-byte slot as the device holds it: address_lo address_hi data ctrl
device_slot() { peek "$driver/$device/$array_bar" $(($1 * 16)) 4; }

# handled_are QUEUE=COUNT...: exactly these, and every other queue none
handled_are() {
	local expected=() others=0 pair
	for pair; do expected[${pair%=*}]=${pair#*=}; done
	handled_as_expected
}

# every_queue_handled COUNT
every_queue_handled() {
	local expected=() others=$1
	handled_as_expected
}

# By its callers' expected, and others for those that are not in it
handled_as_expected() {
	local queue bad=0
	read_queues || return
	for queue in "${!handled[@]}"; do
		if [ "${handled[queue]}" -ne "${expected[queue]:-$others}" ]; then
			echo "queue $queue: handled ${handled[queue]}, not ${expected[queue]:-$others}"
			bad=1
		fi
	done
	return $bad
}

# One interrupt of every queue
fire_all_and_wait() {
	local want
	read_queues || return
	want=$((fired[0] + 1))
	# shellcheck disable=SC2046 # words wanted
	control fire $(all_queues) || return
	within 60 every_queue_handled $want || every_queue_handled $want ||
		return
	sleep 0.1 # several jiffies: after a move the old vector is cleaned up
}

# read_counts CPU: fill the array count, by irq, with the interrupts so far on a
# CPU, as the kernel counts them
read_counts() {
	local lines line field
	count=()
	mapfile -t lines </proc/interrupts
	for line in "${lines[@]}"; do
		[[ $line == *IMS-* ]] || continue
		# shellcheck disable=SC2206 # words: "irq:", a count for each CPU, ...
		field=($line)
		count[${field[0]%:}]=${field[$1 + 1]}
	done
}

cpus() { seq 0 $(($(nproc) - 1)); }
