# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the scripts of the harness share: messages, the cache, packages, and
# namespaces to work in a root tree without being root.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${IMS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ims}
# chroot is where Debian's users do not look
export PATH=$PATH:/usr/sbin:/sbin
# What a script may do at a time
export IMS_JOBS=${IMS_JOBS:-$(nproc)}

say() { echo "ims: $*" >&2; }

die() {
	say "$*"
	exit 1
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "not root and no sudo; as root, run: $*"
	fi
}

# missing_packages PACKAGE=WHY...: the specs of those that are not installed. Every
# guest asks, so all is one question to dpkg, which fails if it knows one of them not.
missing_packages() {
	local spec status
	status=$(dpkg-query -W -f ' ${Package} ${db:Status-Status} ' \
		"${@%%=*}" 2>/dev/null) || true
	for spec; do
		case $status in
		*" ${spec%%=*} installed "*) ;;
		*) echo "$spec" ;;
		esac
	done
}

# need_packages PACKAGE=WHY...: install what is missing, after asking when a
# person is there to answer. CI=true and IMS_YES=1 mean yes. One at a time: two
# guests that start together may miss the same package.
need_packages() {
	local missing answer lock
	[ -n "$(missing_packages "$@")" ] || return 0
	mkdir -p "$cache"
	exec {lock}>"$cache/packages.lock"
	flock "$lock"
	mapfile -t missing < <(missing_packages "$@")
	if [ ${#missing[@]} -gt 0 ]; then
		printf 'ims: missing package %s\n' "${missing[@]/=/: }" >&2
		missing=("${missing[@]%%=*}")
		if [ "${CI:-}" != true ] && [ "${IMS_YES:-}" != 1 ] && [ -t 0 ]; then
			read -rp "ims: install ${missing[*]} with apt-get? [Y/n] " answer
			case $answer in [nN]*) die "cannot go on without them" ;; esac
		fi
		install_packages "${missing[@]}"
	fi
	exec {lock}>&-
}

# What it takes to make root trees and to boot them
need_guests() {
	need_packages mmdebstrap="makes Debian root trees to build and boot kernels" \
		uidmap="lets mmdebstrap work without root" \
		cpio="packs the guest" rsync="copies what has changed" \
		qemu-system-x86="boots the kernels" \
		python3="is a device"
}

install_packages() {
	as_root apt-get update -qq ||
		die "apt-get update failed: is the network there?"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
		--no-install-recommends "$@" >/dev/null ||
		die "apt-get could not install $*"
}

# in_root COMMAND...: run with a root user's view of the cache's root trees, in
# mount and pid namespaces of its own, so that nothing stays mounted or running.
in_root() {
	if [ "$(id -u)" -eq 0 ]; then
		unshare --mount --pid --fork --kill-child "$@"
	else
		unshare --map-root-user --map-auto --mount --pid --fork \
			--kill-child "$@"
	fi
}

# The suites compile the same sources for the same kernels in many ways: Debian's
# headers take ccache if they are told, and here it keeps what it has in the cache. Which
# headers a file has it learns from the compiler, which kbuild asks for them anyway
# (CCACHE_DEPEND): preprocessing each file before was a quarter of the first build.
ccache=var/cache/ccache
export CCACHE_DIR=/$ccache CCACHE_MAXSIZE=2G CCACHE_DEPEND=1
export DEBIAN_KERNEL_USE_CCACHE=y

# in_chroot ROOT COMMAND...: run inside a root tree, with /proc, and with the
# host's /dev because an ordinary user's root tree has no device files
in_chroot() {
	local root=$1
	shift
	mkdir -p "$cache/ccache"
	# shellcheck disable=SC2016 # expanded by the inner shell
	in_root sh -euc '
		mount -t proc proc "$2/proc"
		mount --rbind /dev "$2/dev"
		mkdir -p "$2/$0"
		mount --bind "$1" "$2/$0"
		shift
		exec chroot "$@"' "$ccache" "$cache/ccache" "$root" "$@"
}

# in_scratch ROOT COMMAND...: like in_chroot, in a copy of the root tree that goes
# when the command ends: what it installs and writes is in memory. That a folder was
# removed overlayfs notes in an attribute, for which an ordinary user has only the
# "user." ones (Documentation/filesystems/overlayfs.rst). tmpfs keeps them since Linux
# 6.6, disks always did: that copy is in the cache.
in_scratch() {
	local root=$1 copy='' status=0
	shift
	mkdir -p "$cache"/{scratch,copies,ccache}
	[ "$(id -u)" -eq 0 ] || copy=$(new_copy) || return
	# shellcheck disable=SC2016 # expanded by the inner shell
	in_root sh -euc '
		root=$2/root
		if [ -n "$4" ]; then
			mount --bind "$4" "$2"
		else
			mount -t tmpfs scratch "$2"
		fi
		mkdir "$2/upper" "$2/work" "$root"
		mount -t overlay scratch "$root" \
			-o "lowerdir=$3,upperdir=$2/upper,workdir=$2/work${4:+,userxattr}"
		mount -t proc proc "$root/proc"
		mount --rbind /dev "$root/dev"
		mount -t tmpfs tmp "$root/tmp"
		mkdir -p "$root/$0"
		mount --bind "$1" "$root/$0"
		shift 4
		exec chroot "$root" "$@"' "$ccache" "$cache/ccache" "$cache/scratch" \
		"$root" "$copy" "$@" || status=$?
	[ -z "$copy" ] || in_root rm -rf "$copy"
	return $status
}

# One that is of yesterday somebody interrupted
new_copy() {
	in_root find "$cache/copies" -mindepth 1 -maxdepth 1 -mtime +0 -exec rm -rf {} +
	mktemp -d -p "$cache/copies"
}

# kernel_field LABEL N: field N of the line of a kernel
kernel_field() {
	awk -v k="$(kernel_base "$1")" -v n="$2" '$1 == k { print $n; found = 1 }
		END { exit !found }' "$top/tests/vm/kernels" ||
		die "no kernel '$1' in tests/vm/kernels; it has: $(kernel_labels '')"
}

# Whose line a flavour is on
kernel_base() {
	if grep -q "^$1 " "$top/tests/vm/kernels"; then
		echo "$1"
	else
		sed -E 's/-(rt|cloud)$//' <<<"$1"
	fi
}

# kernel_arch LABEL: Debian's name of its architecture
kernel_arch() {
	case $1 in
	arm64-* | riscv64-*) echo "${1%%-*}" ;;
	*) echo amd64 ;;
	esac
}

