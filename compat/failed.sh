#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# After a failed build: say so if it is not the code's fault but the machine's.
#
#   failed.sh FOLDER
set -u

# Of which user the first file is that make would write and may not
foreign=$(find "$1" -name .git -prune -o \( -type d -o -name '*.o' -o -name '*.ko' \
	-o -name '*.cmd' -o -name '*.mod' -o -name '*.mod.c' \) ! -writable -print |
	head -n 1)
if [ -n "$foreign" ]; then
	echo "ims: cannot write $foreign, of another user's build; sudo make clean" >&2
	exit
fi

# full FOLDER: has it less than two of our largest objects need?
full() {
	left=$(df -Pk "$1" 2>/dev/null | awk 'NR == 2 { print $4 }')
	[ "${left:-4096}" -lt 4096 ]
}

if full "$1"; then
	echo "ims: no space left in $1; free some" >&2
elif full "${TMPDIR:-/tmp}"; then
	echo "ims: no space left in ${TMPDIR:-/tmp}; use another: make TMPDIR=/var/tmp" >&2
fi
