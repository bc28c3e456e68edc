# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The checks that a tool makes: compilers, sparse, coccinelle, the kernel's own
# scripts, shellcheck.

headers=$(echo /usr/src/linux-headers-*-amd64)
scripts=/usr/src/linux/scripts

# findings: print stdin, and fail if that is anything
findings() { ! grep .; }

# compile VARIABLE...: build a copy of the tree. All that make says is a finding,
# but that there is no vmlinux to take BTF from. Nothing looks at debug information.
# The copy's path is the same each time, so that ccache has what did not change, and
# what the compiler said of it.
compile() {
	local copy=$PWD.copy
	rm -rf "$copy"
	cp -a . "$copy"
	# shellcheck disable=SC2086 # a list
	(make -s -j"$IMS_JOBS" -C "$copy" KDIR="$headers" KCFLAGS=-g0 "$@" \
		${targets:-samples tests} 2>&1 ||
		echo "make failed") |
		sed "/^Skipping BTF generation/d; s|$copy/||g" | findings
}

# Sparse looks at what gcc compiles. This one has no __has_include; before v6.2 the
# answer to our one is no.
gcc_and_sparse_are_silent() {
	compile W=1 C=2 CF="-D__CHECK_ENDIAN__ '-D__has_include(x)=0'"
}

# The headers are configured for the gcc that built the kernel. Where that shows
# clang is told apart, and what the clang of this release cannot do is left out.
clang_is_silent() {
	compile W=1 CC="ccache clang" CONFIG_CC_IS_GCC= CONFIG_GCC_VERSION=0 \
		CONFIG_CC_IS_CLANG=y \
		CONFIG_CC_IMPLICIT_FALLTHROUGH=-Wimplicit-fallthrough \
		CONFIG_CC_HAS_AUTO_VAR_INIT_ZERO_ENABLER=y \
		CONFIG_RETHUNK= CONFIG_SLS= CONFIG_FTRACE_MCOUNT_USE_CC=
}

coccinelle_rule() { # RULE LOG
	local options
	options=$(sed -n 's|^// *Options:||p' "$1")
	# shellcheck disable=SC2086 # a list
	spatch -D report --no-show-diff --very-quiet --cocci-file "$1" \
		$options --dir . -I include -I "$kernel_include" 2>"$2" || {
		echo "$1 cannot run:"
		cat "$2"
	}
}

# Every rule of the kernel's that has a report and no script in OCaml, which
# would need a compiler for it
coccinelle_is_silent() {
	local log
	log=$(mktemp -p "$work")
	kernel_include=$(echo /usr/src/linux-headers-*-common/include)
	export -f coccinelle_rule
	export kernel_include
	# shellcheck disable=SC2016 # expanded by the inner shell
	find "$scripts/coccinelle" -name '*.cocci' \
		-exec grep -q '^virtual report' {} \; \
		! -exec grep -q '@.*script:ocaml' {} \; -print | sort |
		xargs -P "$IMS_JOBS" -I{} \
			bash -c 'coccinelle_rule "$1" "$2.$$"' - {} "$log" |
		findings
}

# But for what checkpatch.ignore excuses; an excuse that nothing needs is a
# finding too. A line is "./PATH:LINE: LEVEL:TYPE: text".
checkpatch_is_silent() {
	find . -name '*.[ch]' -print0 | xargs -0 -n 16 -P "$IMS_JOBS" \
		"$scripts/checkpatch.pl" --strict --no-tree --terse \
		--no-summary --show-types -f 2>&1 |
		awk -F '[: ]+' '
			FILENAME != "-" {
				if (/^[A-Z]/)
					unused[$1 " " $2] = 1
				next
			}
			{
				for (excuse in unused) {
					split(excuse, part, / +/)
					if ($4 == part[1] && index($1, "./" part[2]) == 1) {
						used[excuse] = 1
						next
					}
				}
				print
			}
			END {
				for (excuse in unused)
					if (!(excuse in used))
						print "checkpatch.ignore: nothing needs " excuse
			}' "$tree/tests/suites/check/checkpatch.ignore" - |
		findings
}

# -v is what later kernels call -Wall
kernel_doc_is_silent() {
	find . -name '*.[ch]' -exec "$scripts/kernel-doc" -none -v {} + 2>&1 |
		sed '/: info: /d' | findings
}

# Scripts, with what they source; and what is sourced, whose variables others
# read (SC2034) and set (SC2154)
shellcheck_is_silent() {
	{
		find . -type f -exec grep -lZE '^#!.*\b(ba)?sh$' {} + |
			xargs -0 -r shellcheck -x -P SCRIPTDIR -P tests/guest -f gcc
		find . -name '*.sh' -exec grep -LZ '^#!' {} + |
			xargs -0 -r shellcheck -x -P SCRIPTDIR -P tests/guest -f gcc \
				-e SC2034,SC2154
	} 2>&1 | findings
}
