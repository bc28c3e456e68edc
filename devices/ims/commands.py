# SPDX-License-Identifier: GPL-2.0-only
"""
The other memory for messages that the device has: behind commands. STORE takes
messages from a mailbox, SYNC reads them from an array in the host's memory, and
either takes as long, and fails as often, as the registers say.
"""
import struct

from slots import ERROR_BUSY, ERROR_COMMAND, Slot

STORE, SYNC, READ_BACK = 1, 2, 3
IDLE, BUSY, DONE, FAILED = range(4)
FAIL, HANG, LIE = 1, 2, 3       # LIE: do it, and say that it failed
MAILBOX, ENTRY = 32, struct.Struct('<IIIII12x')
HOST_SLOT = struct.Struct('<IIII')
MASKED = 1


class Commands:
    def __init__(self, server, complain, changed):
        self.server = server
        self.complain = complain    # (error, detail)
        self.changed = changed      # (index)
        self.ever = 0               # commands, resets or not
        self.lying = None
        self.reset()

    def reset(self):
        self.slots = {}
        self.mailbox = bytearray(MAILBOX * ENTRY.size)
        self.status = IDLE
        self.delay = self.count = self.failures = self.failure = 0
        self.base = self.nr_slots = 0
        self.longest = 0            # most slots of one command
        self.current = object()     # one command, until it is over

    def get(self, index):
        """What was never stored is masked"""
        lo, hi, data, ctrl = self.slots.get(index, (0, 0, 0, MASKED))
        return Slot(hi << 32 | lo, data, ctrl, bool(ctrl & MASKED))

    def command(self, value):
        code, nr = value & 0xff, value >> 8
        if self.status == BUSY:
            self.complain(ERROR_BUSY, value)
            return
        self.count += 1
        self.ever += 1
        if code not in (STORE, SYNC, READ_BACK) or not 1 <= nr <= MAILBOX:
            self.complain(ERROR_COMMAND, value)
            self.status = FAILED
            return
        self.longest = max(self.longest, nr)
        self.status = BUSY
        self.current = current = object()
        failure = 0
        if self.failures:
            self.failures -= 1
            failure = self.failure
        if failure != HANG:
            work = {STORE: self.store, SYNC: self.sync,
                    READ_BACK: self.read_back}[code]
            if failure == FAIL:
                work = lambda nr, current: self.end(current, FAILED)
            elif failure == LIE:
                self.lying = current
            if self.delay:
                self.server.timers.after(
                    self.delay / 1000, lambda: self.still(work, nr, current))
            else:
                work(nr, current)

    def still(self, work, nr, current):
        if current is self.current:
            work(nr, current)

    def abort(self):
        if self.status == BUSY:
            self.over(self.current, FAILED)

    def end(self, current, status):
        """The driver may rely on it that what was sent before has arrived"""
        if current is self.current:
            self.current = ending = object()
            self.server.after_messages(lambda: self.over(ending, status))

    def over(self, ending, status):
        if ending is self.current:
            self.current = None
            self.status = status

    def succeeded(self, current):
        self.end(current, FAILED if current is self.lying else DONE)

    def entries(self, nr):
        return [ENTRY.unpack_from(self.mailbox, i * ENTRY.size)
                for i in range(nr)]

    def take(self, index, words):
        self.slots[index] = words
        self.changed(index)

    def store(self, nr, current):
        for index, *words in self.entries(nr):
            self.take(index, tuple(words))
        self.succeeded(current)

    def sync(self, nr, current):
        """Whole or not at all"""
        indices = [entry[0] for entry in self.entries(nr)]
        if any(index >= self.nr_slots for index in indices):
            self.complain(ERROR_COMMAND, max(indices))
            self.end(current, FAILED)
            return
        taken = {index: self.server.dma_read(
            self.base + index * HOST_SLOT.size, HOST_SLOT.size)
            for index in indices}
        if None in taken.values():
            self.end(current, FAILED)
            return
        for index, data in taken.items():
            self.take(index, HOST_SLOT.unpack(data))
        self.succeeded(current)

    def read_back(self, nr, current):
        for i, (index, *_) in enumerate(self.entries(nr)):
            ENTRY.pack_into(self.mailbox, i * ENTRY.size, index,
                            *self.slots.get(index, (0, 0, 0, MASKED)))
        self.succeeded(current)
