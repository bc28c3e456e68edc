# SPDX-License-Identifier: GPL-2.0-only
"""
The changes that can be made to the sources: from what spatch found by the rules, each
is one replacement of text in one file. Which are tried is a matter of the sample, and
of the list of those that make no difference.
"""
import bisect
import collections
import hashlib
import re

# What a statement is for nobody but a person or a debug kernel
SAYS = re.compile(r'(dev|pr|pci)_(err|warn|notice|info|dbg)|WARN')
CHECKS = re.compile(r'lockdep_|might_|cond_resched|BUILD_BUG|EXPORT_|MODULE_')
CALL = re.compile(r'[\w>.\-]+\(')

OTHER = {'&&': '||', '||': '&&', '==': '!=', '!=': '==',
         '<': '<=', '<=': '<', '>': '>=', '>=': '>'}
KIND = {'&&': 'and-or', '||': 'and-or', '==': 'equal', '!=': 'equal',
        '|': 'flag'}

Change = collections.namedtuple('Change', 'file function kind start end new')


def squeezed(text):
    return ' '.join(text.split())


class Source:
    """A file, and where its lines begin"""

    def __init__(self, name, text):
        self.name, self.text = name, text
        self.starts = [0]
        for line in text.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def offset(self, line, column):
        return self.starts[int(line) - 1] + int(column)

    def line_of(self, offset):
        return bisect.bisect_right(self.starts, offset)

    def lines(self, start, end):
        """The whole lines around a piece of the text"""
        first, last = self.line_of(start), self.line_of(end)
        return self.starts[first - 1], self.starts[last]


class Mutant:
    """One change to one file"""

    def __init__(self, source, change):
        self.source, self.change = source, change
        begin, end = source.lines(change.start, change.end)
        self.line = source.line_of(change.start)
        self.old = source.text[begin:end]
        self.new = (source.text[begin:change.start] + change.new +
                    source.text[change.end:end])
        self.file, self.function = change.file, change.function
        self.kind = change.kind
        self.words = (self.file, self.function, squeezed(self.old),
                      squeezed(self.new))

    def text(self):
        """The whole file, changed"""
        text, change = self.source.text, self.change
        return text[:change.start] + change.new + text[change.end:]

    def place(self):
        return f'{self.file}:{self.line} {self.function} {self.kind}'

    def diff(self):
        return ''.join(f'{sign}{line}\n' for sign, lines in
                       (('-', self.old), ('+', self.new))
                       for line in lines.rstrip('\n').split('\n'))


def statement(text):
    """The kind of a statement, None if to leave it out changes nothing"""
    if CHECKS.match(text):
        return None
    if SAYS.match(text):
        return 'log'
    return 'call' if CALL.match(text) else 'assign'


def of_statement(source, start, end, _type):
    kind = statement(source.text[start:end])
    if kind:
        yield kind, start, end, ''


def of_jump(source, start, _end, _type):
    """Those at the end of a switch lead where the next line is"""
    end = source.text.index(';', start)
    if not re.match(r';\s*}', source.text[end:]) or \
            source.text.startswith('goto', start):
        yield 'jump', start, end, ''


def negated(kind):
    def change(source, start, end, _type):
        yield kind, start, end, f'!({source.text[start:end]})'
    return change


def of_return(source, start, end, returns):
    text = source.text[start:end]
    if returns == 'bool':
        yield 'return', start, end, f'!({text})'
    elif returns in ('int', 'unsigned int', 'u32', 'ssize_t') and text != '0':
        yield 'return', start, end, '0'


def of_step(source, _start, end, _type):
    step = re.compile(r'\s*[+-]\s*1\b').match(source.text, end)
    if step:
        yield 'bound', end, step.end(), ''


