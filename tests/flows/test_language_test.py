"""The two placement tests: the level, the progress, and who is spared the second."""

from __future__ import annotations

from typing import Any

import pytest

from bot import flows
from bot.domain.programme import Proof
from bot.engine.effect import SetItem
from bot.engine.flow import Flow
from tests.flows.talk import GONE, PROGRAMME, UNCLEAR, Said, talk


def flow(name: str) -> Flow:
    built = flows.build("language_test", PROGRAMME.outgoing, "outgoing", name)
    assert built is not None
    return built


def done(item: str, level: str, *more: SetItem) -> tuple[SetItem, ...]:
    return (SetItem(item, "done", level), *more)


AGAIN, SPARED = SetItem("ols2", "todo"), SetItem("ols2", "waived")


@pytest.mark.parametrize(
    ("item", "first", "events", "said"),
    [
        ("ols1", None, "", (("level",), ())),
        ("ols1", None, "level:b1", (("noted",), done("ols1", "B1", AGAIN))),
        ("ols1", None, "B1", (("noted",), done("ols1", "B1", AGAIN))),
        ("ols1", None, "c2", (("noted",), done("ols1", "C2", SPARED))),
        ("ols1", None, "6", (("noted",), done("ols1", "C2", SPARED))),
        ("ols1", None, "level:c2 | level:b2", (("noted",), done("ols1", "B2", AGAIN))),
        ("ols1", None, "level:c2 | level:c2", ((), ())),
        ("ols1", None, "level:later", (("later",), (SetItem("ols1", "doing"),))),
        ("ols1", None, "level:how", (("how",), (SetItem("ols1", "doing"),))),
        ("ols1", None, "level:how | level:b1", (("noted",), done("ols1", "B1", AGAIN))),
        ("ols1", None, "...", ((), ())),
        ("ols1", None, "... | level:a1", (("noted",), done("ols1", "A1", AGAIN))),
        ("ols1", None, "D7", UNCLEAR),
        ("ols1", None, "level:d7", GONE),
        ("ols2", "A2", "level:b1", (("up",), done("ols2", "B1"))),
        ("ols2", "B1", "level:b1", (("noted",), done("ols2", "B1"))),
        ("ols2", "B2", "level:b1", (("noted",), done("ols2", "B1"))),
        ("ols2", None, "level:b1", (("noted",), done("ols2", "B1"))),
    ],
)
def test_a_test_is_asked_about(item: str, first: str | None, events: str, said: Said) -> None:
    facts: dict[str, Any] = {"first_level": first}
    assert talk(flow(item), events, **facts) == said


def test_without_a_second_test_nobody_is_spared_anything() -> None:
    test = PROGRAMME.outgoing.first_test
    assert test is not None
    alone = PROGRAMME.outgoing.model_copy(update={"second_test": None})
    assert talk(flows.build_item(test, alone), "level:c2") == (("noted",), done("ols1", "C2"))


def test_a_test_that_an_adult_must_have_seen_is_declared_only() -> None:
    test = PROGRAMME.outgoing.second_test
    assert test is not None
    seen = test.model_copy(update={"proof": Proof.SYSTEM})
    expected = (("noted",), (SetItem("ols2", "declared", "B1"),))
    assert talk(flows.build_item(seen, PROGRAMME.outgoing), "level:b1") == expected
