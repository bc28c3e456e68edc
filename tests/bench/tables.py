# SPDX-License-Identifier: GPL-2.0-only
"""The tables for people."""
import figures

GUESTS = {'vtd': 'VT-d remapping', 'none': 'no remapping',
          'its': 'GICv3 ITS', 'imsic': 'IMSIC'}
MANY = None     # with as many interrupts as it was measured
COSTS = (
    ('alloc + free, warm', 'alloc_free_warm', 0),
    ('  alloc', 'alloc_warm', 0),
    ('  free', 'free_warm', 0),
    ('alloc + free, cold, {}', 'alloc_free_cold', MANY),
    ('full cycle, warm', 'full_cycle_warm', 0),
    ('full cycle, cold, {}', 'full_cycle_cold', MANY),
    ('chip mask', 'mask', 0),
    ('chip unmask', 'unmask', 0),
    ('set_affinity', 'set_affinity', 0),
    ('delivery', 'deliver', 0),
    ('memory of 1024 (bytes)', 'memory', 1024),
)
GROWTH = (
    ('alloc, one by one', 'alloc'),
    ('alloc, all at once', 'bulk'),
    ('  again', 'bulk_again'),
    ('free, one by one', 'free'),
    ('  alloc again', 'alloc_again'),
    ('free, all at once', 'free_all'),
    ('remove', 'remove'),
    ('restore', 'restore'),
    ('verify', 'verify'),
    ('debugfs', 'debugfs'),
    ('debugfs, table', 'table'),
)
USERS = (
    ('SET_IRQS of 64 vectors, first', 'user_first', 64),
    ('SET_IRQS of 64 vectors', 'user_enable', 64),
    ('SET_IRQS that disables 64', 'user_disable', 64),
    ('delivery to a user', 'user_deliver', 0),
)
WAITS = (('restore', 'wait_restore'), ('verify', 'wait_verify'),
         ('debugfs', 'wait_debugfs'), ('debugfs, table', 'wait_table'),
         ('alloc, all at once', 'wait_bulk'),
         ('free, all at once', 'wait_free_all'), ('remove', 'wait_remove'))


def number(value):
    return '-' if value is None else f'{value:.0f}'


def table(rows):
    """Rows of words, the first column to the left; one of a single word is a line"""
    columns = max(len(row) for row in rows)
    widths = [max(len(row[i]) for row in rows if len(row) > i and len(row) > 1)
              for i in range(columns)]
    lines = []
    for row in rows:
        words = [row[0].ljust(widths[0])] + \
            [word.rjust(width) for word, width in zip(row[1:], widths[1:])]
        lines.append((row[0] if len(row) == 1 else '  '.join(words)).rstrip())
    return '\n'.join(lines)


def cost_rows(results, guest):
    rows = [[f'{GUESTS[guest]}, one interrupt', 'MSI-X', 'average', 'array',
             'average', 'ratio']]
    for text, operation, at in COSTS:
        at = results.many(guest, operation) if at is MANY else at
        msix = results.get(guest, 'msix', operation, at)
        ours = results.get(guest, 'array', operation, at)
        if not ours:
            continue
        rows.append([text.format(at)] +
                    [number(value) for cost in (msix, ours) for value in
                              ((cost.least, cost.average) if cost else
                               (None, None))])
        rows[-1].append(f'{ours.average / msix.average:.3f}'
                        if msix and msix.average else '-')
    return rows


def marks(results, guest, kind):
    """At which numbers of interrupts growth was looked at"""
    return sorted({at for g, k, operation, at in results.costs
                   if (g, k, operation) == (guest, kind, 'free')})


def growth_cell(results, guest, kind, operation, at):
    """
    Of alloc, the average of all up to there: what a driver pays that wants so
    many
    """
    if operation == 'alloc':
        return results.average_alloc(guest, kind, 0, at)
    return results.average(guest, kind, operation, at)


def growth_rows(results, guest):
    columns = [(kind, at) for kind in ('msix', 'ram')
               for at in marks(results, guest, kind)]
    if not columns:
        return []
    name = {'msix': 'MSI-X', 'ram': 'array'}
    rows = [[f'{GUESTS[guest]}, per interrupt'] +
            [f'{name[kind]} {at}' for kind, at in columns]]
    for text, operation in GROWTH:
        cells = [growth_cell(results, guest, kind, operation, at)
                 for kind, at in columns]
        if any(cell is not None for cell in cells):
            rows.append([text] + [number(cell) for cell in cells])
    for (g, _, at), cost in results.skipped.items():
        if g == guest:
            rows.append([f'{at} would take {cost / 1e9:.0f} thousand millions '
                         'of instructions and was left out'])
    return rows


