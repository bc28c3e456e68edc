#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
tests/bench/report.py [OPTION...] RESULTS: tables of what the guests printed (results.py),
and whether the bars are met. Exits with 1 if one is missed, with 2 if the results cannot
be true.

  --bars FILE   other bars than tests/bench/bars
  --json        JSON instead of tables
  --sites       also who allocates the memory
  --plot FILE   a plot of what allocation costs over the number of interrupts
  --page FILE   write tables and a plot into that page of the documentation
"""
import argparse
import json
import pathlib
import sys

sys.dont_write_bytecode = True
import figures  # noqa: E402
import page     # noqa: E402
import plot     # noqa: E402
import tables   # noqa: E402
from results import Results  # noqa: E402


def as_json(results, verdicts):
    return json.dumps({
        'kernel': results.version,
        'figures': {v.bar.name: {'value': v.value, 'bar': v.bar.limit,
                                 'relation': v.bar.relation,
                                 'unit': v.bar.unit, 'met': v.met}
                    for v in verdicts},
        'costs': [dict(zip(('guest', 'kind', 'operation', 'at'), key),
                       **cost._asdict())
                  for key, cost in results.costs.items()],
        'accesses': [dict(zip(('guest', 'kind', 'phase'), key), accesses=value)
                     for key, value in results.accesses.items()],
        'memory': [{'guest': guest, 'caller': caller, 'kind': kind,
                    **site._asdict()}
                   for (guest, caller), kinds in results.sites.items()
                   for kind, site in kinds.items()],
    }, indent=1)


def complain(verdicts):
    missed = [v for v in verdicts if v.met is False]
    for v in missed:
        print(f'ims: bar missed: {v.bar.text} ({v.bar.name}): '
              f'{figures.show(v.bar, v.value)} {v.bar.unit}, '
              f'bar {v.bar.relation} {v.bar.limit}', file=sys.stderr)
    return bool(missed)


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('results')
    parser.add_argument('--bars', default=pathlib.Path(__file__).with_name('bars'))
    parser.add_argument('--json', action='store_true')
    parser.add_argument('--sites', action='store_true')
    parser.add_argument('--plot')
    parser.add_argument('--page')
    return parser.parse_args()


def main():
    args = arguments()
    with open(args.results, encoding='utf-8') as lines:
        results = Results(lines)
    impossible = list(results.impossible())
    for text in impossible:
        print(f'ims: measured wrongly: {text}', file=sys.stderr)
    if impossible:
        return 2

    verdicts = figures.judge(figures.read_bars(args.bars), results)
    if args.json:
        print(as_json(results, verdicts))
    else:
        print(tables.everything(results, verdicts, args.sites))
    if args.plot:
        plot.draw(results, args.plot)
    if args.page:
        page.write(results, verdicts, pathlib.Path(args.page))
    return int(complain(verdicts))


sys.exit(main())
