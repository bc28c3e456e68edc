# SPDX-License-Identifier: GPL-2.0-only
"""
The server's half of the vfio-user protocol, for one PCI device and one client
(QEMU), and the event loop with its timers.

Nothing here ever waits for the client: while a CPU of the guest reads a register
QEMU does nothing else for us, so that waiting for an answer would be for ever.

What the device writes to memory is written at once (memory.py). A message, a write
to the APICs, is QEMU's to deliver, and it does so in its main thread, perhaps
after an answer that we gave later; on a bus no answer overtakes a write. Whoever
relies on that has to ask whether messages are under way (after_messages(), and
the register UNDER_WAY).
"""
import collections
import heapq
import itertools
import json
import os
import select
import socket
import struct
import time

from memory import Memory

VERSION, DMA_MAP, DMA_UNMAP, GET_INFO, REGION_INFO, _, IRQ_INFO, SET_IRQS, \
    READ, WRITE, DMA_READ, DMA_WRITE, RESET = range(1, 14)
REPLY, TYPE, NO_REPLY, ERROR = 1, 0xf, 0x10, 0x20
EINVAL = 22

HEADER = struct.Struct('<HHIII')    # id, command, size, flags, errno
ACCESS = struct.Struct('<QII')      # offset, region, count
DMA = struct.Struct('<QQ')          # address, count
MESSAGE = struct.Struct('<HHIIIQQI')
MAP, UNMAP = struct.Struct('<IIQQQ'), struct.Struct('<IIQQ')

CONFIG_REGION, NR_REGIONS, NR_IRQS = 7, 9, 5
CONFIG_SIZE = 256
FLAG_RESET, FLAG_PCI = 1, 2
BUS_MASTER = 4                      # in the command register
MAP_WRITE = 2
REGION_READ, REGION_WRITE = 1, 2


class Timers:
    """What is to be done later"""

    def __init__(self):
        self.heap = []
        self.order = itertools.count()

    def after(self, seconds, function):
        heapq.heappush(self.heap, (time.monotonic() + seconds,
                                   next(self.order), function))

    def milliseconds_left(self):
        if not self.heap:
            return None
        return max(0, (self.heap[0][0] - time.monotonic()) * 1000)

    def run(self):
        while self.heap and self.heap[0][0] <= time.monotonic():
            heapq.heappop(self.heap)[2]()


def config_space(vendor, device, sizes):
    """A type 0 header: an "other system peripheral", memory BARs, no pin"""
    config = bytearray(CONFIG_SIZE)
    struct.pack_into('<HHHHBBBBBBBB', config, 0, vendor, device, 0, 0,
                     1, 0, 0x80, 0x08, 0, 0, 0, 0)
    struct.pack_into('<HH', config, 0x2c, vendor, device)
    assert all(size & (size - 1) == 0 for size in sizes.values())
    return config


