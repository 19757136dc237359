"""A voice message made anew: the frames of its sound in a file of our own, and no word about who recorded it, where, with what.

The sound is not decoded: a decoder is much code that strangers' bytes would run through. What an Opus packet may carry
beside its frames (padding) and what an Ogg file may carry beside its packets (notes, further streams, whatever stands
before, between and after) is left out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.proof import MINUTES, Fault, FileRefused

HEAD, TAGS = b"OpusHead", b"OpusTags"
PAGE = struct.Struct("<4sBBqIIIB")
OURS = 1
"""The number of the one stream of a file of ours."""
SECOND = 48_000
"""What Opus counts time in, whatever was recorded."""
LONGEST_PACKET, LONGEST_FRAME = SECOND * 12 // 100, 1275
OF_A_FRAME = (480, 960, 1920, 2880) * 3 + (480, 960) * 2 + (120, 240, 480, 960) * 4
"""How long a frame of each configuration sounds (RFC 6716, table 2)."""
FULL = 48
"""Packets on one page: about a second."""


@dataclass(frozen=True)
class Sound:
    """What makes a recording sound as it does."""

    channels: int
    skipped: int
    """Samples at the beginning that are not played."""
    packets: tuple[bytes, ...]


def rebuild_ogg(content: bytes) -> bytes:
    """The same sound in a new file.

    Raises:
        FileRefused: it is no Opus, too long, or damaged.
    """
    packets = _packets(content)
    head = next(packets, b"")
    if not head.startswith(HEAD):
        raise FileRefused(Fault.KIND)
    next(packets, b"")  # notes
    return written(sound_of(head, packets))


def sound_of(head: bytes, packets: Iterator[bytes]) -> Sound:
    """What is kept of a stream, from its head and its packets."""
    if len(head) < 19 or head[18] or head[9] not in (1, 2):
        raise FileRefused(Fault.KIND)
    kept, length = [], 0
    for packet in packets:
        bare, samples = _bare(packet)
        length += samples
        if length > MINUTES * 60 * SECOND:
            raise FileRefused(Fault.LONG)
        kept.append(bare)
    if not kept:
        raise FileRefused(Fault.BROKEN)
    return Sound(head[9], int.from_bytes(head[10:12], "little"), tuple(kept))


def written(sound: Sound) -> bytes:
    """An Ogg file with that sound and nothing else."""
    head = HEAD + struct.pack("<BBHIhB", 1, sound.channels, sound.skipped, SECOND, 0, 0)
    tags = TAGS + struct.pack("<II", 0, 0)
    pages, played = [_page(0, 2, 0, (head,)), _page(1, 0, 0, (tags,))], 0
    for place in range(0, len(sound.packets), FULL):
        some = sound.packets[place : place + FULL]
        played += sum(_bare(packet)[1] for packet in some)
        for half in _that_fit(some):
            pages.append(_page(len(pages), 0, played, half))
    pages[-1] = _page(len(pages) - 1, 4, played, half)
    return b"".join(pages)


def _that_fit(packets: tuple[bytes, ...]) -> Iterator[tuple[bytes, ...]]:
    """A page has room for 255 pieces of 255 bytes."""
    if sum(len(packet) // 255 + 1 for packet in packets) <= 255:
        yield packets
    else:
        middle = len(packets) // 2
        yield from _that_fit(packets[:middle])
        yield from _that_fit(packets[middle:])


def _packets(content: bytes) -> Iterator[bytes]:
    """The packets of the first stream, put together again from its pages."""
    place, stream, begun = 0, None, b""
    while content[place : place + 4] == b"OggS" and place + PAGE.size <= len(content):
        *_head, serial, _number, _sum, count = PAGE.unpack_from(content, place)
        table = content[place + PAGE.size : place + PAGE.size + count]
        place += PAGE.size + count
        stream = serial if stream is None else stream
        if place + sum(table) > len(content):
            return
        for size in table:
            if serial == stream:
                begun += content[place : place + size]
                if size < 255:
                    yield begun
                    begun = b""
                elif len(begun) > 48 * LONGEST_FRAME + 255:
                    raise FileRefused(Fault.BROKEN)
            place += size


def _page(number: int, mark: int, played: int, packets: tuple[bytes, ...]) -> bytes:
    table = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    body = table + b"".join(packets)
    head = [b"OggS", 0, mark, played, OURS, number, 0, len(table)]
    head[6] = _checksum(PAGE.pack(*head) + body)
    return PAGE.pack(*head) + body


def _table() -> tuple[int, ...]:
    found = []
    for each in range(256):
        rest = each << 24
        for _bit in range(8):
            rest = (rest << 1 ^ (0x04C11DB7 if rest & 0x80000000 else 0)) & 0xFFFFFFFF
        found.append(rest)
    return tuple(found)


_TABLE = _table()


def _checksum(page: bytes) -> int:
    rest = 0
    for each in page:
        rest = (rest << 8 & 0xFFFFFFFF) ^ _TABLE[rest >> 24 ^ each]
    return rest


def _bare(packet: bytes) -> tuple[bytes, int]:
    """A packet without its padding (RFC 6716, section 3.2), and how long it sounds."""
    if not packet:
        raise FileRefused(Fault.BROKEN)
    one, code = OF_A_FRAME[packet[0] >> 3], packet[0] & 3
    count, rest, head = (1, 2, 2, 0)[code], packet[1:], packet[:1]
    if code == 3:
        count, rest, head = _many(packet)
    sizes = len(rest) - (2 if code == 2 and rest[:1] >= b"\xfc" else code == 2)
    broken = count * one > LONGEST_PACKET or sizes > count * LONGEST_FRAME or (code == 1 and len(rest) % 2)
    if broken or sizes < 0:
        raise FileRefused(Fault.BROKEN)
    return head + rest, count * one


def _many(packet: bytes) -> tuple[int, bytes, bytes]:
    """Of a packet of any number of frames: how many, and what follows once its padding is gone."""
    if len(packet) < 2 or not packet[1] & 0x3F:
        raise FileRefused(Fault.BROKEN)
    place, padding = 2, 0
    if packet[1] & 0x40:
        more = 255
        while more == 255 and place < len(packet):
            more, place = packet[place], place + 1
            padding += 254 if more == 255 else more
    if padding > len(packet) - place:
        raise FileRefused(Fault.BROKEN)
    rest = packet[place : len(packet) - padding]
    return packet[1] & 0x3F, rest, packet[:1] + bytes([packet[1] & 0xBF])
