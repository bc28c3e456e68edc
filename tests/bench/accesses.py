#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
tests/bench/accesses.py TRACE: how often the MSI-X table was accessed, of QEMU's log of
all accesses. A phase ends where rocker's register 0x10 is read, which no driver reads;
tests/bench/module/doorbell.c says which phases there are, for the kernel's MSI-X first
if there are those of two.
"""
import re
import sys

PHASES = 5
NAMES = {1: 'cycle_cold', 2: 'cycle_warm', 4: 'delivery'}
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
    with open(sys.argv[1], encoding='ascii', errors='replace') as trace:
        phases = phases_of(trace)
    kinds, rest = divmod(len(phases) - 1, PHASES)
    if rest or kinds not in (1, 2):
        sys.exit(f'{len(phases) - 1} phases in the log, not {PHASES} or '
                 f'{2 * PHASES}')
    for number, kind in enumerate(('msix', 'array')[-kinds:]):
        for phase, name in NAMES.items():
            reads, writes = phases[number * PHASES + phase]
            print(f'accesses {kind} {name} {reads}r {writes}w')


main()
