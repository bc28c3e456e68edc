# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The interrupts of the device in use go where they are sent.

# Every queue to one CPU. Without remapping the move happens in the next
# interrupt, so that one may still arrive on the old CPU; the second must not.
interrupts_arrive_on_cpu() { # CPU
	local cpu=$1 queue before=()
	send_all_to "$cpu" && fire_all_and_wait || return
	read_counts "$cpu"
	for queue in "${!irq[@]}"; do before[queue]=${count[irq[queue]]}; done
	fire_all_and_wait || return
	read_counts "$cpu"
	for queue in "${!irq[@]}"; do
		if [ "${count[irq[queue]]}" -ne $((before[queue] + 1)) ]; then
			echo "queue $queue: CPU $cpu had ${before[queue]}, then ${count[irq[queue]]}"
			return 1
		fi
	done
}

send_all_to() { # CPU
	local queue
	read_queues || return
	for queue in "${!irq[@]}"; do
		echo "$1" >"/proc/irq/${irq[queue]}/smp_affinity_list" || return
	done
}

# Twice, so that each also comes back to where it was
interrupts_arrive_on_every_cpu() {
	local cpu
	for cpu in $(cpus) $(cpus); do
		interrupts_arrive_on_cpu "$cpu" || return
	done
}
