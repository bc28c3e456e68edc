# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# PCI functions, by what sysfs has of them.

pci=/sys/bus/pci/devices

# functions_of VENDOR DEVICE: their addresses
functions_of() {
	local function
	for function in "$pci"/*; do
		[ "$(cat "$function/vendor" "$function/device")" = "$1"$'\n'"$2" ] &&
			echo "${function##*/}"
	done
	true
}

# Registers can be accessed, and the device may access memory, with no driver:
# bits 1 and 2 of the command register, at offset 4 of the config space
may_access_memory() { # FUNCTION
	printf '\006' | dd of="$pci/$1/config" bs=1 seek=4 conv=notrunc status=none
}

# Bit 2 likewise: it may send messages
masters_the_bus() { # FUNCTION
	local command
	command=$(od -An -tu1 -j4 -N1 "$pci/$1/config")
	[ $((command & 4)) -ne 0 ]
}

# Only this driver may bind to the function; none named: any
reserve() { # FUNCTION [DRIVER]
	echo "${2-}" >"$pci/$1/driver_override"
}

config_byte() { od -An -tu1 -j"$2" -N1 "$pci/$1/config"; } # FUNCTION OFFSET

# Where the power management capability (ID 1) is in the config space: a list
power_capability() { # FUNCTION
	local at
	at=$(($(config_byte "$1" 0x34)))
	until [ $at -eq 0 ] || [ "$(($(config_byte "$1" $at)))" -eq 1 ]; do
		at=$(($(config_byte "$1" $((at + 1)))))
	done
	[ $at -ne 0 ] && echo $at
}

# 0 for D0 to 3 for D3hot, as the function has it. The kernel does not wake it up for
# an access to its config space.
power_state() { # FUNCTION
	echo $(($(config_byte "$1" $(($(power_capability "$1") + 4))) & 3))
}

# Behind the kernel's back
set_power_state() { # FUNCTION STATE
	printf '%b' "\\0$2" | dd of="$pci/$1/config" bs=1 conv=notrunc status=none \
		seek=$(($(power_capability "$1") + 4))
	[ "$(power_state "$1")" -eq "$2" ]
}
