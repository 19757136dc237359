"""The participant report: sent, to be sent, or never received, which is an adult's task."""

from __future__ import annotations

import pytest

from bot import flows
from bot.domain.level import Level
from bot.domain.programme import Report
from bot.engine.effect import OpenCase, SetItem
from bot.flows import report
from tests.flows.talk import PROGRAMME, SEALED, UNCLEAR, Said, talk

SENT = (("told_sent",), (SetItem("report", "done", "sent"),))
LOST = (("told_missing",), (SetItem("report", "handed", "missing"), OpenCase(Level.FOLLOW_UP, "report", "missing")))


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("", (("state",), ())),
        ("state:sent", SENT),
        ("envoyé", SENT),
        ("enviado", SENT),
        ("1", SENT),
        ("state:received", (("told_received",), (SetItem("report", "doing", "received"),))),
        ("state:missing", LOST),
        ("Not received", LOST),
        ("what report?", UNCLEAR),
        ("...", ((), ())),
        ("... | state:sent", SENT),
        ("... | pas reçu", LOST),
        ("state:received | state:sent", SENT),
        ("state:sent | state:sent", ((), ())),
        ("state:missing | state:sent", SEALED),
    ],
)
@pytest.mark.parametrize("kind", ["outgoing", "staff"])
def test_a_report_stands_here(kind: str, events: str, said: Said) -> None:
    flow = flows.build("report", PROGRAMME.journey(kind), kind, "report")
    assert flow is not None
    assert talk(flow, events) == said


def test_a_report_without_words_of_the_school_has_compagnons() -> None:
    bare = report.build(Report(title="Report", due="R+30"))
    assert getattr(bare.find("state"), "text", None) == report.QUESTION
    told = getattr(bare.find("told_missing"), "text", None)
    assert told == "Thank you. {coordinator} will find out why it did not come; there is nothing more for you to do."
