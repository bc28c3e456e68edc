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
# LABEL, and how the run ended is a case too.
boot() {
	local label=$1 errors status=0
	shift
	errors=$(mktemp)
	"$top/tests/vm/run" "$@" 2>"$errors" |
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

# parent_of IOMMU: the interrupt parent that a guest must find
parent_of() {
	case $1 in
	intel) echo "VT-d remapping" ;;
	amd) echo "AMD-Vi remapping" ;;
	none) echo "x86 vectors" ;;
	esac
}

# no_amd_in_qemu KERNEL IOMMU: what tests/vm/run says it cannot boot, said aloud
no_amd_in_qemu() {
	case "$(like "$1") $2" in
	7.*' amd')
		echo "# $1 amd: NOT RUN: QEMU's tables keep Linux 7 from AMD-Vi remapping"
		;;
	*) return 1 ;;
	esac
}

# like KERNEL: the stock kernel whose guests it has, too
like() { echo "${1/#debug*/7.3}"; }

# build_for KERNEL...: this tree, a case each
build_for() {
	local kernel
	for kernel; do
		if "$top/tests/vm/build" "$kernel" >/dev/null; then
			echo "ok 0 - $kernel: builds"
		else
			echo "not ok 0 - $kernel: builds"
		fi
	done
}

# on_every_kernel FUNCTION [WORD...]: FUNCTION KERNEL WORD for each of both, as
# many guests at a time as there are host CPUs: a guest keeps one busy
on_every_kernel() {
	local function=$1
	shift
	[ $# -gt 0 ] || set -- ''
	need_packages parallel="runs two guests at a time"
	# shellcheck disable=SC2163 # the function that the name names
	export -f boot like parent_of no_amd_in_qemu "$function"
	# shellcheck disable=SC2086 # a list of words
	build_for $IMS_KERNELS
	# shellcheck disable=SC2086 # a list of words
	SHELL=/bin/bash parallel --will-cite --keep-order --jobs "$(nproc)" \
		"$function" ::: $IMS_KERNELS ::: "$@"
}
