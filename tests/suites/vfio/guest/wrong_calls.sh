# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034 # used by who includes it
#
# Calls of VFIO_DEVICE_SET_IRQS that are wrong, for user.c. Vectors 0 to 3 have eventfds.

# ERRNO|CALL. Of a raw call: size, flags, index, start, count. Data: none 1, bool 2, eventfd
# 4; action: mask 8, unmask 0x10, trigger 0x20. The index of MSI-X is 2; the header has 20
# bytes.
wrong_calls='
EINVAL|raw 0 0x21 2 0 1
EINVAL|raw 19 0x21 2 0 1
EINVAL|raw 20 0x24 2 0 1
EINVAL|raw 23 0x24 2 0 1
EINVAL|raw 27 0x24 2 0 2
EINVAL|raw 20 0x22 2 0 1
EINVAL|raw 21 0x22 2 0 2
EINVAL|raw 100 0 2 0 1
EINVAL|raw 100 0x20 2 0 1
EINVAL|raw 100 0x1 2 0 1
EINVAL|raw 100 0x4 2 0 1
EINVAL|raw 100 0x23 2 0 1
EINVAL|raw 100 0x25 2 0 1
EINVAL|raw 100 0x27 2 0 1
EINVAL|raw 100 0x31 2 0 1
EINVAL|raw 100 0x29 2 0 1
EINVAL|raw 100 0x19 2 0 1
EINVAL|raw 100 0x39 2 0 1
EINVAL|raw 100 0x61 2 0 1
EINVAL|raw 100 0x80000021 2 0 1
EINVAL|raw 100 0xffffffff 2 0 1
EINVAL|raw 100 0x24 2 0 0
EINVAL|raw 100 0x22 2 0 0
EINVAL|raw 100 0x9 2 0 0
EINVAL|raw 100 0x11 2 0 0
EINVAL|raw 100 0xc 2 0 0
EINVAL|raw 100 0x21 2 16 1
EINVAL|raw 100 0x21 2 15 2
EINVAL|raw 100 0x21 2 0 17
EINVAL|raw 100 0x21 2 16 0
EINVAL|raw 100 0x21 2 0xffffffff 1
EINVAL|raw 100 0x21 2 1 0xffffffff
EINVAL|raw 100 0x21 2 0xffffffff 0xffffffff
EINVAL|raw 100 0x24 2 0 0x40000000
EINVAL|raw 100 0x24 2 8 0x80000000
EINVAL|raw 100 0x21 0 0 1
EINVAL|raw 100 0x21 1 0 1
EINVAL|raw 100 0x21 3 0 1
EINVAL|raw 100 0x21 4 0 1
EINVAL|raw 100 0x21 5 0 1
EINVAL|raw 100 0x21 0xffffffff 0 1
ENOTTY|raw 100 0xc 2 0 1
ENOTTY|raw 100 0x14 2 0 1
EBADF|set eventfd trigger 8 1 closed
EINVAL|set eventfd trigger 8 1 file
EBADF|set eventfd trigger 0 5 0 1 2 3 closed
EBADF|set eventfd trigger 0 5 closed 1 2 3 4
EINVAL|set eventfd trigger 0 8 0 1 2 3 4 5 6 file
EINVAL|set eventfd trigger 0 6 -1 -1 -1 -1 4 file
EBADF|set eventfd trigger 0 16 20 21 22 23 4 5 6 7 8 9 10 11 12 13 14 closed
EINVAL|set eventfd trigger 0 4 0 1 2
EINVAL|set bool trigger 0 4 1 1 1
EINVAL|set eventfd trigger 13 4 0 1 2 3
'
