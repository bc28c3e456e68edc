# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The machine that tests/vm/run boots, if it is none of x86: QEMU's "virt". Sourced after
# machine.sh, and fills the same.

choose_foreign_machine() {
	iommu=${iommu:-none} cpus=${cpus:-2}
	[ "$apic-$xen$bare" = xapic- ] || die "--apic, --xen and --bare are of x86"
	case $arch in
	arm64) choose_arm64 ;;
	riscv64) choose_riscv64 ;;
	*) usage 2 >&2 ;;
	esac
	add_device
	append="panic=-1 panic_print=0xa0 quiet loglevel=5 $append"
	machine+=(-m 1024 -kernel kernel -initrd initrd -append "$append")
}

# foreign_qemu PROGRAM: QEMU as trixie-backports has it. That of Debian 12 hangs with Linux
# 6.12 of riscv64.
foreign_qemu() {
	local tree lib
	tree=$("$top/tests/vm/foreign" qemu)/tree
	lib=$tree/usr/lib/x86_64-linux-gnu
	qemu=(env "QEMU_MODULE_DIR=$lib/qemu" "$lib/ld-linux-x86-64.so.2"
		--library-path "$lib" "$tree/usr/bin/$1" -L "$tree/usr/share/qemu")
}

# A GICv3 with an ITS. The second serial port is a PL011, too.
choose_arm64() {
	local smmu=
	foreign_qemu qemu-system-aarch64
	case $iommu in
	smmuv3) smmu=,iommu=smmuv3 ;;
	none) ;;
	*) die "no --iommu $iommu on arm64; there are smmuv3 and none" ;;
	esac
	machine+=(-M "virt,gic-version=3,its=on$smmu")
	cpu=cortex-a72
	append="console=ttyAMA0 TAP_PORT=ttyAMA1 $append"
}

# The machine has one serial port, the console; the second is a PCI function. Which of them
# is ttyS0 depends on the kernel.
choose_riscv64() {
	[ "$iommu" = none ] || die "no --iommu $iommu on riscv64; there is none"
	foreign_qemu qemu-system-riscv64
	machine+=(-M 'virt,aia=aplic-imsic' -device 'pci-serial,chardev=tap')
	serial=(-serial file:console -chardev 'file,id=tap,path=tap')
	cpu=rv64
	append="console=uart8250,mmio,0x10000000 TAP_PORT=pci $append"
}