class Server:
    """
    device has: vendor, device, bars {number: size}, read(bar, offset, count),
    write(bar, offset, data), and reset().
    """

    def __init__(self, device):
        self.device = device
        self.config = config_space(device.vendor, device.device, device.bars)
        self.timers = Timers()
        self.out = bytearray()
        self.ids = itertools.count()
        self.memory = Memory()
        self.fds = []
        self.sent = self.arrived = 0        # messages
        self.waiting = collections.deque()  # (messages that must arrive, function)
        self.handlers = {
            VERSION: self.version,
            DMA_MAP: self.dma_map,
            DMA_UNMAP: self.dma_unmap,
            GET_INFO: self.info,
            REGION_INFO: self.region_info,
            IRQ_INFO: self.irq_info,
            READ: self.read,
            WRITE: self.write,
            RESET: self.reset,
        }

    # What the device does to the machine

    def bus_master(self):
        return self.config[4] & BUS_MASTER

    def dma_write(self, address, word):
        """A write of 4 bytes: a message, if the address is the APICs'"""
        if not self.bus_master() or self.memory.write(address, word):
            return
        assert address >> 20 == 0xfee, f'{address:#x}: no memory, nor the APICs'
        self.sent += 1
        self.out += MESSAGE.pack(next(self.ids) & 0xffff, DMA_WRITE,
                                 MESSAGE.size, 0, 0, address, 4, word)

    def dma_read(self, address, count):
        """Bytes, or None if that failed"""
        return self.memory.read(address, count) if self.bus_master() else None

    def under_way(self):
        return self.sent - self.arrived

    def after_messages(self, function):
        """function(), once the messages that were sent so far have arrived"""
        self.waiting.append((self.sent, function))
        self.call_waiting()

    def call_waiting(self):
        while self.waiting and self.waiting[0][0] <= self.arrived:
            self.waiting.popleft()[1]()

    def message_arrived(self):
        self.arrived += 1
        self.call_waiting()

    # What the client asks; each returns the payload of the reply

    def version(self, payload):
        capabilities = {'max_msg_fds': 1, 'max_data_xfer_size': 1 << 20}
        return struct.pack('<HH', 0, 0) + json.dumps(
            {'capabilities': capabilities}).encode() + b'\0'

    def dma_map(self, payload):
        _, flags, offset, start, size = MAP.unpack_from(payload)
        if self.fds:
            self.memory.map(start, size, self.fds[0], offset,
                            flags & MAP_WRITE)
        return b''

    def dma_unmap(self, payload):
        _, _, start, size = UNMAP.unpack_from(payload)
        self.memory.unmap(start, size)
        return payload

    def info(self, payload):
        return struct.pack('<IIII', 16, FLAG_RESET | FLAG_PCI, NR_REGIONS,
                           NR_IRQS)

    def region_info(self, payload):
        index = struct.unpack_from('<I', payload, 8)[0]
        size = self.device.bars.get(index, 0)
        if index == CONFIG_REGION:
            size = CONFIG_SIZE
        return struct.pack('<IIIIQQ', 32, size and REGION_READ | REGION_WRITE,
                           index, 0, size, 0)

    def irq_info(self, payload):
        index = struct.unpack_from('<I', payload, 8)[0]
        return struct.pack('<IIII', 16, 0, index, 0)

    def read(self, payload):
        offset, region, count = ACCESS.unpack_from(payload)
        if region == CONFIG_REGION:
            data = self.config[offset:offset + count]
        else:
            data = self.device.read(region, offset, count)
        return ACCESS.pack(offset, region, count) + data

    def write(self, payload):
        offset, region, count = ACCESS.unpack_from(payload)
        data = payload[ACCESS.size:]
        if region != CONFIG_REGION:
            self.device.write(region, offset, data)
        elif offset == 4 and count >= 2:
            self.config[4:6] = data[:2]     # command; nothing else changes
        return ACCESS.pack(offset, region, count)

    def reset(self, payload):
        self.config[4:6] = b'\0\0'
        self.device.reset()
        return b''

    # The connection

    def message(self, number, command, flags, payload):
        if flags & TYPE == REPLY:   # only messages ask for one
            self.message_arrived()
            return
        handler = self.handlers.get(command, lambda payload: b'')
        try:
            reply = handler(payload)
            error, errno = 0, 0
        except (IndexError, struct.error):
            reply, error, errno = b'', ERROR, EINVAL
        if not flags & NO_REPLY:
            self.out += HEADER.pack(number, command, HEADER.size + len(reply),
                                    REPLY | error, errno) + reply

    def messages(self, data, fds):
        """
        Treat every whole message in data; return what is left over. File
        descriptors are of the last message: a receive ends after it.
        """
        at = 0
        while len(data) - at >= HEADER.size:
            number, command, size, flags, _ = HEADER.unpack_from(data, at)
            if len(data) - at < size:
                break
            self.fds = fds if at + size == len(data) else []
            self.message(number, command, flags,
                         bytes(data[at + HEADER.size:at + size]))
            at += size
        assert not (fds and data[at:]), 'half a message with descriptors'
        return data[at:]

    @staticmethod
    def accept(path, patience):
        """The one client, which has so many seconds to come; None: for ever"""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(path)
            try:
                listener.listen(1)
                listener.settimeout(patience)
                client, _ = listener.accept()
            finally:
                os.unlink(path)
        client.setblocking(False)
        return client

    def serve(self, path, patience):
        """Until the client goes"""
        client = self.accept(path, patience)
        poll = select.poll()
        left = bytearray()
        while True:
            poll.register(client, select.POLLIN |
                          (select.POLLOUT if self.out else 0))
            poll.poll(self.timers.milliseconds_left())
            self.timers.run()
            try:
                data, fds, _, _ = socket.recv_fds(client, 1 << 20, 8)
                if not data:
                    return
                left = self.messages(left + data, fds)
                for fd in fds:
                    os.close(fd)
            except BlockingIOError:
                pass
            except ConnectionResetError:
                return
            if self.out:
                try:
                    del self.out[:client.send(self.out)]
                except BlockingIOError:
                    pass
                except BrokenPipeError:
                    return
