# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# QEMU's monitor, for a guest of tests/vm/run --monitor: that gives it what the guest
# says in such a line. There is no answer.

monitor() { echo "# monitor: $*" >/dev/ttyS1; } # COMMAND...

# The root port that tests/vm/machine.sh calls "p" finds an error of its link, by the name
# that QEMU has for it
inject_error() { monitor pcie_aer_inject_error p "$1"; } # ERROR
