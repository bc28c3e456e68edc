# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The rows of riscv64; "run" has those of x86. Options of QEMU give its machine "virt" other
# interrupt controllers, or an IOMMU, which Linux 7.2 has pass all addresses on. Without
# IMSICs QEMU refuses devices that have MSI. None runs by default, as its kernel does not.

scenarios_riscv64() {
	cat <<'TABLE'
IMSIC | parents IMSIC shared none | | -
IMSIC, root port | parents IMSIC shared none | --device port | -
IMSIC, conventional bridge | parents IMSIC shared none | --device bridge | -
IMSIC, multi-function | parents IMSIC shared none | --device multi | -
IMSIC, RISC-V IOMMU | parents IMSIC shared none | --qemu '-device riscv-iommu-pci' | -
isolation demanded, IMSIC | refusals refused @Isolation demanded@ allow_guest=1 require_isolated=1 | | -
virtual machine, riscv64 | refusals refused @Virtual machine@ allow_guest=0 | | -
guest, IMSIC | refusals guest @Virtual machine@ IMSIC | | -
PLIC | refusals asked @PLIC, or APLIC without IMSICs@ | --device none --qemu '-M aia=none' | -
APLIC | refusals asked @PLIC, or APLIC without IMSICs@ | --device none --qemu '-M aia=aplic' | -
forged, riscv64 | refusals forged | --qemu '-device riscv-iommu-pci' | -
TABLE
}
