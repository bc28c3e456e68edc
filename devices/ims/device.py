# SPDX-License-Identifier: GPL-2.0-only
"""
A device with an IMS: BAR 0 has these registers, of 32 bits each, little-endian.
BAR 2 (4 MiB) is slot memory, BAR 4 (2 MiB) more of it and ctrl words that are
not in the slots.

  0x000 ID         0x1a5e0001
  0x004 RESET      write: everything as in the beginning
  0x008 ERRORS     how often the driver did what such a device cannot stand
  0x00c ERROR      the first of them: the number of one of slots.ERRORS
  0x010 DETAIL     and its index, its command, or its BAR << 28 | offset
  0x014 GONE       write 1: from now on everything reads as all ones and ignores
                   writes, but for a write of 0 to this register
  0x018 SOURCE     where FIRE and RUN find slots: 0 slot memory, 1 the other
  0x070 APPLY      write: use the layout, the slots are all empty
  0x080 FIRE       write a slot's number: raise it once
  0x084 COUNT      how often RUN fires
  0x088 RUN        write a slot's number: fire, and again after each ACK
  0x08c STOP       write a slot's number: no more after the next ACK
  0x090 ACK        write a slot's number: its interrupt was handled
  0x094 RUNNING    number of runs that are not over
  0x098 SENT       messages that were sent, of all slots
  0x09c DROPPED    and how many were not, because their slot was masked
  0x0a0 SELECT     a slot's number, for the following
  0x0a4 SLOT_SENT  messages of it
  0x0a8 SLOT       what it holds: address, its upper half, data, ctrl
  0x0b8 IS_RUNNING 1 if it has a run that is not over
  0x0bc UNDER_WAY  messages that were sent, and have not arrived yet
  0x0c0 ONES       write n: the n-th read of BAR 2 or 4 from now on answers all ones,
                   as if its completion had not come; read: how many until then
  0x0c4 WORK       write PASID << 12 | a slot's number: work for that process, which
                   fires the slot if its ctrl has that PASID in bits 31 to 12, and
                   bit 3, and else is an error
  0x100 CMD        write code | entries << 8: 1 STORE, 2 SYNC, 3 READ_BACK
  0x104 STATUS     0 idle, 1 busy, 2 done, 3 failed
  0x108 DELAY      milliseconds that a command takes
  0x10c FAIL       kind << 24 | n: the next n commands 1 fail, 2 never end, 3 do
                   it and say that they failed
  0x110 COMMANDS   how many there were
  0x114 ABORT      write: the command has failed, and does nothing any more
  0x118 BASE       64 bits: where in host memory SYNC finds slot 0
  0x120 SLOTS      how many there are
  0x124 LONGEST    most entries that one command had
  0x400 MAILBOX    32 entries of 32 bytes: index, address_lo, address_hi, data,
                   ctrl
  0x800 LAYOUT     registers: struct ims_layout without what only the driver
                   cares for, then PENDING (1: a message waits for the unmask; 0:
                   it is lost), the number of slots in BAR 2 and in BAR 4, the
                   offsets in BAR 4 of the ctrl words of each, the first and
                   the number of the reserved slots, and the offsets in BAR 4 of
                   the pending bits and of the mask bits of each, 0: not there,
                   the bits of the data in its word, 0: all, and the offsets in BAR 4
                   of the index register of each: 0: none; else all its slots are
                   where its first one would be, and one is, whose number was written
"""
import struct

from commands import Commands
from events import Events
from slots import ERROR_REGISTER, Layout, SlotMemory
from vfio_user import Server

ID = 0x1a5e0001
LAYOUT, MAILBOX, MAILBOX_END = 0x800, 0x400, 0x800
LAYOUT_END = LAYOUT + 4 * len(Layout.FIELDS)
ONES = b'\xff' * 8


