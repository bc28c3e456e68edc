# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Debian root trees in the cache, made by mmdebstrap from the Debian mirror that
# apt on this machine uses. Sourced after lib.sh, by a script that sets:
#   release  the release whose userland a tree gets
#   suites   where packages come from, separated by commas
#   prefer   the suite to prefer
#   dir      the folder of the trees
#   recipe_files  what else the trees depend on; may stay empty
recipe_files=()

# mirror LABEL: where apt on this machine takes that part of Debian from
mirror() {
	# shellcheck disable=SC2016 # apt-get's own variables
	apt-get indextargets --format '$(LABEL) $(REPO_URI)' \
		'Created-By: Packages' 'Origin: Debian' |
		sed -n "s/^$1 //p" | head -n 1
}

sources() {
	local main security suite
	main=$(mirror Debian)
	security=$(mirror Debian-Security)
	[ -n "$main" ] ||
		die "apt on this machine has no Debian mirror; run apt-get update, or see apt-get indextargets"
	for suite in ${suites//,/ }; do
		case $suite in
		*-security) echo "deb ${security:-${main%/}-security/} $suite main" ;;
		*) echo "deb $main $suite main" ;;
		esac
	done
}

bootstrap() { # VARIANT PACKAGES TARGET
	local aptopts=(--aptopt='Acquire::Retries "3"')
	# Backports wait to be asked for, and a package from there may need more
	# of them
	case $prefer in
	*-backports) aptopts+=(--aptopt="APT::Default-Release \"$prefer\"") ;;
	esac
	sources | in_root mmdebstrap --mode=root --quiet --variant="$1" \
		--include="$2" "${aptopts[@]}" "$release" "$dir.new/$3" - ||
		die "mmdebstrap failed; run it again, and look at the mirror if it stays so"
}

# The scripts and the sources that make the trees: others make others
recipe() {
	cat "$0" "${BASH_SOURCE[0]}" "${recipe_files[@]}" | sha256sum
	echo "$release $prefer"
	sources
}

# cached FUNCTION: print $dir. If it is not there, or was made by another recipe,
# FUNCTION makes it, as $dir.new.
cached() {
	local recipe
	recipe=$(recipe)
	if [ "$(cat "$dir/recipe" 2>/dev/null)" != "$recipe" ]; then
		need_packages uidmap="lets mmdebstrap work without root" \
			mmdebstrap="makes Debian root trees to build and boot kernels" \
			cpio="packs the guest"
		mkdir -p "$cache/roots"
		exec 9>"$dir.lock"
		flock 9
	fi
	# Somebody else may have made it while we waited
	if [ "$(cat "$dir/recipe" 2>/dev/null)" != "$recipe" ]; then
		in_root rm -rf "$dir" "$dir.new"
		mkdir -p "$dir.new"
		"$1"
		echo "$recipe" >"$dir.new/recipe"
		mv "$dir.new" "$dir"
	fi
	echo "$dir"
}
