"""After our own absence: well, help, or silence."""

from __future__ import annotations

import pytest

from bot.domain.level import Level
from bot.engine.effect import OpenCase
from bot.flows import own_outage
from tests.flows.talk import UNCLEAR, Said, talk

HELP: Said = ((), (OpenCase(Level.NOW, "sos"),))


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("", (("well",), ())),
        ("well:yes", (("thanks",), ())),
        ("oui", (("thanks",), ())),
        ("well:help", HELP),
        ("aide", HELP),
        ("non", HELP),
        ("maybe", UNCLEAR),
        ("...", ((), (OpenCase(Level.FOLLOW_UP, "missed"),))),
        ("... | well:yes", (("thanks",), ())),
    ],
)
def test_away(events: str, said: Said) -> None:
    assert talk(own_outage.build(), events) == said


def test_the_silence_of_a_minor_is_for_today() -> None:
    assert talk(own_outage.build(), "...", minor=True) == ((), (OpenCase(Level.TODAY, "missed"),))
