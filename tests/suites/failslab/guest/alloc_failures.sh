# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The kernel's fault injection for memory: allocations fail that have a return
# address in a range on their stack, in tasks that ask for it. And who was refused.
injectors=(/sys/kernel/debug/failslab /sys/kernel/debug/fail_page_alloc)
tracing=/sys/kernel/tracing
# So many callers may lie between an allocation and the range: those of the helpers
# that our code calls
depth=10
modules='ims_core ims_array ims_queue ims_2020'

# Where a function of the kernel's is: its first address, and that of the next one
function_range() { # NAME
	sort /proc/kallsyms | awk -v name="$1" '
		$3 == name { start = $1 }
		start && $1 > start { print "0x" start, "0x" $1; exit }'
}

# Linux 7.3 does not stand what it asks for itself: without memory for an interrupt's
# descriptor, or for its files in /proc/irq, it warns, or dies
read -r kernels_start kernels_end < <(function_range __irq_alloc_descs) || exit

# Tasks ask with fail-nth: the n-th fails; or with make-it-fail: all do, from
# then on if they asked for an n-th too
arm() { # START END VERBOSE
	local f
	for f in "${injectors[@]}"; do
		echo 100 >"$f"/probability
		echo 1 >"$f"/interval
		echo -1 >"$f"/times
		echo "$3" >"$f"/verbose
		echo Y >"$f"/task-filter
		echo N >"$f"/ignore-gfp-wait
		echo "$depth" >"$f"/stacktrace-depth
		echo "$1" >"$f"/require-start
		echo "$2" >"$f"/require-end
		echo "$kernels_start" >"$f"/reject-start
		echo "$kernels_end" >"$f"/reject-end
	done
	echo N >/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem
	echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
}

# Where the code of the modules is, as two words: from the first function of theirs
# to the end of the page of the last. Their data lie elsewhere, so the size that
# /proc/modules tells is not that of the code.
modules_range() {
	awk -v names="$modules" '
		BEGIN { for (n = split(names, name); n; n--) ours["[" name[n] "]"] }
		tolower($2) == "t" && $4 in ours {
			if (!start || $1 < start)
				start = $1
			if ($1 > end)
				end = $1
		}
		END { print "0x" start, "0x" substr(end, 1, length(end) - 3) "fff" }' \
		/proc/kallsyms
}

# Both answer an allocation, with 0 if it may go on
# shellcheck disable=SC2016 # a kretprobe's own variable
record_refused() {
	local event
	mount -t tracefs tracefs $tracing 2>/dev/null
	{
		echo 'r:ims/slab should_failslab refused=$retval:s32'
		echo 'r:ims/page should_fail_alloc_page refused=$retval:u8'
	} >$tracing/kprobe_events
	for event in slab page; do
		echo 'hist:keys=common_stacktrace:size=16384 if refused!=0' \
			>$tracing/events/ims/$event/trigger
	done
}

# The return address nearest to the allocation that is ours, of every stack, once:
# "function+0x5c module". What is deeper than the kernel's record is "unknown".
sites() {
	awk '
		function done() { if (n) print site ? site : "unknown"; n = 0; site = "" }
		/stacktrace:|Call Trace:/ { done(); n = 1; next }
		/hitcount:|<\/TASK>/ { done(); next }
		n && !site && /\[(ims_core|ims_array|ims_queue|ims_2020)\]/ && !/ \? / {
			match($0, /[a-z_0-9.]+\+0x[0-9a-f]+/)
			site = substr($0, RSTART, RLENGTH)
			match($0, /\[[a-z_0-9]+\]/)
			site = site " " substr($0, RSTART + 1, RLENGTH - 2)
		}
		END { done() }' "$@" | sort -u
}

# The log does not have them all: some callers want no word of it
nr_refused() {
	awk '/Hits:/ { n += $2 } END { print n + 0 }' \
		$tracing/events/ims/{slab,page}/hist
}

refused_sites() {
	sites $tracing/events/ims/{slab,page}/hist
}
no_record_was_lost() {
	! grep -h 'Dropped: *[1-9]' $tracing/events/ims/{slab,page}/hist
}
