"""What is due together: papers that are all there, now, or one a day from tomorrow."""

from __future__ import annotations

import pytest

from bot.engine.effect import Declare, Postpone
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


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("", (("have_them",), ())),
        ("have_them:all", (("shown",), (Declare(("identity", "ehic")),))),
        ("les deux ? oui", UNCLEAR),
        ("oui", (("shown",), (Declare(("identity", "ehic")),))),
        ("tous", (("shown",), (Declare(("identity", "ehic")),))),
        ("pas tous", (("now",), ())),
        ("no", (("now",), ())),
        ("have_them:some", (("now",), ())),
        ("demain", LATER),
        ("...", ((), (Postpone(),))),
    ],
)
def test_papers_that_are_all_there_are_one_press(events: str, said: Said) -> None:
    assert talk(catch_up.build(), events, paper_ids=["identity", "ehic"]) == said


def test_one_paper_is_no_list() -> None:
    assert talk(catch_up.build(), "", paper_ids=["identity"]) == (("overdue",), ())
