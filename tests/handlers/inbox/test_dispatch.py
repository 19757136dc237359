"""When the handler of a cry for help itself is broken, the adults hear of it all the same."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.handlers.inbox import words
from bot.store.cases import CaseRow
from tests.journeys.conftest import Begin


def broken(*_args: object) -> None:
    raise RuntimeError("a fault of ours")


async def test_a_cry_whose_handler_fails_reaches_every_adult_who_could_take_it(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = begin()
    await journey.enrol("lina")
    for ref in ("nadia", "luc", "cathy", "helene", "pascale", "yann"):
        journey.heard(ref)
    monkeypatch.setattr(words, "sos", broken)
    await journey.say("lina", "SOS")

    told = {ref: journey.heard(ref) for ref in ("nadia", "luc", "cathy", "helene", "pascale", "yann")}
    cry = ["SOS from Lina Haddouche (no phone number). Compagnon could not open a case: nobody else follows this. Please call now."]  # fmt: skip
    assert told == {"nadia": cry, "luc": cry, "cathy": cry, "helene": cry, "pascale": [], "yann": []}
    assert journey.inbox()[-1] == ("quarantined", "handler failed")
    assert journey.ask(select(CaseRow.id)) == []


async def test_anything_else_whose_handler_fails_is_only_set_aside(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = begin()
    await journey.enrol("lina")
    journey.heard("nadia")
    monkeypatch.setattr(words, "waiting_for_words", broken)
    await journey.say("lina", "hello")

    assert (journey.heard("nadia"), journey.inbox()[-1]) == ([], ("quarantined", "handler failed"))
