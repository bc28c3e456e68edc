# SPDX-License-Identifier: GPL-2.0-only
"""
What the guests of tests/bench/run have printed, and whether that can be true. Lines are

  # KERNEL VERSION
  GUEST result KIND OPERATION AT LEAST AVERAGE COUNT
  GUEST site KIND BYTES BLOCKS CALLER
  GUEST skipped KIND AT COST
  GUEST accesses KIND PHASE ACCESSES
  GUEST lacks WHAT
"""
import collections

Cost = collections.namedtuple('Cost', 'least average count')
Site = collections.namedtuple('Site', 'bytes blocks')

# What is known beforehand, and what a measurement of it may say
KNOWN_LOOP = 2000, 2004         # instructions
KNOWN_WAIT = 2900000, 3300000   # of a spin of 3000000, looked at every 50000
KNOWN_CONTENTION = {1: (0, 0), 4: (3, 12)}


class Results:
    """
    costs[guest, kind, operation, at], accesses[guest, kind, phase],
    sites[guest, caller][kind], skipped[guest, kind, at] and lacks, a set
    """

    def __init__(self, lines):
        self.label = self.version = '?'
        self.costs, self.accesses, self.skipped = {}, {}, {}
        self.sites = collections.defaultdict(dict)
        self.lacks, self.guests = set(), []
        for line in lines:
            words = line.split()
            if words[:1] == ['#'] and len(words) == 3:
                _, self.label, self.version = words
            elif words and words[0] != '#':
                self.read(*words)

    def read(self, guest, what, *words):
        if guest not in self.guests:
            self.guests.append(guest)
        if what == 'result':
            kind, operation, at, *numbers = words
            self.costs[guest, kind, operation, int(at)] = \
                Cost(*(int(number) for number in numbers))
        elif what == 'site':
            kind, size, blocks, caller = words
            self.sites[guest, caller][kind] = Site(float(size), float(blocks))
        elif what == 'skipped':
            kind, at, cost = words
            self.skipped[guest, kind, int(at)] = int(cost)
        elif what == 'accesses':
            kind, phase, *accesses = words
            self.accesses[guest, kind, phase] = ' '.join(accesses)
        elif what == 'lacks':
            self.lacks.add(words[0])
        else:
            raise ValueError(f'{guest}: what is "{what}"?')

    def get(self, guest, kind, operation, at=0):
        return self.costs.get((guest, kind, operation, at))

    def average(self, guest, kind, operation, at=0):
        cost = self.get(guest, kind, operation, at)
        return cost.average if cost else None

    def main_guest(self):
        """Whose MSI-X the bars are about"""
        return next((guest for guest in ('its', 'imsic')
                     if guest in self.guests), 'vtd')

    def many(self, guest, operation):
        """With how many interrupts that was measured, or None"""
        return next((at for g, _, o, at in self.costs
                     if (g, o) == (guest, operation)), None)

    def last(self, guest, kind, operation):
        """Where that was measured with the most interrupts, or None"""
        return max((at for g, k, o, at in self.costs
                    if (g, k, o) == (guest, kind, operation)), default=None)

    def buckets(self, guest, kind):
        """
        [(first, last, average)] of what it cost to allocate these, one by one.
        Each was measured from where the one before it ended.
        """
        found = []
        for (g, k, operation, at), cost in sorted(self.costs.items()):
            if (g, k, operation) == (guest, kind, 'alloc'):
                found.append((at - cost.count, at, cost.average))
        return found

    def average_alloc(self, guest, kind, first, last):
        """Of exactly these, or None"""
        parts = [(end - begin, average)
                 for begin, end, average in self.buckets(guest, kind)
                 if first <= begin and end <= last]
        if sum(count for count, _ in parts) != last - first:
            return None
        return sum(count * average for count, average in parts) / (last - first)

    def impossible(self):
        """What cannot be true, in words: the measurement is at fault then"""
        for key, cost in self.costs.items():
            name = ' '.join(str(part) for part in key)
            if cost.average < cost.least:
                yield f'{name}: average {cost.average}, but least {cost.least}'
            if cost.count < 1:
                yield f'{name}: measured {cost.count} times'
        yield from self.wrong_knowns()
        yield from self.unlike_sides()

    def wrong_knowns(self):
        """The same means of measuring, with something of which it is known"""
        for guest in self.guests:
            bounds = {('known', 0): KNOWN_LOOP, ('wait_known', 0): KNOWN_WAIT}
            bounds.update((('contention_known', threads), between)
                          for threads, between in KNOWN_CONTENTION.items())
            for (operation, at), (low, high) in bounds.items():
                for kind in '-', 'ram', 'msix', 'array':
                    value = self.average(guest, kind, operation, at)
                    if value is not None and not low <= value <= high:
                        yield (f'{guest} {operation}: {value}, '
                               f'but it is {low} to {high}')
            for kind, size in self.sites.get((guest, 'bench_known_memory'),
                                             {}).items():
                if size.bytes != 1024:
                    yield f'{guest} {kind}: {size.bytes} bytes, but it is 1024'

    def unlike_sides(self):
        """What both kinds must have, or neither"""
        for guest in self.guests:
            kinds = [kind for kind in ('msix', 'array')
                     if any(key[:2] == (guest, kind) for key in self.costs)]
            if len(kinds) < 2:
                continue
            entries = [self.get(guest, kind, 'entries') for kind in kinds]
            cycles = [self.get(guest, kind, 'full_cycle_warm')
                      for kind in kinds]
            if any(cycles) and not all(entries):
                yield f'{guest}: entries in msi_irqs/ of one kind only, or of none'
