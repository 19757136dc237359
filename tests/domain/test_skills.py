"""What was learned: read out of answers, each thing once, and what is offered next."""

from __future__ import annotations

import pytest

from bot.domain.programme.journey import Area, Journey, Skill
from bot.domain.skills import Learned, by_area, on_offer, read_learned

WELD = Skill(id="weld", label="Weld", when=("metal",))
ASK = Skill(id="ask", label="Ask", area=Area.COMMUNICATION)
REST = tuple(Skill(id=f"more_{number}", label=f"More {number}") for number in range(5))
JOURNEY = Journey(skills=(WELD, ASK, *REST))


def test_a_skill_is_known_by_its_id_and_other_words_are_the_learners_own() -> None:
    answers = [
        (1, "learned", "ask"),
        (1, "told", "ask"),
        (2, "learned", "nothing"),
        (3, "learned", "Dire non"),
        (4, "learned", "ask"),
    ]
    assert read_learned(JOURNEY, answers) == [Learned(1, "learned", ASK), Learned(3, "learned", None, "Dire non")]


@pytest.mark.parametrize(
    ("held", "learned", "offered"),
    [
        ((), (), ["ask", "more_0", "more_1", "more_2"]),
        (("metal",), (), ["weld", "ask", "more_0", "more_1"]),
        (("metal",), (Learned(1, "learned", ASK), Learned(2, "learned", None, "weld")), ["weld", "more_0", "more_1", "more_2"]),
    ],
)  # fmt: skip
def test_a_trade_has_its_own_and_nothing_is_offered_twice(
    held: tuple[str, ...], learned: tuple[Learned, ...], offered: list[str]
) -> None:
    assert on_offer(JOURNEY, frozenset(held), learned) == offered


def test_own_words_stand_last_and_no_heading_is_empty() -> None:
    own, asked, weld = Learned(1, "learned", None, "Dire non"), Learned(2, "learned", ASK), Learned(3, "learned", WELD)
    assert list(by_area([own, asked, weld])) == [
        (Area.WORK, [weld]),
        (Area.COMMUNICATION, [asked]),
        (Area.OTHER, [own]),
    ]
