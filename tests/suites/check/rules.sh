# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The rules of the house: the layers, and what no file may do.

# code REGEX ALLOWED: lines of code that match, but in paths that match ALLOWED
code() {
	grep -rnE --include='*.[ch]' --include='*.sh' --include=Kbuild \
		--include=Makefile --include=dkms.conf "$1" . |
		sed 's|^\./||' | grep -vE "^($2)"
}

# includes FOLDER...: "file:line:<header>" of every #include below
includes() {
	grep -rsnE --include='*.[ch]' '^\s*#\s*include' "$@" |
		sed -E 's/:\s*#\s*include(_next)?\s*/:/'
}

only_compat_knows_versions() {
	code 'LINUX_VERSION|KERNEL_VERSION' '(compat|tests/suites/check)/' | findings
}

only_compat_looks_for_headers() {
	code '__has_include' '(compat|include/ims/compat|tests/suites/check)/' |
		findings
}

# A probe says since which kernel, by which commit, what for, and what becomes of half
# a backport; one that must pass, what is missing if it does not and how to get it
probes_say_why() {
	local probe field
	for probe in compat/probes/*; do
		[ -e "$probe" ] || continue
		case $probe in
		*/control_pass*.c | */control_fail*.c) set -- Control ;;
		*/have_*.c) set -- 'Since: v[0-9]+\.[0-9]+, "[^"]' Why Halves ;;
		*/need_*.c)
			set -- 'Since: v[0-9]+\.[0-9]+, "[^"]' Why Halves \
				Missing Fix
			;;
		*) set -- 'no such kind of probe' ;;
		esac
		for field; do
			grep -qE "^ \* $field" "$probe" ||
				echo "$probe: no ${field%%:*}"
		done
	done | findings
}

# What is asked is used, and what is used is asked
no_probe_is_unused() {
	local used probe name file line
	used=$(grep -rnowE --include='*.[ch]' 'COMPAT_HAVE_[A-Z0-9_]+' .)
	{
		for probe in compat/probes/have_*.c; do
			name=$(basename "$probe" .c)
			[ ! -e "$probe" ] || grep -q ":COMPAT_${name^^}$" <<<"$used" ||
				echo "$probe: nothing uses COMPAT_${name^^}"
		done
		while IFS=: read -r file line name; do
			probe=compat/probes/${name#COMPAT_}.c
			[ -z "$name" ] || [ -e "${probe,,}" ] ||
				echo "${file#./}:$line: no probe for $name"
		done <<<"$used"
	} | findings
}

# What the kernel calls "_locked" wants the descriptor's lock, and does not look. Also
# where nobody else knows the interrupt yet, the lock is taken, as the kernel does.
kernels_locked_functions_have_the_lock() {
	# find wants its two braces once
	find . -name '*.c' -exec awk '
		/^[{]/ || /^[}]/ { held = 0 }
		/raw_spin_lock[a-z_]*\(|guard\(raw_spinlock/ { held = 1 }
		/raw_spin_unlock[a-z_]*\(/ { held = 0 }
		/irq_[a-z_]*_locked\(/ && !held {
			printf "%s:%d: %s\n", FILENAME, FNR, $0
		}' {} + | findings
}

# Neither at run time nor in the build, nor by posing as a part of the kernel. A
# guest may have the kernel record who was refused memory.
nothing_goes_around_exports() {
	code 'kallsyms|kprobe|KBUILD_MODPOST_WARN|MODULE_INFO\(\s*intree' \
		'(tests/suites/check/|tests/suites/failslab/guest/alloc_failures.sh:)' | findings
}

public_headers_include_no_layer() {
	includes include | grep -vE ':<(linux|asm|ims)/' | findings
}

core_includes_nothing_above() {
	includes core | grep -E '(drivers|samples|tests)/' | findings
}

domains_include_nothing_above() {
	includes domains | grep -E '(core|drivers|samples|tests)/' | findings
}

# Public headers and those of their own room; the rooms in drivers/ also what they share,
# and the one that meets other parts of the kernel what compat/ has for it
drivers_and_samples_include_public_headers() {
	includes drivers samples tests/modules tests/bench/module tests/suites/*/{cases,old,driver} |
		grep -vE ':<(linux|asm|ims)/|^(drivers|samples|tests)/.*:"[a-z]+\.h"' |
		grep -vE '^drivers/[a-z0-9.]+/.*:"\.\./(layout|power)\.h"' |
		grep -vE '^drivers/vfio/.*:"\.\./\.\./compat/vfio\.h"' |
		findings
}

samples_use_the_driver_api() {
	includes samples | grep -E '[</]backend\.h' | findings
}

only_domains_know_x86() {
	code '[<"]asm/|x86_|X86_' 'domains/|compat/probes/|tests/suites/core/cases/blocks.c:|[^:]*\.sh:|(.*/)?dkms\.conf:' |
		findings
}

# But for formats that have no comments
every_file_has_a_licence() {
	local file
	find . -type f ! -name '*.md' ! -name COPYING \
		! -path '*/debian/changelog' ! -path '*/debian/source/format' |
		while read -r file; do
			head -n 3 "$file" |
				grep -q 'SPDX-License-Identifier: GPL-2.0-only' ||
				echo "$file: no SPDX-License-Identifier: GPL-2.0-only"
		done | findings
}

every_file_is_short() {
	find . -type f -exec awk -v limit=450 '
		FNR == limit + 1 {
			printf "%s: more than %d lines\n", FILENAME, limit
			nextfile
		}' {} + | findings
}

# Mirrors, registries, home folders: what is true on one machine only
no_machine_is_named() {
	grep -rnE '/(work|root|home|Users)/|(deb|ftp|security|snapshot)\.([a-z]+\.)?debian\.org|\b(docker|ghcr|gcr|quay)\.io|localhost:[0-9]' . |
		findings
}

# An exported function has a kernel-doc comment with its context, and with what
# it returns unless that is nothing
exports_are_documented() {
	find . -name '*.c' -exec awk '
		function complain(what) {
			printf "%s:%d: %s() %s\n", FILENAME, FNR, name, what
		}
		/^\/\*\*$/ {
			getline
			name = $2
			sub(/\(\)$/, "", name)
			doc[name] = 1
		}
		/^ \* Context:/ { context[name] = 1 }
		/^ \* Return:/ { returns[name] = 1 }
		/^void [a-z_0-9]+\(/ {
			sub(/\(.*/, "", $2)
			returns[$2] = 1
		}
		/^EXPORT_SYMBOL/ {
			split($0, part, /[(),]/)
			name = part[2]
			if (!doc[name])
				complain("has no kernel-doc comment")
			else if (!context[name])
				complain("says nothing of its context")
			else if (!returns[name])
				complain("does not say what it returns")
		}' {} + | findings
}
