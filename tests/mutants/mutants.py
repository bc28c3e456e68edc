#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
tests/mutants/mutants.py WORK KERNEL=ROOT...: try a sample of the changes that
WORK/found has, which is what spatch printed, and print those that no guest noticed: of
the first kernel, and if none did, of the next. WORK/modules.KERNEL has the modules as
they are. tests/mutants/run starts it, and says what the environment may ask for.
"""
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import sys
import threading

sys.dont_write_bytecode = True
import changes  # noqa: E402
import trial  # noqa: E402

here = pathlib.Path(__file__).resolve().parent
top = here.parent.parent

# So many are built for one boot
TOGETHER = 8


def wanted(name, default=''):
    return os.environ.get(name) or default


def digest(*parts):
    return hashlib.sha256('\0'.join(parts).encode()).hexdigest()


def tree_digest(*folders):
    """Of all that decides what a guest sees"""
    files = sorted(file for folder in folders for file in (top / folder).rglob('*')
                   if file.is_file())
    return digest(*(f'{file.relative_to(top)}\0{file.read_text()}'
                    for file in files))


def read_guests():
    """The guests by name, and which are asked about a file, in their order"""
    guests, plan = {}, []
    for line in (here / 'guests').read_text().splitlines():
        words = line.split('#')[0].split()
        if line.startswith('^'):
            plan.append((re.compile(words[0]), [guests[w] for w in words[1:]]))
        elif words:
            row, _, command = line.partition('|')
            name, suite, patience, *scenario = row.split()
            guests[name] = trial.Guest(name, suite, patience, ' '.join(scenario),
                                       command.strip())
    return plan


def asked_about(file, plan):
    return next(guests for regex, guests in plan if regex.match(file))


class Results:
    """What was found before. That a guest noticed holds as long as the changed file is
    the same; that none did, until anything changes that a guest could see. The former
    is also kept in the tree, in the file "noticed": a campaign takes longer than
    a machine may last."""

    def __init__(self, file):
        self.file, self.lock = pathlib.Path(file), threading.Lock()
        self.tree = tree_digest(
            'core', 'domains', 'drivers', 'include', 'devices/ims',
            'tests/guest', 'tests/modules', 'tests/suites', 'tests/vm')
        self.known = dict(self.in_tree(here / 'noticed'))
        if self.file.exists():
            self.known |= json.loads(self.file.read_text())

    @staticmethod
    def in_tree(file):
        """Lines "KEY file:line kind by GUEST: CASE" """
        for line in file.read_text().splitlines() if file.exists() else ():
            if not line.startswith('#'):
                key, _, by = line.partition(' ')
                yield key, (trial.KILLED, by.partition(' by ')[2])

    def write(self, mutants, file):
        """Keep in the tree what was noticed of these"""
        head = [line for line in file.read_text().splitlines() if line.startswith('#')]
        noticed = []
        for mutant in mutants:
            key = self.keys(mutant, '')[0]
            what, by = self.known.get(key, (None, ''))
            if what == trial.KILLED:
                noticed.append((mutant.file, mutant.line, f'{key} {mutant.place()} by {by}'))
        lines = [line for *_, line in sorted(noticed)]
        file.write_text('\n'.join([*head, *lines]) + '\n')

    def keys(self, mutant, kernel):
        changed = digest(mutant.file, mutant.text())
        return changed, digest(changed, self.tree, kernel)

    def find(self, mutant, kernel):
        for key in self.keys(mutant, kernel):
            if key in self.known:
                return trial.Verdict(*self.known[key])
        return None

    def keep(self, mutant, kernel, verdict):
        key = self.keys(mutant, kernel)[verdict.what == trial.SURVIVED]
        self.add(key, verdict)

    def add(self, key, verdict):
        with self.lock:
            self.known[key] = verdict
            new = self.file.with_suffix('.new')
            new.write_text(json.dumps(self.known))
            new.rename(self.file)


class Campaign:
    """Changes tried on one kernel, as many at a time as there are CPUs"""

    def __init__(self, kernel, root, work, results):
        self.kernel, self.root, self.work = kernel, root, pathlib.Path(work)
        self.results, self.plan, self.benches = results, read_guests(), []
        self.modules = self.work / f'modules.{kernel}'
        self.locks = collections.defaultdict(threading.Lock)
        self.said, self.verdicts = threading.Lock(), {}
        self.waiting, self.doubtful = [], set()

    def prepare(self, jobs):
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            self.benches = list(pool.map(self.bench, range(jobs)))

    def bench(self, number):
        return trial.Bench(str(top), self.kernel, self.root, self.modules,
                           self.work / f'bench.{number}', number)

    def passes(self, guest):
        """A guest that fails without a change would notice all of them"""
        key = digest('unchanged', guest.name, self.results.tree, self.kernel)
        with self.locks[guest.name]:
            if key not in self.results.known:
                by = guest.boot(self.kernel, str(top), self.modules)
                self.results.add(key, ('fails', by) if by else ('passes', ''))
        return self.results.known[key][0] == 'passes'

    def next_batch(self):
        with self.said:
            batch = self.waiting[:TOGETHER]
            del self.waiting[:TOGETHER]
        return batch

    def work_with(self, bench):
        """Try mutants until none waits: several in a boot, and those that nobody
        noticed there one by one"""
        while batch := self.next_batch():
            for mutant in self.share(bench, batch):
                if wanted('QUICK'):
                    self.note(mutant, trial.Verdict(trial.SURVIVED, ''))
                    continue
                guests = [guest for guest in asked_about(mutant.file, self.plan)
                          if not guest.command or mutant in self.doubtful]
                self.decide(mutant, bench.judge(mutant, guests, self.passes))

    def share(self, bench, batch):
        """Return: who is to be tried alone"""
        bench.forget()
        built, left = {}, []
        for number, mutant in enumerate(batch, 100):
            guests = [guest for guest in asked_about(mutant.file, self.plan)
                      if guest.command]
            why_not = bench.build(mutant)
            if why_not:
                self.decide(mutant, trial.Verdict(why_not, ''))
            elif guests:
                bench.set_aside(number, guests)
                built[number] = mutant
            else:
                left.append(mutant)
        found = bench.share(len(built)) if built else {}
        bench.forget()
        for number, mutant in built.items():
            by = found.get(number)
            if by is None:
                with self.said:
                    self.waiting.insert(0, mutant)
            elif by and not trial.DOUBTFUL.search(by):
                self.decide(mutant, trial.Verdict(trial.KILLED, by))
            else:
                left.append(mutant)
                self.doubtful |= {mutant} if by else set()
        return left

    def decide(self, mutant, verdict):
        self.results.keep(mutant, self.kernel, verdict)
        self.note(mutant, verdict)

    def note(self, mutant, verdict):
        with self.said:
            self.verdicts[mutant] = verdict
            say(mutant, verdict, self.kernel)

    def shared_guests_pass(self, bench):
        """Does none of those that share a boot fail without a change?"""
        key = digest('unchanged', 'shared', self.results.tree, self.kernel)
        if key not in self.results.known:
            guests = {guest.command: guest for _, guests in self.plan
                      for guest in guests if guest.command}
            bench.set_aside(100, guests.values())
            by = bench.share(1)[100] and bench.share(1)[100]
            if by:
                sys.exit(f'without a change a guest fails already: {by}')
            self.results.add(key, ('passes', ''))

    def run(self, mutants):
        """Return: the verdicts"""
        for mutant in mutants:
            verdict = self.results.find(mutant, self.kernel)
            if verdict:
                self.note(mutant, verdict)
            else:
                self.waiting.append(mutant)
        jobs = min(int(wanted('IMS_JOBS', '2')), len(self.waiting))
        if jobs:
            self.prepare(jobs)
            self.shared_guests_pass(self.benches[0])
        with concurrent.futures.ThreadPoolExecutor(max(jobs, 1)) as pool:
            for _ in pool.map(self.work_with, self.benches):
                pass
        return self.verdicts


def say(mutant, verdict, kernel):
    by = f' by {verdict.by}' if verdict.what == trial.KILLED else ''
    print(f'{kernel}: {verdict.what}{by}: {mutant.place()}', flush=True)
    if verdict.what == trial.SURVIVED:
        print(mutant.diff(), end='', flush=True)


def report(verdicts, excused):
    count = {what: [v.what for v in verdicts.values()].count(what)
             for what in (trial.KILLED, trial.SURVIVED, trial.SAME, trial.BROKEN)}
    print()
    for mutant in survivors(verdicts):
        print(f'{mutant.file} {mutant.function}\n{mutant.diff()}')
    noticed, tried = count[trial.KILLED], count[trial.KILLED] + count[trial.SURVIVED]
    print(f'{noticed} of {tried} noticed; {count[trial.SURVIVED]} survived. Not '
          f'counted: {excused} that make no difference (tests/mutants/equivalent), '
          f'{count[trial.SAME]} of which the compiler makes the same code, '
          f'{count[trial.BROKEN]} that do not compile')
    return count[trial.SURVIVED]


def choose(found):
    """The mutants to try, all that there could be, how many are excused, and the stale
    excuses"""
    names = sorted({line.split('\t')[1] for line in found.splitlines()
                    if '\t' in line})
    sources = {name: changes.Source(name, (top / name).read_text())
               for name in names}
    every = changes.from_spatch(found, sources)
    equivalents = changes.Equivalents((here / 'equivalent').read_text())
    counted = [m for m in every if not equivalents.has(m)]
    only, kinds = wanted('ONLY'), wanted('KINDS').split()
    counted = [m for m in counted if re.match(only, m.file) and
               (m.kind in kinds if kinds else m.kind != 'log')]
    mutants = changes.sample(counted, wanted('SEED', '1'))
    if wanted('NR', '200') != 'all':
        mutants = mutants[:int(wanted('NR', '200'))]
    return mutants, every, len(equivalents.used), equivalents.stale(names)


def survivors(verdicts):
    return [m for m, verdict in verdicts.items() if verdict.what == trial.SURVIVED]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    work, *kernels = sys.argv[1:]
    mutants, every, excused, stale = choose((pathlib.Path(work) / 'found').read_text())
    for words in stale:
        print(f'tests/mutants/equivalent: there is no such change: {" ".join(words)}')
    if wanted('LIST'):
        for mutant in mutants:
            print(f'{mutant.place()}\n{mutant.diff()}', end='')
        return len(stale)
    results = Results(f'{work}/results')
    verdicts = dict.fromkeys(mutants, trial.Verdict(trial.SURVIVED, ''))
    try:
        for kernel, root in (each.split('=', 1) for each in kernels):
            verdicts |= Campaign(kernel, root, work, results).run(survivors(verdicts))
    except BaseException:
        trial.stop()
        raise
    finally:
        if wanted('KEEP'):
            results.write(every, pathlib.Path(wanted('KEEP')))
    return report(verdicts, excused) + len(stale)


if __name__ == '__main__':
    sys.exit(main() != 0)
