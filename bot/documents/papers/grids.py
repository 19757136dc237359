"""An evaluation grid on paper: in the school's language and the tutor's, with what the tutor has said on their page."""

from __future__ import annotations

from collections.abc import Mapping

from bot.documents.papers.learner import who_and_when
from bot.documents.papers.paper import Paper, Part, Pen, Said, plain
from bot.domain.programme.grid import Grid
from bot.domain.programme.load import shipped_words
from bot.domain.programme.part import Words
from bot.domain.stay import conditions
from bot.handlers.conversation.tasks import may_tick
from bot.handlers.family.host_tutor import graded
from bot.i18n import Text, _
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import StayRow

SIGNATURE = (_("Name and function of who signs"), _("Date"), _("Signature and stamp"))
POINTS: Text = _("{reached} of {points} points, from the answers; the examiners decide.")
OUT_OF: Text = _("Points out of {points}")


def grids(tx: Tx, adult: Person, row: StayRow, pen: Pen) -> list[Paper]:
    """Each grid of a stay. What the tutor has said stands only on the paper of whoever takes it in."""
    held = conditions(tx.programme, row.facts())
    return [_grid(tx, adult, row, pen, each) for each in tx.programme.tutor.grids if each.applies(held)]


def _grid(tx: Tx, adult: Person, row: StayRow, pen: Pen, grid: Grid) -> Paper:
    item = tx.programme.journey(row.kind).item(grid.item) if grid.item else None
    given = graded(tx, row, grid) if item and may_tick(adult, row, item) else {}
    result = pen.says(POINTS, reached=f"{grid.points_of(given):g}", points=grid.points) if given else ()
    known = who_and_when(pen, row).facts[:4]
    parts = {
        "statement": Part(text=(_said(pen, grid.about),) if grid.about else ()),
        "who": Part(facts=(*known, (pen.says(_("Tutor at the host")), plain(row.tutor_name)))),
        "criteria": Part(
            head=(pen.says(_("Question")), *(_said(pen, grade.label) for grade in grid.grades)),
            rows=tuple(_row(pen, grid, line.id, line.text, given) for line in grid.criteria),
        ),
        "result": Part(facts=((pen.says(OUT_OF, points=grid.points), result),)),
        "signed": Part(sign=pen.labels(SIGNATURE)),
    }
    return pen.paper("grid", row, _said(pen, grid.title), parts)


def _row(pen: Pen, grid: Grid, name: str, words: Words, given: Mapping[str, str]) -> tuple[Said, ...]:
    return (_said(pen, words), *(plain("☒" if given.get(name) == grade.id else "☐") for grade in grid.grades))


def _said(pen: Pen, words: Words) -> Said:
    """A text of the programme; where the school has not said it in a language, as Compagnon's own programme does."""
    if isinstance(words, str):
        return pen.says(words)
    shipped = {each: shipped_words(words.get("en", ""), each) for each in pen.languages}
    return pen.says({**{each: said for each, said in shipped.items() if said}, **words})
