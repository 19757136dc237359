"""The sound that a browser recorded (Opus in WebM), taken out of its file: the packets, and nothing of what stands around them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.documents.reencode.voice import sound_of, written
from bot.domain.proof import Fault, FileRefused

HEADER, SEGMENT, TRACKS, TRACK, CLUSTER, GROUP = 0x1A45DFA3, 0x18538067, 0x1654AE6B, 0xAE, 0x1F43B675, 0xA0
NUMBER, CODEC, HEAD, SIMPLE, BLOCK = 0xD7, 0x86, 0x63A2, 0xA3, 0xA1
ENTERED = frozenset({SEGMENT, TRACKS, TRACK, CLUSTER, GROUP})
"""What holds other elements that matter; where it ends does not, and browsers do not say."""
LACED = 0x06


def rebuild_webm(content: bytes) -> bytes:
    """The same sound in an Ogg file of our own.

    Raises:
        FileRefused: there is more in it than one voice, it is too long, or damaged.
    """
    codec, head, blocks = b"", b"", []
    for kind, inside in _elements(content):
        if kind == CODEC and (codec or inside.rstrip(b"\0") != b"A_OPUS"):
            raise FileRefused(Fault.KIND)
        codec = inside if kind == CODEC else codec
        head = inside if kind == HEAD else head
        if kind in (SIMPLE, BLOCK):
            blocks.append(_packet(inside))
    return written(sound_of(head, iter(blocks)))


def _packet(block: bytes) -> bytes:
    """One packet: behind the number of its track, its time and its marks."""
    if len(block) < 5 or not block[0] & 0x80 or block[3] & LACED:
        raise FileRefused(Fault.BROKEN)
    return block[4:]


def _elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(content):
        kind, place = _number(content, place, keep=True)
        size, place = _number(content, place)
        if kind in ENTERED:
            continue
        if size > len(content) - place:
            return
        yield kind, content[place : place + size]
        place += size


def _number(content: bytes, place: int, *, keep: bool = False) -> tuple[int, int]:
    """A number of as many bytes as the zeros before its first bit say, and where it ends; an id keeps that bit."""
    first = content[place] if place < len(content) else 0
    length = 9 - first.bit_length()
    if length > (4 if keep else 8) or place + length > len(content):
        raise FileRefused(Fault.BROKEN)
    found = int.from_bytes(content[place : place + length], "big")
    return found if keep else found & ((1 << 7 * length) - 1), place + length
