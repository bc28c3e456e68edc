# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The machine that tests/vm/run boots: from its options to a QEMU, its arguments
# and the kernel's. Sourced after lib.sh; these are filled:
#   qemu     the program, an array
#   machine  its arguments, an array
#   append   grows at its front
#   xen_file the hypervisor, empty for none
#   model    the server of a device of our own, empty for none
#   serial   the serial ports: to the files console and tap
#   must     regular expressions, an array: what the console of the machine that
#            was asked for shows
serial=(-serial file:console -serial file:tap)
qemu=() machine=() must=() xen_file='' model=''

# The IOMMU comes first on QEMU's command line; what cannot be is refused before
# a QEMU is fetched
choose_machine() {
	[ -z "$uefi" ] || die "--uefi is of arm64"
	machine+=(-M q35)
	[ "$xen" != pvh ] || choose_pvh
	iommu=${iommu:-intel} cpus=${cpus:-2}
	add_iommu
	add_apic
	choose_qemu
	add_device
	add_kernel
	[ -z "$bare" ] || cpu+=,-hypervisor
	# An interrupt while Linux 7 reads what its CPU can, and forgets meanwhile
	# that there are five levels of pages, is a wild access. KASAN saw it once;
	# other kernels have no one to say so.
	cpu+=,-la57
}

# What Debian 12's QEMU lacks: x2APIC under TCG, igb, vfio-user, and what Xen needs
newer_qemu_needed() {
	[ -n "$newer$xen" ] || [ "$apic" != xapic ] || [ "$device" = igb ] ||
		[ "$device" = ims ]
}

choose_qemu() {
	local tree lib
	if ! newer_qemu_needed; then
		qemu=(qemu-system-x86_64)
		return
	fi
	tree=$("$top/tests/vm/tool" qemu)/tree
	lib=$tree/usr/lib/x86_64-linux-gnu
	qemu=(env "QEMU_MODULE_DIR=$lib/qemu" "$lib/ld-linux-x86-64.so.2"
		--library-path "$lib" "$tree/usr/bin/qemu-system-x86_64"
		-L "$tree/usr/share/qemu" -L "$tree/usr/share/seabios")
	[ "$apic" != xapic ] || cpu+=,-x2apic
}

add_iommu() {
	local eim=off xtsup='' caching=off
	# QEMU has vfio devices only below an IOMMU that shows what it caches
	[ "$device" != ims ] || caching=on
	[ "$apic" = xapic ] || eim=on xtsup=,xtsup=on # they remap for x2APIC
	case $iommu in
	intel)
		machine+=(-device "intel-iommu,intremap=on,eim=$eim,caching-mode=$caching")
		append="intel_iommu=on $append"
		;;
	amd)
		# Linux 7 does not accept where QEMU's tables have the IO-APIC,
		# 00:14.0, and leaves remapping off, also with QEMU 11.1. Told
		# otherwise (ivrs_ioapic=0@0000:00:1f.0) it turns it on, but
		# then QEMU drops the IO-APIC's interrupts: the serial port
		# hangs. Under Xen the question does not arise.
		[ "$device" != ims ] ||
			die "AMD-Vi has no interrupts of vfio-user devices in QEMU: they do not say whose they are; take --iommu intel or none"
		case $kernel-$xen$xtsup in
		7.*-*pv*) ;;
		7.* | debug*) die "no AMD-Vi remapping for Linux $kernel in QEMU; take an older kernel" ;;
		5.10-,*) die "Linux 5.10 does not take QEMU's AMD-Vi for one that remaps for x2APIC; take a newer kernel" ;;
		esac
		machine+=(-device "amd-iommu,intremap=on$xtsup")
		;;
	none) ;;
	*) usage 2 >&2 ;;
	esac
}

# A PVH dom0 needs nested paging and an IOMMU; TCG has the former as AMD's SVM only.
# There an RDTSCP ends in Xen as a RDTSC, which Xen does not find in the code; and
# with two CPUs dom0 dies of page faults at its entry, a minute after it booted.
choose_pvh() {
	iommu=${iommu:-amd} cpus=${cpus:-1}
	[ "$iommu" = amd ] || die "a PVH dom0 needs AMD's IOMMU here; take --iommu amd"
	[ "$cpus" = 1 ] || die "a PVH dom0 needs --cpus 1: QEMU's SVM fails with more"
	cpu+=,-rdtscp
}

