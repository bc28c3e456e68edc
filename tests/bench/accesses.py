#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
tests/bench/accesses.py GUEST TRACE: how often the MSI-X table was accessed, of QEMU's log
of all accesses. A phase ends where rocker's register 0x10 is read, which no driver reads.
Which phases there are the module says (doorbell.c) or the user (user_costs.c), for the
kernel's MSI-X first if there are those of two.
"""
import re
import sys

# How many phases of each kind a guest has, and which of them count
PHASES = {'eight': (5, {1: 'cycle_cold', 2: 'cycle_warm', 4: 'delivery'}),
          'users': (2, {1: 'user_delivery'})}
END = re.compile(r"ops_read .*addr 0x[0-9a-f]*010 .*'rocker-mmio'")


def phases_of(lines):
    """[reads, writes] of each phase"""
    phases = [[0, 0]]
    for line in lines:
        if "'msix-table'" in line:
            phases[-1]['ops_write' in line] += 1
        elif END.search(line):
            phases.append([0, 0])
    return phases


def main():
    nr, names = PHASES[sys.argv[1]]
    with open(sys.argv[2], encoding='ascii', errors='replace') as trace:
        phases = phases_of(trace)
    kinds, rest = divmod(len(phases) - 1, nr)
    if rest or kinds not in (1, 2):
        sys.exit(f'{len(phases) - 1} phases in the log, not {nr} or {2 * nr}')
    for number, kind in enumerate(('msix', 'array')[-kinds:]):
        for phase, name in names.items():
            reads, writes = phases[number * nr + phase]
            print(f'accesses {kind} {name} {reads}r {writes}w')


main()
