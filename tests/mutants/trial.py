# SPDX-License-Identifier: GPL-2.0-only
"""
Try one change: build the modules with it in a copy of the sources of its own, lay them
over the guest's, and boot guests until one notices.
"""
import collections
import filecmp
import os
import pathlib
import re
import shutil
import signal
import subprocess

Verdict = collections.namedtuple('Verdict', 'what by')
KILLED, SURVIVED, SAME, BROKEN = 'killed', 'survived', 'same code', 'not compiled'

# The guest ends where the kernel finds itself broken, and does not wait for its time
PANIC = ('oops=panic softlockup_panic=1 hung_task_panic=1 '
         'sysctl.kernel.hung_task_timeout_secs=60')
DOUBTFUL = re.compile('did not end in time|sysrq triggered|No irq handler|soft lockup|rcu:')
running = set()


def run(command, **more):
    """A process that stop() ends with all that it started"""
    with subprocess.Popen(command, text=True, start_new_session=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **more) as process:
        running.add(process)
        output, _ = process.communicate()
        running.discard(process)
    return process.returncode, output


def children(pid):
    try:
        names = pathlib.Path(f'/proc/{pid}/task/{pid}/children').read_text()
    except OSError:
        return
    for child in names.split():
        yield from children(int(child))
        yield int(child)


def stop():
    for process in list(running):
        for pid in (*children(process.pid), process.pid):
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                pass


def slower(kernel):
    return 4 if kernel.startswith('debug') else 1


class Guest:
    """A row of tests/mutants/guests"""

    def __init__(self, name, suite, patience, scenario, command):
        self.name, self.suite, self.patience = name, suite, int(patience)
        self.scenario = scenario
        self.command = command  # in a guest, if it can share a boot

    def boot(self, kernel, tree, modules=None):
        """Return: None, or what noticed"""
        options = ['--hurry', f'--timeout {self.patience * slower(kernel)}']
        options += [f'--append {word}' for word in PANIC.split()]
        if modules:
            options.append(f'--modules {modules}')
        environment = {
            'IMS_KERNELS': kernel, 'IMS_BOOT': ' '.join(options),
            'IMS_LEVEL': 'one', 'IMS_GUEST': f'{kernel} {self.scenario}'}
        if self.suite == 'parents':
            environment |= {'IMS_LEVEL': 'every',
                            'SCENARIOS': rf'\| {self.scenario} *\|'}
        status, output = run([f'{tree}/tests/suites/{self.suite}/run'],
                             env=os.environ | environment)
        if status == 0 and not re.search('^not ok', output, re.M) and \
                'the guest ended well' in output:
            return None
        return noticed(output)


def noticed(output):
    """The first case that failed, else how the guest ended"""
    cases = [case for case in re.findall(r'^not ok \d+ - [^:]*: (.*)', output, re.M)
             if case != 'the guest ended well']
    if cases:
        return cases[0]
    why = re.search(r'^# ims: FAILED: (.*?)(; logs: .*)?$', output, re.M)
    before = re.search(r'^# (?!ims:)(.*\n)# ims: FAILED: the kernel complained',
                       output, re.M)
    if before:
        return re.sub(r'^\[[ 0-9.]*\] *', '', before.group(1)).strip()
    return why.group(1) if why else output.strip().split('\n')[-1]


def died(output):
    """How a guest ended that did not get to its end"""
    lines = [line for line in output.strip().split('\n')
             if not line.startswith(('# ', 'ims: waiting'))]
    return re.sub(r'^\[[ 0-9.]*\] *|; logs: .*', '', lines[0]) if lines else '?'


