# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The interrupts of others: what /proc/interrupts says of them, and whether they
# still come.

# snapshot FILE: number, chip, hwirq and name of each that is not of a test
snapshot() {
	awk -v cpus="$(nproc)" '$1 ~ /^[0-9]+:$/ && !/IMS-|neighbour-/ {
		for (i = 2; i < 2 + cpus; i++)
			$i = ""
		print
	}' /proc/interrupts | sort >"$1"
	[ -s "$1" ]
}

# occurred NAME: how often on all CPUs, by what is in its line
occurred() {
	awk -v cpus="$(nproc)" -v name="$1" 'index($0, name) {
		for (i = 2; i < 2 + cpus; i++)
			n += $i
	} END { print n + 0 }' /proc/interrupts
}
more_occurred() { [ "$(occurred "$1")" -gt "$2" ]; } # NAME THAN

comes() { # NAME COMMAND...: the command makes it occur
	local name=$1 before
	before=$(occurred "$name")
	shift
	within 60 more_occurred_after "$before" "$name" "$@" || {
		echo "$name no longer comes: $before"
		return 1
	}
}
more_occurred_after() { # BEFORE NAME COMMAND...
	local before=$1 name=$2
	shift 2
	"$@" && sleep 0.2 && more_occurred "$name" "$before"
}

# By way of the IO-APIC: a serial port and the clock, whose alarm is the HPET's
send_on_serial() { echo '# ttyS1' >/dev/ttyS1; }
set_alarm() {
	echo 0 >/sys/class/rtc/rtc0/wakealarm
	echo +1 >/sys/class/rtc/rtc0/wakealarm && sleep 2
}

# The timers of the CPUs: their own, or an HPET message for each
timer_lines() { grep -oE 'hpet[0-9]+$' /proc/interrupts || echo LOC:; }

all_others_come() {
	local line
	comes ttyS1 send_on_serial || return
	comes rtc0 set_alarm || return
	for line in $(timer_lines); do
		comes "$line" sleep 0.1 || return
	done
}

# With hpet the machine must have been started so that they tick
timers_are() { # LOC|hpet
	timer_lines | grep -q "^$1" || {
		echo "the timers are: $(timer_lines)"
		return 1
	}
}

others_are_as_before() { # NAME
	snapshot "/run/others.$1" || return
	[ -z "$(comm -3 /run/others.before "/run/others.$1")" ] || {
		echo "was, is $1:"
		comm -3 /run/others.before "/run/others.$1"
		return 1
	}
	all_others_come
}

others_do_not_notice_us() {
	local status=0
	unload_rocker
	snapshot /run/others.before && all_others_come || return
	load_rocker && others_are_as_before loaded || return
	start_firing "${pair[@]}" || return
	others_are_as_before firing || status=1
	stop_firing || status=1
	unload_rocker && others_are_as_before unloaded || return
	echo "the same: $(awk '{ printf "%s%s", s, $NF; s = ", " }' /run/others.before)"
	return $status
}
