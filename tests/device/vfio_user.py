# SPDX-License-Identifier: GPL-2.0-only
"""
The server's half of the vfio-user protocol, for one PCI device and one client
(QEMU), and the event loop with its timers.

Nothing here ever waits for the client: while a CPU of the guest reads a register
QEMU does nothing else for us, so that waiting for an answer would be for ever.

On a bus the answer to a read does not overtake what the device wrote before. Here
QEMU may deliver it first: it does our writes in its main thread, once that has
woken up and the CPU is done with its read. A CPU that goes offline relies on the
order, so that an answer that tells of it comes SETTLE after the last message.
"""
import heapq
import itertools
import json
import os
import select
import socket
import struct
import time

VERSION, DMA_MAP, DMA_UNMAP, GET_INFO, REGION_INFO, _, IRQ_INFO, SET_IRQS, \
    READ, WRITE, DMA_READ, DMA_WRITE, RESET = range(1, 14)
REPLY, TYPE, NO_REPLY, ERROR = 1, 0xf, 0x10, 0x20
EINVAL = 22

HEADER = struct.Struct('<HHIII')    # id, command, size, flags, errno
ACCESS = struct.Struct('<QII')      # offset, region, count
DMA = struct.Struct('<QQ')          # address, count
MESSAGE = struct.Struct('<HHIIIQQI')

CONFIG_REGION, NR_REGIONS, NR_IRQS = 7, 9, 5
CONFIG_SIZE = 256
FLAG_RESET, FLAG_PCI = 1, 2
SETTLE = 0.002
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
    write(bar, offset, data), reset(), and flushes(bar, offset, data): does this
    read tell the driver that what was sent before has arrived?
    """

    def __init__(self, device):
        self.device = device
        self.config = config_space(device.vendor, device.device, device.bars)
        self.timers = Timers()
        self.out = bytearray()
        self.ids = itertools.count()
        self.reads = {}
        self.settled = 0
        self.handlers = {
            VERSION: self.version,
            GET_INFO: self.info,
            REGION_INFO: self.region_info,
            IRQ_INFO: self.irq_info,
            READ: self.read,
            WRITE: self.write,
            RESET: self.reset,
        }

    # What the device does to the machine

    def dma_write(self, address, word):
        """A write of 4 bytes: a message, if the address is the APICs'"""
        self.settled = time.monotonic() + SETTLE
        self.out += MESSAGE.pack(next(self.ids) & 0xffff, DMA_WRITE,
                                 MESSAGE.size, NO_REPLY, 0, address, 4, word)

    def dma_read(self, address, count, function):
        """function(data) later, with None for data if that failed"""
        number = next(self.ids) & 0xffff
        self.reads[number] = function
        self.out += HEADER.pack(number, DMA_READ, HEADER.size + DMA.size, 0,
                                0) + DMA.pack(address, count)

    # What the client asks; each returns the payload of the reply

    def version(self, payload):
        capabilities = {'max_msg_fds': 1, 'max_data_xfer_size': 1 << 20}
        return struct.pack('<HH', 0, 0) + json.dumps(
            {'capabilities': capabilities}).encode() + b'\0'

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
            self.hold = self.device.flushes(region, offset, data)
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
        if flags & TYPE == REPLY:
            function = self.reads.pop(number, None)
            if function:
                function(None if flags & ERROR else payload[DMA.size:])
            return
        handler = self.handlers.get(command, lambda payload: b'')
        self.hold = False
        try:
            reply = handler(payload)
            flags, errno = REPLY, 0
        except (IndexError, struct.error):
            reply, flags, errno = b'', REPLY | ERROR, EINVAL
        if self.no_reply:
            return
        reply = HEADER.pack(number, command, HEADER.size + len(reply), flags,
                            errno) + reply
        left = self.settled - time.monotonic()
        if self.hold and left > 0:
            self.timers.after(left, lambda: self.out.extend(reply))
        else:
            self.out += reply

    def messages(self, data):
        """Treat every whole message in data; return what is left over"""
        at = 0
        while len(data) - at >= HEADER.size:
            number, command, size, flags, _ = HEADER.unpack_from(data, at)
            if len(data) - at < size:
                break
            self.no_reply = flags & NO_REPLY
            self.message(number, command, flags,
                         bytes(data[at + HEADER.size:at + size]))
            at += size
        return data[at:]

    def serve(self, path):
        """Until the client goes"""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(path)
        listener.listen(1)
        listener.settimeout(60)     # QEMU comes at once or never
        client, _ = listener.accept()
        listener.close()
        client.setblocking(False)
        poll = select.poll()
        left = bytearray()
        while True:
            poll.register(client, select.POLLIN |
                          (select.POLLOUT if self.out else 0))
            poll.poll(self.timers.milliseconds_left())
            self.timers.run()
            try:
                data, fds, _, _ = socket.recv_fds(client, 1 << 20, 8)
                for fd in fds:      # guest memory; we go through the client
                    os.close(fd)
                if not data:
                    return
                left = self.messages(left + data)
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
