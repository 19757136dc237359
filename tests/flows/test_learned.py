"""What did you learn this week? Asked after a good week only, once, and silence is fine."""

from __future__ import annotations

import pytest

from bot.flows import build
from bot.flows.learned import build as build_learned
from tests.flows.talk import PROGRAMME, Said, asked, talk

FLOW = build("check_in", PROGRAMME.outgoing, "outgoing")
OFFER = ["understand", "technique"]
QUIET: Said = ((), ())


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("pulse:fine", (("learned",), ())),
        ("pulse:fine | learned:technique", (("kept_alone",), ())),
        ("pulse:fine | 2", (("kept_alone",), ())),
        ("pulse:fine | Dire non sans blesser", (("kept_alone",), ())),
        ("pulse:fine | learned:nothing", (("well",), ())),
        ("pulse:fine | rien", (("well",), ())),
        ("pulse:fine | ...", QUIET),
        ("... | nudge_1:fine", (("learned",), ())),
        ("pulse:absent", (("days",), ())),
        ("pulse:so_so", (("listening", "mood"), ())),
        ("pulse:fine | learned:technique | pulse:so_so", (("listening", "mood"), ())),
    ],
)
def test_a_good_week_asks_what_was_learned(events: str, said: Said) -> None:
    assert FLOW is not None
    assert talk(FLOW, events, skills=OFFER) == said


def test_a_question_for_the_diary_comes_with_the_receipt_and_asks_for_no_answer() -> None:
    assert FLOW is not None
    events = "pulse:fine | learned:technique"
    assert talk(FLOW, events, skills=OFFER, diary_question="What surprised you?") == (("kept_diary",), ())
    assert asked(FLOW, events, skills=OFFER, diary_question="What surprised you?") is None


def test_without_an_offer_a_good_week_ends_as_it_did() -> None:
    assert FLOW is not None
    assert (talk(FLOW, "pulse:fine"), asked(FLOW, "pulse:fine")) == ((("well",), ()), None)


def test_asked_for_it_is_the_same_question() -> None:
    flow = build_learned(PROGRAMME.outgoing)
    assert [talk(flow, events, skills=OFFER)[0] for events in ("", "1", "...")] == [("learned",), ("kept",), ()]
