# SPDX-License-Identifier: GPL-2.0-only
"""
The slot memory of the device, BAR 2 and BAR 4, in whatever layout the registers
say, and what a message looks like in it. Anything that a device of that layout
could not stand is counted.
"""
import collections
import struct

NO_WORD = 0xffff
MASK_NONE, MASK_SET, MASK_CLEAR = range(3)
ALL_ONES = 0xffffffff
BITMAP = 65536 // 8             # bytes, a bit for each slot

Slot = collections.namedtuple('Slot', 'address data ctrl masked')

# What a driver did wrong
ERRORS = ('none', 'width', 'reserved', 'no-address', 'outside', 'no-slot',
          'busy', 'command', 'register', 'pasid')
(_, ERROR_WIDTH, ERROR_RESERVED, ERROR_NO_ADDRESS, ERROR_OUTSIDE,
 ERROR_NO_SLOT, ERROR_BUSY, ERROR_COMMAND, ERROR_REGISTER, ERROR_PASID) = range(10)


class Layout:
    """struct ims_layout, and where its windows are. After a reset it is
    ims_layout_standard, but for the server's arguments."""

    FIELDS = ('stride', 'address_lo', 'address_hi', 'data', 'ctrl',
              'ctrl_stride', 'mask', 'mask_bit', 'access', 'big_endian',
              'pending', 'slots0', 'slots1', 'ctrl0', 'ctrl1',
              'reserved_first', 'reserved_nr', 'pending_bit', 'pending0',
              'pending1', 'mask0', 'mask1', 'data_bits', 'index0', 'index1')

    RESET = {'stride': 16, 'address_hi': 4, 'data': 8, 'ctrl': 12,
             'mask': MASK_SET, 'mask_bit': 1, 'access': 4, 'pending': 1,
             'slots0': 4096}

    def __init__(self, **numbers):
        for name in self.FIELDS:
            setattr(self, name, numbers.get(name, self.RESET.get(name, 0)))


