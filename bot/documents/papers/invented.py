"""Invented people on each paper: to look at a template as it will be, and to try one before it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from bot.documents.papers.class_sheet import CARE, HEAD
from bot.documents.papers.grids import OUT_OF
from bot.documents.papers.kinds import KINDS
from bot.documents.papers.learner import ANNEXES, ATTENDED, LENGTH, OTHER_DAYS, SIGNATURE, STAFF, WHO
from bot.documents.papers.paper import Paper, Part, Pen, Said, plain
from bot.domain.programme.journey import Area
from bot.domain.skills import AREAS
from bot.domain.strengths import SCALE
from bot.i18n import Text, _, _n

INES, SCHOOL, HOST = "Inès Delmas", "Lycée des Lilas", "Holzbau Sander GmbH"
SIGNS = 'Zoë #Đorđević *Test* "A"'
"""A name with signs that mean something to typst: none of them may do so."""
ADULT, PHONE = "Claire Moreau", "+33 6 12 34 56 78"
FIRST, LAST, SEEN = date(2027, 3, 8), date(2027, 3, 26), date(2027, 1, 15)
ITEMS: tuple[Text, ...] = (_("Identity document"), _("Insurance certificate"), _("European Health Insurance Card"))
DONE: tuple[Text, ...] = (_("Understands instructions"), _("Works with care"), _("Keeps to the safety rules"))
DECIDED = _("Ask for the tickets a month earlier")
EMPTY: Said = ()


def invented(kind: str, language: str, second: str = "de", *, name: str = INES) -> Paper:
    """A paper of a kind with every part that it can have."""
    both = KINDS[kind].both and second != language
    pen = Pen((language, second) if both else (language,))
    signed = {} if kind in {"class", "review"} else {"signed": Part(sign=pen.labels(SIGNATURE))}
    return Paper(kind, 1, pen.languages, SCHOOL, None, pen.says(KINDS[kind].title), _MAKE[kind](pen, name) | signed)


def _who(pen: Pen, name: str) -> Part:
    known = plain(name), plain(SCHOOL), plain(HOST), pen.place("Leipzig", "DE"), pen.weekday(FIRST), pen.weekday(LAST)
    return Part(facts=tuple(zip(pen.labels(WHO), known, strict=True)))


def _text(pen: Pen, text: Text) -> Part:
    return Part(text=(pen.says(text),))


def _attestation(pen: Pen, name: str) -> dict[str, Part]:
    return {"statement": _text(pen, ATTENDED), "who": _who(pen, name), "other": _text(pen, OTHER_DAYS)}


def _staff(pen: Pen, name: str) -> dict[str, Part]:
    days = pen.says(_n("{count} day", "{count} days"), count=(LAST - FIRST).days + 1)
    return {"statement": _text(pen, STAFF), "who": Part(facts=(*_who(pen, name).facts, (pen.says(LENGTH), days)))}


def _agreement(pen: Pen, name: str) -> dict[str, Part]:
    rows = tuple((plain("☑"), item, pen.day(FIRST), pen.day(SEEN), EMPTY) for item in pen.labels(ITEMS))
    return {"who": _who(pen, name), "annexes": Part(head=(plain("☑"), *pen.labels(ANNEXES)), rows=rows)}


def _grid(pen: Pen, name: str) -> dict[str, Part]:
    grades, done = pen.labels(SCALE), pen.labels(DONE)
    rows = tuple((each, *(plain("☒" if at == place else "☐") for at in range(4))) for place, each in enumerate(done, 1))
    criteria = Part(head=(pen.says(_("Question")), *grades), rows=rows)
    result = Part(facts=((pen.says(OUT_OF, points=8), EMPTY),))
    return {"who": _who(pen, name), "criteria": criteria, "result": result}


def _europass(pen: Pen, name: str) -> dict[str, Part]:
    areas = pen.says(AREAS[Area.WORK]), EMPTY, pen.says(AREAS[Area.OTHER])
    rows = tuple((area, done, plain("☑")) for area, done in zip(areas, pen.labels(DONE), strict=True))
    head = pen.labels(("", _("What was learned"), _("Seen by the host")))
    return {"who": _who(pen, name), "learned": Part(head=head, rows=rows)}


def _class(pen: Pen, name: str) -> dict[str, Part]:
    days = pen.says({"en": "{first} – {last}"}, first={"date": FIRST.isoformat()}, last={"date": LAST.isoformat()})
    known = plain(PHONE), plain(f"{HOST}, Leipzig"), plain("Anke Sander"), days
    rows = tuple((plain(each), *known) for each in (name, "Malo Vidal", "Jade Renaud"))
    call = pen.facts((_("On call"), plain(PHONE)), (_("Coordinator"), plain(ADULT)))
    return {"call": Part(facts=call), "learners": Part(head=pen.labels(HEAD), rows=rows), "care": _text(pen, CARE)}


def _review(pen: Pen, _name: str) -> dict[str, Part]:
    cases = pen.facts((_("Papers and organisation"), plain(12)), (_("An answer that needed an adult"), plain(7)))
    head = pen.labels((_("Decision"), _("Owner"), _("By")))
    decided = Part(
        title=pen.says(_("What we decided")), head=head, rows=((pen.says(DECIDED), plain(ADULT), pen.day(LAST)),)
    )
    return {"cases": Part(title=pen.says(_("Cases by kind")), facts=cases), "decided": decided}


_MAKE: Mapping[str, Callable[[Pen, str], dict[str, Part]]] = {
    "attestation": _attestation, "staff": _staff, "agreement": _agreement, "grid": _grid, "europass": _europass,
    "class": _class, "review": _review,
}  # fmt: skip
