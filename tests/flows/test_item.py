"""One item of the checklist, as the example programme asks it."""

from __future__ import annotations

import pytest

from bot import flows
from bot.domain.level import Level
from bot.domain.programme import Item
from bot.engine.effect import OpenCase, SetItem
from bot.engine.flow import Flow
from tests.flows.talk import PROGRAMME, SEALED, UNCLEAR, Said, talk


def flow(name: str) -> Flow:
    built = flows.build("item", PROGRAMME.outgoing, "outgoing", name)
    assert built is not None
    return built


NO_LODGING = (SetItem("housing", "doing", "stuck"), OpenCase(Level.FOLLOW_UP, "housing", "stuck"))
MISSING = (SetItem("grant_agreement", "handed", "missing"), OpenCase(Level.FOLLOW_UP, "grant_agreement", "missing"))


@pytest.mark.parametrize(
    ("item", "events", "said"),
    [
        ("ehic", "", (("state",), ())),
        ("ehic", "state:have", (("told_have",), (SetItem("ehic", "declared", "have"),))),
        ("ehic", "state:asked", (("told_asked",), (SetItem("ehic", "doing", "asked"),))),
        ("ehic", "state:how", (("told_how",), (SetItem("ehic", "doing", "how"),))),
        ("ehic", "je l'ai", (("told_have",), (SetItem("ehic", "declared", "have"),))),
        ("ehic", "I HAVE IT", (("told_have",), (SetItem("ehic", "declared", "have"),))),
        ("ehic", "la tengo", (("told_have",), (SetItem("ehic", "declared", "have"),))),
        ("ehic", "3", (("told_how",), (SetItem("ehic", "doing", "how"),))),
        ("ehic", "peut-être", UNCLEAR),
        ("ehic", "...", ((), ())),
        ("ehic", "... | state:have", (("told_have",), (SetItem("ehic", "declared", "have"),))),
        ("ehic", "... | demandée", (("told_asked",), (SetItem("ehic", "doing", "asked"),))),
        ("ehic", "state:asked | state:asked", ((), ())),
        ("ehic", "state:asked | state:have", (("told_have",), (SetItem("ehic", "declared", "have"),))),
        ("housing", "state:stuck", (("told_stuck",), NO_LODGING)),
        ("housing", "state:stuck | state:given", SEALED),
        ("health", "state:no", (("told_no",), (SetItem("health", "done", "no"),))),
        ("grant_agreement", "state:missing", (("told_missing",), MISSING)),
        ("grant_agreement", "no lo he recibido", (("told_missing",), MISSING)),
        ("tickets", "coach", (("told_bus",), (SetItem("tickets", "done", "bus"),))),
    ],
)
def test_an_answer_moves_the_item(item: str, events: str, said: Said) -> None:
    assert talk(flow(item), events) == said


def test_an_item_without_words_of_its_own_asks_its_title() -> None:
    plain = Item(id="card", title={"fr": "Carte", "en": "Card"}, due="J-3")
    built = flows.build_item(plain, PROGRAMME.outgoing)
    assert getattr(built.find("state"), "text", None) == {"fr": "Carte", "en": "Card"}
    assert built.steps[0].exits() == {"have": "told_have", "asked": "told_asked", "how": "told_how", "silence": ""}


def test_an_item_that_the_programme_no_longer_has_is_no_conversation() -> None:
    assert flows.build("item", PROGRAMME.outgoing, "outgoing", "gone") is None
