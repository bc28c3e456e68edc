# SPDX-License-Identifier: GPL-2.0-only
"""
The guest's memory, as far as the client has told where it is. The device reads
and writes it here and now: what it has sent there before it answers has arrived,
as on a bus.
"""
import mmap


class Memory:
    def __init__(self):
        self.regions = {}   # first address: (end, words, writable)

    def map(self, start, size, fd, offset, writable):
        access = mmap.PROT_READ | (mmap.PROT_WRITE if writable else 0)
        area = mmap.mmap(fd, size, mmap.MAP_SHARED, access, offset=offset)
        words = memoryview(area).cast('I')
        self.regions[start] = start + size, words, writable

    def unmap(self, start, size):
        for first, (end, _, _) in list(self.regions.items()):
            if start <= first and end <= start + size:
                del self.regions[first]

    def find(self, address, count, write):
        """(words, index of the first), or None if that is no memory"""
        for first, (end, words, writable) in self.regions.items():
            if first <= address and address + count <= end:
                return (words, (address - first) // 4) \
                    if writable or not write else None
        return None

    def write(self, address, word):
        """One store, so that a CPU sees all of it or nothing. Was it memory?"""
        found = self.find(address, 4, True)
        if found:
            words, at = found
            words[at] = word
        return bool(found)

    def read(self, address, count):
        """count bytes, whole words; None if that is no memory"""
        found = self.find(address, count, False)
        if not found:
            return None
        words, at = found
        return words[at:at + count // 4].tobytes()
