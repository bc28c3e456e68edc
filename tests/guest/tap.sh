# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# TAP for the guest scripts. A case is a function: its name is the case's name,
# it fails if it returns non-zero, and what it prints explains why.

tap_count=0
tap_failed=0

# CASES, a regular expression, narrows what runs
run_case() { # FUNCTION [ARGUMENT...]
	local output status=0 start=$SECONDS
	[[ $1 =~ ${CASES:-} ]] || return
	tap_count=$((tap_count + 1))
	output=$("$@" 2>&1) || status=$?
	if [ $status -eq 0 ]; then
		echo "ok $tap_count - ${*//_/ }"
	else
		echo "not ok $tap_count - ${*//_/ }"
		tap_failed=$((tap_failed + 1))
	fi
	[ -z "$output" ] || printf '# %s\n' "${output//$'\n'/$'\n# '}"
	echo "# took $((SECONDS - start)) s"
}

tap_end() {
	echo "1..$tap_count"
	[ "$tap_failed" -eq 0 ]
}

# within SECONDS COMMAND...: try until it succeeds. The limit is generous, for a
# machine under load; nothing waits for it when all is well. In a guest the process
# of a sleep takes as long as the sleep: bash reads where nothing comes instead.
within() {
	local limit=$((SECONDS + $1))
	[ -n "${nothing:-}" ] || exec {nothing}<> <(:)
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $limit ] || {
			echo "still false in the end: $*"
			return 1
		}
		read -r -t 0.05 -u "$nothing" || true
	done
}