class Bench:
    """Where one mutant at a time is built: sources, and the guest's modules"""

    def __init__(self, top, kernel, root, base, modules, number):
        self.top, self.kernel, self.root = top, kernel, pathlib.Path(root)
        self.abi = (self.root / 'abi').read_text().strip()
        self.inside = f'mutants/{number}'
        self.sources = self.root / 'build' / self.inside
        self.clean = self.sources / 'clean'
        self.modules = modules
        self.stage = modules / 'usr/lib/modules' / self.abi / 'updates'
        for folder in (self.sources, modules):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(base, modules, symlinks=True)
        self.prepare()

    def prepare(self):
        self.sources.mkdir(parents=True)
        for part in ('core', 'domains', 'drivers', 'include', 'compat'):
            shutil.copytree(f'{self.top}/{part}', self.sources / part)
        for part in ('Kbuild', 'Makefile', 'dkms.conf'):
            shutil.copy(f'{self.top}/{part}', self.sources)
        status, output = self.make()
        if status:
            raise SystemExit(f'the modules do not build:\n{output}')
        self.clean.mkdir()
        for module in self.built():
            shutil.copy(module, self.clean)
        self.forget()

    def built(self):
        return sorted(self.sources.glob('*.ko'))

    def make(self):
        script = ('. "$0/tests/vm/lib.sh"; in_chroot "$1/build" make -s '
                  '-C "/usr/src/linux-headers-$2" M="/$3" KCFLAGS=-g0 '
                  'CONFIG_DEBUG_INFO_BTF_MODULES= modules')
        return run(['bash', '-euc', script, self.top, str(self.root), self.abi,
                    self.inside])

    def changed(self):
        return [module for module in self.built() if not
                filecmp.cmp(module, self.clean / module.name, shallow=False)]

    def build(self, mutant):
        """Return: None, or why there are no changed modules"""
        file = self.sources / mutant.file
        made = [file.with_suffix('.o'), file.with_name(f'.{file.stem}.o.cmd')]
        before = [(each, each.read_bytes()) for each in made if each.exists()]
        file.write_text(mutant.text())
        try:
            status, _ = self.make()
        finally:
            file.write_text(mutant.source.text)
            for each, content in before: # newer than their source: no need to make them
                each.write_bytes(content)
        if status:
            return BROKEN
        return None if self.changed() else SAME

    def lay(self, folder):
        """Into a folder the modules that were built, if they are changed"""
        folder.mkdir(parents=True, exist_ok=True)
        for module in self.clean.iterdir():
            if (folder / module.name).exists():
                shutil.copy(module, folder)
        for module in self.changed():
            shutil.copy(module, folder)

    def set_aside(self, number, guests):
        """What was built is the one of this number in a boot that several share"""
        folder = self.modules / 'mutants' / str(number)
        self.lay(folder)
        (folder / 'guests').write_text(
            ''.join(f'{guest.command}\n' for guest in guests))

    def forget(self):
        shutil.rmtree(self.modules / 'mutants', ignore_errors=True)
        for module in self.clean.iterdir():
            shutil.copy(module, self.stage)

    def share(self, nr):
        """Boot once for several that are built. Return: what noticed, of those that had
        their turn: '' for nothing"""
        _, output = run([
            f'{self.top}/tests/vm/run', '--kernel', self.kernel, '--iommu', 'none',
            '--device', 'pair', '--cpus', '4', '--modules', str(self.modules),
            '--timeout', str((300 + 400 * nr) * slower(self.kernel)), '--append', PANIC,
            '--append', 'panic_on_warn=1 ims_core_test.stop=1 ims_queue_test.stop=1 '
            'ims_test.stop=1', '--', 'mutants'])
        found = {int(number): by for number, by in re.findall(
            r'^# (\d+) noticed: (.*)$', output, re.M)}
        begun = [int(n) for n in re.findall(r'^# (\d+) begins$', output, re.M)]
        if not begun:
            raise SystemExit(f'a guest did not begin:\n{output}')
        found.setdefault(begun[-1], 'the guest ended: ' + died(output))
        return found

    def judge(self, mutant, guests, passes):
        """@passes says whether a guest does without a change"""
        why_not = self.build(mutant)
        if why_not:
            return Verdict(why_not, '')
        self.lay(self.stage)
        for guest in guests:
            by = self.noticed_by(guest)
            if by and passes(guest):
                return Verdict(KILLED, f'{guest.name}: {by}')
        return Verdict(SURVIVED, '')

    def noticed_by(self, guest):
        """What a busy host may bring about, too, counts if it comes twice"""
        by = guest.boot(self.kernel, self.top, self.modules)
        if by and DOUBTFUL.search(by):
            by = guest.boot(self.kernel, self.top, self.modules)
        return by
