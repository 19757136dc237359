"""Meanings put together: who, what is done, to whom, where. A frame is a line of slots; the words of a slot stand in each
language's list, the frames are the same for all, so that what is added to a slot is heard in every cry it belongs to.

The first slot of a line carries the meaning: where it is denied, the line says nothing. `!slot` must be nowhere in the text.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from sys import intern

Span = tuple[int, int]
Slots = Mapping[str, Sequence[Span]]
NEAR = 6
"""Words between one slot of a frame and the next; a language written without spaces has its own `near`."""
IDIOMS = "idioms"
"""What only sounds like a cry, be it denied or not."""
FIRST = "first"
"""Words and endings of a verb that say `I`: no slot of a cry, but a sign that it is one's own."""
ENDED = ("found", "solved", "fine")
"""Slots that say that it is over, or all right, unless they are denied."""
WITHIN = ("me", "he", "not", "if")
"""Slots that may be filled by a word that fills another too: its ending says so. Any other word of a cry says one thing."""
MOST = 8
"""Spans of one slot that are looked at: who writes more of them has said it."""
FARTHEST = 4
"""Words from a denial to what it denies."""
BEFORE, AFTER, MASK, SUBJECT, LIGHT, ON = "not", "not_after", "unsure", "he", "light", "goes_on"
"""The slots of a denial: before what is denied, after it, what looks like one and is none, who stands between, and the
little words that may; last what does not stop, which denies nothing."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A line of slots, in any order, near one another."""

    kind: str
    slots: tuple[str, ...]
    absent: tuple[str, ...]

    def spans(self, found: Slots, near: int = NEAR) -> Iterator[tuple[Span, ...]]:
        """Where a text says it: the words of each slot, the first slot's first."""
        if not all(found.get(slot) for slot in self.slots) or any(said(slot, found) for slot in self.absent):
            return
        head, *others = self.slots
        for start in found[head][:MOST]:
            rest = _gathered(start, others, found, near, shared=self.kind == IDIOMS)
            if rest is not None and (self.kind == IDIOMS or BEFORE in self.slots or not denied(start, found)):
                yield (start, *rest)


def _gathered(start: Span, slots: Sequence[str], found: Slots, near: int, *, shared: bool) -> list[Span] | None:
    """The words of the other slots, each near those that were found before it."""
    (first, last), wanted, taken = start, list(slots), list[Span]()
    while wanted:
        close = [
            (slot, span)
            for slot in wanted
            for span in found[slot][:MOST]
            if span[0] - last - 1 <= near
            and first - span[1] - 1 <= near
            and (shared or slot in WITHIN or span not in (start, *taken))
        ]
        if not close:
            return None
        slot, span = min(close, key=lambda each: max(each[1][0] - last, first - each[1][1], 0))
        wanted.remove(slot)
        taken.append(span)
        first, last = min(first, span[0]), max(last, span[1])
    return taken


def said(slot: str, found: Slots) -> bool:
    """Whether a text says a slot anywhere, and does not deny it: "not fine" is not fine."""
    return any(not denied(span, found) for span in found.get(slot, ())[:MOST])


def denied(span: Span, found: Slots, *, inside: bool = False) -> bool:
    """Whether a negation belongs to these words rather than to what stands around them; `inside`: or stands among them."""
    if not found.get(BEFORE) and not found.get(AFTER):
        return False
    first, last = span
    unsure = {place for start, end in (*found.get(MASK, ()), *found.get(ON, ())) for place in range(start, end + 1)}
    subjects = {start for start, _ in found.get(SUBJECT, ())}
    light = {start for start, _ in found.get(LIGHT, ())}
    for start, end in found.get(BEFORE, ()):
        between = [place for place in range(end + 1, first) if place not in light]
        direct = end < first and end >= first - FARTHEST and len(between) <= 1 and subjects.isdisjoint(between)
        if start not in unsure and (direct or (inside and first < start <= end < last)):
            return True
    return any(start not in unsure and start == last + 1 for start, _ in found.get(AFTER, ()))


@cache
def frames(unsaid: frozenset[str] = frozenset()) -> tuple[Frame, ...]:
    """The frames of a language, without the slots that its grammar leaves unsaid."""
    return tuple(_frame([word for word in words if word not in unsaid], kind) for kind, words in _lines())


@cache
def _lines() -> tuple[tuple[str, list[str]], ...]:
    """Each line, with its kind. All languages have its words in common."""
    lists = tomllib.loads((Path(__file__).parent / "frames.toml").read_text("utf-8"))
    lines = ((kind, line.split()) for kind, lines in lists.items() for line in lines.strip().splitlines())
    return tuple((kind, [intern(word) for word in words]) for kind, words in lines)


@cache
def headed(unsaid: frozenset[str], *, idioms: bool) -> Mapping[str, Sequence[Frame]]:
    """The frames of idioms, or those of cries, by their first slot: few slots are found in a text, and there are many frames."""
    found: dict[str, list[Frame]] = defaultdict(list)
    for frame in frames(unsaid):
        if (frame.kind == IDIOMS) == idioms:
            found[frame.slots[0]].append(frame)
    return found


def fitting(heads: Mapping[str, Sequence[Frame]], found: Slots) -> list[Frame]:
    """Of frames by their first slot those of which a text has every slot."""
    filled = {slot for slot, spans in found.items() if spans}
    return [frame for slot in found for frame in heads.get(slot, ()) if filled.issuperset(frame.slots)]


def _frame(words: Sequence[str], kind: str) -> Frame:
    slots = tuple(word for word in words if word[0] != "!")
    return Frame(kind, slots, tuple(word[1:] for word in words if word[0] == "!"))
