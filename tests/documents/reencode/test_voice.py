"""Voices made anew: their frames are the same, and nothing else of what came is there any more."""

from __future__ import annotations

import struct

import pytest

from bot.documents.reencode import Clean, reencode
from bot.domain.proof import HEAVIEST_VOICE, MINUTES, Fault, FileRefused
from tests.documents.reencode.sounds import HEAD, TOC, frames, ogg, padded, page


def made(content: bytes) -> Clean:
    return reencode(content, voices=True)


def heard(content: bytes) -> list[bytes]:
    """The packets of a file of ours, its two first ones included; its checksums are what they should be."""
    found, place, begun = [], 0, b""
    while place < len(content):
        head, table = content[place : place + 27], content[place + 27 : place + 27 + content[place + 26]]
        length = 27 + len(table) + sum(table)
        whole, told = content[place : place + length], struct.unpack_from("<I", head, 22)[0]
        assert told == checksum(whole[:22] + bytes(4) + whole[26:])
        at = place + 27 + len(table)
        for size in table:
            begun, at = begun + content[at : at + size], at + size
            if size < 255:
                found.append(begun)
                begun = b""
        place += length
    return found


def checksum(data: bytes) -> int:
    """As the specification of Ogg says it, a bit at a time."""
    rest = 0
    for each in data:
        rest ^= each << 24
        for _bit in range(8):
            rest = (rest << 1) ^ (0x104C11DB7 if rest & 0x80000000 else 0)
    return rest & 0xFFFFFFFF


def refused(content: bytes, *, voices: bool = True) -> Fault:
    with pytest.raises(FileRefused) as caught:
        reencode(content, voices=voices)
    return caught.value.fault


def test_the_sound_is_the_same_and_no_note_about_it_is_left() -> None:
    clean = made(ogg(frames(120, 300)))
    head, tags, *sound = heard(clean.content)
    assert (clean.mime, sound) == ("audio/ogg", frames(120, 300))
    assert (head[:12], tags) == (HEAD[:12], b"OpusTags" + bytes(8))
    assert b"CANARY" not in clean.content
    assert made(clean.content) == clean


def test_what_a_packet_or_a_file_carries_beside_the_sound_is_gone() -> None:
    frame = frames(1)[0]
    content = ogg([padded(frame, b"CANARY"), frame]) + page([b"CANARY"], serial=78) + b"PK\x03\x04 CANARY <script>"
    clean = made(content).content
    assert heard(clean)[2:] == [bytes([frame[0] | 3, 1]) + frame[1:], frame]
    assert b"CANARY" not in clean


def test_how_long_it_sounds_is_told_at_its_end() -> None:
    last = made(ogg(frames(100))).content.rpartition(b"OggS")[2]
    assert struct.unpack_from("<BBq", last) == (0, 4, 100 * 960)


def test_what_is_no_voice_is_refused_and_so_is_a_voice_in_place_of_a_paper() -> None:
    assert refused(ogg(), voices=False) is Fault.KIND
    assert refused(ogg(head=b"\x01vorbis" + bytes(30))) is Fault.KIND
    assert refused(ogg(head=HEAD[:9] + b"\x08" + HEAD[10:])) is Fault.KIND
    assert refused(b"ID3\x04" + bytes(64)) is Fault.KIND
    assert refused(b"OggS" + bytes(HEAVIEST_VOICE)) is Fault.HEAVY


@pytest.mark.parametrize(
    "packet",
    [b"", bytes([TOC | 3]), bytes([TOC | 3, 0]), bytes([TOC | 3, 0x41, 200, 1]), bytes([TOC | 1, 1, 2, 3]),
     bytes([TOC | 3, 0x3F]) + bytes(9), bytes([TOC]) + bytes(1300), bytes([TOC]) + bytes(60_000)],
)  # fmt: skip
def test_a_packet_that_no_player_could_play_is_refused(packet: bytes) -> None:
    assert refused(ogg([*frames(1), packet])) is Fault.BROKEN


def test_a_file_without_sound_or_cut_off_is_refused_or_ends_there() -> None:
    whole = ogg(frames(4))
    assert refused(page([HEAD], 2)) is Fault.BROKEN
    assert refused(whole[:60]) is Fault.BROKEN
    assert heard(made(whole[:-90]).content)[2:] == frames(2)


def test_a_voice_has_an_end() -> None:
    long = bytes([(3 << 3) | 3, 2, 7, 7])  # twice 60 ms in four bytes
    packets = [long] * (MINUTES * 60 * 1000 // 120 + 1)
    assert refused(ogg(packets)) is Fault.LONG
