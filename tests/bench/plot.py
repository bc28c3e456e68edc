# SPDX-License-Identifier: GPL-2.0-only
"""A plot of what it costs to allocate one more interrupt, over how many there are."""
import pathlib
import subprocess
import sys

SERIES = (('vtd', 'ram', 'array, VT-d'), ('none', 'ram', 'array, no remapping'),
          ('vtd', 'msix', 'MSI-X, VT-d'), ('none', 'msix', 'MSI-X, no remapping'))
SCRIPT = '''
set terminal svg size 800,500 dynamic background "white"
set title "Linux {version}: one more interrupt"
set xlabel "interrupts that are allocated"
set ylabel "instructions"
set logscale xy
set xrange [64:65536]
set grid
set key left top
plot {plots}
{data}
'''


def has_growth(results):
    return any(results.buckets(guest, kind) for guest, kind, _ in SERIES)


def draw(results, path):
    """Needs gnuplot, which tests/bench/run asks for"""
    lines = [(text, results.buckets(guest, kind))
             for guest, kind, text in SERIES if results.buckets(guest, kind)]
    if not lines:
        sys.exit('ims: nothing to plot: no guest measured growth')
    plots = ', '.join(f'"-" with linespoints pointsize 0.4 title "{text}"'
                      for text, _ in lines)
    data = '\n'.join('\n'.join(f'{last} {average}' for _, last, average in buckets)
                     + '\ne' for _, buckets in lines)
    svg = subprocess.run(['gnuplot'], check=True, capture_output=True, text=True,
                         input=SCRIPT.format(version=results.version, plots=plots,
                                             data=data)).stdout
    # What every file has in its first lines
    declaration, _, rest = svg.partition('\n')
    pathlib.Path(path).write_text(
        f'{declaration}\n<!-- SPDX-License-Identifier: GPL-2.0-only -->\n{rest}',
        encoding='utf-8')
