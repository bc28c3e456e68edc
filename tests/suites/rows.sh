# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016 # scripts for the shell inside
#
# Tables of what users do to a build, each row a case: in a copy of the build root of
# $kernel, whose folder is $dir and whose version is $abi. $helpers are functions for the
# scripts of a table.

helpers=${helpers:-}

# in_build_root SCRIPT: in a copy of the build root, beside the built tree; $abi is
# the kernel's version, $headers and $common are its headers
in_build_root() {
	# shellcheck disable=SC2046 # words
	in_scratch "$dir/build" env $(cross_compiling "$kernel") bash -euc '
		abi=$1
		headers=/usr/src/linux-headers-$abi
		common=${headers%-*}-common
		cd "/src/$abi"
		eval "$0"' "$1" "$abi" 2>&1
}

# make_says LINE SCRIPT: after SCRIPT make $args fails, says LINE and no other of
# ours, and leaves all answers of the probes or none
make_says() {
	local output
	output=$(in_build_root "$helpers
		rm -f compat/features.h
		args= as=
		$2
		! \$as make -s KDIR=\${KDIR:-\$headers} \$args modules
		[ ! -e compat/features.h ] ||
			[ \$(grep -c COMPAT_HAVE_ compat/features.h) -eq \
			\$(ls compat/probes/have_*.c | wc -l) ] || echo answers missing") || {
		echo "make did not fail: $output"
		return 1
	}
	if [ "$(grep -c '^ims: ' <<<"$output")" -ne 1 ] ||
		grep -x 'answers missing' <<<"$output" ||
		! grep -qxE "ims: ${1//@/${abi//+/\\+}}" <<<"$output"; then
		echo "$output"
		return 1
	fi
}

# each_row: make_says for each row of stdin, as a case
each_row() {
	local name line script
	while IFS='|' read -r name line script; do
		[ -z "$name" ] || run_row "$name" make_says "$line" "$script"
	done
}

# run_row NAME FUNCTION ARGUMENT...: a case with a name of its own
run_row() {
	local output start=$SECONDS
	[[ $1 =~ ${CASES:-} ]] || return 0
	if output=$("${@:2}" </dev/null 2>&1); then
		echo "ok 0 - $kernel: $1"
	else
		echo "not ok 0 - $kernel: $1"
		printf '# %s\n' "${output//$'\n'/$'\n# '}"
	fi
	echo "# $kernel: $1: took $((SECONDS - start)) s"
}

# make_is_right SCRIPT: after SCRIPT make $args links the modules anew without a word of
# ours, for the kernel and with its symbol versions
make_is_right() {
	local output
	output=$(in_build_root "$helpers
		rm -f ./*.ko
		args=
		$1
		make -s KDIR=\${KDIR:-\$headers} KCFLAGS=\"-Werror -g0\" \
			CONFIG_DEBUG_INFO_BTF_MODULES= \$args modules
		for m in ims_core ims_array ims_queue ims_2020 ims_62 ims_vfio; do
			[ \"\$(modinfo -F vermagic \$m.ko | cut -d ' ' -f 1)\" = \$abi ]
		done
		modprobe --dump-modversions ims_core.ko | while read -r crc symbol; do
			grep -q \"^\${crc/0x/0x0*}[[:space:]]\$symbol[[:space:]]\" \
				\$headers/Module.symvers || echo \"ims: \$symbol \$crc\"
		done") || {
		echo "make failed: $output"
		return 1
	}
	! grep '^ims: ' <<<"$output"
}
