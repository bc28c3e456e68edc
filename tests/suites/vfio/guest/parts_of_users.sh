# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The parts of samples/vfio, and users of them: programs (user.c) that do what they are
# asked, a line each. Users end with the case that opened their parts.

# Load the sample and what it needs, afresh: load_shared [PARAMETER...]
load_shared() {
	unload_shared
	modprobe ims_core allow_guest=1 || return
	modprobe ims_vfio ${UNSAFE:+allow_unsafe_interrupts=1} || return
	modprobe ims_shared ${QUEUE:+queue=1} "$@" || return
	device=$(basename "$(echo /sys/bus/pci/drivers/ims_shared/0000:*)")
	slots=/sys/kernel/debug/device_msi/IMS-$device
	bars=/sys/bus/pci/devices/$device
	bar=$bars/resource1
	[ ! -e "$bars/resource2" ] || bar=$bars/resource2 # devices/ims has its slots there
	! parts_are_mdevs || make_mdevs || return
	[ -e "$slots" ] && [ -e "$(part_of 0)/iommu_group" ]
}

# On Linux 5.10 parts are mdevs, which the administrator makes, and names
mdev_name=1b36a5e0-0006-4000-8000-00000000000 # and the number of the part
mdev_type() { echo /sys/bus/pci/drivers/ims_shared/0000:*/mdev_supported_types/ims_shared-part; }
parts_are_mdevs() { [ -e "$(mdev_type)" ]; }
make_mdevs() {
	local part
	modprobe vfio_mdev || return
	for part in 0 1 2 3; do
		echo $mdev_name$part >"$(mdev_type)/create" || return
	done
}

unload_shared() {
	local module
	for module in ims_shared ims_vfio ims_array ims_queue ims_core; do
		[ ! -d /sys/module/$module ] || modprobe -r $module || return
	done
}

part_of() { # NUMBER
	local parts=(/sys/bus/auxiliary/devices/ims_shared.part.*)
	! parts_are_mdevs || parts=("/sys/bus/mdev/devices/$mdev_name"{0..3})
	echo "${parts[$1]}"
}
device_has_pasids() { [ "$bar" = "$bars/resource2" ]; }
# fire_every: of how many calls that are fuzzed. QEMU may deliver what devices/ims sent when
# the interrupt is free already, as no bus would; VT-d complains of that (docs/testing.md).
fire_every() { if device_has_pasids; then echo 0; else echo 16; fi; }
part_name() { basename "$(part_of "$1")"; } # NUMBER
part_id() { # NUMBER
	local name
	name=$(part_name "$1")
	name=${name##*.}
	echo "${name#"$mdev_name"}"
}

# has_slots PART COUNT: so many slots of the store are the part's
has_slots() {
	local count
	count=$(grep -c " $(part_name "$1")\$" "$slots")
	[ "$count" -eq "$2" ] || {
		echo "part $1 has $count slots, not $2"
		return 1
	}
}

# open_part NUMBER: a user opens it; what is asked is asked of this user from now on
open_part() {
	local pipe=/run/user.$1 group in out
	group=$(basename "$(readlink "$(part_of "$1")/iommu_group")")
	rm -f "$pipe.in" "$pipe.out"
	mkfifo "$pipe.in" "$pipe.out" || return
	user "$group" "$(part_name "$1")" <"$pipe.in" >"$pipe.out" &
	pid[$1]=$!
	exec {in}>"$pipe.in" {out}<"$pipe.out"
	to[$1]=$in from[$1]=$out
	use_user "$1"
	ask info
}
use_user() { user=$1; } # NUMBER

close_part() { # NUMBER
	local in=${to[$1]} out=${from[$1]}
	exec {in}>&- {out}<&-
	wait "${pid[$1]}"
}

part_is_closed() { # NUMBER
	! kill -0 "${pid[$1]}" 2>/dev/null
}

say() { echo "$*" >&"${to[user]}"; }

# ask COMMAND...: what the user says, in answer
ask() {
	say "$@"
	IFS='' read -r -t 600 answer <&"${from[user]}" || {
		echo "no answer to: $*"
		return 1
	}
}

# expect ANSWER COMMAND...
expect() {
	local expected=$1
	shift
	ask "$@" || return
	[ "$answer" = "$expected" ] || {
		echo "$*: $answer, not $expected"
		return 1
	}
}
