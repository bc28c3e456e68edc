# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The rows of arm64; "run" has those of x86. Options of QEMU give its machine "virt" other
# interrupt controllers. Without one for messages QEMU refuses devices that have MSI.

scenarios_arm64() {
	cat <<'TABLE'
GICv3 ITS | parents 'GICv3 ITS' isolated none | | -
GICv3 ITS, SMMUv3 | parents 'GICv3 ITS' isolated none | --iommu smmuv3 | arm64-7.3
GICv3 ITS, UEFI and ACPI | parents 'GICv3 ITS' isolated none | --uefi | -
GICv3 ITS, SMMUv3, UEFI and ACPI | parents 'GICv3 ITS' isolated none | --uefi --iommu smmuv3 | -
GICv3 ITS, root port | parents 'GICv3 ITS' isolated none | --device port | -
GICv3 ITS, conventional bridge | parents 'GICv3 ITS' isolated none | --device bridge | -
GICv3 ITS, multi-function | parents 'GICv3 ITS' isolated none | --device multi | -
isolation demanded, GICv3 ITS | parents 'GICv3 ITS' isolated none allow_guest=1 require_isolated=1 | | -
virtual machine, arm64 | refusals refused @Virtual machine@ allow_guest=0 | | -
guest, GICv3 ITS | refusals guest @Virtual machine@ 'GICv3 ITS' | | -
GICv2m | refusals refused @GICv2m@ allow_guest=1 | --qemu '-M gic-version=2,msi=gicv2m' | arm64-7.3
no ITS | its none @no parent@ | --device none --qemu '-machine its=off -device pci-testdev' | -
MSI-X in either order, GICv3 ITS | its order | --device rockers | -
table full, GICv3 ITS | its full | --device rocker4 | arm64-7.3
table of a store that does not say, GICv3 ITS | its many | --device edu | -
forged, arm64 | refusals forged | | arm64-7.3
TABLE
}
