# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the suites share: cases on the host, and guests on every kernel.

# shellcheck source=tests/vm/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../vm/lib.sh"
# shellcheck source=tests/guest/tap.sh
. "$top/tests/guest/tap.sh"
export top

# boot LABEL OPTION... -- COMMAND: one guest. Its cases come out named after
# LABEL, and how the run ended is a case too. More options are in IMS_BOOT.
boot() {
	local label=$1 errors status=0 options=()
	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	errors=$(mktemp)
	# shellcheck disable=SC2086 # a list of words
	"$top/tests/vm/run" "${options[@]}" ${IMS_BOOT:-} "$@" 2>"$errors" |
		sed -E "s/^((not )?ok [0-9]+ - )/\1$label: /; /^1\.\./d"
	status=${PIPESTATUS[0]}
	if [ "$status" -eq 0 ]; then
		echo "ok 0 - $label: the guest ended well"
	else
		echo "not ok 0 - $label: the guest ended well"
		sed 's/^/# /' "$errors"
	fi
	rm -f "$errors"
	return "$status"
}

# What each architecture has: an IOMMU, as a scenario ends in it, and the interrupt parent
# that a guest must find there
export what_delivers='
amd64 intel VT-d remapping
amd64 amd AMD-Vi remapping
amd64 none x86 vectors
arm64 smmuv3 GICv3 ITS
arm64 none GICv3 ITS
riscv64 none IMSIC
'

# parent_of KERNEL IOMMU
parent_of() {
	sed -n "s/^$(kernel_arch "$1") $2 //p" <<<"$what_delivers"
}

# no_amd_in_qemu KERNEL IOMMU: what tests/vm/run says it cannot boot, said aloud
no_amd_in_qemu() {
	case "$1 $2" in
	7.*' amd' | debug*' amd')
		echo "# $1 amd: NOT RUN: QEMU's tables keep Linux 7 from AMD-Vi remapping"
		;;
	*) return 1 ;;
	esac
}

# build_for KERNEL...: this tree, a case each; two at a time if there are several
build_for() {
	local each=$IMS_JOBS
	[ $# -lt "$IMS_JOBS" ] || each=1
	export each
	# shellcheck disable=SC2016 # expanded by the inner shell
	parallel --will-cite --keep-order --jobs "$IMS_JOBS" '
		if IMS_JOBS=$each "$top/tests/vm/build" {} >/dev/null; then
			echo "ok 0 - {}: builds"
		else
			echo "not ok 0 - {}: builds"
		fi' ::: "$@"
}

# every_kernel ARCHITECTURE: those that are named, or all, of an architecture or of "*"
every_kernel() {
	local kernel kernels=$IMS_KERNELS
	[ "$kernels" != "$(kernel_labels)" ] || kernels+=" $(kernel_labels foreign)"
	for kernel in $kernels; do
		# shellcheck disable=SC2254 # a pattern
		case $(kernel_arch "$kernel") in $1) echo "$kernel" ;; esac
	done
}

# scenarios_of KERNEL SCENARIO... [ARCHITECTURE: SCENARIO...]...: lines "KERNEL SCENARIO"
# of those that there are on its architecture; the first are of amd64
scenarios_of() {
	local kernel=$1 word arch=amd64
	shift
	for word; do
		case $word in
		*:) arch=${word%:} ;;
		*) [ "$arch" != "$(kernel_arch "$kernel")" ] || echo "$kernel $word" ;;
		esac
	done
}

# planned SCENARIO...: the guests of this suite in this run, lines "KERNEL
# SCENARIO": all of them, those of tests/plan, or one (IMS_GUEST). The debug kernel and
# other architectures are the first: their guests take longest.
planned() {
	local suite=${0%/run} kernel
	suite=${suite##*/}
	case $IMS_LEVEL in
	one) echo "$IMS_GUEST" ;;
	every)
		for kernel in $(every_kernel '*'); do
			scenarios_of "$kernel" "$@"
		done
		;;
	*)
		awk -v suite="$suite" -v level="$IMS_LEVEL" '
			$1 != suite { next }
			{
				n = split($3 (level == "quick" ? "" : "," $4), kernel, ",")
				for (i = 1; i <= n; i++)
					if (kernel[i] != "-" && kernel[i] != "")
						print kernel[i], $2
			}' "$top/tests/plan" | sort -rV
		;;
	esac
}

# on_every_kernel FUNCTION [SCENARIO...]: FUNCTION KERNEL SCENARIO for each guest of
# the plan, as many at a time as there are host CPUs: a guest keeps one busy
on_every_kernel() {
	local function=$1 guests
	shift
	guests=$(planned "$@")
	[ -n "$guests" ] || return 0
	# shellcheck disable=SC2163 # the function that the name names
	export -f boot parent_of kernel_arch no_amd_in_qemu "$function"
	# shellcheck disable=SC2046 # a list of words
	build_for $(cut -d ' ' -f 1 <<<"$guests" | uniq)
	SHELL=/bin/bash parallel --will-cite --keep-order --jobs "$IMS_JOBS" \
		--colsep ' ' "$function" '{1}' '{2}' <<<"$guests"
}
