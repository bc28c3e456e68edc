# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# QEMU's edu as a device that accesses memory which it has no business in. Its
# registers (docs/specs/edu.rst in QEMU): 0x80 from, 0x88 to, 0x90 how many
# bytes, 0x98 go; its own memory is at 0x40000.

find_edu() {
	edu=$(functions_of 0x1234 0x11e8)
	edu_registers=$pci/$edu/resource0
	[ -e "$edu_registers" ] && may_access_memory "$edu"
}

edu_dma() { # read|write ADDRESS
	case $1 in
	read) edu_copy "$2" 40000 1 ;;
	write) edu_copy 40000 "$2" 3 ;;
	esac
}

# Hexadecimal. The device does it after a while, whether it may or not.
edu_copy() { # FROM TO COMMAND
	poke "$edu_registers" 0x80 "$1" && poke "$edu_registers" 0x88 "$2" &&
		poke "$edu_registers" 0x90 4 &&
		poke "$edu_registers" 0x98 "$3" || return
	within 60 edu_is_done
}
edu_is_done() { [ $((0x$(peek "$edu_registers" 0x98 1) & 1)) -eq 0 ]; }
