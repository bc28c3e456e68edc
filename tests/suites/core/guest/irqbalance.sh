# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# irqbalance, as Debian has it: what it takes an interrupt for, and where it
# puts it.

# run_irqbalance OPTION...: instead of this shell
run_irqbalance() {
	exec irqbalance --foreground --debug --interval=1 "$@" \
		>/run/irqbalance.log 2>&1
}

# Have it look once. It asks its policy script about each interrupt, and names
# the device: /sys/bus/pci/devices/..., or /sys if it knows of none. This one
# writes that down. Fills the arrays owner, with the last part of that, and
# class, by irq.
irqbalance_once() {
	local number value
	cat >/run/policy <<-'END'
		#!/bin/sh
		echo "$2 ${1##*/}" >>/run/policy.asked
	END
	chmod +x /run/policy
	rm -f /run/policy.asked
	(run_irqbalance --oneshot --policyscript=/run/policy) || return
	owner=() class=()
	while read -r number value; do
		owner[number]=$value
	done </run/policy.asked
	while read -r number value; do
		class[number]=$value
	done < <(sed -n 's|^ *Interrupt \([0-9]*\) node_num is [-0-9]* (\([^/]*\)/.*|\1 \2|p' \
		/run/irqbalance.log)
}

# irqbalance_takes_for DEVICE CLASS IRQ...
irqbalance_takes_for() {
	local want="$1 $2" have number bad=0
	shift 2
	for number; do
		have="${owner[number]-} ${class[number]-}"
		if [ "$have" != "$want" ]; then
			echo "irq $number: '$have', not '$want'"
			bad=1
		fi
	done
	return $bad
}
