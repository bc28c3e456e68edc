# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# In-kernel cases: what the scripts share that run a module of them, which leaves
# its results in debugfs.

log_says() { # REGEX
	dmesg | grep -qE "$1" || {
		echo "the log does not say: $1"
		return 1
	}
}

# Load and run one group. A case is a line of TAP, whose plan becomes a comment
# because more cases follow.
in_kernel_cases() { # MODULE [PARAMETER...]
	modprobe "$@" || {
		echo "not ok 0 - $* loads"
		return 1
	}
	sed 's/_/ /g; s/^1\.\./# cases /' "/sys/kernel/debug/$1"
}

# What the kernel must have said: regular expressions, after a device's name
errors_name_device_cause_and_way_out() { # DEVICE REGEX...
	local device=$1 line bad=0
	shift
	for line; do
		log_says "$device: $line" || bad=1
	done
	return $bad
}

# Removed, the modules leave no interrupt and no domain
nothing_is_left_without() { # MODULE...
	! grep -m 1 IMS- /proc/interrupts || return
	! find /sys/kernel/debug/device_msi -mindepth 1 | grep . || return
	rmmod "$@" || return
	[ "$(cat /sys/module/ims_core/refcnt)" -eq 0 ]
}
