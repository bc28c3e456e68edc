# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Debian root trees in the cache, made by mmdebstrap from the Debian mirror that
# apt on this machine uses. Sourced after lib.sh, by a script that sets:
#   release  the release whose userland a tree gets
#   suites   where packages come from, separated by commas
#   prefer   the suite to prefer
#   dir      the folder of the trees
#   newest   the package whose version decides whether the trees are of today
#   recipe_files  what else the trees depend on; may stay empty
recipe_files=()

# mirror LABEL: where apt on this machine takes that part of Debian from
mirror() {
	index_targets | sed -n "s/^$1 //p" | head -n 1
}

# Every build and every guest ask, and apt takes half a second to say: it is asked
# once in a run of suites (since IMS_STARTED)
index_targets() {
	local kept=$apt_index/targets
	if [ -z "${IMS_STARTED:-}" ] ||
		[ -z "$(find "$kept" -size +0 -newermt "@$IMS_STARTED" 2>/dev/null)" ]; then
		mkdir -p "$apt_index"
		# shellcheck disable=SC2016 # apt-get's own variables
		apt-get indextargets --format '$(LABEL) $(REPO_URI)' \
			'Created-By: Packages' 'Origin: Debian' >"$kept.$$"
		mv "$kept.$$" "$kept"
	fi
	cat "$kept"
}

sources() { # SUITE...
	local main security suite
	main=$(mirror Debian)
	if [ -z "$main" ]; then # a new machine has not asked yet
		as_root apt-get update -qq || true
		main=$(mirror Debian)
	fi
	security=$(mirror Debian-Security)
	[ -n "$main" ] ||
		die "apt on this machine has no Debian mirror; run apt-get update, or see apt-get indextargets"
	for suite; do
		case $suite in
		*-security) echo "deb ${security:-${main%/}-security/} $suite main" ;;
		*) echo "deb $main $suite main" ;;
		esac
	done
}

# What apt on this machine does to reach its mirror: a proxy; a mirror that stands
# still, whose index is out of date
how_to_acquire() {
	apt-config dump --format '%F "%v";%n' Acquire |
		grep -E '^Acquire::(Check-Valid-Until|.*Proxy.*) ".+' || true
	echo 'Acquire::Retries "3";'
}

# Settings of dpkg in the tree: it can be made again; and a kernel that a package
# brings along boots without its initramfs and its own modules
dpkg_settings='force-unsafe-io
path-exclude=/etc/kernel/postinst.d/initramfs-tools
path-exclude=/lib/modules/*/kernel/*
path-exclude=/usr/lib/modules/*/kernel/*'

bootstrap() { # VARIANT PACKAGES TARGET
	local aptopts=(--aptopt="$(how_to_acquire)") log=$dir.new/$3.log
	# Backports and experimental wait to be asked for, and a package from
	# there may need more of them
	case $prefer in
	*-backports | experimental)
		aptopts+=(--aptopt="APT::Default-Release \"$prefer\"")
		;;
	esac
	# shellcheck disable=SC2086 # a list of words
	sources ${suites//,/ } | in_root mmdebstrap --mode=root --quiet \
		--variant="$1" --include="$2" "${aptopts[@]}" \
		--essential-hook="echo '$dpkg_settings' >\"\$1/etc/dpkg/dpkg.cfg.d/ims\"" \
		"$release" \
		"$dir.new/$3" - >"$log" 2>&1 || {
		grep -E '^(E|W): ' "$log" | tail -n 5 >&2
		die "mmdebstrap could not make the root of $release; run this again, and see $log if it stays so"
	}
	rm -f "$log"
}

# What the archive has today is asked for twice a day, but never while suites run
# (since IMS_STARTED); without a network what was said last holds. An index of apt's
# own, beside the machine's.
apt_index=$cache/apt
apt_options=(-o "Dir::State::Lists=$apt_index/lists" -o "Dir::Cache=$apt_index"
	-o "Dir::Etc::SourceList=$apt_index/sources.list"
	-o Dir::Etc::SourceParts=- -o APT::Sandbox::User=root
	-o Acquire::Languages=none -o Acquire::Retries=3)

ask_archive() {
	local all lock since="@$((${IMS_STARTED:-$(date +%s)} - 12 * 3600))"
	mkdir -p "$apt_index"/{lists,archives}/partial
	exec {lock}>"$apt_index/lock"
	flock "$lock"
	if [ -z "$(find "$apt_index/versions" -newermt "$since" 2>/dev/null)" ]; then
		all=$(awk '!/^#/ && NF { print $3 }' "$top/tests/vm/kernels" |
			tr , '\n' | sort -u)
		# shellcheck disable=SC2086 # a list of words
		sources $all >"$apt_index/sources.list"
		apt-get "${apt_options[@]}" -qq update >"$apt_index/log" 2>&1 || true
		[ ! -s "$apt_index/log" ] ||
			say "not all of the Debian archive answers: $(head -n 1 "$apt_index/log")"
		apt-cache "${apt_options[@]}" madison linux-image-amd64 \
			linux-image-cloud-amd64 linux-image-rt-amd64 \
			qemu-system-x86 xen-hypervisor-common debhelper \
			>"$apt_index/versions.new"
		apt-cache "${apt_options[@]}" show linux-image-amd64 2>/dev/null |
			sed -nE 's/^Version: (.*)/\1/p; s/^Depends: .*\blinux-image-([0-9][^ ]*).*/\1/p' |
			paste -d ' ' - - >"$apt_index/abis.new"
		keep_answers
	fi
	exec {lock}>&-
}

