# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# In-kernel cases: what the scripts share that run a module of them, which leaves
# its results in debugfs.

# A process for each line would take the debug kernel a second: one finds them all,
# and bash tells them apart, those that are alike but once
log_says() { # REGEX...
	local lines line regex bad=0
	dmesg | grep -E "${@/#/-e}" | sed 's/^\[[^]]*\] //' | sort -u >/run/log
	mapfile -t lines </run/log
	for regex; do
		for line in "${lines[@]}"; do
			[[ ! $line =~ $regex ]] || continue 2
		done
		echo "the log does not say: $regex"
		bad=1
	done
	return $bad
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

# What the kernel must have said of a device: regular expressions, after its name
log_names() { # DEVICE REGEX...
	local device=${1//./\\.}
	shift
	log_says "${@/#/$device: }"
}

# Removed, the modules leave no interrupt and no domain
nothing_is_left_without() { # MODULE...
	! grep -m 1 IMS- /proc/interrupts || return
	! find /sys/kernel/debug/device_msi -mindepth 1 | grep . || return
	rmmod "$@" || return
	[ "$(cat /sys/module/ims_core/refcnt)" -eq 0 ]
}
