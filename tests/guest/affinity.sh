# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The interrupts of the device in use go where they are sent.

# Every queue to one CPU. Without remapping the move happens in the next
# interrupt, so that one may still arrive on the old CPU; the second must not.
interrupts_arrive_on_cpu() { # CPU
	local cpu=$1 queue before=()
	read_queues
	for queue in "${!irq[@]}"; do
		echo "$cpu" >"/proc/irq/${irq[queue]}/smp_affinity_list" ||
			return
	done
	fire_all_and_wait || return
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

# One interrupt of every queue
fire_all_and_wait() {
	read_queues
	local want=$((fired[0] + 1))
	# shellcheck disable=SC2046 # words wanted
	control fire $(all_queues) || return
	within 60 every_queue_handled $want || every_queue_handled $want ||
		return
	sleep 0.1 # several jiffies: the old vector is cleaned up
}

# Twice, so that each also comes back to where it was
interrupts_arrive_on_every_cpu() {
	local cpu
	for cpu in $(cpus) $(cpus); do
		interrupts_arrive_on_cpu "$cpu" || return
	done
}