# No answer does not undo the last
keep_answers() {
	local file
	for file in versions abis; do
		if [ -s "$apt_index/$file.new" ]; then
			mv "$apt_index/$file.new" "$apt_index/$file"
		elif [ -s "$apt_index/$file" ]; then
			touch "$apt_index/$file"
		fi
	done
}

# archive_version PACKAGE: the version that $prefer has today, or its security
# updates if they are among the suites
archive_version() {
	awk -F ' *[|] *' -v package="$1" -v prefer="$prefer" -v suites=",$suites," '
		{ sub(/^ */, "", $1) }
		$1 == package && match($3, / [^ ]*\/main /) {
			suite = substr($3, RSTART + 1, RLENGTH - 7)
			if (suite == prefer || suite == prefer "-security" &&
			    index(suites, "," suite ",")) {
				print $2
				exit
			}
		}' "$apt_index/versions" 2>/dev/null
}

# archive_abi: the name of the kernel that linux-image-amd64 brings there
archive_abi() {
	awk -v version="$(archive_version linux-image-amd64)" '
		$1 == version { print $2; exit }' "$apt_index/abis"
}

# The scripts and the sources that make the trees, and what the archive has: with
# others they would be others
recipe() {
	local version
	version=$(archive_version "$newest")
	[ -n "$version" ] ||
		die "the Debian archive does not answer, or has no $newest in $prefer; is the network there? Then run this again"
	cat "$0" "${BASH_SOURCE[0]}" "${recipe_files[@]}" | sha256sum
	echo "$release $suites $prefer"
	mirror Debian
	echo "$newest $version"
}

# cached FUNCTION: print $dir. If it is not there, or was made by another recipe,
# FUNCTION makes it, as $dir.new.
cached() {
	local recipe
	ask_archive
	recipe=$(recipe)
	if [ "$(cat "$dir/recipe" 2>/dev/null)" != "$recipe" ]; then
		need_guests
		mkdir -p "$cache/roots"
		exec 9>"$dir.lock"
		flock 9
	fi
	# Somebody else may have made it while we waited
	if [ "$(cat "$dir/recipe" 2>/dev/null)" != "$recipe" ]; then
		need_space
		in_root rm -rf "$dir" "$dir.new"
		mkdir -p "$dir.new"
		"$1"
		echo "$recipe" >"$dir.new/recipe"
		mv "$dir.new" "$dir"
	fi
	echo "$dir"
}

# A root tree takes up to 2 GB while it is made
need_space() {
	local free
	free=$(df --output=avail -BM "$cache" | tail -n 1)
	[ "${free//[!0-9]/}" -gt 2048 ] ||
		die "only${free} free in $cache, a root tree needs 2048M; free some, or name another folder with IMS_CACHE"
}