def user_rows(results):
    rows = [['VT-d remapping, of a user', 'vfio-pci', 'average', 'ims_vfio', 'average',
             'ratio']]
    for text, operation, at in USERS:
        costs = [results.get('users', kind, operation, at) for kind in ('msix', 'array')]
        if all(costs):
            rows.append([text] + [number(value) for cost in costs
                                  for value in (cost.least, cost.average)] +
                        [f'{costs[1].average / costs[0].average:.3f}'])
    return rows if len(rows) > 1 else []


def look_up_rows(results):
    counts = [at for guest, kind, operation, at in results.costs
              if (guest, kind, operation) == ('vtd', 'ram', 'look_up')]
    if not counts:
        return []
    return [['consumers of a domain'] + [str(at) for at in counts],
            ['look-up of one, average'] +
            [number(results.average('vtd', 'ram', 'look_up', at))
             for at in counts]]


def contention_rows(results):
    counts = [at for guest, kind, operation, at in results.costs
              if (guest, kind, operation) == ('eight', 'array', 'contention')]
    if not counts:
        return []
    return [['8 threads, alloc and free each, times'] +
            [str(at) for at in counts],
            ['a lock was found taken'] +
            [number(results.average('eight', 'array', 'contention', at))
             for at in counts]]


def wait_rows(results):
    guests = [(guest, f'{who}, 65536') for guest, who in
              (('none', results.label), ('waiting', '6.1'))
              if results.get(guest, '-', 'wait_restore')]
    if not guests:
        return []
    rows = [['longest wait for the CPU'] + [f'Linux {who}' for _, who in guests]]
    for text, operation in WAITS:
        cells = [results.average(guest, '-', operation) for guest, _ in guests]
        if any(cell is not None for cell in cells):
            rows.append([text] + [number(cell) for cell in cells])
    return rows


def access_rows(results):
    if not results.accesses:
        return []
    rows = [['accesses to the store', 'MSI-X', 'array']]
    for text, phase in (('full cycle, cold', 'cycle_cold'),
                        ('full cycle, warm', 'cycle_warm'),
                        ('delivery', 'delivery'),
                        ('delivery to a user', 'user_delivery')):
        guest = 'users' if phase.startswith('user') else 'eight'
        rows.append([text] + [results.accesses.get((guest, kind, phase), '-')
                              for kind in ('msix', 'array')])
    return rows


def site_rows(results):
    """Bytes per interrupt by the function that allocates them, largest first"""
    sites = {caller: kinds for (guest, caller), kinds in results.sites.items()
             if guest == 'vtd' and caller != 'bench_known_memory'}
    if not sites:
        return []
    rows = [['bytes per interrupt, by caller', 'MSI-X', 'array']]
    for caller, kinds in sorted(sites.items(), key=lambda item: -max(
            site.bytes for site in item[1].values())):
        cells = [kinds[kind].bytes if kind in kinds else 0
                 for kind in ('msix', 'array')]
        if max(cells) >= 1:
            rows.append([caller] + [f'{cell:.1f}' for cell in cells])
    return rows


def bar_rows(verdicts):
    says = {True: 'ok', False: 'MISSED', None: 'not on this kernel'}
    rows = [['bars', 'now', 'bar', '', '']]
    for v in verdicts:
        rows.append([v.bar.text, figures.show(v.bar, v.value),
                     f'{v.bar.relation} {v.bar.limit}', v.bar.unit, says[v.met]])
    return rows


def sections(results, with_sites):
    yield from (cost_rows(results, guest) for guest in GUESTS
                if guest in results.guests)
    yield from (growth_rows(results, guest) for guest in GUESTS)
    yield user_rows(results)
    yield look_up_rows(results)
    yield contention_rows(results)
    yield wait_rows(results)
    yield access_rows(results)
    if with_sites:
        yield site_rows(results)


def everything(results, verdicts, with_sites):
    head = f'Linux {results.version}, instructions: least, and average'
    parts = [table(rows) for rows in sections(results, with_sites) if rows]
    return '\n\n'.join([head, *parts, table(bar_rows(verdicts))])