# Linux uses x2APIC where interrupts are remapped, or where a hypervisor that it
# knows says that it may. Without remapping it is always the physical mode. A
# VMware that hides in CPUID is a bare machine to all but that question.
add_apic() {
	[ "$apic" != xapic ] || return 0
	[ -z "$xen" ] || die "under Xen the APICs are Xen's own; take --apic xapic"
	case $apic-$iommu in
	cluster-none)
		die "Linux has no x2APIC cluster mode without interrupt remapping; take --apic physical"
		;;
	physical-none)
		machine+=(-M vmport=on -smbios 'type=1,serial=VMware-1')
		cpu+=,-hypervisor
		;;
	cluster-*) ;;
	physical-*) append="x2apic_phys $append" ;;
	*) usage 2 >&2 ;;
	esac
	cpu+=,+x2apic
	# A kernel that is told not to use what the machine has
	case $append in *nox2apic*) return ;; esac
	must+=("Switched APIC routing to:? $apic x2apic")
}

# What boots, by names in the folder of the logs. Under Xen the kernel is its first
# guest, whose console comes out on Xen's serial port, as hvc0; the second port is
# the kernel's own. QEMU takes a comma in a multiboot module's arguments for the
# end of them, unless it is doubled.
add_kernel() {
	local console='console=ttyS0'
	[ -z "$xen" ] || console='console=hvc0'
	# 0xa0: all of the log, and the tasks that wait for what cannot be interrupted
	append="$console panic=-1 unknown_nmi_panic panic_print=0xa0 quiet loglevel=5 $append"
	case $xen in
	'')
		machine+=(-m 1024 -kernel kernel -initrd initrd -append "$append")
		return
		;;
	pv) must+=("kernel on Xen\s*$") ;;
	pvh) must+=("kernel on Xen PVH") ;;
	*) usage 2 >&2 ;;
	esac
	xen_file=$("$top/tests/vm/tool" xen)/xen
	machine+=(-m 2048 -kernel xen
		-initrd "kernel ${append//,/,,},initrd"
		-append "com1=115200,8n1 console=com1 dom0=$xen dom0_mem=1024M")
}

add_device() {
	case $device in
	rocker) add_rocker126 r0 ;;
	rockers) add_rocker126 r0 && add_rocker126 r1 ;;
	rocker4) machine+=(-device 'rocker,name=r0') ;;
	bridge)
		machine+=(-device 'pci-bridge,id=b,chassis_nr=1,shpc=off'
			-device 'rocker,name=r0,bus=b,addr=1')
		;;
	port)
		machine+=(-device 'pcie-root-port,id=p,chassis=1'
			-device 'rocker,name=r0,bus=p')
		;;
	multi)
		machine+=(-device 'rocker,name=r0,addr=5.0,multifunction=on'
			-device 'rocker,name=r1,addr=5.1')
		;;
	pair)
		machine+=(-device 'rocker,name=r0' -device 'rocker,name=r1'
			-device 'edu,dma_mask=0xffffffff')
		;;
	edu) machine+=(-device 'edu,dma_mask=0xffffffff') ;;
	edu-bridge)
		machine+=(-device 'pci-bridge,id=b,chassis_nr=1,shpc=off'
			-device 'edu,dma_mask=0xffffffff,bus=b,addr=1')
		;;
	igb) # After a reset Linux asks a fast port whether its link is up. QEMU's never is.
		machine+=(-device 'pcie-root-port,id=p,chassis=1,x-speed=5'
			-device 'igb,bus=p,romfile=')
		;;
	ims)
		model=$top/devices/ims/server
		mapfile -t model_arguments < <("$model" --qemu socket)
		machine+=("${model_arguments[@]}")
		;;
	none) ;;
	*) usage 2 >&2 ;;
	esac
}

# A rocker with 126 vectors has 61 ports; QEMU 8.2 and newer wants something at
# the other end of each
add_rocker126() { # NAME
	local port ports=''
	if "${qemu[@]}" -device rocker,help | grep -q '^ *len-ports'; then
		machine+=(-device "{\"driver\":\"rocker\",\"name\":\"$1\",\"len-ports\":61}")
		return
	fi
	for port in {0..60}; do
		machine+=(-netdev "hubport,id=$1-$port,hubid=$port")
		ports+="${ports:+,}\"$1-$port\""
	done
	machine+=(-device "{\"driver\":\"rocker\",\"name\":\"$1\",\"ports\":[$ports]}")
}
