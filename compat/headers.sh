#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Ask kbuild whether it can build a module with a kernel's headers, and if it cannot, say
# what to do, for which it has many words. What only the compiler can tell is asked by
# probe.sh.
#
#   headers.sh KDIR [VARIABLE...]
#
# KDIR is the headers package of a distribution, or where a kernel was built; VARIABLEs
# are what only a build of the kernel is given, and make was.
set -u
export LC_ALL=C

kdir=${1%/}
shift
here=$(cd "$(dirname "$0")" && pwd)
. "$here/package.sh"

die() {
	echo "ims: $*" >&2
	exit 1
}

# What the headers or the folder say, if kbuild does not
release_of_name() {
	uts=$(sed -n 's/^#define UTS_RELEASE "\(.*\)"/\1/p' \
		"$kdir/include/generated/utsrelease.h" 2>/dev/null)
	case ${uts:-$kdir} in
	"$uts") echo "$uts" ;;
	*/lib/modules/*/build) basename "${kdir%/build}" ;;
	*/linux-headers-*) echo "${kdir##*/linux-headers-}" ;;
	*) uname -r ;;
	esac
}

[ $# -eq 0 ] ||
	die "$1= is for a build of the kernel; leave it out, and name the kernel by KDIR="
case $PWD:$kdir in
*[[:space:]]* | *:*:* | *[%#]*)
	die "kbuild cannot build where a path has a blank, a colon, % or #: $PWD with $kdir; build in a copy: cp -r . ~/ims" ;;
esac
[ -e "$kdir/Makefile" ] ||
	die "no kernel headers in $kdir; $(get "$(headers_of "$(release_of_name)")")"
[ -w . ] || die "cannot write in $PWD; build in a copy: cp -r $PWD ~/ims"

ask() {
	folder=$(mktemp -d) || return
	trap 'rm -rf "$folder"' EXIT
	cp "$here"/ask/* "$folder" &&
		${MAKE:-make} -s -C "$kdir" M="$folder" ask.o 2>&1
}
answer() { printf '%s\n' "$said" | sed -n "s/^ims: $1 //p" | head -n 1; }

possible=yes
said=$(ask) || possible=
objtree=$(answer objtree)
objtree=${objtree:-$(readlink -f "$kdir")}
srctree=$(answer srctree)
compiler=$(answer compiler)
release=$(answer release)
release=${release:-$(release_of_name)}

[ "$(readlink -f "$objtree")" = "$(readlink -f "$kdir")" ] ||
	die "kbuild builds for $objtree, not for $kdir; unset KBUILD_OUTPUT"

# half FILE TARGET: end with how to complete KDIR. A package of Debian has the name of
# its folder; scripts/ is a link into another package.
half() {
	case $(readlink -f "$kdir"):$1 in
	*/linux-headers-*:*/scripts/mod/modpost)
		package=$(readlink "$kdir/scripts") || package=$kdir/scripts
		package=$(basename "${package%/scripts}")
		;;
	*/linux-headers-*:/usr/src/linux-headers-*-common/*)
		package=${1#/usr/src/} package=${package%%/*} ;;
	*/linux-headers-*) package=$(headers_of "$release") ;;
	/usr/src/kernels/* | /usr/src/linux-*-obj/* | /usr/lib/modules/*)
		package=$(headers_of "$release") ;;
	*) die "not built to the end: no $1; make -C $kdir $2" ;;
	esac
	die "half-installed headers: no $1; $(get_again "$package")"
}

# What Debian's Makefile, and that of a build outside of the source, include
included() {
	sed -n 's|^include \(/.*\)/Makefile$|\1|p' "$kdir/Makefile"
}
: "${srctree:=$(included)}"
: "${srctree:=$objtree}"

explain_missing_files() {
	for file in Makefile include/linux/kconfig.h; do
		[ -e "$srctree/$file" ] || half "$srctree/$file" outputmakefile
	done
	for file in include/generated/autoconf.h include/generated/utsrelease.h \
		include/config/auto.conf; do
		[ -s "$objtree/$file" ] || half "$objtree/$file" modules_prepare
	done
	[ -e "$objtree/scripts/mod/modpost" ] ||
		half "$objtree/scripts/mod/modpost" modules_prepare
}

# The compiler that built the kernel: "gcc-12"
kernel_compiler() {
	sed -n 's/^CONFIG_\(GCC\|CLANG\)_VERSION=\([1-9][0-9]*\)[0-9]\{4\}$/\1-\2/p' \
		"$objtree/include/config/auto.conf" | tr '[:upper:]' '[:lower:]'
}
# Whose code it has to make, as compilers call it, if it is one of ours
kernel_machine() {
	sed -n 's/^CONFIG_X86_64=y$/x86_64/p; s/^CONFIG_ARM64=y$/aarch64/p
		s/^CONFIG_ARCH_RV64I=y$/riscv64/p' \
		"$objtree/include/config/auto.conf"
}
get_compiler() {
	machine=$(kernel_machine)
	[ "$machine" != "$(uname -m)" ] || machine=
	# shellcheck disable=SC2046 # words
	get $(compiler_of "$(kernel_compiler)" "$machine")
}
# What make is told to take it
take_compiler() {
	case $(kernel_compiler) in
	clang*) echo "LLVM=1" ;;
	*) echo "CC=$(kernel_compiler)" ;;
	esac
}

explain_compiler() {
	case ${compiler%% *} in
	ccache | */ccache)
		command -v "${compiler%% *}" >/dev/null ||
			die "there is no ccache; $(get ccache), or build without it"
		compiler=${compiler#* }
		;;
	esac
	compiler=${compiler%% *}
	[ -z "$compiler" ] || command -v "$compiler" >/dev/null ||
		die "there is no compiler $compiler; $(get_compiler)"
	machine=$(kernel_machine)
	case $machine:$("${compiler:-false}" -dumpmachine 2>/dev/null):$compiler in
	:* | *::* | *clang* | "$machine:$machine"-*) ;;
	*) die "$compiler makes no code for $machine, for which Linux $release is; $(get_compiler), and make CROSS_COMPILE=$machine-linux-gnu-" ;;
	esac
	# Without a place in a file an error is about the flags
	! printf '%s\n' "$said" | grep -qE '^([^ :]+: )?error: ' ||
		die "$compiler does not understand the flags of this kernel; $(get_compiler), and make $(take_compiler)"
}

explain_environment() {
	[ -z "${ARCH:-}" ] || [ -d "$srctree/arch/$ARCH" ] ||
		die "ARCH=$ARCH is no architecture of Linux $release; unset ARCH"
	[ -z "${CROSS_COMPILE:-}" ] || command -v "${CROSS_COMPILE}gcc" >/dev/null ||
		die "there is no ${CROSS_COMPILE}gcc, which CROSS_COMPILE names; unset CROSS_COMPILE"
}

if [ -z "$possible" ]; then
	explain_environment
	explain_missing_files
	explain_compiler
	! sh "$here/failed.sh" "$PWD" 2>&1 | grep . >&2 || exit 1
	printf '%s\n' "$said" | grep -v '^ims: ' >&2
	common=$(basename "$srctree")
	case $srctree in */linux-headers-*-common) ;; *) common= ;; esac
	die "kbuild cannot compile an empty module for Linux $release; $(get_again "$(headers_of "$release")" ${common:+"$common"})"
fi

# Which compiling a file does not need
explain_missing_files
[ -s "$objtree/Module.symvers" ] || half "$objtree/Module.symvers" modules
