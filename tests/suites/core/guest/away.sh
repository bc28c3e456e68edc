# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Does anybody touch the store while the device of rocker.sh is away?

# What the kernel does meanwhile: each interrupt moves, a CPU goes, users look. The
# caller has read_queues.
busy_kernel() {
	local queue cpu1=/sys/devices/system/cpu/cpu1/online
	for queue in $(all_queues); do
		echo $((queue % 2)) >"/proc/irq/${irq[queue]}/smp_affinity_list" ||
			return
	done
	echo 0 >$cpu1 && echo 1 >$cpu1 || return
	grep -c IMS- /proc/interrupts && cat "$slots"
}

# Each slot gets a mark that an access would change: the core and the array store write
# whole messages
mark_slots() {
	local queue
	for queue in $(all_queues); do
		poke "$driver/$device/$array_bar" $((queue * 16)) 0 0 5a5a 1 ||
			return
	done
}
slots_are_marked() {
	local queue
	for queue in $(all_queues); do
		[ "$(device_slot "$queue")" = '00000000 00000000 00005a5a 00000001' ] || {
			echo "slot $queue was accessed: $(device_slot "$queue")"
			return 1
		}
	done
}