class Device:
    vendor, device = 0x1234, 0x1a5e
    bars = {0: 0x1000, 2: 4 << 20, 4: 2 << 20}

    def __init__(self, numbers):
        """numbers: of the layout after a reset, and vendor and device"""
        unknown = numbers.keys() - {*Layout.FIELDS, 'vendor', 'device'}
        if unknown:
            raise ValueError(f'nothing is called {min(unknown)}')
        self.initial = dict(numbers)
        self.vendor = self.initial.pop('vendor', self.vendor)
        self.device = self.initial.pop('device', self.device)
        self.server = Server(self)
        self.events = Events(self.server, self.complain)
        self.array = SlotMemory({2: self.bars[2], 4: self.bars[4]},
                                self.complain, self.events.slot_changed)
        self.events.show = self.array.show_pending
        self.commands = Commands(self.server, self.complain,
                                 self.events.slot_changed)
        self.reset()
        self.readers = {
            0x000: lambda: ID,
            0x004: lambda: 0,
            0x008: lambda: self.errors,
            0x00c: lambda: self.error[0],
            0x010: lambda: self.error[1],
            0x094: self.events.running,
            0x098: lambda: self.events.total,
            0x09c: lambda: self.events.dropped,
            0x0a0: lambda: self.selected,
            0x0a4: lambda: self.events.sent[self.selected],
            0x0a8: lambda: self.slot().address & 0xffffffff,
            0x0ac: lambda: self.slot().address >> 32,
            0x0b0: lambda: self.slot().data,
            0x0b4: lambda: self.slot().ctrl,
            0x0b8: lambda: self.events.is_running(self.selected),
            0x0bc: self.server.under_way,
            0x0c0: lambda: self.until_ones,
            0x104: lambda: self.commands.status,
            0x110: lambda: self.commands.count,
            0x124: lambda: self.commands.longest,
        }
        self.writers = {
            0x004: lambda value: self.reset(),
            0x008: lambda value: self.forget_errors(),
            0x014: self.set_gone,
            0x018: self.set_source,
            0x070: lambda value: self.apply_if_possible(),
            0x080: self.events.fire,
            0x084: self.set_count,
            0x088: lambda index: self.events.run(index, self.count),
            0x08c: self.events.stop,
            0x090: self.events.acknowledge,
            0x0a0: self.select,
            0x0c0: self.set_ones,
            0x0c4: lambda value: self.events.work(value >> 12, value & 0xfff),
            0x100: self.commands.command,
            0x108: self.set_delay,
            0x10c: self.set_fail,
            0x114: lambda value: self.commands.abort(),
            0x118: lambda value: self.set_base(value, 0),
            0x11c: lambda value: self.set_base(value, 32),
            0x120: self.set_slots,
        }

    def reset(self):
        self.forget_errors()
        self.gone = False
        self.selected = self.count = self.until_ones = 0
        self.layout = Layout(**self.initial)
        self.commands.reset()
        self.events.reset()
        self.events.store = self.array
        self.apply()

    def complain(self, error, detail):
        if not self.errors:
            self.error = error, detail
        self.errors += 1

    def forget_errors(self):
        self.errors, self.error = 0, (0, 0)

    def set_gone(self, value):
        self.gone = bool(value)

    def set_source(self, value):
        self.events.store = self.commands if value else self.array

    def apply(self):
        layout = Layout()
        layout.__dict__.update(self.layout.__dict__)
        self.events.keep_pending = bool(layout.pending)
        self.array.use(layout)

    def apply_if_possible(self):
        try:
            self.apply()
        except IndexError:
            self.complain(ERROR_REGISTER, 0x070)

    def set_count(self, value):
        self.count = value

    def set_ones(self, value):
        self.until_ones = value

    def select(self, value):
        self.selected = value

    def slot(self):
        return self.events.store.get(self.selected)

    def set_delay(self, value):
        self.commands.delay = value

    def set_fail(self, value):
        self.commands.failure = value >> 24
        self.commands.failures = value & 0xffffff

    def set_base(self, value, shift):
        self.commands.base &= ~(0xffffffff << shift)
        self.commands.base |= value << shift

    def set_slots(self, value):
        self.commands.nr_slots = value

    # What the server calls

    def read(self, bar, offset, count):
        if self.gone:
            return ONES[:count]
        if bar:
            return self.read_slot(bar, offset, count)
        if count != 4 or offset % 4:
            self.complain(ERROR_REGISTER, offset)
            return ONES[:count]
        if MAILBOX <= offset < MAILBOX_END:
            offset -= MAILBOX
            return bytes(self.commands.mailbox[offset:offset + 4])
        if LAYOUT <= offset < LAYOUT_END:
            name = Layout.FIELDS[(offset - LAYOUT) // 4]
            return struct.pack('<I', getattr(self.layout, name))
        reader = self.readers.get(offset)
        if reader is None:
            self.complain(ERROR_REGISTER, offset)
            return ONES[:count]
        return struct.pack('<I', reader() & 0xffffffff)

    def read_slot(self, bar, offset, count):
        data = self.array.read(bar, offset, count)
        self.until_ones, ones = max(self.until_ones - 1, 0), self.until_ones == 1
        return ONES[:count] if ones else data

    def write(self, bar, offset, data):
        if self.gone and (bar, offset, data) != (0, 0x14, bytes(4)):
            return
        if bar:
            self.array.write(bar, offset, data)
            return
        writer = self.writers.get(offset)
        if len(data) != 4 or offset % 4:
            self.complain(ERROR_REGISTER, offset)
        elif MAILBOX <= offset < MAILBOX_END:
            offset -= MAILBOX
            self.commands.mailbox[offset:offset + 4] = data
        elif LAYOUT <= offset < LAYOUT_END:
            name = Layout.FIELDS[(offset - LAYOUT) // 4]
            setattr(self.layout, name, struct.unpack('<I', data)[0])
        elif writer is None:
            self.complain(ERROR_REGISTER, offset)
        else:
            writer(struct.unpack('<I', data)[0])
