# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Interrupts that fire all the time, while something else is tried.

# start_firing DEVICE...: every queue of each, and again once all were handled
start_firing() {
	local one
	rm -f /run/enough
	firing=()
	for one; do
		fire_until_enough "$one" >"/run/firing.$one" 2>&1 &
		firing+=($!)
		within 60 [ -s "/run/firing.$one" ] || return
	done
}

# Says how often, after its first round
fire_until_enough() { # DEVICE
	local round=0
	use_rocker "$1" || return
	until [ -e /run/enough ]; do
		# shellcheck disable=SC2046 # words wanted
		control fire $(all_queues) || return
		within 60 all_handled || all_handled || return
		round=$((round + 1))
		[ $round -ne 1 ] || echo "$1 fires"
	done
	sleep 0.5 # no duplicate comes late
	all_handled && echo "$1: $round rounds of $queues interrupts"
}

# Each process must have gone on until now, and have missed nothing
stop_firing() {
	local pid status=0
	touch /run/enough
	for pid in "${firing[@]}"; do
		wait "$pid" || status=1
	done
	cat /run/firing.*
	rm -f /run/firing.*
	return $status
}

# Every queue of the device in use was handled as often as it was fired
all_handled() {
	local queue bad=0
	read_queues || return
	for queue in "${!irq[@]}"; do
		if [ "${handled[queue]}" -ne "${fired[queue]}" ]; then
			echo "$device queue $queue: fired ${fired[queue]}, handled ${handled[queue]}"
			bad=1
		fi
	done
	return $bad
}
