# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What is written for people is true of the tree.

# The pictures are not drawn again: each keeps the checksum of its source
pictures_are_of_today() {
	"$tree/docs/pictures/draw" --check | findings
}

every_log_line_is_explained() {
	"$tree/docs/make/logs" --check | findings
}

# dev_fmt() and pr_fmt() give each line its prefix, and a second one would be printed,
# too; a WARN() has none
log_prefixes_are_written_once() {
	grep -rnsE --include='*.[ch]' '"(IMS|IMS (array|queue|layout)|device MSI): ' \
		core drivers domains | grep -vE '#define (dev|pr)_fmt\(fmt\)|_dev_err\(|WARN_ONCE\(' |
		findings
}

# A tree without parameters has no page
every_parameter_is_listed() {
	grep -rqsE '\bmodule_param' core domains drivers samples || [ -e docs/parameters.md ] ||
		return 0
	"$tree/docs/make/parameters" --check | findings
}

# An exported function, but for those of older interfaces, is declared by a public header
every_export_has_a_page() {
	local out file name
	out=$(mktemp -d -p "$work")
	"$tree/docs/make/api" man "$scripts/kernel-doc" "$out"
	grep -rosE --include='*.c' '^EXPORT_SYMBOL[A-Z_]*\(\w+' core domains drivers |
		grep -vE '^drivers/(2020|6\.2)/' | while IFS=: read -r file name; do
		[ -e "$out/${name#*(}.9" ] || echo "$file: ${name#*(}() has no page"
	done | findings
}

# Links to files and headings, names of functions and macros of ours, and the files that
# the packages have of what a page points to
documents_point_to_what_exists() {
	"$tree/docs/make/links" | findings
}

# A word that the sources do not have is of yesterday
glossary_words_are_used() {
	local word
	sed -n 's/^| \([a-z][a-z ]*\) | .*/\1/p' docs/glossary.md 2>/dev/null |
		while read -r word; do
			grep -rqiE --include='*.[ch]' "(^|[^a-z])${word%e}(e|ed|es|s|ing)?([^a-z]|\$)" \
				core domains drivers include 2>/dev/null ||
				echo "docs/glossary.md: nothing uses \"$word\""
		done | findings
}

modules_say_who_made_them() {
	local file tag
	grep -rlsE '^MODULE_LICENSE' --include='*.c' core domains drivers samples |
		while read -r file; do
			for tag in MODULE_AUTHOR MODULE_DESCRIPTION; do
				grep -q "^$tag(" "$file" || echo "$file: no $tag"
			done
		done | findings
}

# What has a version has that of dkms.conf
versions_agree() {
	local version
	version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$tree/dkms.conf")
	{
		grep -HnE '^ims \(' debian/changelog | head -n 1 | grep -vF "($version)"
		grep -HnE '^Version:' rpm/ims.spec | grep -vE " $version\$"
		grep -HnE '^## [0-9]' CHANGELOG.md | head -n 1 | grep -vE "## $version\b"
		grep -HnoE '\bims[/_-](dkms[_-])?[0-9]+\.[0-9]+\.[0-9]+' README.md docs/*.md |
			grep -vF "$version"
	} 2>/dev/null | findings
}
