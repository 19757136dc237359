"""The class sheet: who, where, and whom to call, on one paper for the bag of whoever is on call."""

from __future__ import annotations

from collections.abc import Sequence

from bot.documents.papers.paper import Paper, Part, Pen, Said, plain
from bot.domain.emergency import in_a_sentence
from bot.domain.roster.phones import shown_phone
from bot.handlers.say.facts import coordinator_of, on_call_of
from bot.i18n import _
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import StayRow

HEAD = (_("Name"), _("Phone"), _("Place"), _("Tutor at the host"), _("Days"))
CARE = _("This sheet has phone numbers of young people. Carry it on you, and shred it after the return.")


def class_sheet(tx: Tx, _adult: Person, rows: Sequence[StayRow], pen: Pen) -> Paper:
    """Of one class of one school."""
    first = rows[0]
    numbers = {
        row.country: pen.says({"en": "{numbers}"}, numbers=in_a_sentence(tx.programme, row.country)) for row in rows
    }
    on_call = on_call_of(tx, first.school)
    call = pen.facts((_("On call"), plain(on_call or "")), (_("Coordinator"), plain(coordinator_of(tx, first))))
    facts = (*call, *((pen.country(country), said) for country, said in sorted(numbers.items())))
    parts = {
        "call": Part(facts=facts),
        "learners": Part(head=pen.labels(HEAD), rows=tuple(_line(pen, row) for row in rows)),
        "care": Part(text=(pen.says(CARE),)),
    }
    group = {"en": "{title} · {group}"} if first.class_name else {"en": "{title}"}
    title = pen.says(group, title={"text": _("Class sheet")}, group=first.class_name)
    return pen.paper("class", first, title, parts)


def _line(pen: Pen, row: StayRow) -> tuple[Said, ...]:
    tutor = ", ".join(filter(None, (row.tutor_name, _number(row.tutor_phone))))
    going = ", ".join(filter(None, (row.teacher, _number(row.teacher_phone))))
    place = plain(", ".join(filter(None, (row.host, row.city))))
    days = pen.says(
        {"en": "{first} – {last}"}, first={"date": row.departure.isoformat()}, last={"date": row.back.isoformat()}
    )
    return (
        plain(row.person.full_name),
        plain(_number(row.person.phone) or "–"),
        place,
        plain(" · ".join(filter(None, (tutor, going))) or "–"),
        days,
    )


def _number(phone: str | None) -> str:
    return shown_phone(phone) if phone else ""
