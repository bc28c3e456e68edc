#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Look at a kernel's headers before kbuild does, which has many words for what is
# missing, and none for what to do about it. What only the compiler can tell is
# asked by probe.sh.
#
#   headers.sh KDIR
#
# KDIR is the headers package of a distribution, or where a kernel was built.
set -u

kdir=${1%/}

die() {
	echo "ims: $*" >&2
	exit 1
}

release() {
	case $kdir in
	*/lib/modules/*/build) basename "${kdir%/build}" ;;
	*/linux-headers-*) echo "${kdir##*/linux-headers-}" ;;
	*) uname -r ;;
	esac
}

# half WHAT PACKAGE TARGET: end with how to complete KDIR
half() {
	case $(readlink -f "$kdir") in
	*/linux-headers-*)
		die "half-installed headers: no $1; apt-get install --reinstall $2" ;;
	*) die "not built to the end: no $1; make -C $kdir $3" ;;
	esac
}

[ -e "$kdir/Makefile" ] ||
	die "no kernel headers in $kdir; apt-get install linux-headers-$(release)"

# Debian's Makefile, and that of a build outside of the source, include another
source=$(sed -n 's|^include \(/.*\)/Makefile$|\1|p' "$kdir/Makefile")
for file in Makefile include/linux/kconfig.h; do
	[ -e "${source:-$kdir}/$file" ] ||
		half "${source:-$kdir}/$file" "${source##*/}" outputmakefile
done

# Debian's scripts/ is a link into a package that has its name
if [ ! -e "$kdir/scripts/mod/modpost" ]; then
	package=$(readlink "$kdir/scripts") || package=linux-headers-$(release)/scripts
	package=${package%/scripts}
	half "$kdir/scripts/mod/modpost" "${package##*/}" modules_prepare
fi

for file in include/generated/autoconf.h include/generated/utsrelease.h \
	include/config/auto.conf; do
	[ -s "$kdir/$file" ] ||
		half "$kdir/$file" "linux-headers-$(release)" modules_prepare
done
[ -s "$kdir/Module.symvers" ] ||
	half "$kdir/Module.symvers" "linux-headers-$(release)" modules

[ -w . ] || die "cannot write in $PWD; build in a copy: cp -r $PWD ~/ims"

# Debian's headers name the compiler, unless it is given (CC=)
compiler=$(sed -n 's/^CC *=.*\(gcc-[0-9]*\)$/\1/p' "$kdir/.kernelvariables" 2>/dev/null)
[ -n "${CC_GIVEN:-}" ] || [ -z "$compiler" ] ||
	command -v "$compiler" >/dev/null ||
	die "$compiler, which the kernel was built with, is not installed; apt-get install $compiler"
