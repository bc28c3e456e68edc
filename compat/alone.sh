#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# alone.sh FOLDER COMMAND...: run it when no other build of that folder runs: two would
# write the same files.
folder=$1
shift
exec 9<"$folder"
if command -v flock >/dev/null && ! flock --nonblock 9; then
	echo "ims: waiting for another build in $folder" >&2
	flock 9
fi
exec "$@"
