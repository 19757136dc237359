"""Voice messages as apps write them, byte by byte: what an Ogg file and an Opus packet may hold beside the sound."""

from __future__ import annotations

import struct

HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 16_000, 0, 0)
TOC = 31 << 3
"""A frame of 20 ms of one channel."""


def frames(count: int = 3, size: int = 40) -> list[bytes]:
    """Packets of one frame."""
    return [bytes([TOC, *(place % 251 for place in range(size))]) for _ in range(count)]


def padded(frame: bytes, padding: bytes) -> bytes:
    """The same sound in a packet that carries something beside it."""
    return bytes([frame[0] | 3, 0x41, len(padding)]) + frame[1:] + padding


def page(packets: list[bytes], mark: int = 0, serial: int = 77) -> bytes:
    table = b"".join(b"\xff" * (len(each) // 255) + bytes([len(each) % 255]) for each in packets)
    return b"OggS" + struct.pack("<BBqIIIB", 0, mark, 0, serial, 0, 0, len(table)) + table + b"".join(packets)


def ogg(packets: list[bytes] | None = None, note: str = "CANARY phone", head: bytes = HEAD) -> bytes:
    """A recording with a note about who made it."""
    comment = note.encode()
    tags = b"OpusTags" + struct.pack("<I", len(comment)) + comment + struct.pack("<I", 0)
    sound = [page([each]) for each in packets or frames()]
    return page([head], 2) + page([tags]) + b"".join(sound)