# As the compilers for it are named, and as uname has it
arch_triplet() { echo "$(arch_machine "$1")-linux-gnu"; }
arch_machine() {
	case $1 in
	amd64) echo x86_64 ;;
	arm64) echo aarch64 ;;
	*) echo "$1" ;;
	esac
}

# As the kernel's Makefile has it
arch_of_kbuild() {
	case $1 in
	amd64) echo x86 ;;
	riscv64) echo riscv ;;
	*) echo "$1" ;;
	esac
}

# cross_compiling LABEL: what kbuild is told in its environment, where it is not this machine's
cross_compiling() {
	local arch
	arch=$(kernel_arch "$1")
	[ "$arch" = amd64 ] ||
		echo "CROSS_COMPILE=$(arch_triplet "$arch")- ARCH=$(arch_of_kbuild "$arch")"
}

# make_root LABEL: the script that makes the root trees of a kernel prints their folder
make_root() {
	case $(kernel_arch "$1") in
	amd64) "$top/tests/vm/root" "$1" ;;
	*) "$top/tests/vm/foreign" "$1" ;;
	esac
}

# As Debian's packages are named
kernel_flavour() {
	case $1 in
	*-rt | *-cloud) echo "${1##*-}-amd64" ;;
	*) kernel_arch "$1" ;;
	esac
}

# kernel_labels [USE]: those that every suite uses, or whose use is a regular
# expression
kernel_labels() {
	awk -v use="${1-suites}" '!/^#/ && NF && $5 ~ use {
		printf "%s%s", s, $1; s = " " }' "$top/tests/vm/kernels"
}

# config_row NAME: its line of tests/vm/configs, without the blanks around each "|"
config_row() {
	sed -n 's/ *| */|/g; /^[^#]/p' "$top/tests/vm/configs" | grep "^$1|"
}

# config_names RUNS: those whose run is that regular expression
config_names() {
	config_row '[^|]*' | awk -F '|' -v runs="^($1)$" '$3 ~ runs { print $1 }'
}

# tree_files: what git knows of this tree and does not ignore
tree_files() {
	git -C "$top" ls-files --cached --others --exclude-standard | sort
}
