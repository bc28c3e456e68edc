#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Name the probes that have the same answer on every supported kernel: what they
# ask need not be asked.
#
#   dead.sh FEATURES_H...      compat/features.h of the build for each kernel
set -u

[ $# -ge 2 ] || {
	echo "ims: one kernel tells nothing; compat/dead.sh FEATURES_H FEATURES_H..." >&2
	exit 2
}

awk '
	FNR == 1 { kernels++ }
	/^#define COMPAT_HAVE_/ { asked[$2]++; yes[$2]++ }
	/^\/\* COMPAT_HAVE_.* is not set/ { asked[$2]++ }
	END {
		for (name in asked) {
			probes++
			if (asked[name] != kernels)
				says = "was not asked on every kernel: build them all"
			else if (yes[name] == kernels)
				says = "is true on every kernel: delete the probe, and what is for the others"
			else if (!yes[name])
				says = "is true on no kernel: delete the probe, and what is for it"
			else
				continue
			print name " " says
			dead++
		}
		if (!probes)
			print "no answers in " ARGV[1]
		exit dead || !probes
	}' "$@"
