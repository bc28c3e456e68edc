#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# installed.sh ROOT RELEASE [FOLDER]: does modprobe take what was installed below
# /lib/modules/RELEASE? Of two copies it takes one, by the rules of depmod.d(5). If
# FOLDER is given, the modules must be of it; without, there should be none.
set -u

root=$1 release=$2 folder=${3:-}
modules=$root/lib/modules/$release

taken=$(modinfo ${root:+-b "$root"} -k "$release" -n ims_core 2>/dev/null)
case ${folder:+wanted}:$taken in
:) exit 0 ;;
wanted:$modules/$folder/ims_core.ko*) exit 0 ;;
wanted:)
	echo "ims: modprobe does not find ims_core in $modules/$folder; depmod -a $release" >&2
	;;
*/updates/dkms/*)
	echo "ims: modprobe takes $taken, of dkms; dkms remove ims/$(modinfo -F version "$taken") --all" >&2
	;;
*)
	echo "ims: modprobe takes $taken, an older copy; make uninstall in its source, or: rm $(dirname "$taken")/ims_*.ko* && depmod -a $release" >&2
	;;
esac
exit 1
