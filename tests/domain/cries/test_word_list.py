"""The lists: how a line is written, and that none of them is broken."""

from __future__ import annotations

from functools import cache

import pytest

from bot.domain.cries.deobfuscation import read
from bot.domain.cries.frames import AFTER, BEFORE, FIRST, LIGHT, MASK, ON, SUBJECT, frames
from bot.domain.cries.lexicon import Lexicon
from bot.domain.cries.matches import ASIDE, Found
from bot.domain.cries.packed import packed
from bot.domain.cries.word_list import SLOT, Table, patterns
from bot.domain.cries.word_list import tables as read_tables
from bot.domain.distress import ADULT_WANTED, LEVELS

tables = cache(read_tables)
"""The lists, read once for all tests here: nobody changes what was read."""


def lexicon(*lines: str, kind: str = "k") -> Lexicon:
    made = [pattern for line in lines for pattern in patterns(line, kind, {"me": frozenset({"me", "us"})})]
    idioms = list(patterns("only joking", "idioms", {}))
    return Lexicon(packed([Table("x", (*made, *idioms), {"hitme": ("hit", "me")}, frozenset({"please"}))]))


@pytest.mark.parametrize(
    ("line", "text", "found"),
    [
        ("hit @me", "he hit us", True),
        ("hit @me", "he hit a wall for us", False),
        ("hit .. @me", "he hit a wall for us", True),
        ("hit .. @me", "us he hit", False),
        ("hit ~ @me", "us he hit", True),
        ("hit ... wall", "hit it so very very hard that wall", True),
        ("hit .. wall", "hit it so very very hard that wall", False),
        ("hit/slap me", "slap me", True),
        ("threat* me", "threatening me", True),
        ("*ing me", "threatening me", True),
        ("*ing me", "ing me", False),
        ("hit me", "hitme", True),
        ("hit me", "only joking", False),
        ("joking", "only joking", False),
        ("回家", "我想回家了", True),
        ("回家/回国", "我想回国", True),
    ],
)
def test_a_line_finds_what_it_says(line: str, text: str, found: bool) -> None:
    assert Found(lexicon(line), read(text)).kinds() == (frozenset({"k"}) if found else frozenset())


@pytest.mark.parametrize(
    ("text", "found"), [("help", True), ("help please", True), ("help help", True), ("help him", False)]
)
def test_what_is_a_cry_alone_is_none_in_a_sentence(text: str, found: bool) -> None:
    assert Found(lexicon("help", kind="alone"), read(text)).kinds() == (frozenset({"alone"}) if found else frozenset())


def test_every_list_has_only_kinds_that_lead_somewhere() -> None:
    known = {*LEVELS, *ADULT_WANTED, *ASIDE, "sos", "alone", "idioms"}
    listed = {(table.language, each.kind) for table in tables() for each in table.patterns if each.kind[0] != SLOT}
    framed = {("frames", frame.kind) for frame in frames()}
    assert {found for found in listed | framed if found[1] not in known} == set()


def test_every_language_listens_for_every_kind() -> None:
    wanted = {*LEVELS, "sos", "alone", "idioms"} - {"doubt"}  # which is made of slots alone
    lacking = {
        table.language: wanted - {each.kind for each in table.patterns} for table in tables() if table.language != "any"
    }
    assert {language: kinds for language, kinds in lacking.items() if kinds} == {}


def test_every_language_has_words_for_every_slot_of_the_frames() -> None:
    wanted = {slot for frame in frames() for slot in (*frame.slots, *frame.absent)} | {
        BEFORE,
        AFTER,
        FIRST,
        MASK,
        SUBJECT,
        LIGHT,
        ON,
    }
    slots = {
        table.language: {each.kind[1:] for each in table.patterns if each.kind[0] == SLOT} | table.unsaid
        for table in tables()
        if table.language != "any"
    }
    assert {language: found ^ wanted for language, found in slots.items() if found ^ wanted} == {}
