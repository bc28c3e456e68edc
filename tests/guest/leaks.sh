# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Does anything stay behind? Counts irqs and slab objects around many cycles.

# The objects in use of every slab cache. tests/vm/run boots with slub_debug for
# kmalloc(), which makes the figures of those caches exact; for the others,
# shrinking flushes the per-CPU lists, whose free objects count as used.
slab_objects() {
	local cache
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 0.5 # what waits for RCU is freed
	for cache in /sys/kernel/slab/*/shrink; do
		echo 1 >"$cache" 2>/dev/null
	done
	awk 'NR > 2 { print $1, $2 }' /proc/slabinfo
}

# KASAN holds back what was freed, so that the figures say nothing; in its place
# kmemleak looks, when the guest ends
exact_slabs() { [ ! -e /sys/kernel/debug/kmemleak ]; }

count_irqs() { find /sys/kernel/irq -mindepth 1 -maxdepth 1 | wc -l; }

# The rest of the system allocates too, so the cycles are counted in batches: a
# leak of an object per cycle grows its cache by as much in every one of them.
# Measured with the modules unloaded: that also has the kernel purge the address
# ranges that iounmap() leaves for later.
#
# nothing_left_after SETUP CYCLE: run $cycles cycles
nothing_left_after() {
	local setup=$1 cycle=$2 batches=4 irqs batch i
	local size=$((cycles / batches))
	$setup && $cycle && $cycle && unload_rocker || return # caches get warm
	irqs=$(count_irqs)
	slab_objects >/run/slab.0
	for batch in $(seq $batches); do
		$setup || return
		for i in $(seq $size); do
			$cycle || {
				echo "cycle $i of batch $batch failed"
				return 1
			}
		done
		if grep -m 1 IMS- /proc/interrupts; then
			return 1
		fi
		unload_rocker || return
		slab_objects >"/run/slab.$batch"
	done
	if [ "$(count_irqs)" -ne "$irqs" ]; then
		echo "irqs: $irqs before, $(count_irqs) after"
		return 1
	fi
	exact_slabs || return 0
	awk -v limit=$size -v batches=$batches '
		{
			grown = $2 - last[$1]
			if (FILENAME !~ /0$/ && grown >= limit)
				times[$1]++
			last[$1] = $2
		}
		END {
			for (slab in times)
				if (times[slab] == batches) {
					printf "slab %s grew by an object per cycle or more in each of %d batches\n",
						slab, batches
					bad = 1
				}
			exit bad
		}' /run/slab.[0-9]
}
