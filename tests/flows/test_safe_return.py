"""Back home? One question, asked again the next morning."""

from __future__ import annotations

import pytest

from bot import flows
from bot.domain.level import Level
from bot.engine.effect import OpenCase
from tests.flows.talk import PROGRAMME, SEALED, Said, talk

MISSED: Said = ((), (OpenCase(Level.TODAY, "missed"),))
TALK = (("follow_up",), (OpenCase(Level.FOLLOW_UP, "back", "talk"),))
TROUBLE = (("back_trouble", "today"), (OpenCase(Level.TODAY, "back", "trouble"),))


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("", (("back",), ())),
        ("back:yes", (("well",), ())),
        ("oui", (("well",), ())),
        ("Yes", (("well",), ())),
        ("sí", (("well",), ())),
        ("back:talk", TALK),
        ("yes and I'd like to talk", TALK),
        ("back:trouble", (TROUBLE[0][1:], TROUBLE[1])),
        ("...", (("nudge_1",), ())),
        ("... | nudge_1:yes", (("noted",), ())),
        ("... | nudge_1:problem", (("problem",), (OpenCase(Level.TODAY, "problem"),))),
        ("... | ...", MISSED),
        ("... | ... | back:yes", (("well",), ())),
        ("... | ... | back:talk", TALK),
        ("... | ... | ca va", (("noted",), ())),
        ("back:yes | back:yes", ((), ())),
        ("back:yes | back:talk", TALK),
        ("back:talk | back:yes", SEALED),
    ],
)
def test_an_evening_ends_like_this(events: str, said: Said) -> None:
    flow = flows.build("safe_return", PROGRAMME.outgoing, "outgoing")
    assert flow is not None
    assert talk(flow, events) == said


def test_guests_and_staff_are_not_asked_for_their_return() -> None:
    assert flows.build("safe_return", PROGRAMME.incoming, "incoming") is None
    assert flows.build("safe_return", PROGRAMME.staff, "staff") is None
