# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For suites that try an installation on each Debian release: with its tools and
# its apt, in a scratch copy of the build root of one of its kernels. Sourced after
# tests/suites/lib.sh.

# The first kernel of each release among those that are tested
one_kernel_per_release() {
	local kernel
	for kernel in $(every_kernel amd64); do
		echo "$kernel $(kernel_field "$kernel" 2)"
	done | awk '!seen[$2]++ { print $1 }'
}

# in_release KERNEL SUITE [FILE...]: run the SUITE's "inside" in a copy of the
# tree in /tmp/src, with FILEs in /tmp/in; what it writes to its fd 3 goes to ours
in_release() {
	local kernel=$1 script=$2 dir release
	shift 2
	release=$(kernel_field "$kernel" 2)
	dir=$("$top/tests/vm/root" "$kernel") || return
	# shellcheck disable=SC2016 # expanded by the inner shell
	{
		tree_files | tar -c -C "$top" --transform 's|^|src/|' -T -
		[ $# -eq 0 ] ||
			tar -c --transform 's|.*/|in/|' --absolute-names "$@"
	} | in_scratch "$dir/build" bash -c '
		tar -x --no-same-owner --ignore-zeros -C /tmp
		cd /tmp/src || exit
		export DEBIAN_FRONTEND=noninteractive
		exec tests/suites/"$0"/inside "$1" </dev/null' "$script" "$(cat "$dir/abi")" |
		sed -E "s/^((not )?ok [0-9]+ - )/\1$release: /; /^1\.\./d"
	return "${PIPESTATUS[1]}"
}

# on_every_release FUNCTION: FUNCTION KERNEL, two at a time: each waits for the
# network now and then
on_every_release() {
	# shellcheck disable=SC2163 # the function that the name names
	export -f in_release in_scratch new_copy in_root kernel_field \
		kernel_base kernel_labels tree_files die say "$1"
	export cache ccache
	one_kernel_per_release | SHELL=/bin/bash parallel --will-cite \
		--keep-order --jobs "$IMS_JOBS" "$1"
}
