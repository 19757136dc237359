"""The phone beside the form: the conversation that a draft becomes, played with the real engine, nobody at the other end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from bot import flows
from bot.domain.programme import Programme
from bot.domain.programme.outline import PartOf, flow_of
from bot.engine.diagram import graph
from bot.flows.trial import FILED, SAID, SILENT, Known, try_out
from bot.i18n import Text, _, render
from bot.web.desk.flow_drawing import Chart, chart
from bot.web.desk.visitor import Visitor

LONGEST = 30
"""Answers that are taken from an address."""


@dataclass(frozen=True)
class Line:
    """One bubble: who says it, the words, and the level of the alert that it raised."""

    mine: bool
    words: str
    told: str


@dataclass(frozen=True)
class Phone:
    """What stands on the phone now. Each answer is a link to the phone after it."""

    lines: tuple[Line, ...]
    answers: tuple[tuple[str, str], ...]
    """Words, and the query that gives this answer."""
    writes: bool
    given: tuple[str, ...]
    language: str
    languages: tuple[str, ...]
    chart: Chart


def phone(programme: Programme, who: Visitor, part: PartOf, given: Sequence[str], language: str) -> Phone | None:
    """The phone of a part; None where it is no conversation."""
    flow, name = flow_of(part)
    built = flows.build(flow, programme.journey(part.kind), part.kind, name) if flow in flows.NAMES else None
    if built is None:
        return None
    told = tuple(given[:LONGEST])
    trial = try_out(built, Known(expected=5, minor=True), told)
    speaks = language if language in programme.programme.languages else programme.programme.language
    values = _values(who)

    def says(text: Text) -> str:
        return render(text, speaks, values) if text else ""

    here = {"at": part.at, "lang": speaks}

    def after(answer: str) -> str:
        return urlencode([*here.items(), *(("given", each) for each in (*told, answer))])

    offered = [(says(each.label), after(each.id)) for each in trial.choices]
    offered += [("📎 " + who.says(_("a photo or a document")), after(FILED))] if trial.file else []
    offered += [("… " + who.says(_("no answer")), after(SILENT))] if trial.silence else []
    lines = tuple(Line(each.mine, says(each.text), each.told.value if each.told else "") for each in trial.bubbles)
    return Phone(
        lines,
        tuple(offered),
        trial.words,
        told,
        speaks,
        programme.programme.languages,
        chart(graph(built, who.language), who.language),
    )


def typed(given: Sequence[str], words: str) -> tuple[str, ...]:
    """The answers with words of one's own as the last."""
    return (*given, SAID + words[:300]) if words.strip() else tuple(given)


def _values(who: Visitor) -> dict[str, Any]:
    """Somebody invented, on their way in a month."""
    day = who.clock.today
    return {
        "name": "Lina",
        "city": "Leipzig",
        "country": {"country": "DE"},
        "host": "Café Grünlich",
        "school": who.school or "Compagnon",
        "coordinator": who.name,
        "emergency": "112",
        "emergency_now": "112",
        "numbers": "112",
        "page": "https://…",
        "days": 30,
        "due": {"date": (day + timedelta(days=14)).isoformat()},
        "departure": {"day": (day + timedelta(days=30)).isoformat()},
        "start": {"day": (day + timedelta(days=31)).isoformat()},
        "end": {"day": (day + timedelta(days=50)).isoformat()},
        "back": {"day": (day + timedelta(days=51)).isoformat()},
        "item": "",
        "on_call": None,
    }
