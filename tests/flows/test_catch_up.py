"""The digest: now, or one a day from tomorrow."""

from __future__ import annotations

import pytest

from bot.engine.effect import Postpone
from bot.flows import catch_up
from tests.flows.talk import UNCLEAR, Said, talk

LATER: Said = (("later",), (Postpone(),))


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("", (("overdue",), ())),
        ("overdue:now", (("now",), ())),
        ("vamos", (("now",), ())),
        ("ok", (("now",), ())),
        ("oui", (("now",), ())),
        ("overdue:later", LATER),
        ("demain", LATER),
        ("tomorrow", LATER),
        ("mañana", LATER),
        ("what?", UNCLEAR),
        ("...", ((), (Postpone(),))),
        ("... | overdue:now", (("now",), ())),
        ("... | yes", (("now",), ())),
        ("overdue:now | overdue:now", ((), ())),
        ("overdue:now | overdue:later", LATER),
    ],
)
def test_what_is_overdue_is_seen_now_or_day_by_day(events: str, said: Said) -> None:
    assert talk(catch_up.build(), events) == said
