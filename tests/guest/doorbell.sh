# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What a slot holds that differs between interrupt parents.

# A regular expression: the lower word of the address that messages go to. On x86 it is
# the same for all CPUs; the doorbell of an ITS is a register, also where an SMMU maps
# it; that of an IMSIC is a page.
case $(uname -m) in
x86_64) doorbell='fee[0-9a-f]{5}' ;;
aarch64) doorbell='[0-9a-f]{5}040' ;;
riscv64) doorbell='[0-9a-f]{5}000' ;;
esac
