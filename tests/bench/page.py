# SPDX-License-Identifier: GPL-2.0-only
"""docs/performance.md: its part between the markers of the kernel that was measured."""
import re
import sys
import textwrap

import plot
import tables


def write(results, verdicts, path):
    picture = path.with_name(f'{path.stem}-{results.label}.svg')
    text = textwrap.indent(tables.everything(results, verdicts, True), '    ')
    if plot.has_growth(results):
        plot.draw(results, picture)
        text += f'\n\n![What one more interrupt costs]({picture.name})'
    old = path.read_text(encoding='utf-8')
    part = re.compile(rf'(<!-- bench {re.escape(results.label)} -->\n).*?'
                      r'(<!-- end -->)', re.DOTALL)
    if not part.search(old):
        sys.exit(f'ims: {path} has no place for Linux {results.label}')
    new = part.sub(lambda found: f'{found[1]}\n{text}\n\n{found[2]}', old)
    path.write_text(new, encoding='utf-8')