def of_operator(source, start, end, _type, start2, end2):
    if start2 < start: # a rule for < finds the other one, too
        start, end, start2, end2 = start2, end2, start, end
    gap = source.text[end:start2]
    found = re.search(r'\|\||&&|[=!<>]=|[<>|]', gap)
    if not found:
        return
    operator = found.group()
    if operator == '|':
        yield 'flag', start, start2, ''
        yield 'flag', end, end2, ''
        return
    yield (KIND.get(operator, 'bound'), end + found.start(),
           end + found.end(), OTHER[operator])


RULES = {'statement': of_statement, 'jump': of_jump,
         'condition': negated('condition'), 'choice': negated('choice'),
         'return': of_return, 'step': of_step, 'operator': of_operator}


def from_spatch(found, sources):
    """All changes: @found is what the rules print, @sources a Source by its name"""
    rows = [line.split('\t') for line in found.splitlines() if '\t' in line]
    returns = {(row[1], row[2]): row[3] for row in rows if row[0] == 'type'}
    changes = set()
    for rule, name, function, *places in rows:
        if rule == 'type':
            continue
        source = sources[name]
        at = [source.offset(*place) for place in zip(places[::2], places[1::2])]
        of_function = returns.get((name, function), '')
        for change in RULES[rule](source, *at[:2], of_function, *at[2:]):
            changes.add(Change(name, function, *change))
    conditions = {(c.file, c.start) for c in changes if c.kind == 'condition'}
    return [Mutant(sources[c.file], c) for c in sorted(changes)
            if not is_negation(c, sources[c.file], conditions)]


def is_negation(change, source, conditions):
    """Is == a whole condition, which has its negation already?"""
    if change.kind != 'equal':
        return False
    text = source.text
    begin = text.rfind('(', 0, change.start) + 1
    end = text.find(')', change.end)
    return (change.file, begin) in conditions and \
        re.match(r'\) ?{?\n', text[end:end + 4]) is not None


def sample(mutants, seed):
    """In an order of which any beginning is even over files, and over kinds in them"""
    def dice(mutant):
        words = '\n'.join((str(seed), *mutant.words, mutant.kind))
        return hashlib.sha256(words.encode()).hexdigest()

    files = collections.defaultdict(lambda: collections.defaultdict(list))
    for mutant in sorted(mutants, key=dice):
        files[mutant.file][mutant.kind].append(mutant)
    turns = [even(kinds) for kinds in files.values()]
    return list(even_over(turns))


def even(kinds):
    return list(even_over(list(kinds.values())))


def even_over(lists):
    """From each as large a part as from the others"""
    places = [((n + 0.5) / len(each), number, n)
              for number, each in enumerate(lists) for n in range(len(each))]
    for _, number, n in sorted(places):
        yield lists[number][n]


class Equivalents:
    """The list of changes that make no difference. An entry is the file and the
    function, the old lines with - and the new with + in front, and the reason."""

    def __init__(self, text):
        self.reasons, self.used = {}, set()
        for entry in re.split(r'\n\s*\n', text):
            lines = [line for line in entry.splitlines()
                     if not line.startswith('#')]
            if lines:
                self.add(lines)

    def add(self, lines):
        head = re.fullmatch(r'(\S+) (\w+)', lines[0])
        old, new, reason = ([line[cut:] for line in lines[1:]
                             if (line[0] if line[0] in '-+' else ' ') == sign]
                            for sign, cut in (('-', 1), ('+', 1), (' ', 0)))
        if not (head and old and new and reason):
            raise SystemExit('tests/mutants/equivalent: an entry has no file and '
                             f'function, -, + or reason: {lines[0]}')
        words = (*head.groups(), *(squeezed(' '.join(side))
                                   for side in (old, new)))
        self.reasons[words] = squeezed(' '.join(reason))

    def has(self, mutant):
        if mutant.words in self.reasons:
            self.used.add(mutant.words)
        return mutant.words in self.reasons

    def stale(self, files):
        """Entries about these files that are of no change"""
        return [words for words in self.reasons
                if words[0] in files and words not in self.used]