class SlotMemory:
    """The array of slots: two windows, each with ctrl words of its own if they
    are not in the slots"""

    def __init__(self, sizes, complain, changed):
        self.sizes = sizes              # {bar: bytes}
        self.complain = complain        # (error, detail)
        self.changed = changed          # (index): written to
        self.waiting = set()            # slots whose message waits

    def use(self, layout):
        """From now on it is this layout; the memory is empty, every slot masked"""
        self.pieces = self.pieces_of(layout)
        self.layout = layout
        self.nr_slots = layout.slots0 + layout.slots1
        self.memory = {bar: bytearray(size) for bar, size in self.sizes.items()}
        self.word = struct.Struct('>I' if layout.big_endian else '<I')
        self.selected = {2: 0, 4: 0}    # by index registers, in that BAR
        self.waiting = set()
        if layout.mask == MASK_SET:
            for index in range(self.nr_slots):
                self.set_bits(*self.mask_at(index), True)

    def pieces_of(self, layout):
        """[(bar, first byte, stride, first index, number of slots)]"""
        pieces, first = [], 0
        for bar, slots, ctrl in ((2, layout.slots0, layout.ctrl0),
                                 (4, layout.slots1, layout.ctrl1)):
            if slots:
                pieces.append((bar, 0, layout.stride, first, slots))
                if layout.ctrl_stride:
                    pieces.append((4, ctrl, layout.ctrl_stride, first, slots))
            first += slots
        for bar, start, stride, _, slots in pieces:
            if start + stride * slots > self.sizes[bar]:
                raise IndexError(f'{slots} slots have no room in BAR {bar}')
        for start in (layout.mask0, layout.mask1, layout.pending0, layout.pending1):
            if start and start + BITMAP > self.sizes[4]:
                raise IndexError(f'a bitmap at 0x{start:x} has no room in BAR 4')
        return pieces

    def find(self, index):
        for bar, start, stride, first, slots in self.pieces:
            if first <= index < first + slots:
                return bar, start + (index - first) * stride
        return None

    def ctrl_at(self, index):
        layout = self.layout
        bar, at = self.find(index)
        if not layout.ctrl_stride:
            return bar, at + layout.ctrl
        second = index >= layout.slots0
        start = layout.ctrl1 if second else layout.ctrl0
        index -= layout.slots0 if second else 0
        return 4, start + index * layout.ctrl_stride + layout.ctrl

    def bit_at(self, index, first, second):
        """A slot's bit in the bitmap of its window: where its word is, and the bit"""
        if index >= self.layout.slots0:
            index, first = index - self.layout.slots0, second
        return first + index // 32 * 4, 1 << index % 32

    def mask_at(self, index):
        """The slot's mask bit: BAR, offset of its word, bit"""
        if self.layout.mask0:
            return 4, *self.bit_at(index, self.layout.mask0, self.layout.mask1)
        return *self.ctrl_at(index), self.layout.mask_bit

    def is_masked(self, index):
        if self.layout.mask == MASK_NONE:
            return False
        bar, at, bit = self.mask_at(index)
        return bool(self.word.unpack_from(self.memory[bar], at)[0] & bit) == \
            (self.layout.mask == MASK_SET)

    def set_bits(self, bar, at, bits, on):
        word = self.word.unpack_from(self.memory[bar], at)[0]
        word = word | bits if on else word & ~bits
        self.word.pack_into(self.memory[bar], at, word)

    def show_pending(self, index, waits):
        """The driver sees whether a message waits"""
        layout = self.layout
        (self.waiting.add if waits else self.waiting.discard)(index)
        if layout.pending_bit:
            bar, at = self.ctrl_at(index)
            self.set_bits(bar, at, layout.pending_bit, waits)
        elif layout.pending0:
            at, bit = self.bit_at(index, layout.pending0, layout.pending1)
            self.set_bits(4, at, bit, waits)

    def in_bitmap(self, bar, offset, count, first, second):
        """The slots that have their bits there, or None"""
        if bar != 4 or not first or count != self.layout.access or offset % count:
            return None
        for start, number in (first, 0), (second, self.layout.slots0):
            if start <= offset < start + BITMAP:
                number += (offset - start) * 8
                return range(number, min(number + count * 8, self.nr_slots))
        return None

    def in_pending_bits(self, bar, offset, count):
        return self.in_bitmap(bar, offset, count, self.layout.pending0,
                              self.layout.pending1)

    def in_mask_bits(self, bar, offset, count):
        return self.in_bitmap(bar, offset, count, self.layout.mask0,
                              self.layout.mask1)

    def get(self, index):
        """The slot as the device would use it now, or None"""
        layout = self.layout
        place = self.find(index)
        if place is None:
            return None
        bar, at = place
        memory, word = self.memory[bar], self.word
        address = word.unpack_from(memory, at + layout.address_lo)[0]
        if layout.address_hi != NO_WORD:
            address |= word.unpack_from(memory, at + layout.address_hi)[0] << 32
        data = word.unpack_from(memory, at + layout.data)[0]
        if layout.data_bits:
            data = (data & layout.data_bits) // (layout.data_bits & -layout.data_bits)
        ctrl = 0
        if layout.ctrl != NO_WORD:
            bar, at = self.ctrl_at(index)
            ctrl = word.unpack_from(self.memory[bar], at)[0]
        return Slot(address, data, ctrl, self.is_masked(index))

    def indexed_by(self, bar, offset, count):
        """The BAR whose slots are behind the index register that is there, or None"""
        if bar == 4 and offset and count == 4:
            return {self.layout.index1: 4, self.layout.index0: 2}.get(offset)
        return None

    def behind_index(self, bar, offset):
        """Where in memory an access goes: slots that have one address together have
        memory of their own all the same"""
        if not {2: self.layout.index0, 4: self.layout.index1}[bar]:
            return offset
        if offset >= self.layout.stride:
            return self.sizes[bar]
        return offset + self.selected[bar] * self.layout.stride

    def slot_of(self, bar, offset, count):
        """Which slot does this access reach? It must be one that the layout
        allows."""
        layout = self.layout
        if count != layout.access or offset % count:
            self.complain(ERROR_WIDTH, bar << 28 | offset)
            return None
        for piece, start, stride, first, slots in self.pieces:
            if piece == bar and start <= offset < start + stride * slots:
                index = first + (offset - start) // stride
                if 0 <= index - layout.reserved_first < layout.reserved_nr:
                    self.complain(ERROR_RESERVED, index)
                    return None
                return index
        self.complain(ERROR_OUTSIDE, bar << 28 | offset)
        return None

    def read(self, bar, offset, count):
        if self.in_pending_bits(bar, offset, count) is None and \
                self.in_mask_bits(bar, offset, count) is None:
            offset = self.behind_index(bar, offset)
            if self.slot_of(bar, offset, count) is None:
                return b'\xff' * count
        return bytes(self.memory[bar][offset:offset + count])

    def write(self, bar, offset, data):
        indices = self.in_mask_bits(bar, offset, len(data))
        if indices is not None:
            self.memory[bar][offset:offset + len(data)] = data
            for index in indices:
                self.changed(index)
            return
        indexed = self.indexed_by(bar, offset, len(data))
        if indexed:
            self.selected[indexed] = self.word.unpack(data)[0]
            return
        offset = self.behind_index(bar, offset)
        index = self.slot_of(bar, offset, len(data))
        if index is not None:
            self.memory[bar][offset:offset + len(data)] = data
            if self.layout.pending_bit:         # whatever was written to it
                self.show_pending(index, index in self.waiting)
            self.changed(index)
