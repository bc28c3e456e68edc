# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the package manager of this machine is told, in the words of its distribution,
# which /etc/os-release names (os-release(5)). Sourced by what advises.

# debian, fedora, suse, arch, or other: of the distribution, or of one that it is like
distribution() {
	words=$(. /etc/os-release 2>/dev/null && echo "${ID:-} ${ID_LIKE:-}")
	for word in $words; do
		case $word in
		debian | ubuntu) echo debian ;;
		fedora | rhel | centos) echo fedora ;;
		suse | opensuse* | sles | sle-*) echo suse ;;
		arch) echo arch ;;
		*) continue ;;
		esac
		return
	done
	echo other
}

# get PACKAGE...: the command
get() {
	case $(distribution) in
	debian) echo "apt-get install $*" ;;
	fedora) echo "dnf install $*" ;;
	suse) echo "zypper install $*" ;;
	arch) echo "pacman -S $*" ;;
	*) echo "install $*" ;;
	esac
}

# get_again PACKAGE...: of which files are missing
get_again() {
	case $(distribution) in
	debian) echo "apt-get install --reinstall $*" ;;
	fedora) echo "dnf reinstall $*" ;;
	suse) echo "zypper install --force $*" ;;
	*) get "$@" ;;
	esac
}

# headers_of RELEASE: their package. Its flavour stands at the end of a release of
# openSUSE's, and of one of Arch's kernels but the ordinary one.
headers_of() {
	case $(distribution) in
	debian) echo "linux-headers-$1" ;;
	fedora) echo "kernel-devel-$1" ;;
	suse) echo "kernel-${1##*-}-devel" ;;
	arch)
		case $1 in
		*-lts | *-zen | *-hardened | *-rt) echo "linux-${1##*-}-headers" ;;
		*) echo linux-headers ;;
		esac
		;;
	*) echo "the headers of Linux $1" ;;
	esac
}

# compiler_of NAME-VERSION [MACHINE]: the packages of a compiler, and of what it links
# with; for another machine than this
compiler_of() {
	case $(distribution):$1 in
	*:clang*) echo clang lld llvm ;;
	debian:*) echo "$1${2:+-$(echo "$2" | tr _ -)-linux-gnu}" ;;
	*) echo gcc ;;
	esac
}

# a_newer_kernel: the packages of the distribution's newest, with headers
a_newer_kernel() {
	case $(distribution) in
	debian)
		case $(. /etc/os-release && echo "$ID") in
		ubuntu) get linux-generic ;;
		*)
			flavour=$(dpkg --print-architecture)
			get "linux-image-$flavour" "linux-headers-$flavour"
			;;
		esac
		;;
	fedora) get kernel kernel-devel ;;
	suse) get kernel-default kernel-default-devel ;;
	arch) get linux linux-headers ;;
	*) echo "install a newer kernel and its headers" ;;
	esac
}
