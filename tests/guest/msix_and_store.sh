# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The kernel's MSI-X and a store on one PCI function, by ims_neighbour: what of
# each is in msi_irqs/, in every order in which a driver may use them.

neighbour=/sys/kernel/debug/ims_neighbour
neighbour_driver=/sys/bus/pci/drivers/ims_neighbour

# Sets the variables device, and msi_irqs, the directory in question
load_neighbour() { # [PARAMETER...]
	modprobe ims_core allow_guest=1 || return
	modprobe ims_neighbour "$@" || return
	device=$(cd "$neighbour_driver" && echo 0000:*)
	msi_irqs=/sys/bus/pci/devices/$device/msi_irqs
	[ -e "$neighbour_driver/$device" ] || {
		echo "ims_neighbour is bound to no device"
		return 1
	}
}

unload_neighbour() { modprobe -r ims_neighbour ims_array ims_core; }

# switch KIND on|off, where KIND is msix or ims
switch() {
	echo "$1 $2" >$neighbour/control || {
		echo "$1 cannot be switched $2"
		return 1
	}
}

# Since v5.17 the kernel makes msi_irqs/ when MSI is first used, and keeps it
# until the driver unbinds; before, it is there only while the driver has MSI-X
# enabled. Asked of the kernel, with no store around.
kernel_keeps_msi_irqs() {
	switch msix on && switch msix off && [ -d "$msi_irqs" ]
}

# irqs_of KIND...
irqs_of() {
	local kind
	for kind; do
		awk -v kind="$kind" '$1 == kind { print $2 }' $neighbour/irqs
	done | sort
}

# entries_are KIND...: the interrupts of these kinds, no other, and all "msix".
# Ours come a moment after request_irq().
entries_are() {
	within 60 entries_are_now "$@" || entries_are_now "$@"
}

entries_are_now() {
	local want have
	want=$(irqs_of "$@")
	have=$(entries)
	if [ "$want" != "$have" ]; then
		echo "msi_irqs/ has '${have//$'\n'/ }', not '${want//$'\n'/ }' ($*)"
		return 1
	fi
	[ -z "$want" ] || [ "$(sort -u "$msi_irqs"/*)" = msix ] || {
		grep . "$msi_irqs"/*
		return 1
	}
}

entries() {
	find "$msi_irqs" -type f -printf '%f\n' 2>/dev/null | sort
}

# entries_that_are_left KIND...: the same; but where the kernel takes the
# directory away with MSI-X, ours may be missing. $keeps says whether it does not.
entries_that_are_left() {
	local missing
	if [ "${keeps:?}" = yes ]; then
		entries_are "$@"
		return
	fi
	missing=$(comm -3 <(entries) <(irqs_of "$@"))
	[ -z "$(comm -23 <(printf '%s' "$missing" | tr -d '\t' | sort) <(irqs_of ims))" ] || {
		echo "msi_irqs/ has '$(entries)' and not '$(irqs_of "$@")'"
		return 1
	}
}

msix_vectors_arrive() {
	local before
	before=$(msix_handled)
	echo "fire 0" >$neighbour/control || return
	echo "fire 1" >$neighbour/control || return
	within 60 msix_handled_is $((before + 2)) || {
		cat $neighbour/irqs
		return 1
	}
}
msix_handled() { awk '$1 == "msix" { n += $4 } END { print n + 0 }' $neighbour/irqs; }
msix_handled_is() { [ "$(msix_handled)" -eq "$1" ]; }

# Nothing in use: what is left of the directory is empty, and goes with the
# driver
nothing_is_left() {
	entries_are || return
	echo "$device" >"$neighbour_driver/unbind" || return
	[ ! -e "$msi_irqs" ] || {
		echo "msi_irqs/ outlives the driver"
		return 1
	}
	echo "$device" >"$neighbour_driver/bind" || return
	[ ! -e "$msi_irqs" ] || {
		echo "msi_irqs/ is there before anybody uses MSI"
		return 1
	}
}

msix_before_the_store() {
	switch msix on && entries_are msix || return
	switch ims on && entries_are msix ims && msix_vectors_arrive || return
	switch ims off && entries_are msix && msix_vectors_arrive || return
	switch msix off && nothing_is_left
}

msix_before_the_store_and_off_first() {
	switch msix on && switch ims on && entries_are msix ims || return
	switch msix off && entries_that_are_left ims || return
	switch ims off && nothing_is_left
}

msix_after_the_store() {
	switch ims on && entries_that_are_left ims || return
	switch msix on && entries_that_are_left msix ims &&
		msix_vectors_arrive || return
	switch ims off && entries_are msix && msix_vectors_arrive || return
	switch msix off && nothing_is_left
}

msix_after_the_store_and_off_first() {
	switch ims on && switch msix on && entries_that_are_left msix ims ||
		return
	switch msix off && entries_that_are_left ims || return
	switch ims off && nothing_is_left
}

msix_before_the_store_and_again_after() {
	switch msix on && switch ims on && switch msix off || return
	switch msix on && entries_that_are_left msix ims &&
		msix_vectors_arrive || return
	switch ims off && entries_are msix && msix_vectors_arrive || return
	switch msix off && nothing_is_left
}

unbinding_with_both_on() {
	switch msix on && switch ims on && entries_are msix ims || return
	nothing_is_left_of_both || return
	switch ims on && switch msix on && msix_vectors_arrive || return
	nothing_is_left_of_both
}

nothing_is_left_of_both() {
	echo "$device" >"$neighbour_driver/unbind" || return
	[ ! -e "$msi_irqs" ] || {
		echo "msi_irqs/ outlives the driver"
		return 1
	}
	if grep neighbour- /proc/interrupts; then
		return 1
	fi
	echo "$device" >"$neighbour_driver/bind"
}

# The store is the beginning of the MSI-X table (steal=1): refused while the kernel
# has its vectors there, which work on
array_in_the_kernels_table_is_refused() {
	rebind_neighbour && switch msix on || return
	! switch ims on || return
	log_names "$device" 'IMS array: the array covers entry [01] of the MSI-X table' ||
		return
	msix_vectors_arrive && switch msix off || return
	switch ims on && switch ims off
}

# Nothing keeps a driver from that; what can be noticed is said
msix_over_the_array_is_noticed() {
	rebind_neighbour && switch ims on || return
	switch msix on && msix_vectors_arrive || return
	! echo restore >$neighbour/control || return
	log_names "$device" 'IMS array: MSI-X was enabled, and its table is' ||
		return
	switch msix off && echo restore >$neighbour/control && switch ims off
}

# Whatever a case before has left on, unbinding switches off
rebind_neighbour() {
	echo "$device" >"$neighbour_driver/unbind" &&
		echo "$device" >"$neighbour_driver/bind"
}

three_times() { rebind_neighbour && "$@" && "$@" && "$@"; }
