# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the scripts of this folder share. They run as root in the scratch copy of a
# build root.

. tests/guest/tap.sh

# quietly COMMAND...: what it says matters only if it fails
quietly() {
	local output
	output=$("$@" 2>&1) || {
		echo "failed: $*"
		echo "$output"
		return 1
	}
}

# fails_and_says TEXT COMMAND...
fails_and_says() {
	local output text=$1
	shift
	if output=$("$@" 2>&1); then
		echo "did not fail: $*"
	elif ! grep -m 1 -F "$text" <<<"$output"; then
		echo "does not say: $text"
	else
		return 0
	fi
	echo "$output"
	return 1
}

# The build root has the headers of every flavour: those of one stay
apt_is_there() {
	quietly apt-get update && remove_flavour cloud && remove_flavour rt
}

# Its packages and what depmod wrote, but nothing of ours; the headers of newer
# kernels bring the image
remove_flavour() { # FLAVOUR
	local version=${abi%-amd64}-$1-amd64 packages
	packages=$(dpkg-query -W -f '${Package} ' "linux-*-$version" 2>/dev/null)
	# shellcheck disable=SC2086 # a list of words
	quietly apt-get purge -y $packages || return
	! find "/lib/modules/$version" -name 'ims_*' 2>/dev/null | grep . &&
		rm -rf "/lib/modules/$version"
}

install() { quietly apt-get install -y --no-install-recommends "$@"; }

# What could be left of us, without what depmod and dkms itself keep
installed_files() {
	find /lib/modules/ /usr/src/ /usr/share/ims /var/lib/dkms/ 2>/dev/null |
		grep -vE '/modules\.[a-z._]+$|/mok\.(key|pub)$|/dkms_dbversion$' |
		sort
}

# module NAME [KERNEL]: the file that dkms has installed
module() {
	local file
	file=$(echo "/lib/modules/${2:-$abi}/updates/dkms/$1".ko*)
	[ -e "$file" ] && echo "$file"
}

# loads MODULE MODULE...: modprobe of the last would load all, in this order
loads() {
	[ "$(modprobe -S "$abi" --show-depends "${!#}" |
		sed -n 's|^insmod .*/\([^/.]*\)\.ko.*|\1|p' | xargs)" = "$*" ] || {
		modprobe -S "$abi" --show-depends "${!#}"
		return 1
	}
}
