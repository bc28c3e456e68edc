# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # what tests/vm/run has assigned
#
# A virtual machine in the guest: what the guest has in /nested to boot one. Sourced by
# tests/vm/run, whose $dir, $logs and $top are used here.

# add_nested PROGRAM MODULE...: as --nested of tests/vm/run has it. The initrd is small and
# the kernel is unpacked, for all that is done in there takes QEMU's emulation of an
# emulated machine thirty times as long.
add_nested() {
	local to=$logs/overlay/nested module
	mkdir -p "$to/tree"/{dev,sys}
	nested_qemu "$to/qemu"
	cp "$dir/vmlinuz" "$to/kernel"
	[ ! -e "$dir/vmlinux" ] || cp "$dir/vmlinux" "$to/kernel"
	cp "$dir/stage/usr/bin/$1" "$to/tree/init"
	shift
	for module; do
		cp "$dir"/stage/usr/lib/modules/*/updates/"$module.ko" "$to/tree"
	done
	pack "$to/tree" >"$to/initrd"
	rm -rf "$to/tree"
}

# The newer QEMU, with the libraries and the firmware that it needs, and no others
nested_qemu() { # FOLDER
	local tree lib library
	tree=$("$top/tests/vm/tool" qemu)/tree
	lib=$tree/usr/lib/x86_64-linux-gnu
	mkdir -p "$1"/{lib,share}
	cp "$tree/usr/bin/qemu-system-x86_64" "$1"
	cp -L "$lib/ld-linux-x86-64.so.2" "$1/lib"
	for library in $("$lib/ld-linux-x86-64.so.2" --library-path "$lib" --list \
		"$1/qemu-system-x86_64" | awk '$2 == "=>" { print $3 }'); do
		cp -L "$library" "$1/lib"
	done
	cp "$tree/usr/share/seabios/bios-256k.bin" \
		"$tree"/usr/share/qemu/{kvmvapic,linuxboot_dma,pvh}.bin "$1/share"
}
