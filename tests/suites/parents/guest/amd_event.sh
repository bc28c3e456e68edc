# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# An event of an AMD IOMMU: QEMU's has none for a DMA that is not mapped, so it
# is told to fetch its commands from where there is no memory.

amd_event() {
	local before logged
	before=$(fault_interrupts)
	logged=$(amd_events_in_log)
	command amd_event "$(amd_registers | tr -d " ")" || return
	within 60 more_fault_interrupts_than "$before" || {
		echo "no interrupt for an event"
		return 1
	}
	within 60 more_amd_events_than "$logged" || {
		echo "the log has no event"
		return 1
	}
}

# Where they are: in the second word of the IOMMU's capability, which QEMU has
# at 0x40 of the config space
amd_registers() {
	local iommu
	iommu=$(grep -l 0x080600 "$pci"/*/class) || return
	od -An -tx4 -j 0x44 -N 4 "${iommu%/class}/config"
}

amd_events_in_log() {
	dmesg | grep -c 'AMD-Vi: Event logged \[COMMAND_HARDWARE_ERROR '
}
more_amd_events_than() { [ "$(amd_events_in_log)" -gt "$1" ]; }
