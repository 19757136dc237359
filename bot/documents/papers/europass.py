"""The host's part of a Europass Mobility: who, where, when, and what was learned, for the tutor to complete and to sign."""

from __future__ import annotations

from bot.documents.papers.learner import SIGNATURE, who_and_when
from bot.documents.papers.paper import Paper, Part, Pen, plain
from bot.documents.skills_sheet import learned_and_seen
from bot.domain.skills import AREAS, Learned, by_area
from bot.handlers.desk.conversation import keeps_words
from bot.i18n import _
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.records import audit
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow

LINES = 3
"""Empty ones for what the host wants to add."""


def europass(tx: Tx, adult: Person, row: StayRow, pen: Pen) -> Paper:
    """Ticked is what the tutor has said they saw; the rest is the learner's word. Whoever looks at it reads their words."""
    audit(tx, f"person {adult.id}", "read words", f"stay {row.id}", why="report")
    seen, named = learned_and_seen(tx, row, lambda each: may_read(tx, adult, each))
    known = who_and_when(pen, row)
    lines = [
        (pen.says(AREAS[area]) if first else (), _words(pen, each), plain("☑" if _is_seen(each, seen) else "☐"))
        for area, below in by_area(named)
        for first, each in zip((True, *(False,) * len(below)), below, strict=False)
    ]
    lines += [((), (), plain("☐"))] * LINES
    parts = {
        "who": Part(facts=(*known.facts, (pen.says(_("Tutor")), plain(row.tutor_name)))),
        "learned": Part(
            head=pen.labels(("", _("What was learned"), _("Seen by the host"))),
            rows=tuple(lines),
        ),
        "signed": Part(sign=pen.labels(SIGNATURE)),
    }
    return pen.paper("europass", row, pen.says(_("Europass Mobility: the host's part")), parts)


def may_read(tx: Tx, adult: Person, each: Learned) -> bool:
    """Whether an adult may read it: own words that belong to a case of which they may know nothing stay out."""
    if each.skill is not None:
        return True
    return not keeps_words(tx, adult, tx.rows.get_one(SessionRow, each.session), each.step)


def _words(pen: Pen, each: Learned) -> tuple[tuple[str, str], ...]:
    return pen.says(each.skill.label) if each.skill else plain(each.words)


def _is_seen(each: Learned, seen: frozenset[str]) -> bool:
    return each.skill is not None and each.skill.id in seen
