# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Must-fail controls: every check has to find each of its deliberate offences
# in fixtures/offences, or its silence on the tree means nothing.

licence='SPDX-License-Identifier: GPL-2.0-only'

# plant PATH TEXT: make the current folder a tree with the offence and no other
plant() {
	mkdir -p compat "$(dirname "$1")"
	cp "$tree/Makefile" . && cp -r "$tree"/compat/*.sh "$tree/compat/ask" compat || return
	case $1 in
	*.c) echo "// $licence" ;;
	*.h) echo "/* $licence */" ;;
	*) echo "# $licence" ;;
	esac >"$1"
	printf '%b\n' "$2" >>"$1"
	[ -e Kbuild ] || printf '# %s\n%s\n' "$licence" 'obj-m := offence.o' >Kbuild
}

# control CHECK PATH TEXT: does CHECK find TEXT in a file at PATH?
control() {
	local targets=modules output
	output=$(
		cd "$(mktemp -d -p "$work")" && plant "$2" "$3" || exit
		"$1" 2>&1 </dev/null
	) && {
		echo "$1 does not find, in $2: $3"
		return 1
	}
	[[ $output == *"$2"* ]] || {
		echo "$1 fails, but not for $2: $output"
		return 1
	}
}

# As many at a time as there are CPUs
controls_fail() {
	local controlled='' bad=0 running=() pid check path text
	while read -r check path text; do
		controlled+=" $check "
		control "$check" "$path" "$text" &
		running+=($!)
		[ ${#running[@]} -lt "$IMS_JOBS" ] && continue
		wait "${running[0]}" || bad=1
		running=("${running[@]:1}")
	done < <(grep '^[a-z]' "$work/fixtures/offences")

	for pid in "${running[@]}"; do
		wait "$pid" || bad=1
	done

	controlled+=' every_file_is_short every_file_has_a_licence '
	control every_file_is_short core/offence.c "$(yes line | head -n 450)" ||
		bad=1
	licence='SPDX-License-Identifier: BSD-2-Clause' \
		control every_file_has_a_licence core/offence.c '' || bad=1

	for check in "${checks[@]}"; do
		[[ $controlled == *" $check "* ]] || {
			echo "$check has no control"
			bad=1
		}
	done
	return $bad
}
