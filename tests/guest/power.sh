# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The ways in which the device of rocker.sh is away for a while: sleep of the machine or
# of the device alone, and recovery from an error. Each returns when it is back.

# The kernel tests its way to sleep and back, and stays there for a second: LEVEL is
# how far it goes, of the ways in /sys/power/pm_test
sleep_test() { # LEVEL STATE
	local status=0
	[ ! -w /sys/module/suspend/parameters/pm_test_delay ] ||
		echo 1 >/sys/module/suspend/parameters/pm_test_delay
	echo "$1" >/sys/power/pm_test && echo "$2" >/sys/power/state || status=1
	echo none >/sys/power/pm_test
	return $status
}

# All but the CPUs and the machine's own devices goes to sleep and wakes up
sleep_and_wake() { sleep_test devices freeze; }
# CPUs, too
sleep_of_the_cpus() { sleep_test core mem; }
# The callbacks of sleep to disk, and no image
sleep_to_disk() { sleep_test core disk; }

# For real: QEMU resets the machine, and its clock wakes it up. The memory stays.
sleep_to_memory() {
	echo 0 >/sys/class/rtc/rtc0/wakealarm
	echo +3 >/sys/class/rtc/rtc0/wakealarm || return
	echo deep >/sys/power/mem_sleep && echo mem >/sys/power/state
}

# For real, too, with an image of the memory, in that of QEMU's ivshmem: the machine
# starts again, and the next kernel restores it. The script that it runs then begins
# with resume_from_an_image, which only returns if there is none.
sleep_to_disk_with_an_image() { with_the_image_of save; }
resume_from_an_image() { with_the_image_of restore; }
with_the_image_of() { # COMMAND
	local memory
	memory=$pci/$(functions_of 0x1af4 0x1110) && echo 1 >"$memory/enable" &&
		image "$1" "$memory/resource2"
}

# The device alone. The administrator allows it, and it is idle.
sleep_of_the_device() {
	echo auto >"$driver/$device/power/control" || return
	within 60 device_is suspended || device_is suspended
}
wake_the_device() { echo on >"$driver/$device/power/control" && device_is active; }
device_is() { # STATE
	local state
	state=$(cat "$driver/$device/power/runtime_status")
	[ "$state" = "$1" ] || {
		echo "$device is $state, not $1"
		return 1
	}
}

recovery_step() { # STEP: see tests/modules/ims_recover.c
	[ -d /sys/module/ims_recover ] || modprobe ims_recover || return
	echo "$1 $device" >/sys/module/ims_recover/parameters/step || {
		echo "error recovery stops at: $1"
		return 1
	}
}
recover() { recovery_step reset && recovery_step resume; }
recovery_from() { # nonfatal|fatal
	recovery_step "$1" && recover
}
