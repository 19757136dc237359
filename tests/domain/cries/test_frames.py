"""Meanings put together from slots: in any order, near one another, and not where they are denied."""

from __future__ import annotations

import pytest

from bot.domain.cries.detector import kinds_in
from bot.domain.cries.frames import Frame, Span

FRAME = Frame("violence", ("hit", "me"), ("game",))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"hit": [(1, 1)], "me": [(2, 2)]}, [((1, 1), (2, 2))]),
        ({"hit": [(5, 5)], "me": [(0, 0)]}, [((5, 5), (0, 0))]),
        ({"hit": [(0, 0)], "me": [(9, 9)]}, []),
        ({"hit": [(1, 1)]}, []),
        ({"hit": [(1, 1)], "me": [(2, 2)], "game": [(8, 8)]}, []),
        ({"not": [(0, 0)], "hit": [(1, 1)], "me": [(2, 2)]}, []),
        ({"not": [(0, 0)], "he": [(1, 1)], "hit": [(2, 2)], "me": [(3, 3)]}, [((2, 2), (3, 3))]),
        ({"not": [(0, 0)], "unsure": [(0, 1)], "hit": [(2, 2)], "me": [(3, 3)]}, [((2, 2), (3, 3))]),
        ({"not": [(0, 0)], "light": [(1, 1), (2, 2)], "hit": [(4, 4)], "me": [(5, 5)]}, []),
        ({"hit": [(1, 1)], "me": [(0, 0)], "not_after": [(2, 2)]}, []),
    ],
)
def test_a_frame_is_said_by_the_words_of_its_slots(found: dict[str, list[Span]], said: list[tuple[Span, ...]]) -> None:
    assert list(FRAME.spans(found)) == said


def test_what_only_sounds_like_a_cry_does_so_where_it_is_denied_too() -> None:
    found: dict[str, list[Span]] = {"not": [(0, 0)], "sleep": [(1, 1)], "snore": [(2, 2)]}
    assert list(Frame("idioms", ("sleep", "snore"), ()).spans(found)) == [((1, 1), (2, 2))]


@pytest.mark.parametrize(
    ("kind", "slots", "found", "said"),
    [
        ("no_roof", ("sleep", "night"), {"sleep": [(1, 1)], "night": [(1, 1)]}, []),
        ("no_roof", ("sleep", "night"), {"sleep": [(1, 1)], "night": [(1, 1), (3, 3)]}, [((1, 1), (3, 3))]),
        ("violence", ("hit", "me"), {"hit": [(1, 1)], "me": [(1, 1)]}, [((1, 1), (1, 1))]),
        ("idioms", ("hit", "sport"), {"hit": [(1, 1)], "sport": [(1, 1)]}, [((1, 1), (1, 1))]),
    ],
)
def test_a_word_says_one_thing_but_who_it_is_done_to(
    kind: str, slots: tuple[str, ...], found: dict[str, list[Span]], said: list[tuple[Span, ...]]
) -> None:
    assert list(Frame(kind, slots, ()).spans(found)) == said


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("the guy from the kitchen slapped me yesterday in front of everybody", {"violence", "doubt"}),
        ("yesterday i was slapped right in my face by a coworker", {"violence", "doubt"}),
        ("he never slapped me", set()),
        ("he slapped me lol", {"violence", "doubt"}),
        ("il ne m'a jamais giflé", set()),
        ("er hat mich nie geohrfeigt", set()),
        ("he doesnt stop slapping me", {"violence", "doubt"}),
        ("il arrête pas de me gifler", {"violence", "doubt"}),
        ("i lost my way but it is solved", set()),
        ("the station is beautiful at night", set()),
        ("laissez-moi tranquille, vous me faites peur", {"threat", "doubt"}),
        ("elle s'est coupée", {"doubt"}),
        ("elle s'est coupée les cheveux", set()),
        ("не могу дышать хахаха", set()),
        ("喘不过来气哈哈", set()),
    ],
)
def test_a_word_of_a_slot_is_heard_in_every_cry_it_belongs_to(text: str, kinds: set[str]) -> None:
    assert kinds_in(text) == kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("in the film a man follows a girl and kills her", set()),
        ("i dreamt of the film where someone followed me home", {"doubt"}),
        ("whats the number for the ambulance", set()),
        ("whats the number for the ambulance, my friend fainted", {"doubt"}),
        ("the teacher spoke about slavery in the old days", {"doubt"}),
        ("slavery", {"exploitation"}),
        ("at first i was homesick but now i love it", set()),
        ("we watched a film yesterday. my boss slapped me in the face", {"violence", "doubt"}),
    ],
)
def test_what_is_told_of_alarms_nobody(text: str, kinds: set[str]) -> None:
    assert kinds_in(text) == kinds
