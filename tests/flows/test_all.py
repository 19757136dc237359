"""Every flow of the example programme: it can be built, drawn, and said in every language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot import flows
from bot.domain.programme.model import KINDS
from bot.engine.diagram import mermaid
from bot.engine.flow import Flow
from bot.engine.step import END, Branch
from bot.i18n import LANGUAGES, Plural, Text, placeholders, render
from tests.flows.talk import PROGRAMME

DAY = {"day": "2026-03-15"}
STAY: dict[str, Any] = {
    "name": "Lina", "city": "Bergen", "country": {"country": "NO"}, "host": "Fjord AS", "school": "Lycée Curie",
    "coordinator": "Anne Martin", "days": 12, "departure": DAY, "start": DAY, "end": DAY, "back": DAY,
    "emergency": "112", "emergency_now": "112", "numbers": {"list_lines": ["112"]}, "on_call": None, "page": "https://compagnon.example/w/1",
}  # fmt: skip
"""The facts of `handlers/facts.py:stay_facts`, then those that it adds for each flow."""
ITEM = {"due": {"date": "2026-02-22"}, "place": 1, "places": 20, "first_level": "A2"}
INSTANTS = {name: datetime(2026, 3, 16, 8, 30, tzinfo=UTC).isoformat() for name in ("again_1", "missing")}
AWAY = {"moment": datetime(2026, 3, 15, 8, 30, tzinfo=UTC).isoformat(), "zone": "Europe/Berlin"}
MORE: dict[str, dict[str, Any]] = {
    "item": ITEM,
    "report": ITEM,
    "language_test": ITEM | {"new_level": "B1"},
    "arrival": INSTANTS,
    "safe_return": INSTANTS,
    "check_in": {"missed_before": False, "trend": None, "diary_question": "A word?"},
    "attendance": {"expected": 5},
    "away": {"since": AWAY},
    "catch_up": {
        "count": 4,
        "titles": {"list": [{"text": {"fr": "Carte", "en": "Card", "es": "Tarjeta"}}]},
        "papers": {"list": [{"text": {"fr": "Carte", "en": "Card", "es": "Tarjeta"}}]},
    },
}


def names(flow: str, kind: str) -> list[str]:
    journey = PROGRAMME.journey(kind)
    if flow == "message":
        return [told.id for told in journey.messages]
    if flow in {"item", "report", "language_test"}:
        return [item.id for item in journey.items if item.flow == flow and item.asks_learner]
    return [""]


def built() -> list[tuple[str, Flow]]:
    found = []
    for kind in KINDS:
        for flow in flows.NAMES:
            for name in names(flow, kind):
                table = flows.build(flow, PROGRAMME.journey(kind), kind, name)
                found += [(f"{kind}.{flow}.{name}".rstrip("."), table)] if table else []
    return found


ALL = dict(built())
every_flow = pytest.mark.parametrize("place", ALL)


def texts(flow: Flow) -> list[Text]:
    said = [step.text for step in flow.steps if not isinstance(step, Branch) and step.text is not None]
    questions = [found for step in flow.steps if (found := flow.question(step.id))]
    return said + [choice.label for question in questions for choice in question.choices]


def test_each_kind_of_stay_has_its_conversations() -> None:
    once = {place for place, flow in ALL.items() if flow.id not in {"item", "message", "language_test"}}
    assert once == {
        "outgoing.enrolment", "outgoing.arrival", "outgoing.check_in", "outgoing.attendance", "outgoing.safe_return",
        "outgoing.report.report", "outgoing.catch_up", "outgoing.away", "outgoing.skills",
        "incoming.enrolment", "incoming.arrival", "incoming.check_in", "incoming.catch_up", "incoming.away",
        "staff.enrolment", "staff.arrival", "staff.report.report", "staff.catch_up", "staff.away",
        "virtual.enrolment", "virtual.catch_up", "virtual.away", "virtual.skills",
    }  # fmt: skip
    assert {flow.id for flow in ALL.values()} == set(flows.NAMES)


def test_every_item_and_message_of_the_programme_is_a_conversation() -> None:
    for kind in KINDS:
        journey = PROGRAMME.journey(kind)
        wanted = [f"{kind}.{item.flow}.{item.id}" for item in journey.items if item.asks_learner]
        wanted += [f"{kind}.message.{told.id}" for told in journey.messages]
        assert [place for place in wanted if place not in ALL] == []


@every_flow
def test_the_diagram_shows_every_step_and_every_exit(place: str) -> None:
    flow = ALL[place]
    lines = [line.strip() for line in mermaid(flow).splitlines()]
    for step in flow.steps:
        assert any(line.startswith(step.id) and line[len(step.id)] in "([{" for line in lines)
        for name, target in step.exits().items():
            label = f"|{name}|" if name else ""
            assert f"{step.id} -->{label} {target if target != END else 'finish((end))'}" in lines
    drawn = sum(" -->" in line for line in lines)
    assert drawn == sum(len(step.exits()) for step in flow.steps)


@every_flow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_said_with_nothing_left_open(place: str, language: str) -> None:
    flow = ALL[place]
    facts = STAY | MORE.get(flow.id, {})
    for text in texts(flow):
        forms = (
            [text.one, text.many] if isinstance(text, Plural) else [text] if isinstance(text, str) else text.values()
        )
        assert {name for form in forms for name in placeholders(form)} <= facts.keys()
        words = render(text, language, facts)
        assert words.strip()
        assert "{" not in words
        assert "}" not in words


@every_flow
def test_every_fact_that_a_wait_names_is_given(place: str) -> None:
    flow = ALL[place]
    waits = {found.wait for step in flow.steps if (found := flow.question(step.id))}
    assert {wait for wait in waits if isinstance(wait, str)} <= MORE.get(flow.id, {}).keys()
