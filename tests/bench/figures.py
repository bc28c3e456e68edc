# SPDX-License-Identifier: GPL-2.0-only
"""
The figures that have a bar: what each is, of the results, and whether it meets the bar.
"""
import collections
import pathlib

Bar = collections.namedtuple('Bar', 'name relation limit unit text how')
Verdict = collections.namedtuple('Verdict', 'bar value met')


def ratio_to_msix(operation, many=False, of='average', guest=None):
    """
    Of averages; or of the least, where an interrupt of the clock among the tries
    would make a difference. Unless a guest is named it is that which has MSI-X, too.
    """
    def figure(results):
        where = guest or results.main_guest()
        at = results.many(where, operation) if many else 0
        ours, msix = (results.get(where, kind, operation, at)
                      for kind in ('array', 'msix'))
        if not ours or not msix or not msix.average:
            return None
        return getattr(ours, of) / getattr(msix, of)
    return figure


def alloc_growth(results):
    few = results.average_alloc('none', 'ram', 0, 1024)
    many = results.average_alloc('none', 'ram', 65536 - 4096, 65536)
    return many / few if few and many else None


def longest_wait(results):
    """On a kernel that preempts voluntarily: in a guest of its own, or in this"""
    guest = 'waiting' if 'waiting' in results.guests or \
        not results.label.startswith(('5.', '6.')) else 'none'
    waits = [results.average(guest, '-', operation)
             for operation in ('wait_restore', 'wait_verify')]
    return None if None in waits else max(waits)


def debugfs_file(operation):
    def figure(results):
        average = results.average('none', 'ram', operation, 65536)
        return average and average * 65536 / 1e6
    return figure


def accesses(phase, guest='eight'):
    return lambda results: results.accesses.get((guest, 'array', phase))


FIGURES = {
    'alloc_free_warm': ratio_to_msix('alloc_free_warm'),
    'alloc_free_cold': ratio_to_msix('alloc_free_cold', many=True),
    'full_cycle_warm': ratio_to_msix('full_cycle_warm'),
    'full_cycle_cold': ratio_to_msix('full_cycle_cold', many=True),
    'memory': ratio_to_msix('memory', many=True),
    'mask': ratio_to_msix('mask', of='least'),
    'unmask': ratio_to_msix('unmask', of='least'),
    'set_affinity': ratio_to_msix('set_affinity', of='least'),
    'delivery': ratio_to_msix('deliver', of='least'),
    'delivery_accesses': accesses('delivery'),
    'user_deliver': ratio_to_msix('user_deliver', of='least', guest='users'),
    'user_enable': ratio_to_msix('user_enable', many=True, guest='users'),
    'user_accesses': accesses('user_delivery', 'users'),
    'alloc_to_16384': lambda results:
        results.average_alloc('vtd', 'ram', 0, 16384),
    'alloc_growth': alloc_growth,
    'stretch': longest_wait,
    'debugfs': debugfs_file('debugfs'),
    'table': debugfs_file('table'),
    'contention': lambda results:
        results.average('eight', 'array', 'contention', 200),
    'cycle_cold': accesses('cycle_cold'),
    'cycle_warm': accesses('cycle_warm'),
}


def read_bars(path):
    bars = []
    for line in pathlib.Path(path).read_text(encoding='utf-8').splitlines():
        if not line or line.startswith('#'):
            continue
        name, limit, unit, text, how = (part.strip() for part in line.split('|'))
        relation, limit = limit.split(None, 1)
        if name not in FIGURES or relation not in ('<=', '='):
            raise ValueError(f'{path}: {line}')
        bars.append(Bar(name, relation, limit, unit, text, how))
    return bars


def digits(limit):
    return len(limit.partition('.')[2])


def show(bar, value):
    """In the digits of the bar"""
    if value is None:
        return '-'
    return value if bar.relation == '=' else f'{value:.{digits(bar.limit)}f}'


def meets(bar, value):
    """True, False, or None if this kernel cannot be measured for it"""
    if value is None:
        return False
    if bar.relation == '=':
        return value == bar.limit
    return round(value, digits(bar.limit)) <= float(bar.limit)


def is_lacking(bar, results):
    """Does the kernel lack what the figure is compared with, or counted by?"""
    return (bar.unit == 'of MSI-X' and 'msix' in results.lacks) or \
        (bar.name == 'contention' and 'contention' in results.lacks)


def judge(bars, results):
    verdicts = []
    for bar in bars:
        value = FIGURES[bar.name](results)
        met = meets(bar, value)
        if value is None and is_lacking(bar, results):
            met = None
        verdicts.append(Verdict(bar, value, met))
    return verdicts
