# SPDX-License-Identifier: GPL-2.0-only
"""
What the device raises its interrupts for. A slot can be fired once, or run: the
device fires it, and again as soon as the driver has acknowledged that, N times.
So a message that is lost, or comes twice, shows in the counts for ever.
"""
import collections

from slots import ERROR_NO_ADDRESS, ERROR_NO_SLOT, ERROR_PASID

PASID_ENABLE, PASID_SHIFT = 1 << 3, 12  # of ctrl, as in ims_layout_pasid
RETRY = 0.002   # a run whose message the device had to drop


class Events:
    def __init__(self, server, complain):
        self.server = server
        self.complain = complain    # (error, detail)
        self.store = None           # has get(index)
        self.show = None            # (index, does a message wait)
        self.ever = 0               # messages sent, resets or not
        self.reset()

    def reset(self):
        self.sent = collections.Counter()
        self.total = self.dropped = 0
        self.pending = set()
        self.remaining = {}         # of the runs
        self.keep_pending = True

    def fire(self, index):
        """Raise it once. Is it on its way, or at least remembered?"""
        slot = self.store.get(index)
        if slot is None:
            self.complain(ERROR_NO_SLOT, index)
        elif slot.masked:
            if not self.keep_pending:
                self.dropped += 1
                return False
            self.pending.add(index)
            self.show(index, True)
        else:
            self.send(index, slot)
        return True

    def work(self, pasid, index):
        """A process may use the slots that have its PASID"""
        slot = self.store.get(index)
        if slot and slot.ctrl & PASID_ENABLE and slot.ctrl >> PASID_SHIFT == pasid:
            self.fire(index)
        else:
            self.complain(ERROR_PASID, index)

    def send(self, index, slot):
        if not slot.address:
            self.complain(ERROR_NO_ADDRESS, index)
            return
        self.sent[index] += 1
        self.total += 1
        self.ever += 1
        self.server.dma_write(slot.address, slot.data)

    def slot_changed(self, index):
        if index in self.pending:
            slot = self.store.get(index)
            if not slot.masked:
                self.pending.discard(index)
                self.show(index, False)
                self.send(index, slot)

    def run(self, index, count):
        self.remaining[index] = count
        self.next(index)

    def stop(self, index):
        """What is on its way is still to be acknowledged"""
        if index in self.remaining:
            self.remaining[index] = 0

    def next(self, index):
        left = self.remaining.get(index)
        if not left:
            self.remaining.pop(index, None)
        elif self.fire(index):
            self.remaining[index] = left - 1
        else:
            self.server.timers.after(RETRY, lambda: self.next(index))

    acknowledge = next

    def is_running(self, index):
        return int(index in self.remaining)

    def running(self):
        """Slots whose run is not over, the last message included"""
        return len(self.remaining)
